/*
 * Any bytes as a YAML file: the tree holds together, and every place in every value points into the file.
 */
#include "fuzz.h"

#include "base/arena.h"
#include "base/yaml.h"

#define LONGEST_WALK 20000

static void check_location(struct fw_location location)
{
        size_t size = fw_source_content(location.source).len;
        fuzz_check(location.offset <= size && location.length <= size - location.offset);
}

/* Places in a value go forward in the file. */
static void check_text(const struct fw_yaml_node *node)
{
        struct fw_str text = fw_yaml_text(node);
        size_t last = 0;
        size_t step = text.len / 16 + 1;
        for (size_t from = 0; from < text.len; from += step) {
                struct fw_location location = fw_yaml_text_location(node, from, from + 1);
                check_location(location);
                fuzz_check(location.offset >= last);
                last = location.offset;
        }
        check_location(fw_yaml_text_location(node, text.len, text.len));
        check_location(fw_yaml_text_location(node, 0, text.len + 1));
}

static void walk(const struct fw_yaml_node *node, size_t *left)
{
        if (*left == 0)
                return;
        --*left;
        check_location(fw_yaml_location(node));
        if (fw_yaml_kind(node) == FW_YAML_SCALAR)
                check_text(node);
        for (size_t i = 0; i < fw_yaml_len(node); i++)
                walk(fw_yaml_element(node, i), left);
        for (size_t i = 0; i < fw_yaml_pairs(node); i++) {
                walk(fw_yaml_key(node, i), left);
                walk(fw_yaml_value(node, i), left);
        }
}

static void read_values(const struct fw_yaml_node *mapping, struct fw_diag *diag)
{
        static const char *const known[] = { "string", "bool", "uint", "duration", "size", "enum", "strings", NULL };
        static const char *const names[] = { "info", "notice", "warning", NULL };
        fw_cleanup(fw_arena_freep) struct fw_arena *arena = fw_arena_new();
        struct fw_str string, *strings;
        const struct fw_yaml_node **nodes;
        bool yes;
        uint64_t number;
        unsigned index;
        size_t len;
        (void) fw_yaml_check_keys(mapping, "a test", known, diag);
        (void) fw_yaml_get_string(mapping, "string", diag, &string);
        (void) fw_yaml_get_bool(mapping, "bool", diag, &yes);
        (void) fw_yaml_get_uint(mapping, "uint", 1, 10, diag, &number);
        (void) fw_yaml_get_duration(mapping, "duration", diag, &number);
        (void) fw_yaml_get_size(mapping, "size", diag, &number);
        (void) fw_yaml_get_enum(mapping, "enum", names, diag, &index);
        (void) fw_yaml_get_strings(mapping, "strings", diag, arena, &strings, &nodes, &len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        fw_cleanup(fw_diag_freep) struct fw_diag *diag = fw_diag_new();
        fw_cleanup(fw_yaml_freep) struct fw_yaml *document = NULL;
        int r = fw_yaml_parse(FW_STR("file.yaml"), fuzz_str(data, size), diag, &document);
        fuzz_check((r == 0) == (document != NULL) && (r < 0) == fw_diag_has_errors(diag));
        if (document && fw_yaml_root(document)) {
                size_t left = LONGEST_WALK;
                walk(fw_yaml_root(document), &left);
                read_values(fw_yaml_root(document), diag);
        }
        fw_cleanup(fw_buf_done) struct fw_buf rendered = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        fuzz_check(fw_diag_render_all(diag, /* color= */ true, &rendered) == 0);
        return 0;
}
