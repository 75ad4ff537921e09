/*
 * commands: one line for each file of a command.
 */
#pragma once

#include "cli/cli.h"

extern const struct fw_command fw_command_init;
extern const struct fw_command fw_command_check;
extern const struct fw_command fw_command_feeds_list;
extern const struct fw_command fw_command_feeds_show;
extern const struct fw_command fw_command_feeds_import;
extern const struct fw_command fw_command_feeds_export;
extern const struct fw_command fw_command_rules_lint;
extern const struct fw_command fw_command_rules_list;
extern const struct fw_command fw_command_entities_list;
extern const struct fw_command fw_command_entities_show;
extern const struct fw_command fw_command_entities_find;
extern const struct fw_command fw_command_alerts_list;
extern const struct fw_command fw_command_alerts_show;
extern const struct fw_command fw_command_alerts_follow;
extern const struct fw_command fw_command_status;
extern const struct fw_command fw_command_reload;
extern const struct fw_command fw_command_parse;
extern const struct fw_command fw_command_match;
