#include "cli/online.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "config/config.h"

/* Where the child finds the descriptor that it says READY on. */
#define READY_FD 3

struct pipes {
        int in_read, in_write;       /* the child's standard input */
        int ready_read, ready_write; /* its readiness */
};

static void pipes_close(struct pipes *pipes)
{
        fw_closep(&pipes->in_read);
        fw_closep(&pipes->in_write);
        fw_closep(&pipes->ready_read);
        fw_closep(&pipes->ready_write);
}

static int pipes_open(struct pipes *pipes)
{
        int in[2], ready[2];
        if (pipe2(in, O_CLOEXEC) < 0)
                return -errno;
        if (pipe2(ready, O_CLOEXEC) < 0) {
                int r = -errno;
                (void) close(in[0]);
                (void) close(in[1]);
                return r;
        }
        *pipes = (struct pipes){ .in_read = in[0], .in_write = in[1], .ready_read = ready[0], .ready_write = ready[1] };
        return 0;
}

/* Its output goes to our stderr: stdout is for the command's own. */
static int spawn(const char *program, char *const arguments[], const struct pipes *pipes, pid_t *ret_pid)
{
        posix_spawn_file_actions_t actions;
        int r = posix_spawn_file_actions_init(&actions);
        if (r != 0)
                return -r;
        (void) posix_spawn_file_actions_adddup2(&actions, pipes->in_read, STDIN_FILENO);
        (void) posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
        (void) posix_spawn_file_actions_adddup2(&actions, pipes->ready_write, READY_FD);
        r = posix_spawn(ret_pid, program, &actions, NULL, arguments, environ);
        (void) posix_spawn_file_actions_destroy(&actions);
        return -r;
}

static bool await_ready(int fd)
{
        fw_cleanup(fw_buf_done) struct fw_buf said = FW_BUF_INIT(64);
        return fw_fd_read_all(fd, &said) == 0 && fw_str_starts(fw_buf_str(&said), FW_STR("READY"));
}

/* Starts the child and waits until it answers. What keeps it from that, it has said on our stderr. */
static int start_alone(struct fw_online *online, const struct fw_paths *paths, const char *socket_path)
{
        fw_cleanup(fw_freep) char *program = fw_program_path("feedwatchd");
        if (!program)
                return fw_cli_error(online->cli,
                                    "feedwatchd is not installed beside feedwatch; install feedwatch again");
        char *const arguments[] = {
                program,
                (char *) (uintptr_t) "--oneshot",
                (char *) (uintptr_t) "--config",
                paths->config_file,
                (char *) (uintptr_t) "--socket",
                (char *) (uintptr_t) socket_path,
                (char *) (uintptr_t) "--ready-fd",
                (char *) (uintptr_t) "3",
                (char *) (uintptr_t) "--log-level",
                (char *) (uintptr_t) "error",
                NULL,
        };
        struct pipes pipes = { -1, -1, -1, -1 };
        int r = pipes_open(&pipes);
        if (r == 0) {
                r = spawn(program, arguments, &pipes, &online->child);
                fw_closep(&pipes.in_read);
                fw_closep(&pipes.ready_write);
                if (r == 0) {
                        online->child_stdin = pipes.in_write;
                        pipes.in_write = -1;
                        r = await_ready(pipes.ready_read) ? 0 : -ECHILD;
                }
                pipes_close(&pipes);
        }
        if (r < 0 && r != -ECHILD)
                return fw_cli_error(online->cli, "cannot run '%s': %s", program, strerror(-r));
        return r < 0 ? FW_EXIT_FAILED : FW_EXIT_OK;
}

static int go_alone(struct fw_online *online, const struct fw_paths *paths)
{
        fw_cleanup(fw_freep) char *name = fw_asprintf("oneshot-%ld.sock", (long) getpid());
        fw_cleanup(fw_freep) char *path = fw_path_join(paths->runtime_dir, name);
        (void) fw_client_free(online->client);
        online->client = fw_client_new(path);
        return start_alone(online, paths, path);
}

int fw_online_open(struct fw_online *online, const struct fw_cli *cli, enum fw_online_mode mode)
{
        *online = (struct fw_online){ .cli = cli, .child_stdin = -1 };
        struct fw_paths paths;
        if (cli->config_option && access(cli->config_option, R_OK) < 0)
                return fw_cli_error(cli, "cannot read '%s': %s", cli->config_option, strerror(errno));
        if (fw_paths_init(&paths, cli->config_option) < 0)
                return fw_cli_error(cli, "neither --config nor $HOME is set: there is no configuration to find");
        fw_cleanup(fw_freep) char *socket_path = fw_config_control_socket(&paths, cli->config_option);
        online->client = fw_client_new(socket_path);
        int status = FW_EXIT_OK;
        int r = fw_client_probe(online->client);
        if (r == -ECONNREFUSED && mode == FW_ONLINE_OR_ALONE)
                status = go_alone(online, &paths);
        else if (r < 0)
                status = fw_online_failed(online);
        fw_paths_done(&paths);
        if (status != FW_EXIT_OK)
                fw_online_close(online);
        return status;
}

void fw_online_close(struct fw_online *online)
{
        online->client = fw_client_free(online->client);
        fw_closep(&online->child_stdin);
        if (online->child > 0)
                while (waitpid(online->child, NULL, 0) < 0 && errno == EINTR)
                        ;
        online->child = 0;
}

int fw_online_failed(const struct fw_online *online)
{
        return fw_cli_error(online->cli, "%s", fw_client_error(online->client));
}

int fw_online_call(const struct fw_online *online, const char *method, const char *path, json_t *body,
                   json_t **ret_answer)
{
        int r = fw_client_call(online->client, method, path, body, ret_answer);
        json_decref(body);
        return r < 0 ? fw_online_failed(online) : FW_EXIT_OK;
}

int fw_online_show(const struct fw_cli *cli, enum fw_online_mode mode, const char *path,
                   void (*print)(const struct fw_cli *cli, const json_t *answer))
{
        struct fw_online online;
        json_t *answer = NULL;
        int status = fw_online_open(&online, cli, mode);
        if (status != FW_EXIT_OK)
                return status;
        status = fw_online_call(&online, "GET", path, NULL, &answer);
        fw_online_close(&online);
        if (status == FW_EXIT_OK && cli->json)
                fw_cli_print_json(answer);
        else if (status == FW_EXIT_OK)
                print(cli, answer);
        json_decref(answer);
        return status;
}
