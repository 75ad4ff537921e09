#include "cli/commands.h"

/* clang-format off */
const struct fw_command *const fw_commands[] = {
#ifdef FW_FEED_ROOM_IS_WHOLE
        &fw_command_init,
#endif
        &fw_command_check,
        &fw_command_feeds_list,
        &fw_command_feeds_show,
#ifdef FW_FEED_ROOM_IS_WHOLE
        &fw_command_feeds_import,
        &fw_command_feeds_export,
        &fw_command_rules_lint,
#endif
        &fw_command_rules_list,
#ifdef FW_FEED_ROOM_IS_WHOLE
        &fw_command_entities_list,
        &fw_command_entities_show,
        &fw_command_entities_find,
#endif
        &fw_command_alerts_list,
        &fw_command_alerts_show,
        &fw_command_alerts_follow,
        &fw_command_status,
        &fw_command_reload,
#ifdef FW_FEED_ROOM_IS_WHOLE
        &fw_command_parse,
#endif
        &fw_command_match,
        NULL,
};
/* clang-format on */
