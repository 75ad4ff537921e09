/*
 * buf: bytes that grow, up to a maximum given at birth. Owned by whoever holds it; free with fw_buf_done().
 * The content is always followed by a NUL that is not counted, once anything was appended.
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"
#include "base/str.h"

struct fw_buf {
        char *p;
        size_t len;
        size_t cap;
        size_t max; /* largest len; an append beyond it fails and sets `full` */
        int error;  /* first failure (-EMSGSIZE), kept: later appends are ignored, so one check at the end is enough */
};

#define FW_BUF_INIT(maximum)     \
        {                        \
                .max = (maximum) \
        }
/* For what is bounded by its inputs already. */
#define FW_BUF_UNBOUNDED (SIZE_MAX / 2)

void fw_buf_init(struct fw_buf *buf, size_t max);
void fw_buf_done(struct fw_buf *buf);
/* Empties, keeps the memory, forgets an error. */
void fw_buf_reset(struct fw_buf *buf);
/* 0 or -EMSGSIZE (then nothing was appended). */
int fw_buf_append(struct fw_buf *buf, struct fw_str bytes);
int fw_buf_append_c(struct fw_buf *buf, const char *text);
int fw_buf_append_byte(struct fw_buf *buf, char byte);
int fw_buf_printf(struct fw_buf *buf, const char *format, ...) fw_printf(2, 3);
int fw_buf_vprintf(struct fw_buf *buf, const char *format, va_list args) fw_printf(2, 0);
/* Room for `len` more bytes at the end, to be written by the caller, who then adds to buf->len. 0 or -EMSGSIZE. */
int fw_buf_reserve(struct fw_buf *buf, size_t len);
/* Removes the first `len` bytes. */
void fw_buf_consume(struct fw_buf *buf, size_t len);
/* Valid until the next change of the buffer. */
static inline struct fw_str fw_buf_str(const struct fw_buf *buf)
{
        return (struct fw_str){ .p = buf->p, .len = buf->len };
}
/* The content as a terminated string ("" if empty). Valid until the next change. */
const char *fw_buf_c(struct fw_buf *buf);
/* Takes the terminated content out; the caller frees it with free(). The buffer is empty afterwards. */
char *fw_buf_steal(struct fw_buf *buf);
