/*
 * socket: where clients find the daemon.
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/yaml.h"
#include "config/config.h"

#define SYSTEM_SOCKET "/run/feedwatch/control.sock"

/* The setting as it stands in the file; NULL if it cannot be read, or is not there. */
static char *written_path(const char *file)
{
        fw_cleanup(fw_buf_done) struct fw_buf content = FW_BUF_INIT(FW_LIMIT_CONFIG_FILE_BYTES);
        fw_cleanup(fw_diag_freep) struct fw_diag *diag = fw_diag_new();
        fw_cleanup(fw_yaml_freep) struct fw_yaml *document = NULL;
        struct fw_str path;
        if (fw_file_read(file, &content) < 0 || fw_yaml_parse(FW_STR_NONE, fw_buf_str(&content), diag, &document) < 0 ||
            !fw_yaml_root(document))
                return NULL;
        const struct fw_yaml_node *control = fw_yaml_get(fw_yaml_root(document), "control");
        if (!control || fw_yaml_get_string(control, "socket", diag, &path) < 0)
                return NULL;
        return fw_strndup(path.p, path.len);
}

char *fw_config_control_socket(const struct fw_paths *paths, const char *config_option)
{
        const char *chosen = config_option ? config_option : getenv("FEEDWATCH_CONFIG");
        if (!(chosen && *chosen) && access(paths->config_file, F_OK) < 0 && access(SYSTEM_SOCKET, F_OK) == 0)
                return fw_strdup(SYSTEM_SOCKET);
        fw_cleanup(fw_freep) char *written = written_path(paths->config_file);
        if (!written)
                return fw_path_join(paths->runtime_dir, "control.sock");
        fw_cleanup(fw_freep) char *folder = fw_path_parent(paths->config_file);
        return fw_path_join(folder, written);
}
