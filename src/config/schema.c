/*
 * schema: the settings table as a JSON Schema (draft-07, which editors know best).
 */
#include <stdlib.h>
#include <string.h>

#include "config/settings.h"
#include "config/words.h"

#define DURATION_PATTERN "^([0-9]+(\\.[0-9]+)?(ms|s|m|h|d|w))+$"
#define SIZE_PATTERN     "^[0-9]+(\\.[0-9]+)?(B|kB|MB|GB|KiB|MiB|GiB)$"

static json_t *string_type_new(const char *pattern)
{
        json_t *type = json_object();
        fw_json_set_str(type, "type", FW_STR("string"));
        fw_json_set_str(type, "pattern", fw_str_c(pattern));
        return type;
}

static json_t *words_new(const char *words)
{
        json_t *type = json_object(), *names = json_array();
        struct fw_str rest = fw_str_c(words), word;
        while (fw_str_split(&rest, '|', &word))
                (void) json_array_append_new(names, fw_json_str(word));
        fw_json_set(type, "enum", names);
        return type;
}

static json_t *whole_number_new(const struct fw_setting *setting)
{
        json_t *type = json_object();
        fw_json_set_str(type, "type", FW_STR("integer"));
        fw_json_set_int(type, "minimum", (int64_t) setting->min);
        fw_json_set_int(type, "maximum", (int64_t) setting->max);
        return type;
}

static json_t *any_of_new(json_t *first, json_t *second)
{
        json_t *type = json_object(), *choices = json_array();
        (void) json_array_append_new(choices, first);
        (void) json_array_append_new(choices, second);
        fw_json_set(type, "anyOf", choices);
        return type;
}

static json_t *strings_new(void)
{
        json_t *list = json_object();
        fw_json_set_str(list, "type", FW_STR("array"));
        fw_json_set(list, "items", string_type_new(NULL));
        return any_of_new(string_type_new(NULL), list);
}

/* A mapping whose keys are the user's. */
static json_t *mapping_new(json_t *values)
{
        json_t *type = json_object();
        fw_json_set_str(type, "type", FW_STR("object"));
        fw_json_set(type, "additionalProperties", values);
        return type;
}

static json_t *section_new(enum fw_setting_place place);

static json_t *type_new(const struct fw_setting *setting)
{
        switch (setting->type) {
        case FW_SETTING_DURATION:
                return string_type_new(DURATION_PATTERN);
        case FW_SETTING_SIZE:
                return string_type_new(SIZE_PATTERN);
        case FW_SETTING_COUNT:
                return whole_number_new(setting);
        case FW_SETTING_WORDS:
                return words_new(setting->words);
        case FW_SETTING_WORKERS:
                return any_of_new(words_new("auto"), whole_number_new(setting));
        case FW_SETTING_BACKFILL:
                return any_of_new(words_new("all|none"), string_type_new(DURATION_PATTERN));
        case FW_SETTING_LIST:
                return strings_new();
        case FW_SETTING_OFF:
                return words_new(setting->standard);
        case FW_SETTING_SPECIAL:
                if (setting->place == FW_IN_TOP)
                        return mapping_new(section_new(FW_IN_CHANNEL));
                break;
        case FW_SETTING_TEXT:
        case FW_SETTING_STATE_PATH:
        case FW_SETTING_RUNTIME_PATH:
        case FW_SETTING_QUERY:
        case FW_SETTING_REFUSED:
                break;
        }
        return string_type_new(NULL);
}

static json_t *setting_new(const struct fw_setting *setting)
{
        json_t *type = type_new(setting);
        fw_json_set_str(type, "description", fw_str_c(setting->help));
        if (setting->standard && setting->type != FW_SETTING_LIST)
                fw_json_set_str(type, "default", fw_str_c(setting->standard));
        return type;
}

static json_t *section_new(enum fw_setting_place place)
{
        json_t *section = json_object(), *properties = json_object();
        fw_json_set_str(section, "type", FW_STR("object"));
        fw_json_set(section, "additionalProperties", json_false());
        for (const struct fw_setting *setting = fw_settings; setting->name; setting++)
                if (setting->place == place && setting->type != FW_SETTING_REFUSED)
                        fw_json_set(properties, setting->name, setting_new(setting));
        fw_json_set(section, "properties", properties);
        return section;
}

json_t *fw_settings_schema_new(void)
{
        json_t *schema = json_object();
        fw_json_set_str(schema, "$schema", FW_STR("http://json-schema.org/draft-07/schema#"));
        fw_json_set_str(schema, "title", FW_STR("feedwatch.yaml"));
        (void) json_object_update_new(schema, section_new(FW_IN_TOP));
        json_t *properties = json_object_get(schema, "properties");
        for (unsigned place = 0; place < FW_SETTING_PLACES_LEN; place++)
                if (fw_setting_section(place))
                        fw_json_set(properties, fw_setting_section(place), section_new(place));
        return schema;
}
