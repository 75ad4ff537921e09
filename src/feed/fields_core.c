#include "base/macros.h"
#include "feed/fields.h"
#include "feed/limits.h"
#include "feed/link.h"

enum {
        RANK_OF_RDF_ABOUT = 2,
        RANK_OF_GUID_AS_LINK = 7,
        RANK_OF_ITEM_HREF = 8, /* CDF's attribute */
};

void fw_start_item(struct fw_reader *reader, const struct fw_xml_element *element,
                   fw_unused const struct fw_field *field)
{
        fw_item_draft_reset(&reader->item);
        reader->in_item = true;
        fw_reader_enter(reader, FW_AT_ITEM);
        struct fw_item_draft *item = &reader->item;
        const struct fw_str *about = fw_xml_attribute(element, FW_NS_RDF, FW_STR("about"));
        if (about)
                fw_draft_set_string(&item->id, *about, FW_STR_NONE, RANK_OF_RDF_ABOUT, reader->arena);
        if (reader->feed.feed.format == FW_FEED_RSS_10 && element->namespace == FW_NS_RSS_090)
                reader->feed.feed.format = FW_FEED_RSS_090;
        fw_draft_set_string(&item->url, fw_reader_attribute(element, "href"), fw_reader_base(reader), RANK_OF_ITEM_HREF,
                            reader->arena);
        fw_draft_set_date(&item->modified, fw_reader_attribute(element, "lastmod"), 0);
}

void fw_end_item(struct fw_reader *reader, fw_unused const struct fw_field *field, fw_unused enum fw_text_kind kind,
                 fw_unused struct fw_str text)
{
        reader->in_item = false;
        if (reader->items.len < FW_LIMIT_FEED_ITEMS)
                fw_vec_push(&reader->items,
                            fw_item_finish(&reader->item, fw_reader_document_base(reader), &reader->finisher));
        else if (reader->complaint.len == 0)
                reader->complaint = fw_arena_printf(reader->arena, "more than %zu items; the rest is left out",
                                                    FW_LIMIT_FEED_ITEMS);
}

/* The channel, and the list of items in RSS 1.0, which some fill with the items themselves. */
void fw_start_channel(struct fw_reader *reader, const struct fw_xml_element *element,
                      fw_unused const struct fw_field *field)
{
        fw_reader_enter(reader, FW_AT_FEED);
        reader->has_channel = true;
        if (reader->feed.feed.format == FW_FEED_RSS_10 && element->namespace == FW_NS_RSS_090)
                reader->feed.feed.format = FW_FEED_RSS_090;
        fw_draft_set_string(&reader->feed.home_page_url, fw_reader_attribute(element, "href"), fw_reader_base(reader),
                            RANK_OF_ITEM_HREF, reader->arena);
}

/* The registered name of a link relation, without IANA's URI about it. */
static struct fw_str relation_name(struct fw_str relation)
{
        static const char *const prefixes[] = { "http://www.iana.org/assignments/relation/",
                                                "http://www.iana.org/assignments/link-relations/" };
        relation = fw_str_trim(relation);
        for (size_t i = 0; i < FW_ARRAY_LEN(prefixes); i++)
                if (fw_str_starts_nocase(relation, fw_str_c(prefixes[i])))
                        relation = fw_str_slice(relation, strlen(prefixes[i]), relation.len);
        return relation.len > 0 ? relation : FW_STR("alternate");
}

static uint64_t positive_number(struct fw_str text)
{
        uint64_t number;
        return fw_str_to_u64(fw_str_trim(text), &number) == 0 ? number : 0;
}

static void add_attachment(struct fw_reader *reader, struct fw_str url, struct fw_str type, struct fw_str length,
                           struct fw_str title)
{
        url = fw_str_trim(url);
        if (url.len == 0)
                return;
        struct fw_attachment attachment = {
                .url = fw_reader_link(reader, url),
                .mime_type = fw_arena_copy(reader->arena, fw_str_trim(type)),
                .title = fw_arena_copy(reader->arena, fw_str_trim(title)),
                .size_bytes = positive_number(length),
        };
        fw_draft_add_attachment(&reader->item.attachments, &attachment);
}

/*
 * An alternate in HTML is the best link, then one that says nothing, then one in another format. "ALTERNATE" is
 * strictly another relation (RFC 4287 §4.2.7.2 compares character by character), and serves if there is nothing
 * better.
 */
static unsigned rank_of_alternate(const struct fw_field *field, struct fw_str relation, struct fw_str type)
{
        bool is_html = fw_str_starts_nocase(type, FW_STR("text/html")) ||
                       fw_str_eq_nocase(type, FW_STR("application/xhtml+xml"));
        return field->rank + (is_html ? 0 : type.len == 0 ? 1 : 2) + (fw_str_eq(relation, FW_STR("alternate")) ? 0 : 3);
}

static void take_item_link(struct fw_reader *reader, const struct fw_xml_element *element, const struct fw_field *field,
                           struct fw_str relation, struct fw_str href)
{
        struct fw_str type = fw_str_trim(fw_reader_attribute(element, "type"));
        if (fw_str_eq_nocase(relation, FW_STR("alternate")))
                fw_draft_set_string(&reader->item.url, href, fw_reader_base(reader),
                                    rank_of_alternate(field, relation, type), reader->arena);
        else if (fw_str_eq_nocase(relation, FW_STR("enclosure")))
                add_attachment(reader, href, type, fw_reader_attribute(element, "length"),
                               fw_reader_attribute(element, "title"));
}

static void take_feed_link(struct fw_reader *reader, const struct fw_xml_element *element, const struct fw_field *field,
                           struct fw_str relation, struct fw_str href)
{
        const struct {
                const char *relation;
                struct fw_draft_string *target;
        } targets[] = {
                { "alternate", &reader->feed.home_page_url },
                { "self", &reader->feed.feed_url },
                { "hub", &reader->feed.hub_url },
                { "next", &reader->feed.next_url },
        };
        unsigned rank = rank_of_alternate(field, relation, fw_str_trim(fw_reader_attribute(element, "type")));
        for (size_t i = 0; i < FW_ARRAY_LEN(targets); i++)
                if (fw_str_eq_nocase(relation, fw_str_c(targets[i].relation)))
                        fw_draft_set_string(targets[i].target, href, fw_reader_base(reader), i == 0 ? rank : 0,
                                            reader->arena);
}

/* Atom's link has its target in an attribute, RSS's is text. */
void fw_start_link(struct fw_reader *reader, const struct fw_xml_element *element, const struct fw_field *field)
{
        struct fw_str href = fw_reader_attribute(element, "href");
        if (href.len == 0 && !fw_xml_attribute(element, FW_NS_NONE, FW_STR("href"))) {
                fw_reader_capture(reader, FW_CAPTURE_PLAIN);
                return;
        }
        struct fw_str relation = relation_name(fw_reader_attribute(element, "rel"));
        if (reader->in_item)
                take_item_link(reader, element, field, relation, href);
        else
                take_feed_link(reader, element, field, relation, href);
}

static void set_link(struct fw_reader *reader, struct fw_str link, unsigned rank)
{
        struct fw_draft_string *target = reader->in_item ? &reader->item.url : &reader->feed.home_page_url;
        fw_draft_set_string(target, link, fw_reader_base(reader), rank, reader->arena);
}

void fw_end_link(struct fw_reader *reader, const struct fw_field *field, fw_unused enum fw_text_kind kind,
                 struct fw_str text)
{
        set_link(reader, text, field->rank);
}

/* CDF's <A HREF>. */
void fw_start_anchor(struct fw_reader *reader, const struct fw_xml_element *element, const struct fw_field *field)
{
        set_link(reader, fw_reader_attribute(element, "href"), field->rank);
}

void fw_start_guid(struct fw_reader *reader, const struct fw_xml_element *element,
                   fw_unused const struct fw_field *field)
{
        struct fw_str is_permalink = fw_str_trim(fw_reader_attribute(element, "isPermaLink"));
        reader->guid_is_link = !fw_str_eq_nocase(is_permalink, FW_STR("false"));
        fw_reader_capture(reader, FW_CAPTURE_PLAIN);
}

void fw_end_guid(struct fw_reader *reader, const struct fw_field *field, fw_unused enum fw_text_kind kind,
                 struct fw_str text)
{
        text = fw_str_trim(text);
        fw_draft_set_string(&reader->item.id, text, FW_STR_NONE, field->rank, reader->arena);
        if (reader->guid_is_link && fw_link_is_http(text))
                fw_draft_set_string(&reader->item.url, text, FW_STR_NONE, RANK_OF_GUID_AS_LINK, reader->arena);
}

void fw_end_id(struct fw_reader *reader, const struct fw_field *field, fw_unused enum fw_text_kind kind,
               struct fw_str text)
{
        fw_draft_set_string(&reader->item.id, text, FW_STR_NONE, field->rank, reader->arena);
}

void fw_end_published(struct fw_reader *reader, const struct fw_field *field, fw_unused enum fw_text_kind kind,
                      struct fw_str text)
{
        fw_draft_set_date(&reader->item.published, text, field->rank);
}

void fw_end_modified(struct fw_reader *reader, const struct fw_field *field, fw_unused enum fw_text_kind kind,
                     struct fw_str text)
{
        fw_draft_set_date(&reader->item.modified, text, field->rank);
}

static fw_str_list *tags_of(struct fw_reader *reader)
{
        return reader->in_item ? &reader->item.tags : &reader->feed.tags;
}

/* Atom's category has its term in an attribute, RSS's is text. */
void fw_start_category(struct fw_reader *reader, const struct fw_xml_element *element,
                       fw_unused const struct fw_field *field)
{
        struct fw_str term = fw_str_trim(fw_reader_attribute(element, "term"));
        if (term.len == 0)
                term = fw_str_trim(fw_reader_attribute(element, "label"));
        if (term.len > 0)
                fw_draft_add_tag(tags_of(reader), term, reader->arena);
        else
                fw_reader_capture(reader, FW_CAPTURE_PLAIN);
}

void fw_end_category(struct fw_reader *reader, fw_unused const struct fw_field *field, fw_unused enum fw_text_kind kind,
                     struct fw_str text)
{
        fw_draft_add_tag(tags_of(reader), fw_line_of(FW_TEXT_HTML, text, &reader->finisher), reader->arena);
}

void fw_end_keywords(struct fw_reader *reader, fw_unused const struct fw_field *field, fw_unused enum fw_text_kind kind,
                     struct fw_str text)
{
        struct fw_str rest = fw_line_of(FW_TEXT_HTML, text, &reader->finisher), word;
        while (fw_str_split(&rest, ',', &word))
                fw_draft_add_tag(tags_of(reader), word, reader->arena);
}

/* An author: text in RSS and Dublin Core, elements in Atom. */
void fw_start_person(struct fw_reader *reader, fw_unused const struct fw_xml_element *element,
                     fw_unused const struct fw_field *field)
{
        reader->person = (struct fw_person){ 0 };
        reader->person_email = FW_STR_NONE;
        fw_buf_reset(&reader->person_text);
        fw_reader_enter(reader, FW_AT_PERSON);
}

void fw_end_person(struct fw_reader *reader, fw_unused const struct fw_field *field, fw_unused enum fw_text_kind kind,
                   fw_unused struct fw_str text)
{
        struct fw_person *person = &reader->person;
        if (fw_str_empty(person->name))
                person->name = fw_person_name(fw_buf_str(&reader->person_text), &reader->finisher);
        if (fw_str_empty(person->name))
                person->name = reader->person_email;
        bool of_source = fw_outer_place(reader) == FW_AT_SOURCE;
        fw_draft_add_person(of_source         ? &reader->item.source_authors
                            : reader->in_item ? &reader->item.authors
                                              : &reader->feed.authors,
                            person);
}

void fw_end_person_name(struct fw_reader *reader, fw_unused const struct fw_field *field,
                        fw_unused enum fw_text_kind kind, struct fw_str text)
{
        reader->person.name = fw_line_of(FW_TEXT_PLAIN, text, &reader->finisher);
}

void fw_end_person_url(struct fw_reader *reader, fw_unused const struct fw_field *field,
                       fw_unused enum fw_text_kind kind, struct fw_str text)
{
        if (fw_str_trim(text).len > 0)
                reader->person.url = fw_reader_link(reader, text);
}

void fw_end_person_email(struct fw_reader *reader, fw_unused const struct fw_field *field,
                         fw_unused enum fw_text_kind kind, struct fw_str text)
{
        reader->person_email = fw_line_of(FW_TEXT_PLAIN, text, &reader->finisher);
}

void fw_start_enclosure(struct fw_reader *reader, const struct fw_xml_element *element,
                        fw_unused const struct fw_field *field)
{
        struct fw_str url = fw_reader_attribute(element, "url");
        add_attachment(reader, url.len > 0 ? url : fw_reader_attribute(element, "href"),
                       fw_reader_attribute(element, "type"), fw_reader_attribute(element, "length"),
                       fw_reader_attribute(element, "title"));
}

/* The entry's origin (RFC 4287 §4.2.11), RSS's <source>: of these only the authors may be needed. */
void fw_start_source(struct fw_reader *reader, fw_unused const struct fw_xml_element *element,
                     fw_unused const struct fw_field *field)
{
        fw_reader_enter(reader, FW_AT_SOURCE);
}

void fw_end_language(struct fw_reader *reader, const struct fw_field *field, fw_unused enum fw_text_kind kind,
                     struct fw_str text)
{
        struct fw_draft_string *target = reader->in_item ? &reader->item.language : &reader->feed.language;
        fw_draft_set_string(target, text, FW_STR_NONE, field->rank, reader->arena);
}

void fw_start_image(struct fw_reader *reader, fw_unused const struct fw_xml_element *element,
                    fw_unused const struct fw_field *field)
{
        fw_reader_enter(reader, FW_AT_IMAGE);
}

void fw_end_image_url(struct fw_reader *reader, const struct fw_field *field, fw_unused enum fw_text_kind kind,
                      struct fw_str text)
{
        struct fw_draft_string *target = reader->in_item ? &reader->item.image : &reader->feed.icon;
        fw_draft_set_string(target, text, fw_reader_base(reader), field->rank + 2, reader->arena);
}

void fw_end_logo(struct fw_reader *reader, const struct fw_field *field, fw_unused enum fw_text_kind kind,
                 struct fw_str text)
{
        fw_draft_set_string(&reader->feed.icon, text, fw_reader_base(reader), field->rank, reader->arena);
}

void fw_end_icon(struct fw_reader *reader, const struct fw_field *field, fw_unused enum fw_text_kind kind,
                 struct fw_str text)
{
        fw_draft_set_string(&reader->feed.favicon, text, fw_reader_base(reader), field->rank, reader->arena);
}
