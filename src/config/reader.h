/*
 * reader: the parts of fw_config_load(). Inside config only. Each says what is wrong into reader->diag and goes on.
 */
#pragma once

#include "config/patterns.h"
#include "config/settings.h"

/* channels.c */
void fw_read_channels(const struct fw_settings_reader *reader, const struct fw_yaml_node *root,
                      struct fw_config *config);
/* `channels_are_whole`: no channel was wrong, so that a missing one is worth a message. */
void fw_read_default_notify(const struct fw_settings_reader *reader, const struct fw_yaml_node *defaults,
                            bool channels_are_whole, struct fw_config *config);

/* feeds.c: reads all feed lists into config->feeds. */
void fw_read_feeds(const struct fw_settings_reader *reader, const struct fw_found *lists, struct fw_config *config);
