#include "cli/commands.h"

const struct fw_command *const fw_commands[] = {
        NULL,
};
