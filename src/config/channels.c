/*
 * channels: where alerts go, as feedwatch.yaml says it.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/vec.h"
#include "config/reader.h"

/* Types of later versions: naming one must not look like success. */
static const char *const later_types[] = { "email", "webhook", "exec", NULL };

static const char *const log_targets[] = { "journal", "stderr", "stdout", NULL };

const char *fw_channel_type_name(enum fw_channel_type type)
{
        static const char *const names[] = {
#define FW_X(name, text) [FW_CHANNEL_##name] = text,
                FW_CHANNEL_TYPES(FW_X)
#undef FW_X
        };
        return names[type];
}

static bool is_one_of(struct fw_str text, const char *const *names)
{
        for (size_t i = 0; names[i]; i++)
                if (fw_str_eq(text, fw_str_c(names[i])))
                        return true;
        return false;
}

/* True if the channel has a type that this version knows. */
static bool check_type(const struct fw_settings_reader *reader, const struct fw_yaml_node *name,
                       const struct fw_yaml_node *node)
{
        const struct fw_yaml_node *type = fw_yaml_get(node, "type");
        if (!fw_setting_given(node, "type")) {
                fw_diag_add(reader->diag, FW_ERROR, fw_yaml_location(name),
                            "channel '%.*s' needs a 'type': log or desktop", FW_STR_ARG(fw_yaml_text(name)));
                return false;
        }
        if (!is_one_of(fw_yaml_text(type), later_types))
                return true;
        fw_diag_add(reader->diag, FW_ERROR, fw_yaml_location(type),
                    "this version has no channels of type '%.*s': nothing would be sent; it has log and desktop",
                    FW_STR_ARG(fw_yaml_text(type)));
        return false;
}

/* "jornal" is not meant as a file's name. */
static bool is_misspelt(struct fw_str target, struct fw_str *ret_meant)
{
        struct fw_str known[FW_ARRAY_LEN(log_targets) - 1];
        for (size_t i = 0; i < FW_ARRAY_LEN(known); i++)
                known[i] = fw_str_c(log_targets[i]);
        *ret_meant = fw_str_nearest(target, known, FW_ARRAY_LEN(known));
        return !fw_str_empty(*ret_meant) && fw_str_find_byte(target, '/', 0) == SIZE_MAX &&
               fw_str_find_byte(target, '.', 0) == SIZE_MAX;
}

static void read_target(const struct fw_settings_reader *reader, const struct fw_yaml_node *node,
                        struct fw_channel_config *channel)
{
        struct fw_str target = FW_STR("journal"), meant;
        const struct fw_yaml_node *given = fw_yaml_get(node, "target");
        if (channel->type != FW_CHANNEL_LOG) {
                if (given)
                        fw_diag_add(reader->diag, FW_ERROR, fw_yaml_location(given),
                                    "only a channel of type log has a 'target'");
                return;
        }
        (void) fw_yaml_get_string(node, "target", reader->diag, &target);
        if (is_one_of(target, log_targets))
                channel->target = fw_arena_copy(reader->arena, target);
        else if (fw_str_empty(target))
                fw_diag_add(reader->diag, FW_ERROR, fw_yaml_location(given),
                            "'target' must be journal, stderr, stdout, or a file");
        else if (is_misspelt(target, &meant))
                fw_diag_add(reader->diag, FW_ERROR, fw_yaml_location(given),
                            "'target: %.*s': did you mean '%.*s'? A file is written './%.*s'", FW_STR_ARG(target),
                            FW_STR_ARG(meant), FW_STR_ARG(target));
        else
                channel->target = fw_settings_path(reader, target);
}

static bool read_channel(const struct fw_settings_reader *reader, const struct fw_yaml_node *name,
                         const struct fw_yaml_node *node, struct fw_channel_config *channel)
{
        fw_cleanup(fw_freep) char *what = fw_asprintf("channel '%.*s'", FW_STR_ARG(fw_yaml_text(name)));
        if (!fw_yaml_expect(node, FW_YAML_MAPPING, what, reader->diag) || !check_type(reader, name, node))
                return false;
        *channel = (struct fw_channel_config){
                .name = fw_arena_copy(reader->arena, fw_yaml_text(name)),
                .location = fw_yaml_location(name),
        };
        fw_settings_check_keys(reader, FW_IN_CHANNEL, node);
        fw_settings_read(reader, FW_IN_CHANNEL, node, channel);
        read_target(reader, node, channel);
        return true;
}

static void use_channels(struct fw_config *config, const struct fw_channel_config *channels, size_t len)
{
        struct fw_channel_config *copy = fw_arena_new_array(config->arena, struct fw_channel_config, len + 1);
        for (size_t i = 0; i < len; i++)
                copy[i] = channels[i];
        config->channels = copy;
        config->channels_len = len;
}

void fw_read_channels(const struct fw_settings_reader *reader, const struct fw_yaml_node *root,
                      struct fw_config *config)
{
        static const struct fw_channel_config standard[] = {
                { .name = { "log", 3 }, .type = FW_CHANNEL_LOG, .target = { "journal", 7 } },
                { .name = { "desktop", 7 }, .type = FW_CHANNEL_DESKTOP },
        };
        const struct fw_yaml_node *node = root ? fw_yaml_get(root, "channels") : NULL;
        if (!node || fw_yaml_is_null(node)) {
                use_channels(config, standard, FW_ARRAY_LEN(standard));
                return;
        }
        if (!fw_yaml_expect(node, FW_YAML_MAPPING, "'channels'", reader->diag))
                return;
        FW_VEC(struct fw_channel_config) channels = { 0 };
        for (size_t i = 0; i < fw_yaml_pairs(node); i++) {
                struct fw_channel_config channel;
                if (read_channel(reader, fw_yaml_key(node, i), fw_yaml_value(node, i), &channel))
                        fw_vec_push(&channels, channel);
        }
        use_channels(config, channels.p, channels.len);
        fw_vec_done(&channels);
}

static void check_channel(const struct fw_settings_reader *reader, const struct fw_config *config, struct fw_str name,
                          const struct fw_yaml_node *node)
{
        if (fw_config_find_channel(config, name))
                return;
        fw_cleanup(fw_freep) struct fw_str *known = fw_calloc(config->channels_len + 1, sizeof(*known));
        for (size_t i = 0; i < config->channels_len; i++)
                known[i] = config->channels[i].name;
        struct fw_str nearest = fw_str_nearest(name, known, config->channels_len);
        fw_diag_add(reader->diag, FW_ERROR, fw_yaml_location(node), "there is no channel '%.*s'%s%.*s%s",
                    FW_STR_ARG(name), nearest.len ? "; did you mean '" : " under 'channels'", FW_STR_ARG(nearest),
                    nearest.len ? "'?" : "");
}

void fw_read_default_notify(const struct fw_settings_reader *reader, const struct fw_yaml_node *defaults,
                            bool channels_are_whole, struct fw_config *config)
{
        struct fw_str *names;
        const struct fw_yaml_node **nodes;
        size_t len;
        int r = defaults ? fw_yaml_get_strings(defaults, "notify", reader->diag, reader->arena, &names, &nodes, &len)
                         : -ENOENT;
        if (r == -ENOENT) {
                len = config->channels_len;
                names = fw_arena_new_array(reader->arena, struct fw_str, len + 1);
                for (size_t i = 0; i < len; i++)
                        names[i] = config->channels[i].name;
        } else if (r < 0) {
                return;
        }
        for (size_t i = 0; r == 0 && i < len; i++) {
                if (channels_are_whole)
                        check_channel(reader, config, names[i], nodes[i]);
                names[i] = fw_arena_copy(reader->arena, names[i]);
        }
        config->default_notify = names;
        config->default_notify_len = len;
}
