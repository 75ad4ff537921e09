/*
 * What a worker may do behind the closed sandbox, and that everything else ends it. Each attempt is made in a process
 * of its own, and judged by how that ended.
 */
#include "engine/sandbox.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"

#define MEMORY_BYTES ((uint64_t) 512 * 1024 * 1024)

static int pair[2];

/* Runs `attempt` behind the sandbox; how the process ended, as waitpid() says it. */
static int end_of(void (*attempt)(void))
{
        int status = 0;
        ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
        pid_t pid = fork();
        ck_assert_int_ge(pid, 0);
        if (pid == 0) {
                if (fw_sandbox_begin() < 0 || fw_sandbox_close(pair[1], MEMORY_BYTES) < 0)
                        _exit(99);
                attempt();
                _exit(0);
        }
        ck_assert_int_eq(waitpid(pid, &status, 0), pid);
        (void) close(pair[0]);
        (void) close(pair[1]);
        return status;
}

static void check_allowed(void (*attempt)(void))
{
        int status = end_of(attempt);
        ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "status %#x", (unsigned) status);
}

static void talk(void)
{
        char byte = 'x';
        if (write(pair[1], &byte, 1) != 1 || write(STDERR_FILENO, "", 0) != 0)
                _exit(1);
}

static void use_memory(void)
{
        char *memory = malloc(64 * 1024 * 1024);
        if (!memory)
                _exit(1);
        memset(memory, 1, 64 * 1024 * 1024);
        memory = realloc(memory, 128 * 1024 * 1024);
        _exit(memory && memory[1000] == 1 ? 0 : 1);
}

START_TEST(talking_and_memory_are_allowed)
{
        check_allowed(talk);
        check_allowed(use_memory);
}
END_TEST

#ifndef FW_SANDBOX_OFF

static void check_killed(void (*attempt)(void))
{
        int status = end_of(attempt);
        ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS, "status %#x", (unsigned) status);
}

static void open_file(void)
{
        (void) open("/etc/hostname", O_RDONLY | O_CLOEXEC);
}

static void make_socket(void)
{
        (void) socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static void make_process(void)
{
        (void) fork();
}

static void run_program(void)
{
        (void) execl("/bin/true", "true", (char *) NULL);
}

static void read_elsewhere(void)
{
        char byte;
        if (read(pair[0], &byte, 1) < 0)
                _exit(1);
}

static void write_elsewhere(void)
{
        if (write(pair[0], "x", 1) < 0)
                _exit(1);
}

static void kill_parent(void)
{
        (void) kill(getppid(), SIGCONT);
}

static void make_code(void)
{
        (void) mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void lift_limits(void)
{
        struct rlimit none = { RLIM_INFINITY, RLIM_INFINITY };
        (void) setrlimit(RLIMIT_AS, &none);
}

START_TEST(everything_else_ends_the_process)
{
        void (*const attempts[])(void) = { open_file,       make_socket, make_process, run_program, read_elsewhere,
                                           write_elsewhere, kill_parent, make_code,    lift_limits };
        for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++)
                check_killed(attempts[i]);
}
END_TEST

static void use_too_much(void)
{
        /* volatile: a compiler may leave out memory that nobody uses */
        void *volatile memory = malloc(MEMORY_BYTES);
        _exit(memory ? 1 : 0);
}

START_TEST(memory_has_its_limit)
{
        check_allowed(use_too_much);
}
END_TEST

static void give_up(void)
{
        abort();
}

START_TEST(an_abort_is_seen_as_one)
{
        int status = end_of(give_up);
        ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT, "status %#x", (unsigned) status);
}
END_TEST

#endif

#ifdef FW_SANDBOX_OFF
UNIT_MAIN("sandbox", talking_and_memory_are_allowed)
#else
UNIT_MAIN("sandbox", talking_and_memory_are_allowed, everything_else_ends_the_process, memory_has_its_limit,
          an_abort_is_seen_as_one)
#endif
