/*
 * odd_worker: speaks a worker's language, and does to order what a worker must not do. The rules and the body are
 * words:
 *
 *     rules   "refuse" says that it cannot start, "die" dies at once, "old" is of another version; anything else is good
 *     body    "crash", "hang", "exit", "rubbish", "huge", "wrong-id", "bad-result", "ready-again";
 *             "once FILE ACTION" does ACTION if FILE is not there yet, and makes it; "big N": a result of N bytes;
 *             "wait FIFO" answers when its writer has closed it;
 *             anything else comes back as the title of one item, with the rules and the process id in the feed's titles
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "engine/process.h"
#include "engine/wire.h"

static char *rules;

static void must(int r)
{
        if (r < 0)
                _exit(99);
}

static void send_frame(struct fw_buf *frame)
{
        must(fw_fd_write_all(FW_WORKER_SOCKET_FD, fw_buf_str(frame)));
        fw_buf_reset(frame);
}

static void send_bytes(const char *bytes, size_t len)
{
        must(fw_fd_write_all(FW_WORKER_SOCKET_FD, fw_str_n(bytes, len)));
}

static void echo(uint64_t id, const struct fw_job *job, struct fw_str title)
{
        char pid[32];
        (void) snprintf(pid, sizeof(pid), "%d", (int) getpid());
        struct fw_result_item item = { .item = { .title = title, .content_text = job->url } };
        struct fw_result result = { .status = FW_JOB_DONE,
                                    .feed = { .title = fw_str_c(rules), .description = fw_str_c(pid) },
                                    .items = &item,
                                    .items_len = 1,
                                    .seen = job->known,
                                    .seen_len = job->known_len };
        fw_cleanup(fw_buf_done) struct fw_buf out = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        must(fw_wire_put_result(&out, id, &result));
        send_frame(&out);
}

static void send_bad_result(uint64_t id)
{
        struct fw_mark mark = { .start = 2, .end = 100 };
        struct fw_match_record match = { .excerpt = FW_STR("short"), .excerpt_marks = &mark, .excerpt_marks_len = 1 };
        struct fw_result_item item = { .matches = &match, .matches_len = 1 };
        struct fw_result result = { .items = &item, .items_len = 1 };
        fw_cleanup(fw_buf_done) struct fw_buf out = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        must(fw_wire_put_result(&out, id, &result));
        send_frame(&out);
}

static void act(uint64_t id, const struct fw_job *job, struct fw_str action)
{
        struct fw_str rest = action;
        struct fw_str verb = FW_STR_NONE;
        (void) fw_str_split(&rest, ' ', &verb);
        if (fw_str_eq(verb, FW_STR("once"))) {
                struct fw_str file = FW_STR_NONE;
                (void) fw_str_split(&rest, ' ', &file);
                fw_cleanup(fw_freep) char *path = fw_strndup(file.p, file.len);
                fw_cleanup(fw_closep) int fd = open(path, O_CREAT | O_EXCL | O_CLOEXEC, 0600);
                act(id, job, fd < 0 ? FW_STR("the second time") : rest);
        } else if (fw_str_eq(verb, FW_STR("crash"))) {
                (void) raise(SIGKILL);
        } else if (fw_str_eq(verb, FW_STR("hang"))) {
                for (;;)
                        (void) pause();
        } else if (fw_str_eq(verb, FW_STR("wait"))) {
                fw_cleanup(fw_freep) char *path = fw_strndup(rest.p, rest.len);
                fw_cleanup(fw_closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
                char byte;
                must((int) read(fd, &byte, 1));
                echo(id, job, action);
        } else if (fw_str_eq(verb, FW_STR("exit"))) {
                _exit(3);
        } else if (fw_str_eq(verb, FW_STR("rubbish"))) {
                send_bytes("this is no frame at all", 23);
                (void) pause();
        } else if (fw_str_eq(verb, FW_STR("huge"))) {
                const uint32_t header[] = { FW_FRAME_RESULT, UINT32_MAX };
                send_bytes((const char *) header, sizeof(header));
                (void) pause();
        } else if (fw_str_eq(verb, FW_STR("wrong-id"))) {
                echo(id + 1, job, action);
        } else if (fw_str_eq(verb, FW_STR("bad-result"))) {
                send_bad_result(id);
        } else if (fw_str_eq(verb, FW_STR("ready-again"))) {
                fw_cleanup(fw_buf_done) struct fw_buf out = FW_BUF_INIT(FW_BUF_UNBOUNDED);
                must(fw_wire_put_ready(&out));
                send_frame(&out);
        } else if (fw_str_eq(verb, FW_STR("big"))) {
                uint64_t len = 0;
                must(fw_str_to_u64(rest, &len));
                fw_cleanup(fw_freep) char *bytes = fw_malloc(len);
                memset(bytes, 'x', len);
                echo(id, job, fw_str_n(bytes, len));
        } else {
                echo(id, job, action);
        }
}

static void start(void)
{
        fw_cleanup(fw_buf_done) struct fw_buf out = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        rules = fw_calloc(1, 100);
        must((int) pread(FW_WORKER_RULES_FD, rules, 99, 0));
        if (strcmp(rules, "die") == 0)
                _exit(4);
        if (strcmp(rules, "refuse") == 0)
                must(fw_wire_put_failed(&out, FW_STR("no appetite")));
        else
                must(fw_wire_put_ready(&out));
        if (strcmp(rules, "old") == 0)
                out.p[FW_FRAME_HEADER_BYTES]++;
        send_frame(&out);
}

int main(void)
{
        fw_cleanup(fw_buf_done) struct fw_buf in = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        start();
        for (;;) {
                size_t len = 0;
                struct fw_frame frame;
                int r = fw_frame_read(fw_buf_str(&in), &len, &frame);
                if (r == -EAGAIN) {
                        must(fw_buf_reserve(&in, 65536));
                        ssize_t n = read(FW_WORKER_SOCKET_FD, in.p + in.len, 65536);
                        if (n <= 0)
                                break;
                        in.len += (size_t) n;
                        continue;
                }
                must(r);
                fw_cleanup(fw_arena_freep) struct fw_arena *arena = fw_arena_new();
                struct fw_job job;
                uint64_t id = 0;
                must(fw_wire_get_job(frame.payload, arena, &id, &job));
                act(id, &job, job.body);
                fw_buf_consume(&in, len);
        }
        free(rules);
        return 0;
}
