#include "loopback.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/alloc.h"

struct connection {
        TAILQ_ENTRY(connection) link;
        struct loopback *loopback;
        sd_event_source *source;
        int fd;
        struct fw_buf in, out;
        bool close_after, held;
};

struct loopback {
        sd_event *event;
        sd_event_source *source;
        int fd;
        uint16_t port;
        loopback_function *answer;
        void *userdata;
        unsigned accepted, open;
        bool hold;
        TAILQ_HEAD(, connection) connections;
};

static void must(bool condition, const char *what)
{
        if (condition)
                return;
        perror(what);
        abort();
}

static void connection_free(struct connection *connection)
{
        TAILQ_REMOVE(&connection->loopback->connections, connection, link);
        connection->loopback->open--;
        sd_event_source_disable_unref(connection->source);
        (void) close(connection->fd);
        fw_buf_done(&connection->in);
        fw_buf_done(&connection->out);
        free(connection);
}

static size_t header_end(const struct connection *connection)
{
        size_t end = fw_str_find(fw_buf_str(&connection->in), FW_STR("\r\n\r\n"), 0);
        return end == SIZE_MAX ? 0 : end + 4;
}

static void answer_one(struct connection *connection)
{
        struct loopback *loopback = connection->loopback;
        size_t end = header_end(connection);
        struct fw_str request = fw_str_slice(fw_buf_str(&connection->in), 0, end);
        struct fw_str rest = request;
        struct fw_str path = FW_STR_NONE;
        (void) fw_str_split(&rest, ' ', &path);
        (void) fw_str_split(&rest, ' ', &path);

        struct loopback_answer answer = { .bytes = FW_BUF_INIT(FW_BUF_UNBOUNDED) };
        loopback->answer(loopback->userdata, path, request, &answer);
        (void) fw_buf_append(&connection->out, fw_buf_str(&answer.bytes));
        connection->close_after = !answer.keep_open;
        fw_buf_done(&answer.bytes);
        fw_buf_consume(&connection->in, end);
        connection->held = false;
}

/* False when the connection is over. */
static bool write_out(struct connection *connection)
{
        while (connection->out.len > 0) {
                ssize_t n = send(connection->fd, connection->out.p, connection->out.len, MSG_NOSIGNAL);
                if (n < 0)
                        return errno == EAGAIN;
                fw_buf_consume(&connection->out, (size_t) n);
        }
        return !connection->close_after;
}

static bool read_in(struct connection *connection)
{
        char bytes[4096];
        ssize_t n = recv(connection->fd, bytes, sizeof(bytes), 0);
        if (n == 0 || (n < 0 && errno != EAGAIN))
                return false;
        if (n > 0)
                (void) fw_buf_append(&connection->in, fw_str_n(bytes, (size_t) n));
        return true;
}

static void go_on(struct connection *connection)
{
        while (header_end(connection) > 0 && !connection->close_after && !connection->held) {
                if (connection->loopback->hold)
                        connection->held = true;
                else
                        answer_one(connection);
        }
        if (!write_out(connection)) {
                connection_free(connection);
                return;
        }
        uint32_t events = connection->out.len > 0 ? EPOLLIN | EPOLLOUT : EPOLLIN;
        must(sd_event_source_set_io_events(connection->source, events) >= 0, "set_io_events");
}

static int on_connection(sd_event_source *source fw_unused, int fd fw_unused, uint32_t revents, void *userdata)
{
        struct connection *connection = userdata;
        if ((revents & (EPOLLIN | EPOLLHUP)) && !read_in(connection))
                connection_free(connection);
        else
                go_on(connection);
        return 0;
}

static int on_accept(sd_event_source *source fw_unused, int fd, uint32_t revents fw_unused, void *userdata)
{
        struct loopback *loopback = userdata;
        int peer = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
        must(peer >= 0, "accept");
        struct connection *connection = fw_calloc(1, sizeof(*connection));
        connection->loopback = loopback;
        connection->fd = peer;
        fw_buf_init(&connection->in, FW_BUF_UNBOUNDED);
        fw_buf_init(&connection->out, FW_BUF_UNBOUNDED);
        TAILQ_INSERT_TAIL(&loopback->connections, connection, link);
        loopback->accepted++;
        loopback->open++;
        must(sd_event_add_io(loopback->event, &connection->source, peer, EPOLLIN, on_connection, connection) >= 0,
             "add_io");
        return 0;
}

struct loopback *loopback_new(sd_event *event, const char *address, loopback_function *answer, void *userdata)
{
        struct loopback *loopback = fw_calloc(1, sizeof(*loopback));
        loopback->event = event;
        loopback->answer = answer;
        loopback->userdata = userdata;
        TAILQ_INIT(&loopback->connections);
        loopback->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        must(loopback->fd >= 0, "socket");

        struct sockaddr_in name = { .sin_family = AF_INET };
        socklen_t len = sizeof(name);
        must(inet_pton(AF_INET, address, &name.sin_addr) == 1, "inet_pton");
        must(bind(loopback->fd, (struct sockaddr *) &name, sizeof(name)) == 0, "bind");
        must(listen(loopback->fd, 64) == 0, "listen");
        must(getsockname(loopback->fd, (struct sockaddr *) &name, &len) == 0, "getsockname");
        loopback->port = ntohs(name.sin_port);
        must(sd_event_add_io(event, &loopback->source, loopback->fd, EPOLLIN, on_accept, loopback) >= 0, "add_io");
        return loopback;
}

void loopback_free(struct loopback *loopback)
{
        while (!TAILQ_EMPTY(&loopback->connections))
                connection_free(TAILQ_FIRST(&loopback->connections));
        sd_event_source_disable_unref(loopback->source);
        (void) close(loopback->fd);
        free(loopback);
}

uint16_t loopback_port(const struct loopback *loopback)
{
        return loopback->port;
}

unsigned loopback_accepted(const struct loopback *loopback)
{
        return loopback->accepted;
}

unsigned loopback_open(const struct loopback *loopback)
{
        return loopback->open;
}

void loopback_hold(struct loopback *loopback, bool hold)
{
        loopback->hold = hold;
}

unsigned loopback_held(const struct loopback *loopback)
{
        unsigned held = 0;
        for (const struct connection *each = TAILQ_FIRST(&loopback->connections); each; each = TAILQ_NEXT(each, link))
                held += each->held;
        return held;
}

void loopback_release_one(struct loopback *loopback)
{
        struct connection *connection = TAILQ_FIRST(&loopback->connections);
        while (connection && !connection->held)
                connection = TAILQ_NEXT(connection, link);
        if (!connection)
                return;
        answer_one(connection);
        go_on(connection);
}

struct fw_str loopback_header(struct fw_str request, const char *name)
{
        struct fw_str line;
        while (fw_str_split(&request, '\n', &line)) {
                size_t colon = fw_str_find_byte(line, ':', 0);
                if (colon != SIZE_MAX && fw_str_eq_nocase(fw_str_slice(line, 0, colon), fw_str_c(name)))
                        return fw_str_trim(fw_str_slice(line, colon + 1, line.len));
        }
        return FW_STR_NONE;
}

void loopback_reply(struct loopback_answer *answer, const char *status, const char *header_lines, struct fw_str body)
{
        (void) fw_buf_printf(&answer->bytes, "HTTP/1.1 %s\r\n%sContent-Length: %zu\r\n\r\n", status, header_lines,
                             body.len);
        (void) fw_buf_append(&answer->bytes, body);
        answer->keep_open = true;
}
