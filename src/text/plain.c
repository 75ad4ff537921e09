/*
 * plain: plain text with its map back into the source. Segments are kept as few as can be: a run of text that goes on both
 * in the plain text and in the source goes on in its segment.
 */
#include "text/plain.h"

#include <string.h>

#include "base/utf8.h"

void fw_plain_text_init(struct fw_plain_text *plain)
{
        *plain = (struct fw_plain_text){ 0 };
        fw_buf_init(&plain->text, FW_BUF_UNBOUNDED);
}

void fw_plain_text_done(struct fw_plain_text *plain)
{
        fw_buf_done(&plain->text);
        fw_vec_done(&plain->map);
        fw_vec_done(&plain->blocks);
}

void fw_plain_text_reset(struct fw_plain_text *plain)
{
        fw_buf_reset(&plain->text);
        plain->map.len = 0;
        plain->blocks.len = 0;
}

void fw_plain_append_verbatim(struct fw_plain_text *plain, struct fw_str source, size_t from, size_t to)
{
        if (from == to)
                return;
        struct fw_text_segment *last = plain->map.len > 0 ? &plain->map.p[plain->map.len - 1] : NULL;
        if (last && last->verbatim && last->source_end == from) {
                last->source_end = (uint32_t) to;
        } else {
                struct fw_text_segment segment = { .plain = (uint32_t) plain->text.len,
                                                   .source = (uint32_t) from,
                                                   .source_end = (uint32_t) to,
                                                   .verbatim = true };
                fw_vec_push(&plain->map, segment);
        }
        (void) fw_buf_append(&plain->text, fw_str_slice(source, from, to));
}

void fw_plain_append_for(struct fw_plain_text *plain, struct fw_str text, size_t from, size_t to)
{
        struct fw_text_segment segment = { .plain = (uint32_t) plain->text.len,
                                           .source = (uint32_t) from,
                                           .source_end = (uint32_t) to,
                                           .verbatim = false };
        fw_vec_push(&plain->map, segment);
        (void) fw_buf_append(&plain->text, text);
}

void fw_plain_start_block(struct fw_plain_text *plain)
{
        fw_vec_push(&plain->blocks, (uint32_t) plain->text.len);
}

void fw_text_as_plain(struct fw_str text, struct fw_plain_text *ret_plain)
{
        fw_plain_text_reset(ret_plain);
        if (text.len > FW_LIMIT_TEXT_BYTES)
                text = fw_utf8_cut(text, FW_LIMIT_TEXT_BYTES);
        fw_plain_append_verbatim(ret_plain, text, 0, text.len);
        size_t first = 0; /* empty lines before any text part nothing */
        while (first < text.len && fw_is_space(text.p[first]))
                first++;
        for (size_t newline = fw_str_find_byte(text, '\n', first); newline != SIZE_MAX;) {
                size_t next = newline + 1;
                unsigned lines = 1;
                for (; next < text.len && fw_is_space(text.p[next]); next++)
                        lines += text.p[next] == '\n';
                if (lines > 1 && next < text.len)
                        fw_vec_push(&ret_plain->blocks, (uint32_t) next);
                newline = fw_str_find_byte(text, '\n', next);
        }
}

/* The segment that plain byte `at` is in. */
static const struct fw_text_segment *find_segment(const struct fw_plain_text *plain, uint32_t at)
{
        size_t low = 0, high = plain->map.len;
        while (high - low > 1) {
                size_t middle = low + (high - low) / 2;
                if (plain->map.p[middle].plain <= at)
                        low = middle;
                else
                        high = middle;
        }
        return &plain->map.p[low];
}

void fw_plain_to_source(const struct fw_plain_text *plain, uint32_t from, uint32_t to, uint32_t *ret_source_from,
                        uint32_t *ret_source_to)
{
        *ret_source_from = *ret_source_to = 0;
        if (plain->map.len == 0)
                return;
        const struct fw_text_segment *first = find_segment(plain, from);
        uint32_t source_from = first->verbatim ? first->source + (from - first->plain) : first->source;
        uint32_t source_to = source_from;
        if (to > from) {
                const struct fw_text_segment *last = find_segment(plain, to - 1);
                source_to = last->verbatim ? last->source + (to - last->plain) : last->source_end;
        }
        *ret_source_from = source_from;
        *ret_source_to = source_to;
}
