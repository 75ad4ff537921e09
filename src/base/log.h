/*
 * log: what a program has to say while it runs. Only the programs log (src/daemon, src/cli, src/desktop); other rooms return
 * what happened. Lines go to stderr, with systemd's "<N>" priority prefix when stderr is the journal, so that they keep
 * their level; fields go along when the journal is there.
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>

#include "base/macros.h"

/* syslog's numbers */
enum fw_log_level {
        FW_LOG_ERROR = 3,   /* somebody must act */
        FW_LOG_WARNING = 4, /* we go on, and the message says how */
        FW_LOG_NOTICE = 5,  /* state changed */
        FW_LOG_INFO = 6,    /* normal work worth seeing */
        FW_LOG_DEBUG = 7,   /* for developers */
};

struct fw_log_field {
        const char *name;  /* "FEEDWATCH_FEED" */
        const char *value; /* NULL: left out */
};

/* Lines above `level` are dropped. Set once, at the start of a program. */
void fw_log_set_level(enum fw_log_level level);
/* "error" … "debug"; 0 or -EINVAL. */
int fw_log_level_from_name(const char *name, enum fw_log_level *ret_level);

/* `error`: a negative errno that is said after the message, or 0. Returns `error`, so that `return fw_log(…)` reads well. */
int fw_log(enum fw_log_level level, int error, const char *format, ...) fw_printf(3, 4);
/* With fields, ended by one whose name is NULL; `journalctl FEEDWATCH_FEED=bbc-world` finds them. */
int fw_log_fields(enum fw_log_level level, int error, const struct fw_log_field *fields, const char *format, ...)
        fw_printf(4, 5);
