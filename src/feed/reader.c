#include "feed/reader.h"

#include "base/macros.h"
#include "feed/base64.h"
#include "feed/fields.h"
#include "feed/html_links.h"
#include "feed/limits.h"
#include "feed/link.h"

void fw_reader_init(struct fw_reader *reader, struct fw_arena *arena, const struct fw_feed_hints *hints)
{
        *reader = (struct fw_reader){ .arena = arena, .hints = hints };
        reader->frames[0].place = FW_AT_ROOT;
        fw_finisher_init(&reader->finisher, arena);
        fw_buf_init(&reader->text, FW_BUF_UNBOUNDED);
        fw_buf_init(&reader->person_text, FW_BUF_UNBOUNDED);
        fw_item_draft_reset(&reader->item);
}

void fw_reader_done(struct fw_reader *reader)
{
        fw_finisher_done(&reader->finisher);
        fw_buf_done(&reader->text);
        fw_buf_done(&reader->person_text);
        fw_item_draft_done(&reader->item);
        fw_feed_draft_done(&reader->feed);
        fw_vec_done(&reader->items);
}

void fw_reader_capture(struct fw_reader *reader, enum fw_capture capture)
{
        reader->capture = capture;
        reader->capture_depth = reader->depth;
        reader->captured = reader->frames[reader->depth].field;
        reader->link_bytes = 0;
        fw_buf_reset(&reader->text);
}

void fw_reader_enter(struct fw_reader *reader, unsigned place)
{
        reader->frames[reader->depth].place = place;
}

struct fw_str fw_reader_base(const struct fw_reader *reader)
{
        return reader->frames[reader->depth].base;
}

struct fw_str fw_reader_link(const struct fw_reader *reader, struct fw_str link)
{
        return fw_link_resolve(fw_reader_base(reader), link, reader->arena);
}

struct fw_str fw_reader_attribute(const struct fw_xml_element *element, const char *name)
{
        const struct fw_str *value = fw_xml_attribute(element, FW_NS_NONE, fw_str_c(name));
        return value ? *value : FW_STR_NONE;
}

/*
 * RSS says nothing of relative links; sites mean them from their own address, which is the channel's link and often
 * not where the feed is served from. In Atom and the rest it is where the document came from (RFC 4287 §2).
 */
struct fw_str fw_reader_document_base(const struct fw_reader *reader)
{
        const struct fw_str home = reader->feed.home_page_url.value, self = reader->feed.feed_url.value;
        const struct fw_str rss[] = { home, reader->hints->url, self };
        const struct fw_str atom[] = { reader->hints->url, self, home };
        for (size_t i = 0; i < FW_ARRAY_LEN(rss); i++) {
                struct fw_str base = reader->is_atom ? atom[i] : rss[i];
                if (fw_link_is_http(base) && base.len <= FW_LIMIT_LINK_BASE_BYTES)
                        return base;
        }
        return reader->hints->url;
}

/* The root's namespace, if nobody knows it, is that of the format that the root's name tells. */
static unsigned vocabulary_of(const struct fw_reader *reader, enum fw_namespace namespace, struct fw_str uri)
{
        unsigned own = reader->is_atom ? FW_VOCABULARY_ATOM : FW_VOCABULARY_RSS;
        switch (namespace) {
        case FW_NS_NONE:
                return own;
        case FW_NS_RSS:
        case FW_NS_RSS_090:
        case FW_NS_RSS_10:
                return FW_VOCABULARY_RSS;
        case FW_NS_ATOM_03:
        case FW_NS_ATOM_10:
                return FW_VOCABULARY_ATOM;
        case FW_NS_RDF:
                return FW_VOCABULARY_RDF;
        case FW_NS_DC:
                return FW_VOCABULARY_DC;
        case FW_NS_CONTENT:
                return FW_VOCABULARY_CONTENT;
        case FW_NS_MEDIA:
                return FW_VOCABULARY_MEDIA;
        case FW_NS_ITUNES:
                return FW_VOCABULARY_ITUNES;
        case FW_NS_SYNDICATION:
                return FW_VOCABULARY_SYNDICATION;
        case FW_NS_XHTML:
                return FW_VOCABULARY_XHTML;
        case FW_NS_XML:
        case FW_NS_OTHER:
                break;
        }
        return reader->has_root && fw_str_eq(uri, reader->root_uri) ? own : 0;
}

bool fw_reader_is_atom(const struct fw_reader *reader, const struct fw_xml_element *element)
{
        return vocabulary_of(reader, element->namespace, element->uri) == FW_VOCABULARY_ATOM;
}

/* xml:base and xml:lang of an element; the language counts for the item or feed that it stands on or in. */
static void scope_base(struct fw_reader *reader, const struct fw_xml_element *element)
{
        struct fw_frame *frame = &reader->frames[reader->depth];
        const struct fw_str *base = fw_xml_attribute(element, FW_NS_XML, FW_STR("base"));
        if (!base || base->len > FW_LIMIT_LINK_BASE_BYTES)
                return;
        struct fw_str outer = frame->base.len > 0 ? frame->base : fw_reader_document_base(reader);
        struct fw_str resolved = fw_link_resolve(outer, *base, reader->arena);
        if (resolved.len <= FW_LIMIT_LINK_BASE_BYTES)
                frame->base = resolved;
}

enum {
        RANK_OF_ELEMENT_LANGUAGE = 0,  /* on the feed or item itself */
        RANK_OF_CONTENT_LANGUAGE = 10, /* on its content */
        RANK_OF_TEXT_LANGUAGE = 11,    /* on another of its texts */
};

static void scope_language(struct fw_reader *reader, const struct fw_xml_element *element, bool is_item)
{
        const struct fw_str *language = fw_xml_attribute(element, FW_NS_XML, FW_STR("lang"));
        if (!language)
                return;
        const struct fw_field *field = reader->frames[reader->depth].field;
        bool is_content = field && field->end == fw_end_content;
        unsigned rank = is_item      ? RANK_OF_ELEMENT_LANGUAGE
                        : is_content ? RANK_OF_CONTENT_LANGUAGE
                                     : RANK_OF_TEXT_LANGUAGE;
        if (reader->in_item)
                fw_draft_set_string(&reader->item.language, *language, FW_STR_NONE, rank, reader->arena);
        else if (reader->depth <= 2)
                fw_draft_set_string(&reader->feed.language, *language, FW_STR_NONE, RANK_OF_TEXT_LANGUAGE,
                                    reader->arena);
}

static const char *const void_elements[] = { "area",  "base", "br",   "col",    "embed", "hr",  "img",
                                             "input", "link", "meta", "source", "track", "wbr", "param" };

static bool is_void(struct fw_str name)
{
        for (size_t i = 0; i < FW_ARRAY_LEN(void_elements); i++)
                if (fw_str_eq(name, fw_str_c(void_elements[i])))
                        return true;
        return false;
}

static void append_escaped(struct fw_buf *out, struct fw_str text)
{
        size_t start = 0;
        for (size_t i = 0; i < text.len; i++) {
                const char *escape = text.p[i] == '&'   ? "&amp;"
                                     : text.p[i] == '<' ? "&lt;"
                                     : text.p[i] == '>' ? "&gt;"
                                     : text.p[i] == '"' ? "&quot;"
                                                        : NULL;
                if (!escape)
                        continue;
                (void) fw_buf_append(out, fw_str_slice(text, start, i));
                (void) fw_buf_append_c(out, escape);
                start = i + 1;
        }
        (void) fw_buf_append(out, fw_str_slice(text, start, text.len));
}

static void write_attribute(struct fw_reader *reader, const struct fw_xml_attribute *attribute)
{
        struct fw_str value = attribute->value;
        size_t most = FW_LIMIT_LINK_GROWTH_BYTES + FW_LIMIT_LINK_GROWTH_RATIO * (reader->text.len - reader->link_bytes);
        if (fw_html_is_link_attribute(attribute->name) && fw_reader_base(reader).len > 0 && reader->link_bytes < most) {
                value = fw_reader_link(reader, value);
                reader->link_bytes += value.len;
        }
        (void) fw_buf_append_byte(&reader->text, ' ');
        (void) fw_buf_append(&reader->text, attribute->name);
        (void) fw_buf_append_c(&reader->text, "=\"");
        append_escaped(&reader->text, value);
        (void) fw_buf_append_byte(&reader->text, '"');
}

/* Markup inside a captured text, as HTML: prefixes and namespaces left out. */
static void write_start(struct fw_reader *reader, const struct fw_xml_element *element)
{
        struct fw_frame *frame = &reader->frames[reader->depth];
        frame->written = FW_STR_NONE;
        if (reader->capture != FW_CAPTURE_HTML && reader->capture != FW_CAPTURE_XHTML)
                return;
        (void) fw_buf_append_byte(&reader->text, '<');
        (void) fw_buf_append(&reader->text, element->name);
        for (size_t i = 0; i < element->attributes_len; i++)
                if (element->attributes[i].namespace == FW_NS_NONE)
                        write_attribute(reader, &element->attributes[i]);
        (void) fw_buf_append_byte(&reader->text, '>');
        if (!is_void(element->name))
                frame->written = fw_arena_copy(reader->arena, element->name);
}

static void write_end(struct fw_reader *reader)
{
        struct fw_str name = reader->frames[reader->depth].written;
        if (name.len == 0)
                return;
        (void) fw_buf_append_c(&reader->text, "</");
        (void) fw_buf_append(&reader->text, name);
        (void) fw_buf_append_byte(&reader->text, '>');
}

static const struct fw_field *find_field(const struct fw_reader *reader, const struct fw_xml_element *element,
                                         unsigned place)
{
        unsigned vocabulary = vocabulary_of(reader, element->namespace, element->uri);
        const struct fw_field *field = vocabulary ? fw_field_find(vocabulary, element->name, place) : NULL;
        if (field || !(vocabulary & (FW_VOCABULARY_RSS | FW_VOCABULARY_ATOM)))
                return field;
        /* a word of the one format in the other's namespace: people do that, and it can only be meant so */
        return fw_field_find(vocabulary ^ (FW_VOCABULARY_RSS | FW_VOCABULARY_ATOM), element->name, place);
}

static enum fw_feed_format rss_format(struct fw_str version)
{
        static const struct {
                const char *version;
                enum fw_feed_format format;
        } versions[] = { { "0.90", FW_FEED_RSS_090 }, { "0.91", FW_FEED_RSS_091 }, { "0.92", FW_FEED_RSS_092 },
                         { "0.93", FW_FEED_RSS_093 }, { "0.94", FW_FEED_RSS_094 }, { "1.0", FW_FEED_RSS_10 } };
        for (size_t i = 0; i < FW_ARRAY_LEN(versions); i++)
                if (fw_str_eq(fw_str_trim(version), fw_str_c(versions[i].version)))
                        return versions[i].format;
        return FW_FEED_RSS_20;
}

static void start_atom_root(struct fw_reader *reader, const struct fw_xml_element *element)
{
        bool is_03 = element->namespace == FW_NS_ATOM_03 ||
                     (element->namespace != FW_NS_ATOM_10 && fw_reader_attribute(element, "version").len > 0);
        reader->is_atom = true;
        reader->feed.feed.format = is_03 ? FW_FEED_ATOM_03 : FW_FEED_ATOM_10;
}

/* True if what is in the root of that name is to be read; sets the format. */
static bool is_root_of_feed(struct fw_reader *reader, const struct fw_xml_element *element)
{
        struct fw_str name = element->name;
        if (fw_str_eq_nocase(name, FW_STR("feed")) || fw_str_eq_nocase(name, FW_STR("entry")))
                start_atom_root(reader, element);
        else if (fw_str_eq_nocase(name, FW_STR("rss")))
                reader->feed.feed.format = rss_format(fw_reader_attribute(element, "version"));
        else if (fw_str_eq_nocase(name, FW_STR("rdf")))
                reader->feed.feed.format = FW_FEED_RSS_10;
        else if (fw_str_eq_nocase(name, FW_STR("channel")))
                reader->feed.feed.format = FW_FEED_CDF;
        else
                return false;
        return true;
}

/*
 * The root tells the format, and a second one of its name (in a document that is not well-formed) goes on with it.
 * True if this was it, and nothing is left to do with it; an Atom entry alone and CDF's channel are fields too (RFC
 * 4287 §2).
 */
static bool start_root(struct fw_reader *reader, const struct fw_xml_element *element)
{
        if (reader->depth != 1 || (reader->has_root && !fw_str_eq(element->name, reader->root_name)))
                return false;
        if (!reader->has_root) {
                reader->has_root = true;
                reader->root_name = fw_arena_copy(reader->arena, element->name);
                reader->root_uri = fw_arena_copy(reader->arena, element->uri);
                reader->is_feed = is_root_of_feed(reader, element);
        }
        if (!reader->is_feed)
                return true;
        fw_reader_enter(reader, reader->is_atom ? FW_AT_FEED : FW_AT_ROOT);
        return !fw_str_eq_nocase(element->name, FW_STR("entry")) && !fw_str_eq_nocase(element->name, FW_STR("channel"));
}

static void on_start(void *userdata, const struct fw_xml_element *element)
{
        struct fw_reader *reader = userdata;
        struct fw_frame *frame = &reader->frames[reader->depth + 1];
        *frame = (struct fw_frame){ .place = FW_AT_NOTHING, .base = frame[-1].base };
        unsigned place = frame[-1].place;
        reader->depth++;
        if (place == FW_AT_NOTHING && reader->capture == FW_CAPTURE_NONE)
                return;
        scope_base(reader, element);
        if (reader->capture != FW_CAPTURE_NONE) {
                write_start(reader, element);
                return;
        }
        const struct fw_field *field = start_root(reader, element) ? NULL : find_field(reader, element, place);
        bool was_in_item = reader->in_item;
        if (field) {
                frame->field = field;
                field->start(reader, element, field);
        } else if (place == FW_AT_PERSON) {
                frame->place = FW_AT_PERSON; /* markup about a name */
        }
        scope_language(reader, element, !was_in_item);
}

static void append_text(struct fw_reader *reader, struct fw_str text)
{
        if (reader->capture == FW_CAPTURE_XHTML)
                append_escaped(&reader->text, text);
        else
                (void) fw_buf_append(&reader->text, text);
}

static void on_text(void *userdata, struct fw_str text)
{
        struct fw_reader *reader = userdata;
        if (reader->capture != FW_CAPTURE_NONE)
                append_text(reader, text);
        else if (reader->frames[reader->depth].place == FW_AT_PERSON)
                (void) fw_buf_append(&reader->person_text, text);
}

static void end_capture(struct fw_reader *reader)
{
        enum fw_capture capture = reader->capture;
        const struct fw_field *field = reader->captured;
        reader->capture = FW_CAPTURE_NONE;
        if (!field || !field->end)
                return;
        struct fw_str text = fw_buf_str(&reader->text);
        bool is_html = capture == FW_CAPTURE_HTML || capture == FW_CAPTURE_XHTML || capture == FW_CAPTURE_BASE64_HTML;
        if (capture == FW_CAPTURE_BASE64_PLAIN || capture == FW_CAPTURE_BASE64_HTML)
                text = fw_base64_decode(text, reader->arena);
        field->end(reader, field, is_html ? FW_TEXT_HTML : FW_TEXT_PLAIN, text);
}

static void on_end(void *userdata)
{
        struct fw_reader *reader = userdata;
        const struct fw_frame *frame = &reader->frames[reader->depth];
        if (reader->capture != FW_CAPTURE_NONE) {
                if (reader->depth == reader->capture_depth)
                        end_capture(reader);
                else
                        write_end(reader);
        } else if (frame->field && frame->field->end && frame->place != FW_AT_NOTHING) {
                frame->field->end(reader, frame->field, FW_TEXT_NONE, FW_STR_NONE);
        }
        reader->depth--;
}

const struct fw_xml_handler fw_reader_handler = { .start = on_start, .end = on_end, .text = on_text };
