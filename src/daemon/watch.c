/*
 * watch: notices that a configuration, rule, entity or feed file changed, and reloads once it is quiet again.
 *
 * Folders are watched, not files: editors write a new file and rename it over the old one.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/log.h"
#include "daemon/daemon.h"

/* Several files are often saved together. */
#define QUIET_USEC (300 * FW_USEC_PER_MSEC)

struct watched_folder {
        struct fw_watch *watch;
        char *path;
        bool any_file; /* a pattern may find new files here */
        sd_event_source *source;
};

struct fw_watch {
        struct fw_daemon *daemon;
        FW_VEC(struct watched_folder *) folders;
        struct fw_map by_path; /* folders */
        struct fw_map names;   /* paths of single files, and of folders on the way to them */
        struct fw_arena *arena;
        sd_event_source *quiet_timer;
};

struct fw_watch *fw_watch_free(struct fw_watch *watch)
{
        if (!watch)
                return NULL;
        for (size_t i = 0; i < watch->folders.len; i++) {
                (void) sd_event_source_disable_unref(watch->folders.p[i]->source);
                free(watch->folders.p[i]->path);
                free(watch->folders.p[i]);
        }
        fw_vec_done(&watch->folders);
        fw_map_done(&watch->by_path);
        fw_map_done(&watch->names);
        (void) fw_arena_free(watch->arena);
        (void) sd_event_source_disable_unref(watch->quiet_timer);
        free(watch);
        return NULL;
}

static int on_quiet(sd_event_source *source fw_unused, uint64_t usec fw_unused, void *userdata)
{
        struct fw_watch *watch = userdata;
        fw_log(FW_LOG_INFO, 0, "files changed, reloading");
        (void) fw_daemon_reload(watch->daemon); /* replaces the watch; what went wrong is logged */
        return 0;
}

static void arm(struct fw_watch *watch)
{
        uint64_t now_usec;
        (void) sd_event_now(watch->daemon->event, CLOCK_MONOTONIC, &now_usec);
        if (watch->quiet_timer) {
                (void) sd_event_source_set_time(watch->quiet_timer, now_usec + QUIET_USEC);
                (void) sd_event_source_set_enabled(watch->quiet_timer, SD_EVENT_ONESHOT);
        } else if (sd_event_add_time(watch->daemon->event, &watch->quiet_timer, CLOCK_MONOTONIC, now_usec + QUIET_USEC,
                                     0, on_quiet, watch) < 0) {
                fw_log(FW_LOG_WARNING, 0, "cannot wait for files to settle; send SIGHUP to reload");
        }
}

/* Editors' own files are nobody's rules. */
static bool is_scratch(struct fw_str name)
{
        return fw_str_starts(name, FW_STR(".")) || fw_str_starts(name, FW_STR("#")) || fw_str_ends(name, FW_STR("~"));
}

/* A file under way says IN_CLOSE_WRITE when it is whole; a link or a folder says nothing more. */
static bool is_under_way(const char *path, uint32_t mask)
{
        struct stat status;
        return (mask & IN_CREATE) && (lstat(path, &status) < 0 || (S_ISREG(status.st_mode) && status.st_nlink == 1));
}

static int on_event(sd_event_source *source fw_unused, const struct inotify_event *event, void *userdata)
{
        const struct watched_folder *folder = userdata;
        if (event->mask & (IN_Q_OVERFLOW | IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED)) {
                arm(folder->watch);
                return 0;
        }
        if (event->len == 0)
                return 0;
        struct fw_str name = fw_str_c(event->name);
        fw_cleanup(fw_freep) char *path = fw_path_join(folder->path, event->name);
        if (is_under_way(path, event->mask))
                return 0;
        if (fw_map_get(&folder->watch->names, fw_str_c(path)) || (folder->any_file && !is_scratch(name)))
                arm(folder->watch);
        return 0;
}

static struct watched_folder *find_or_add(struct fw_watch *watch, struct fw_str path, bool *ret_is_new)
{
        union fw_map_value *known = fw_map_get(&watch->by_path, path);
        *ret_is_new = !known;
        if (known)
                return known->pointer;
        struct watched_folder *folder = fw_calloc(1, sizeof(*folder));
        *folder = (struct watched_folder){ .watch = watch, .path = fw_strndup(path.p, path.len) };
        fw_vec_push(&watch->folders, folder);
        fw_map_put(&watch->by_path, fw_str_c(folder->path), NULL)->pointer = folder;
        return folder;
}

static void watch_folder(struct fw_watch *watch, struct fw_str path, bool any_file)
{
        bool is_new;
        struct watched_folder *folder = find_or_add(watch, path, &is_new);
        folder->any_file = folder->any_file || any_file;
        if (!is_new)
                return;
        const uint32_t mask = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CREATE | IN_DELETE_SELF |
                              IN_MOVE_SELF | IN_ONLYDIR;
        int r = sd_event_add_inotify(watch->daemon->event, &folder->source, folder->path, mask, on_event, folder);
        if (r < 0 && r != -ENOENT && r != -ENOTDIR)
                fw_log(FW_LOG_WARNING, r, "cannot watch '%s' for changes; send SIGHUP after an edit", folder->path);
}

static void watch_file(struct fw_watch *watch, struct fw_str path)
{
        struct fw_str copy = fw_arena_copy(watch->arena, path);
        (void) fw_map_put(&watch->names, copy, NULL);
        fw_cleanup(fw_freep) char *folder = fw_path_parent(copy.p);
        watch_folder(watch, fw_str_c(folder), /* any_file= */ false);
}

/*
 * Every name on the way to a folder: the nearest one that is there tells when a missing folder comes, and when one that is watched gives way to
 * another, as a checkout or an exchanged link do. What may not be looked into is left out; there is no way to know.
 */
static void watch_way(struct fw_watch *watch, const char *folder_path)
{
        fw_cleanup(fw_freep) char *path = fw_strdup(folder_path);
        while (strcmp(path, "/") != 0 && strcmp(path, ".") != 0) {
                bool is_new;
                (void) fw_map_put(&watch->names, fw_arena_copy(watch->arena, fw_str_c(path)), NULL);
                char *parent = fw_path_parent(path);
                free(path);
                path = parent;
                struct watched_folder *folder = find_or_add(watch, fw_str_c(path), &is_new);
                if (is_new)
                        (void) sd_event_add_inotify(watch->daemon->event, &folder->source, folder->path,
                                                    IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CREATE | IN_ONLYDIR,
                                                    on_event, folder);
        }
}

static void watch_config(struct fw_watch *watch, const struct fw_config *config)
{
        for (size_t i = 0; config && i < config->watched_dirs_len; i++)
                watch_folder(watch, config->watched_dirs[i], /* any_file= */ true);
        for (size_t i = 0; config && i < config->watched_files_len; i++)
                watch_file(watch, config->watched_files[i]);
}

static void watch_word_lists(struct fw_watch *watch, const struct fw_rule_bundle *bundle)
{
        struct fw_str path;
        for (size_t i = 0; bundle && fw_rule_bundle_word_list(bundle, i, &path); i++)
                watch_file(watch, path);
}

void fw_watch_update(struct fw_daemon *daemon, const struct fw_loaded *refused)
{
        daemon->watch = fw_watch_free(daemon->watch);
        struct fw_watch *watch = fw_calloc(1, sizeof(*watch));
        watch->daemon = daemon;
        watch->arena = fw_arena_new();
        fw_map_init(&watch->by_path);
        fw_map_init(&watch->names);
        watch_config(watch, daemon->loaded.config);
        watch_word_lists(watch, daemon->loaded.bundle);
        if (refused) {
                watch_config(watch, refused->config ? refused->config : refused->refused);
                watch_word_lists(watch, refused->bundle);
        }
        for (size_t i = 0, len = watch->folders.len; i < len; i++)
                watch_way(watch, watch->folders.p[i]->path);
        daemon->watch = watch;
}
