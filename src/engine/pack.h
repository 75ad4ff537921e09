/*
 * pack: numbers and strings in and out of a payload, for wire.h.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/str.h"

/* Appending: errors stay in the buffer. */
void fw_pack_u8(struct fw_buf *out, uint8_t number);
void fw_pack_u32(struct fw_buf *out, uint32_t number);
void fw_pack_u64(struct fw_buf *out, uint64_t number);
void fw_pack_hash(struct fw_buf *out, const struct fw_hash128 *hash);
/* Any bytes, with their length. */
void fw_pack_bytes(struct fw_buf *out, struct fw_str bytes);
/* Text; what is no UTF-8 is repaired. */
void fw_pack_text(struct fw_buf *out, struct fw_str text);
void fw_pack_texts(struct fw_buf *out, const struct fw_str *texts, size_t len);
/* A count of elements that follow. */
void fw_pack_count(struct fw_buf *out, size_t count);

struct fw_unpacker {
        struct fw_str rest;
        bool failed; /* sticky; everything read afterwards is zero or empty */
};
uint8_t fw_unpack_u8(struct fw_unpacker *in);
uint32_t fw_unpack_u32(struct fw_unpacker *in);
uint64_t fw_unpack_u64(struct fw_unpacker *in);
struct fw_hash128 fw_unpack_hash(struct fw_unpacker *in);
struct fw_str fw_unpack_bytes(struct fw_unpacker *in);
/* Fails on what is no UTF-8. */
struct fw_str fw_unpack_text(struct fw_unpacker *in);
const struct fw_str *fw_unpack_texts(struct fw_unpacker *in, struct fw_arena *arena, size_t *ret_len);
/* A number below `limit`. */
uint8_t fw_unpack_enum(struct fw_unpacker *in, unsigned limit);
bool fw_unpack_bool(struct fw_unpacker *in);
/* A count of elements of at least `least_bytes` each: fails when so many cannot follow. */
size_t fw_unpack_count(struct fw_unpacker *in, size_t least_bytes);
/* Nothing failed and nothing is left. */
bool fw_unpack_complete(const struct fw_unpacker *in);
