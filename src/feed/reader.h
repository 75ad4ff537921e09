/*
 * reader: elements of any XML feed → drafts. Private to this room.
 *
 * The formats share most of their words and are mixed freely in the wild (Atom links in RSS, RSS dates in Atom), so
 * there is one table of elements for all (fields.c): which element, of which vocabulary, in which place, does what.
 * The reader keeps the place, the base URL and the language, and collects the text of the element that is being read.
 */
#pragma once

#include "base/limits.h"
#include "feed/draft.h"
#include "feed/feed.h"
#include "feed/xml.h"

/* Where in a document we are: what contains the element. */
enum fw_place {
        FW_AT_ROOT = 1 << 0,
        FW_AT_FEED = 1 << 1,
        FW_AT_ITEM = 1 << 2,
        FW_AT_PERSON = 1 << 3,
        FW_AT_IMAGE = 1 << 4,
        FW_AT_MEDIA = 1 << 5,  /* media:group, media:content */
        FW_AT_SOURCE = 1 << 6, /* atom:source */
        FW_AT_SKIP_HOURS = 1 << 7,
        FW_AT_SKIP_DAYS = 1 << 8,
        FW_AT_NOTHING = 1 << 9, /* an element that is not ours, and all in it */
};

/* How the text of an element is collected. */
enum fw_capture {
        FW_CAPTURE_NONE,
        FW_CAPTURE_PLAIN, /* its text, markup inside left out */
        FW_CAPTURE_HTML,  /* its text is HTML; naked markup inside joins it */
        FW_CAPTURE_XHTML, /* its children are the markup, its text is text */
        FW_CAPTURE_BASE64_PLAIN,
        FW_CAPTURE_BASE64_HTML,
        FW_CAPTURE_DROP, /* an image or the like, in base 64 */
};

struct fw_reader;
struct fw_field;

/* Called when a field starts: calls fw_reader_capture(), fw_reader_enter(), or takes its attributes and is done. */
typedef void fw_field_start(struct fw_reader *reader, const struct fw_xml_element *element,
                            const struct fw_field *field);
/* Called with the text of a captured field, or with none when a place that the field entered ends. */
typedef void fw_field_end(struct fw_reader *reader, const struct fw_field *field, enum fw_text_kind kind,
                          struct fw_str text);

struct fw_field {
        struct fw_str name;    /* lower case */
        unsigned vocabularies; /* FW_VOCABULARY_… */
        unsigned places;       /* fw_place bits */
        unsigned rank;         /* among the elements that give the same field of an item; lowest wins */
        fw_field_start *start;
        fw_field_end *end; /* may be NULL */
};

enum fw_vocabulary {
        FW_VOCABULARY_RSS = 1 << 0,
        FW_VOCABULARY_ATOM = 1 << 1,
        FW_VOCABULARY_DC = 1 << 2,
        FW_VOCABULARY_CONTENT = 1 << 3,
        FW_VOCABULARY_MEDIA = 1 << 4,
        FW_VOCABULARY_ITUNES = 1 << 5,
        FW_VOCABULARY_SYNDICATION = 1 << 6,
        FW_VOCABULARY_XHTML = 1 << 7,
        FW_VOCABULARY_RDF = 1 << 8,
};

/* The field for an element of that name (in any case) at this place, or NULL. */
const struct fw_field *fw_field_find(unsigned vocabulary, struct fw_str name, unsigned place);

struct fw_frame {
        unsigned place;               /* of what is inside */
        const struct fw_field *field; /* whose element it is, if `end` is to be called */
        struct fw_str base;           /* xml:base in scope; empty: none */
        struct fw_str written;        /* the name of a start tag written into the captured text, to be ended */
};

struct fw_reader {
        struct fw_arena *arena;
        const struct fw_feed_hints *hints;
        struct fw_finisher finisher;

        struct fw_frame frames[FW_LIMIT_NESTING + 1];
        size_t depth;

        enum fw_capture capture;
        size_t capture_depth; /* of the captured element */
        const struct fw_field *captured;
        struct fw_buf text;        /* what is captured */
        struct fw_buf person_text; /* text right inside a person's element */
        size_t link_bytes;         /* that absolute links added to `text` */

        bool has_root;
        bool is_feed;     /* the root is one of a feed */
        bool has_channel; /* in RDF, which can be anything: so it is a feed */
        bool is_atom;     /* and its own words are Atom's */
        struct fw_str root_name, root_uri;

        struct fw_feed_draft feed;
        struct fw_item_draft item;
        bool in_item;
        struct fw_person person; /* that is being read */
        struct fw_str person_email;
        bool guid_is_link; /* the guid that is being read may be the item's link */
        FW_VEC(const struct fw_item *) items;
        struct fw_str complaint; /* of the reader itself: too many items */
};

void fw_reader_init(struct fw_reader *reader, struct fw_arena *arena, const struct fw_feed_hints *hints);
void fw_reader_done(struct fw_reader *reader);
extern const struct fw_xml_handler fw_reader_handler;

/* For the fields. */

/* From here to the end of this element its text is collected. */
void fw_reader_capture(struct fw_reader *reader, enum fw_capture capture);
/* What is inside this element is at `place`; fields of that place are looked for in it. */
void fw_reader_enter(struct fw_reader *reader, unsigned place);
/* True if the element is written in Atom's own words: its texts have types. */
bool fw_reader_is_atom(const struct fw_reader *reader, const struct fw_xml_element *element);
/* The base in scope; empty: the document's, whatever that turns out to be. */
struct fw_str fw_reader_base(const struct fw_reader *reader);
/* `link` against the base in scope, in the arena; left relative where there is none. */
struct fw_str fw_reader_link(const struct fw_reader *reader, struct fw_str link);
/* The value of an attribute without a namespace, or an empty view; valid during the call. */
struct fw_str fw_reader_attribute(const struct fw_xml_element *element, const char *name);
/* What relative links of the whole document are against where no xml:base says so. */
struct fw_str fw_reader_document_base(const struct fw_reader *reader);
