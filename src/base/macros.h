/*
 * macros: the few language helpers that every room uses.
 */
#pragma once

#include <stddef.h>

#define FW_ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define FW_MIN(a, b)    ((a) < (b) ? (a) : (b))
#define FW_MAX(a, b)    ((a) > (b) ? (a) : (b))

#define fw_cleanup(function)           __attribute__((cleanup(function)))
#define fw_printf(string_index, first) __attribute__((__format__(__printf__, string_index, first)))
#define fw_unused                      __attribute__((unused))

/* Defines `name##p(T **)`, the form that fw_cleanup() needs, for a `T *free(T *)`. */
#define FW_DEFINE_CLEANUP(type, free_function)             \
        static inline void free_function##p(type **object) \
        {                                                  \
                if (*object)                               \
                        (void) free_function(*object);     \
        }                                                  \
        struct fw_semicolon_swallower
