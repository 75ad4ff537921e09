/*
 * naive: the rule language decided by direct recursion over tree and tokens, without index, memo or order. Slow, and short
 * enough to be believed; the matcher must agree with it.
 */
#pragma once

#include "rule/query.h"
#include "rule/rule.h"

struct naive;

/* `ruleset` gives the entities; `document` is borrowed. */
struct naive *naive_new(const struct fw_ruleset *ruleset, const struct fw_document *document);
void naive_free(struct naive *naive);
bool naive_holds(struct naive *naive, const struct fw_query_node *tree);
/* True if the document mentions the entity. */
bool naive_mentions(struct naive *naive, size_t entity);
