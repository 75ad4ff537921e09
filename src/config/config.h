/*
 * config: feedwatch.yaml, the feed lists it names, and the loading of the rule and entity files. The door of this room.
 *
 * Reading is all or nothing: either a whole configuration comes back, or errors that say where. The settings' names, units,
 * ranges, defaults and help stand in one table (settings.c), which the reader, the schema, `feedwatch init`, and the manual share.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/str.h"
#include "rule/rule.h"

/* ---- where things are ---- */

/*
 * The folders of this process, from the environment: systemd's $CONFIGURATION_DIRECTORY, $STATE_DIRECTORY, $RUNTIME_DIRECTORY,
 * $CREDENTIALS_DIRECTORY for a service, else the XDG base directories, else their defaults under $HOME; /etc/feedwatch,
 * /var/lib/feedwatch, /run/feedwatch for root. Each is an absolute path or NULL. Free with fw_paths_done().
 */
struct fw_paths {
        char *config_file; /* --config, else $FEEDWATCH_CONFIG, else feedwatch.yaml in the configuration folder */
        char *config_dir;
        char *state_dir;
        char *runtime_dir;
        char *credentials_dir; /* systemd's; NULL without */
};
/* `config_option`: the argument of --config, or NULL. 0, or -ENOENT when neither $HOME nor any of the others is set. */
int fw_paths_init(struct fw_paths *paths, const char *config_option);
void fw_paths_done(struct fw_paths *paths);
/*
 * The absolute path of another of our programs: beside this one (as in a build folder), else where it is installed (feedwatch-worker in
 * libexec/feedwatch, the others in bin). NULL when it is in neither. Free with free().
 */
char *fw_program_path(const char *name);

/*
 * Where the daemon of this configuration listens, for its clients: 'control: {socket: …}', else control.sock in the runtime folder. Only that
 * setting is read, so that a configuration with an error somewhere else does not keep anybody from talking to the daemon. Where nobody chose
 * a configuration (`config_option` as for fw_paths_init(), or $FEEDWATCH_CONFIG) and this user has none, it is the system service's socket, if
 * that is there. Free with free().
 */
char *fw_config_control_socket(const struct fw_paths *paths, const char *config_option);

/* ---- feedwatch.yaml ---- */

#define FW_CHANNEL_TYPES(X) \
        X(LOG, "log")       \
        X(DESKTOP, "desktop")

enum fw_channel_type {
#define FW_X(name, text) FW_CHANNEL_##name,
        FW_CHANNEL_TYPES(FW_X)
#undef FW_X
};
const char *fw_channel_type_name(enum fw_channel_type type);

struct fw_channel_config {
        struct fw_str name;
        enum fw_channel_type type;
        struct fw_str target; /* log: "journal", "stderr", "stdout", or an absolute path */
        enum fw_severity min_severity;
        struct fw_location location;
};

struct fw_header {
        struct fw_str name, value;
};

struct fw_feed_config {
        struct fw_str id;    /* as given, else made of the URL: "bbci-co-uk-news-rss-xml"; unique */
        struct fw_str url;   /* http, https, or file */
        struct fw_str title; /* may be empty */
        const struct fw_str *tags;
        size_t tags_len;
        struct fw_str language;
        uint64_t interval_usec; /* 0: the general one */
        const struct fw_header *headers;
        size_t headers_len;
        struct fw_str credential; /* name, or empty */
        struct fw_str file;       /* the list it stands in */
        unsigned line;
};

enum fw_backfill {
        FW_BACKFILL_AGE, /* alert on items younger than backfill_usec */
        FW_BACKFILL_ALL,
        FW_BACKFILL_NONE,
};

struct fw_config {
        struct fw_str file; /* as it was given */

        const struct fw_feed_config *feeds;
        size_t feeds_len;
        const struct fw_channel_config *channels;
        size_t channels_len;

        enum fw_backfill backfill;
        uint64_t backfill_usec;

        uint64_t interval_usec, min_interval_usec, max_interval_usec;
        uint32_t concurrency, per_host;
        uint64_t timeout_usec, connect_timeout_usec;
        uint64_t max_body_bytes;
        uint64_t host_spacing_usec; /* least time between two requests to one host */

        struct fw_str store_path; /* absolute */
        uint64_t keep_items_usec, keep_alerts_usec;
        uint32_t workers; /* resolved: 'auto' is the number of cores */
        enum fw_severity default_severity;
        const struct fw_str *default_notify;
        size_t default_notify_len;
        struct fw_str unless; /* global exclusion */
        struct fw_location unless_location;
        struct fw_str control_socket; /* absolute */
        struct fw_str user_agent;     /* as it is sent: with the contact */
        struct fw_str contact;        /* or empty */

        /* Absolute paths whose change means a reload: files read or missing, and folders, there or not, in which a pattern may find new ones. */
        const struct fw_str *watched_files;
        size_t watched_files_len;
        const struct fw_str *watched_dirs;
        size_t watched_dirs_len;
        /* What the patterns of `rules` and `entities` found, in order; builtin gazetteers as absolute paths. */
        const struct fw_str *rule_paths;
        size_t rule_paths_len;
        const struct fw_str *entity_paths;
        size_t entity_paths_len;

        struct fw_arena *arena; /* owns everything */
};

/*
 * Reads a configuration. 0; -ENOENT when the file is not there, -EINVAL when anything in it or in a feed list is wrong, in both
 * cases with errors in `diag` that say what to do. `diag` must outlive the configuration (locations point into it).
 */
int fw_config_load(const struct fw_paths *paths, struct fw_diag *diag, struct fw_config **ret_config);
/*
 * The same for who waits until it is mended: of a refused configuration that could be parsed, *ret_refused holds watched_files and watched_dirs, and
 * nothing else that may be used. NULL where there is none.
 */
int fw_config_load_to_watch(const struct fw_paths *paths, struct fw_diag *diag, struct fw_config **ret_config,
                            struct fw_config **ret_refused);
struct fw_config *fw_config_free(struct fw_config *config);
FW_DEFINE_CLEANUP(struct fw_config, fw_config_free);

const struct fw_feed_config *fw_config_find_feed(const struct fw_config *config, struct fw_str id_or_url);
const struct fw_channel_config *fw_config_find_channel(const struct fw_config *config, struct fw_str name);

/* ---- rules ---- */

/*
 * The contents of all rule, entity and word-list files at one moment, in one piece of memory that can be handed to another
 * process. Compiling it gives the same rule set everywhere.
 */
struct fw_rule_bundle;
struct fw_rule_bundle *fw_rule_bundle_free(struct fw_rule_bundle *bundle);
FW_DEFINE_CLEANUP(struct fw_rule_bundle, fw_rule_bundle_free);

/* Reads the files. 0, or -EINVAL with an error in `diag` for each file that cannot be read. */
int fw_config_read_rules(const struct fw_config *config, struct fw_diag *diag, struct fw_rule_bundle **ret_bundle);
/* The same for files named on a command line; no configuration. Builtin gazetteers are named "builtin:countries". */
int fw_rule_bundle_read_files(const char *const *rules, size_t rules_len, const char *const *entities,
                              size_t entities_len, struct fw_diag *diag, struct fw_rule_bundle **ret_bundle);
/* Compiles; `config` gives lint the feeds and channels, NULL: not known. Like fw_ruleset_compile(). */
int fw_rule_bundle_compile(const struct fw_rule_bundle *bundle, const struct fw_config *config, struct fw_diag *diag,
                           struct fw_ruleset **ret_ruleset);
/* The path of the word list with this index; false at the end. Word lists are named in rule files, so fw_config does not know them. */
bool fw_rule_bundle_word_list(const struct fw_rule_bundle *bundle, size_t index, struct fw_str *ret_path);
/* A flat form and back. Reading checks everything: 0 or -EBADMSG. */
int fw_rule_bundle_write(const struct fw_rule_bundle *bundle, struct fw_buf *out);
int fw_rule_bundle_parse(struct fw_str bytes, struct fw_rule_bundle **ret_bundle);

/* The path of a builtin gazetteer ("countries"), or NULL if there is none: $FEEDWATCH_DATA_DIR, else the installed data folder. */
char *fw_builtin_path(struct fw_str name);

/* ---- init, import ---- */

/* The starter files of `feedwatch init`: path relative to the configuration folder, and content. Ended by a NULL path. */
struct fw_starter_file {
        const char *path;
        const char *content;
};
const struct fw_starter_file *fw_config_starter_files(void);

/* ---- credentials ---- */

/*
 * Reads a secret: the systemd credential of that name, else credentials.d/NAME beside the configuration, which must be a regular
 * file that only its owner can read. Trailing newline off. 0; -ENOENT; -EPERM (mode); words in `diag`.
 */
int fw_credential_read(const struct fw_paths *paths, struct fw_str name, struct fw_diag *diag, struct fw_buf *out);
/*
 * The value of an Authorization header made of a secret: "user:password" is Basic (RFC 7617), a word alone is a Bearer token (RFC 6750), and
 * what names its scheme ("Basic …", "Bearer …", "Token …") goes as it is. Errors as above; -EINVAL for more than one line.
 */
int fw_credential_authorization(const struct fw_paths *paths, struct fw_str name, struct fw_diag *diag,
                                struct fw_buf *out);
/* Longest secret. Beyond: it cannot be read (-EMSGSIZE). */
#define FW_LIMIT_CREDENTIAL_BYTES ((size_t) 16 * 1024)
/* Letters, digits, '.', '_' and '-', and no dot first. */
bool fw_credential_name_is_valid(struct fw_str name);
