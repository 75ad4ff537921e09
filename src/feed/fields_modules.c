#include "base/macros.h"
#include "feed/fields.h"

static uint32_t number_at_most(struct fw_str text, uint64_t most)
{
        uint64_t number;
        return fw_str_to_u64(fw_str_trim(text), &number) == 0 && number <= most ? (uint32_t) number : 0;
}

void fw_end_ttl(struct fw_reader *reader, fw_unused const struct fw_field *field, fw_unused enum fw_text_kind kind,
                struct fw_str text)
{
        reader->feed.feed.ttl_minutes = number_at_most(text, UINT32_MAX);
}

void fw_start_skip_hours(struct fw_reader *reader, fw_unused const struct fw_xml_element *element,
                         fw_unused const struct fw_field *field)
{
        fw_reader_enter(reader, FW_AT_SKIP_HOURS);
}

void fw_start_skip_days(struct fw_reader *reader, fw_unused const struct fw_xml_element *element,
                        fw_unused const struct fw_field *field)
{
        fw_reader_enter(reader, FW_AT_SKIP_DAYS);
}

/* 0 to 23; RSS 0.9x counted to 24. */
void fw_end_hour(struct fw_reader *reader, fw_unused const struct fw_field *field, fw_unused enum fw_text_kind kind,
                 struct fw_str text)
{
        uint64_t hour;
        if (fw_str_to_u64(fw_str_trim(text), &hour) == 0 && hour <= 24)
                reader->feed.feed.skip_hours |= UINT32_C(1) << hour % 24;
}

void fw_end_day(struct fw_reader *reader, fw_unused const struct fw_field *field, fw_unused enum fw_text_kind kind,
                struct fw_str text)
{
        static const char *const days[] = {
                "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"
        };
        for (unsigned day = 0; day < FW_ARRAY_LEN(days); day++)
                if (fw_str_eq_nocase(fw_str_trim(text), fw_str_c(days[day])))
                        reader->feed.feed.skip_days |= (uint8_t) (1 << day);
}

void fw_end_update_period(struct fw_reader *reader, fw_unused const struct fw_field *field,
                          fw_unused enum fw_text_kind kind, struct fw_str text)
{
        static const struct {
                const char *name;
                uint32_t minutes;
        } periods[] = { { "hourly", 60 },
                        { "daily", 24 * 60 },
                        { "weekly", 7 * 24 * 60 },
                        { "monthly", 30 * 24 * 60 },
                        { "yearly", 365 * 24 * 60 } };
        for (size_t i = 0; i < FW_ARRAY_LEN(periods); i++)
                if (fw_str_eq_nocase(fw_str_trim(text), fw_str_c(periods[i].name)))
                        reader->feed.update_period_minutes = periods[i].minutes;
}

void fw_end_update_frequency(struct fw_reader *reader, fw_unused const struct fw_field *field,
                             fw_unused enum fw_text_kind kind, struct fw_str text)
{
        reader->feed.update_frequency = number_at_most(text, 100000);
}

void fw_start_itunes_image(struct fw_reader *reader, const struct fw_xml_element *element, const struct fw_field *field)
{
        struct fw_draft_string *target = reader->in_item ? &reader->item.image : &reader->feed.icon;
        fw_draft_set_string(target, fw_reader_attribute(element, "href"), fw_reader_base(reader), field->rank,
                            reader->arena);
}

/* A category may hold its subcategories. */
void fw_start_itunes_category(struct fw_reader *reader, const struct fw_xml_element *element,
                              fw_unused const struct fw_field *field)
{
        fw_str_list *tags = reader->in_item ? &reader->item.tags : &reader->feed.tags;
        fw_draft_add_tag(tags, fw_reader_attribute(element, "text"), reader->arena);
        fw_reader_enter(reader, fw_outer_place(reader));
}

/* "1:02:03", "62:03" or "3723". */
static double duration_seconds(struct fw_str text)
{
        uint64_t seconds = 0, part;
        struct fw_str rest = fw_str_trim(text), piece;
        while (fw_str_split(&rest, ':', &piece)) {
                if (fw_str_to_u64(fw_str_trim(piece), &part) < 0 || part > 10000000 || seconds > 10000000)
                        return 0;
                seconds = seconds * 60 + part;
        }
        return (double) seconds;
}

void fw_end_duration(struct fw_reader *reader, fw_unused const struct fw_field *field, fw_unused enum fw_text_kind kind,
                     struct fw_str text)
{
        reader->item.duration_seconds = duration_seconds(text);
}

void fw_start_thumbnail(struct fw_reader *reader, const struct fw_xml_element *element, const struct fw_field *field)
{
        fw_draft_set_string(&reader->item.image, fw_reader_attribute(element, "url"), fw_reader_base(reader),
                            field->rank, reader->arena);
}

void fw_start_media_group(struct fw_reader *reader, fw_unused const struct fw_xml_element *element,
                          fw_unused const struct fw_field *field)
{
        fw_reader_enter(reader, FW_AT_MEDIA);
}

void fw_start_media_content(struct fw_reader *reader, const struct fw_xml_element *element,
                            const struct fw_field *field)
{
        fw_reader_enter(reader, FW_AT_MEDIA);
        struct fw_str url = fw_str_trim(fw_reader_attribute(element, "url"));
        if (url.len == 0)
                return;
        struct fw_str type = fw_str_trim(fw_reader_attribute(element, "type"));
        uint64_t size;
        struct fw_attachment attachment = {
                .url = fw_reader_link(reader, url),
                .mime_type = fw_arena_copy(reader->arena, type),
                .size_bytes =
                        fw_str_to_u64(fw_str_trim(fw_reader_attribute(element, "fileSize")), &size) == 0 ? size : 0,
                .duration_seconds = duration_seconds(fw_reader_attribute(element, "duration")),
        };
        fw_draft_add_attachment(&reader->item.attachments, &attachment);
        if (fw_str_eq_nocase(fw_reader_attribute(element, "medium"), FW_STR("image")) ||
            fw_str_starts_nocase(type, FW_STR("image/")))
                fw_draft_set_string(&reader->item.image, url, fw_reader_base(reader), field->rank, reader->arena);
}
