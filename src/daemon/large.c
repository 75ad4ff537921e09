/*
 * large: a result with many new items, stored slice by slice.
 *
 * A publisher who renews an archive of 100,000 items must not stop the loop for a minute: others' feeds, clients and the service manager
 * wait. So each turn of the loop takes one slice, a transaction of its own of items, alerts and their keys; the feed's state, with its
 * validators, moves on after the last one. After a kill in the middle the next poll finds the stored ones known and goes on with the rest.
 */
#include <stdlib.h>

#include "daemon/daemon.h"

#define SLICE_USEC (40 * FW_USEC_PER_MSEC)

struct fw_large {
        struct fw_settlement settlement;
        struct fw_result result;
        struct fw_arena *memory; /* of the result */
        size_t next;             /* item */
        sd_event_source *step;
};

struct fw_large *fw_large_free(struct fw_large *large)
{
        if (!large)
                return NULL;
        (void) sd_event_source_disable_unref(large->step);
        json_decref(large->settlement.alerts);
        (void) fw_arena_free(large->memory);
        free(large);
        return NULL;
}

static int store_slice(struct fw_large *large)
{
        struct fw_daemon *daemon = large->settlement.poll->daemon;
        const uint64_t until_usec = fw_clock_monotonic(&daemon->clock) + SLICE_USEC;
        const size_t from = large->next;
        (void) fw_store_begin(daemon->store); /* what fails comes back from the commit */
        do {
                (void) fw_outcome_store_items(&large->settlement, &large->result, large->next, large->next + 1);
                large->next++;
        } while (large->next < large->result.items_len && fw_clock_monotonic(&daemon->clock) < until_usec);
        (void) fw_outcome_store_keys(&large->settlement, &large->result, from, large->next);
        return fw_store_commit(daemon->store);
}

/* The settlement without the rest of `large`, which ends here. */
static struct fw_settlement take_settlement(struct fw_large *large)
{
        struct fw_settlement settlement = large->settlement;
        large->settlement.alerts = NULL;
        settlement.poll->large = NULL;
        return settlement;
}

static int on_step(sd_event_source *source fw_unused, void *userdata)
{
        struct fw_large *large = userdata;
        struct fw_daemon *daemon = large->settlement.poll->daemon;
        (void) fw_settle_commit(daemon); /* others' outcomes: theirs to report */
        size_t alerts_before = large->settlement.alerts_made;
        int r = store_slice(large);
        fw_settle_note_commit(daemon, r);
        if (r < 0) {
                struct fw_settlement settlement = take_settlement(large);
                (void) fw_large_free(large);
                fw_settle_failed(&settlement);
                return 0;
        }
        daemon->alerts += large->settlement.alerts_made - alerts_before;
        if (large->settlement.alerts_made != alerts_before)
                fw_settle_announce(daemon);
        if (large->next < large->result.items_len)
                return sd_event_source_set_enabled(large->step, SD_EVENT_ONESHOT);

        struct fw_settlement settlement = take_settlement(large);
        settlement.alerts_counted = settlement.alerts_made;
        fw_settle_end(&settlement, &large->result);
        (void) fw_large_free(large);
        return 0;
}

int fw_large_start(const struct fw_settlement *settlement, const struct fw_result *result)
{
        struct fw_large *large = fw_calloc(1, sizeof(*large));
        int r = sd_event_add_defer(settlement->poll->daemon->event, &large->step, on_step, large);
        if (r < 0) {
                free(large);
                return r;
        }
        /* After everything that waits for an answer. */
        (void) sd_event_source_set_priority(large->step, SD_EVENT_PRIORITY_IDLE);
        large->settlement = *settlement;
        large->result = *result;
        large->result.memory = NULL;
        large->memory = fw_result_take_memory(result);
        settlement->poll->large = large;
        return 0;
}
