/*
 * arena: memory that lives and dies together. One document, one arena. Allocations are aligned for any type, are never
 * freed one by one, and stay where they are until reset or free.
 */
#pragma once

#include <stddef.h>

#include "base/macros.h"
#include "base/str.h"

struct fw_arena;

struct fw_arena *fw_arena_new(void);
/* Frees all memory; NULL is fine. Returns NULL. */
struct fw_arena *fw_arena_free(struct fw_arena *arena);
FW_DEFINE_CLEANUP(struct fw_arena, fw_arena_free);
/* Forgets all allocations, keeps the memory (up to 1 MiB of it) for the next round. */
void fw_arena_reset(struct fw_arena *arena);
/* Bytes handed out since the last reset. For callers that bound what one document may take. */
size_t fw_arena_used(const struct fw_arena *arena);

/* Never NULL; not zeroed. */
void *fw_arena_alloc(struct fw_arena *arena, size_t size);
/* Zeroed. */
void *fw_arena_zalloc(struct fw_arena *arena, size_t size);
/* A copy, followed by a NUL that is not counted. */
struct fw_str fw_arena_copy(struct fw_arena *arena, struct fw_str s);
char *fw_arena_strdup(struct fw_arena *arena, const char *text);
struct fw_str fw_arena_printf(struct fw_arena *arena, const char *format, ...) fw_printf(2, 3);

#define fw_arena_new_object(arena, type)       ((type *) fw_arena_zalloc((arena), sizeof(type)))
#define fw_arena_new_array(arena, type, count) ((type *) fw_arena_zalloc((arena), sizeof(type) * (count)))
