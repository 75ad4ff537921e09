/*
 * lookup: what a configuration that was read is asked.
 */
#include "config/config.h"

struct fw_config *fw_config_free(struct fw_config *config)
{
        if (!config)
                return NULL;
        (void) fw_arena_free(config->arena); /* the configuration itself is in there */
        return NULL;
}

const struct fw_feed_config *fw_config_find_feed(const struct fw_config *config, struct fw_str id_or_url)
{
        for (size_t i = 0; i < config->feeds_len; i++)
                if (fw_str_eq(config->feeds[i].id, id_or_url) || fw_str_eq(config->feeds[i].url, id_or_url))
                        return &config->feeds[i];
        return NULL;
}

const struct fw_channel_config *fw_config_find_channel(const struct fw_config *config, struct fw_str name)
{
        for (size_t i = 0; i < config->channels_len; i++)
                if (fw_str_eq(config->channels[i].name, name))
                        return &config->channels[i];
        return NULL;
}
