#include "engine/excerpt.h"

#include "base/buf.h"
#include "base/macros.h"
#include "base/utf8.h"
#include "base/vec.h"

#define ELLIPSIS "…"
/* How far from the wanted cut a border between words is looked for; in scripts without spaces there is none. */
#define BORDER_SEARCH_BYTES 40

struct window {
        size_t from, to;
};

/* ---- from the markup's bytes to the text's ---- */

/* Index of the first segment that ends after `source`, or the number of segments. */
static size_t segment_after(const struct fw_plain_text *plain, uint32_t source)
{
        size_t low = 0;
        size_t high = plain->map.len;
        while (low < high) {
                size_t middle = low + (high - low) / 2;
                if (plain->map.p[middle].source_end > source)
                        high = middle;
                else
                        low = middle + 1;
        }
        return low;
}

/* Where the text that comes from segment `index` ends. */
static uint32_t plain_end(const struct fw_plain_text *plain, size_t index)
{
        return index + 1 < plain->map.len ? plain->map.p[index + 1].plain : (uint32_t) plain->text.len;
}

struct fw_mark fw_plain_from_source(const struct fw_plain_text *plain, uint32_t from, uint32_t to)
{
        struct fw_mark mark = { .start = (uint32_t) plain->text.len, .end = (uint32_t) plain->text.len };
        size_t first = segment_after(plain, from);
        if (first < plain->map.len) {
                const struct fw_text_segment *segment = &plain->map.p[first];
                bool inside = segment->verbatim && from > segment->source;
                mark.start = segment->plain + (inside ? from - segment->source : 0);
        }
        size_t last = to > 0 ? segment_after(plain, to - 1) : plain->map.len;
        if (last < plain->map.len) {
                const struct fw_text_segment *segment = &plain->map.p[last];
                if (to <= segment->source)
                        mark.end = segment->plain;
                else
                        mark.end = segment->verbatim ? segment->plain + (to - segment->source) : plain_end(plain, last);
        }
        mark.start = FW_MIN(mark.start, (uint32_t) plain->text.len);
        mark.end = FW_MAX(FW_MIN(mark.end, (uint32_t) plain->text.len), mark.start);
        return mark;
}

/* ---- which part is shown ---- */

/* The first stretch of at most `budget` bytes with as many hits as any. */
static struct window busiest(const struct fw_mark *hits, size_t hits_len, size_t budget)
{
        struct window best = { 0 };
        size_t best_count = 0;
        for (size_t first = 0, last = 0; first < hits_len; first++) {
                last = FW_MAX(last, first);
                while (last + 1 < hits_len && hits[last + 1].end <= hits[first].start + budget)
                        last++;
                if (last - first + 1 > best_count) {
                        best_count = last - first + 1;
                        best = (struct window){ .from = hits[first].start, .to = hits[last].end };
                }
        }
        best.to = FW_MIN(best.to, best.from + budget);
        return best;
}

static bool is_boundary(struct fw_str text, size_t at)
{
        return at >= text.len || ((unsigned char) text.p[at] & 0xC0) != 0x80;
}

/* Moves a cut forward, not beyond `most`, to the start of a word, else of a character. */
static size_t cut_forward(struct fw_str text, size_t cut, size_t most)
{
        size_t end = FW_MIN(most, cut + BORDER_SEARCH_BYTES);
        for (size_t at = cut; at < end; at++)
                if (fw_is_space(text.p[at]))
                        return at + 1;
        while (cut < most && !is_boundary(text, cut))
                cut++;
        return cut;
}

/* Moves a cut back, not before `least`, to the end of a word, else of a character. */
static size_t cut_back(struct fw_str text, size_t cut, size_t least)
{
        size_t end = FW_MAX(least, cut > BORDER_SEARCH_BYTES ? cut - BORDER_SEARCH_BYTES : 0);
        for (size_t at = cut; at > end; at--)
                if (fw_is_space(text.p[at]))
                        return at;
        while (cut > least && !is_boundary(text, cut))
                cut--;
        return cut;
}

static struct window choose(struct fw_str text, const struct fw_mark *hits, size_t hits_len, size_t budget)
{
        if (text.len <= budget)
                return (struct window){ .from = 0, .to = text.len };
        struct window window = busiest(hits, hits_len, budget);
        const struct window core = window;
        size_t slack = budget - (window.to - window.from);
        window.from -= FW_MIN(window.from, slack / 3);
        window.to = FW_MIN(window.from + budget, text.len);
        window.from = window.to - budget;
        if (window.from > 0)
                window.from = cut_forward(text, window.from, core.from);
        if (window.to < text.len)
                window.to = cut_back(text, window.to, FW_MAX(core.to, window.from));
        /* A single hit longer than the budget ends in mid-word, but not in mid-character. */
        while (window.to > window.from && !is_boundary(text, window.to))
                window.to--;
        return window;
}

/* ---- how it is shown ---- */

struct shown {
        struct fw_buf text;
        FW_VEC(struct fw_mark) marks;
        size_t next_hit; /* the first that does not end before here */
        bool marking;
};

static void mark_byte(struct shown *shown, const struct fw_mark *hits, size_t hits_len, size_t at)
{
        while (shown->next_hit < hits_len && hits[shown->next_hit].end <= at)
                shown->next_hit++;
        bool hit = false;
        for (size_t i = shown->next_hit; i < hits_len && hits[i].start <= at && !hit; i++)
                hit = hits[i].end > at;
        uint32_t here = (uint32_t) shown->text.len;
        if (hit && !shown->marking)
                fw_vec_push(&shown->marks, (struct fw_mark){ .start = here, .end = here });
        shown->marking = hit;
}

/* Appends one byte of the text; white space becomes one space, and none at the start. */
static void show_byte(struct shown *shown, char byte)
{
        bool after_space = shown->text.len == 0 || shown->text.p[shown->text.len - 1] == ' ';
        if (fw_is_space(byte) && after_space)
                return;
        (void) fw_buf_append_byte(&shown->text, fw_is_space(byte) ? ' ' : byte);
        if (shown->marking)
                shown->marks.p[shown->marks.len - 1].end = (uint32_t) shown->text.len;
}

static void trim_end(struct shown *shown)
{
        while (shown->text.len > 0 && shown->text.p[shown->text.len - 1] == ' ')
                shown->text.len--;
        for (size_t i = 0; i < shown->marks.len; i++)
                shown->marks.p[i].end = FW_MIN(shown->marks.p[i].end, (uint32_t) shown->text.len);
}

void fw_excerpt(struct fw_str text, const struct fw_mark *hits, size_t hits_len, struct fw_arena *arena,
                struct fw_str *ret_excerpt, const struct fw_mark **ret_marks, size_t *ret_marks_len)
{
        struct window window = choose(text, hits, hits_len, FW_LIMIT_EXCERPT_BYTES - 2 * strlen(ELLIPSIS));
        struct shown shown = { .text = FW_BUF_INIT(FW_LIMIT_EXCERPT_BYTES) };
        if (window.from > 0)
                (void) fw_buf_append_c(&shown.text, ELLIPSIS);
        for (size_t at = window.from; at < window.to; at++) {
                mark_byte(&shown, hits, hits_len, at);
                show_byte(&shown, text.p[at]);
        }
        trim_end(&shown);
        if (window.to < text.len)
                (void) fw_buf_append_c(&shown.text, ELLIPSIS);

        struct fw_mark *marks = fw_arena_new_array(arena, struct fw_mark, shown.marks.len);
        for (size_t i = 0; i < shown.marks.len; i++)
                marks[i] = shown.marks.p[i];
        *ret_excerpt = fw_arena_copy(arena, fw_buf_str(&shown.text));
        *ret_marks = marks;
        *ret_marks_len = shown.marks.len;
        fw_vec_done(&shown.marks);
        fw_buf_done(&shown.text);
}

struct fw_str fw_one_line(struct fw_str text, size_t max_bytes, struct fw_arena *arena)
{
        struct shown shown = { .text = FW_BUF_INIT(FW_BUF_UNBOUNDED) };
        struct fw_str cut = fw_utf8_cut(text, max_bytes);
        for (size_t i = 0; i < cut.len; i++)
                show_byte(&shown, cut.p[i]);
        trim_end(&shown);
        struct fw_str line = fw_arena_copy(arena, fw_buf_str(&shown.text));
        fw_buf_done(&shown.text);
        return line;
}
