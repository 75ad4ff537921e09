/*
 * schedule: which feed is due next. A heap of (due time, feed key); every operation O(log n). Pure: the caller brings
 * the time.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"

struct fw_schedule;

struct fw_schedule *fw_schedule_new(void);
struct fw_schedule *fw_schedule_free(struct fw_schedule *schedule);
FW_DEFINE_CLEANUP(struct fw_schedule, fw_schedule_free);

/* Adds a feed or moves it; FW_TIME_NONE (never due) takes it out. */
void fw_schedule_set(struct fw_schedule *schedule, int64_t feed_key, int64_t due_usec);
/* False if it was not there. */
bool fw_schedule_remove(struct fw_schedule *schedule, int64_t feed_key);
/* The earliest due time; INT64_MAX when nothing is scheduled. */
int64_t fw_schedule_next(const struct fw_schedule *schedule);
/* Takes the earliest feed out if it is due; false otherwise. */
bool fw_schedule_pop_due(struct fw_schedule *schedule, int64_t now_usec, int64_t *ret_feed_key);
size_t fw_schedule_len(const struct fw_schedule *schedule);
