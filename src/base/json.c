#include "base/json.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/utf8.h"

json_t *fw_json_str(struct fw_str s)
{
        json_t *json = json_stringn(s.p ? s.p : "", s.len);
        if (json)
                return json;
        fw_cleanup(fw_buf_done) struct fw_buf repaired = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_utf8_append_repaired(&repaired, s);
        json = json_stringn(fw_buf_c(&repaired), repaired.len);
        if (!json)
                fw_out_of_memory(s.len);
        return json;
}

json_t *fw_json_time(int64_t usec)
{
        if (usec == FW_TIME_NONE)
                return json_null();
        fw_cleanup(fw_buf_done) struct fw_buf text = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_append_rfc3339(&text, usec);
        return fw_json_str(fw_buf_str(&text));
}

void fw_json_set(json_t *object, const char *key, json_t *value)
{
        /* keys are ours and valid, so only memory can be missing */
        if (json_object_set_new(object, key, value) < 0)
                fw_out_of_memory(strlen(key));
}

void fw_json_set_str(json_t *object, const char *key, struct fw_str s)
{
        if (s.len > 0)
                fw_json_set(object, key, fw_json_str(s));
}

void fw_json_set_time(json_t *object, const char *key, int64_t usec)
{
        if (usec != FW_TIME_NONE)
                fw_json_set(object, key, fw_json_time(usec));
}

void fw_json_set_int(json_t *object, const char *key, int64_t number)
{
        fw_json_set(object, key, json_integer(number));
}

struct fw_str fw_json_get_str(const json_t *object, const char *key)
{
        const json_t *member = json_object_get(object, key);
        return fw_str_n(json_string_value(member), json_string_length(member));
}

int64_t fw_json_get_int(const json_t *object, const char *key, int64_t otherwise)
{
        const json_t *member = json_object_get(object, key);
        return json_is_integer(member) ? json_integer_value(member) : otherwise;
}

int64_t fw_json_get_time(const json_t *object, const char *key)
{
        int64_t usec;
        return fw_parse_rfc3339(fw_json_get_str(object, key), &usec) == 0 ? usec : FW_TIME_NONE;
}

static int append_part(const char *bytes, size_t len, void *userdata)
{
        return fw_buf_append((struct fw_buf *) userdata, fw_str_n(bytes, len));
}

int fw_json_append(struct fw_buf *out, const json_t *json)
{
        size_t before = out->len;
        if (json_dump_callback(json, append_part, out, JSON_COMPACT | JSON_ENCODE_ANY) == 0)
                return 0;
        out->len = before;
        return out->error;
}

/* jansson counts to 2048, which is deep for the readers of the tree that recurse. */
static bool nests_too_deep(struct fw_str text)
{
        unsigned depth = 0;
        bool in_string = false;
        for (size_t i = 0; i < text.len; i++) {
                char c = text.p[i];
                if (in_string && c == '\\')
                        i++;
                else if (c == '"')
                        in_string = !in_string;
                else if (!in_string && (c == '{' || c == '['))
                        depth++;
                else if (!in_string && (c == '}' || c == ']') && depth > 0)
                        depth--;
                if (depth > FW_LIMIT_NESTING)
                        return true;
        }
        return false;
}

json_t *fw_json_parse(struct fw_str text, char **ret_error)
{
        if (nests_too_deep(text)) {
                if (ret_error)
                        *ret_error = fw_asprintf("nested more than %d deep", FW_LIMIT_NESTING);
                return NULL;
        }
        json_error_t error;
        json_t *json = json_loadb(text.p ? text.p : "", text.len, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
        if (!json && ret_error)
                *ret_error = fw_asprintf("%d:%d: %s", error.line, error.column, error.text);
        return json;
}
