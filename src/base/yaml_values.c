/*
 * What readers of YAML files ask for: values of a type, with a message that says what was expected.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "base/yaml_tree.h"

/* How much of a wrong value a message repeats. */
#define SHOWN_BYTES 60

/* For "%s%.*s%s": a value as it is shown in a message. */
#define SHOWN(node)                                                             \
        (node)->kind == FW_YAML_SCALAR ? "'" : fw_yaml_kind_name((node)->kind), \
                FW_STR_ARG(fw_utf8_cut(fw_yaml_text(node), SHOWN_BYTES)),       \
                (node)->kind != FW_YAML_SCALAR         ? ""                     \
                : fw_yaml_text(node).len > SHOWN_BYTES ? "…'"                 \
                                                       : "'"

static size_t count_names(const char *const *names)
{
        size_t count = 0;
        while (names[count])
                count++;
        return count;
}

static struct fw_str nearest_name(struct fw_str wanted, const char *const *names)
{
        FW_VEC(struct fw_str) candidates = { 0 };
        for (size_t i = 0; i < count_names(names); i++)
                fw_vec_push(&candidates, fw_str_c(names[i]));
        struct fw_str nearest = fw_str_nearest(wanted, candidates.p, candidates.len);
        fw_vec_done(&candidates);
        return nearest;
}

static void append_suggestion(struct fw_buf *message, struct fw_str wanted, const char *const *names)
{
        struct fw_str nearest = nearest_name(wanted, names);
        if (nearest.len > 0)
                (void) fw_buf_printf(message, "; did you mean '%.*s'?", FW_STR_ARG(nearest));
}

static void append_names(struct fw_buf *message, const char *const *names)
{
        for (size_t i = 0; names[i]; i++)
                (void) fw_buf_printf(message, "%s%s", i > 0 ? ", " : "", names[i]);
}

bool fw_yaml_check_keys(const struct fw_yaml_node *mapping, const char *what, const char *const *known,
                        struct fw_diag *diag)
{
        bool all_known = true;
        for (size_t i = 0; i < fw_yaml_pairs(mapping); i++) {
                const struct fw_yaml_node *key = fw_yaml_key(mapping, i);
                size_t n = 0;
                while (known[n] && !fw_str_eq(key->text, fw_str_c(known[n])))
                        n++;
                if (known[n])
                        continue;
                all_known = false;
                fw_cleanup(fw_buf_done) struct fw_buf message = FW_BUF_INIT(FW_BUF_UNBOUNDED);
                (void) fw_buf_printf(&message, "unknown key %s%.*s%s in %s", SHOWN(key), what);
                if (nearest_name(key->text, known).len > 0) {
                        append_suggestion(&message, key->text, known);
                } else {
                        (void) fw_buf_append_c(&message, "; it may hold: ");
                        append_names(&message, known);
                }
                fw_diag_add(diag, FW_ERROR, fw_yaml_location(key), "%s", fw_buf_c(&message));
        }
        return all_known;
}

static void say_expected(const struct fw_yaml_node *node, const char *what, const char *expected, struct fw_diag *diag)
{
        fw_diag_add(diag, FW_ERROR, fw_yaml_location(node), "%s must be %s, but is %s", what, expected,
                    fw_yaml_is_null(node) ? "empty" : fw_yaml_kind_name(node->kind));
}

bool fw_yaml_expect(const struct fw_yaml_node *node, enum fw_yaml_kind kind, const char *what, struct fw_diag *diag)
{
        if (node->kind == kind && (kind != FW_YAML_SCALAR || !node->is_null))
                return true;
        say_expected(node, what, fw_yaml_kind_name(kind), diag);
        return false;
}

/* The node of a key that is there and not null. */
static const struct fw_yaml_node *present(const struct fw_yaml_node *mapping, const char *key)
{
        const struct fw_yaml_node *node = fw_yaml_get(mapping, key);
        return node && !node->is_null ? node : NULL;
}

static int refuse(const struct fw_yaml_node *node, const char *key, const char *expected, struct fw_diag *diag)
{
        fw_diag_add(diag, FW_ERROR, fw_yaml_location(node), "'%s' must be %s, but is %s%.*s%s", key, expected,
                    SHOWN(node));
        return -EINVAL;
}

int fw_yaml_get_string(const struct fw_yaml_node *mapping, const char *key, struct fw_diag *diag, struct fw_str *ret)
{
        const struct fw_yaml_node *node = present(mapping, key);
        if (!node)
                return -ENOENT;
        if (node->kind != FW_YAML_SCALAR)
                return refuse(node, key, "a string", diag);
        *ret = node->text;
        return 0;
}

int fw_yaml_get_bool(const struct fw_yaml_node *mapping, const char *key, struct fw_diag *diag, bool *ret)
{
        const struct fw_yaml_node *node = present(mapping, key);
        if (!node)
                return -ENOENT;
        bool yes = fw_str_eq_nocase(fw_yaml_text(node), FW_STR("true"));
        if (!yes && !fw_str_eq_nocase(fw_yaml_text(node), FW_STR("false")))
                return refuse(node, key, "true or false", diag);
        *ret = yes;
        return 0;
}

int fw_yaml_get_uint(const struct fw_yaml_node *mapping, const char *key, uint64_t min, uint64_t max,
                     struct fw_diag *diag, uint64_t *ret)
{
        const struct fw_yaml_node *node = present(mapping, key);
        if (!node)
                return -ENOENT;
        uint64_t number;
        if (fw_str_to_u64(fw_yaml_text(node), &number) < 0 || number < min || number > max) {
                char expected[96];
                if (max == UINT64_MAX)
                        snprintf(expected, sizeof(expected), "a whole number, at least %" PRIu64, min);
                else
                        snprintf(expected, sizeof(expected), "a whole number from %" PRIu64 " to %" PRIu64, min, max);
                return refuse(node, key, expected, diag);
        }
        *ret = number;
        return 0;
}

int fw_yaml_get_duration(const struct fw_yaml_node *mapping, const char *key, struct fw_diag *diag, uint64_t *ret_usec)
{
        const struct fw_yaml_node *node = present(mapping, key);
        if (!node)
                return -ENOENT;
        int r = fw_parse_duration(fw_yaml_text(node), ret_usec);
        if (r == -ERANGE)
                return refuse(node, key, "a duration of at most 100 years", diag);
        return r < 0 ? refuse(node, key, "a duration such as 90s, 15m, 6h or 7d", diag) : 0;
}

int fw_yaml_get_size(const struct fw_yaml_node *mapping, const char *key, struct fw_diag *diag, uint64_t *ret_bytes)
{
        const struct fw_yaml_node *node = present(mapping, key);
        if (!node)
                return -ENOENT;
        return fw_parse_size(fw_yaml_text(node), ret_bytes) < 0
                       ? refuse(node, key, "a size such as 512B, 64KiB or 16MiB", diag)
                       : 0;
}

int fw_yaml_get_enum(const struct fw_yaml_node *mapping, const char *key, const char *const *names,
                     struct fw_diag *diag, unsigned *ret_index)
{
        const struct fw_yaml_node *node = present(mapping, key);
        if (!node)
                return -ENOENT;
        for (unsigned i = 0; names[i] && node->kind == FW_YAML_SCALAR; i++) {
                if (fw_str_eq(node->text, fw_str_c(names[i]))) {
                        *ret_index = i;
                        return 0;
                }
        }
        fw_cleanup(fw_buf_done) struct fw_buf message = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_buf_printf(&message, "'%s' must be one of ", key);
        append_names(&message, names);
        (void) fw_buf_printf(&message, ", but is %s%.*s%s", SHOWN(node));
        append_suggestion(&message, fw_yaml_text(node), names);
        fw_diag_add(diag, FW_ERROR, fw_yaml_location(node), "%s", fw_buf_c(&message));
        return -EINVAL;
}

int fw_yaml_get_strings(const struct fw_yaml_node *mapping, const char *key, struct fw_diag *diag,
                        struct fw_arena *arena, struct fw_str **ret, const struct fw_yaml_node ***ret_nodes,
                        size_t *ret_len)
{
        const struct fw_yaml_node *node = present(mapping, key);
        if (!node)
                return -ENOENT;
        if (node->kind == FW_YAML_MAPPING)
                return refuse(node, key, "a string or a list of strings", diag);

        const struct fw_yaml_node *const *elements = node->kind == FW_YAML_SEQUENCE ? node->elements : &node;
        size_t len = node->kind == FW_YAML_SEQUENCE ? node->len : 1;
        struct fw_str *texts = fw_arena_new_array(arena, struct fw_str, len);
        const struct fw_yaml_node **nodes = fw_arena_new_array(arena, const struct fw_yaml_node *, len);
        int result = 0;
        for (size_t i = 0; i < len; i++) {
                nodes[i] = elements[i];
                texts[i] = fw_yaml_text(elements[i]);
                if (elements[i]->kind != FW_YAML_SCALAR || elements[i]->is_null) {
                        char what[96];
                        snprintf(what, sizeof(what), "each element of '%.60s'", key);
                        say_expected(elements[i], what, "a string", diag);
                        result = -EINVAL;
                }
        }
        if (result < 0)
                return result;
        *ret = texts;
        if (ret_nodes)
                *ret_nodes = nodes;
        *ret_len = len;
        return 0;
}
