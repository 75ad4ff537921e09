#include "base/alloc.h"
#include "base/map.h"
#include "base/vec.h"
#include "feed/feed.h"
#include "feed/link.h"

/*
 * What makes an item the same item in the next poll. A given id is enough if it is one: some feeds give all items one
 * guid, so an id that stands twice in a document is not believed. Without an id the link does, if no other item here
 * has it (all leading to the home page is common too); else link, title and date together.
 *
 * Which of these was used goes into the fingerprint, so that an id never meets a link.
 */
enum key_kind {
        KEY_ID = 'i',
        KEY_LINK = 'l',
        KEY_ALL = 'a',
};

struct candidate {
        uint64_t id;   /* 0: none given */
        uint64_t link; /* 0: none */
        struct fw_hash128 keys[3];
};

struct fw_identity {
        FW_VEC(struct candidate) items;
        struct fw_arena *arena; /* the keys of `seen` */
        struct fw_map seen;     /* fingerprints of ids and links → how many items have them */
};

struct fw_identity *fw_identity_new(void)
{
        struct fw_identity *identity = fw_calloc(1, sizeof(*identity));
        identity->arena = fw_arena_new();
        fw_map_init(&identity->seen);
        return identity;
}

struct fw_identity *fw_identity_free(struct fw_identity *identity)
{
        if (!identity)
                return NULL;
        fw_vec_done(&identity->items);
        fw_map_done(&identity->seen);
        (void) fw_arena_free(identity->arena);
        free(identity);
        return NULL;
}

static struct fw_str fingerprint_bytes(const uint64_t *fingerprint)
{
        return fw_str_n((const char *) fingerprint, sizeof(*fingerprint));
}

static uint64_t count_seen(struct fw_identity *identity, enum key_kind kind, struct fw_str value)
{
        if (value.len == 0)
                return 0;
        char kind_byte = (char) kind;
        const struct fw_str parts[] = { fw_str_n(&kind_byte, 1), value };
        struct fw_hash128 hash = fw_hash128_parts(parts, FW_ARRAY_LEN(parts));
        uint64_t fingerprint;
        memcpy(&fingerprint, hash.bytes, sizeof(fingerprint));
        struct fw_str key = fw_arena_copy(identity->arena, fingerprint_bytes(&fingerprint));
        fw_map_put(&identity->seen, key, NULL)->number++;
        return fingerprint;
}

static struct fw_hash128 key_of(enum key_kind kind, struct fw_str first, struct fw_str second, int64_t date)
{
        char kind_byte = (char) kind;
        const struct fw_str parts[] = { fw_str_n(&kind_byte, 1), first, second,
                                        fw_str_n((const char *) &date, sizeof(date)) };
        return fw_hash128_parts(parts, FW_ARRAY_LEN(parts));
}

void fw_identity_add(struct fw_identity *identity, const struct fw_item *item)
{
        fw_cleanup(fw_arena_freep) struct fw_arena *scratch = fw_arena_new();
        struct fw_str id = item->id_is_given ? item->id : FW_STR_NONE;
        struct fw_str link = fw_link_canonical(item->url, scratch);
        struct candidate candidate = { .id = count_seen(identity, KEY_ID, id),
                                       .link = count_seen(identity, KEY_LINK, link) };
        candidate.keys[0] = key_of(KEY_ID, id, FW_STR_NONE, 0);
        candidate.keys[1] = key_of(KEY_LINK, link, FW_STR_NONE, 0);
        struct fw_str title = fw_str_empty(item->title) ? item->content_text : item->title;
        candidate.keys[2] = key_of(KEY_ALL, link, title, item->published_usec);
        fw_vec_push(&identity->items, candidate);
}

static bool is_alone(const struct fw_identity *identity, uint64_t fingerprint)
{
        if (fingerprint == 0)
                return false;
        const union fw_map_value *count = fw_map_get(&identity->seen, fingerprint_bytes(&fingerprint));
        return count && count->number == 1;
}

struct fw_hash128 fw_identity_key(const struct fw_identity *identity, size_t index)
{
        const struct candidate *candidate = &identity->items.p[index];
        if (is_alone(identity, candidate->id))
                return candidate->keys[0];
        if (candidate->id == 0 && is_alone(identity, candidate->link))
                return candidate->keys[1];
        return candidate->keys[2];
}

uint64_t fw_item_content_hash(const struct fw_item *item)
{
        const struct fw_str parts[] = { item->title, item->summary, item->content_text, item->url };
        struct fw_hash128 hash = fw_hash128_parts(parts, FW_ARRAY_LEN(parts));
        uint64_t value;
        memcpy(&value, hash.bytes, sizeof(value));
        return value;
}

uint64_t fw_item_link_key(const struct fw_item *item)
{
        if (!fw_link_is_http(item->url))
                return 0;
        fw_cleanup(fw_arena_freep) struct fw_arena *scratch = fw_arena_new();
        struct fw_str link = fw_link_canonical(item->url, scratch);
        link = fw_str_slice(link, fw_str_find(link, FW_STR("//"), 0), link.len); /* http and https are one */
        if (fw_str_find_byte(link, '/', 2) + 1 == link.len)
                return 0; /* a front page: every article of the site may be meant */
        uint64_t key = fw_hash64(link);
        return key ? key : 1;
}
