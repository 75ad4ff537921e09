#include <errno.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <limits.h>

#include "base/limits.h"
#include "base/macros.h"
#include "base/vec.h"
#include "feed/limits.h"
#include "feed/xml.h"

/*
 * libxml2 compares each attribute of an element with each other, and walks all namespaces in scope for each element.
 * Both are bounded here: attributes are counted before libxml2 sees the document, by a lexer that is exact for
 * well-formed documents (and libxml2 is stopped at the first thing that is not); namespaces in scope and nesting
 * while it reads.
 */
struct strict {
        const struct fw_xml_handler *handler;
        void *userdata;
        struct fw_arena *arena;
        xmlParserCtxtPtr parser;
        struct fw_xml_attribute *attributes; /* FW_LIMIT_XML_ATTRIBUTES */
        FW_VEC(unsigned) namespaces;         /* declared by each open element */
        size_t namespaces_in_scope;
        struct {
                const xmlChar *uri; /* libxml2 keeps one copy of each */
                enum fw_namespace namespace;
        } known[16];
        bool refused;
        size_t first_line;
        struct fw_str problem;
};

const struct fw_str *fw_xml_attribute(const struct fw_xml_element *element, enum fw_namespace namespace,
                                      struct fw_str name)
{
        for (size_t i = 0; i < element->attributes_len; i++) {
                const struct fw_xml_attribute *attribute = &element->attributes[i];
                if (attribute->namespace == namespace && fw_str_eq_nocase(attribute->name, name))
                        return &attribute->value;
        }
        return NULL;
}

static struct fw_str view(const xmlChar *text)
{
        return fw_str_c((const char *) text);
}

static enum fw_namespace namespace_of(struct strict *s, const xmlChar *uri)
{
        if (!uri)
                return FW_NS_NONE;
        size_t slot = ((uintptr_t) uri >> 4) % FW_ARRAY_LEN(s->known);
        if (s->known[slot].uri != uri) {
                s->known[slot].uri = uri;
                s->known[slot].namespace = fw_namespace_of(view(uri));
        }
        return s->known[slot].namespace;
}

static void refuse(struct strict *s)
{
        s->refused = true;
        xmlStopParser(s->parser);
}

static void on_start(void *userdata, const xmlChar *name, fw_unused const xmlChar *prefix, const xmlChar *uri,
                     int namespaces, fw_unused const xmlChar **namespace_pairs, int attributes, fw_unused int defaulted,
                     const xmlChar **values)
{
        struct strict *s = userdata;
        s->namespaces_in_scope += (unsigned) namespaces;
        if (s->namespaces.len >= FW_LIMIT_NESTING || s->namespaces_in_scope > FW_LIMIT_XML_NAMESPACES ||
            (size_t) attributes > FW_LIMIT_XML_ATTRIBUTES) {
                refuse(s);
                return;
        }
        fw_vec_push(&s->namespaces, (unsigned) namespaces);
        for (int i = 0; i < attributes; i++, values += 5)
                s->attributes[i] = (struct fw_xml_attribute){
                        .name = view(values[0]),
                        .namespace = namespace_of(s, values[2]),
                        .value = fw_str_n((const char *) values[3], (size_t) (values[4] - values[3])),
                };
        struct fw_xml_element element = { .namespace = namespace_of(s, uri),
                                          .name = view(name),
                                          .uri = view(uri),
                                          .attributes = s->attributes,
                                          .attributes_len = (size_t) attributes };
        s->handler->start(s->userdata, &element);
}

static void on_end(void *userdata, fw_unused const xmlChar *name, fw_unused const xmlChar *prefix,
                   fw_unused const xmlChar *uri)
{
        struct strict *s = userdata;
        if (s->namespaces.len == 0)
                return;
        s->namespaces_in_scope -= s->namespaces.p[--s->namespaces.len];
        s->handler->end(s->userdata);
}

static void on_text(void *userdata, const xmlChar *text, int len)
{
        struct strict *s = userdata;
        s->handler->text(s->userdata, fw_str_n((const char *) text, (size_t) len));
}

/* Only names that XML does not know itself come here: HTML's, or the document's own. Both are the tolerant reader's. */
static xmlEntityPtr on_entity(void *userdata, fw_unused const xmlChar *name)
{
        refuse(userdata);
        return NULL;
}

static void on_error(void *userdata, const xmlError *error)
{
        struct strict *s = userdata;
        bool is_namespace_error = error->domain == XML_FROM_NAMESPACE && error->level >= XML_ERR_ERROR &&
                                  error->code != XML_WAR_NS_URI; /* the name of a namespace need not lead anywhere */
        if ((error->level < XML_ERR_FATAL && !is_namespace_error) || s->refused || s->problem.len > 0)
                return;
        struct fw_str words = fw_str_trim(fw_str_c(error->message));
        s->problem = fw_arena_printf(s->arena, "line %zu: %.*s", s->first_line + (size_t) FW_MAX(error->line, 1) - 1,
                                     FW_STR_ARG(words));
        xmlStopParser(s->parser);
}

static size_t after(struct fw_str text, size_t at, struct fw_str end)
{
        size_t found = fw_str_find(text, end, at);
        return found == SIZE_MAX ? text.len : found + end.len;
}

/* From the '<' of a tag to behind its '>'; SIZE_MAX if it has too many attributes. */
static size_t skip_tag(struct fw_str text, size_t at)
{
        size_t attributes = 0;
        for (at++; at < text.len && text.p[at] != '>'; at++) {
                char c = text.p[at];
                if (c == '"' || c == '\'')
                        at = after(text, at + 1, fw_str_n(&c, 1)) - 1;
                else if (c == '=' && ++attributes > FW_LIMIT_XML_ATTRIBUTES)
                        return SIZE_MAX;
        }
        return at;
}

/* False for what libxml2 would be slow on, or would read other than we want: see above. */
static bool is_tame(struct fw_str text)
{
        size_t at = 0;
        while (at < text.len && (at = fw_str_find_byte(text, '<', at)) != SIZE_MAX) {
                struct fw_str rest = fw_str_slice(text, at, text.len);
                if (fw_str_starts(rest, FW_STR("<![CDATA["))) {
                        at = after(text, at, FW_STR("]]>"));
                } else if (fw_str_starts(rest, FW_STR("<!--"))) {
                        at = after(text, at + 4, FW_STR("-->"));
                } else if (fw_str_starts(rest, FW_STR("<?"))) {
                        at = after(text, at, FW_STR("?>"));
                } else if (fw_str_starts(rest, FW_STR("<!"))) {
                        size_t end = after(text, at, FW_STR(">"));
                        if (fw_str_find_byte(fw_str_slice(text, at, end), '[', 0) != SIZE_MAX)
                                return false;
                        at = end;
                } else {
                        at = skip_tag(text, at);
                        if (at == SIZE_MAX)
                                return false;
                }
        }
        return true;
}

static void set_callbacks(xmlSAXHandler *sax)
{
        *sax = (xmlSAXHandler){
                .initialized = XML_SAX2_MAGIC,
                .startElementNs = on_start,
                .endElementNs = on_end,
                .characters = on_text,
                .cdataBlock = on_text,
                .ignorableWhitespace = on_text,
                .getEntity = on_entity,
                .serror = (xmlStructuredErrorFunc) (void (*)(void)) on_error,
        };
}

static void run(struct strict *s)
{
        set_callbacks(s->parser->sax);
        (void) xmlCtxtUseOptions(s->parser, XML_PARSE_HUGE | XML_PARSE_NONET | XML_PARSE_NOENT | XML_PARSE_IGNORE_ENC);
        s->parser->userData = s;
        (void) xmlParseDocument(s->parser);
        if (!s->parser->wellFormed && !s->refused && s->problem.len == 0)
                s->problem = fw_arena_printf(s->arena, "line %zu: not well-formed", s->first_line);
}

int fw_xml_read_strict(struct fw_str text, size_t first_line, const struct fw_xml_handler *handler, void *userdata,
                       struct fw_arena *arena, struct fw_str *ret_problem)
{
        *ret_problem = FW_STR_NONE;
        if (text.len > INT_MAX || !is_tame(text))
                return -EBADMSG;
        struct strict s = { .handler = handler, .userdata = userdata, .arena = arena, .first_line = first_line };
        s.parser = xmlCreateMemoryParserCtxt(text.p, (int) text.len);
        if (!s.parser)
                return -EBADMSG;
        s.attributes = fw_arena_new_array(arena, struct fw_xml_attribute, FW_LIMIT_XML_ATTRIBUTES);
        run(&s);
        bool good = s.parser->wellFormed && !s.refused;
        xmlFreeParserCtxt(s.parser);
        fw_vec_done(&s.namespaces);
        *ret_problem = s.problem;
        return good && s.problem.len == 0 ? 0 : -EBADMSG;
}
