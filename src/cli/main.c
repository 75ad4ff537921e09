/*
 * feedwatch: the command line.
 */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

static int run(int argc, const char *const *argv)
{
        if (argc >= 2 && strcmp(argv[1], "__complete") == 0)
                return fw_cli_complete(argc - 2, argv + 2);
        struct fw_cli cli = { 0 };
        int status = fw_cli_parse(&cli, argc, argv);
        if (status < 0)
                status = cli.command->run(&cli);
        fw_cli_done(&cli);
        return status;
}

int main(int argc, char **argv)
{
        int status = run(argc, (const char *const *) argv);
        if (fflush(stdout) != 0 || ferror(stdout)) {
                fputs("feedwatch: error: cannot write all of the output\n", stderr);
                return FW_EXIT_FAILED;
        }
        return status;
}
