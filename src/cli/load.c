#include "cli/load.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define SYSTEM_CONFIG "/etc/feedwatch/feedwatch.yaml"

static void use_system_service(struct fw_paths *paths)
{
        fw_paths_done(paths);
        *paths = (struct fw_paths){
                .config_file = fw_strdup(SYSTEM_CONFIG),
                .config_dir = fw_strdup("/etc/feedwatch"),
                .state_dir = fw_strdup("/var/lib/feedwatch"),
                .runtime_dir = fw_strdup("/run/feedwatch"),
        };
}

int fw_cli_try_paths(const struct fw_cli *cli, struct fw_paths *ret_paths)
{
        int r = fw_paths_init(ret_paths, cli->config_option);
        if (r < 0)
                return r;
        const char *chosen = cli->config_option ? cli->config_option : getenv("FEEDWATCH_CONFIG");
        if (!(chosen && *chosen) && access(ret_paths->config_file, F_OK) < 0 && access(SYSTEM_CONFIG, R_OK) == 0)
                use_system_service(ret_paths);
        return 0;
}

int fw_cli_find_paths(const struct fw_cli *cli, struct fw_paths *ret_paths)
{
        if (fw_cli_try_paths(cli, ret_paths) < 0)
                return fw_cli_error(cli,
                                    "cannot tell where the configuration is: $HOME is not set; name it with --config");
        return FW_EXIT_OK;
}

int fw_cli_load_config(const struct fw_cli *cli, struct fw_cli_loaded *ret_loaded)
{
        *ret_loaded = (struct fw_cli_loaded){ .diag = fw_diag_new() };
        int status = fw_cli_find_paths(cli, &ret_loaded->paths);
        if (status != FW_EXIT_OK)
                return status;
        if (fw_config_load(&ret_loaded->paths, ret_loaded->diag, &ret_loaded->config) < 0) {
                (void) fw_cli_print_diag(cli, ret_loaded->diag);
                return FW_EXIT_FAILED;
        }
        return FW_EXIT_OK;
}

int fw_cli_load_rules(const struct fw_cli *cli, struct fw_cli_loaded *ret_loaded)
{
        int status = fw_cli_load_config(cli, ret_loaded);
        if (status != FW_EXIT_OK)
                return status;
        return fw_cli_compile(cli, fw_config_read_rules(ret_loaded->config, ret_loaded->diag, &ret_loaded->bundle),
                              ret_loaded);
}
