/*
 * html: the tokenizer of the HTML standard (§13.2.5) as far as it decides what is text, without trees.
 *
 * Text is copied in runs up to the next '<' or '&'. A tag is looked up in one table, which says what it does to the text about
 * it; a block boundary is only noted, and becomes '\n' when text follows, so that neither nested blocks nor the white space
 * between them leave anything behind.
 *
 * Departures from the standard, because feeds carry XHTML and slips, and because a text shown in vain is better than one lost:
 * `<script/>` and its like are empty elements, templates need not be well nested with other elements, the content of frames is
 * text, and a comment that is never closed ends at its first '>'.
 */
#include "text/html.h"

#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "base/utf8.h"
#include "text/plain.h"

enum element_effect {
        INLINE,     /* parts nothing */
        WORD_BREAK, /* parts words: line breaks, and what stands in a line like a picture */
        BLOCK,      /* ends a paragraph */
        RAW_HIDDEN, /* content is no markup and not seen */
        RAW_BLOCK,  /* content is no markup, and seen */
        SCRIPT,     /* hidden, with its own rules for where it ends (§13.2.5.15 to 31) */
        RCDATA,     /* only character references in it, seen */
        PLAINTEXT,  /* all that follows is text */
        TEMPLATE,   /* hidden, nests */
        ANNOTATION, /* reading aids between the characters of a word (ruby), hidden */
        RUBY        /* ends an annotation */
};

struct element {
        char name[12];
        enum element_effect effect;
};

/* Sorted by name. What is not here is INLINE. The fallback in an iframe and the like is seen: feeds are read where frames are not. */
/* clang-format off */
static const struct element ELEMENTS[] = {
        { "address", BLOCK }, { "article", BLOCK }, { "aside", BLOCK }, { "audio", WORD_BREAK },
        { "blockquote", BLOCK }, { "body", BLOCK }, { "br", WORD_BREAK }, { "button", WORD_BREAK },
        { "canvas", WORD_BREAK }, { "caption", BLOCK }, { "center", BLOCK }, { "col", BLOCK }, { "colgroup", BLOCK },
        { "dd", BLOCK }, { "details", BLOCK }, { "dialog", BLOCK }, { "dir", BLOCK }, { "div", BLOCK },
        { "dl", BLOCK }, { "dt", BLOCK }, { "embed", WORD_BREAK }, { "fieldset", BLOCK }, { "figcaption", BLOCK },
        { "figure", BLOCK }, { "footer", BLOCK }, { "form", BLOCK }, { "frameset", BLOCK }, { "h1", BLOCK },
        { "h2", BLOCK }, { "h3", BLOCK }, { "h4", BLOCK }, { "h5", BLOCK }, { "h6", BLOCK }, { "head", BLOCK },
        { "header", BLOCK }, { "hgroup", BLOCK }, { "hr", BLOCK }, { "html", BLOCK }, { "iframe", WORD_BREAK },
        { "img", WORD_BREAK }, { "input", WORD_BREAK }, { "legend", BLOCK }, { "li", BLOCK }, { "listing", BLOCK },
        { "main", BLOCK }, { "menu", BLOCK }, { "nav", BLOCK }, { "noembed", WORD_BREAK }, { "noframes", WORD_BREAK },
        { "object", WORD_BREAK }, { "ol", BLOCK }, { "optgroup", BLOCK }, { "option", BLOCK }, { "p", BLOCK },
        { "plaintext", PLAINTEXT }, { "pre", BLOCK }, { "rb", RUBY }, { "rp", ANNOTATION }, { "rt", ANNOTATION },
        { "rtc", ANNOTATION }, { "ruby", RUBY }, { "script", SCRIPT }, { "search", BLOCK }, { "section", BLOCK },
        { "select", WORD_BREAK }, { "style", RAW_HIDDEN }, { "summary", BLOCK }, { "svg", WORD_BREAK },
        { "table", BLOCK }, { "tbody", BLOCK }, { "td", BLOCK }, { "template", TEMPLATE }, { "textarea", RCDATA },
        { "tfoot", BLOCK }, { "th", BLOCK }, { "thead", BLOCK }, { "title", RAW_HIDDEN }, { "tr", BLOCK },
        { "ul", BLOCK }, { "video", WORD_BREAK }, { "xmp", RAW_BLOCK },
};
/* clang-format on */

struct reader {
        struct fw_str html;
        size_t at;
        size_t next_tag;       /* the next `<` at or after `at`, or html.len; */
        size_t next_reference; /* the next `&`: so each byte is searched once */
        struct fw_plain_text *out;
        bool block_pending; /* a block boundary was met since the last text */
        size_t block_from;  /* where */
        size_t templates;   /* open ones */
        bool in_annotation;
        bool no_comment_end; /* there is no further "-->" */
};

struct tag {
        struct fw_str name;
        bool is_end;
        bool is_empty; /* "/>" */
};

static bool is_html_space(char c)
{
        return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

static bool ends_name(char c)
{
        return is_html_space(c) || c == '/' || c == '>';
}

static int compare_element(const void *key, const void *element)
{
        return strcmp(key, ((const struct element *) element)->name);
}

static enum element_effect effect_of(struct fw_str name)
{
        char lower[sizeof(ELEMENTS[0].name)];
        if (name.len >= sizeof(lower))
                return INLINE;
        for (size_t i = 0; i < name.len; i++)
                lower[i] = fw_lower(name.p[i]);
        lower[name.len] = '\0';
        const struct element *element =
                bsearch(lower, ELEMENTS, FW_ARRAY_LEN(ELEMENTS), sizeof(ELEMENTS[0]), compare_element);
        return element ? element->effect : INLINE;
}

static size_t find_or_end(struct fw_str html, char byte, size_t from)
{
        size_t found = fw_str_find_byte(html, byte, from);
        return found == SIZE_MAX ? html.len : found;
}

/* ---- output ---- */

static bool is_hidden(const struct reader *reader)
{
        return reader->templates > 0 || reader->in_annotation;
}

static bool at_block_start(const struct reader *reader)
{
        return reader->block_pending || reader->out->text.len == 0;
}

static void note_block(struct reader *reader, size_t from)
{
        if (is_hidden(reader) || reader->block_pending)
                return;
        reader->block_pending = true;
        reader->block_from = from;
}

/* Text is about to be appended that stands at source byte `from`. */
static void settle_block(struct reader *reader, size_t from)
{
        if (reader->block_pending && reader->out->text.len > 0) {
                fw_plain_append_for(reader->out, FW_STR("\n"), reader->block_from, from);
                fw_plain_start_block(reader->out);
        }
        reader->block_pending = false;
}

static void put_text(struct reader *reader, size_t from, size_t to)
{
        if (is_hidden(reader))
                return;
        if (at_block_start(reader))
                while (from < to && is_html_space(reader->html.p[from]))
                        from++;
        if (from == to)
                return;
        settle_block(reader, from);
        fw_plain_append_verbatim(reader->out, reader->html, from, to);
}

static void put_codes(struct reader *reader, const uint32_t codes[2], size_t from, size_t to)
{
        bool is_space = codes[1] == 0 && codes[0] < 0x80 && is_html_space((char) codes[0]);
        if (is_hidden(reader) || (is_space && at_block_start(reader)))
                return;
        settle_block(reader, from);
        char text[8];
        size_t len = fw_utf8_encode(codes[0], text);
        if (codes[1] != 0)
                len += fw_utf8_encode(codes[1], text + len);
        fw_plain_append_for(reader->out, fw_str_n(text, len), from, to);
}

static void put_word_break(struct reader *reader, size_t from, size_t to)
{
        if (!is_hidden(reader) && !at_block_start(reader))
                fw_plain_append_for(reader->out, FW_STR(" "), from, to);
}

/* Text with character references but without tags, up to `end`. */
static void put_character_data(struct reader *reader, size_t end)
{
        while (reader->at < end) {
                if (reader->next_reference < reader->at)
                        reader->next_reference = find_or_end(reader->html, '&', reader->at);
                size_t stop = FW_MIN(reader->next_reference, end);
                put_text(reader, reader->at, stop);
                reader->at = stop;
                if (stop == end)
                        return;
                uint32_t codes[2];
                size_t len = fw_html_decode_reference(fw_str_slice(reader->html, 0, end), stop, false, codes);
                if (len > 0)
                        put_codes(reader, codes, stop, stop + len);
                else
                        put_text(reader, stop, stop + 1);
                reader->at = stop + FW_MAX(len, (size_t) 1);
        }
}

/* ---- tags ---- */

static size_t skip_space(struct fw_str html, size_t at)
{
        while (at < html.len && is_html_space(html.p[at]))
                at++;
        return at;
}

/* Where an attribute value that begins at `at` ends: behind its closing quote, or before the space or '>' that ends it. */
static size_t skip_value(struct fw_str html, size_t at)
{
        if (at < html.len && (html.p[at] == '"' || html.p[at] == '\''))
                return FW_MIN(find_or_end(html, html.p[at], at + 1) + 1, html.len);
        while (at < html.len && !is_html_space(html.p[at]) && html.p[at] != '>')
                at++;
        return at;
}

/* Behind the attribute whose name begins at `at`; a '=' that begins a name is part of it. */
static size_t skip_attribute(struct fw_str html, size_t at)
{
        at++;
        while (at < html.len && !ends_name(html.p[at]) && html.p[at] != '=')
                at++;
        size_t equals = skip_space(html, at);
        if (equals < html.len && html.p[equals] == '=')
                return skip_value(html, skip_space(html, equals + 1));
        return at;
}

/* The tag whose name begins at `at`; false if the text ends within it. Moves on behind it either way. */
static bool read_tag(struct reader *reader, size_t at, struct tag *ret_tag)
{
        struct fw_str html = reader->html;
        size_t from = at;
        while (at < html.len && !ends_name(html.p[at]))
                at++;
        ret_tag->name = fw_str_slice(html, from, at);
        ret_tag->is_empty = false;
        while (at < html.len && html.p[at] != '>') {
                bool is_name = !ends_name(html.p[at]);
                ret_tag->is_empty = html.p[at] == '/';
                at = is_name ? skip_attribute(html, at) : at + 1;
        }
        reader->at = FW_MIN(at + 1, html.len);
        return at < html.len;
}

/* True if `name` stands at `at` and something that ends a tag's name behind it. */
static bool is_name_at(struct fw_str html, size_t at, struct fw_str name)
{
        return at + name.len < html.len && fw_str_eq_nocase(fw_str_slice(html, at, at + name.len), name) &&
               ends_name(html.p[at + name.len]);
}

/* The '<' of the end tag `name`, from `at` on, or the end of the text. */
static size_t find_end_tag(struct fw_str html, size_t at, struct fw_str name)
{
        for (at = find_or_end(html, '<', at); at < html.len; at = find_or_end(html, '<', at + 1))
                if (at + 1 < html.len && html.p[at + 1] == '/' && is_name_at(html, at + 2, name))
                        return at;
        return html.len;
}

/*
 * The same for a script, which may hold a whole `<!-- … <script> … </script> … -->`: a script's end tag does not end the outer
 * one while a start tag stands before it in such a comment.
 */
static size_t find_script_end(struct fw_str html, size_t at)
{
        enum { PLAIN, ESCAPED, DOUBLE_ESCAPED } state = PLAIN;
        for (; at < html.len; at++) {
                struct fw_str rest = fw_str_slice(html, at, html.len);
                if (state == PLAIN && fw_str_starts(rest, FW_STR("<!--"))) {
                        state = ESCAPED;
                        at++; /* the two dashes may be those of "-->" too */
                } else if (state != PLAIN && fw_str_starts(rest, FW_STR("-->"))) {
                        state = PLAIN;
                } else if (html.p[at] == '<' && is_name_at(html, at + 1, FW_STR("/script"))) {
                        if (state != DOUBLE_ESCAPED)
                                return at;
                        state = ESCAPED;
                } else if (state == ESCAPED && html.p[at] == '<' && is_name_at(html, at + 1, FW_STR("script"))) {
                        state = DOUBLE_ESCAPED;
                }
        }
        return html.len;
}

/* The content of an element that holds no markup, and its end tag. */
static void read_raw_element(struct reader *reader, enum element_effect effect, struct tag tag)
{
        size_t end = effect == SCRIPT ? find_script_end(reader->html, reader->at)
                                      : find_end_tag(reader->html, reader->at, tag.name);
        if (effect == RAW_BLOCK)
                put_text(reader, reader->at, end);
        else if (effect == RCDATA)
                put_character_data(reader, end);
        reader->at = end;
        struct tag end_tag;
        if (end < reader->html.len)
                (void) read_tag(reader, end + 2, &end_tag);
}

static void apply_tag(struct reader *reader, size_t from, const struct tag *tag)
{
        enum element_effect effect = effect_of(tag->name);
        bool has_content = !tag->is_end && !tag->is_empty;
        switch (effect) {
        case INLINE:
                break;
        case WORD_BREAK:
                put_word_break(reader, from, reader->at);
                break;
        case BLOCK:
                reader->in_annotation = false;
                note_block(reader, from);
                break;
        case RAW_BLOCK:
                note_block(reader, from);
                if (has_content)
                        read_raw_element(reader, effect, *tag);
                note_block(reader, reader->at);
                break;
        case RCDATA:
                put_word_break(reader, from, reader->at);
                if (has_content)
                        read_raw_element(reader, effect, *tag);
                put_word_break(reader, reader->at, reader->at);
                break;
        case RAW_HIDDEN:
        case SCRIPT:
                if (has_content)
                        read_raw_element(reader, effect, *tag);
                break;
        case PLAINTEXT:
                note_block(reader, from);
                if (!tag->is_end) {
                        put_text(reader, reader->at, reader->html.len);
                        reader->at = reader->html.len;
                }
                break;
        case TEMPLATE:
                if (has_content)
                        reader->templates++;
                else if (tag->is_end && reader->templates > 0)
                        reader->templates--;
                break;
        case ANNOTATION:
                reader->in_annotation = has_content;
                break;
        case RUBY:
                reader->in_annotation = false;
                break;
        }
}

/*
 * The end of the comment whose content begins at `at`, behind "<!--" (§13.2.5.43 to 52). One that is never closed ends at its
 * first '>' if it has one, as it did before HTML5: otherwise a slip would hide all the text behind it.
 */
static size_t skip_comment(struct reader *reader, size_t at)
{
        struct fw_str html = reader->html, rest = fw_str_slice(html, at, html.len);
        size_t start = at;
        if (fw_str_starts(rest, FW_STR(">")))
                return at + 1;
        if (fw_str_starts(rest, FW_STR("->")))
                return at + 2;
        if (reader->no_comment_end)
                return FW_MIN(find_or_end(html, '>', start) + 1, html.len);
        for (at = find_or_end(html, '-', at); at < html.len; at = find_or_end(html, '-', at + 1)) {
                rest = fw_str_slice(html, at, html.len);
                if (fw_str_starts(rest, FW_STR("-->")))
                        return at + 3;
                if (fw_str_starts(rest, FW_STR("--!>")))
                        return at + 4;
        }
        reader->no_comment_end = true;
        return FW_MIN(find_or_end(html, '>', start) + 1, html.len);
}

/* What begins with the '<' at reader->at: a tag, a comment, or text. */
static void read_markup(struct reader *reader)
{
        struct fw_str html = reader->html;
        size_t from = reader->at;
        char next = from + 1 < html.len ? html.p[from + 1] : '\0';
        bool is_end = next == '/';
        size_t name = from + (is_end ? 2 : 1);
        if (name < html.len && fw_is_alpha(html.p[name])) {
                struct tag tag = { .is_end = is_end };
                if (read_tag(reader, name, &tag))
                        apply_tag(reader, from, &tag);
        } else if (fw_str_starts(fw_str_slice(html, from, html.len), FW_STR("<!--"))) {
                reader->at = skip_comment(reader, from + 4);
        } else if (next == '!' || next == '?' || (is_end && name < html.len)) {
                reader->at = FW_MIN(find_or_end(html, '>', from + 1) + 1, html.len);
        } else {
                put_text(reader, from, from + 1);
                reader->at = from + 1;
        }
}

void fw_html_to_text(struct fw_str html, struct fw_plain_text *ret_plain)
{
        fw_plain_text_reset(ret_plain);
        if (html.len > FW_LIMIT_TEXT_BYTES)
                html = fw_utf8_cut(html, FW_LIMIT_TEXT_BYTES);
        struct reader reader = { .html = html, .out = ret_plain };
        reader.next_tag = find_or_end(html, '<', 0);
        reader.next_reference = find_or_end(html, '&', 0);
        while (reader.at < html.len) {
                if (reader.next_tag < reader.at)
                        reader.next_tag = find_or_end(html, '<', reader.at);
                put_character_data(&reader, reader.next_tag);
                if (reader.at < html.len)
                        read_markup(&reader);
        }
}
