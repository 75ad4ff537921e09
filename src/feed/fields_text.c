#include "feed/fields.h"

#include "base/macros.h"

/* Media types that are XML inside XML: their children are the content. */
static bool is_xml_type(struct fw_str type)
{
        return fw_str_ends(type, FW_STR("/xml")) || fw_str_ends(type, FW_STR("+xml"));
}

static bool is_html_type(struct fw_str type)
{
        return fw_str_eq_nocase(type, FW_STR("html")) || fw_str_eq_nocase(type, FW_STR("text/html")) ||
               fw_str_starts_nocase(type, FW_STR("text/html;"));
}

static bool is_xhtml_type(struct fw_str type)
{
        return fw_str_eq_nocase(type, FW_STR("xhtml")) || fw_str_eq_nocase(type, FW_STR("application/xhtml+xml"));
}

/* RFC 4287 §3.1.1 and §4.1.3.3. */
static enum fw_capture atom_10_capture(struct fw_str type)
{
        if (is_xhtml_type(type) || is_xml_type(type))
                return FW_CAPTURE_XHTML;
        if (is_html_type(type))
                return FW_CAPTURE_HTML;
        bool is_base64 = fw_str_find_byte(type, '/', 0) != SIZE_MAX && !fw_str_starts_nocase(type, FW_STR("text/"));
        return is_base64 ? FW_CAPTURE_BASE64_HTML : FW_CAPTURE_PLAIN;
}

/* Atom 0.3 §3.1: `type` is a media type, `mode` how it is written. */
static enum fw_capture atom_03_capture(struct fw_str type, struct fw_str mode)
{
        bool is_html = is_html_type(type) || is_xhtml_type(type);
        if (fw_str_eq_nocase(mode, FW_STR("base64")))
                return fw_str_eq_nocase(type, FW_STR("text/plain")) ? FW_CAPTURE_BASE64_PLAIN : FW_CAPTURE_BASE64_HTML;
        if (fw_str_eq_nocase(mode, FW_STR("escaped")))
                return is_html || type.len == 0 ? FW_CAPTURE_HTML : FW_CAPTURE_PLAIN;
        return is_html || is_xml_type(type) ? FW_CAPTURE_XHTML : FW_CAPTURE_PLAIN;
}

static enum fw_capture capture_for(const struct fw_reader *reader, const struct fw_xml_element *element)
{
        struct fw_str type = fw_str_trim(fw_reader_attribute(element, "type"));
        struct fw_str mode = fw_reader_attribute(element, "mode");
        if (fw_reader_is_atom(reader, element)) {
                bool is_03 = element->namespace == FW_NS_ATOM_03 || reader->feed.feed.format == FW_FEED_ATOM_03;
                bool is_old_word = mode.len > 0 || (is_03 && fw_str_find_byte(type, '/', 0) != SIZE_MAX);
                return is_03 && (is_old_word || type.len == 0) ? atom_03_capture(type, mode) : atom_10_capture(type);
        }
        if (element->namespace == FW_NS_XHTML)
                return FW_CAPTURE_XHTML;
        const struct fw_str *parse_type = fw_xml_attribute(element, FW_NS_RDF, FW_STR("parseType"));
        if (parse_type && fw_str_eq_nocase(*parse_type, FW_STR("Literal")))
                return FW_CAPTURE_XHTML;
        bool is_plain = element->namespace == FW_NS_MEDIA && fw_str_eq_nocase(type, FW_STR("plain"));
        return is_plain ? FW_CAPTURE_PLAIN : FW_CAPTURE_HTML;
}

void fw_start_text(struct fw_reader *reader, const struct fw_xml_element *element,
                   fw_unused const struct fw_field *field)
{
        fw_reader_capture(reader, capture_for(reader, element));
}

void fw_start_plain(struct fw_reader *reader, fw_unused const struct fw_xml_element *element,
                    fw_unused const struct fw_field *field)
{
        fw_reader_capture(reader, FW_CAPTURE_PLAIN);
}

enum { RANK_OF_CONTENT_SOURCE = 9 };

/* Content elsewhere (RFC 4287 §4.1.3.2) is no text, but where to read the entry if nothing better says so. */
void fw_start_content(struct fw_reader *reader, const struct fw_xml_element *element, const struct fw_field *field)
{
        struct fw_str source = fw_reader_attribute(element, "src");
        if (source.len > 0 && fw_reader_is_atom(reader, element))
                fw_draft_set_string(&reader->item.url, source, fw_reader_base(reader), RANK_OF_CONTENT_SOURCE,
                                    reader->arena);
        fw_start_text(reader, element, field);
}

static void set_text(struct fw_reader *reader, struct fw_draft_text *target, const struct fw_field *field,
                     enum fw_text_kind kind, struct fw_str text)
{
        fw_draft_set_text(target, kind, text, fw_reader_base(reader), field->rank, reader->arena);
}

void fw_end_title(struct fw_reader *reader, const struct fw_field *field, enum fw_text_kind kind, struct fw_str text)
{
        set_text(reader, reader->in_item ? &reader->item.title : &reader->feed.title, field, kind, text);
}

void fw_end_description(struct fw_reader *reader, const struct fw_field *field, enum fw_text_kind kind,
                        struct fw_str text)
{
        set_text(reader, reader->in_item ? &reader->item.description : &reader->feed.description, field, kind, text);
}

void fw_end_summary(struct fw_reader *reader, const struct fw_field *field, enum fw_text_kind kind, struct fw_str text)
{
        set_text(reader, &reader->item.summary, field, kind, text);
}

void fw_end_content(struct fw_reader *reader, const struct fw_field *field, enum fw_text_kind kind, struct fw_str text)
{
        set_text(reader, &reader->item.content, field, kind, text);
}
