#include "base/buf.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

#define SMALLEST_CAP ((size_t) 64)

void fw_buf_init(struct fw_buf *buf, size_t max)
{
        *buf = (struct fw_buf) FW_BUF_INIT(max);
}

void fw_buf_done(struct fw_buf *buf)
{
        free(buf->p);
        buf->p = NULL;
        buf->len = buf->cap = 0;
}

void fw_buf_reset(struct fw_buf *buf)
{
        buf->len = 0;
        buf->error = 0;
        if (buf->p)
                buf->p[0] = '\0';
}

int fw_buf_reserve(struct fw_buf *buf, size_t len)
{
        if (buf->error)
                return buf->error;
        size_t max = FW_MIN(buf->max, FW_BUF_UNBOUNDED);
        if (buf->len > max || len > max - buf->len)
                return buf->error = -EMSGSIZE;
        size_t needed = buf->len + len + 1;
        if (needed <= buf->cap)
                return 0;
        size_t cap = FW_MAX(FW_MAX(buf->cap + buf->cap / 2, SMALLEST_CAP), needed);
        buf->p = fw_realloc(buf->p, FW_MAX(FW_MIN(cap, max + 1), needed));
        buf->cap = FW_MAX(FW_MIN(cap, max + 1), needed);
        buf->p[buf->len] = '\0';
        return 0;
}

int fw_buf_append(struct fw_buf *buf, struct fw_str bytes)
{
        int r = fw_buf_reserve(buf, bytes.len);
        if (r < 0)
                return r;
        if (bytes.len > 0)
                memcpy(buf->p + buf->len, bytes.p, bytes.len);
        buf->len += bytes.len;
        buf->p[buf->len] = '\0';
        return 0;
}

int fw_buf_append_c(struct fw_buf *buf, const char *text)
{
        return fw_buf_append(buf, fw_str_c(text));
}

int fw_buf_append_byte(struct fw_buf *buf, char byte)
{
        return fw_buf_append(buf, fw_str_n(&byte, 1));
}

int fw_buf_printf(struct fw_buf *buf, const char *format, ...)
{
        va_list args;
        va_start(args, format);
        int r = fw_buf_vprintf(buf, format, args);
        va_end(args);
        return r;
}

int fw_buf_vprintf(struct fw_buf *buf, const char *format, va_list args)
{
        va_list again;
        va_copy(again, args);
        int len = vsnprintf(NULL, 0, format, again);
        va_end(again);
        int r = fw_buf_reserve(buf, len < 0 ? 0 : (size_t) len);
        if (r < 0 || len < 0)
                return r;
        (void) vsnprintf(buf->p + buf->len, (size_t) len + 1, format, args);
        buf->len += (size_t) len;
        return 0;
}

void fw_buf_consume(struct fw_buf *buf, size_t len)
{
        len = FW_MIN(len, buf->len);
        if (len == 0)
                return;
        memmove(buf->p, buf->p + len, buf->len - len);
        buf->len -= len;
        buf->p[buf->len] = '\0';
}

const char *fw_buf_c(struct fw_buf *buf)
{
        if (!buf->p)
                return "";
        buf->p[buf->len] = '\0';
        return buf->p;
}

char *fw_buf_steal(struct fw_buf *buf)
{
        char *text = buf->p ? buf->p : fw_strdup("");
        text[buf->len] = '\0';
        buf->p = NULL;
        buf->len = buf->cap = 0;
        return text;
}
