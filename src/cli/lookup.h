/*
 * lookup: commands and options by name, for the parser, the help and the completions.
 */
#pragma once

#include <stdbool.h>

#include "cli/cli.h"

/* The command "GROUP WORD", or "WORD" when `group` is NULL; NULL if there is none. */
const struct fw_command *fw_command_find(const char *group, const char *word);
/* True if commands begin with "WORD ". */
bool fw_command_is_group(const char *word);
/* True if the command's name begins with "GROUP "; always for a NULL group. */
bool fw_command_is_in_group(const struct fw_command *command, const char *group);

/* The options that `command` (may be NULL) knows: its own, then the common ones; NULL at the end. */
const struct fw_option *fw_option_at(const struct fw_command *command, size_t index);
/* By name or unique beginning of it. 0, -ENOENT, -ENOTUNIQ. */
int fw_option_find(const struct fw_command *command, struct fw_str name, const struct fw_option **ret_option);
const struct fw_option *fw_option_find_letter(const struct fw_command *command, char letter);
/* True if it is one of the command's own options. */
bool fw_option_is_of(const struct fw_command *command, const char *name);
const struct fw_option *fw_common_option(const char *name);
