#include "fetch/schedule.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/map.h"
#include "base/vec.h"

/* Allocated one by one: the map's keys point into them while their places in the heap change. */
struct entry {
        int64_t feed_key;
        int64_t due_usec;
        size_t place;
};

struct fw_schedule {
        FW_VEC(struct entry *) heap; /* earliest first; parent of i is (i - 1) / 2 */
        struct fw_map by_key;
};

struct fw_schedule *fw_schedule_new(void)
{
        struct fw_schedule *schedule = fw_calloc(1, sizeof(*schedule));
        fw_map_init(&schedule->by_key);
        return schedule;
}

struct fw_schedule *fw_schedule_free(struct fw_schedule *schedule)
{
        if (!schedule)
                return NULL;
        for (size_t i = 0; i < schedule->heap.len; i++)
                free(schedule->heap.p[i]);
        fw_vec_done(&schedule->heap);
        fw_map_done(&schedule->by_key);
        free(schedule);
        return NULL;
}

static struct fw_str key_bytes(const int64_t *feed_key)
{
        return fw_str_n((const char *) feed_key, sizeof(*feed_key));
}

/* Equal due times go by key, so that the order is the same everywhere. */
static bool earlier(const struct entry *a, const struct entry *b)
{
        return a->due_usec != b->due_usec ? a->due_usec < b->due_usec : a->feed_key < b->feed_key;
}

static void put(struct fw_schedule *schedule, size_t place, struct entry *entry)
{
        schedule->heap.p[place] = entry;
        entry->place = place;
}

static void sift_up(struct fw_schedule *schedule, struct entry *entry)
{
        size_t place = entry->place;
        while (place > 0) {
                size_t parent = (place - 1) / 2;
                if (!earlier(entry, schedule->heap.p[parent]))
                        break;
                put(schedule, place, schedule->heap.p[parent]);
                place = parent;
        }
        put(schedule, place, entry);
}

static void sift_down(struct fw_schedule *schedule, struct entry *entry)
{
        size_t place = entry->place;
        for (;;) {
                size_t child = 2 * place + 1;
                if (child >= schedule->heap.len)
                        break;
                if (child + 1 < schedule->heap.len && earlier(schedule->heap.p[child + 1], schedule->heap.p[child]))
                        child++;
                if (!earlier(schedule->heap.p[child], entry))
                        break;
                put(schedule, place, schedule->heap.p[child]);
                place = child;
        }
        put(schedule, place, entry);
}

static struct entry *find(const struct fw_schedule *schedule, int64_t feed_key)
{
        union fw_map_value *value = fw_map_get(&schedule->by_key, key_bytes(&feed_key));
        return value ? value->pointer : NULL;
}

static void take_out(struct fw_schedule *schedule, struct entry *entry)
{
        struct entry *last = schedule->heap.p[--schedule->heap.len];
        if (last != entry) {
                put(schedule, entry->place, last);
                sift_up(schedule, last);
                sift_down(schedule, last);
        }
        (void) fw_map_remove(&schedule->by_key, key_bytes(&entry->feed_key));
        free(entry);
}

void fw_schedule_set(struct fw_schedule *schedule, int64_t feed_key, int64_t due_usec)
{
        if (due_usec == FW_TIME_NONE) {
                (void) fw_schedule_remove(schedule, feed_key);
                return;
        }
        struct entry *entry = find(schedule, feed_key);
        if (!entry) {
                entry = fw_malloc(sizeof(*entry));
                *entry = (struct entry){ .feed_key = feed_key, .place = schedule->heap.len };
                fw_vec_push(&schedule->heap, entry);
                fw_map_put(&schedule->by_key, key_bytes(&entry->feed_key), NULL)->pointer = entry;
        }
        entry->due_usec = due_usec;
        sift_up(schedule, entry);
        sift_down(schedule, entry);
}

bool fw_schedule_remove(struct fw_schedule *schedule, int64_t feed_key)
{
        struct entry *entry = find(schedule, feed_key);
        if (!entry)
                return false;
        take_out(schedule, entry);
        return true;
}

int64_t fw_schedule_next(const struct fw_schedule *schedule)
{
        return schedule->heap.len > 0 ? schedule->heap.p[0]->due_usec : INT64_MAX;
}

bool fw_schedule_pop_due(struct fw_schedule *schedule, int64_t now_usec, int64_t *ret_feed_key)
{
        if (schedule->heap.len == 0 || schedule->heap.p[0]->due_usec > now_usec)
                return false;
        *ret_feed_key = schedule->heap.p[0]->feed_key;
        take_out(schedule, schedule->heap.p[0]);
        return true;
}

size_t fw_schedule_len(const struct fw_schedule *schedule)
{
        return schedule->heap.len;
}
