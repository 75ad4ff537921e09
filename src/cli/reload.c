/*
 * feedwatch reload.
 */
#include <errno.h>
#include <stdio.h>

#include "cli/commands.h"
#include "cli/online.h"

/* What is wrong with the files, as the daemon found it. */
static void print_refusal(const struct fw_cli *cli, const struct fw_online *online)
{
        const json_t *error = json_object_get(fw_client_error_body(online->client), "error");
        struct fw_str diagnostics = fw_json_get_str(error, "diagnostics");
        fprintf(stderr, "%.*s", FW_STR_ARG(diagnostics));
        fw_cli_error(cli, "%s", fw_client_error(online->client));
}

static int reload(const struct fw_cli *cli, const struct fw_online *online)
{
        fw_cleanup(fw_json_decrefp) json_t *answer = NULL;
        int r = fw_client_call(online->client, "POST", "/v1/reload", NULL, &answer);
        if (cli->json && r == 0)
                fw_cli_print_json(answer);
        else if (cli->json && r == -EREMOTEIO && fw_client_error_body(online->client))
                fw_cli_print_json(fw_client_error_body(online->client));
        else if (r == 0)
                fprintf(stderr, "%.*s", FW_STR_ARG(fw_json_get_str(answer, "messages")));
        else
                print_refusal(cli, online);
        if (r == 0 && !cli->json)
                puts("reloaded");
        return r == 0 ? FW_EXIT_OK : FW_EXIT_FAILED;
}

static int run(struct fw_cli *cli)
{
        struct fw_online online;
        int status = fw_online_open(&online, cli, FW_ONLINE_DAEMON);
        if (status != FW_EXIT_OK)
                return status;
        status = reload(cli, &online);
        fw_online_close(&online);
        return status;
}

const struct fw_command fw_command_reload = {
        .name = "reload",
        .arguments = "",
        .json = true,
        .summary = "make the daemon read its files again",
        .help = "The running daemon reads its configuration, feed lists, rules and entities\n"
                "again: all of them or, if anything is wrong, none. Errors are printed with file,\n"
                "line and column; exit status 1; what was running goes on.\n",
        .run = run,
};
