/*
 * settings: every setting of feedwatch.yaml and of a feed list, in one table: what the reader, the JSON Schema, the starter file and
 * feedwatch.yaml(5) say of it comes from here, or is checked against it by a test. Inside config only.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/json.h"
#include "base/yaml.h"
#include "config/config.h"

/* Where a setting stands, and which structure it is read into. */
#define FW_SETTING_PLACES(X)                                                 \
        X(TOP, NULL, "the configuration")     /* struct fw_config */         \
        X(POLL, "poll", "'poll'")             /* struct fw_config */         \
        X(STORE, "store", "'store'")          /* struct fw_config */         \
        X(DEFAULTS, "defaults", "'defaults'") /* struct fw_config */         \
        X(CONTROL, "control", "'control'")    /* struct fw_config */         \
        X(CHANNEL, NULL, "a channel")         /* struct fw_channel_config */ \
        X(FEED, NULL, "a feed")               /* struct fw_feed_config */

enum fw_setting_place {
#define FW_X(name, key, words) FW_IN_##name,
        FW_SETTING_PLACES(FW_X)
#undef FW_X
                FW_SETTING_PLACES_LEN
};
/* The key of its section in feedwatch.yaml; NULL: the top, or none. */
const char *fw_setting_section(enum fw_setting_place place);

enum fw_setting_type {
        FW_SETTING_DURATION,     /* uint64_t, microseconds */
        FW_SETTING_SIZE,         /* uint64_t, bytes */
        FW_SETTING_COUNT,        /* uint32_t */
        FW_SETTING_WORDS,        /* an enum: the index in `words` */
        FW_SETTING_TEXT,         /* struct fw_str */
        FW_SETTING_STATE_PATH,   /* struct fw_str, absolute; the default is a name in the state folder */
        FW_SETTING_RUNTIME_PATH, /* the same, in the runtime folder */
        FW_SETTING_WORKERS,      /* uint32_t, or 'auto' */
        FW_SETTING_BACKFILL,     /* a duration, 'all' or 'none' */
        FW_SETTING_QUERY,        /* struct fw_str, and its place */
        FW_SETTING_OFF,          /* 'off' is all that this version can do */
        FW_SETTING_REFUSED,      /* not in this version: `help` says what would not happen */
        FW_SETTING_SPECIAL,      /* read by code of its own; `help` says what it holds */
        FW_SETTING_LIST,         /* read by code of its own: a string or a list of strings */
};

struct fw_setting {
        enum fw_setting_place place;
        const char *name;
        enum fw_setting_type type;
        uint64_t min, max;
        const char *standard; /* the default, as one would write it; NULL: none */
        const char *words;    /* WORDS: "a|b|c" */
        size_t offset;        /* in the place's structure */
        const char *help;     /* a sentence without full stop */
};

/* Ended by a NULL name. */
extern const struct fw_setting fw_settings[];

struct fw_settings_reader {
        const struct fw_paths *paths;
        const char *folder; /* of the file that is read, absolute */
        struct fw_arena *arena;
        struct fw_diag *diag;
};

/* Names unknown keys of `mapping`, with the nearest known one. */
void fw_settings_check_keys(const struct fw_settings_reader *reader, enum fw_setting_place place,
                            const struct fw_yaml_node *mapping);
/* Reads every setting of a place; what is missing gets its default. `mapping` NULL: all are missing. Errors go to the diag. */
void fw_settings_read(const struct fw_settings_reader *reader, enum fw_setting_place place,
                      const struct fw_yaml_node *mapping, void *into);
/* True if `mapping` gives a value for the key. */
bool fw_setting_given(const struct fw_yaml_node *mapping, const char *name);
/* An absolute path in the arena, from one relative to the file. */
struct fw_str fw_settings_path(const struct fw_settings_reader *reader, struct fw_str path);

/* The JSON Schema of feedwatch.yaml. */
json_t *fw_settings_schema_new(void);
