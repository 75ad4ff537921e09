/*
 * agent: feedwatch-desktop as a child, where the daemon itself runs in a desktop session. A daemon of the system has none: there each
 * user's session runs the agent as a unit of its own.
 */
#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "daemon/daemon.h"
#include "fetch/manners.h"

#define RESTART_BASE_USEC (2 * FW_USEC_PER_SEC)
#define RESTART_CAP_USEC  (5 * FW_USEC_PER_MINUTE)

/* A child that ran for so long worked; what ends it then has nothing to do with what ended the ones before. */
#define WORKED_USEC RESTART_CAP_USEC

struct fw_agent {
        struct fw_daemon *daemon;
        pid_t pid;             /* 0: not running */
        uint64_t started_usec; /* monotonic */
        unsigned failures;     /* of children that did not last, in a row */
        sd_event_source *child;
        sd_event_source *restart_timer;
};

static void start(struct fw_agent *agent);

static int on_exit_of_former(sd_event_source *source fw_unused, const siginfo_t *info fw_unused,
                             void *userdata fw_unused)
{
        return 0; /* reaped, which is all */
}

/* Ends a child that is not wanted any more. The loop reaps it; the end of the daemon leaves it to init. */
static void let_go(const struct fw_daemon *daemon, pid_t pid)
{
        (void) kill(pid, SIGTERM);
        if (sd_event_get_state(daemon->event) == SD_EVENT_FINISHED)
                return;
        int r = sd_event_add_child(daemon->event, NULL, pid, WEXITED, on_exit_of_former, NULL);
        if (r < 0)
                fw_log(FW_LOG_WARNING, r, "cannot watch feedwatch-desktop");
}

struct fw_agent *fw_agent_free(struct fw_agent *agent)
{
        if (!agent)
                return NULL;
        (void) sd_event_source_disable_unref(agent->child);
        if (agent->pid > 0)
                let_go(agent->daemon, agent->pid);
        (void) sd_event_source_disable_unref(agent->restart_timer);
        free(agent);
        return NULL;
}

static int on_restart(sd_event_source *source fw_unused, uint64_t usec fw_unused, void *userdata)
{
        start(userdata);
        return 0;
}

static int on_exit_of_child(sd_event_source *source fw_unused, const siginfo_t *info, void *userdata)
{
        struct fw_agent *agent = userdata;
        uint64_t now_usec;
        (void) sd_event_now(agent->daemon->event, CLOCK_MONOTONIC, &now_usec);
        agent->pid = 0;
        agent->failures = now_usec - agent->started_usec < WORKED_USEC ? agent->failures + 1 : 1;
        uint64_t delay_usec = fw_backoff_delay_usec(agent->failures, RESTART_BASE_USEC, RESTART_CAP_USEC,
                                                    fw_random_u32(&agent->daemon->random));
        bool served = fw_control_server_agents(agent->daemon->server) > 0;
        if (served) /* by one that was started otherwise; if that one ends, ours comes */
                delay_usec = RESTART_CAP_USEC;
        fw_cleanup(fw_buf_done) struct fw_buf words = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_append_duration_words(&words, delay_usec);
        fw_log(served ? FW_LOG_DEBUG : FW_LOG_WARNING, 0, "feedwatch-desktop ended (%s %d); started again in %s",
               info->si_code == CLD_EXITED ? "exit status" : "signal", info->si_status, fw_buf_c(&words));

        agent->restart_timer = sd_event_source_disable_unref(agent->restart_timer);
        return sd_event_add_time(agent->daemon->event, &agent->restart_timer, CLOCK_MONOTONIC, now_usec + delay_usec, 0,
                                 on_restart, agent);
}

static int spawn(struct fw_agent *agent, const char *program)
{
        const struct fw_str socket = agent->daemon->loaded.config->control_socket;
        fw_cleanup(fw_freep) char *socket_path = agent->daemon->options->socket_option
                                                         ? fw_strdup(agent->daemon->options->socket_option)
                                                         : fw_strndup(socket.p, socket.len);
        char *const arguments[] = { (char *) program, (char *) "--socket", socket_path, NULL };

        /* The daemon blocks the signals that it takes from descriptors; the child must not inherit that. */
        sigset_t none;
        sigemptyset(&none);
        posix_spawnattr_t attributes;
        int r = posix_spawnattr_init(&attributes);
        if (r == 0) {
                (void) posix_spawnattr_setsigmask(&attributes, &none);
                (void) posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
                r = posix_spawn(&agent->pid, program, NULL, &attributes, arguments, environ);
                (void) posix_spawnattr_destroy(&attributes);
        }
        return -r;
}

static void start(struct fw_agent *agent)
{
        fw_cleanup(fw_freep) char *program = fw_program_path("feedwatch-desktop");
        if (!program) {
                fw_log(FW_LOG_WARNING, 0, "no desktop alerts: feedwatch-desktop is not installed");
                return;
        }
        int r = spawn(agent, program);
        if (r < 0) {
                agent->pid = 0;
                fw_log(FW_LOG_WARNING, r, "no desktop alerts: cannot start '%s'", program);
                return;
        }
        (void) sd_event_now(agent->daemon->event, CLOCK_MONOTONIC, &agent->started_usec);
        agent->child = sd_event_source_disable_unref(agent->child);
        r = sd_event_add_child(agent->daemon->event, &agent->child, agent->pid, WEXITED, on_exit_of_child, agent);
        if (r < 0)
                fw_log(FW_LOG_WARNING, r, "cannot watch feedwatch-desktop");
}

static bool in_desktop_session(void)
{
        return getenv("DBUS_SESSION_BUS_ADDRESS") && (getenv("DISPLAY") || getenv("WAYLAND_DISPLAY"));
}

static bool wants_desktop(const struct fw_config *config)
{
        for (size_t i = 0; i < config->channels_len; i++)
                if (config->channels[i].type == FW_CHANNEL_DESKTOP)
                        return true;
        return false;
}

void fw_agent_update(struct fw_daemon *daemon)
{
        bool wanted = !daemon->options->oneshot && in_desktop_session() && wants_desktop(daemon->loaded.config);
        if (!wanted) {
                daemon->agent = fw_agent_free(daemon->agent);
        } else if (!daemon->agent) {
                daemon->agent = fw_calloc(1, sizeof(*daemon->agent));
                daemon->agent->daemon = daemon;
                start(daemon->agent);
        }
}
