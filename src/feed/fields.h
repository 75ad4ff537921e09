/*
 * fields: what the elements of feeds do. The functions that the table in fields.c points to; private to this room.
 */
#pragma once

#include "feed/reader.h"

/*
 * fields_text.c: titles, summaries and contents; fields_core.c: the rest of RSS and Atom; fields_modules.c: their
 * extensions.
 */
fw_field_start fw_start_text, fw_start_content, fw_start_plain, fw_start_item, fw_start_channel, fw_start_link,
        fw_start_guid, fw_start_category, fw_start_person, fw_start_enclosure, fw_start_image, fw_start_source,
        fw_start_skip_hours, fw_start_skip_days, fw_start_anchor, fw_start_itunes_image, fw_start_itunes_category,
        fw_start_thumbnail, fw_start_media_content, fw_start_media_group;

fw_field_end fw_end_title, fw_end_description, fw_end_summary, fw_end_content, fw_end_item, fw_end_link, fw_end_guid,
        fw_end_id, fw_end_published, fw_end_modified, fw_end_category, fw_end_keywords, fw_end_person,
        fw_end_person_name, fw_end_person_url, fw_end_person_email, fw_end_language, fw_end_ttl, fw_end_hour,
        fw_end_day, fw_end_image_url, fw_end_logo, fw_end_icon, fw_end_duration, fw_end_update_period,
        fw_end_update_frequency;

/* The place about the element that is ending or starting. */
static inline unsigned fw_outer_place(const struct fw_reader *reader)
{
        return reader->frames[reader->depth - 1].place;
}
