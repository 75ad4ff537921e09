/*
 * vec: growing arrays of one type.
 *
 *         FW_VEC(struct fw_token) tokens = { 0 };
 *         fw_vec_push(&tokens, token);
 *         for (size_t i = 0; i < tokens.len; i++) use(&tokens.p[i]);
 *         fw_vec_done(&tokens);
 *
 * Elements move when the array grows: a pointer into it is valid until the next push.
 */
#pragma once

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

#define FW_VEC(type)        \
        struct {            \
                type *p;    \
                size_t len; \
                size_t cap; \
        }

#define fw_vec_reserve(v, more)                                                         \
        do {                                                                            \
                if (!(v)->p || (v)->len + (more) > (v)->cap) {                          \
                        size_t fw_vec_cap_ = (v)->cap ? (v)->cap * 2 : 8;               \
                        if (fw_vec_cap_ < (v)->len + (more))                            \
                                fw_vec_cap_ = (v)->len + (more);                        \
                        (v)->p = fw_reallocarray((v)->p, fw_vec_cap_, sizeof(*(v)->p)); \
                        (v)->cap = fw_vec_cap_;                                         \
                }                                                                       \
        } while (0)

#define fw_vec_push(v, ...)                         \
        do {                                        \
                fw_vec_reserve((v), 1);             \
                (v)->p[(v)->len++] = (__VA_ARGS__); \
        } while (0)

/* Frees the array, not what its elements own. */
#define fw_vec_done(v)                   \
        do {                             \
                free((v)->p);            \
                (v)->p = NULL;           \
                (v)->len = (v)->cap = 0; \
        } while (0)
