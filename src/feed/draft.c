#include "feed/draft.h"

#include "base/macros.h"
#include "base/utf8.h"
#include "feed/date.h"
#include "feed/limits.h"

/*
 * U+0080 to U+009F, which are controls that no text has: bytes of windows-1252 that went through a converter which
 * thought them ISO 8859-1, or "&#146;". HTML reads the latter so (§13.2.5.80); here it is done for both.
 */
static struct fw_str mend_controls(struct fw_str text, struct fw_arena *arena)
{
        static const uint16_t windows_1252[32] = {
                0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
                0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
                0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178,
        };
        size_t at = 0, start = 0;
        fw_cleanup(fw_buf_done) struct fw_buf out = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        for (; (at = fw_str_find_byte(text, '\xC2', at)) != SIZE_MAX; at += 2) {
                unsigned char second = (unsigned char) text.p[at + 1];
                if (second >= 0xA0)
                        continue;
                char bytes[4];
                (void) fw_buf_append(&out, fw_str_slice(text, start, at));
                (void) fw_buf_append(&out, fw_str_n(bytes, fw_utf8_encode(windows_1252[second - 0x80], bytes)));
                start = at + 2;
        }
        if (start == 0)
                return fw_arena_copy(arena, text);
        (void) fw_buf_append(&out, fw_str_slice(text, start, text.len));
        return fw_arena_copy(arena, fw_buf_str(&out));
}

void fw_draft_set_text(struct fw_draft_text *text, enum fw_text_kind kind, struct fw_str raw, struct fw_str base,
                       unsigned rank, struct fw_arena *arena)
{
        raw = fw_str_trim(raw);
        if (raw.len == 0 || (text->kind != FW_TEXT_NONE && text->rank <= rank))
                return;
        *text = (struct fw_draft_text){ .kind = kind, .rank = rank, .raw = mend_controls(raw, arena), .base = base };
}

void fw_draft_set_string(struct fw_draft_string *string, struct fw_str value, struct fw_str base, unsigned rank,
                         struct fw_arena *arena)
{
        value = fw_str_trim(value);
        if (value.len == 0 || (string->value.len > 0 && string->rank <= rank))
                return;
        *string = (struct fw_draft_string){ .value = fw_arena_copy(arena, value), .rank = rank, .base = base };
}

void fw_draft_set_date(struct fw_draft_time *time, struct fw_str date, unsigned rank)
{
        if (time->usec != FW_TIME_NONE && time->rank <= rank)
                return;
        int64_t usec = fw_date_parse(date);
        if (usec != FW_TIME_NONE)
                *time = (struct fw_draft_time){ .usec = usec, .rank = rank };
}

void fw_draft_add_tag(fw_str_list *tags, struct fw_str tag, struct fw_arena *arena)
{
        tag = fw_str_trim(tag);
        if (tag.len == 0 || tags->len >= FW_LIMIT_ITEM_LIST)
                return;
        for (size_t i = 0; i < tags->len; i++)
                if (fw_str_eq(tags->p[i], tag))
                        return;
        fw_vec_push(tags, fw_arena_copy(arena, tag));
}

static void take_if_empty(struct fw_str *to, struct fw_str from)
{
        if (fw_str_empty(*to))
                *to = from;
}

void fw_draft_add_person(fw_person_list *people, const struct fw_person *person)
{
        if ((fw_str_empty(person->name) && fw_str_empty(person->url)) || people->len >= FW_LIMIT_ITEM_LIST)
                return;
        for (size_t i = 0; i < people->len; i++) {
                struct fw_person *known = &people->p[i];
                if (!fw_str_eq_nocase(known->name, person->name) ||
                    (fw_str_empty(person->name) && !fw_str_eq(known->url, person->url)))
                        continue;
                take_if_empty(&known->url, person->url);
                take_if_empty(&known->avatar, person->avatar);
                return;
        }
        fw_vec_push(people, *person);
}

void fw_draft_add_attachment(fw_attachment_list *attachments, const struct fw_attachment *attachment)
{
        if (fw_str_empty(attachment->url) || attachments->len >= FW_LIMIT_ITEM_LIST)
                return;
        for (size_t i = 0; i < attachments->len; i++) {
                struct fw_attachment *known = &attachments->p[i];
                if (!fw_str_eq(known->url, attachment->url))
                        continue;
                take_if_empty(&known->mime_type, attachment->mime_type);
                take_if_empty(&known->title, attachment->title);
                if (known->size_bytes == 0)
                        known->size_bytes = attachment->size_bytes;
                if (!(known->duration_seconds > 0))
                        known->duration_seconds = attachment->duration_seconds;
                return;
        }
        fw_vec_push(attachments, *attachment);
}
