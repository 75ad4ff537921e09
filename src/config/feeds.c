/*
 * feeds: the lists of feeds, OPML and YAML, as one list in which every feed has an id and stands once.
 *
 * An OPML file is what a reader exports, with a feed in two folders: there a repetition costs a warning, and its tags are kept. In YAML,
 * where a feed has settings of its own, it is an error. Ids that are not given are made of the URL, after all given ones are known:
 * https://feeds.bbci.co.uk/news/rss.xml is "bbci-co-uk-news-rss-xml". They do not depend on the order of the lists unless two
 * URLs make the same one; then the later gets a piece of its URL's fingerprint.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/map.h"
#include "config/reader.h"
#include "feed/link.h"
#include "feed/opml.h"

#define ID_BYTES 64 /* longest id made of a URL */

struct listed_feed {
        struct fw_feed_config feed;
        struct fw_location location;
};

struct feed_lists {
        const struct fw_settings_reader *reader;
        FW_VEC(struct listed_feed) feeds;
        struct fw_map by_url; /* canonical URL → number */
        struct fw_map by_id;

        /* Of the file being read. Feeds come in its order, so their lines are counted once. */
        struct fw_str file;
        size_t counted_bytes;
        unsigned counted_lines;
};

/* ---- one feed ---- */

static unsigned line_of(struct feed_lists *lists, struct fw_location location)
{
        struct fw_str content = fw_source_content(location.source);
        if (location.offset < lists->counted_bytes) {
                lists->counted_bytes = 0;
                lists->counted_lines = 0;
        }
        for (; lists->counted_bytes < location.offset && lists->counted_bytes < content.len; lists->counted_bytes++)
                lists->counted_lines += content.p[lists->counted_bytes] == '\n';
        return lists->counted_lines + 1;
}

static bool check_url(const struct feed_lists *lists, struct fw_str url, struct fw_location location)
{
        struct fw_diag *diag = lists->reader->diag;
        size_t colon = fw_str_find_byte(url, ':', 0);
        if (fw_link_is_http(url) || fw_str_starts_nocase(url, FW_STR("file:///")))
                return true;
        struct fw_str scheme = fw_str_slice(url, 0, colon == SIZE_MAX ? 0 : colon);
        if (fw_str_empty(url))
                fw_diag_add(diag, FW_ERROR, location, "a feed needs a 'url'");
        else if (fw_str_eq_nocase(scheme, FW_STR("file")))
                fw_diag_add(diag, FW_ERROR, location,
                            "'%.*s': a file's URL is file:// and an absolute path: file:///srv/feed.xml",
                            FW_STR_ARG(url));
        else if (fw_str_eq_nocase(scheme, FW_STR("http")) || fw_str_eq_nocase(scheme, FW_STR("https")))
                fw_diag_add(diag, FW_ERROR, location, "'%.*s' names no host", FW_STR_ARG(url));
        else if (colon != SIZE_MAX)
                fw_diag_add(diag, FW_ERROR, location, "'%.*s': feedwatch reads http, https and file, not '%.*s'",
                            FW_STR_ARG(url), FW_STR_ARG(scheme));
        else
                fw_diag_add(diag, FW_ERROR, location, "'%.*s' is no URL; did you mean 'https://%.*s'?", FW_STR_ARG(url),
                            FW_STR_ARG(url));
        return false;
}

static bool has_tag(const struct fw_feed_config *feed, struct fw_str tag)
{
        for (size_t i = 0; i < feed->tags_len; i++)
                if (fw_str_eq(feed->tags[i], tag))
                        return true;
        return false;
}

static void add_tags(const struct feed_lists *lists, struct fw_feed_config *feed, const struct fw_str *tags, size_t len)
{
        struct fw_str *all = fw_arena_new_array(lists->reader->arena, struct fw_str, feed->tags_len + len + 1);
        for (size_t i = 0; i < feed->tags_len; i++)
                all[i] = feed->tags[i];
        feed->tags = all;
        for (size_t i = 0; i < len; i++)
                if (!has_tag(feed, tags[i]))
                        all[feed->tags_len++] = fw_arena_copy(lists->reader->arena, tags[i]);
}

/* The feed that has this URL already, or NULL and the URL is now known as the next one's. */
static struct listed_feed *find_or_note_url(struct feed_lists *lists, struct fw_str url)
{
        bool is_new;
        struct fw_str canonical = fw_link_canonical(url, lists->reader->arena);
        union fw_map_value *value = fw_map_put(&lists->by_url, canonical, &is_new);
        if (!is_new)
                return &lists->feeds.p[value->number];
        value->number = lists->feeds.len;
        return NULL;
}

static void say_duplicate(const struct feed_lists *lists, enum fw_diag_level level, struct fw_location location,
                          const struct listed_feed *first, const char *what)
{
        fw_diag_add(lists->reader->diag, level, location, "the feed '%.*s' is listed already%s",
                    FW_STR_ARG(first->feed.url), what);
        fw_diag_add(lists->reader->diag, FW_NOTE, first->location, "here, as '%.*s'",
                    FW_STR_ARG(fw_str_empty(first->feed.id) ? first->feed.url : first->feed.id));
}

/* ---- OPML ---- */

static void add_subscription(struct feed_lists *lists, const struct fw_subscription *subscription)
{
        struct fw_arena *arena = lists->reader->arena;
        if (!check_url(lists, subscription->url, subscription->location))
                return;
        struct listed_feed *first = find_or_note_url(lists, subscription->url);
        if (first) {
                say_duplicate(lists, FW_WARNING, subscription->location, first, "; this entry only adds its tags");
                add_tags(lists, &first->feed, subscription->tags, subscription->tags_len);
                return;
        }
        struct listed_feed listed = {
                .feed = {
                        .url = fw_arena_copy(arena, subscription->url),
                        .title = fw_arena_copy(arena, subscription->title),
                        .language = fw_arena_copy(arena, subscription->language),
                        .file = lists->file,
                        .line = line_of(lists, subscription->location),
                },
                .location = subscription->location,
        };
        add_tags(lists, &listed.feed, subscription->tags, subscription->tags_len);
        fw_vec_push(&lists->feeds, listed);
}

static void read_opml(struct feed_lists *lists, struct fw_str content)
{
        fw_cleanup(fw_arena_freep) struct fw_arena *arena = fw_arena_new();
        struct fw_subscription_list list;
        if (fw_opml_parse(lists->file, content, arena, lists->reader->diag, &list) < 0)
                return;
        for (size_t i = 0; i < list.feeds_len; i++)
                add_subscription(lists, &list.feeds[i]);
}

/* ---- YAML ---- */

static bool is_token(struct fw_str name)
{
        for (size_t i = 0; i < name.len; i++)
                if (!fw_is_alpha(name.p[i]) && !fw_is_digit(name.p[i]) && !strchr("!#$%&'*+-.^_`|~", name.p[i]))
                        return false;
        return name.len > 0;
}

static bool is_header_value(struct fw_str value)
{
        for (size_t i = 0; i < value.len; i++)
                if ((unsigned char) value.p[i] < 0x20 && value.p[i] != '\t')
                        return false;
        return true;
}

static bool check_header(const struct feed_lists *lists, const struct fw_yaml_node *name,
                         const struct fw_yaml_node *value)
{
        struct fw_diag *diag = lists->reader->diag;
        static const char *const ours[] = { "Host",       "Content-Length", "Transfer-Encoding",
                                            "Connection", "If-None-Match",  "If-Modified-Since" };
        struct fw_str text = fw_yaml_text(name);
        for (size_t i = 0; i < FW_ARRAY_LEN(ours); i++) {
                if (fw_str_eq_nocase(text, fw_str_c(ours[i]))) {
                        fw_diag_add(diag, FW_ERROR, fw_yaml_location(name), "'%s' is set by feedwatch itself", ours[i]);
                        return false;
                }
        }
        if (fw_str_eq_nocase(text, FW_STR("Authorization"))) {
                fw_diag_add(diag, FW_ERROR, fw_yaml_location(name),
                            "secrets do not stand in this file: write 'auth: {credential: NAME}'");
                return false;
        }
        if (is_token(text) && is_header_value(fw_yaml_text(value)) && fw_yaml_kind(value) == FW_YAML_SCALAR)
                return true;
        fw_diag_add(diag, FW_ERROR, fw_yaml_location(name),
                    "a header is a name of letters, digits and dashes, and a value in one line");
        return false;
}

static void read_headers(const struct feed_lists *lists, const struct fw_yaml_node *node, struct fw_feed_config *feed)
{
        const struct fw_yaml_node *headers = fw_yaml_get(node, "headers");
        if (!fw_setting_given(node, "headers") ||
            !fw_yaml_expect(headers, FW_YAML_MAPPING, "'headers'", lists->reader->diag))
                return;
        struct fw_arena *arena = lists->reader->arena;
        struct fw_header *copies = fw_arena_new_array(arena, struct fw_header, fw_yaml_pairs(headers) + 1);
        for (size_t i = 0; i < fw_yaml_pairs(headers); i++) {
                const struct fw_yaml_node *name = fw_yaml_key(headers, i), *value = fw_yaml_value(headers, i);
                if (!check_header(lists, name, value))
                        continue;
                copies[feed->headers_len++] = (struct fw_header){
                        .name = fw_arena_copy(arena, fw_yaml_text(name)),
                        .value = fw_arena_copy(arena, fw_yaml_text(value)),
                };
        }
        feed->headers = copies;
}

static void read_auth(const struct feed_lists *lists, const struct fw_yaml_node *node, struct fw_feed_config *feed)
{
        static const char *const known[] = { "credential", NULL };
        const struct fw_yaml_node *auth = fw_yaml_get(node, "auth");
        struct fw_str name;
        if (!fw_setting_given(node, "auth") || !fw_yaml_expect(auth, FW_YAML_MAPPING, "'auth'", lists->reader->diag))
                return;
        (void) fw_yaml_check_keys(auth, "'auth'", known, lists->reader->diag);
        if (fw_yaml_get_string(auth, "credential", lists->reader->diag, &name) < 0)
                return;
        if (!fw_credential_name_is_valid(name))
                fw_diag_add(lists->reader->diag, FW_ERROR, fw_yaml_location(fw_yaml_get(auth, "credential")),
                            "a credential's name has letters, digits, '.', '_' and '-' only; the secret itself stands "
                            "in a file of that name");
        else
                feed->credential = fw_arena_copy(lists->reader->arena, name);
}

static bool is_id(struct fw_str id)
{
        for (size_t i = 0; i < id.len; i++)
                if (!fw_is_alpha(id.p[i]) && !fw_is_digit(id.p[i]) && !strchr("-._", id.p[i]))
                        return false;
        return id.len > 0 && id.len <= 128 && id.p[0] != '-';
}

static bool note_id(struct feed_lists *lists, struct fw_str id, size_t number, size_t *ret_other)
{
        bool is_new;
        union fw_map_value *value = fw_map_put(&lists->by_id, id, &is_new);
        if (is_new)
                value->number = number;
        *ret_other = value->number;
        return is_new;
}

static void check_given_id(struct feed_lists *lists, const struct fw_yaml_node *node, const struct fw_feed_config *feed)
{
        size_t other;
        const struct fw_yaml_node *id = fw_yaml_get(node, "id");
        if (fw_str_empty(feed->id))
                return;
        if (!is_id(feed->id)) {
                fw_diag_add(lists->reader->diag, FW_ERROR, fw_yaml_location(id),
                            "an id has letters, digits, '-', '_' and '.' only, does not begin with '-', and at most "
                            "128 bytes");
        } else if (!note_id(lists, feed->id, lists->feeds.len, &other)) {
                fw_diag_add(lists->reader->diag, FW_ERROR, fw_yaml_location(id), "the id '%.*s' is taken",
                            FW_STR_ARG(feed->id));
                fw_diag_add(lists->reader->diag, FW_NOTE, lists->feeds.p[other].location, "by this feed");
        }
}

/* The settings of a feed, without its URL being checked. */
static void read_feed_settings(struct feed_lists *lists, const struct fw_yaml_node *node, struct fw_feed_config *feed)
{
        const struct fw_settings_reader *reader = lists->reader;
        fw_settings_check_keys(reader, FW_IN_FEED, node);
        fw_settings_read(reader, FW_IN_FEED, node, feed);
        struct fw_str *tags;
        size_t tags_len;
        if (fw_yaml_get_strings(node, "tags", reader->diag, reader->arena, &tags, NULL, &tags_len) == 0)
                add_tags(lists, feed, tags, tags_len);
        read_headers(lists, node, feed);
        read_auth(lists, node, feed);
}

static void add_feed(struct feed_lists *lists, const struct fw_yaml_node *node)
{
        struct fw_location location = fw_yaml_location(node);
        struct listed_feed listed = { .feed = { .file = lists->file, .line = line_of(lists, location) },
                                      .location = location };
        const struct fw_yaml_node *url = node;
        if (fw_yaml_kind(node) == FW_YAML_SCALAR && !fw_yaml_is_null(node)) {
                listed.feed.url = fw_arena_copy(lists->reader->arena, fw_yaml_text(node));
        } else if (fw_yaml_expect(node, FW_YAML_MAPPING, "a feed", lists->reader->diag)) {
                read_feed_settings(lists, node, &listed.feed);
                url = fw_setting_given(node, "url") ? fw_yaml_get(node, "url") : node;
        } else {
                return;
        }
        if (!check_url(lists, listed.feed.url, fw_yaml_location(url)))
                return;
        const struct listed_feed *first = find_or_note_url(lists, listed.feed.url);
        if (first) {
                say_duplicate(lists, FW_ERROR, fw_yaml_location(url), first, "; write it in one place only");
                return;
        }
        check_given_id(lists, node, &listed.feed);
        fw_vec_push(&lists->feeds, listed);
}

static void read_yaml(struct feed_lists *lists, struct fw_str content)
{
        static const char *const known[] = { "feeds", NULL };
        struct fw_diag *diag = lists->reader->diag;
        fw_cleanup(fw_yaml_freep) struct fw_yaml *document = NULL;
        if (fw_yaml_parse(lists->file, content, diag, &document) < 0)
                return;
        const struct fw_yaml_node *root = fw_yaml_root(document);
        if (!root || !fw_yaml_expect(root, FW_YAML_MAPPING, "a feed list", diag))
                return;
        (void) fw_yaml_check_keys(root, "a feed list", known, diag);
        const struct fw_yaml_node *feeds = fw_yaml_get(root, "feeds");
        if (!feeds || fw_yaml_is_null(feeds) || !fw_yaml_expect(feeds, FW_YAML_SEQUENCE, "'feeds'", diag))
                return;
        for (size_t i = 0; i < fw_yaml_len(feeds); i++)
                add_feed(lists, fw_yaml_element(feeds, i));
}

/* ---- files ---- */

static bool is_opml(struct fw_str path, struct fw_str content)
{
        if (fw_str_ends(path, FW_STR(".opml")))
                return true;
        if (fw_str_starts(content, FW_STR("\xef\xbb\xbf")))
                content = fw_str_slice(content, 3, content.len);
        return fw_str_starts(fw_str_trim(content), FW_STR("<"));
}

static void read_list(struct feed_lists *lists, const struct fw_found_file *found)
{
        fw_cleanup(fw_buf_done) struct fw_buf content = FW_BUF_INIT(FW_LIMIT_CONFIG_FILE_BYTES);
        struct fw_str shown = fw_shown_path(found->path, lists->reader->arena);
        int r = fw_file_read(found->path.p, &content);
        if (r < 0) {
                fw_cleanup(fw_freep) char *why = fw_file_error(r);
                fw_diag_add(lists->reader->diag, FW_ERROR, found->location, "cannot read the feed list '%.*s': %s",
                            FW_STR_ARG(shown), why);
                return;
        }
        lists->file = shown;
        lists->counted_bytes = 0;
        lists->counted_lines = 0;
        if (is_opml(found->path, fw_buf_str(&content)))
                read_opml(lists, fw_buf_str(&content));
        else
                read_yaml(lists, fw_buf_str(&content));
}

/* ---- ids ---- */

/* The host without what says nothing ("www.", "feeds."), and the rest, as words with dashes. */
static struct fw_str id_from_url(struct fw_str url, struct fw_arena *arena)
{
        static const char *const empty_labels[] = { "www.", "feeds.", "feed.", "rss." };
        size_t scheme_end = fw_str_find(url, FW_STR("://"), 0);
        struct fw_str rest = fw_str_slice(url, scheme_end + 3, url.len);
        for (size_t i = 0; i < FW_ARRAY_LEN(empty_labels); i++) {
                struct fw_str label = fw_str_c(empty_labels[i]);
                if (fw_str_starts_nocase(rest, label)) {
                        rest = fw_str_slice(rest, label.len, rest.len);
                        break;
                }
        }
        char *id = fw_arena_zalloc(arena, rest.len + 1);
        size_t len = 0;
        for (size_t i = 0; i < rest.len; i++) {
                if (fw_is_alpha(rest.p[i]) || fw_is_digit(rest.p[i]))
                        id[len++] = fw_lower(rest.p[i]);
                else if (len > 0 && id[len - 1] != '-')
                        id[len++] = '-';
        }
        while (len > 0 && id[len - 1] == '-')
                len--;
        return len > 0 ? fw_str_n(id, len) : FW_STR("feed");
}

static void make_id(struct feed_lists *lists, size_t number)
{
        size_t other;
        struct fw_arena *arena = lists->reader->arena;
        struct fw_feed_config *feed = &lists->feeds.p[number].feed;
        feed->id = id_from_url(feed->url, arena);
        if (feed->id.len <= ID_BYTES && note_id(lists, feed->id, number, &other))
                return;
        unsigned fingerprint = (unsigned) (fw_hash64(feed->url) >> 32);
        feed->id =
                fw_arena_printf(arena, "%.*s-%08x", FW_STR_ARG(fw_str_slice(feed->id, 0, ID_BYTES - 9)), fingerprint);
        if (!note_id(lists, feed->id, number, &other))
                fw_diag_add(lists->reader->diag, FW_ERROR, lists->feeds.p[number].location,
                            "no id can be made for '%.*s': give it one in a YAML list", FW_STR_ARG(feed->url));
}

void fw_read_feeds(const struct fw_settings_reader *reader, const struct fw_found *found, struct fw_config *config)
{
        struct feed_lists lists = { .reader = reader };
        fw_map_init(&lists.by_url);
        fw_map_init(&lists.by_id);
        for (size_t i = 0; i < found->files.len; i++)
                read_list(&lists, &found->files.p[i]);
        struct fw_feed_config *feeds = fw_arena_new_array(reader->arena, struct fw_feed_config, lists.feeds.len + 1);
        for (size_t i = 0; i < lists.feeds.len; i++) {
                if (fw_str_empty(lists.feeds.p[i].feed.id))
                        make_id(&lists, i);
                feeds[i] = lists.feeds.p[i].feed;
        }
        config->feeds = feeds;
        config->feeds_len = lists.feeds.len;
        fw_vec_done(&lists.feeds);
        fw_map_done(&lists.by_url);
        fw_map_done(&lists.by_id);
}
