#include "config/patterns.h"

#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

#define BUILTIN FW_STR("builtin:")

struct search {
        const struct fw_settings_reader *reader;
        const char *key;
        struct fw_location location; /* of the pattern; nowhere for a default */
        bool given;
        struct fw_found *found;
};

void fw_found_done(struct fw_found *found)
{
        fw_vec_done(&found->files);
        fw_vec_done(&found->missing);
        fw_vec_done(&found->folders);
}

struct fw_str fw_shown_path(struct fw_str path, struct fw_arena *arena)
{
        fw_cleanup(fw_freep) char *here = getcwd(NULL, 0);
        struct fw_str folder = fw_str_c(here);
        if (folder.len > 1 && fw_str_starts(path, folder) && path.len > folder.len + 1 && path.p[folder.len] == '/')
                path = fw_str_slice(path, folder.len + 1, path.len);
        return fw_arena_copy(arena, path);
}

static void add_file(struct search *search, struct fw_str path)
{
        for (size_t i = 0; i < search->found->files.len; i++)
                if (fw_str_eq(search->found->files.p[i].path, path))
                        return;
        struct fw_found_file file = { .path = fw_arena_copy(search->reader->arena, path),
                                      .location = search->location };
        fw_vec_push(&search->found->files, file);
}

/* Anything else could keep the reader waiting for ever. */
static void add_regular_file(struct search *search, struct fw_str path, mode_t mode)
{
        if (S_ISREG(mode))
                add_file(search, path);
        else
                fw_diag_add(search->reader->diag, FW_ERROR, search->location, "'%.*s' is %s, not a file",
                            FW_STR_ARG(fw_shown_path(path, search->reader->arena)), fw_file_kind(mode));
}

static void add_folder(struct search *search, struct fw_str folder)
{
        for (size_t i = 0; i < search->found->folders.len; i++)
                if (fw_str_eq(search->found->folders.p[i], folder))
                        return;
        fw_vec_push(&search->found->folders, fw_arena_copy(search->reader->arena, folder));
}

static bool has_wildcard(struct fw_str name)
{
        for (size_t i = 0; i < name.len; i++)
                if (strchr("*?[", name.p[i]))
                        return true;
        return false;
}

static struct fw_str parent_of(struct fw_str path)
{
        while (path.len > 1 && path.p[path.len - 1] != '/')
                path.len--;
        return path.len > 1 ? fw_str_slice(path, 0, path.len - 1) : path;
}

static void find_builtin(struct search *search, struct fw_str name)
{
        fw_cleanup(fw_freep) char *path = fw_builtin_path(name);
        if (path)
                add_file(search, fw_str_c(path));
        else
                fw_diag_add(search->reader->diag, FW_ERROR, search->location, "there is no builtin gazetteer '%.*s'",
                            FW_STR_ARG(name));
}

static void find_literal(struct search *search, struct fw_str path)
{
        struct stat status;
        struct fw_diag *diag = search->reader->diag;
        struct fw_str terminated = fw_arena_copy(search->reader->arena, path);
        struct fw_str shown = fw_shown_path(path, search->reader->arena);
        if (stat(terminated.p, &status) < 0) {
                fw_diag_add(diag, FW_ERROR, search->location, "cannot read '%.*s': %s", FW_STR_ARG(shown),
                            strerror(errno));
                fw_vec_push(&search->found->missing, terminated);
        } else if (S_ISDIR(status.st_mode))
                fw_diag_add(diag, FW_ERROR, search->location,
                            "'%.*s' is a folder; write '%.*s/*.yaml' for the files in it", FW_STR_ARG(shown),
                            FW_STR_ARG(shown));
        else
                add_regular_file(search, terminated, status.st_mode);
}

static void find_pattern(struct search *search, struct fw_str pattern)
{
        struct fw_str terminated = fw_arena_copy(search->reader->arena, pattern);
        glob_t results = { 0 };
        int r = glob(terminated.p, 0, NULL, &results);
        for (size_t i = 0; r == 0 && i < results.gl_pathc; i++) {
                struct stat status;
                struct fw_str path = fw_str_c(results.gl_pathv[i]);
                bool is_there = stat(path.p, &status) == 0;
                if (is_there && S_ISDIR(status.st_mode))
                        continue;
                add_regular_file(search, path, is_there ? status.st_mode : S_IFREG); /* reading says what is wrong */
                add_folder(search, parent_of(path));
        }
        globfree(&results);

        struct fw_str folder = parent_of(pattern);
        while (has_wildcard(folder))
                folder = parent_of(folder);
        struct stat status;
        struct fw_str folder_path = fw_arena_copy(search->reader->arena, folder);
        bool is_there = stat(folder_path.p, &status) == 0 && S_ISDIR(status.st_mode);
        add_folder(search, folder);
        if (!is_there && search->given)
                fw_diag_add(search->reader->diag, FW_WARNING, search->location,
                            "'%s': there is no folder '%.*s', so nothing is read from it", search->key,
                            FW_STR_ARG(fw_shown_path(folder, search->reader->arena)));
}

static void find(struct search *search, struct fw_str name, bool builtins)
{
        if (fw_str_starts(name, BUILTIN)) {
                if (builtins)
                        find_builtin(search, fw_str_slice(name, BUILTIN.len, name.len));
                else
                        fw_diag_add(search->reader->diag, FW_ERROR, search->location, "'%s' has no builtin ones",
                                    search->key);
                return;
        }
        struct fw_str path = fw_settings_path(search->reader, name);
        if (fw_str_empty(name))
                fw_diag_add(search->reader->diag, FW_ERROR, search->location, "'%s': a file name must not be empty",
                            search->key);
        else if (has_wildcard(name))
                find_pattern(search, path);
        else
                find_literal(search, path);
}

/* "[a, b]" of the settings table. */
static void find_standard(struct search *search, const char *standard)
{
        struct fw_str rest = fw_str_c(standard), name;
        rest = fw_str_slice(rest, 1, rest.len - 1);
        while (fw_str_split(&rest, ',', &name))
                find(search, fw_str_trim(name), /* builtins= */ true);
}

void fw_find_files(const struct fw_settings_reader *reader, const struct fw_yaml_node *mapping, const char *key,
                   bool builtins, struct fw_found *ret_found)
{
        struct search search = { .reader = reader, .key = key, .given = true, .found = ret_found };
        struct fw_str *names;
        const struct fw_yaml_node **nodes;
        size_t len;
        int r = mapping ? fw_yaml_get_strings(mapping, key, reader->diag, reader->arena, &names, &nodes, &len)
                        : -ENOENT;
        if (r == -ENOENT) {
                search.given = false;
                for (const struct fw_setting *setting = fw_settings; setting->name; setting++)
                        if (setting->place == FW_IN_TOP && strcmp(setting->name, key) == 0)
                                find_standard(&search, setting->standard);
        }
        for (size_t i = 0; r == 0 && i < len; i++) {
                search.location = fw_yaml_location(nodes[i]);
                find(&search, names[i], builtins);
        }
}
