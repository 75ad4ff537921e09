#include "feed/fields.h"

#include <stdlib.h>

#include "base/macros.h"

#define RSS         FW_VOCABULARY_RSS
#define ATOM        FW_VOCABULARY_ATOM
#define DC          FW_VOCABULARY_DC
#define CONTENT     FW_VOCABULARY_CONTENT
#define MEDIA       FW_VOCABULARY_MEDIA
#define ITUNES      FW_VOCABULARY_ITUNES
#define SYNDICATION FW_VOCABULARY_SYNDICATION
#define XHTML       FW_VOCABULARY_XHTML

#define ROOT     FW_AT_ROOT
#define FEED     FW_AT_FEED
#define ITEM     FW_AT_ITEM
#define PERSON   FW_AT_PERSON
#define IN_MEDIA FW_AT_MEDIA

/*
 * Sorted by name, for the search. The rank orders the elements that give one field: RSS's or Atom's own word first,
 * then Dublin Core, then Media RSS, then iTunes; a full text before a description.
 */
static const struct fw_field fields[] = {
        { FW_STR("a"), RSS, FEED | ITEM, 6, fw_start_anchor, NULL },
        { FW_STR("abstract"), RSS, FEED | ITEM, 0, fw_start_text, fw_end_description },
        { FW_STR("author"), RSS | ATOM | DC | ITUNES, FEED | ITEM | FW_AT_SOURCE, 0, fw_start_person, fw_end_person },
        { FW_STR("body"), XHTML | RSS, ITEM, 2, fw_start_content, fw_end_content },
        { FW_STR("category"), RSS | ATOM, FEED | ITEM, 0, fw_start_category, fw_end_category },
        { FW_STR("category"), MEDIA, ITEM | IN_MEDIA, 0, fw_start_plain, fw_end_category },
        { FW_STR("category"), ITUNES, FEED | ITEM, 0, fw_start_itunes_category, NULL },
        { FW_STR("channel"), RSS | ATOM, ROOT | FEED, 0, fw_start_channel, NULL },
        { FW_STR("content"), ATOM, ITEM, 1, fw_start_content, fw_end_content },
        { FW_STR("content"), MEDIA, ITEM | IN_MEDIA, 2, fw_start_media_content, NULL },
        { FW_STR("created"), ATOM | DC, ITEM, 5, fw_start_plain, fw_end_published },
        { FW_STR("creator"), DC, FEED | ITEM, 0, fw_start_person, fw_end_person },
        { FW_STR("date"), DC, ITEM, 2, fw_start_plain, fw_end_published },
        { FW_STR("date"), RSS, ITEM, 4, fw_start_plain, fw_end_published },
        { FW_STR("day"), RSS, FW_AT_SKIP_DAYS, 0, fw_start_plain, fw_end_day },
        { FW_STR("description"), RSS, FEED | ITEM, 0, fw_start_text, fw_end_description },
        { FW_STR("description"), DC, FEED | ITEM, 1, fw_start_text, fw_end_description },
        { FW_STR("description"), MEDIA, ITEM | IN_MEDIA, 2, fw_start_text, fw_end_description },
        { FW_STR("description"), ITUNES, FEED | ITEM, 4, fw_start_text, fw_end_description },
        { FW_STR("div"), XHTML, ITEM, 3, fw_start_content, fw_end_content },
        { FW_STR("duration"), ITUNES, ITEM, 0, fw_start_plain, fw_end_duration },
        { FW_STR("email"), RSS | ATOM, PERSON, 0, fw_start_plain, fw_end_person_email },
        { FW_STR("enclosure"), RSS, ITEM, 0, fw_start_enclosure, NULL },
        { FW_STR("encoded"), CONTENT, ITEM, 0, fw_start_content, fw_end_content },
        { FW_STR("entry"), ATOM, ROOT | FEED, 0, fw_start_item, fw_end_item },
        { FW_STR("fullitem"), RSS, ITEM, 4, fw_start_content, fw_end_content },
        { FW_STR("group"), MEDIA, ITEM, 0, fw_start_media_group, NULL },
        { FW_STR("guid"), RSS, ITEM, 0, fw_start_guid, fw_end_guid },
        { FW_STR("homepage"), RSS | ATOM, PERSON, 0, fw_start_plain, fw_end_person_url },
        { FW_STR("hour"), RSS, FW_AT_SKIP_HOURS, 0, fw_start_plain, fw_end_hour },
        { FW_STR("icon"), ATOM, FEED, 0, fw_start_plain, fw_end_icon },
        { FW_STR("id"), ATOM, ITEM, 1, fw_start_plain, fw_end_id },
        { FW_STR("identifier"), DC, ITEM, 3, fw_start_plain, fw_end_id },
        { FW_STR("image"), RSS, ROOT | FEED | ITEM, 0, fw_start_image, NULL },
        { FW_STR("image"), ITUNES, FEED | ITEM, 1, fw_start_itunes_image, NULL },
        { FW_STR("issued"), ATOM, ITEM, 2, fw_start_plain, fw_end_published },
        { FW_STR("issued"), DC, ITEM, 3, fw_start_plain, fw_end_published },
        { FW_STR("item"), RSS, ROOT | FEED, 0, fw_start_item, fw_end_item },
        { FW_STR("items"), RSS, ROOT | FEED, 0, fw_start_channel, NULL },
        { FW_STR("keywords"), ITUNES | MEDIA, ITEM | IN_MEDIA, 0, fw_start_plain, fw_end_keywords },
        { FW_STR("language"), RSS, FEED | ITEM, 1, fw_start_plain, fw_end_language },
        { FW_STR("language"), DC, FEED | ITEM, 2, fw_start_plain, fw_end_language },
        { FW_STR("lastbuilddate"), RSS, ITEM, 3, fw_start_plain, fw_end_modified },
        { FW_STR("link"), RSS, FEED | ITEM, 0, fw_start_link, fw_end_link },
        { FW_STR("link"), ATOM, FEED | ITEM, 1, fw_start_link, fw_end_link },
        { FW_STR("logo"), ATOM, FEED, 0, fw_start_plain, fw_end_logo },
        { FW_STR("managingeditor"), RSS, FEED, 0, fw_start_person, fw_end_person },
        { FW_STR("modified"), ATOM | DC, ITEM, 1, fw_start_plain, fw_end_modified },
        { FW_STR("name"), RSS | ATOM, PERSON, 0, fw_start_plain, fw_end_person_name },
        { FW_STR("pubdate"), RSS, ITEM, 0, fw_start_plain, fw_end_published },
        { FW_STR("published"), ATOM, ITEM, 1, fw_start_plain, fw_end_published },
        { FW_STR("skipdays"), RSS, FEED, 0, fw_start_skip_days, NULL },
        { FW_STR("skiphours"), RSS, FEED, 0, fw_start_skip_hours, NULL },
        { FW_STR("source"), RSS | ATOM, ITEM, 0, fw_start_source, NULL },
        { FW_STR("subject"), DC, FEED | ITEM, 0, fw_start_plain, fw_end_category },
        { FW_STR("subtitle"), ATOM, FEED, 0, fw_start_text, fw_end_description },
        { FW_STR("subtitle"), ITUNES, FEED | ITEM, 5, fw_start_text, fw_end_description },
        { FW_STR("summary"), ATOM, ITEM, 0, fw_start_text, fw_end_summary },
        { FW_STR("summary"), ITUNES, FEED | ITEM, 3, fw_start_text, fw_end_description },
        { FW_STR("tagline"), ATOM, FEED, 0, fw_start_text, fw_end_description },
        { FW_STR("thumbnail"), MEDIA, ITEM | IN_MEDIA, 0, fw_start_thumbnail, NULL },
        { FW_STR("title"), RSS, FEED | ITEM, 0, fw_start_text, fw_end_title },
        { FW_STR("title"), ATOM, FEED | ITEM, 1, fw_start_text, fw_end_title },
        { FW_STR("title"), DC, FEED | ITEM, 2, fw_start_text, fw_end_title },
        { FW_STR("title"), MEDIA, ITEM | IN_MEDIA, 3, fw_start_text, fw_end_title },
        { FW_STR("title"), ITUNES, ITEM, 4, fw_start_text, fw_end_title },
        { FW_STR("ttl"), RSS, FEED, 0, fw_start_plain, fw_end_ttl },
        { FW_STR("updated"), ATOM, ITEM, 0, fw_start_plain, fw_end_modified },
        { FW_STR("updatefrequency"), SYNDICATION, FEED, 0, fw_start_plain, fw_end_update_frequency },
        { FW_STR("updateperiod"), SYNDICATION, FEED, 0, fw_start_plain, fw_end_update_period },
        { FW_STR("uri"), RSS | ATOM, PERSON, 0, fw_start_plain, fw_end_person_url },
        { FW_STR("url"), RSS, FW_AT_IMAGE, 1, fw_start_plain, fw_end_image_url },
        { FW_STR("url"), RSS | ATOM, PERSON, 0, fw_start_plain, fw_end_person_url },
};

static int by_name(const void *key, const void *field)
{
        return fw_str_cmp(*(const struct fw_str *) key, ((const struct fw_field *) field)->name);
}

const struct fw_field *fw_field_find(unsigned vocabulary, struct fw_str name, unsigned place)
{
        char lower[16]; /* the longest is "updatefrequency" */
        if (name.len > sizeof(lower))
                return NULL;
        for (size_t i = 0; i < name.len; i++)
                lower[i] = fw_lower(name.p[i]);
        struct fw_str key = fw_str_n(lower, name.len);
        const struct fw_field *end = fields + FW_ARRAY_LEN(fields);
        const struct fw_field *field = bsearch(&key, fields, FW_ARRAY_LEN(fields), sizeof(fields[0]), by_name);
        if (!field)
                return NULL;
        while (field > fields && fw_str_eq(field[-1].name, key))
                field--;
        for (; field < end && fw_str_eq(field->name, key); field++)
                if (field->vocabularies & vocabulary && field->places & place)
                        return field;
        return NULL;
}
