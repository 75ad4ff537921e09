#include "base/diag.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "base/vec.h"

struct fw_source_text {
        struct fw_str name;
        struct fw_str content;
        size_t number;
        FW_VEC(size_t) line_starts; /* filled when the first place is asked for */
        /* the last place that was counted, so that a long line is not counted from its start for each message */
        size_t counted_line;
        size_t counted_offset;
        unsigned counted_column;
};

struct fw_diag {
        struct fw_arena *arena;
        FW_VEC(struct fw_source_text *) sources;
        FW_VEC(struct fw_diag_entry) entries;
        size_t counts[FW_ERROR + 1];
};

struct fw_diag *fw_diag_new(void)
{
        struct fw_diag *diag = fw_calloc(1, sizeof(*diag));
        diag->arena = fw_arena_new();
        return diag;
}

struct fw_diag *fw_diag_free(struct fw_diag *diag)
{
        if (!diag)
                return NULL;
        for (size_t i = 0; i < diag->sources.len; i++)
                fw_vec_done(&diag->sources.p[i]->line_starts);
        fw_vec_done(&diag->sources);
        fw_vec_done(&diag->entries);
        fw_arena_free(diag->arena);
        free(diag);
        return NULL;
}

const struct fw_source_text *fw_diag_source(struct fw_diag *diag, struct fw_str name, struct fw_str content)
{
        struct fw_source_text *source = fw_arena_new_object(diag->arena, struct fw_source_text);
        source->name = fw_arena_copy(diag->arena, name);
        source->content = fw_arena_copy(diag->arena, content);
        source->number = diag->sources.len;
        fw_vec_push(&diag->sources, source);
        return source;
}

struct fw_str fw_source_name(const struct fw_source_text *source)
{
        return source->name;
}

struct fw_str fw_source_content(const struct fw_source_text *source)
{
        return source->content;
}

static void find_lines(struct fw_source_text *source)
{
        fw_vec_push(&source->line_starts, 0);
        for (size_t at = 0; (at = fw_str_find_byte(source->content, '\n', at)) != SIZE_MAX;)
                fw_vec_push(&source->line_starts, ++at);
}

/* The index of the line that holds `offset`. */
static size_t line_of(const struct fw_source_text *source, size_t offset)
{
        size_t low = 0, high = source->line_starts.len;
        while (high - low > 1) {
                size_t middle = low + (high - low) / 2;
                if (source->line_starts.p[middle] <= offset)
                        low = middle;
                else
                        high = middle;
        }
        return low;
}

unsigned fw_diag_line(struct fw_diag *diag, struct fw_location location)
{
        if (!location.source)
                return 0;
        struct fw_source_text *source = diag->sources.p[location.source->number];
        if (source->line_starts.len == 0)
                find_lines(source);
        return (unsigned) line_of(source, location.offset) + 1;
}

static void find_place(struct fw_source_text *source, struct fw_diag_entry *entry)
{
        if (source->line_starts.len == 0)
                find_lines(source);
        size_t offset = entry->location.offset;
        size_t line = line_of(source, offset);
        size_t at = source->line_starts.p[line];
        unsigned column = 1;
        if (source->counted_column > 0 && source->counted_line == line && source->counted_offset <= offset) {
                at = source->counted_offset;
                column = source->counted_column;
        }
        while (at < offset) {
                size_t len;
                (void) fw_utf8_decode(source->content, at, &len);
                if (at + len > offset)
                        break;
                at += len;
                column++;
        }
        source->counted_line = line;
        source->counted_offset = at;
        source->counted_column = column;
        entry->line = (unsigned) line + 1;
        entry->column = column;
}

void fw_diag_add(struct fw_diag *diag, enum fw_diag_level level, struct fw_location location, const char *format, ...)
{
        if (!diag)
                return;
        diag->counts[level]++;
        if (diag->entries.len >= FW_LIMIT_DIAG_ENTRIES)
                return;

        fw_cleanup(fw_buf_done) struct fw_buf message = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        va_list args;
        va_start(args, format);
        (void) fw_buf_vprintf(&message, format, args);
        va_end(args);

        struct fw_diag_entry entry = { .level = level, .location = location };
        entry.message = fw_arena_copy(diag->arena, fw_buf_str(&message)).p;
        if (location.source) {
                size_t size = location.source->content.len;
                entry.location.offset = FW_MIN(location.offset, size);
                entry.location.length = FW_MIN(location.length, size - entry.location.offset);
                find_place(diag->sources.p[location.source->number], &entry);
        }
        fw_vec_push(&diag->entries, entry);
}

size_t fw_diag_count(const struct fw_diag *diag, enum fw_diag_level level)
{
        return diag->counts[level];
}

size_t fw_diag_len(const struct fw_diag *diag)
{
        return diag->entries.len;
}

const struct fw_diag_entry *fw_diag_entry(const struct fw_diag *diag, size_t index)
{
        return &diag->entries.p[index];
}

/* What has no place comes first; what stands at the same place stays in the order of addition. */
static int compare_places(const void *left, const void *right)
{
        const struct fw_diag_entry *a = left, *b = right;
        size_t source_a = a->location.source ? a->location.source->number + 1 : 0;
        size_t source_b = b->location.source ? b->location.source->number + 1 : 0;
        if (source_a != source_b)
                return source_a < source_b ? -1 : 1;
        if (a->location.offset != b->location.offset)
                return a->location.offset < b->location.offset ? -1 : 1;
        return 0;
}

void fw_diag_sort(struct fw_diag *diag)
{
        /* stable, and few entries that are nearly in order */
        for (size_t i = 1; i < diag->entries.len; i++) {
                struct fw_diag_entry entry = diag->entries.p[i];
                size_t at = i;
                for (; at > 0 && compare_places(&entry, &diag->entries.p[at - 1]) < 0; at--)
                        diag->entries.p[at] = diag->entries.p[at - 1];
                diag->entries.p[at] = entry;
        }
}

/* The quoted line, as a terminal shows it: tabs as spaces, nothing that acts. */
struct quoted_line {
        struct fw_buf *text;
        size_t width;
        size_t caret_from, caret_to; /* columns */
};

#define TAB_WIDTH 8

static void quote_code(struct quoted_line *line, uint32_t code, struct fw_str bytes)
{
        if (code == '\t') {
                do
                        (void) fw_buf_append_byte(line->text, ' ');
                while (++line->width % TAB_WIDTH != 0);
                return;
        }
        /* a control, a byte that is no UTF-8 and a direction mark take one column, and show that they are there */
        if (fw_code_acts(code) || code == FW_REPLACEMENT) {
                (void) fw_buf_append(line->text, FW_STR("\xEF\xBF\xBD"));
                line->width++;
                return;
        }
        (void) fw_buf_append(line->text, bytes);
        line->width += fw_code_width(code);
}

/* Bytes [from, to) of the source, with the columns that [mark_from, mark_to) takes. */
static void quote_bytes(struct quoted_line *line, struct fw_str content, size_t from, size_t to, size_t mark_from,
                        size_t mark_to)
{
        size_t len;
        bool marked = false;
        for (size_t at = from; at < to; at += len) {
                uint32_t code = fw_utf8_decode(content, at, &len);
                if (!marked && at + len > mark_from) {
                        line->caret_from = line->width;
                        marked = true;
                }
                quote_code(line, code, fw_str_slice(content, at, at + len));
                if (at < mark_to)
                        line->caret_to = line->width;
        }
        if (!marked)
                line->caret_from = line->width;
}

struct window {
        size_t from, to;
        bool cut_before, cut_after;
};

static size_t to_boundary(struct fw_str content, size_t at)
{
        while (at < content.len && ((uint8_t) content.p[at] & 0xC0) == 0x80)
                at++;
        return at;
}

/* The line of an entry, cut to FW_LIMIT_DIAG_LINE_BYTES around the place if it is longer. */
static struct window window_around(const struct fw_diag_entry *entry)
{
        const struct fw_source_text *source = entry->location.source;
        struct window window = { .from = source->line_starts.p[entry->line - 1] };
        window.to = FW_MIN(fw_str_find_byte(source->content, '\n', window.from), source->content.len);
        if (window.to > window.from && source->content.p[window.to - 1] == '\r')
                window.to--;
        if (window.to - window.from <= FW_LIMIT_DIAG_LINE_BYTES)
                return window;

        size_t half = FW_LIMIT_DIAG_LINE_BYTES / 2;
        size_t offset = FW_MIN(entry->location.offset, window.to);
        size_t from = offset - window.from > half ? offset - half : window.from;
        from = FW_MIN(from, window.to - FW_LIMIT_DIAG_LINE_BYTES);
        from = from > window.from ? to_boundary(source->content, from) : from;
        size_t to = FW_MIN(to_boundary(source->content, from + FW_LIMIT_DIAG_LINE_BYTES), window.to);
        return (struct window){ from, to, from > window.from, to < window.to };
}

#define ELLIPSIS FW_STR("\xE2\x80\xA6")

static const char *ansi(bool color, const char *code)
{
        return color ? code : "";
}

#define ANSI_RESET "\033[0m"
#define ANSI_BOLD  "\033[1m"
#define ANSI_CARET "\033[1;32m"

static void render_quote(const struct fw_diag_entry *entry, bool color, struct fw_buf *out)
{
        struct fw_location location = entry->location;
        struct window window = window_around(entry);
        struct quoted_line line = { .text = out };
        (void) fw_buf_printf(out, "%5u | ", entry->line);
        if (window.cut_before) {
                (void) fw_buf_append(out, ELLIPSIS);
                line.width++;
        }
        quote_bytes(&line, location.source->content, window.from, window.to, location.offset,
                    location.offset + location.length);
        if (window.cut_after)
                (void) fw_buf_append(out, ELLIPSIS);

        (void) fw_buf_printf(out, "\n      | %*s%s^", (int) line.caret_from, "", ansi(color, ANSI_CARET));
        for (size_t column = line.caret_from + 1; column < line.caret_to; column++)
                (void) fw_buf_append_byte(out, '~');
        (void) fw_buf_printf(out, "%s\n", ansi(color, ANSI_RESET));
}

static void append_place(const struct fw_diag_entry *entry, struct fw_buf *out)
{
        if (!entry->location.source)
                return;
        struct fw_str name = entry->location.source->name;
        if (name.len > 0) {
                (void) fw_utf8_append_escaped(out, name);
                (void) fw_buf_append_byte(out, ':');
        }
        (void) fw_buf_printf(out, "%u:%u: ", entry->line, entry->column);
}

int fw_diag_render(const struct fw_diag *diag, size_t index, bool color, struct fw_buf *out)
{
        static const struct {
                const char *name, *color;
        } levels[] = {
                [FW_NOTE] = { "note", "\033[1;36m" },
                [FW_WARNING] = { "warning", "\033[1;35m" },
                [FW_ERROR] = { "error", "\033[1;31m" },
        };
        const struct fw_diag_entry *entry = &diag->entries.p[index];
        (void) fw_buf_append_c(out, ansi(color, ANSI_BOLD));
        append_place(entry, out);
        (void) fw_buf_printf(out, "%s%s%s: %s", ansi(color, ANSI_RESET), ansi(color, levels[entry->level].color),
                             levels[entry->level].name, ansi(color, ANSI_RESET));
        (void) fw_utf8_append_escaped(out, fw_str_c(entry->message));
        (void) fw_buf_append_byte(out, '\n');
        if (entry->location.source && entry->location.source->content.len > 0)
                render_quote(entry, color, out);
        return out->error;
}

int fw_diag_render_all(const struct fw_diag *diag, bool color, struct fw_buf *out)
{
        for (size_t i = 0; i < diag->entries.len; i++)
                (void) fw_diag_render(diag, i, color, out);
        size_t all = diag->counts[FW_NOTE] + diag->counts[FW_WARNING] + diag->counts[FW_ERROR];
        if (all > diag->entries.len)
                (void) fw_buf_printf(out, "(and %zu more %s)\n", all - diag->entries.len,
                                     fw_plural(all - diag->entries.len, "message", "messages"));
        return out->error;
}

int fw_diag_first_error(const struct fw_diag *diag, struct fw_buf *out)
{
        for (size_t i = 0; i < diag->entries.len; i++) {
                const struct fw_diag_entry *entry = &diag->entries.p[i];
                if (entry->level != FW_ERROR)
                        continue;
                append_place(entry, out);
                return fw_utf8_append_escaped(out, fw_str_c(entry->message));
        }
        return out->error;
}
