/*
 * diag: what is wrong with a text, for people. A collector of errors, warnings and notes, each with its place; readers go
 * on after an error to find the next one. Pure: it prints nothing, it renders into a buffer.
 *
 * A message names the problem and the remedy. Rendered:
 *
 *     rules.d/security.yaml:14:13: error: unknown field 'titel'; did you mean 'title'?
 *        14 |     match: 'titel:(CVE OR exploit)'
 *           |             ^~~~~
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/macros.h"
#include "base/str.h"

enum fw_diag_level {
        FW_NOTE,
        FW_WARNING,
        FW_ERROR,
};

/* A text that messages can point into. Owned by the collector once added. */
struct fw_source_text;

/* A range of bytes of one source; `source` NULL: no place, `length` 0: a point. */
struct fw_location {
        const struct fw_source_text *source;
        size_t offset;
        size_t length;
};
#define FW_NOWHERE ((struct fw_location){ 0 })

struct fw_diag_entry {
        enum fw_diag_level level;
        struct fw_location location;
        unsigned line, column; /* from 1; column in characters (code points), 0 without a place */
        const char *message;
};

struct fw_diag;

struct fw_diag *fw_diag_new(void);
struct fw_diag *fw_diag_free(struct fw_diag *diag);
FW_DEFINE_CLEANUP(struct fw_diag, fw_diag_free);

/*
 * Registers a text (a file's path as the user wrote it, its content) and returns the handle for locations, valid as long as
 * the collector. Both are copied. `name` may be "" for stdin or a command-line argument.
 */
const struct fw_source_text *fw_diag_source(struct fw_diag *diag, struct fw_str name, struct fw_str content);
struct fw_str fw_source_name(const struct fw_source_text *source);
struct fw_str fw_source_content(const struct fw_source_text *source);
/* The line of a place, from 1; 0 without a place. */
unsigned fw_diag_line(struct fw_diag *diag, struct fw_location location);

/*
 * Adds a message. NULL `diag` is allowed and drops it. Beyond FW_LIMIT_DIAG_ENTRIES only the count goes on.
 * Text from outside in the message is quoted by the caller with '…' and escaped here when rendered.
 */
void fw_diag_add(struct fw_diag *diag, enum fw_diag_level level, struct fw_location location, const char *format, ...)
        fw_printf(4, 5);

size_t fw_diag_count(const struct fw_diag *diag, enum fw_diag_level level);
static inline bool fw_diag_has_errors(const struct fw_diag *diag)
{
        return fw_diag_count(diag, FW_ERROR) > 0;
}
/* In the order of addition; fw_diag_sort() orders by source (of registration), then offset. */
size_t fw_diag_len(const struct fw_diag *diag);
const struct fw_diag_entry *fw_diag_entry(const struct fw_diag *diag, size_t index);
void fw_diag_sort(struct fw_diag *diag);
/* "file:line:column: error: message", then the line and a caret line, if there is a place. `color`: ANSI colours. */
int fw_diag_render(const struct fw_diag *diag, size_t index, bool color, struct fw_buf *out);
int fw_diag_render_all(const struct fw_diag *diag, bool color, struct fw_buf *out);
/* Only "file:line:column: message" of the first error, for a status line or a log; "" if there is none. */
int fw_diag_first_error(const struct fw_diag *diag, struct fw_buf *out);
