#include "cli/commands.h"

/* clang-format off */
const struct fw_command *const fw_commands[] = {
        &fw_command_init,
        &fw_command_check,
        &fw_command_feeds_list,
        &fw_command_feeds_show,
        &fw_command_feeds_import,
        &fw_command_feeds_export,
        &fw_command_rules_lint,
        &fw_command_rules_list,
        &fw_command_entities_list,
        &fw_command_entities_show,
        &fw_command_entities_find,
        &fw_command_alerts_list,
        &fw_command_alerts_show,
        &fw_command_alerts_follow,
        &fw_command_status,
        &fw_command_reload,
        &fw_command_parse,
        &fw_command_match,
        NULL,
};
/* clang-format on */
