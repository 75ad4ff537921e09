#include "engine/pack.h"

#include <string.h>

#include "base/utf8.h"

static void pack(struct fw_buf *out, const void *bytes, size_t len)
{
        (void) fw_buf_append(out, fw_str_n(bytes, len));
}

void fw_pack_u8(struct fw_buf *out, uint8_t number)
{
        pack(out, &number, sizeof(number));
}

void fw_pack_u32(struct fw_buf *out, uint32_t number)
{
        pack(out, &number, sizeof(number));
}

void fw_pack_u64(struct fw_buf *out, uint64_t number)
{
        pack(out, &number, sizeof(number));
}

void fw_pack_hash(struct fw_buf *out, const struct fw_hash128 *hash)
{
        pack(out, hash->bytes, sizeof(hash->bytes));
}

void fw_pack_count(struct fw_buf *out, size_t count)
{
        /* More cannot fit into a frame: whatever is counted has bytes. */
        fw_pack_u32(out, count > UINT32_MAX ? UINT32_MAX : (uint32_t) count);
}

void fw_pack_bytes(struct fw_buf *out, struct fw_str bytes)
{
        fw_pack_count(out, bytes.len);
        pack(out, bytes.p, bytes.len);
}

void fw_pack_text(struct fw_buf *out, struct fw_str text)
{
        if (fw_utf8_valid(text)) {
                fw_pack_bytes(out, text);
                return;
        }
        fw_cleanup(fw_buf_done) struct fw_buf repaired = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_utf8_append_repaired(&repaired, text);
        fw_pack_bytes(out, fw_buf_str(&repaired));
}

void fw_pack_texts(struct fw_buf *out, const struct fw_str *texts, size_t len)
{
        fw_pack_count(out, len);
        for (size_t i = 0; i < len; i++)
                fw_pack_text(out, texts[i]);
}

static struct fw_str take(struct fw_unpacker *in, size_t len)
{
        if (in->failed || len > in->rest.len) {
                in->failed = true;
                in->rest = FW_STR_NONE;
                return FW_STR_NONE;
        }
        struct fw_str taken = fw_str_slice(in->rest, 0, len);
        in->rest = fw_str_slice(in->rest, len, in->rest.len);
        return taken;
}

static void unpack(struct fw_unpacker *in, void *into, size_t len)
{
        struct fw_str bytes = take(in, len);
        memset(into, 0, len);
        if (bytes.len > 0)
                memcpy(into, bytes.p, len);
}

uint8_t fw_unpack_u8(struct fw_unpacker *in)
{
        uint8_t number;
        unpack(in, &number, sizeof(number));
        return number;
}

uint32_t fw_unpack_u32(struct fw_unpacker *in)
{
        uint32_t number;
        unpack(in, &number, sizeof(number));
        return number;
}

uint64_t fw_unpack_u64(struct fw_unpacker *in)
{
        uint64_t number;
        unpack(in, &number, sizeof(number));
        return number;
}

struct fw_hash128 fw_unpack_hash(struct fw_unpacker *in)
{
        struct fw_hash128 hash;
        unpack(in, hash.bytes, sizeof(hash.bytes));
        return hash;
}

struct fw_str fw_unpack_bytes(struct fw_unpacker *in)
{
        return take(in, fw_unpack_u32(in));
}

struct fw_str fw_unpack_text(struct fw_unpacker *in)
{
        struct fw_str text = fw_unpack_bytes(in);
        if (fw_utf8_valid(text))
                return text;
        in->failed = true;
        return FW_STR_NONE;
}

const struct fw_str *fw_unpack_texts(struct fw_unpacker *in, struct fw_arena *arena, size_t *ret_len)
{
        *ret_len = fw_unpack_count(in, sizeof(uint32_t));
        struct fw_str *texts = fw_arena_new_array(arena, struct fw_str, *ret_len);
        for (size_t i = 0; i < *ret_len; i++)
                texts[i] = fw_unpack_text(in);
        return texts;
}

uint8_t fw_unpack_enum(struct fw_unpacker *in, unsigned limit)
{
        uint8_t number = fw_unpack_u8(in);
        if (number < limit)
                return number;
        in->failed = true;
        return 0;
}

bool fw_unpack_bool(struct fw_unpacker *in)
{
        return fw_unpack_enum(in, 2) != 0;
}

size_t fw_unpack_count(struct fw_unpacker *in, size_t least_bytes)
{
        uint32_t count = fw_unpack_u32(in);
        if (count <= in->rest.len / least_bytes)
                return count;
        in->failed = true;
        return 0;
}

bool fw_unpack_complete(const struct fw_unpacker *in)
{
        return !in->failed && in->rest.len == 0;
}
