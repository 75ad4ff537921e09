#include "config/settings.h"

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/vec.h"
#include "config/words.h"

#define IN_CONFIG(field)         .offset = offsetof(struct fw_config, field)
#define IN_FEED_CONFIG(field)    .offset = offsetof(struct fw_feed_config, field)
#define IN_CHANNEL_CONFIG(field) .offset = offsetof(struct fw_channel_config, field)
#define SECONDS(n)               ((n) *FW_USEC_PER_SEC)
#define DAYS(n)                  ((n) *FW_USEC_PER_DAY)
#define KIB                      ((uint64_t) 1024)
#define SEVERITY_WORDS           "info|notice|warning|critical"

/* clang-format off */
const struct fw_setting fw_settings[] = {
        { FW_IN_TOP, "feeds", FW_SETTING_LIST, .standard = "[feeds.d/*.opml, feeds.d/*.yaml]",
          .help = "files that list the feeds to watch, OPML or YAML: names and patterns" },
        { FW_IN_TOP, "rules", FW_SETTING_LIST, .standard = "[rules.d/*.yaml]",
          .help = "rule files: names and patterns" },
        { FW_IN_TOP, "entities", FW_SETTING_LIST, .standard = "[entities.d/*.yaml]",
          .help = "entity files: names and patterns, and 'builtin:NAME' for a gazetteer that ships with feedwatch" },
        { FW_IN_TOP, "backfill", FW_SETTING_BACKFILL, .max = DAYS(3650), .standard = "24h",
          .help = "of a feed seen for the first time, alert only on items this young; 'all', or 'none'" },
        { FW_IN_TOP, "unless", FW_SETTING_QUERY,
          .help = "a query; items that it matches are excluded from all rules (and recorded as such)" },
        { FW_IN_TOP, "workers", FW_SETTING_WORKERS, 1, 256, .standard = "auto", IN_CONFIG(workers),
          .help = "processes that parse and match; 'auto' is one for each processor" },
        { FW_IN_TOP, "channels", FW_SETTING_SPECIAL,
          .help = "where alerts go: names, each with its type and settings; without it, 'log' (to the journal) and 'desktop'" },
        { FW_IN_TOP, "quiet_hours", FW_SETTING_REFUSED, .help = "no alert would be held" },
        { FW_IN_TOP, "health", FW_SETTING_REFUSED, .help = "no health alert would be sent; 'feedwatch feeds list' shows the feeds in trouble" },
        { FW_IN_TOP, "heartbeat", FW_SETTING_REFUSED, .help = "no proof of life would be sent" },

        { FW_IN_POLL, "interval", FW_SETTING_DURATION, SECONDS(1), DAYS(365), "15m", IN_CONFIG(interval_usec),
          .help = "how often a feed is asked, if it does not say otherwise; a feed's own 'interval' wins" },
        { FW_IN_POLL, "min_interval", FW_SETTING_DURATION, SECONDS(1), DAYS(365), "5m", IN_CONFIG(min_interval_usec),
          .help = "never more often than this" },
        { FW_IN_POLL, "max_interval", FW_SETTING_DURATION, SECONDS(1), DAYS(365), "6h", IN_CONFIG(max_interval_usec),
          .help = "never less often than this, not even after failures" },
        { FW_IN_POLL, "concurrency", FW_SETTING_COUNT, 1, 10000, "128", IN_CONFIG(concurrency),
          .help = "transfers at once" },
        { FW_IN_POLL, "per_host", FW_SETTING_COUNT, 1, 1000, "2", IN_CONFIG(per_host),
          .help = "transfers at once to one host" },
        { FW_IN_POLL, "host_spacing", FW_SETTING_DURATION, 0, SECONDS(3600), "0s", IN_CONFIG(host_spacing_usec),
          .help = "least time between the starts of two requests to one host" },
        { FW_IN_POLL, "timeout", FW_SETTING_DURATION, SECONDS(1), SECONDS(3600), "30s", IN_CONFIG(timeout_usec),
          .help = "longest time of a whole transfer" },
        { FW_IN_POLL, "connect_timeout", FW_SETTING_DURATION, SECONDS(1), SECONDS(600), "10s", IN_CONFIG(connect_timeout_usec),
          .help = "longest time until a connection stands" },
        { FW_IN_POLL, "max_body", FW_SETTING_SIZE, KIB, KIB * KIB * KIB, "16MiB", IN_CONFIG(max_body_bytes),
          .help = "largest feed, after decompression; a larger one is refused" },
        { FW_IN_POLL, "user_agent", FW_SETTING_TEXT, .standard = "feedwatch/" FW_VERSION, IN_CONFIG(user_agent),
          .help = "what feedwatch calls itself" },
        { FW_IN_POLL, "contact", FW_SETTING_TEXT, IN_CONFIG(contact),
          .help = "a web page or mail address under which publishers can reach you; sent to them behind 'user_agent', as '(+…)'" },

        { FW_IN_STORE, "path", FW_SETTING_STATE_PATH, .standard = "feedwatch.db", IN_CONFIG(store_path),
          .help = "the database" },
        { FW_IN_STORE, "keep_items", FW_SETTING_DURATION, DAYS(1), DAYS(36500), "90d", IN_CONFIG(keep_items_usec),
          .help = "how long items are kept" },
        { FW_IN_STORE, "keep_alerts", FW_SETTING_DURATION, DAYS(1), DAYS(36500), "400d", IN_CONFIG(keep_alerts_usec),
          .help = "how long alerts are kept" },

        { FW_IN_DEFAULTS, "severity", FW_SETTING_WORDS, .standard = "warning", .words = SEVERITY_WORDS, IN_CONFIG(default_severity),
          .help = "of rules that name none" },
        { FW_IN_DEFAULTS, "notify", FW_SETTING_LIST,
          .help = "channels of rules that name none; without it, every channel" },

        { FW_IN_CONTROL, "socket", FW_SETTING_RUNTIME_PATH, .standard = "control.sock", IN_CONFIG(control_socket),
          .help = "the unix socket on which the daemon answers" },
        { FW_IN_CONTROL, "http", FW_SETTING_OFF, .standard = "off",
          .help = "the daemon would not listen on TCP" },

        { FW_IN_CHANNEL, "type", FW_SETTING_WORDS, .words = "log|desktop", IN_CHANNEL_CONFIG(type),
          .help = "'log' writes alerts down, 'desktop' shows them as notifications" },
        { FW_IN_CHANNEL, "target", FW_SETTING_SPECIAL, .standard = "journal",
          .help = "of a log: 'journal', 'stderr', 'stdout', or a file that gets one JSON object a line" },
        { FW_IN_CHANNEL, "min_severity", FW_SETTING_WORDS, .standard = "info", .words = SEVERITY_WORDS, IN_CHANNEL_CONFIG(min_severity),
          .help = "alerts below this do not go to the channel" },

        { FW_IN_FEED, "url", FW_SETTING_TEXT, IN_FEED_CONFIG(url), .help = "http, https, or file with an absolute path" },
        { FW_IN_FEED, "id", FW_SETTING_TEXT, IN_FEED_CONFIG(id), .help = "its name on the command line and in rules; without it, made of the URL" },
        { FW_IN_FEED, "title", FW_SETTING_TEXT, IN_FEED_CONFIG(title), .help = "without it, the feed's own" },
        { FW_IN_FEED, "tags", FW_SETTING_LIST, .help = "for rules to select feeds by" },
        { FW_IN_FEED, "interval", FW_SETTING_DURATION, SECONDS(1), DAYS(365), IN_FEED_CONFIG(interval_usec),
          .help = "how often it is asked, instead of 'poll: interval'" },
        { FW_IN_FEED, "language", FW_SETTING_TEXT, IN_FEED_CONFIG(language), .help = "a language tag such as en or pt-BR; wins over what the feed says" },
        { FW_IN_FEED, "auth", FW_SETTING_SPECIAL, .help = "'credential: NAME', a secret in a file of its own: 'user:password', or a token" },
        { FW_IN_FEED, "headers", FW_SETTING_SPECIAL, .help = "further request headers: names and values" },
        { 0 },
};
/* clang-format on */

const char *fw_setting_section(enum fw_setting_place place)
{
        static const char *const keys[] = {
#define FW_X(name, key, words) [FW_IN_##name] = key,
                FW_SETTING_PLACES(FW_X)
#undef FW_X
        };
        return keys[place];
}

static const char *place_words(enum fw_setting_place place)
{
        static const char *const names[] = {
#define FW_X(name, key, words) [FW_IN_##name] = words,
                FW_SETTING_PLACES(FW_X)
#undef FW_X
        };
        return names[place];
}

void fw_settings_check_keys(const struct fw_settings_reader *reader, enum fw_setting_place place,
                            const struct fw_yaml_node *mapping)
{
        FW_VEC(const char *) known = { 0 };
        for (const struct fw_setting *setting = fw_settings; setting->name; setting++)
                if (setting->place == place)
                        fw_vec_push(&known, setting->name);
        for (unsigned other = 0; place == FW_IN_TOP && other < FW_SETTING_PLACES_LEN; other++)
                if (fw_setting_section(other))
                        fw_vec_push(&known, fw_setting_section(other));
        fw_vec_push(&known, NULL);
        (void) fw_yaml_check_keys(mapping, place_words(place), known.p, reader->diag);
        fw_vec_done(&known);
}

bool fw_setting_given(const struct fw_yaml_node *mapping, const char *name)
{
        const struct fw_yaml_node *node = mapping ? fw_yaml_get(mapping, name) : NULL;
        return node && !fw_yaml_is_null(node);
}

struct fw_str fw_settings_path(const struct fw_settings_reader *reader, struct fw_str path)
{
        if (fw_str_starts(path, FW_STR("/")))
                return fw_arena_copy(reader->arena, path);
        return fw_arena_printf(reader->arena, "%s/%.*s", reader->folder, FW_STR_ARG(path));
}

/* ---- values by type ---- */

static void append_amount(struct fw_buf *out, enum fw_setting_type type, uint64_t amount)
{
        if (type == FW_SETTING_DURATION)
                (void) fw_append_duration(out, amount);
        else
                (void) fw_append_size(out, amount);
}

/* True if `amount` is allowed; says so if it is not. */
static bool check_range(const struct fw_settings_reader *reader, const struct fw_setting *setting,
                        const struct fw_yaml_node *mapping, uint64_t amount)
{
        if (amount >= setting->min && amount <= setting->max)
                return true;
        const struct fw_yaml_node *node = fw_yaml_get(mapping, setting->name);
        fw_cleanup(fw_buf_done) struct fw_buf range = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        append_amount(&range, setting->type, setting->min);
        (void) fw_buf_append_c(&range, " to ");
        append_amount(&range, setting->type, setting->max);
        fw_diag_add(reader->diag, FW_ERROR, fw_yaml_location(node), "'%s' must be from %s, but is '%.*s'",
                    setting->name, fw_buf_c(&range), FW_STR_ARG(fw_yaml_text(node)));
        return false;
}

static void read_amount(const struct fw_settings_reader *reader, const struct fw_setting *setting,
                        const struct fw_yaml_node *mapping, uint64_t *into)
{
        bool is_duration = setting->type == FW_SETTING_DURATION;
        struct fw_str standard = fw_str_c(setting->standard);
        if (setting->standard)
                (void) (is_duration ? fw_parse_duration(standard, into) : fw_parse_size(standard, into));
        uint64_t amount;
        int r = !mapping      ? -ENOENT
                : is_duration ? fw_yaml_get_duration(mapping, setting->name, reader->diag, &amount)
                              : fw_yaml_get_size(mapping, setting->name, reader->diag, &amount);
        if (r == 0 && check_range(reader, setting, mapping, amount))
                *into = amount;
}

static void read_count(const struct fw_settings_reader *reader, const struct fw_setting *setting,
                       const struct fw_yaml_node *mapping, uint32_t *into)
{
        uint64_t count = 0;
        (void) fw_str_to_u64(fw_str_c(setting->standard), &count);
        if (mapping)
                (void) fw_yaml_get_uint(mapping, setting->name, setting->min, setting->max, reader->diag, &count);
        *into = (uint32_t) count;
}

static void read_words(const struct fw_settings_reader *reader, const struct fw_setting *setting,
                       const struct fw_yaml_node *mapping, unsigned *into)
{
        struct fw_words words = fw_words_split(setting->words, reader->arena);
        for (unsigned i = 0; setting->standard && words.names[i]; i++)
                if (strcmp(words.names[i], setting->standard) == 0)
                        *into = i;
        if (mapping)
                (void) fw_yaml_get_enum(mapping, setting->name, words.names, reader->diag, into);
}

static void read_text(const struct fw_settings_reader *reader, const struct fw_setting *setting,
                      const struct fw_yaml_node *mapping, struct fw_str *into)
{
        *into = fw_str_c(setting->standard);
        struct fw_str text;
        if (mapping && fw_yaml_get_string(mapping, setting->name, reader->diag, &text) == 0)
                *into = fw_arena_copy(reader->arena, text);
}

static void read_path(const struct fw_settings_reader *reader, const struct fw_setting *setting,
                      const struct fw_yaml_node *mapping, const char *folder, struct fw_str *into)
{
        *into = fw_arena_printf(reader->arena, "%s/%s", folder ? folder : reader->folder, setting->standard);
        struct fw_str path;
        if (mapping && fw_yaml_get_string(mapping, setting->name, reader->diag, &path) == 0)
                *into = fw_settings_path(reader, path);
}

static void read_workers(const struct fw_settings_reader *reader, const struct fw_setting *setting,
                         const struct fw_yaml_node *mapping, uint32_t *into)
{
        long processors = sysconf(_SC_NPROCESSORS_ONLN);
        *into = (uint32_t) FW_MIN(FW_MAX(processors, 1), (long) setting->max);
        const struct fw_yaml_node *node = mapping ? fw_yaml_get(mapping, setting->name) : NULL;
        if (!node || fw_str_eq(fw_yaml_text(node), FW_STR("auto")))
                return;
        uint64_t count;
        if (fw_str_to_u64(fw_yaml_text(node), &count) == 0 && count >= setting->min && count <= setting->max)
                *into = (uint32_t) count;
        else
                fw_diag_add(reader->diag, FW_ERROR, fw_yaml_location(node),
                            "'workers' must be 'auto' or a number from %" PRIu64 " to %" PRIu64, setting->min,
                            setting->max);
}

static void read_backfill(const struct fw_settings_reader *reader, const struct fw_setting *setting,
                          const struct fw_yaml_node *mapping, struct fw_config *config)
{
        (void) fw_parse_duration(fw_str_c(setting->standard), &config->backfill_usec);
        config->backfill = FW_BACKFILL_AGE;
        const struct fw_yaml_node *node = mapping ? fw_yaml_get(mapping, setting->name) : NULL;
        if (!node || fw_yaml_is_null(node))
                return;
        struct fw_str text = fw_yaml_text(node);
        uint64_t age_usec;
        if (fw_str_eq(text, FW_STR("all")))
                config->backfill = FW_BACKFILL_ALL;
        else if (fw_str_eq(text, FW_STR("none")))
                config->backfill = FW_BACKFILL_NONE;
        else if (fw_parse_duration(text, &age_usec) == 0 && age_usec <= setting->max)
                config->backfill_usec = age_usec;
        else
                fw_diag_add(reader->diag, FW_ERROR, fw_yaml_location(node),
                            "'backfill' must be 'all', 'none', or a duration such as 24h or 7d (at most 3650d)");
}

static void read_query(const struct fw_settings_reader *reader, const struct fw_setting *setting,
                       const struct fw_yaml_node *mapping, struct fw_config *config)
{
        struct fw_str query;
        if (!mapping || fw_yaml_get_string(mapping, setting->name, reader->diag, &query) < 0)
                return;
        config->unless = fw_arena_copy(reader->arena, query);
        config->unless_location = fw_yaml_text_location(fw_yaml_get(mapping, setting->name), 0, query.len);
}

static struct fw_location key_location(const struct fw_yaml_node *mapping, const char *name)
{
        size_t i = 0;
        while (!fw_str_eq(fw_yaml_text(fw_yaml_key(mapping, i)), fw_str_c(name)))
                i++;
        return fw_yaml_location(fw_yaml_key(mapping, i));
}

static void refuse(const struct fw_settings_reader *reader, const struct fw_setting *setting,
                   const struct fw_yaml_node *mapping)
{
        const struct fw_yaml_node *node = fw_yaml_get(mapping, setting->name);
        if (setting->type == FW_SETTING_OFF && fw_str_eq(fw_yaml_text(node), FW_STR("off")))
                return;
        fw_diag_add(reader->diag, FW_ERROR, key_location(mapping, setting->name),
                    "'%s' is not in this version: %s; remove it", setting->name, setting->help);
}

static void read_setting(const struct fw_settings_reader *reader, const struct fw_setting *setting,
                         const struct fw_yaml_node *mapping, void *into)
{
        void *field = (char *) into + setting->offset;
        switch (setting->type) {
        case FW_SETTING_DURATION:
        case FW_SETTING_SIZE:
                read_amount(reader, setting, mapping, field);
                break;
        case FW_SETTING_COUNT:
                read_count(reader, setting, mapping, field);
                break;
        case FW_SETTING_WORDS:
                read_words(reader, setting, mapping, field);
                break;
        case FW_SETTING_TEXT:
                read_text(reader, setting, mapping, field);
                break;
        case FW_SETTING_STATE_PATH:
                read_path(reader, setting, mapping, reader->paths->state_dir, field);
                break;
        case FW_SETTING_RUNTIME_PATH:
                read_path(reader, setting, mapping, reader->paths->runtime_dir, field);
                break;
        case FW_SETTING_WORKERS:
                read_workers(reader, setting, mapping, field);
                break;
        case FW_SETTING_BACKFILL:
                read_backfill(reader, setting, mapping, into);
                break;
        case FW_SETTING_QUERY:
                read_query(reader, setting, mapping, into);
                break;
        case FW_SETTING_OFF:
        case FW_SETTING_REFUSED:
                if (fw_setting_given(mapping, setting->name))
                        refuse(reader, setting, mapping);
                break;
        case FW_SETTING_SPECIAL:
        case FW_SETTING_LIST:
                break;
        }
}

void fw_settings_read(const struct fw_settings_reader *reader, enum fw_setting_place place,
                      const struct fw_yaml_node *mapping, void *into)
{
        for (const struct fw_setting *setting = fw_settings; setting->name; setting++)
                if (setting->place == place)
                        read_setting(reader, setting, mapping, into);
}
