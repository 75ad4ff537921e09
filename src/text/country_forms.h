/*
 * country_forms: how a country's name changes in a sentence. Private to this room.
 */
#pragma once

#include "base/arena.h"
#include "base/str.h"
#include "base/vec.h"

struct fw_forms_list {
        FW_VEC(struct fw_str) list;
};

/* Appends the forms of a name in `language` (a primary subtag) other than the name itself, in `arena`. */
void fw_country_forms(struct fw_str name, struct fw_str language, struct fw_arena *arena,
                      struct fw_forms_list *ret_forms);
