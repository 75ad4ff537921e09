/*
 * alloc: memory that is there, or the end of the process.
 *
 * The one stated way in which feedwatch handles a failed allocation: these functions never return NULL. What the outside
 * can make large is bounded by a named limit long before (limits.h, struct fw_buf, struct fw_arena), and meeting a limit is
 * an ordinary error; when the machine itself has no memory left, one line goes to stderr and the process aborts. A worker
 * that ends so is replaced and costs its job; the daemon is restarted by its service manager, and every alert is in the store.
 */
#pragma once

#include <stddef.h>
#include <stdlib.h>

#include "base/macros.h"

/* Never NULL; `size` 0 counts as 1. Free with free(). */
void *fw_malloc(size_t size) __attribute__((malloc, returns_nonnull));
void *fw_calloc(size_t count, size_t size) __attribute__((malloc, returns_nonnull));
void *fw_realloc(void *memory, size_t size) __attribute__((returns_nonnull));
/* realloc to count × size bytes; an overflow of the product is our own mistake and aborts. */
void *fw_reallocarray(void *memory, size_t count, size_t size) __attribute__((returns_nonnull));
char *fw_strdup(const char *text) __attribute__((malloc, returns_nonnull));
char *fw_strndup(const char *text, size_t length) __attribute__((malloc, returns_nonnull));
char *fw_asprintf(const char *format, ...) fw_printf(1, 2) __attribute__((malloc, returns_nonnull));

/* Says on stderr what could not be had, and aborts. */
_Noreturn void fw_out_of_memory(size_t size);

/* For fw_cleanup(): frees what a `T *` points to. */
static inline void fw_freep(void *pointer)
{
        free(*(void **) pointer);
}
