#include "feed/feed.h"

#include <errno.h>

#include "base/macros.h"
#include "base/utf8.h"
#include "feed/json_feed.h"
#include "feed/reader.h"
#include "feed/sniff.h"

static const char *const format_names[] = {
#define FW_X(name, text) [FW_FEED_##name] = text,
        FW_FEED_FORMATS(FW_X)
#undef FW_X
};

const char *fw_feed_format_name(enum fw_feed_format format)
{
        return format_names[format];
}

/* One read of a body: what all steps share. */
struct parse {
        struct fw_sniffed sniffed;
        const struct fw_feed_hints *hints;
        struct fw_arena *arena;
        fw_feed_item_function *on_item;
        void *userdata;
        struct fw_diag *diag;
};

static int refuse(const struct parse *parse, const char *what)
{
        fw_diag_add(parse->diag, FW_ERROR, FW_NOWHERE, "this is no feed but %s", what);
        return -EBADMSG;
}

/* The first complaint: of the charset, of what stood before the document, of the document, of the reader. */
static struct fw_str choose_problem(const struct parse *parse, struct fw_str document, struct fw_str reader)
{
        if (parse->sniffed.complaint.len > 0)
                return parse->sniffed.complaint;
        if (parse->sniffed.skipped_bytes > 0)
                return fw_arena_printf(parse->arena, "line 1: %zu %s before the document", parse->sniffed.skipped_bytes,
                                       fw_plural(parse->sniffed.skipped_bytes, "byte", "bytes"));
        return document.len > 0 ? document : reader;
}

/* In one line of valid UTF-8: it may quote the document, and libxml2 cuts what it quotes anywhere. */
static struct fw_str first_problem(const struct parse *parse, struct fw_str document, struct fw_str reader)
{
        fw_cleanup(fw_buf_done) struct fw_buf words = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_utf8_append_repaired(&words, choose_problem(parse, document, reader));
        for (size_t i = 0; i < words.len; i++)
                if ((unsigned char) words.p[i] < ' ')
                        words.p[i] = ' ';
        return fw_arena_copy(parse->arena, fw_str_trim(fw_buf_str(&words)));
}

/* The strict reader, and where that fails the tolerant one from the start; `reader` holds what they gave. */
static struct fw_str read_xml(const struct parse *parse, struct fw_reader *reader)
{
        const struct fw_sniffed *sniffed = &parse->sniffed;
        struct fw_str strict, tolerant;
        fw_reader_init(reader, parse->arena, parse->hints);
        if (fw_xml_read_strict(sniffed->text, sniffed->first_line, &fw_reader_handler, reader, parse->arena, &strict) ==
            0)
                return FW_STR_NONE;
        fw_reader_done(reader);
        fw_reader_init(reader, parse->arena, parse->hints);
        fw_xml_read_tolerant(sniffed->text, sniffed->first_line, strict.len > 0, &fw_reader_handler, reader,
                             parse->arena, &tolerant);
        return tolerant.len > 0 ? tolerant : strict;
}

static int refuse_root(const struct parse *parse, const struct fw_reader *reader)
{
        if (fw_str_eq_nocase(reader->root_name, FW_STR("html")))
                return refuse(parse, "an HTML page");
        if (fw_str_eq_nocase(reader->root_name, FW_STR("opml")))
                return refuse(parse, "a list of subscriptions (OPML); import it with 'feedwatch feeds import'");
        if (!reader->has_root)
                return refuse(parse, "XML without a single element");
        struct fw_str what = fw_arena_printf(parse->arena, "XML with the root <%.*s>",
                                             FW_STR_ARG(fw_utf8_cut(reader->root_name, 64)));
        return refuse(parse, what.p);
}

static int deliver(const struct parse *parse, const struct fw_item *const *items, size_t len)
{
        for (size_t i = 0; i < len; i++) {
                int r = parse->on_item(parse->userdata, items[i]);
                if (r != 0)
                        return r;
        }
        return 0;
}

static int parse_xml(const struct parse *parse, const struct fw_feed **ret_feed)
{
        struct fw_reader reader;
        struct fw_str problem = read_xml(parse, &reader);
        bool is_other_rdf =
                fw_str_eq_nocase(reader.root_name, FW_STR("rdf")) && !reader.has_channel && reader.items.len == 0;
        int r = -EBADMSG;
        if (!reader.is_feed || is_other_rdf) {
                (void) refuse_root(parse, &reader);
        } else {
                struct fw_feed *feed = fw_feed_finish(&reader.feed, fw_reader_document_base(&reader), &reader.finisher);
                feed->malformed = first_problem(parse, problem, reader.complaint);
                feed->items_len = reader.items.len;
                *ret_feed = feed;
                r = deliver(parse, reader.items.p, reader.items.len);
        }
        fw_reader_done(&reader);
        return r;
}

static int parse_json(const struct parse *parse, const struct fw_feed **ret_feed)
{
        struct fw_json_feed json;
        const char *what;
        if (fw_json_feed_read(parse->sniffed.text, parse->hints, parse->arena, &json, &what) < 0)
                return refuse(parse, what);
        json.feed->malformed = first_problem(parse, json.problem, FW_STR_NONE);
        *ret_feed = json.feed;
        return deliver(parse, json.items, json.feed->items_len);
}

int fw_feed_parse(struct fw_str body, const struct fw_feed_hints *hints, struct fw_arena *arena,
                  fw_feed_item_function *on_item, void *userdata, struct fw_diag *diag, const struct fw_feed **ret_feed)
{
        static const struct fw_feed_hints no_hints = { 0 };
        struct parse parse = { .hints = hints ? hints : &no_hints,
                               .arena = arena,
                               .on_item = on_item,
                               .userdata = userdata,
                               .diag = diag };
        fw_sniff(body, parse.hints->content_type, arena, &parse.sniffed);
        switch (parse.sniffed.kind) {
        case FW_BODY_XML:
                return parse_xml(&parse, ret_feed);
        case FW_BODY_JSON:
                return parse_json(&parse, ret_feed);
        case FW_BODY_HTML:
                return refuse(&parse, "an HTML page");
        case FW_BODY_EMPTY:
                return refuse(&parse, "empty");
        case FW_BODY_OTHER:
                break;
        }
        return refuse(&parse, "neither XML nor JSON");
}
