/*
 * date: the dates that feeds have, in whatever form they come.
 *
 * RFC 822/5322 with comments, odd weekdays, two-digit years, zone names and military letters (as RFC 822 has them,
 * which is what RSS 2.0 points to); RFC 3339, W3CDTF and ISO 8601 with and without separators, week and ordinal
 * dates; asctime; month names of the larger European languages; Korean, Japanese and Chinese dates. A date without a
 * zone is UTC.
 */
#pragma once

#include <stdint.h>

#include "base/clock.h"
#include "base/str.h"

/*
 * The instant, or FW_TIME_NONE for what cannot be read for certain: no year, a 31st of February, 25 o'clock, and
 * 3/4/2026, which is March here and April there (with AM or PM it is March). A year alone is its first of January, a
 * month its first.
 */
int64_t fw_date_parse(struct fw_str text);
