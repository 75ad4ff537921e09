#include "engine/process.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/file.h"

/* What one wake-up reads: the length that a frame claims is not believed further than this. */
#define READ_STEP ((size_t) 256 * 1024)
/* Descriptors are moved above the numbers at which the worker wants them before they are put there. */
#define FIRST_SPARE_FD 10

struct fw_process {
        const struct fw_process_events *events;
        void *userdata;
        pid_t pid; /* 0: reaped */
        int pidfd, fd;
        sd_event_source *exit_source, *io_source;
        struct fw_str out; /* not sent yet */
        struct fw_buf in;
};

/* ---- start ---- */

/*
 * The part of the environment that says how text and memory checkers behave; the daemon's other variables are its own.
 */
static char **worker_environment(void)
{
        static const char *const names[] = { "LANG",         "LC_ALL",        "ICU_DATA",    "ASAN_OPTIONS",
                                             "LSAN_OPTIONS", "UBSAN_OPTIONS", "GCOV_PREFIX", "GCOV_PREFIX_STRIP" };
        char **environment = fw_calloc(FW_ARRAY_LEN(names) + 1, sizeof(*environment));
        size_t len = 0;
        for (size_t i = 0; i < FW_ARRAY_LEN(names); i++) {
                const char *value = getenv(names[i]);
                if (value)
                        environment[len++] = fw_asprintf("%s=%s", names[i], value);
        }
        return environment;
}

static void free_strings(char ***strings)
{
        for (char **string = *strings; string && *string; string++)
                free(*string);
        free(*strings);
}

/*
 * Its own process group, so that Ctrl-C in a terminal reaches only the daemon, which then ends its workers in order; no
 * signal blocked or ignored, whatever the daemon does.
 */
static int spawn(const struct fw_process_options *options, int socket_fd, int rules_fd, pid_t *ret_pid)
{
        fw_cleanup(free_strings) char **environment = worker_environment();
        fw_cleanup(fw_freep) char *memory = fw_asprintf("%" PRIu64, options->memory_bytes);
        char *const arguments[] = { (char *) options->program, memory, NULL };
        posix_spawn_file_actions_t actions;
        posix_spawnattr_t attributes;
        sigset_t none;
        sigset_t all;
        sigemptyset(&none);
        sigfillset(&all);
        (void) posix_spawn_file_actions_init(&actions);
        (void) posix_spawnattr_init(&attributes);
        (void) posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        (void) posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
        (void) posix_spawn_file_actions_adddup2(&actions, socket_fd, FW_WORKER_SOCKET_FD);
        (void) posix_spawn_file_actions_adddup2(&actions, rules_fd, FW_WORKER_RULES_FD);
        (void) posix_spawn_file_actions_addclosefrom_np(&actions, FW_WORKER_RULES_FD + 1);
        (void) posix_spawnattr_setsigmask(&attributes, &none);
        (void) posix_spawnattr_setsigdefault(&attributes, &all);
        (void) posix_spawnattr_setpgroup(&attributes, 0);
        (void) posix_spawnattr_setflags(&attributes,
                                        POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
        int r = posix_spawn(ret_pid, options->program, &actions, &attributes, arguments, environment);
        (void) posix_spawn_file_actions_destroy(&actions);
        (void) posix_spawnattr_destroy(&attributes);
        return -r;
}

/* Starts the program; fills in pid and our end of the pair. */
static int start(struct fw_process *process, const struct fw_process_options *options)
{
        int pair[2];
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
                return -errno;
        process->fd = pair[0];
        fw_cleanup(fw_closep) int theirs = pair[1];
        fw_cleanup(fw_closep) int spare_socket = fcntl(theirs, F_DUPFD_CLOEXEC, FIRST_SPARE_FD);
        fw_cleanup(fw_closep) int spare_rules = fcntl(options->rules_fd, F_DUPFD_CLOEXEC, FIRST_SPARE_FD);
        if (spare_socket < 0 || spare_rules < 0 || fcntl(process->fd, F_SETFL, O_NONBLOCK) < 0)
                return -errno;
        int r = spawn(options, spare_socket, spare_rules, &process->pid);
        if (r < 0) {
                process->pid = 0;
                return r;
        }
        process->pidfd = pidfd_open(process->pid, 0);
        return process->pidfd < 0 ? -errno : 0;
}

/* ---- frames ---- */

static void want_events(struct fw_process *process)
{
        if (process->io_source)
                (void) sd_event_source_set_io_events(process->io_source,
                                                     process->out.len > 0 ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

static void stop_talking(struct fw_process *process)
{
        process->io_source = sd_event_source_disable_unref(process->io_source);
        process->out = FW_STR_NONE;
}

/* A worker that cannot be written to is dead or dying, which its end will say. */
static void write_some(struct fw_process *process)
{
        while (process->out.len > 0) {
                ssize_t n = send(process->fd, process->out.p, process->out.len, MSG_NOSIGNAL);
                if (n < 0) {
                        if (errno != EAGAIN && errno != EINTR)
                                process->out = FW_STR_NONE;
                        return;
                }
                process->out = fw_str_slice(process->out, (size_t) n, process->out.len);
        }
}

/* 1: something was read; 0: nothing there now; -ENODATA: the other side has closed. */
static int read_some(struct fw_process *process, size_t wanted)
{
        if (fw_buf_reserve(&process->in, FW_MIN(wanted, READ_STEP)) < 0)
                return -ENODATA;
        ssize_t n = recv(process->fd, process->in.p + process->in.len, FW_MIN(wanted, READ_STEP), 0);
        if (n < 0)
                return errno == EAGAIN || errno == EINTR ? 0 : -ENODATA;
        process->in.len += (size_t) n;
        return n > 0 ? 1 : -ENODATA;
}

/* Reads once and hands over the frames that are complete. As read_some(); -ENODATA also when no more is wanted. */
static int receive(struct fw_process *process)
{
        size_t frame_len = 0;
        struct fw_frame frame;
        (void) fw_frame_read(fw_buf_str(&process->in), &frame_len, &frame);
        int n = read_some(process, frame_len > process->in.len ? frame_len - process->in.len : READ_STEP);
        if (n <= 0)
                return n;
        int r;
        while ((r = fw_frame_read(fw_buf_str(&process->in), &frame_len, &frame)) == 0) {
                process->events->frame(process->userdata, &frame);
                fw_buf_consume(&process->in, frame_len);
        }
        if (r != -EBADMSG)
                return n;
        process->events->rubbish(process->userdata);
        return -ENODATA;
}

static int on_io(sd_event_source *source fw_unused, int fd fw_unused, uint32_t revents, void *userdata)
{
        struct fw_process *process = userdata;
        if (revents & EPOLLOUT)
                write_some(process);
        if ((revents & (EPOLLIN | EPOLLHUP | EPOLLERR)) && receive(process) < 0)
                stop_talking(process);
        want_events(process);
        return 0;
}

/* ---- the end ---- */

static char *end_words(const siginfo_t *info)
{
        if (info->si_code == CLD_EXITED)
                return fw_asprintf("ended by itself with status %d", info->si_status);
        return fw_asprintf("was killed by signal %d (%s)", info->si_status, strsignal(info->si_status));
}

static int on_exit_event(sd_event_source *source fw_unused, int fd, uint32_t revents fw_unused, void *userdata)
{
        struct fw_process *process = userdata;
        siginfo_t info = { 0 };
        if (waitid(P_PIDFD, (id_t) fd, &info, WEXITED | WNOHANG) < 0 || info.si_pid == 0)
                return 0;
        process->pid = 0;
        process->exit_source = sd_event_source_disable_unref(process->exit_source);
        /* What it said before it died counts. */
        while (process->io_source && receive(process) > 0)
                continue;
        stop_talking(process);
        fw_cleanup(fw_freep) char *words = end_words(&info);
        process->events->end(process->userdata, words);
        return 0;
}

/* ---- the door ---- */

int fw_process_start(sd_event *event, const struct fw_process_options *options, const struct fw_process_events *events,
                     void *userdata, struct fw_process **ret_process)
{
        fw_cleanup(fw_process_freep) struct fw_process *process = fw_calloc(1, sizeof(*process));
        process->events = events;
        process->userdata = userdata;
        process->fd = process->pidfd = -1;
        fw_buf_init(&process->in, FW_FRAME_HEADER_BYTES + FW_LIMIT_FRAME_BYTES + READ_STEP);
        int r = start(process, options);
        if (r < 0)
                return r;
        r = sd_event_add_io(event, &process->io_source, process->fd, EPOLLIN, on_io, process);
        if (r < 0)
                return r;
        r = sd_event_add_io(event, &process->exit_source, process->pidfd, EPOLLIN, on_exit_event, process);
        if (r < 0)
                return r;
        *ret_process = process;
        process = NULL;
        return 0;
}

struct fw_process *fw_process_free(struct fw_process *process)
{
        if (!process)
                return NULL;
        stop_talking(process);
        sd_event_source_disable_unref(process->exit_source);
        if (process->pid > 0) {
                siginfo_t info;
                (void) kill(process->pid, SIGKILL);
                while (waitid(P_PID, (id_t) process->pid, &info, WEXITED) < 0 && errno == EINTR)
                        continue;
        }
        fw_closep(&process->pidfd);
        fw_closep(&process->fd);
        fw_buf_done(&process->in);
        free(process);
        return NULL;
}

void fw_process_send(struct fw_process *process, struct fw_str bytes)
{
        process->out = bytes;
        write_some(process);
        want_events(process);
}

void fw_process_close(struct fw_process *process)
{
        (void) shutdown(process->fd, SHUT_WR);
}

void fw_process_kill(struct fw_process *process)
{
        if (process->pid > 0)
                (void) kill(process->pid, SIGKILL);
}
