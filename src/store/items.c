#include "store/store.h"

#include <errno.h>

#include "base/json.h"
#include "store/database.h"

static struct fw_str key_bytes(const struct fw_hash128 *key)
{
        return fw_str_n((const char *) key->bytes, sizeof(key->bytes));
}

/* ---- lists inside an item, as JSON ---- */

static json_t *authors_json(const struct fw_item *item)
{
        json_t *authors = json_array();
        for (size_t i = 0; i < item->authors_len; i++) {
                json_t *author = json_object();
                fw_json_set_str(author, "name", item->authors[i].name);
                fw_json_set_str(author, "url", item->authors[i].url);
                fw_json_set_str(author, "avatar", item->authors[i].avatar);
                json_array_append_new(authors, author);
        }
        return authors;
}

static json_t *tags_json(const struct fw_item *item)
{
        json_t *tags = json_array();
        for (size_t i = 0; i < item->tags_len; i++)
                json_array_append_new(tags, fw_json_str(item->tags[i]));
        return tags;
}

static struct fw_str arena_json(struct fw_arena *arena, json_t *json)
{
        fw_cleanup(fw_buf_done) struct fw_buf text = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_json_append(&text, json);
        json_decref(json);
        return fw_arena_copy(arena, fw_buf_str(&text));
}

static struct fw_str arena_member(struct fw_arena *arena, const json_t *object, const char *key)
{
        return fw_arena_copy(arena, fw_json_get_str(object, key));
}

static void read_authors(struct fw_str text, struct fw_arena *arena, struct fw_item *item)
{
        fw_cleanup(fw_json_decrefp) json_t *list = fw_json_parse(text, NULL);
        struct fw_person *authors = fw_arena_new_array(arena, struct fw_person, json_array_size(list));
        for (size_t i = 0; i < json_array_size(list); i++) {
                const json_t *author = json_array_get(list, i);
                authors[i].name = arena_member(arena, author, "name");
                authors[i].url = arena_member(arena, author, "url");
                authors[i].avatar = arena_member(arena, author, "avatar");
        }
        item->authors = authors;
        item->authors_len = json_array_size(list);
}

static void read_tags(struct fw_str text, struct fw_arena *arena, struct fw_item *item)
{
        fw_cleanup(fw_json_decrefp) json_t *list = fw_json_parse(text, NULL);
        struct fw_str *tags = fw_arena_new_array(arena, struct fw_str, json_array_size(list));
        for (size_t i = 0; i < json_array_size(list); i++) {
                const json_t *tag = json_array_get(list, i);
                tags[i] = fw_arena_copy(arena, fw_str_n(json_string_value(tag), json_string_length(tag)));
        }
        item->tags = tags;
        item->tags_len = json_array_size(list);
}

/* ---- adding ---- */

#define TEXT_COLUMNS                                                                                                \
        "link_key, guid, url, external_url, title, summary, content_html, content_text, image, language, authors, " \
        "tags, "                                                                                                    \
        "published_usec, modified_usec"

/* In the order of TEXT_COLUMNS. The lists' JSON lives in `arena` until the statement ran. */
static void bind_text(struct fw_query *query, const struct fw_new_item *added, struct fw_arena *arena)
{
        const struct fw_item *item = added->item;
        fw_bind_int(query, (int64_t) added->link_key);
        fw_bind_str(query, item->id);
        fw_bind_str(query, item->url);
        fw_bind_str(query, item->external_url);
        fw_bind_str(query, item->title);
        fw_bind_str(query, item->summary);
        fw_bind_str(query, item->content_html);
        fw_bind_str(query, item->content_text);
        fw_bind_str(query, item->image);
        fw_bind_str(query, added->language);
        fw_bind_str(query, arena_json(arena, authors_json(item)));
        fw_bind_str(query, arena_json(arena, tags_json(item)));
        fw_bind_time(query, item->published_usec);
        fw_bind_time(query, item->modified_usec);
}

static int insert_text(struct fw_store *store, const struct fw_new_item *added, int64_t *ret_item_id)
{
        fw_cleanup(fw_arena_freep) struct fw_arena *arena = fw_arena_new();
        struct fw_query query;
        fw_query_start(&query, store,
                       "INSERT INTO items (" TEXT_COLUMNS
                       ", first_seen_usec) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        bind_text(&query, added, arena);
        fw_bind_int(&query, added->first_seen_usec);
        int r = fw_query_run(&query);
        if (r == 0)
                *ret_item_id = sqlite3_last_insert_rowid(store->db);
        return r;
}

static int replace_text(struct fw_store *store, const struct fw_new_item *added, int64_t item_id)
{
        fw_cleanup(fw_arena_freep) struct fw_arena *arena = fw_arena_new();
        struct fw_query query;
        fw_query_start(&query, store,
                       "UPDATE items SET (" TEXT_COLUMNS ") = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) WHERE id = ?");
        bind_text(&query, added, arena);
        fw_bind_int(&query, item_id);
        return fw_query_run(&query);
}

/* 0 in `*ret_item_id`: not there. */
static int find_by_key(struct fw_store *store, const struct fw_new_item *added, int64_t *ret_item_id)
{
        struct fw_query query;
        fw_query_start(&query, store, "SELECT item_id FROM item_feeds WHERE feed_key = ? AND key = ?");
        fw_bind_int(&query, added->feed_key);
        fw_bind_blob(&query, key_bytes(&added->key));
        return fw_query_one_int(&query, 0, ret_item_id);
}

/*
 * The only item with this link, if it is not in this feed: inside one feed two items are never joined by their link alone, and a link that
 * several items carry (a front page, a live ticker) says nothing about which article it is.
 */
static int find_by_link(struct fw_store *store, const struct fw_new_item *added, int64_t *ret_item_id)
{
        *ret_item_id = 0;
        if (added->link_key == 0)
                return 0;
        struct fw_query query;
        fw_query_start(&query, store,
                       "SELECT id FROM items WHERE link_key = ?1 AND link_key <> 0 AND NOT EXISTS "
                       "(SELECT 1 FROM items AS other WHERE other.link_key = ?1 AND other.link_key <> 0 AND other.id "
                       "<> items.id) "
                       "AND NOT EXISTS (SELECT 1 FROM item_feeds WHERE item_id = items.id AND feed_key = ?2) LIMIT 1");
        fw_bind_int(&query, (int64_t) added->link_key);
        fw_bind_int(&query, added->feed_key);
        return fw_query_one_int(&query, 0, ret_item_id);
}

static int join_feed(struct fw_store *store, const struct fw_new_item *added, int64_t item_id)
{
        struct fw_query query;
        fw_query_start(&query, store,
                       "INSERT INTO item_feeds (feed_key, key, item_id, first_seen_usec) VALUES (?, ?, ?, ?)");
        fw_bind_int(&query, added->feed_key);
        fw_bind_blob(&query, key_bytes(&added->key));
        fw_bind_int(&query, item_id);
        fw_bind_int(&query, added->first_seen_usec);
        return fw_query_run(&query);
}

static int add_unknown(struct fw_store *store, const struct fw_new_item *added, int64_t *ret_item_id,
                       enum fw_item_join *ret_join)
{
        int r = find_by_link(store, added, ret_item_id);
        if (r < 0)
                return r;
        *ret_join = *ret_item_id ? FW_ITEM_JOINED : FW_ITEM_ADDED;
        if (*ret_join == FW_ITEM_ADDED)
                r = insert_text(store, added, ret_item_id);
        return r < 0 ? r : join_feed(store, added, *ret_item_id);
}

int fw_store_add_item(struct fw_store *store, const struct fw_new_item *item, int64_t *ret_item_id,
                      enum fw_item_join *ret_join)
{
        int64_t id = 0;
        enum fw_item_join join = FW_ITEM_REPLACED;
        bool own;
        int r = fw_store_enter(store, &own);
        if (r == 0)
                r = find_by_key(store, item, &id);
        if (r == 0)
                r = id ? replace_text(store, item, id) : add_unknown(store, item, &id, &join);
        r = fw_store_leave(store, own, r);
        if (r == 0) {
                *ret_item_id = id;
                *ret_join = join;
        }
        return r;
}

/* ---- reading ---- */

int fw_store_load_item(struct fw_store *store, int64_t item_id, struct fw_arena *arena, struct fw_stored_item *ret_item)
{
        struct fw_stored_item stored = { .id = item_id };
        struct fw_item *item = &stored.item;
        struct fw_query query;
        fw_query_start(&query, store,
                       "SELECT " TEXT_COLUMNS
                       ", first_seen_usec, (SELECT count(DISTINCT feed_key) FROM item_feeds WHERE item_id = id) "
                       "FROM items WHERE id = ?");
        fw_bind_int(&query, item_id);
        bool found = fw_query_next(&query);
        if (found) {
                stored.link_key = (uint64_t) fw_column_int(&query);
                item->id = fw_column_str(&query, arena);
                item->url = fw_column_str(&query, arena);
                item->external_url = fw_column_str(&query, arena);
                item->title = fw_column_str(&query, arena);
                item->summary = fw_column_str(&query, arena);
                item->content_html = fw_column_str(&query, arena);
                item->content_text = fw_column_str(&query, arena);
                item->image = fw_column_str(&query, arena);
                item->language = fw_column_str(&query, arena);
                read_authors(fw_column_view(&query), arena, item);
                read_tags(fw_column_view(&query), arena, item);
                item->published_usec = fw_column_time(&query);
                item->modified_usec = fw_column_time(&query);
                stored.first_seen_usec = fw_column_time(&query);
                stored.feeds = (uint32_t) fw_column_int(&query);
        }
        int r = fw_query_end(&query);
        if (r < 0)
                return r;
        if (!found)
                return -ENOENT;
        *ret_item = stored;
        return 0;
}

int fw_store_count_item_feeds(struct fw_store *store, int64_t item_id, uint32_t *ret_feeds)
{
        int64_t feeds = 0;
        struct fw_query query;
        fw_query_start(&query, store, "SELECT count(DISTINCT feed_key) FROM item_feeds WHERE item_id = ?");
        fw_bind_int(&query, item_id);
        int r = fw_query_one_int(&query, 0, &feeds);
        if (r == 0)
                *ret_feeds = (uint32_t) feeds;
        return r;
}

/* Each word between double quotes is a string of FTS5, so that nothing of a word is an operator. */
static void quote_words(struct fw_str words, struct fw_buf *out)
{
        for (size_t i = 0; i < words.len; i++) {
                bool space = fw_is_space(words.p[i]) || words.p[i] == '"' || words.p[i] == '\0';
                bool after_space =
                        i == 0 || fw_is_space(words.p[i - 1]) || words.p[i - 1] == '"' || words.p[i - 1] == '\0';
                if (space != after_space)
                        (void) fw_buf_append_c(out, space ? "\" " : "\"");
                if (!space)
                        (void) fw_buf_append_byte(out, words.p[i]);
                if (!space && i + 1 == words.len)
                        (void) fw_buf_append_byte(out, '"');
        }
}

int fw_store_search_items(struct fw_store *store, struct fw_str words, size_t limit, struct fw_arena *arena,
                          int64_t **ret_ids, size_t *ret_len)
{
        fw_cleanup(fw_buf_done) struct fw_buf expression = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        quote_words(words, &expression);
        FW_VEC(int64_t) ids = { 0 };
        struct fw_query query;
        fw_query_start(&query, store,
                       "SELECT rowid FROM item_words WHERE item_words MATCH ? ORDER BY rowid DESC LIMIT ?");
        fw_bind_str(&query, fw_buf_str(&expression));
        fw_bind_int(&query, limit ? (int64_t) limit : -1);
        while (expression.len && fw_query_next(&query))
                fw_vec_push(&ids, fw_column_int(&query));
        int r = fw_query_end(&query);
        if (r == 0)
                fw_store_hand_over(arena, &ids, ret_ids, ret_len);
        fw_vec_done(&ids);
        return r;
}
