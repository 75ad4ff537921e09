/*
 * config: feedwatch.yaml as a whole.
 */
#include "config/config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/file.h"
#include "base/limits.h"
#include "config/reader.h"

static char *absolute_folder(const char *file)
{
        char *folder = fw_path_parent(file);
        char *resolved = realpath(folder, NULL);
        if (!resolved)
                return folder;
        free(folder);
        return resolved;
}

/* ---- reading ---- */

static int read_config_file(const char *path, struct fw_diag *diag, struct fw_buf *content)
{
        int r = fw_file_read(path, content);
        if (r == -ENOENT)
                fw_diag_add(diag, FW_ERROR, FW_NOWHERE,
                            "there is no configuration '%s'; 'feedwatch init' writes one to start from", path);
        else if (r == -EACCES)
                fw_diag_add(diag, FW_ERROR, FW_NOWHERE, "may not read the configuration '%s'; its owner can allow it",
                            path);
        else if (r < 0) {
                fw_cleanup(fw_freep) char *why = fw_file_error(r);
                fw_diag_add(diag, FW_ERROR, FW_NOWHERE, "cannot read the configuration '%s': %s", path, why);
        }
        return r < 0 && r != -ENOENT ? -EINVAL : r;
}

/* The mapping of a section; NULL if it is not there, or is something else (said). */
static const struct fw_yaml_node *find_section(const struct fw_settings_reader *reader, const struct fw_yaml_node *root,
                                               const char *key)
{
        const struct fw_yaml_node *node = root ? fw_yaml_get(root, key) : NULL;
        if (!node || fw_yaml_is_null(node))
                return NULL;
        fw_cleanup(fw_freep) char *what = fw_asprintf("'%s'", key);
        return fw_yaml_expect(node, FW_YAML_MAPPING, what, reader->diag) ? node : NULL;
}

static void read_sections(const struct fw_settings_reader *reader, const struct fw_yaml_node *root,
                          struct fw_config *config)
{
        for (unsigned place = 0; place < FW_SETTING_PLACES_LEN; place++) {
                const char *key = fw_setting_section(place);
                if (!key && place != FW_IN_TOP)
                        continue;
                const struct fw_yaml_node *node = key ? find_section(reader, root, key) : root;
                if (node)
                        fw_settings_check_keys(reader, place, node);
                fw_settings_read(reader, place, node, config);
        }
}

/* A bound that is not given gives way to an interval that is. */
static void check_intervals(const struct fw_settings_reader *reader, const struct fw_yaml_node *root,
                            struct fw_config *config)
{
        const struct fw_yaml_node *poll = root ? fw_yaml_get(root, "poll") : NULL;
        if (!fw_setting_given(poll, "min_interval"))
                config->min_interval_usec = FW_MIN(config->min_interval_usec, config->interval_usec);
        if (!fw_setting_given(poll, "max_interval"))
                config->max_interval_usec = FW_MAX(config->max_interval_usec, config->interval_usec);
        if (config->min_interval_usec > config->interval_usec)
                fw_diag_add(reader->diag, FW_ERROR, fw_yaml_location(fw_yaml_get(poll, "min_interval")),
                            "'min_interval' is longer than 'interval'");
        if (config->max_interval_usec < config->interval_usec)
                fw_diag_add(reader->diag, FW_ERROR, fw_yaml_location(fw_yaml_get(poll, "max_interval")),
                            "'max_interval' is shorter than 'interval'");
}

/* Printable, and without what would end the comment of a User-Agent (RFC 9110, sections 5.6.5 and 10.1.5). */
static bool is_contact(struct fw_str contact)
{
        for (size_t i = 0; i < contact.len; i++)
                if (contact.p[i] <= ' ' || contact.p[i] > '~' || strchr("()\\", contact.p[i]))
                        return false;
        return fw_str_find(contact, FW_STR("://"), 0) != SIZE_MAX || fw_str_find_byte(contact, '@', 0) != SIZE_MAX;
}

static bool has_control_character(struct fw_str text)
{
        for (size_t i = 0; i < text.len; i++)
                if ((unsigned char) text.p[i] < ' ' || text.p[i] == 0x7f)
                        return true;
        return false;
}

static void complete_user_agent(const struct fw_settings_reader *reader, const struct fw_yaml_node *root,
                                struct fw_config *config)
{
        const struct fw_yaml_node *poll = root ? fw_yaml_get(root, "poll") : NULL;
        if (has_control_character(config->user_agent))
                fw_diag_add(reader->diag, FW_ERROR, fw_yaml_location(fw_yaml_get(poll, "user_agent")),
                            "'user_agent' must be one line without control characters");
        if (fw_str_empty(config->contact))
                return;
        if (!is_contact(config->contact))
                fw_diag_add(reader->diag, FW_ERROR, fw_yaml_location(fw_yaml_get(poll, "contact")),
                            "'contact' must be a URL or a mail address, without spaces, control characters or "
                            "parentheses");
        config->user_agent = fw_arena_printf(reader->arena, "%.*s (+%.*s)", FW_STR_ARG(config->user_agent),
                                             FW_STR_ARG(config->contact));
}

struct lists {
        struct fw_found feeds, rules, entities;
};

static void copy_paths(struct fw_arena *arena, const struct fw_found *found, const struct fw_str **ret_paths,
                       size_t *ret_len)
{
        struct fw_str *paths = fw_arena_new_array(arena, struct fw_str, found->files.len + 1);
        for (size_t i = 0; i < found->files.len; i++)
                paths[i] = found->files.p[i].path;
        *ret_paths = paths;
        *ret_len = found->files.len;
}

static void note_watched(const struct lists *lists, struct fw_str config_path, struct fw_config *config)
{
        const struct fw_found *const all[] = { &lists->feeds, &lists->rules, &lists->entities };
        size_t files = 1, folders = 0;
        for (size_t i = 0; i < FW_ARRAY_LEN(all); i++) {
                files += all[i]->files.len + all[i]->missing.len;
                folders += all[i]->folders.len;
        }
        struct fw_str *watched_files = fw_arena_new_array(config->arena, struct fw_str, files);
        struct fw_str *watched_dirs = fw_arena_new_array(config->arena, struct fw_str, folders + 1);
        watched_files[config->watched_files_len++] = config_path;
        for (size_t i = 0; i < FW_ARRAY_LEN(all); i++) {
                for (size_t k = 0; k < all[i]->files.len; k++)
                        watched_files[config->watched_files_len++] = all[i]->files.p[k].path;
                for (size_t k = 0; k < all[i]->missing.len; k++)
                        watched_files[config->watched_files_len++] = all[i]->missing.p[k];
                for (size_t k = 0; k < all[i]->folders.len; k++)
                        watched_dirs[config->watched_dirs_len++] = all[i]->folders.p[k];
        }
        config->watched_files = watched_files;
        config->watched_dirs = watched_dirs;
}

static void read_lists(const struct fw_settings_reader *reader, const struct fw_yaml_node *root,
                       struct fw_config *config)
{
        struct lists lists = { 0 };
        fw_find_files(reader, root, "feeds", /* builtins= */ false, &lists.feeds);
        fw_find_files(reader, root, "rules", /* builtins= */ false, &lists.rules);
        fw_find_files(reader, root, "entities", /* builtins= */ true, &lists.entities);
        copy_paths(config->arena, &lists.rules, &config->rule_paths, &config->rule_paths_len);
        copy_paths(config->arena, &lists.entities, &config->entity_paths, &config->entity_paths_len);

        fw_cleanup(fw_freep) char *name = fw_strndup(config->file.p, config->file.len);
        const char *slash = strrchr(name, '/');
        note_watched(&lists, fw_settings_path(reader, fw_str_c(slash ? slash + 1 : name)), config);
        fw_read_feeds(reader, &lists.feeds, config);

        fw_found_done(&lists.feeds);
        fw_found_done(&lists.rules);
        fw_found_done(&lists.entities);
}

static void read_all(const struct fw_settings_reader *reader, const struct fw_yaml_node *root, struct fw_config *config)
{
        if (root && !fw_yaml_expect(root, FW_YAML_MAPPING, "the configuration", reader->diag))
                return;
        read_sections(reader, root, config);
        check_intervals(reader, root, config);
        complete_user_agent(reader, root, config);
        size_t errors = fw_diag_count(reader->diag, FW_ERROR);
        fw_read_channels(reader, root, config);
        bool channels_are_whole = fw_diag_count(reader->diag, FW_ERROR) == errors;
        const struct fw_yaml_node *defaults = root ? fw_yaml_get(root, "defaults") : NULL;
        fw_read_default_notify(reader, defaults, channels_are_whole, config);
        read_lists(reader, root, config);
}

int fw_config_load_to_watch(const struct fw_paths *paths, struct fw_diag *diag, struct fw_config **ret_config,
                            struct fw_config **ret_refused)
{
        *ret_refused = NULL;
        fw_cleanup(fw_buf_done) struct fw_buf content = FW_BUF_INIT(FW_LIMIT_CONFIG_FILE_BYTES);
        int r = read_config_file(paths->config_file, diag, &content);
        if (r < 0)
                return r;
        fw_cleanup(fw_yaml_freep) struct fw_yaml *document = NULL;
        r = fw_yaml_parse(fw_str_c(paths->config_file), fw_buf_str(&content), diag, &document);
        if (r < 0)
                return r;

        struct fw_arena *arena = fw_arena_new();
        fw_cleanup(fw_config_freep) struct fw_config *config = fw_arena_new_object(arena, struct fw_config);
        config->arena = arena;
        config->file = fw_str_c(fw_arena_strdup(arena, paths->config_file));
        fw_cleanup(fw_freep) char *folder = absolute_folder(paths->config_file);
        struct fw_settings_reader reader = { .paths = paths, .folder = folder, .arena = arena, .diag = diag };
        size_t errors = fw_diag_count(diag, FW_ERROR);
        read_all(&reader, fw_yaml_root(document), config);
        bool is_refused = fw_diag_count(diag, FW_ERROR) > errors;
        *(is_refused ? ret_refused : ret_config) = config;
        config = NULL;
        return is_refused ? -EINVAL : 0;
}

int fw_config_load(const struct fw_paths *paths, struct fw_diag *diag, struct fw_config **ret_config)
{
        fw_cleanup(fw_config_freep) struct fw_config *refused = NULL;
        return fw_config_load_to_watch(paths, diag, ret_config, &refused);
}
