/*
 * complete_ids: the ids of feeds, rules and entities, read from the files, for the shells.
 */
#pragma once

#include "cli/cli.h"

typedef void fw_complete_id_function(void *userdata, struct fw_str id, const char *help);
/* Calls `offer` for each; for none if the files cannot be read. */
void fw_complete_ids(enum fw_completion kind, const char *config_option, fw_complete_id_function *offer,
                     void *userdata);
