#include "engine/sandbox.h"

#include <errno.h>
#include <seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/macros.h"

#ifdef FW_SANDBOX_OFF
#define SANDBOX_WORKS false
#else
#define SANDBOX_WORKS true
#endif

static int limit(__rlimit_resource_t resource, uint64_t most)
{
        const struct rlimit value = { .rlim_cur = most, .rlim_max = most };
        return setrlimit(resource, &value) < 0 ? -errno : 0;
}

int fw_sandbox_limit(uint64_t memory_bytes)
{
        if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
                return -errno;
        /* A core would hold what the network sent, and the rules. */
        int r = limit(RLIMIT_CORE, 0);
        if (r < 0 || !SANDBOX_WORKS)
                return r;
        return limit(RLIMIT_AS, memory_bytes);
}

/* System calls allowed whatever their arguments: memory, time, the end. */
static const int plain_calls[] = {
        SCMP_SYS(brk),     SCMP_SYS(munmap),         SCMP_SYS(mremap),       SCMP_SYS(madvise),
        SCMP_SYS(futex),   SCMP_SYS(clock_gettime),  SCMP_SYS(gettimeofday), SCMP_SYS(getrandom),
        SCMP_SYS(sysinfo), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(getpid),
        SCMP_SYS(gettid),  SCMP_SYS(exit),           SCMP_SYS(exit_group),
};
/* Calls that would make memory executable by their third argument. */
static const int memory_calls[] = { SCMP_SYS(mmap), SCMP_SYS(mprotect) };

static int allow_on(scmp_filter_ctx filter, int call, int fd)
{
        return seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1, SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t) fd));
}

static int fill_filter(scmp_filter_ctx filter, int socket_fd)
{
        for (size_t i = 0; i < FW_ARRAY_LEN(plain_calls); i++) {
                int r = seccomp_rule_add(filter, SCMP_ACT_ALLOW, plain_calls[i], 0);
                if (r < 0)
                        return r;
        }
        for (size_t i = 0; i < FW_ARRAY_LEN(memory_calls); i++) {
                int r = seccomp_rule_add(filter, SCMP_ACT_ALLOW, memory_calls[i], 1,
                                         SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
                if (r < 0)
                        return r;
        }
        int r = allow_on(filter, SCMP_SYS(read), socket_fd);
        if (r == 0)
                r = allow_on(filter, SCMP_SYS(write), socket_fd);
        if (r == 0)
                r = allow_on(filter, SCMP_SYS(write), STDERR_FILENO);
        if (r == 0) /* glibc's assert() and abort() say why on stderr by this */
                r = allow_on(filter, SCMP_SYS(writev), STDERR_FILENO);
        if (r == 0) /* abort() */
                r = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                                     SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t) getpid()));
        return r;
}

int fw_sandbox_close(int socket_fd)
{
        if (!SANDBOX_WORKS)
                return 0;
        scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
        if (!filter)
                return -ENOMEM;
        int r = fill_filter(filter, socket_fd);
        if (r == 0)
                r = seccomp_load(filter);
        seccomp_release(filter);
        return r;
}
