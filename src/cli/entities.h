/*
 * entities: the gazetteer for the commands that show it: that of the configuration, or of files named with --entities.
 */
#pragma once

#include "cli/load.h"

/* For their lists of options. */
#define FW_ENTITIES_OPTION                                                                               \
        {                                                                                                \
                .name = "entities", .argument = "FILE…", .many = true, .complete = FW_COMPLETE_FILE,     \
                .help = "entity files (or 'builtin:countries', 'builtin:organizations') instead of the " \
                        "configuration's"                                                                \
        }

/* FW_EXIT_OK, or an exit status after saying what is wrong. Free with fw_cli_loaded_done() in either case. */
int fw_cli_load_entities(const struct fw_cli *cli, struct fw_cli_loaded *ret_loaded);
/* {"id","kind","country"?,"names":[{"text","class","exact"?}],"needs"?,"groups"?,"file","line"} */
json_t *fw_cli_entity_new(const struct fw_entity *entity);
