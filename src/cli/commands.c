#include "cli/commands.h"

const struct fw_command *const fw_commands[] = {
        &fw_command_check,
        &fw_command_feeds_list,
        &fw_command_feeds_show,
        &fw_command_rules_list,
        &fw_command_alerts_list,
        &fw_command_alerts_show,
        &fw_command_alerts_follow,
        &fw_command_status,
        &fw_command_reload,
        NULL,
};
