#include "base/alloc.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

void fw_out_of_memory(size_t size)
{
        fprintf(stderr, "out of memory: %zu bytes could not be had\n", size);
        abort();
}

void *fw_malloc(size_t size)
{
        void *memory = malloc(size ? size : 1);
        if (!memory)
                fw_out_of_memory(size);
        return memory;
}

void *fw_calloc(size_t count, size_t size)
{
        void *memory = calloc(count ? count : 1, size ? size : 1);
        if (!memory)
                fw_out_of_memory(size);
        return memory;
}

void *fw_realloc(void *memory, size_t size)
{
        void *moved = realloc(memory, size ? size : 1);
        if (!moved)
                fw_out_of_memory(size);
        return moved;
}

void *fw_reallocarray(void *memory, size_t count, size_t size)
{
        size_t bytes;
        if (__builtin_mul_overflow(count, size, &bytes))
                fw_out_of_memory(SIZE_MAX);
        return fw_realloc(memory, bytes);
}

char *fw_strdup(const char *text)
{
        return fw_strndup(text, strlen(text));
}

char *fw_strndup(const char *text, size_t length)
{
        char *copy = fw_malloc(length + 1);
        if (length > 0)
                memcpy(copy, text, length);
        copy[length] = '\0';
        return copy;
}

char *fw_asprintf(const char *format, ...)
{
        char *text = NULL;
        va_list args;
        va_start(args, format);
        int len = vasprintf(&text, format, args);
        va_end(args);
        if (len < 0 || !text)
                fw_out_of_memory(strlen(format));
        return text;
}
