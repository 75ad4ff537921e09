/*
 * init: a commented configuration to start from.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "cli/commands.h"
#include "config/config.h"

struct outcome {
        json_t *wrote, *kept;
};

/* Where a starter file goes: the configuration itself may have another name. */
static char *place_of(const struct fw_paths *paths, const struct fw_starter_file *file)
{
        return strcmp(file->path, "feedwatch.yaml") == 0 ? fw_strdup(paths->config_file)
                                                         : fw_path_join(paths->config_dir, file->path);
}

static int write_file(const struct fw_cli *cli, const struct fw_paths *paths, const struct fw_starter_file *file,
                      struct outcome *outcome)
{
        fw_cleanup(fw_freep) char *path = place_of(paths, file);
        fw_cleanup(fw_freep) char *folder = fw_path_parent(path);
        int r = fw_mkdir_all(folder, 0755);
        if (r >= 0)
                r = fw_file_create(path, fw_str_c(file->content), 0644);
        if (r < 0 && r != -EEXIST)
                return fw_cli_error(cli, "cannot write '%s': %s", path, strerror(-r));
        (void) json_array_append_new(r < 0 ? outcome->kept : outcome->wrote, fw_json_str(fw_str_c(path)));
        return FW_EXIT_OK;
}

static void print_paths(const json_t *paths, const char *what)
{
        for (size_t i = 0; i < json_array_size(paths); i++)
                printf("%s %s\n", what, json_string_value(json_array_get(paths, i)));
}

static void print_outcome(const struct fw_cli *cli, const struct fw_paths *paths, const struct outcome *outcome)
{
        print_paths(outcome->wrote, "wrote");
        print_paths(outcome->kept, "kept ");
        if (json_array_size(outcome->wrote) == 0) {
                puts("\nEverything was there already; nothing was changed.");
                return;
        }
        fw_cleanup(fw_freep) char *option =
                cli->config_option ? fw_asprintf(" --config %s", cli->config_option) : fw_strdup("");
        printf("\nNext:\n"
               "  edit %s/rules.d/example.yaml and feeds.d/example.yaml\n"
               "  feedwatch rules lint%s\n"
               "  feedwatch check --dry-run%s\n"
               "  feedwatchd%s, or: systemctl %senable --now feedwatchd\n",
               paths->config_dir, option, option, option,
               strcmp(paths->config_dir, "/etc/feedwatch") == 0 ? "" : "--user ");
}

static int run(struct fw_cli *cli)
{
        struct fw_paths paths;
        if (fw_paths_init(&paths, cli->config_option) < 0)
                return fw_cli_error(
                        cli, "cannot tell where the configuration belongs: $HOME is not set; name it with --config");
        fw_cleanup(fw_json_decrefp) json_t *result = json_object();
        struct outcome outcome = { .wrote = json_array(), .kept = json_array() };
        fw_json_set(result, "wrote", outcome.wrote);
        fw_json_set(result, "kept", outcome.kept);
        int status = FW_EXIT_OK;
        for (const struct fw_starter_file *file = fw_config_starter_files(); file->path && status == FW_EXIT_OK; file++)
                status = write_file(cli, &paths, file, &outcome);
        if (cli->json)
                fw_cli_print_json(result);
        else if (status == FW_EXIT_OK)
                print_outcome(cli, &paths, &outcome);
        else
                print_paths(outcome.wrote, "wrote");
        fw_paths_done(&paths);
        return status;
}

const struct fw_command fw_command_init = {
        .name = "init",
        .arguments = "",
        .json = true,
        .summary = "write a commented configuration to start from",
        .help = "Writes feedwatch.yaml with an example of a rule file, an entity file and a feed\n"
                "list beside it: into ~/.config/feedwatch, for root into /etc/feedwatch, or where\n"
                "--config says. A file that is there is never changed.\n",
        .run = run,
};
