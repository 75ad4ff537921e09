#include "rule/context.h"

#include <stdlib.h>

void fw_spans_add(struct fw_match_context *context, struct fw_spans *spans, struct fw_span span)
{
        if (spans->len == spans->cap) {
                uint32_t cap = spans->cap ? spans->cap * 2 : 8;
                struct fw_span *grown = fw_arena_alloc(context->arena, cap * sizeof(*grown));
                if (spans->len)
                        memcpy(grown, spans->p, spans->len * sizeof(*grown));
                spans->p = grown;
                spans->cap = cap;
        }
        spans->p[spans->len++] = span;
}

static int compare(const void *a, const void *b)
{
        const struct fw_span *x = a, *y = b;
        if (x->field != y->field)
                return x->field < y->field ? -1 : 1;
        if (x->first != y->first)
                return x->first < y->first ? -1 : 1;
        if (x->last != y->last)
                return x->last < y->last ? -1 : 1;
        if (x->from != y->from)
                return x->from < y->from ? -1 : 1;
        return x->to < y->to ? -1 : x->to > y->to;
}

void fw_spans_tidy(struct fw_spans *spans)
{
        bool sorted = true;
        for (uint32_t i = 1; i < spans->len && sorted; i++)
                sorted = compare(&spans->p[i - 1], &spans->p[i]) < 0;
        if (sorted)
                return;
        qsort(spans->p, spans->len, sizeof(*spans->p), compare);
        uint32_t kept = 0;
        for (uint32_t i = 0; i < spans->len; i++) {
                if (kept == 0 || compare(&spans->p[kept - 1], &spans->p[i]) != 0)
                        spans->p[kept++] = spans->p[i];
        }
        spans->len = kept;
}

/* ---- NEAR ---- */

static bool overlap(const struct fw_span *a, const struct fw_span *b)
{
        return a->first <= b->last && b->first <= a->last;
}

static bool same_place(const struct fw_span *a, const struct fw_span *b)
{
        return a->first == b->first && a->last == b->last && a->from == b->from && a->to == b->to;
}

/* The sentence or paragraph of a token; of its neighbour for a place between words at the end of a field. */
static uint32_t unit_of(const struct fw_match_context *context, enum fw_near_unit unit, const struct fw_span *span,
                        int32_t token)
{
        const struct fw_item_field *field = &context->fields.p[span->field];
        if (field->first == field->end)
                return 0;
        uint32_t index = token < (int32_t) field->first ? field->first : (uint32_t) token;
        index = FW_MIN(index, field->end - 1);
        const struct fw_token *at = &context->tokens.list.p[index];
        return unit == FW_NEAR_SENTENCE ? at->sentence : at->block;
}

static bool in_one_unit(const struct fw_match_context *context, enum fw_near_unit unit, const struct fw_span *left,
                        const struct fw_span *right)
{
        uint32_t wanted = unit_of(context, unit, left, left->first);
        return unit_of(context, unit, left, left->last) == wanted &&
               unit_of(context, unit, right, right->first) == wanted &&
               unit_of(context, unit, right, right->last) == wanted;
}

/* Whether two occurrences of one field that do not overlap are near as the node wants it. */
static bool is_near(const struct fw_match_context *context, const struct fw_operation_node *node,
                    const struct fw_span *left, const struct fw_span *right)
{
        int64_t gap;
        if (right->first > left->last)
                gap = (int64_t) right->first - left->last;
        else if (left->first > right->last && !node->ordered)
                gap = (int64_t) left->first - right->last;
        else
                return false;
        return node->unit == FW_NEAR_WORDS ? gap <= node->number : in_one_unit(context, node->unit, left, right);
}

/* The first of `spans` in `field` that starts at or after `first`. */
static uint32_t lower_bound(const struct fw_spans *spans, uint32_t field, int64_t first)
{
        uint32_t low = 0, high = spans->len;
        while (low < high) {
                uint32_t middle = low + (high - low) / 2;
                const struct fw_span *span = &spans->p[middle];
                if (span->field < field || (span->field == field && span->first < first))
                        low = middle + 1;
                else
                        high = middle;
        }
        return low;
}

static int32_t longest(const struct fw_spans *spans)
{
        int32_t most = 1;
        for (uint32_t i = 0; i < spans->len; i++)
                most = FW_MAX(most, spans->p[i].last - spans->p[i].first + 1);
        return most;
}

/* The part of `right`, [low, high), that can have to do with `left`. */
static void window(const struct fw_match_context *context, const struct fw_operation_node *node,
                   const struct fw_span *left, const struct fw_spans *right, int32_t longest_right, uint32_t *ret_low,
                   uint32_t *ret_high)
{
        const struct fw_item_field *field = &context->fields.p[left->field];
        int64_t low = (int64_t) left->first - longest_right, high = left->last;
        if (node->unit == FW_NEAR_WORDS) {
                low -= node->number;
                high += node->number;
        } else {
                uint32_t unit = unit_of(context, node->unit, left, left->first);
                while (low > field->first && unit_of(context, node->unit, left, (int32_t) low - 1) == unit)
                        low--;
                while (high + 1 < field->end && unit_of(context, node->unit, left, (int32_t) high + 1) == unit)
                        high++;
        }
        *ret_low = lower_bound(right, left->field, low);
        *ret_high = lower_bound(right, left->field, high + 2);
}

/* Counts a step; false when the rule has none left. */
static bool step(struct fw_match_context *context)
{
        if (context->steps == 0) {
                context->limited = true;
                return false;
        }
        context->steps--;
        return true;
}

static struct fw_span union_of(const struct fw_span *a, const struct fw_span *b)
{
        return (struct fw_span){ .field = a->field,
                                 .first = FW_MIN(a->first, b->first),
                                 .last = FW_MAX(a->last, b->last),
                                 .from = FW_MIN(a->from, b->from),
                                 .to = FW_MAX(a->to, b->to) };
}

/* NOT NEAR: true if nothing of [low, high) is near `left`, where what overlaps it is near and it itself is not. */
static bool stands_alone(struct fw_match_context *context, const struct fw_operation_node *node,
                         const struct fw_span *left, const struct fw_spans *right, uint32_t low, uint32_t high)
{
        for (uint32_t i = low; i < high && step(context); i++) {
                const struct fw_span *other = &right->p[i];
                if (!same_place(left, other) && (overlap(left, other) || is_near(context, node, left, other)))
                        return false;
        }
        return true;
}

void fw_spans_near(struct fw_match_context *context, const struct fw_operation_node *node, const struct fw_spans *left,
                   const struct fw_spans *right, bool any, struct fw_spans *ret)
{
        int32_t longest_right = longest(right);
        for (uint32_t i = 0; i < left->len && !(any && ret->len); i++) {
                uint32_t low, high;
                const struct fw_span *a = &left->p[i];
                window(context, node, a, right, longest_right, &low, &high);
                if (node->negated) {
                        if (stands_alone(context, node, a, right, low, high))
                                fw_spans_add(context, ret, *a);
                        continue;
                }
                for (uint32_t k = low; k < high && !(any && ret->len) && step(context); k++) {
                        if (is_near(context, node, a, &right->p[k]))
                                fw_spans_add(context, ret, union_of(a, &right->p[k]));
                }
        }
        fw_spans_tidy(ret);
}

static bool contains(const struct fw_spans *spans, const struct fw_span *wanted)
{
        for (uint32_t i = lower_bound(spans, wanted->field, wanted->first); i < spans->len; i++) {
                const struct fw_span *span = &spans->p[i];
                if (span->field != wanted->field || span->first != wanted->first)
                        return false;
                if (same_place(span, wanted))
                        return true;
        }
        return false;
}

void fw_spans_partners(struct fw_match_context *context, const struct fw_operation_node *node,
                       const struct fw_spans *left, const struct fw_spans *right, const struct fw_spans *within,
                       struct fw_spans *ret_left, struct fw_spans *ret_right)
{
        int32_t longest_right = longest(right);
        for (uint32_t i = 0; i < left->len; i++) {
                uint32_t low, high;
                const struct fw_span *a = &left->p[i];
                if (node->negated) {
                        if (contains(within, a))
                                fw_spans_add(context, ret_left, *a);
                        continue;
                }
                window(context, node, a, right, longest_right, &low, &high);
                for (uint32_t k = low; k < high && step(context); k++) {
                        struct fw_span both = union_of(a, &right->p[k]);
                        if (!is_near(context, node, a, &right->p[k]) || !contains(within, &both))
                                continue;
                        fw_spans_add(context, ret_left, *a);
                        fw_spans_add(context, ret_right, right->p[k]);
                }
        }
        fw_spans_tidy(ret_left);
        fw_spans_tidy(ret_right);
}
