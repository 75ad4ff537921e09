#include "base/yaml.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "base/yaml_tree.h"

/* Mappings with more pairs get an index, so that looking up is not quadratic in a file of 100,000 entries. */
#define PAIRS_WITHOUT_INDEX 16

struct fw_yaml *fw_yaml_free(struct fw_yaml *document)
{
        if (!document)
                return NULL;
        for (size_t i = 0; i < document->indexes.len; i++)
                fw_map_done(document->indexes.p[i]);
        fw_vec_done(&document->indexes);
        fw_arena_free(document->arena);
        free(document);
        return NULL;
}

const struct fw_yaml_node *fw_yaml_root(const struct fw_yaml *document)
{
        return document->root;
}

enum fw_yaml_kind fw_yaml_kind(const struct fw_yaml_node *node)
{
        return node->kind;
}

const char *fw_yaml_kind_name(enum fw_yaml_kind kind)
{
        static const char *const names[] = {
                [FW_YAML_SCALAR] = "a string",
                [FW_YAML_SEQUENCE] = "a list",
                [FW_YAML_MAPPING] = "a mapping",
        };
        return names[kind];
}

struct fw_location fw_yaml_location(const struct fw_yaml_node *node)
{
        return (struct fw_location){ .source = node->source, .offset = node->offset, .length = node->length };
}

struct fw_str fw_yaml_text(const struct fw_yaml_node *node)
{
        return node->kind == FW_YAML_SCALAR ? node->text : FW_STR_NONE;
}

bool fw_yaml_is_null(const struct fw_yaml_node *node)
{
        return node->is_null;
}

struct fw_location fw_yaml_text_location(const struct fw_yaml_node *node, size_t from, size_t to)
{
        if (node->kind != FW_YAML_SCALAR || (node->is_null && node->text.len == 0))
                return fw_yaml_location(node);
        struct fw_location location = { .source = node->source };
        size_t end;
        fw_yaml_scalar_locate(&node->scalar, from, to, &location.offset, &end);
        location.length = end - location.offset;
        return location;
}

size_t fw_yaml_len(const struct fw_yaml_node *sequence)
{
        return sequence->kind == FW_YAML_SEQUENCE ? sequence->len : 0;
}

const struct fw_yaml_node *fw_yaml_element(const struct fw_yaml_node *sequence, size_t index)
{
        return sequence->elements[index];
}

size_t fw_yaml_pairs(const struct fw_yaml_node *mapping)
{
        return mapping->kind == FW_YAML_MAPPING ? mapping->len : 0;
}

const struct fw_yaml_node *fw_yaml_key(const struct fw_yaml_node *mapping, size_t index)
{
        return mapping->pairs[index].key;
}

const struct fw_yaml_node *fw_yaml_value(const struct fw_yaml_node *mapping, size_t index)
{
        return mapping->pairs[index].value;
}

size_t fw_yaml_find(const struct fw_yaml_node *mapping, struct fw_str key)
{
        if (mapping->kind != FW_YAML_MAPPING)
                return SIZE_MAX;
        if (mapping->index) {
                const union fw_map_value *found = fw_map_get(mapping->index, key);
                return found ? (size_t) found->number : SIZE_MAX;
        }
        for (size_t i = 0; i < mapping->len; i++)
                if (fw_str_eq(mapping->pairs[i].key->text, key))
                        return i;
        return SIZE_MAX;
}

const struct fw_yaml_node *fw_yaml_get(const struct fw_yaml_node *mapping, const char *key)
{
        size_t found = fw_yaml_find(mapping, fw_str_c(key));
        return found == SIZE_MAX ? NULL : mapping->pairs[found].value;
}

static void index_pair(struct fw_yaml_node *mapping, size_t number)
{
        fw_map_put(mapping->index, mapping->pairs[number].key->text, NULL)->number = number;
}

void fw_yaml_add_pair(struct fw_yaml *document, struct fw_yaml_node *mapping, const struct fw_yaml_node *key,
                      const struct fw_yaml_node *value)
{
        mapping->pairs[mapping->len++] = (struct fw_yaml_pair){ key, value };
        if (mapping->index) {
                index_pair(mapping, mapping->len - 1);
        } else if (mapping->len > PAIRS_WITHOUT_INDEX) {
                mapping->index = fw_arena_new_object(document->arena, struct fw_map);
                fw_vec_push(&document->indexes, mapping->index);
                for (size_t i = 0; i < mapping->len; i++)
                        index_pair(mapping, i);
        }
}
