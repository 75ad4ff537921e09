/*
 * paths: where this process finds its files.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "config/config.h"

static const char *environment(const char *name)
{
        const char *value = getenv(name);
        return value && *value ? value : NULL;
}

/* systemd gives a colon-separated list; the first is ours. */
static char *service_folder(const char *name)
{
        const char *value = environment(name);
        return value ? fw_strndup(value, strcspn(value, ":")) : NULL;
}

/* One of the XDG base directories, or its default under $HOME, with our folder in it. NULL: neither is set. */
static char *user_folder(const char *variable, const char *under_home)
{
        const char *base = environment(variable), *home = environment("HOME");
        if (base && base[0] == '/')
                return fw_path_join(base, "feedwatch");
        if (!home || !under_home)
                return NULL;
        return fw_asprintf("%s/%s/feedwatch", home, under_home);
}

/* Every login of root has this one without anybody's asking; the service's socket is not there. */
#define LOGIN_RUNTIME_OF_ROOT "/run/user/0"

static bool root_chose(const char *variable)
{
        const char *folder = environment(variable);
        return folder && folder[0] == '/' && strcmp(folder, LOGIN_RUNTIME_OF_ROOT) != 0;
}

static char *find_folder(const char *service_variable, const char *of_root, const char *user_variable,
                         const char *under_home)
{
        char *folder = service_folder(service_variable);
        if (folder)
                return folder;
        if (geteuid() == 0 && !root_chose(user_variable))
                return fw_strdup(of_root);
        return user_folder(user_variable, under_home);
}

int fw_paths_init(struct fw_paths *paths, const char *config_option)
{
        *paths = (struct fw_paths){
                .config_dir = find_folder("CONFIGURATION_DIRECTORY", "/etc/feedwatch", "XDG_CONFIG_HOME", ".config"),
                .state_dir = find_folder("STATE_DIRECTORY", "/var/lib/feedwatch", "XDG_STATE_HOME", ".local/state"),
                .runtime_dir = find_folder("RUNTIME_DIRECTORY", "/run/feedwatch", "XDG_RUNTIME_DIR", NULL),
                .credentials_dir = service_folder("CREDENTIALS_DIRECTORY"),
        };
        if (!paths->runtime_dir && paths->state_dir)
                paths->runtime_dir = fw_strdup(paths->state_dir);

        const char *file = config_option ? config_option : environment("FEEDWATCH_CONFIG");
        if (file) {
                paths->config_file = fw_strdup(file);
                free(paths->config_dir);
                paths->config_dir = fw_path_parent(file);
        } else if (paths->config_dir) {
                paths->config_file = fw_path_join(paths->config_dir, "feedwatch.yaml");
        } else {
                fw_paths_done(paths);
                return -ENOENT;
        }
        return 0;
}

void fw_paths_done(struct fw_paths *paths)
{
        free(paths->config_file);
        free(paths->config_dir);
        free(paths->state_dir);
        free(paths->runtime_dir);
        free(paths->credentials_dir);
        *paths = (struct fw_paths){ 0 };
}

/* ---- what is installed ---- */

static char *own_folder(void)
{
        char path[PATH_MAX];
        ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 1);
        if (len <= 0)
                return NULL;
        path[len] = '\0';
        return fw_path_parent(path);
}

static char *if_there(char *path, int mode)
{
        if (access(path, mode) == 0)
                return path;
        free(path);
        return NULL;
}

char *fw_program_path(const char *name)
{
        fw_cleanup(fw_freep) char *folder = own_folder();
        char *path = NULL;
        if (folder)
                path = if_there(fw_path_join(folder, name), X_OK);
        if (folder && !path)
                path = if_there(fw_asprintf("%s/../libexec/feedwatch/%s", folder, name), X_OK);
        if (!path)
                path = if_there(fw_path_join(FW_LIBEXECDIR "/feedwatch", name), X_OK);
        if (!path)
                path = if_there(fw_path_join(FW_BINDIR, name), X_OK);
        return path;
}

static bool is_plain_name(struct fw_str name)
{
        for (size_t i = 0; i < name.len; i++)
                if (!fw_is_alpha(name.p[i]) && !fw_is_digit(name.p[i]) && name.p[i] != '-')
                        return false;
        return name.len > 0;
}

static char *data_folder(void)
{
        const char *data = environment("FEEDWATCH_DATA_DIR");
        if (data)
                return fw_strdup(data);
        fw_cleanup(fw_freep) char *folder = own_folder();
        fw_cleanup(fw_freep) char *beside = folder ? fw_asprintf("%s/../share/feedwatch", folder) : NULL;
        char *resolved = beside ? realpath(beside, NULL) : NULL;
        return resolved ? resolved : fw_strdup(FW_DATADIR "/feedwatch");
}

char *fw_builtin_path(struct fw_str name)
{
        if (!is_plain_name(name))
                return NULL;
        fw_cleanup(fw_freep) char *folder = data_folder();
        return if_there(fw_asprintf("%s/entities/%.*s.yaml", folder, FW_STR_ARG(name)), R_OK);
}
