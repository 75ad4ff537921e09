#include "harness.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void signal_fd(int fd)
{
        uint64_t one = 1;
        ck_assert_int_eq(write(fd, &one, sizeof(one)), sizeof(one));
}

static void await_fd(int fd)
{
        uint64_t count;
        ck_assert_int_eq(read(fd, &count, sizeof(count)), sizeof(count));
}

static int on_wake(sd_event_source *source, int fd, uint32_t events fw_unused, void *userdata)
{
        struct harness *harness = userdata;
        await_fd(fd);
        if (harness->stop)
                return sd_event_exit(sd_event_source_get_event(source), 0);
        harness->job(harness->job_userdata);
        signal_fd(harness->done_fd);
        return 0;
}

static void *loop(void *userdata)
{
        struct harness *harness = userdata;
        (void) sd_event_loop(harness->event);
        return NULL;
}

void harness_init(struct harness *harness)
{
        *harness = (struct harness){ .directory = "/tmp/fw-control-XXXXXX" };
        ck_assert_ptr_nonnull(mkdtemp(harness->directory));
        (void) snprintf(harness->path, sizeof(harness->path), "%s/control.sock", harness->directory);
        ck_assert_int_ge(sd_event_new(&harness->event), 0);
        harness->wake_fd = eventfd(0, EFD_CLOEXEC);
        harness->done_fd = eventfd(0, EFD_CLOEXEC);
        ck_assert_int_ge(sd_event_add_io(harness->event, NULL, harness->wake_fd, EPOLLIN, on_wake, harness), 0);
}

void harness_run(struct harness *harness)
{
        ck_assert_int_eq(pthread_create(&harness->thread, NULL, loop, harness), 0);
}

void harness_call(struct harness *harness, void (*job)(void *userdata), void *userdata)
{
        harness->job = job;
        harness->job_userdata = userdata;
        signal_fd(harness->wake_fd);
        await_fd(harness->done_fd);
}

void harness_stop(struct harness *harness)
{
        harness->stop = true;
        signal_fd(harness->wake_fd);
        ck_assert_int_eq(pthread_join(harness->thread, NULL), 0);
}

void harness_done(struct harness *harness)
{
        (void) sd_event_unref(harness->event);
        (void) close(harness->wake_fd);
        (void) close(harness->done_fd);
        ck_assert_int_eq(rmdir(harness->directory), 0);
}

int raw_connect(const char *path)
{
        struct sockaddr_un address = { .sun_family = AF_UNIX };
        (void) strncpy(address.sun_path, path, sizeof(address.sun_path) - 1);
        int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        ck_assert_int_ge(fd, 0);
        ck_assert_int_eq(connect(fd, (struct sockaddr *) &address, sizeof(address)), 0);
        return fd;
}

void raw_send(int fd, const void *bytes, size_t length)
{
        const char *rest = bytes;
        while (length > 0) {
                ssize_t n = send(fd, rest, length, MSG_NOSIGNAL);
                if (n <= 0)
                        return;
                rest += n;
                length -= (size_t) n;
        }
}

bool raw_read_more(int fd, struct fw_buf *out)
{
        char block[4096];
        ssize_t n = read(fd, block, sizeof(block));
        if (n <= 0)
                return false;
        ck_assert_int_eq(fw_buf_append(out, fw_str_n(block, (size_t) n)), 0);
        return true;
}

void raw_read_all(int fd, struct fw_buf *out)
{
        while (raw_read_more(fd, out))
                ;
}

bool raw_read_until(int fd, const char *wanted, struct fw_buf *out)
{
        while (!strstr(fw_buf_c(out), wanted))
                if (!raw_read_more(fd, out))
                        return false;
        return true;
}

char *raw_exchange(const char *path, const char *request)
{
        struct fw_buf answer = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        int fd = raw_connect(path);
        raw_send(fd, request, strlen(request));
        (void) shutdown(fd, SHUT_WR);
        raw_read_all(fd, &answer);
        (void) close(fd);
        return fw_buf_steal(&answer);
}
