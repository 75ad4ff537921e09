/*
 * date_words: the words that stand in dates. The tables behind feed/date.h.
 */
#pragma once

#include <stdbool.h>

#include "base/str.h"

/* Months 1..12 by the beginning of a lower-case name in any of the languages known; 0 for other words. */
int fw_date_month(struct fw_str word);
/* Minutes east of Greenwich of a zone's lower-case name ("est", "z", "msk"); false for other words. */
bool fw_date_zone(struct fw_str word, int *ret_minutes);
/* 'a' or 'p' for "am", "오후" and the like in lower case; 0 for other words. */
char fw_date_half_of_day(struct fw_str word);
/*
 * 'Y' 'M' 'D' 'h' 'm' 's' for the counters that follow numbers in Chinese, Japanese and Korean ("年", "월"); 0 for
 * others.
 */
char fw_date_counter(struct fw_str word);
