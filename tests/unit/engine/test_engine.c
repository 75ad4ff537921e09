#include "engine/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/vec.h"
#include "unit.h"

struct got {
        enum fw_job_status status;
        char *error, *title, *rules;
        int pid;
        size_t title_len, seen_len;
};

static sd_event *event;
static struct fw_engine *engine;
static struct fw_engine_options options;
static FW_VEC(struct got) results;

static char *text_of(struct fw_str s)
{
        return fw_strndup(s.p ? s.p : "", s.len);
}

static void on_done(void *userdata fw_unused, const struct fw_result *result)
{
        struct got got = { .status = result->status,
                           .error = text_of(result->error),
                           .title = text_of(result->items_len ? result->items[0].item.title : FW_STR_NONE),
                           .rules = text_of(result->feed.title),
                           .title_len = result->items_len ? result->items[0].item.title.len : 0,
                           .seen_len = result->seen_len };
        uint64_t pid = 0;
        (void) fw_str_to_u64(result->feed.description, &pid);
        got.pid = (int) pid;
        fw_vec_push(&results, got);
}

static void new_engine(void)
{
        engine = fw_engine_free(engine);
        ck_assert_int_ge(fw_engine_new(event, &options, &engine), 0);
        ck_assert_int_eq(fw_engine_set_rules(engine, FW_STR("first")), 0);
}

static void set_up(void)
{
        ck_assert_int_ge(sd_event_new(&event), 0);
        options = (struct fw_engine_options){ .worker_program = FW_ODD_WORKER, .workers = 2 };
        engine = NULL;
        new_engine();
}

static void tear_down(void)
{
        engine = fw_engine_free(engine);
        sd_event_unref(event);
        for (size_t i = 0; i < results.len; i++) {
                free(results.p[i].error);
                free(results.p[i].title);
                free(results.p[i].rules);
        }
        fw_vec_done(&results);
        /* no child is left, not even a dead one */
        ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1);
        ck_assert_int_eq(errno, ECHILD);
}

static void submit(const char *body)
{
        const struct fw_job job = { .body = fw_str_c(body), .url = FW_STR("http://a/") };
        size_t before = results.len;
        ck_assert_int_eq(fw_engine_submit(engine, &job, on_done, NULL), 0);
        ck_assert_uint_eq(results.len, before);
}

static void await(size_t count)
{
        while (results.len < count)
                ck_assert_int_ge(sd_event_run(event, UINT64_MAX), 0);
        ck_assert_uint_eq(results.len, count);
}

static const struct got *run(const char *body)
{
        size_t before = results.len;
        submit(body);
        await(before + 1);
        return &results.p[before];
}

static void await_no_workers(void)
{
        while (fw_engine_stats(engine).workers > 0)
                ck_assert_int_ge(sd_event_run(event, UINT64_MAX), 0);
}

static void check_given_up(const char *body, enum fw_job_status status, const char *error)
{
        const struct got *got = run(body);
        ck_assert_str_eq(got->error, error);
        ck_assert_int_eq(got->status, status);
        ck_assert_str_eq(run("still well")->title, "still well");
}

/* A name for a file that is not there. */
static char *fresh_path(void)
{
        char path[] = "/tmp/feedwatch-test-XXXXXX";
        int fd = mkstemp(path);
        ck_assert_int_ge(fd, 0);
        (void) close(fd);
        (void) unlink(path);
        return fw_strdup(path);
}

START_TEST(a_job_comes_back_as_a_result)
{
        const struct got *got = run("hello");
        ck_assert_int_eq(got->status, FW_JOB_DONE);
        ck_assert_str_eq(got->title, "hello");
        ck_assert_str_eq(got->rules, "first");
        ck_assert_uint_eq(fw_engine_pending(engine), 0);
}
END_TEST

START_TEST(without_rules_no_job_is_taken_and_no_worker_started)
{
        struct fw_engine *without = NULL;
        const struct fw_job job = { 0 };
        ck_assert_int_ge(fw_engine_new(event, &options, &without), 0);
        ck_assert_int_eq(fw_engine_submit(without, &job, on_done, NULL), -EUNATCH);
        ck_assert_uint_eq(fw_engine_stats(without).started, 0);
        (void) fw_engine_free(without);
        ck_assert_uint_eq(fw_engine_stats(engine).started, 0);
}
END_TEST

START_TEST(many_jobs_share_few_workers)
{
        for (int i = 0; i < 50; i++)
                submit("job");
        ck_assert_uint_eq(fw_engine_pending(engine), 50);
        await(50);
        ck_assert_uint_eq(fw_engine_stats(engine).started, 2);
        ck_assert_uint_eq(fw_engine_stats(engine).workers, 2);
        ck_assert_uint_eq(fw_engine_stats(engine).jobs, 50);
}
END_TEST

START_TEST(one_job_starts_one_worker)
{
        (void) run("a");
        (void) run("b");
        ck_assert_uint_eq(fw_engine_stats(engine).started, 1);
}
END_TEST

START_TEST(large_jobs_and_results_go_through)
{
        ck_assert_uint_eq(run("big 20000000")->title_len, 20000000);
        size_t len = 20000000;
        char *body = fw_malloc(len + 1);
        memset(body, 'y', len);
        body[len] = '\0';
        ck_assert_uint_eq(run(body)->title_len, len);
        free(body);
}
END_TEST

START_TEST(known_items_go_along)
{
        struct fw_known_item known[1000] = { 0 };
        const struct fw_job job = { .body = FW_STR("x"), .known = known, .known_len = 1000 };
        ck_assert_int_eq(fw_engine_submit(engine, &job, on_done, NULL), 0);
        await(1);
        ck_assert_uint_eq(results.p[0].seen_len, 1000);
}
END_TEST

START_TEST(a_crash_costs_one_job)
{
        check_given_up("crash", FW_JOB_CRASHED, "could not be read: the parser was killed by signal 9 (Killed), twice");
        ck_assert_uint_eq(fw_engine_stats(engine).crashed, 2);
        check_given_up("exit", FW_JOB_CRASHED, "could not be read: the parser ended by itself with status 3, twice");
}
END_TEST

START_TEST(a_crash_is_tried_again_in_a_fresh_worker)
{
        int used_pid = run("x")->pid;
        fw_cleanup(fw_freep) char *path = fresh_path();
        fw_cleanup(fw_freep) char *body = fw_asprintf("once %s crash", path);
        submit(body);
        submit("another");
        await(3);
        const struct got *again = strcmp(results.p[1].title, "another") == 0 ? &results.p[2] : &results.p[1];
        ck_assert_str_eq(again->title, "the second time");
        ck_assert_int_ne(again->pid, used_pid);
        ck_assert_uint_eq(fw_engine_stats(engine).crashed, 1);
        (void) unlink(path);
}
END_TEST

START_TEST(a_used_worker_gives_way_when_a_fresh_one_is_needed)
{
        options.workers = 1;
        new_engine();
        int used_pid = run("x")->pid;
        fw_cleanup(fw_freep) char *path = fresh_path();
        fw_cleanup(fw_freep) char *body = fw_asprintf("once %s crash", path);
        const struct got *again = run(body);
        ck_assert_str_eq(again->title, "the second time");
        ck_assert_int_ne(again->pid, used_pid);
        (void) unlink(path);
}
END_TEST

START_TEST(a_worker_killed_in_mid_job_is_replaced)
{
        fw_cleanup(fw_freep) char *path = fresh_path();
        fw_cleanup(fw_freep) char *body = fw_asprintf("once %s hang", path);
        int pid = run("x")->pid;
        submit(body);
        while (access(path, F_OK) != 0)
                ck_assert_int_ge(sd_event_run(event, 1000), 0);
        ck_assert_int_eq(kill(pid, SIGKILL), 0);
        await(2);
        ck_assert_str_eq(results.p[1].title, "the second time");
        (void) unlink(path);
}
END_TEST

START_TEST(an_idle_worker_that_dies_is_replaced)
{
        int pid = run("x")->pid;
        ck_assert_int_eq(kill(pid, SIGKILL), 0);
        await_no_workers();
        ck_assert_int_ne(run("y")->pid, pid);
}
END_TEST

START_TEST(a_hanging_worker_is_killed_at_its_deadline)
{
        options.job_timeout_usec = 100 * FW_USEC_PER_MSEC;
        new_engine();
        check_given_up("hang", FW_JOB_TIMEOUT, "could not be read: the parser took longer than 100 ms, twice");
        ck_assert_uint_eq(fw_engine_stats(engine).timed_out, 2);
        ck_assert_uint_eq(fw_engine_stats(engine).crashed, 0);
}
END_TEST

START_TEST(rubbish_is_refused)
{
        check_given_up("rubbish", FW_JOB_CRASHED, "could not be read: the parser sent what makes no sense, twice");
        check_given_up("huge", FW_JOB_CRASHED, "could not be read: the parser sent what makes no sense, twice");
        check_given_up("wrong-id", FW_JOB_CRASHED,
                       "could not be read: the parser sent a result that makes no sense, twice");
        check_given_up("bad-result", FW_JOB_CRASHED,
                       "could not be read: the parser sent a result that makes no sense, twice");
        check_given_up("ready-again", FW_JOB_CRASHED, "could not be read: the parser spoke out of turn, twice");
}
END_TEST

static void check_start_failure(const char *rules, const char *error)
{
        ck_assert_int_eq(fw_engine_set_rules(engine, fw_str_c(rules)), 0);
        submit("a");
        submit("b");
        await(2);
        for (int i = 0; i < 2; i++) {
                ck_assert_int_eq(results.p[i].status, FW_JOB_CRASHED);
                ck_assert_str_eq(results.p[i].error, error);
        }
        ck_assert_int_eq(fw_engine_set_rules(engine, FW_STR("good again")), 0);
        ck_assert_str_eq(run("c")->rules, "good again");
}

START_TEST(workers_that_cannot_start_say_why)
{
        check_start_failure("refuse", "could not be read: the worker process could not start: no appetite");
}
END_TEST

START_TEST(workers_that_die_at_once_are_not_started_for_ever)
{
        check_start_failure("die", "could not be read: the worker process ended by itself with status 4");
}
END_TEST

START_TEST(workers_of_another_version_are_not_spoken_to)
{
        check_start_failure(
                "old",
                "could not be read: the worker process is of another version than the daemon; restart the daemon");
}
END_TEST

START_TEST(a_missing_program_is_named)
{
        options.worker_program = "/nowhere/feedwatch-worker";
        new_engine();
        const struct got *got = run("a");
        ck_assert_int_eq(got->status, FW_JOB_CRASHED);
        ck_assert_str_eq(got->error,
                         "could not be read: the worker process '/nowhere/feedwatch-worker' cannot be started: "
                         "No such file or directory");
}
END_TEST

START_TEST(new_rules_reach_the_next_job_and_old_workers_end)
{
        int old_pid = run("x")->pid;
        ck_assert_int_eq(fw_engine_set_rules(engine, FW_STR("second")), 0);
        const struct got *got = run("y");
        ck_assert_str_eq(got->rules, "second");
        ck_assert_int_ne(got->pid, old_pid);
        while (fw_engine_stats(engine).workers > 1)
                ck_assert_int_ge(sd_event_run(event, UINT64_MAX), 0);
        ck_assert_int_eq(kill(old_pid, 0), -1);
        ck_assert_uint_eq(fw_engine_stats(engine).crashed, 0);
}
END_TEST

START_TEST(a_job_under_way_ends_with_the_old_rules)
{
        fw_cleanup(fw_freep) char *path = fresh_path();
        fw_cleanup(fw_freep) char *body = fw_asprintf("wait %s", path);
        int fifo = -1;
        ck_assert_int_eq(mkfifo(path, 0600), 0);
        submit(body);
        while ((fifo = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC)) < 0)
                ck_assert_int_ge(sd_event_run(event, 1000), 0);
        ck_assert_int_eq(fw_engine_set_rules(engine, FW_STR("second")), 0);
        ck_assert_str_eq(run("y")->rules, "second");
        (void) close(fifo);
        await(2);
        ck_assert_str_eq(results.p[1].rules, "first");
        ck_assert_str_eq(run("z")->rules, "second");
        ck_assert_uint_eq(fw_engine_stats(engine).crashed, 0);
        (void) unlink(path);
}
END_TEST

START_TEST(freeing_cancels_what_is_open)
{
        submit("hang");
        submit("hang");
        submit("hang");
        while (fw_engine_stats(engine).started < 2)
                ck_assert_int_ge(sd_event_run(event, UINT64_MAX), 0);
        engine = fw_engine_free(engine);
        ck_assert_uint_eq(results.len, 3);
        for (size_t i = 0; i < 3; i++)
                ck_assert_int_eq(results.p[i].status, FW_JOB_CANCELLED);
}
END_TEST

UNIT_MAIN_WITH("engine", set_up, tear_down, a_job_comes_back_as_a_result,
               without_rules_no_job_is_taken_and_no_worker_started, many_jobs_share_few_workers,
               one_job_starts_one_worker, large_jobs_and_results_go_through, known_items_go_along,
               a_crash_costs_one_job, a_crash_is_tried_again_in_a_fresh_worker,
               a_used_worker_gives_way_when_a_fresh_one_is_needed, a_worker_killed_in_mid_job_is_replaced,
               an_idle_worker_that_dies_is_replaced, a_hanging_worker_is_killed_at_its_deadline, rubbish_is_refused,
               workers_that_cannot_start_say_why, workers_that_die_at_once_are_not_started_for_ever,
               workers_of_another_version_are_not_spoken_to, a_missing_program_is_named,
               new_rules_reach_the_next_job_and_old_workers_end, a_job_under_way_ends_with_the_old_rules,
               freeing_cancels_what_is_open)
