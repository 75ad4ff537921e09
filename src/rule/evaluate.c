#include "rule/context.h"

/*
 * Decides nodes, each once for an item. A group asks its children in the order of their rarity and stops when it knows; lists
 * of occurrences are made only where something asks for them.
 */

static struct fw_node_state *state_of(struct fw_match_context *context, uint32_t index)
{
        struct fw_node_state *state = &context->node_states[index];
        if (state->item != context->item)
                *state = (struct fw_node_state){ .item = context->item };
        return state;
}

static const struct fw_operation_node *node_at(const struct fw_match_context *context, uint32_t index)
{
        return &context->ruleset->program.nodes.p[index];
}

static const uint32_t *children_of(const struct fw_match_context *context, const struct fw_operation_node *node)
{
        return &context->ruleset->program.children.p[node->first];
}

/* ---- occurrences ---- */

static void union_spans(struct fw_match_context *context, const struct fw_operation_node *node, struct fw_spans *ret)
{
        const uint32_t *children = children_of(context, node);
        for (uint32_t i = 0; i < node->len; i++) {
                const struct fw_spans *spans = fw_node_spans(context, children[i]);
                for (uint32_t k = 0; k < spans->len; k++)
                        fw_spans_add(context, ret, spans->p[k]);
        }
        fw_spans_tidy(ret);
}

static void near_spans(struct fw_match_context *context, const struct fw_operation_node *node, bool any,
                       struct fw_spans *ret)
{
        const uint32_t *children = children_of(context, node);
        /* The rarer side first: it may spare the other. */
        bool right_first = node_at(context, children[1])->weight < node_at(context, children[0])->weight;
        if (right_first && !node->negated && fw_node_spans(context, children[1])->len == 0)
                return;
        const struct fw_spans *left = fw_node_spans(context, children[0]);
        if (left->len == 0)
                return;
        const struct fw_spans *right = fw_node_spans(context, children[1]);
        if (right->len || node->negated)
                fw_spans_near(context, node, left, right, any, ret);
}

const struct fw_spans *fw_node_spans(struct fw_match_context *context, uint32_t index)
{
        struct fw_node_state *state = state_of(context, index);
        if (state->has_spans) {
                context->limited = context->limited || state->limited;
                return &state->spans;
        }
        bool limited_before = context->limited;
        context->limited = false;
        const struct fw_operation_node *node = node_at(context, index);
        struct fw_spans spans = { 0 };
        if (node->op == FW_OP_OR)
                union_spans(context, node, &spans);
        else if (node->op == FW_OP_NEAR)
                near_spans(context, node, false, &spans);
        else
                fw_leaf_spans(context, node, &spans);
        state->spans = spans;
        state->has_spans = true;
        state->limited = context->limited;
        context->limited = limited_before || state->limited;
        return &state->spans;
}

/* ---- verdicts ---- */

static bool and_holds(struct fw_match_context *context, const struct fw_operation_node *node)
{
        const uint32_t *children = children_of(context, node);
        for (uint32_t i = 0; i < node->len; i++) {
                if (fw_node_holds(context, children[i]) != (i < node->required))
                        return false;
        }
        return true;
}

/* At least `wanted` of the children. */
static bool some_hold(struct fw_match_context *context, const struct fw_operation_node *node, uint32_t wanted)
{
        const uint32_t *children = children_of(context, node);
        uint32_t found = 0;
        for (uint32_t i = 0; i < node->len && found < wanted && found + (node->len - i) >= wanted; i++)
                found += fw_node_holds(context, children[i]);
        return found >= wanted;
}

static bool near_holds(struct fw_match_context *context, const struct fw_operation_node *node)
{
        struct fw_spans spans = { 0 };
        near_spans(context, node, true, &spans);
        return spans.len > 0;
}

static bool decide(struct fw_match_context *context, uint32_t index)
{
        const struct fw_operation_node *node = node_at(context, index);
        switch (node->op) {
        case FW_OP_NEVER:
                return false;
        case FW_OP_AND:
                return and_holds(context, node);
        case FW_OP_OR:
                return some_hold(context, node, 1);
        case FW_OP_OF:
                return some_hold(context, node, node->number);
        case FW_OP_ATLEAST:
                return fw_node_spans(context, children_of(context, node)[0])->len >= node->number;
        case FW_OP_NEAR:
                return near_holds(context, node);
        default:
                return fw_node_spans(context, index)->len > 0;
        }
}

bool fw_node_holds(struct fw_match_context *context, uint32_t index)
{
        struct fw_node_state *state = state_of(context, index);
        if (state->verdict != FW_UNDECIDED) {
                context->limited = context->limited || state->limited;
                return state->verdict == FW_HOLDS;
        }
        bool limited_before = context->limited;
        context->limited = false;
        bool holds = decide(context, index);
        state->verdict = holds ? FW_HOLDS : FW_FAILS;
        state->limited = state->limited || context->limited;
        context->limited = limited_before || state->limited;
        return holds;
}
