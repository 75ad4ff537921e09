/*
 * A list of chunks, the current one first. Chunks double from 4 KiB to 1 MiB; what is larger than a quarter of a chunk and
 * does not fit gets one of its own, behind the current, so that the rest of that is not lost.
 */
#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#define poison(p, len)   ASAN_POISON_MEMORY_REGION((p), (len))
#define unpoison(p, len) ASAN_UNPOISON_MEMORY_REGION((p), (len))
#else
#define poison(p, len)   ((void) (p), (void) (len))
#define unpoison(p, len) ((void) (p), (void) (len))
#endif

#define ALIGNMENT       _Alignof(max_align_t)
#define FIRST_CHUNK     ((size_t) 4 * 1024)
#define LARGEST_CHUNK   ((size_t) 1024 * 1024)
#define KEPT_OVER_RESET ((size_t) 1024 * 1024)

struct chunk {
        struct chunk *next;
        size_t cap;
        size_t used;
        _Alignas(max_align_t) char bytes[];
};

struct fw_arena {
        struct chunk *chunks;
        size_t used;
        size_t next_cap;
};

struct fw_arena *fw_arena_new(void)
{
        struct fw_arena *arena = fw_calloc(1, sizeof(*arena));
        arena->next_cap = FIRST_CHUNK;
        return arena;
}

static struct chunk *chunk_new(size_t cap)
{
        size_t size;
        if (__builtin_add_overflow(cap, sizeof(struct chunk), &size))
                fw_out_of_memory(cap);
        struct chunk *chunk = fw_malloc(size);
        chunk->next = NULL;
        chunk->cap = cap;
        chunk->used = 0;
        poison(chunk->bytes, cap);
        return chunk;
}

static void chunk_free(struct chunk *chunk)
{
        unpoison(chunk->bytes, chunk->cap);
        free(chunk);
}

struct fw_arena *fw_arena_free(struct fw_arena *arena)
{
        if (!arena)
                return NULL;
        for (struct chunk *chunk = arena->chunks; chunk;) {
                struct chunk *next = chunk->next;
                chunk_free(chunk);
                chunk = next;
        }
        free(arena);
        return NULL;
}

void fw_arena_reset(struct fw_arena *arena)
{
        struct chunk *kept = NULL;
        for (struct chunk *chunk = arena->chunks; chunk;) {
                struct chunk *next = chunk->next;
                bool better = chunk->cap <= KEPT_OVER_RESET && (!kept || chunk->cap > kept->cap);
                struct chunk *dropped = better ? kept : chunk;
                if (better)
                        kept = chunk;
                if (dropped)
                        chunk_free(dropped);
                chunk = next;
        }
        if (kept) {
                kept->next = NULL;
                kept->used = 0;
                poison(kept->bytes, kept->cap);
        }
        arena->chunks = kept;
        arena->used = 0;
}

size_t fw_arena_used(const struct fw_arena *arena)
{
        return arena->used;
}

static struct chunk *chunk_with_room(struct fw_arena *arena, size_t size)
{
        struct chunk *current = arena->chunks;
        if (current && current->cap - current->used >= size)
                return current;
        if (current && size > arena->next_cap / 4) {
                struct chunk *own = chunk_new(size);
                own->next = current->next;
                current->next = own;
                return own;
        }
        struct chunk *chunk = chunk_new(FW_MAX(arena->next_cap, size));
        arena->next_cap = FW_MIN(arena->next_cap * 2, LARGEST_CHUNK);
        chunk->next = current;
        arena->chunks = chunk;
        return chunk;
}

void *fw_arena_alloc(struct fw_arena *arena, size_t size)
{
        size_t padded;
        if (__builtin_add_overflow(size ? size : 1, ALIGNMENT - 1, &padded))
                fw_out_of_memory(size);
        padded &= ~(ALIGNMENT - 1);
        struct chunk *chunk = chunk_with_room(arena, padded);
        char *memory = chunk->bytes + chunk->used;
        chunk->used += padded;
        arena->used += padded;
        unpoison(memory, size);
        return memory;
}

void *fw_arena_zalloc(struct fw_arena *arena, size_t size)
{
        return memset(fw_arena_alloc(arena, size), 0, size);
}

struct fw_str fw_arena_copy(struct fw_arena *arena, struct fw_str s)
{
        char *copy = fw_arena_alloc(arena, s.len + 1);
        if (s.len > 0)
                memcpy(copy, s.p, s.len);
        copy[s.len] = '\0';
        return fw_str_n(copy, s.len);
}

char *fw_arena_strdup(struct fw_arena *arena, const char *text)
{
        size_t size = strlen(text) + 1;
        return memcpy(fw_arena_alloc(arena, size), text, size);
}

struct fw_str fw_arena_printf(struct fw_arena *arena, const char *format, ...)
{
        va_list args, again;
        va_start(args, format);
        va_copy(again, args);
        int len = vsnprintf(NULL, 0, format, args);
        va_end(args);
        size_t size = len < 0 ? 1 : (size_t) len + 1;
        char *text = fw_arena_zalloc(arena, size);
        (void) vsnprintf(text, size, format, again);
        va_end(again);
        return fw_str_n(text, size - 1);
}
