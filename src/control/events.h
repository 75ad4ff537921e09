/*
 * events: the two forms in which a stream's events come: server-sent events (HTML standard §9.2) and JSON lines. Pure;
 * bytes come in pieces of any size.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/str.h"

enum fw_event_format {
        FW_EVENTS_SSE,
        FW_EVENTS_LINES,
};

/* Nonzero ends the parsing and comes back. Views are valid during the call. */
typedef int fw_event_function(void *userdata, struct fw_str id, struct fw_str data);

struct fw_event_parser {
        enum fw_event_format format;
        fw_event_function *on_event;
        void *userdata;
        struct fw_buf line; /* not ended yet */
        struct fw_buf data; /* of the event so far */
        struct fw_buf id;   /* the last one given; it stays for the events that have none of their own */
        bool has_data;
};

/* A line or an event of more than `max_bytes` is an error. */
void fw_event_parser_init(struct fw_event_parser *parser, enum fw_event_format format, size_t max_bytes,
                          fw_event_function *on_event, void *userdata);
void fw_event_parser_done(struct fw_event_parser *parser);
/* 0, -EMSGSIZE, or what `on_event` returned; after a failure the parser is not to be fed again. */
int fw_event_parser_feed(struct fw_event_parser *parser, struct fw_str bytes);
