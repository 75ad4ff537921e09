/*
 * A scalar is walked piece by piece. A piece is a run of bytes that stand in the value as they stand in the file, or one thing
 * that became another: an escape, a doubled quote, a line break that was folded to a space. For the value the texts of the
 * pieces are appended; for a place in the value they are counted until it is reached.
 *
 *         match: "caf\u00e9 OR      the pieces:  `caf`, `\u00e9` → é, ` OR`, the break → a space, `bar`
 *           bar"
 *
 * Line breaks are LF, CR LF and CR (YAML 1.2.2 section 5.4).
 */
#include "base/yaml_scalar.h"

#include "base/macros.h"
#include "base/utf8.h"

struct piece {
        size_t from, to;    /* in the file */
        struct fw_str text; /* in the value */
        bool verbatim;
};

struct walk {
        const struct fw_yaml_scalar *scalar;
        struct fw_str content; /* of the file, ending where the scalar ends */
        void (*take)(void *userdata, const struct piece *piece);
        void *userdata;
};

static void give(struct walk *walk, size_t from, size_t to, struct fw_str text)
{
        walk->take(walk->userdata, &(struct piece){ .from = from, .to = to, .text = text });
}

static void give_verbatim(struct walk *walk, size_t from, size_t to)
{
        if (from < to)
                walk->take(walk->userdata,
                           &(struct piece){ from, to, fw_str_slice(walk->content, from, to), .verbatim = true });
}

static bool is_break(char c)
{
        return c == '\n' || c == '\r';
}

static bool is_blank(char c)
{
        return c == ' ' || c == '\t';
}

/* The end of the line break at `at`; `at` itself if there is none. */
static size_t skip_break(struct fw_str content, size_t at)
{
        if (at < content.len && content.p[at] == '\r')
                return at + 1 < content.len && content.p[at + 1] == '\n' ? at + 2 : at + 1;
        return at < content.len && content.p[at] == '\n' ? at + 1 : at;
}

static size_t skip_blanks(struct fw_str content, size_t at)
{
        while (at < content.len && is_blank(content.p[at]))
                at++;
        return at;
}

static size_t skip_spaces(struct fw_str content, size_t at)
{
        while (at < content.len && content.p[at] == ' ')
                at++;
        return at;
}

static size_t skip_to_break(struct fw_str content, size_t at)
{
        while (at < content.len && !is_break(content.p[at]))
                at++;
        return at;
}

/*
 * Line folding in plain and quoted scalars (section 6.5): at a line break. The first one becomes a space, unless empty lines
 * follow, which become line feeds each. Returns the start of the next line's text. An escaped break gives no space.
 */
static size_t fold(struct walk *walk, size_t at, bool escaped)
{
        size_t first = at;
        size_t first_end = skip_break(walk->content, at);
        size_t empty_lines = 0;
        for (at = skip_blanks(walk->content, first_end); at < walk->content.len && is_break(walk->content.p[at]);) {
                size_t end = skip_break(walk->content, at);
                give(walk, at, end, FW_STR("\n"));
                at = skip_blanks(walk->content, end);
                empty_lines++;
        }
        if (empty_lines == 0 && !escaped)
                give(walk, first, first_end, FW_STR(" "));
        return at;
}

static const struct {
        char name;
        uint8_t digits;
        uint16_t code;
} escapes[] = {
        { '0', 0, 0x00 }, { 'a', 0, 0x07 },  { 'b', 0, 0x08 }, { 't', 0, 0x09 }, { '\t', 0, 0x09 },  { 'n', 0, 0x0A },
        { 'v', 0, 0x0B }, { 'f', 0, 0x0C },  { 'r', 0, 0x0D }, { 'e', 0, 0x1B }, { ' ', 0, 0x20 },   { '"', 0, 0x22 },
        { '/', 0, 0x2F }, { '\\', 0, 0x5C }, { 'N', 0, 0x85 }, { '_', 0, 0xA0 }, { 'L', 0, 0x2028 }, { 'P', 0, 0x2029 },
        { 'x', 2, 0 },    { 'u', 4, 0 },     { 'U', 8, 0 },
};

static uint32_t read_hex(struct fw_str digits)
{
        uint32_t code = 0;
        for (size_t i = 0; i < digits.len; i++) {
                char c = fw_lower(digits.p[i]);
                bool valid = fw_is_digit(c) || (c >= 'a' && c <= 'f');
                if (!valid)
                        return FW_REPLACEMENT;
                code = code << 4 | (uint32_t) (fw_is_digit(c) ? c - '0' : c - 'a' + 10);
        }
        return code;
}

/* The escape at `at` (a backslash); returns its end. What is unknown, which libfyaml has refused already, stays as it is. */
static size_t read_escape(struct fw_str content, size_t at, uint32_t *ret_code)
{
        char name = at + 1 < content.len ? content.p[at + 1] : '\0';
        *ret_code = FW_REPLACEMENT;
        for (size_t i = 0; i < FW_ARRAY_LEN(escapes); i++) {
                if (escapes[i].name != name)
                        continue;
                size_t end = FW_MIN(at + 2 + escapes[i].digits, content.len);
                *ret_code = escapes[i].digits ? read_hex(fw_str_slice(content, at + 2, end)) : escapes[i].code;
                return end;
        }
        return FW_MIN(at + 2, content.len);
}

/* JSON's way to write what is beyond the first plane, as two escapes. */
static size_t read_low_surrogate(struct fw_str content, size_t at, uint32_t *code)
{
        uint32_t low;
        if (*code < 0xD800 || *code > 0xDBFF || at >= content.len || content.p[at] != '\\')
                return at;
        size_t end = read_escape(content, at, &low);
        if (low < 0xDC00 || low > 0xDFFF)
                return at;
        *code = 0x10000 + ((*code - 0xD800) << 10) + (low - 0xDC00);
        return end;
}

static size_t walk_escape(struct walk *walk, size_t at)
{
        if (at + 1 < walk->content.len && is_break(walk->content.p[at + 1]))
                return fold(walk, at + 1, /* escaped= */ true);
        uint32_t code;
        size_t end = read_escape(walk->content, at, &code);
        end = read_low_surrogate(walk->content, end, &code);
        if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
                code = FW_REPLACEMENT;
        char bytes[4];
        give(walk, at, end, fw_str_n(bytes, fw_utf8_encode(code, bytes)));
        return end;
}

/* Plain and quoted scalars (sections 7.3.1 to 7.3.3). */
static void walk_flow(struct walk *walk)
{
        struct fw_str content = walk->content;
        enum fw_yaml_style style = walk->scalar->style;
        size_t run = walk->scalar->from; /* what is verbatim so far and not given yet */
        size_t at = run;
        while (at < content.len) {
                char c = content.p[at];
                size_t after_blanks = is_blank(c) ? skip_blanks(content, at) : at;
                if (after_blanks < content.len && is_break(content.p[after_blanks])) {
                        give_verbatim(walk, run, at);
                        run = at = fold(walk, after_blanks, /* escaped= */ false);
                } else if (is_blank(c)) {
                        at = after_blanks;
                } else if (c == '\\' && style == FW_YAML_DOUBLE_QUOTED) {
                        give_verbatim(walk, run, at);
                        run = at = walk_escape(walk, at);
                } else if (c == '\'' && style == FW_YAML_SINGLE_QUOTED) {
                        give_verbatim(walk, run, at);
                        run = FW_MIN(at + 2, content.len);
                        give(walk, at, run, FW_STR("'"));
                        at = run;
                } else {
                        at++;
                }
        }
        give_verbatim(walk, run, content.len);
}

/* Line breaks of a block scalar that wait for what follows: that decides what becomes of them. */
struct pending_breaks {
        size_t from; /* the first one; between them are only spaces */
        size_t count;
};

static void give_breaks(struct walk *walk, struct pending_breaks *pending, size_t skipped)
{
        size_t at = pending->from;
        for (size_t i = 0; i < pending->count; i++) {
                at = skip_spaces(walk->content, at);
                size_t end = skip_break(walk->content, at);
                if (i >= skipped)
                        give(walk, at, end, FW_STR("\n"));
                at = end;
        }
        pending->count = 0;
}

static void give_folded_breaks(struct walk *walk, struct pending_breaks *pending)
{
        if (pending->count == 1)
                give(walk, pending->from, skip_break(walk->content, pending->from), FW_STR(" "));
        else
                give_breaks(walk, pending, 1);
        pending->count = 0;
}

/* Block scalars (sections 8.1.2 and 8.1.3): lines that begin with white space after the indentation are not folded. */
static void walk_block(struct walk *walk)
{
        const struct fw_yaml_scalar *scalar = walk->scalar;
        struct pending_breaks pending = { .from = scalar->from };
        bool any_text = false, folds_before = false;
        for (size_t at = scalar->from; at < walk->content.len;) {
                size_t text_end = skip_to_break(walk->content, at);
                size_t next = skip_break(walk->content, text_end);
                size_t spaces = skip_spaces(walk->content, at) - at;
                bool has_break = next > text_end;
                if (at + spaces == text_end && spaces <= scalar->indent) {
                        pending.count += has_break;
                        at = next;
                        continue;
                }
                size_t text = at + FW_MIN(spaces, scalar->indent);
                bool folds = scalar->style == FW_YAML_FOLDED && !is_blank(walk->content.p[text]);
                if (any_text && folds && folds_before)
                        give_folded_breaks(walk, &pending);
                else
                        give_breaks(walk, &pending, 0);
                give_verbatim(walk, text, text_end);
                pending = (struct pending_breaks){ .from = text_end, .count = has_break };
                any_text = true;
                folds_before = folds;
                at = next;
        }
        if (scalar->chomping == FW_YAML_CLIP)
                pending.count = any_text && pending.count > 0;
        if (scalar->chomping != FW_YAML_STRIP)
                give_breaks(walk, &pending, 0);
}

static void walk_scalar(const struct fw_yaml_scalar *scalar, void (*take)(void *userdata, const struct piece *piece),
                        void *userdata)
{
        struct walk walk = {
                .scalar = scalar,
                .content = fw_str_slice(scalar->content, 0, scalar->to),
                .take = take,
                .userdata = userdata,
        };
        if (scalar->style == FW_YAML_LITERAL || scalar->style == FW_YAML_FOLDED)
                walk_block(&walk);
        else
                walk_flow(&walk);
}

static void append_piece(void *userdata, const struct piece *piece)
{
        (void) fw_buf_append(userdata, piece->text);
}

int fw_yaml_scalar_append_value(const struct fw_yaml_scalar *scalar, struct fw_buf *out)
{
        walk_scalar(scalar, append_piece, out);
        return out->error;
}

bool fw_yaml_scalar_is_verbatim(const struct fw_yaml_scalar *scalar)
{
        if (scalar->style == FW_YAML_LITERAL || scalar->style == FW_YAML_FOLDED)
                return false;
        for (size_t at = scalar->from; at < scalar->to; at++) {
                char c = scalar->content.p[at];
                if (is_break(c) || (c == '\\' && scalar->style == FW_YAML_DOUBLE_QUOTED) ||
                    (c == '\'' && scalar->style == FW_YAML_SINGLE_QUOTED))
                        return false;
        }
        return true;
}

struct search {
        size_t from, to; /* wanted, in the value */
        size_t passed;   /* bytes of the value so far */
        size_t text_end; /* in the file, after the last piece that was no white space */
        size_t found_from, found_to;
        bool has_from;
};

static void search_piece(void *userdata, const struct piece *piece)
{
        struct search *search = userdata;
        size_t start = search->passed;
        size_t end = search->passed += piece->text.len;
        if (!search->has_from && search->from < end) {
                search->found_from = piece->from + (piece->verbatim ? search->from - start : 0);
                search->found_to = search->found_from;
                search->has_from = true;
        }
        if (search->to > start && search->to <= end)
                search->found_to = piece->verbatim ? piece->from + (search->to - start) : piece->to;
        else if (search->to > end)
                search->found_to = piece->to;
        if (fw_str_trim(piece->text).len > 0)
                search->text_end = piece->to;
}

void fw_yaml_scalar_locate(const struct fw_yaml_scalar *scalar, size_t from, size_t to, size_t *ret_from,
                           size_t *ret_to)
{
        struct search search = { .from = from, .to = FW_MAX(from, to), .text_end = scalar->from };
        walk_scalar(scalar, search_piece, &search);
        if (!search.has_from) {
                /* the end of the value: not behind the line breaks that a block scalar ends with */
                bool block = scalar->style == FW_YAML_LITERAL || scalar->style == FW_YAML_FOLDED;
                search.found_from = search.found_to = block ? search.text_end : scalar->to;
        }
        *ret_from = search.found_from;
        *ret_to = FW_MAX(search.found_from, search.found_to);
}

/* Where the header begins: the first | or > after white space, in the last line before the content. */
static size_t find_header(struct fw_str before, size_t from)
{
        for (size_t at = from; at < before.len; at++) {
                bool parted = at == 0 || is_blank(before.p[at - 1]) || is_break(before.p[at - 1]);
                if (parted && (before.p[at] == '|' || before.p[at] == '>'))
                        return at;
        }
        return before.len;
}

static size_t find_indent(struct fw_str content, size_t from)
{
        for (size_t at = from; at < content.len;) {
                size_t text = skip_spaces(content, at);
                if (text < content.len && !is_break(content.p[text]))
                        return text - at;
                at = skip_break(content, text);
        }
        return SIZE_MAX;
}

void fw_yaml_scalar_read_header(struct fw_yaml_scalar *scalar, size_t header_from, size_t parent_indent)
{
        struct fw_str before = fw_str_slice(scalar->content, 0, scalar->from);
        size_t explicit_indent = 0;
        scalar->chomping = FW_YAML_CLIP;
        for (size_t at = find_header(before, header_from) + 1; at < before.len; at++) {
                if (before.p[at] == '-')
                        scalar->chomping = FW_YAML_STRIP;
                else if (before.p[at] == '+')
                        scalar->chomping = FW_YAML_KEEP;
                else if (fw_is_digit(before.p[at]))
                        explicit_indent = (size_t) (before.p[at] - '0');
                else
                        break;
        }
        struct fw_str content = fw_str_slice(scalar->content, 0, scalar->to);
        scalar->indent = explicit_indent > 0 ? parent_indent + explicit_indent : find_indent(content, scalar->from);
}
