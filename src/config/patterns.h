/*
 * patterns: names of files, with or without wildcards, as absolute paths of what is there. Inside config only.
 */
#pragma once

#include "base/vec.h"
#include "config/settings.h"

struct fw_found_file {
        struct fw_str path;          /* absolute, in the arena */
        struct fw_location location; /* of the pattern that found it */
};

struct fw_found {
        FW_VEC(struct fw_found_file) files; /* in the order of the patterns, sorted in each; none twice */
        FW_VEC(struct fw_str) missing;      /* files that should be there; absolute */
        FW_VEC(struct fw_str) folders;      /* in which a pattern may find further files, there or not; absolute */
};
void fw_found_done(struct fw_found *found);

/*
 * Finds the files of the setting `key` (its default where it is not given). A name without wildcards that is not there, or is a folder,
 * is an error; a pattern may find nothing, but its folder must be there. "builtin:NAME" is allowed if `builtins`.
 */
void fw_find_files(const struct fw_settings_reader *reader, const struct fw_yaml_node *mapping, const char *key,
                   bool builtins, struct fw_found *ret_found);
/* The path as messages show it: from the current folder if it is in there. In the arena. */
struct fw_str fw_shown_path(struct fw_str path, struct fw_arena *arena);
