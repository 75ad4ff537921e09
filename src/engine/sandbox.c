#include "engine/sandbox.h"

#include <errno.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/macros.h"
#include "base/str.h"

/* Seven numbers. */
#define FW_LIMIT_STATM_BYTES ((size_t) 256)

static int limit(__rlimit_resource_t resource, uint64_t most)
{
        const struct rlimit value = { .rlim_cur = most, .rlim_max = most };
        return setrlimit(resource, &value) < 0 ? -errno : 0;
}

int fw_sandbox_begin(void)
{
        if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
                return -errno;
        /* A core would hold what the network sent, and the rules. */
        return limit(RLIMIT_CORE, 0);
}

#ifdef FW_SANDBOX_OFF

int fw_sandbox_close(int socket_fd fw_unused, uint64_t memory_bytes fw_unused)
{
        return 0;
}

#else

/* The size of this process's address space: the first number of statm, in pages. */
static int address_space(uint64_t *ret_bytes)
{
        fw_cleanup(fw_buf_done) struct fw_buf text = FW_BUF_INIT(FW_LIMIT_STATM_BYTES);
        int r = fw_file_read("/proc/self/statm", &text);
        if (r < 0)
                return r;
        struct fw_str rest = fw_buf_str(&text);
        struct fw_str first = FW_STR_NONE;
        uint64_t pages = 0;
        (void) fw_str_split(&rest, ' ', &first);
        r = fw_str_to_u64(first, &pages);
        if (r < 0)
                return r;
        *ret_bytes = pages * (uint64_t) sysconf(_SC_PAGESIZE);
        return 0;
}

/* The rules, which are trusted, take what they take; what reading feeds may add is limited. */
static int limit_memory(uint64_t memory_bytes)
{
        uint64_t taken_bytes = 0;
        int r = address_space(&taken_bytes);
        return r < 0 ? r : limit(RLIMIT_AS, taken_bytes + memory_bytes);
}

/* System calls allowed whatever their arguments: memory, time, the end. */
static const int plain_calls[] = {
        SCMP_SYS(brk),     SCMP_SYS(munmap),         SCMP_SYS(mremap),       SCMP_SYS(madvise),
        SCMP_SYS(futex),   SCMP_SYS(clock_gettime),  SCMP_SYS(gettimeofday), SCMP_SYS(getrandom),
        SCMP_SYS(sysinfo), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(getpid),
        SCMP_SYS(gettid),  SCMP_SYS(exit),           SCMP_SYS(exit_group),
};

/* Allows a call if (argument & mask) == value. */
static int allow_if(scmp_filter_ctx filter, int call, unsigned argument, uint64_t mask, uint64_t value)
{
        const struct scmp_arg_cmp condition = {
                .arg = argument, .op = SCMP_CMP_MASKED_EQ, .datum_a = mask, .datum_b = value
        };
        return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, 1, &condition);
}

/* The lower half, in which the kernel looks for a descriptor or a process. */
#define WHOLE UINT32_MAX

static int fill_filter(scmp_filter_ctx filter, int socket_fd)
{
        const struct {
                int call;
                unsigned argument;
                uint64_t mask, value;
        } conditional_calls[] = {
                { SCMP_SYS(mmap), 2, PROT_EXEC, 0 },
                { SCMP_SYS(mprotect), 2, PROT_EXEC, 0 },
                { SCMP_SYS(read), 0, WHOLE, (uint64_t) socket_fd },
                { SCMP_SYS(write), 0, WHOLE, (uint64_t) socket_fd },
                /* glibc says on stderr by one or the other why it aborts, and then does it by tgkill(). */
                { SCMP_SYS(write), 0, WHOLE, STDERR_FILENO },
                { SCMP_SYS(writev), 0, WHOLE, STDERR_FILENO },
                { SCMP_SYS(tgkill), 0, WHOLE, (uint64_t) getpid() },
        };
        for (size_t i = 0; i < FW_ARRAY_LEN(plain_calls); i++) {
                int r = seccomp_rule_add(filter, SCMP_ACT_ALLOW, plain_calls[i], 0);
                if (r < 0)
                        return r;
        }
        for (size_t i = 0; i < FW_ARRAY_LEN(conditional_calls); i++) {
                int r = allow_if(filter, conditional_calls[i].call, conditional_calls[i].argument,
                                 conditional_calls[i].mask, conditional_calls[i].value);
                if (r < 0)
                        return r;
        }
        return 0;
}

int fw_sandbox_close(int socket_fd, uint64_t memory_bytes)
{
        int r = limit_memory(memory_bytes);
        if (r < 0)
                return r;
        scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
        if (!filter) /* the library asked the kernel for the action, and may not, or there is no such thing */
                return -EOPNOTSUPP;
        r = fill_filter(filter, socket_fd);
        if (r == 0)
                r = seccomp_load(filter);
        seccomp_release(filter);
        return r;
}

#endif
