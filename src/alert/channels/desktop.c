/*
 * desktop: notifications belong to a user's session, so the desktop agent shows them: it follows the alert stream of the control API, and
 * acknowledges each alert that it showed. Here a row only begins to wait.
 */
#include "alert/channel.h"

#include "base/alloc.h"

struct desktop {
        const struct fw_channel_world *world;
};

static void *desktop_open(const struct fw_channel_config *config fw_unused, const struct fw_channel_world *world)
{
        struct desktop *desktop = fw_calloc(1, sizeof(*desktop));
        desktop->world = world;
        return desktop;
}

static void desktop_send(void *channel, const struct fw_parcel *parcels, size_t len)
{
        const struct desktop *desktop = channel;
        for (size_t i = 0; i < len; i++)
                desktop->world->report(desktop->world->userdata, parcels[i].row_id, FW_SEND_WAITS,
                                       FW_STR("waits for a desktop agent to show it"));
}

static void *desktop_close(void *channel)
{
        free(channel);
        return NULL;
}

const struct fw_channel_driver fw_channel_desktop = {
        .type = FW_CHANNEL_DESKTOP,
        .open = desktop_open,
        .send = desktop_send,
        .close = desktop_close,
};
