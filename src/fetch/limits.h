/*
 * limits: how much of anything a server may make us take or wait for, beside what `poll` in feedwatch.yaml sets.
 */
#pragma once

#include <stddef.h>

#include "base/clock.h"

/*
 * Redirects in one poll. RFC 9110 leaves the number to us; browsers follow 20, but no feed needs more than a few.
 * Beyond: refused.
 */
#define FW_LIMIT_REDIRECTS 10

/* A URL, from the configuration or a redirect. Servers take 8 KiB. Beyond: it is no URL. */
#define FW_LIMIT_URL_BYTES ((size_t) 16 * 1024)

/* All header lines of one answer. Ordinary ones have 1 KiB. Beyond: the transfer is broken off. */
#define FW_LIMIT_HEADER_BYTES ((size_t) 256 * 1024)

/* What of an error page is read, so that its connection can be used again. Beyond: the connection is closed. */
#define FW_LIMIT_ERROR_PAGE_BYTES ((size_t) 64 * 1024)

/* A transfer slower than this for so long is given up, however long the whole may take. */
#define FW_LIMIT_LOW_SPEED_BYTES_PER_SEC 64L
#define FW_LIMIT_LOW_SPEED_SECONDS       30L

/* A longer pause than this is not believed when a server asks for it (Retry-After): a feed is given up by 410 only. */
#define FW_LIMIT_RETRY_AFTER_USEC FW_USEC_PER_DAY
