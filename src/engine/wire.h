/*
 * wire: what daemon and worker say to each other over their socket pair. Frames of a type, a length and a payload; the
 * payload's numbers are in the machine's own order, for both ends are on one machine. The two programs may still be of
 * two versions while a package is upgraded: the worker's first frame says its version.
 *
 * Both ends check what they read: every length against what is there, every count against the bytes it would need,
 * every enumeration, every offset, and that text is UTF-8. A reader that fails once gives zeros from then on.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "engine/engine.h"
#include "engine/limits.h"

/* Changes with any change of a payload. */
#define FW_WIRE_VERSION 1

#define FW_FRAME_HEADER_BYTES ((size_t) 8)

enum fw_frame_type {
        FW_FRAME_READY = 0x46570001, /* worker: FW_WIRE_VERSION; the rules are compiled */
        FW_FRAME_FAILED,             /* worker: words; it cannot start */
        FW_FRAME_JOB,                /* daemon */
        FW_FRAME_RESULT,             /* worker */
};

/* ---- frames ---- */

/*
 * Appends a frame's header; returns its place for fw_frame_end(), which fills in the length when the payload is there.
 */
size_t fw_frame_begin(struct fw_buf *out, enum fw_frame_type type);
/* 0, or -EMSGSIZE when the payload is larger than FW_LIMIT_FRAME_BYTES or the buffer was full. */
int fw_frame_end(struct fw_buf *out, size_t begin);

struct fw_frame {
        enum fw_frame_type type;
        struct fw_str payload; /* a view of the bytes it was read from */
};
/*
 * The frame at the start of `bytes`. 0 and the frame; -EAGAIN when more bytes are needed; -EBADMSG for an unknown type
 * or a length beyond the limit. `*ret_len`: the frame's whole length if its header is there, else 0.
 */
int fw_frame_read(struct fw_str bytes, size_t *ret_len, struct fw_frame *ret_frame);

/* ---- payloads ---- */

int fw_wire_put_ready(struct fw_buf *out);
/* 0; -EBADMSG; -EPROTO: another version. */
int fw_wire_get_ready(struct fw_str payload);

int fw_wire_put_failed(struct fw_buf *out, struct fw_str words);
/* 0 and a view of `payload`, or -EBADMSG. */
int fw_wire_get_failed(struct fw_str payload, struct fw_str *ret_words);

/* Whole frames. 0 or -EMSGSIZE. */
int fw_wire_put_job(struct fw_buf *out, uint64_t id, const struct fw_job *job);
int fw_wire_put_result(struct fw_buf *out, uint64_t id, const struct fw_result *result);
/* 0 or -EBADMSG. Strings are views of `payload`, arrays are in `arena`. */
int fw_wire_get_job(struct fw_str payload, struct fw_arena *arena, uint64_t *ret_id, struct fw_job *ret_job);
int fw_wire_get_result(struct fw_str payload, struct fw_arena *arena, uint64_t *ret_id, struct fw_result *ret_result);
