/*
 * yaml: YAML 1.2 files as a tree of nodes that know where they stand. The home of libfyaml.
 *
 * One document a file. Aliases and merge keys are resolved; duplicate keys, tabs in indentation and whatever else is no YAML
 * are errors with their place. Nodes live as long as the document. Nothing here throws away: a reader takes what it
 * understands, and fw_yaml_check_keys() names what is left.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"
#include "base/str.h"

struct fw_yaml;
struct fw_yaml_node;

enum fw_yaml_kind {
        FW_YAML_SCALAR,
        FW_YAML_SEQUENCE,
        FW_YAML_MAPPING,
};

/*
 * Parses `content` (copied into `diag` as the source `name`). 0, or -EINVAL with at least one error in `diag`. An empty file
 * gives a document whose root is NULL. `diag` must outlive the document.
 */
int fw_yaml_parse(struct fw_str name, struct fw_str content, struct fw_diag *diag, struct fw_yaml **ret_document);
struct fw_yaml *fw_yaml_free(struct fw_yaml *document);
FW_DEFINE_CLEANUP(struct fw_yaml, fw_yaml_free);

const struct fw_yaml_node *fw_yaml_root(const struct fw_yaml *document);
enum fw_yaml_kind fw_yaml_kind(const struct fw_yaml_node *node);
/* "a string", "a list", "a mapping", for messages. */
const char *fw_yaml_kind_name(enum fw_yaml_kind kind);
/* The node's range in the file; a mapping's is that of its first key. */
struct fw_location fw_yaml_location(const struct fw_yaml_node *node);

/* The value of a scalar after YAML's unescaping and folding; empty for others. */
struct fw_str fw_yaml_text(const struct fw_yaml_node *node);
/* Plain (unquoted) `null`, `~` or nothing. */
bool fw_yaml_is_null(const struct fw_yaml_node *node);
/*
 * Where bytes [from, to) of the scalar's value stand in the file: through quotes, escapes, folding and the indentation of
 * block scalars. So a query's error points into the file and not into the string.
 */
struct fw_location fw_yaml_text_location(const struct fw_yaml_node *node, size_t from, size_t to);

/* Elements of a sequence, or 0. */
size_t fw_yaml_len(const struct fw_yaml_node *sequence);
const struct fw_yaml_node *fw_yaml_element(const struct fw_yaml_node *sequence, size_t index);
/* The pairs of a mapping, in the file's order; 0 pairs for others. */
size_t fw_yaml_pairs(const struct fw_yaml_node *mapping);
const struct fw_yaml_node *fw_yaml_key(const struct fw_yaml_node *mapping, size_t index);
const struct fw_yaml_node *fw_yaml_value(const struct fw_yaml_node *mapping, size_t index);
/* The value of a key, or NULL. */
const struct fw_yaml_node *fw_yaml_get(const struct fw_yaml_node *mapping, const char *key);

/*
 * Says of each key that is not in `known` (ended by NULL): "unknown key 'severty' in a rule; did you mean 'severity'?".
 * `what`: "a rule". Returns true if all are known.
 */
bool fw_yaml_check_keys(const struct fw_yaml_node *mapping, const char *what, const char *const *known,
                        struct fw_diag *diag);
/* Adds "'key' must be a mapping, but is a list" and returns false if it is not of that kind. `what`: "'rules'". */
bool fw_yaml_expect(const struct fw_yaml_node *node, enum fw_yaml_kind kind, const char *what, struct fw_diag *diag);

/*
 * Typed values. Each: 0 and the value; -ENOENT when the key is absent or null (nothing is stored, nothing is said);
 * -EINVAL with a message in `diag` that says what was expected.
 */
int fw_yaml_get_string(const struct fw_yaml_node *mapping, const char *key, struct fw_diag *diag, struct fw_str *ret);
int fw_yaml_get_bool(const struct fw_yaml_node *mapping, const char *key, struct fw_diag *diag, bool *ret);
int fw_yaml_get_uint(const struct fw_yaml_node *mapping, const char *key, uint64_t min, uint64_t max,
                     struct fw_diag *diag, uint64_t *ret);
int fw_yaml_get_duration(const struct fw_yaml_node *mapping, const char *key, struct fw_diag *diag, uint64_t *ret_usec);
int fw_yaml_get_size(const struct fw_yaml_node *mapping, const char *key, struct fw_diag *diag, uint64_t *ret_bytes);
/* The index of the value in `names` (ended by NULL); a wrong one is told the nearest and all that there are. */
int fw_yaml_get_enum(const struct fw_yaml_node *mapping, const char *key, const char *const *names,
                     struct fw_diag *diag, unsigned *ret_index);
/*
 * A list of strings; a single string counts as a list of one. The views are in `arena` order; `*ret` is allocated there and
 * its elements' nodes, for messages, in `*ret_nodes` if that is not NULL.
 */
struct fw_arena;
int fw_yaml_get_strings(const struct fw_yaml_node *mapping, const char *key, struct fw_diag *diag,
                        struct fw_arena *arena, struct fw_str **ret, const struct fw_yaml_node ***ret_nodes,
                        size_t *ret_len);
