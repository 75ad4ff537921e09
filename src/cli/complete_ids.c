#include "cli/complete_ids.h"

void fw_complete_ids(enum fw_completion kind fw_unused, const char *config_option fw_unused,
                     fw_complete_id_function *offer fw_unused, void *userdata fw_unused)
{
}
