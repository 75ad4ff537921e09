#include "rule/query.h"

#include <errno.h>

/* The words that files, queries and messages use for our enums. */

const char *fw_field_name(enum fw_field field)
{
        static const char *const names[] = {
#define FW_X(name, text) text,
                FW_FIELDS(FW_X)
#undef FW_X
        };
        return names[field];
}

const char *fw_severity_name(enum fw_severity severity)
{
        static const char *const names[] = {
#define FW_X(name, text) text,
                FW_SEVERITIES(FW_X)
#undef FW_X
        };
        return names[severity];
}

int fw_severity_from_name(struct fw_str name, enum fw_severity *ret_severity)
{
        for (unsigned i = 0; i < FW_SEVERITIES_LEN; i++) {
                if (fw_str_eq(name, fw_str_c(fw_severity_name((enum fw_severity) i)))) {
                        *ret_severity = (enum fw_severity) i;
                        return 0;
                }
        }
        return -EINVAL;
}

const char *fw_entity_kind_name(enum fw_entity_kind kind)
{
        static const char *const names[] = {
#define FW_X(name, text) text,
                FW_ENTITY_KINDS(FW_X)
#undef FW_X
        };
        return names[kind];
}

const char *fw_name_class_name(enum fw_name_class class)
{
        static const char *const names[] = {
#define FW_X(name, text) text,
                FW_NAME_CLASSES(FW_X)
#undef FW_X
        };
        return names[class];
}

uint32_t fw_query_field_mask(struct fw_str name)
{
        if (fw_str_eq(name, FW_STR("text")))
                return FW_TEXT_FIELDS;
        for (unsigned i = 0; i < FW_FIELDS_LEN; i++) {
                if (fw_str_eq(name, fw_str_c(fw_field_name((enum fw_field) i))))
                        return 1u << i;
        }
        return 0;
}
