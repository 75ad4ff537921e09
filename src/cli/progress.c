#include <stdio.h>
#include <unistd.h>

#include "cli/cli.h"

#define BAR_COLUMNS 30u

void fw_progress_begin(struct fw_progress *progress, const char *what, size_t total)
{
        *progress = (struct fw_progress){ .what = what, .total = total, .shown = total > 1 && isatty(STDERR_FILENO) };
        fw_progress_set(progress, 0);
}

void fw_progress_clear(struct fw_progress *progress)
{
        if (!progress->drawn)
                return;
        fflush(stdout);
        fputs("\r\033[K", stderr);
        fflush(stderr);
        progress->drawn = false;
}

void fw_progress_set(struct fw_progress *progress, size_t done)
{
        progress->done = FW_MIN(done, progress->total);
        if (!progress->shown)
                return;
        unsigned filled = (unsigned) (progress->done * BAR_COLUMNS / progress->total);
        fflush(stdout);
        fprintf(stderr, "\r%s [", progress->what);
        for (unsigned i = 0; i < BAR_COLUMNS; i++)
                fputc(i < filled ? '#' : '.', stderr);
        fprintf(stderr, "] %zu/%zu\033[K", progress->done, progress->total);
        fflush(stderr);
        progress->drawn = true;
}
