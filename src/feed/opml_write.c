#include "base/macros.h"
#include "base/map.h"
#include "base/vec.h"
#include "feed/opml.h"

static void write_escaped(struct fw_buf *out, struct fw_str text)
{
        for (size_t i = 0; i < text.len; i++) {
                char c = text.p[i];
                const char *escape = c == '&'   ? "&amp;"
                                     : c == '<' ? "&lt;"
                                     : c == '>' ? "&gt;"
                                     : c == '"' ? "&quot;"
                                                : NULL;
                if (escape)
                        (void) fw_buf_append_c(out, escape);
                else
                        (void) fw_buf_append_byte(out,
                                                  (unsigned char) c < ' ' ? ' ' : c); /* XML has no other controls */
        }
}

static void write_attribute(struct fw_buf *out, const char *name, struct fw_str value)
{
        if (value.len == 0)
                return;
        (void) fw_buf_printf(out, " %s=\"", name);
        write_escaped(out, value);
        (void) fw_buf_append_byte(out, '"');
}

static void write_categories(struct fw_buf *out, const struct fw_subscription *feed)
{
        if (feed->tags_len < 2)
                return;
        (void) fw_buf_append_c(out, " category=\"");
        for (size_t i = 1; i < feed->tags_len; i++) {
                if (i > 1)
                        (void) fw_buf_append_byte(out, ',');
                write_escaped(out, feed->tags[i]);
        }
        (void) fw_buf_append_byte(out, '"');
}

static void write_feed(struct fw_buf *out, const struct fw_subscription *feed, const char *indent)
{
        struct fw_str title = feed->title.len > 0 ? feed->title : feed->url; /* `text` must be there */
        (void) fw_buf_printf(out, "%s<outline", indent);
        write_attribute(out, "type", feed->type.len > 0 ? feed->type : FW_STR("rss"));
        write_attribute(out, "text", title);
        write_attribute(out, "title", feed->title);
        write_attribute(out, "xmlUrl", feed->url);
        write_attribute(out, "htmlUrl", feed->home_page_url);
        write_attribute(out, "language", feed->language);
        write_categories(out, feed);
        (void) fw_buf_append_c(out, "/>\n");
}

/* The feeds of one folder, linked in their order, so that grouping them takes one pass. */
struct folder {
        struct fw_str name; /* empty: the feeds without a tag */
        size_t first, last;
};

typedef FW_VEC(struct folder) folder_list;

/* Folders in the order of their first feeds; `next[i]` is the feed after i in its folder, or SIZE_MAX. */
static void group(const struct fw_subscription_list *list, folder_list *folders, size_t *next)
{
        struct fw_map by_name;
        fw_map_init(&by_name);
        for (size_t i = 0; i < list->feeds_len; i++) {
                const struct fw_subscription *feed = &list->feeds[i];
                struct folder folder = { .name = feed->tags_len > 0 ? feed->tags[0] : FW_STR(""),
                                         .first = i,
                                         .last = i };
                bool is_new;
                union fw_map_value *place = fw_map_put(&by_name, folder.name, &is_new);
                next[i] = SIZE_MAX;
                if (is_new) {
                        place->number = folders->len;
                        fw_vec_push(folders, folder);
                } else {
                        /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): a known name has its folder */
                        next[folders->p[place->number].last] = i;
                        folders->p[place->number].last = i;
                }
        }
        fw_map_done(&by_name);
}

static void write_folder(struct fw_buf *out, const struct fw_subscription_list *list, const struct folder *folder,
                         const size_t *next)
{
        bool named = folder->name.len > 0;
        if (named) {
                (void) fw_buf_append_c(out, "    <outline");
                write_attribute(out, "text", folder->name);
                (void) fw_buf_append_c(out, ">\n");
        }
        for (size_t i = folder->first; i != SIZE_MAX; i = next[i])
                write_feed(out, &list->feeds[i], named ? "      " : "    ");
        if (named)
                (void) fw_buf_append_c(out, "    </outline>\n");
}

int fw_opml_write(const struct fw_subscription_list *list, struct fw_buf *out)
{
        (void) fw_buf_append_c(
                out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n  <head>\n    <title>");
        write_escaped(out, list->title);
        (void) fw_buf_append_c(out, "</title>\n  </head>\n  <body>\n");
        folder_list folders = { 0 };
        fw_cleanup(fw_freep) size_t *next = fw_reallocarray(NULL, list->feeds_len + 1, sizeof(*next));
        group(list, &folders, next);
        for (size_t i = 0; i < folders.len; i++)
                write_folder(out, list, &folders.p[i], next);
        fw_vec_done(&folders);
        return fw_buf_append_c(out, "  </body>\n</opml>\n");
}
