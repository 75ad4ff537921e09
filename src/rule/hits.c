#include "rule/context.h"

/*
 * Which words made a rule match: the occurrences of the leaves that hold, and below a NEAR only those that have a partner.
 */

struct collector {
        struct fw_match_context *context;
        FW_VEC(struct fw_hit) hits;
};

static bool is_within(const struct fw_spans *within, const struct fw_span *span)
{
        for (uint32_t i = 0; i < within->len; i++) {
                const struct fw_span *outer = &within->p[i];
                if (outer->field == span->field && outer->from <= span->from && span->to <= outer->to)
                        return true;
        }
        return false;
}

static void add_hit(struct collector *collector, const struct fw_span *span, struct fw_str term)
{
        const struct fw_item_field *field = &collector->context->fields.p[span->field];
        struct fw_hit hit = { .field_index = field->index, .term = term };
        if (field->index == FW_NONE)
                return;
        fw_plain_to_source(field->plain, span->from, span->to, &hit.start, &hit.end);
        fw_vec_push(&collector->hits, hit);
}

static void collect(struct collector *collector, uint32_t index, const struct fw_spans *within);

static void collect_near(struct collector *collector, const struct fw_operation_node *node, const uint32_t *children,
                         const struct fw_spans *within)
{
        struct fw_match_context *context = collector->context;
        const struct fw_spans *left = fw_node_spans(context, children[0]), *right = fw_node_spans(context, children[1]);
        struct fw_spans left_kept = { 0 }, right_kept = { 0 };
        fw_spans_partners(context, node, left, right, within, &left_kept, &right_kept);
        collect(collector, children[0], &left_kept);
        if (!node->negated)
                collect(collector, children[1], &right_kept);
}

/* `within` NULL: all occurrences; else only those that lie in one of these. */
static void collect(struct collector *collector, uint32_t index, const struct fw_spans *within)
{
        struct fw_match_context *context = collector->context;
        const struct fw_operation_node *node = &context->ruleset->program.nodes.p[index];
        if (collector->hits.len >= 4 * FW_LIMIT_HITS || !fw_node_holds(context, index))
                return;
        if (node->op == FW_OP_NEAR) {
                const struct fw_spans *spans = fw_node_spans(context, index);
                collect_near(collector, node, &context->ruleset->program.children.p[node->first],
                             within ? within : spans);
                return;
        }
        if (node->op >= FW_OP_AND) {
                uint32_t len = node->op == FW_OP_AND ? node->required : node->len;
                for (uint32_t i = 0; i < len; i++)
                        collect(collector, context->ruleset->program.children.p[node->first + i], within);
                return;
        }
        const struct fw_spans *spans = fw_node_spans(context, index);
        for (uint32_t i = 0; i < spans->len; i++) {
                if (!within || is_within(within, &spans->p[i]))
                        add_hit(collector, &spans->p[i], context->ruleset->program.labels.p[index]);
        }
}

static int by_place(const void *a, const void *b)
{
        const struct fw_hit *x = a, *y = b;
        if (x->field_index != y->field_index)
                return x->field_index < y->field_index ? -1 : 1;
        if (x->start != y->start)
                return x->start < y->start ? -1 : 1;
        if (x->end != y->end)
                return x->end < y->end ? -1 : 1;
        return fw_str_cmp(x->term, y->term);
}

const struct fw_hit *fw_collect_hits(struct fw_match_context *context, uint32_t index, size_t *ret_len)
{
        struct collector collector = { .context = context };
        collect(&collector, index, NULL);
        if (collector.hits.len)
                qsort(collector.hits.p, collector.hits.len, sizeof(*collector.hits.p), by_place);
        struct fw_hit *hits =
                fw_arena_new_array(context->arena, struct fw_hit, FW_MIN(collector.hits.len, FW_LIMIT_HITS));
        size_t len = 0;
        for (size_t i = 0; i < collector.hits.len && len < FW_LIMIT_HITS; i++) {
                const struct fw_hit *hit = &collector.hits.p[i];
                if (len && hits[len - 1].field_index == hit->field_index && hits[len - 1].start == hit->start &&
                    hits[len - 1].end == hit->end)
                        continue;
                hits[len++] = *hit;
        }
        fw_vec_done(&collector.hits);
        *ret_len = len;
        return hits;
}
