#include "rule/query.h"

/*
 * The canonical form: every group in parentheses, every operator spelt out, what is excluded after what it is excluded from.
 * Parsing it again gives the same tree.
 */

static int print(const struct fw_query_node *node, bool expand, struct fw_buf *out);

static int print_quoted(struct fw_str text, char quote, struct fw_buf *out)
{
        fw_buf_append_byte(out, quote);
        for (size_t i = 0; i < text.len; i++) {
                if (text.p[i] == quote || text.p[i] == '\\')
                        fw_buf_append_byte(out, '\\');
                fw_buf_append_byte(out, text.p[i]);
        }
        return fw_buf_append_byte(out, quote);
}

static bool is_excluded(const struct fw_query_node *node, size_t child)
{
        return node->kind == FW_QUERY_AND && node->children[child]->kind == FW_QUERY_NOT;
}

/* NOT binds tighter than AND: what several parts are to have excluded is "((a AND b) NOT c)". */
static bool needs_inner_parentheses(const struct fw_query_node *node)
{
        size_t excluded = 0;
        for (size_t i = 0; i < node->children_len; i++)
                excluded += is_excluded(node, i);
        return excluded > 0 && node->children_len - excluded > 1;
}

static void print_children(const struct fw_query_node *node, bool excluded, const char *parted_by, bool expand,
                           struct fw_buf *out)
{
        bool first = true;
        for (size_t i = 0; i < node->children_len; i++) {
                if (is_excluded(node, i) != excluded)
                        continue;
                if (!first || excluded)
                        fw_buf_append_c(out, parted_by);
                first = false;
                (void) print(node->children[i], expand, out);
        }
}

static int print_group(const struct fw_query_node *node, const char *operator_text, bool expand, struct fw_buf *out)
{
        bool inner = needs_inner_parentheses(node);
        fw_buf_append_c(out, inner ? "((" : "(");
        print_children(node, /* excluded= */ false, operator_text, expand, out);
        if (inner)
                fw_buf_append_byte(out, ')');
        print_children(node, /* excluded= */ true, " ", expand, out);
        return fw_buf_append_byte(out, ')');
}

static int print_near(const struct fw_query_node *node, bool expand, struct fw_buf *out)
{
        fw_buf_append_byte(out, '(');
        (void) print(node->children[0], expand, out);
        fw_buf_printf(out, " %s%s/", node->negated ? "NOT " : "", node->ordered ? "BEFORE" : "NEAR");
        if (node->unit == FW_NEAR_WORDS)
                fw_buf_printf(out, "%u ", node->number);
        else
                fw_buf_append_c(out, node->unit == FW_NEAR_SENTENCE ? "s " : "p ");
        (void) print(node->children[1], expand, out);
        return fw_buf_append_byte(out, ')');
}

static bool has_parentheses(const struct fw_query_node *node)
{
        return node->kind == FW_QUERY_AND || node->kind == FW_QUERY_OR || node->kind == FW_QUERY_NEAR ||
               (node->kind == FW_QUERY_NAME && node->definition);
}

/* FIRST/n(…), ATLEAST/n(…), field:(…) */
static int print_call(const struct fw_query_node *node, bool expand, struct fw_buf *out)
{
        const struct fw_query_node *child = node->children[0];
        bool own = has_parentheses(child) && (expand || child->kind != FW_QUERY_NAME);
        if (node->kind == FW_QUERY_FIELD)
                fw_buf_printf(out, "%.*s:", FW_STR_ARG(node->text));
        else
                fw_buf_printf(out, "%s/%u", node->kind == FW_QUERY_FIRST ? "FIRST" : "ATLEAST", node->number);
        bool needed = !own && (node->kind != FW_QUERY_FIELD || child->children_len);
        if (needed)
                fw_buf_append_byte(out, '(');
        (void) print(child, expand, out);
        return needed ? fw_buf_append_byte(out, ')') : out->error;
}

static int print_of(const struct fw_query_node *node, bool expand, struct fw_buf *out)
{
        fw_buf_printf(out, "%u OF (", node->number);
        for (size_t i = 0; i < node->children_len; i++) {
                if (i)
                        fw_buf_append_c(out, ", ");
                (void) print(node->children[i], expand, out);
        }
        return fw_buf_append_byte(out, ')');
}

static int print_name(const struct fw_query_node *node, bool expand, struct fw_buf *out)
{
        if (!expand || !node->definition || !node->definition->tree)
                return fw_buf_printf(out, "$%.*s", FW_STR_ARG(node->text));
        const struct fw_query_node *tree = node->definition->tree;
        bool own = has_parentheses(tree);
        if (!own)
                fw_buf_append_byte(out, '(');
        (void) print(tree, expand, out);
        return own ? out->error : fw_buf_append_byte(out, ')');
}

static int print_words(const struct fw_query_node *node, struct fw_buf *out)
{
        /* After a quotation mark a sign may begin a word; after white space it would be an operator. */
        bool sign = node->text.len && (node->text.p[0] == '+' || node->text.p[0] == '-');
        if (node->quoted || sign)
                return print_quoted(node->text, '"', out);
        /* As written: a bare word may hold escapes, and must again. */
        return fw_buf_append(out, fw_str_slice(node->origin->text, node->from, node->to));
}

static int print(const struct fw_query_node *node, bool expand, struct fw_buf *out)
{
        switch (node->kind) {
        case FW_QUERY_WORDS:
                return print_words(node, out);
        case FW_QUERY_EXACT:
                return print_quoted(node->text, '\'', out);
        case FW_QUERY_REGEX:
                fw_buf_append_byte(out, '/');
                fw_buf_append(out, node->text);
                fw_buf_append_byte(out, '/');
                return fw_buf_append(out, node->flags);
        case FW_QUERY_ENTITY:
                fw_buf_append_byte(out, '@');
                return fw_buf_append(out, node->text);
        case FW_QUERY_NAME:
                return print_name(node, expand, out);
        case FW_QUERY_AND:
                return print_group(node, " AND ", expand, out);
        case FW_QUERY_OR:
                return print_group(node, " OR ", expand, out);
        case FW_QUERY_NOT:
                fw_buf_append_c(out, "NOT ");
                return print(node->children[0], expand, out);
        case FW_QUERY_NEAR:
                return print_near(node, expand, out);
        case FW_QUERY_OF:
                return print_of(node, expand, out);
        case FW_QUERY_FIRST:
        case FW_QUERY_ATLEAST:
        case FW_QUERY_FIELD:
                return print_call(node, expand, out);
        }
        return out->error;
}

int fw_query_print(const struct fw_query_node *tree, bool expand, struct fw_buf *out)
{
        return print(tree, expand, out);
}
