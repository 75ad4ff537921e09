/*
 * limits: how much of anything a worker, and through it a feed, may make the daemon take or wait for.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"

/* A frame's payload: a body, or all new items of a feed as HTML and as text. Beyond: the job is given up. */
#define FW_LIMIT_FRAME_BYTES ((size_t) 128 * 1024 * 1024)

/* Reading and matching one body takes milliseconds. Beyond: the worker is killed, the job tried once more. */
#define FW_LIMIT_JOB_USEC (30 * FW_USEC_PER_SEC)

/* A worker compiles the rules before it is ready; a hundred thousand take seconds. Beyond: it is killed. */
#define FW_LIMIT_START_USEC (2 * FW_USEC_PER_MINUTE)

/* A worker that was told to end has nothing left to do. Beyond: it is killed. */
#define FW_LIMIT_END_USEC (10 * FW_USEC_PER_SEC)

/*
 * Workers that die before they are ready, in a row. Beyond: the waiting jobs are given up, and the next one tries
 * again.
 */
#define FW_LIMIT_START_FAILURES 3

/* Workers that may die over one job. Beyond: it is given up. */
#define FW_LIMIT_ATTEMPTS 2

/* What reading feeds may add to the memory that the rules take. Beyond: the worker aborts. */
#define FW_LIMIT_JOB_MEMORY_BYTES ((uint64_t) 1024 * 1024 * 1024)

/* The words of one hit are shown in a line; what a regular expression matched is cut there. */
#define FW_LIMIT_HIT_TEXT_BYTES ((size_t) 200)
