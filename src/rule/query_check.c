#include "rule/query.h"

#include <errno.h>

/*
 * What a query must be beyond its grammar. Names are looked through: what may not stand somewhere may not stand there as
 * a name either, and the message is given where the name is used.
 */

/* Where in a query we are. */
struct place {
        bool in_field;       /* inside of a field or lead */
        struct fw_str field; /* which */
};

struct checker {
        const struct fw_query_world *world;
        struct fw_diag *diag;
        int result;
};

__attribute__((format(printf, 3, 4))) static void fail(struct checker *checker, const struct fw_query_node *node,
                                                       const char *format, ...)
{
        struct fw_buf message = FW_BUF_INIT(4096);
        va_list args;
        va_start(args, format);
        (void) fw_buf_vprintf(&message, format, args);
        va_end(args);
        fw_diag_add(checker->diag, FW_ERROR, fw_query_node_location(node), "%s", fw_buf_c(&message));
        fw_buf_done(&message);
        checker->result = -EINVAL;
}

/* What a name stands for; the node itself if it is none, NULL for one that is unknown or broken. */
static const struct fw_query_node *through_names(const struct fw_query_node *node)
{
        while (node && node->kind == FW_QUERY_NAME)
                node = node->definition ? node->definition->tree : NULL;
        return node;
}

/* ---- names and entities ---- */

static void resolve(struct checker *checker, struct fw_query_node *node);

static void resolve_name(struct checker *checker, struct fw_query_node *node)
{
        struct fw_definition *definition = checker->world->find_definition(checker->world->userdata, node->text);
        if (!definition) {
                struct fw_str nearest = checker->world->nearest_definition(checker->world->userdata, node->text);
                if (nearest.len)
                        fail(checker, node, "'$%.*s' is not defined; did you mean '$%.*s'?", FW_STR_ARG(node->text),
                             FW_STR_ARG(nearest));
                else
                        fail(checker, node, "'$%.*s' is not defined; add it to 'define:', or put the text into '…'",
                             FW_STR_ARG(node->text));
                return;
        }
        if (definition->checking) {
                fail(checker, node, "'$%.*s' is defined by itself; take it out of its own definition",
                     FW_STR_ARG(node->text));
                definition->broken = true;
                return;
        }
        if (fw_query_check_definition(definition, checker->world, checker->diag) < 0)
                checker->result = -EINVAL;
        else
                node->definition = definition;
}

static void resolve(struct checker *checker, struct fw_query_node *node)
{
        if (node->kind == FW_QUERY_NAME) {
                resolve_name(checker, node);
        } else if (node->kind == FW_QUERY_ENTITY) {
                node->selector = checker->world->find_entity(checker->world->userdata, node->text,
                                                             fw_query_node_location(node), checker->diag);
                if (!node->selector)
                        checker->result = -EINVAL;
        }
        for (size_t i = 0; i < node->children_len; i++)
                resolve(checker, node->children[i]);
}

/* ---- only excluding ---- */

static bool only_excludes(const struct fw_query_node *node)
{
        node = through_names(node);
        if (!node)
                return false;
        switch (node->kind) {
        case FW_QUERY_NOT:
                return true;
        case FW_QUERY_AND:
                for (size_t i = 0; i < node->children_len; i++) {
                        if (!only_excludes(node->children[i]))
                                return false;
                }
                return true;
        case FW_QUERY_FIELD:
        case FW_QUERY_FIRST:
                return only_excludes(node->children[0]);
        default:
                return false;
        }
}

static void check_children_find(struct checker *checker, const struct fw_query_node *node, const char *message)
{
        for (size_t i = 0; i < node->children_len; i++) {
                if (only_excludes(node->children[i]))
                        fail(checker, node->children[i], "%s", message);
        }
}

/* ---- sides of NEAR, operand of ATLEAST ---- */

/* The first part of a side that is no term, phrase, entity, NEAR, or OR of them; NULL if all is well. */
static const struct fw_query_node *not_a_side(const struct fw_query_node *node)
{
        const struct fw_query_node *inner = through_names(node);
        if (!inner)
                return NULL;
        switch (inner->kind) {
        case FW_QUERY_WORDS:
        case FW_QUERY_EXACT:
        case FW_QUERY_REGEX:
        case FW_QUERY_ENTITY:
        case FW_QUERY_NEAR:
                return NULL;
        case FW_QUERY_OR:
        case FW_QUERY_FIELD:
                for (size_t i = 0; i < inner->children_len; i++) {
                        const struct fw_query_node *bad = not_a_side(inner->children[i]);
                        if (bad)
                                return inner == node ? bad : node;
                }
                return NULL;
        default:
                return node;
        }
}

static const char *kind_text(const struct fw_query_node *node)
{
        switch (through_names(node)->kind) {
        case FW_QUERY_AND:
                return "AND or NOT";
        case FW_QUERY_FIRST:
                return "FIRST";
        case FW_QUERY_OF:
                return "n OF";
        case FW_QUERY_ATLEAST:
                return "ATLEAST";
        default:
                return "NOT";
        }
}

static void check_sides(struct checker *checker, const struct fw_query_node *node)
{
        for (size_t i = 0; i < node->children_len; i++) {
                const struct fw_query_node *bad = not_a_side(node->children[i]);
                if (!bad)
                        continue;
                if (node->kind == FW_QUERY_ATLEAST)
                        fail(checker, bad,
                             "ATLEAST counts terms, phrases, entities, and ORs of them, but this is %s; count each "
                             "apart "
                             "and join the counts with AND",
                             bad->kind == FW_QUERY_NAME ? "something else" : kind_text(bad));
                else
                        fail(checker, bad,
                             "a side of %s is a term, a phrase, an entity, or an OR of these, but this has %s; write "
                             "one "
                             "%s for each",
                             node->ordered ? "BEFORE" : "NEAR",
                             bad->kind == FW_QUERY_NAME ? "something else" : kind_text(bad),
                             node->ordered ? "BEFORE" : "NEAR");
        }
}

/* ---- the walk ---- */

static void check(struct checker *checker, const struct fw_query_node *node, struct place place,
                  const struct fw_query_node *use);

static void check_field(struct checker *checker, const struct fw_query_node *node, struct place *place,
                        const struct fw_query_node *use)
{
        if (place->in_field)
                fail(checker, use ? use : node,
                     "'%.*s:' cannot stand inside of '%.*s:'; close the one before the other", FW_STR_ARG(node->text),
                     FW_STR_ARG(place->field));
        place->in_field = true;
        place->field = node->text;
}

/* `use`: the name through which we came here, if any; messages that depend on the place go there. */
static void check(struct checker *checker, const struct fw_query_node *node, struct place place,
                  const struct fw_query_node *use)
{
        switch (node->kind) {
        case FW_QUERY_NAME:
                if (node->definition && place.in_field)
                        check(checker, node->definition->tree, place, use ? use : node);
                return;
        case FW_QUERY_FIELD:
                check_field(checker, node, &place, use);
                break;
        case FW_QUERY_OR:
                check_children_find(
                        checker, node,
                        "this side of OR only excludes, so it would match nearly everything; write what it is "
                        "excluded from: (a NOT b)");
                break;
        case FW_QUERY_OF:
                check_children_find(checker, node, "an element of 'n OF' must find something; this only excludes");
                break;
        case FW_QUERY_NOT:
                check_children_find(checker, node, "this is excluded twice; leave out both NOTs");
                break;
        case FW_QUERY_NEAR:
        case FW_QUERY_ATLEAST:
                check_sides(checker, node);
                break;
        default:
                break;
        }
        for (size_t i = 0; i < node->children_len; i++)
                check(checker, node->children[i], place, use);
}

int fw_query_check_definition(struct fw_definition *definition, const struct fw_query_world *world,
                              struct fw_diag *diag)
{
        if (definition->tree && !definition->checked) {
                struct checker checker = { .world = world, .diag = diag };
                definition->checking = true;
                resolve(&checker, definition->tree);
                check(&checker, definition->tree, (struct place){ 0 }, NULL);
                definition->checking = false;
                definition->checked = true;
                definition->broken = definition->broken || checker.result < 0;
        }
        return definition->tree && !definition->broken ? 0 : -EINVAL;
}

int fw_query_check(struct fw_query_node *tree, const struct fw_query_world *world, struct fw_diag *diag)
{
        struct checker checker = { .world = world, .diag = diag };
        resolve(&checker, tree);
        check(&checker, tree, (struct place){ 0 }, NULL);
        if (checker.result == 0 && only_excludes(tree))
                fail(&checker, tree, "the query only excludes; write what is to be found before NOT: 'a NOT b'");
        return checker.result;
}
