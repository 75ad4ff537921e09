/*
 * yaml_tree: the nodes behind yaml.h. Inside base only.
 */
#pragma once

#include "base/arena.h"
#include "base/map.h"
#include "base/vec.h"
#include "base/yaml.h"
#include "base/yaml_scalar.h"

struct fw_yaml_pair {
        const struct fw_yaml_node *key, *value;
};

struct fw_yaml_node {
        enum fw_yaml_kind kind;
        const struct fw_source_text *source;
        size_t offset, length; /* in the file */
        uint64_t weight;       /* nodes in it, itself too, with what aliases stand for; 0 while it is being read */
        bool is_null;
        size_t len; /* of elements or pairs */
        union {
                struct {
                        struct fw_str text;
                        struct fw_yaml_scalar scalar;
                };
                const struct fw_yaml_node **elements;
                struct {
                        struct fw_yaml_pair *pairs;
                        struct fw_map *index; /* key → number of the pair, in large mappings; else NULL */
                };
        };
};

struct fw_yaml {
        struct fw_arena *arena;
        const struct fw_yaml_node *root;
        FW_VEC(struct fw_map *) indexes;
};

/* The number of the pair with this key, or SIZE_MAX. */
size_t fw_yaml_find(const struct fw_yaml_node *mapping, struct fw_str key);
/* Adds a pair; mapping->pairs has room. */
void fw_yaml_add_pair(struct fw_yaml *document, struct fw_yaml_node *mapping, const struct fw_yaml_node *key,
                      const struct fw_yaml_node *value);

/* False, with an error for the first byte, if the text is not made of characters that YAML allows (section 5.1), in UTF-8. */
bool fw_yaml_check_bytes(const struct fw_source_text *source, struct fw_diag *diag);
/* The byte of a line and column as YAML counts them, both from 1. */
size_t fw_yaml_offset_of(struct fw_str content, size_t line, size_t column);
/* One of libfyaml's messages, in words that say what to do. */
void fw_yaml_say_syntax_error(const struct fw_source_text *source, size_t offset, const char *message,
                              struct fw_diag *diag);
