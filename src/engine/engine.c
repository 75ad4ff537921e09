/*
 * The pool. Jobs wait in one queue; a worker has at most one. All that changes who works on what happens in on_work(),
 * which everything else only asks for: so no callback frees the thing it was called for, and `done` is never called
 * from inside fw_engine_submit(). A job that a worker died over goes to the front of the queue once more, and then only
 * to a worker that has read nothing yet: what the first one was left in by earlier jobs is no part of it.
 */
#include "engine/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/queue.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/vec.h"
#include "engine/limits.h"
#include "engine/process.h"
#include "engine/wire.h"

struct job {
        TAILQ_ENTRY(job) link;
        uint64_t id;
        struct fw_buf frame;
        unsigned attempts; /* workers that died over it */
        fw_engine_done_function *done;
        void *userdata;
};
TAILQ_HEAD(job_list, job);

enum worker_state {
        WORKER_STARTING, /* compiles the rules */
        WORKER_IDLE,     /* waits for a job */
        WORKER_BUSY,     /* has a job */
        WORKER_ENDING,   /* was told to end, or is being killed without a job */
        WORKER_DEAD,     /* to be swept */
};

struct worker {
        struct fw_engine *engine;
        struct fw_process *process;
        sd_event_source *deadline;
        enum worker_state state;
        uint64_t generation; /* of its rules */
        bool used;           /* had a job */
        struct job *job;     /* BUSY */
        bool timed_out;
        char *words; /* why we killed it; NULL: we did not */
};

struct fw_engine {
        sd_event *event;
        sd_event_source *work;
        char *program;
        unsigned most_workers;
        uint64_t job_timeout_usec, memory_bytes;

        int rules_fd; /* -1: none yet */
        uint64_t generation;
        FW_VEC(struct worker *) workers;
        struct job_list waiting;
        size_t waiting_len, busy_len;
        uint64_t last_job_id;
        unsigned start_failures; /* in a row */
        char *start_words;       /* of the last one */
        bool closing;
        struct fw_engine_stats stats;
};

static void ask_for_work(struct fw_engine *engine)
{
        (void) sd_event_source_set_enabled(engine->work, SD_EVENT_ONESHOT);
}

/* ---- jobs ---- */

static struct job *job_free(struct job *job)
{
        fw_buf_done(&job->frame);
        free(job);
        return NULL;
}

static void finish_job(struct job *job, const struct fw_result *result)
{
        job->done(job->userdata, result);
        (void) job_free(job);
}

static void give_up_job(struct job *job, enum fw_job_status status, const char *words)
{
        const struct fw_result result = { .status = status, .error = fw_str_c(words) };
        finish_job(job, &result);
}

static void give_up_all(struct fw_engine *engine, enum fw_job_status status, const char *words)
{
        /* The callbacks may submit new ones, which are not meant. */
        struct job_list jobs = TAILQ_HEAD_INITIALIZER(jobs);
        TAILQ_CONCAT(&jobs, &engine->waiting, link);
        engine->waiting_len = 0;
        struct job *job;
        while ((job = TAILQ_FIRST(&jobs))) {
                TAILQ_REMOVE(&jobs, job, link);
                give_up_job(job, status, words);
        }
}

/* ---- workers ---- */

static void set_deadline(struct worker *worker, uint64_t usec)
{
        (void) sd_event_source_set_time_relative(worker->deadline, usec);
        (void) sd_event_source_set_enabled(worker->deadline, SD_EVENT_ONESHOT);
}

static void set_state(struct worker *worker, enum worker_state state)
{
        static const uint64_t NO_DEADLINE = 0;
        const uint64_t deadlines[] = { [WORKER_STARTING] = FW_LIMIT_START_USEC,
                                       [WORKER_IDLE] = NO_DEADLINE,
                                       [WORKER_BUSY] = worker->engine->job_timeout_usec,
                                       [WORKER_ENDING] = FW_LIMIT_END_USEC,
                                       [WORKER_DEAD] = NO_DEADLINE };
        worker->state = state;
        if (deadlines[state] != NO_DEADLINE)
                set_deadline(worker, deadlines[state]);
        else
                (void) sd_event_source_set_enabled(worker->deadline, SD_EVENT_OFF);
        ask_for_work(worker->engine);
}

/* Kills it, and says why unless that was said before. Its job, if any, is dealt with at its end. */
static void kill_worker(struct worker *worker, char *words)
{
        if (worker->words)
                free(words);
        else
                worker->words = words;
        fw_process_kill(worker->process);
}

static void retire(struct worker *worker)
{
        fw_process_close(worker->process);
        set_state(worker, WORKER_ENDING);
}

static int on_deadline(sd_event_source *source fw_unused, uint64_t usec fw_unused, void *userdata)
{
        struct worker *worker = userdata;
        fw_cleanup(fw_buf_done) struct fw_buf span = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        worker->timed_out = worker->state == WORKER_BUSY;
        (void) fw_append_duration_words(&span, worker->state == WORKER_STARTING ? FW_LIMIT_START_USEC
                                                                                : worker->engine->job_timeout_usec);
        kill_worker(worker, fw_asprintf("took longer than %s", fw_buf_c(&span)));
        return 0;
}

static void on_ready(struct worker *worker, struct fw_str payload)
{
        int r = fw_wire_get_ready(payload);
        if (r == -EPROTO)
                kill_worker(worker, fw_strdup("is of another version than the daemon; restart the daemon"));
        else if (r < 0)
                kill_worker(worker, fw_strdup("sent what makes no sense"));
        else
                set_state(worker, WORKER_IDLE);
        if (r == 0)
                worker->engine->start_failures = 0;
}

static void on_failed(struct worker *worker, struct fw_str payload)
{
        struct fw_str words;
        if (fw_wire_get_failed(payload, &words) < 0)
                kill_worker(worker, fw_strdup("sent what makes no sense"));
        else
                kill_worker(worker, fw_asprintf("could not start: %.*s", FW_STR_ARG(words)));
}

static void on_result(struct worker *worker, struct fw_str payload)
{
        fw_cleanup(fw_arena_freep) struct fw_arena *arena = fw_arena_new();
        struct fw_result result;
        struct job *job = worker->job;
        uint64_t id = 0;
        if (fw_wire_get_result(fw_arena_copy(arena, payload), arena, &id, &result) < 0 || id != job->id) {
                kill_worker(worker, fw_strdup("sent a result that makes no sense"));
                return;
        }
        worker->job = NULL;
        worker->engine->busy_len--;
        if (worker->generation == worker->engine->generation)
                set_state(worker, WORKER_IDLE);
        else
                retire(worker);
        result.memory = &arena;
        finish_job(job, &result);
}

static void on_frame(void *userdata, const struct fw_frame *frame)
{
        struct worker *worker = userdata;
        if (worker->words || worker->state == WORKER_ENDING)
                return;
        if (worker->state == WORKER_STARTING && frame->type == FW_FRAME_READY)
                on_ready(worker, frame->payload);
        else if (worker->state == WORKER_STARTING && frame->type == FW_FRAME_FAILED)
                on_failed(worker, frame->payload);
        else if (worker->state == WORKER_BUSY && frame->type == FW_FRAME_RESULT)
                on_result(worker, frame->payload);
        else
                kill_worker(worker, fw_strdup("spoke out of turn"));
}

static void on_rubbish(void *userdata)
{
        kill_worker(userdata, fw_strdup("sent what makes no sense"));
}

/* A worker died over its job: the job gets its second chance, or is given up. */
static void lose_job(struct worker *worker, const char *words)
{
        struct fw_engine *engine = worker->engine;
        struct job *job = worker->job;
        worker->job = NULL;
        engine->busy_len--;
        if (++job->attempts < FW_LIMIT_ATTEMPTS) {
                TAILQ_INSERT_HEAD(&engine->waiting, job, link);
                engine->waiting_len++;
                return;
        }
        fw_cleanup(fw_freep) char *reason = fw_asprintf("could not be read: the parser %s, twice", words);
        give_up_job(job, worker->timed_out ? FW_JOB_TIMEOUT : FW_JOB_CRASHED, reason);
}

static void on_end(void *userdata, const char *end_words)
{
        struct worker *worker = userdata;
        struct fw_engine *engine = worker->engine;
        const char *words = worker->words ? worker->words : end_words;
        enum worker_state was = worker->state;
        set_state(worker, WORKER_DEAD);
        if (was == WORKER_STARTING) {
                engine->start_failures++;
                free(engine->start_words);
                engine->start_words = fw_asprintf("could not be read: the worker process %s", words);
        }
        if (was == WORKER_IDLE || was == WORKER_BUSY) {
                engine->stats.crashed += !worker->timed_out;
                engine->stats.timed_out += worker->timed_out;
        }
        if (worker->job)
                lose_job(worker, words);
}

static struct worker *worker_free(struct worker *worker)
{
        (void) fw_process_free(worker->process);
        sd_event_source_disable_unref(worker->deadline);
        free(worker->words);
        free(worker);
        return NULL;
}

static int start_worker(struct fw_engine *engine)
{
        static const struct fw_process_events events = { .frame = on_frame, .rubbish = on_rubbish, .end = on_end };
        const struct fw_process_options options = { .program = engine->program,
                                                    .rules_fd = engine->rules_fd,
                                                    .memory_bytes = engine->memory_bytes };
        struct worker *worker = fw_calloc(1, sizeof(*worker));
        worker->engine = engine;
        worker->generation = engine->generation;
        int r = sd_event_add_time(engine->event, &worker->deadline, CLOCK_MONOTONIC, 0, FW_USEC_PER_MSEC, on_deadline,
                                  worker);
        if (r >= 0)
                r = fw_process_start(engine->event, &options, &events, worker, &worker->process);
        if (r < 0) {
                (void) worker_free(worker);
                engine->start_failures++;
                free(engine->start_words);
                engine->start_words = fw_asprintf("could not be read: the worker process '%s' cannot be started: %s",
                                                  engine->program, strerror(-r));
                ask_for_work(engine);
                return r;
        }
        fw_vec_push(&engine->workers, worker);
        engine->stats.started++;
        set_state(worker, WORKER_STARTING);
        return 0;
}

/* ---- who works on what ---- */

static void sweep(struct fw_engine *engine)
{
        size_t kept = 0;
        for (size_t i = 0; i < engine->workers.len; i++) {
                struct worker *worker = engine->workers.p[i];
                if (worker->state == WORKER_DEAD)
                        (void) worker_free(worker);
                else
                        engine->workers.p[kept++] = worker;
        }
        engine->workers.len = kept;
}

/* Workers with the rules of today in a state. */
static unsigned count_workers(const struct fw_engine *engine, enum worker_state state)
{
        unsigned count = 0;
        for (size_t i = 0; i < engine->workers.len; i++)
                count += engine->workers.p[i]->state == state && engine->workers.p[i]->generation == engine->generation;
        return count;
}

static struct worker *find_idle(const struct fw_engine *engine, bool fresh)
{
        for (size_t i = 0; i < engine->workers.len; i++) {
                struct worker *worker = engine->workers.p[i];
                if (worker->state == WORKER_IDLE && !(fresh && worker->used))
                        return worker;
        }
        return NULL;
}

static void hand_over(struct worker *worker, struct job *job)
{
        struct fw_engine *engine = worker->engine;
        TAILQ_REMOVE(&engine->waiting, job, link);
        engine->waiting_len--;
        engine->busy_len++;
        worker->job = job;
        worker->used = true;
        set_state(worker, WORKER_BUSY);
        fw_process_send(worker->process, fw_buf_str(&job->frame));
}

static void hand_out_jobs(struct fw_engine *engine)
{
        struct job *next;
        for (struct job *job = TAILQ_FIRST(&engine->waiting); job; job = next) {
                next = TAILQ_NEXT(job, link);
                struct worker *worker = find_idle(engine, job->attempts > 0);
                if (worker)
                        hand_over(worker, job);
                else if (job->attempts == 0)
                        break;
        }
}

static void start_missing_workers(struct fw_engine *engine)
{
        unsigned starting = count_workers(engine, WORKER_STARTING);
        unsigned idle = count_workers(engine, WORKER_IDLE);
        unsigned alive = starting + idle + count_workers(engine, WORKER_BUSY);
        const struct job *first = TAILQ_FIRST(&engine->waiting);
        if (first && first->attempts > 0 && starting == 0 && idle > 0 && alive >= engine->most_workers) {
                /* All places are taken by workers that are not fresh. */
                retire(find_idle(engine, false));
                alive--;
        }
        for (; starting < engine->waiting_len && alive < engine->most_workers; starting++, alive++)
                if (start_worker(engine) < 0)
                        break;
}

static int on_work(sd_event_source *source fw_unused, void *userdata)
{
        struct fw_engine *engine = userdata;
        sweep(engine);
        if (engine->start_failures >= FW_LIMIT_START_FAILURES) {
                engine->start_failures = 0;
                give_up_all(engine, FW_JOB_CRASHED, engine->start_words);
        }
        hand_out_jobs(engine);
        start_missing_workers(engine);
        return 0;
}

/* ---- the door ---- */

int fw_engine_new(sd_event *event, const struct fw_engine_options *options, struct fw_engine **ret_engine)
{
        fw_cleanup(fw_engine_freep) struct fw_engine *engine = fw_calloc(1, sizeof(*engine));
        TAILQ_INIT(&engine->waiting);
        engine->rules_fd = -1;
        engine->event = sd_event_ref(event);
        engine->program = fw_strdup(options->worker_program);
        engine->most_workers = FW_MAX(options->workers, 1u);
        engine->job_timeout_usec = options->job_timeout_usec ? options->job_timeout_usec : FW_LIMIT_JOB_USEC;
        engine->memory_bytes = options->memory_bytes ? options->memory_bytes : FW_LIMIT_JOB_MEMORY_BYTES;
        int r = sd_event_add_defer(event, &engine->work, on_work, engine);
        if (r < 0)
                return r;
        r = sd_event_source_set_enabled(engine->work, SD_EVENT_OFF);
        if (r < 0)
                return r;
        *ret_engine = engine;
        engine = NULL;
        return 0;
}

struct fw_engine *fw_engine_free(struct fw_engine *engine)
{
        static const char words[] = "the daemon is ending";
        if (!engine)
                return NULL;
        engine->closing = true;
        while (engine->workers.len > 0) {
                struct worker *worker = engine->workers.p[--engine->workers.len];
                struct job *job = worker->job;
                (void) worker_free(worker);
                if (job)
                        give_up_job(job, FW_JOB_CANCELLED, words);
        }
        fw_vec_done(&engine->workers);
        give_up_all(engine, FW_JOB_CANCELLED, words);
        fw_closep(&engine->rules_fd);
        sd_event_source_disable_unref(engine->work);
        sd_event_unref(engine->event);
        free(engine->program);
        free(engine->start_words);
        free(engine);
        return NULL;
}

/* Fills a memory file that nobody can change afterwards. */
static int fill_and_seal(int fd, struct fw_str bytes)
{
        int r = fw_fd_write_all(fd, bytes);
        if (r < 0)
                return r;
        return fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) < 0 ? -errno : 0;
}

int fw_engine_set_rules(struct fw_engine *engine, struct fw_str bundle)
{
        int fd = memfd_create("feedwatch-rules", MFD_CLOEXEC | MFD_ALLOW_SEALING);
        if (fd < 0)
                return -errno;
        int r = fill_and_seal(fd, bundle);
        if (r < 0) {
                fw_closep(&fd);
                return r;
        }
        fw_closep(&engine->rules_fd);
        engine->rules_fd = fd;
        engine->generation++;
        engine->start_failures = 0;
        for (size_t i = 0; i < engine->workers.len; i++) {
                struct worker *worker = engine->workers.p[i];
                if (worker->state == WORKER_IDLE || worker->state == WORKER_STARTING)
                        retire(worker);
        }
        ask_for_work(engine);
        return 0;
}

int fw_engine_submit(struct fw_engine *engine, const struct fw_job *job, fw_engine_done_function *done, void *userdata)
{
        if (engine->closing)
                return -ESHUTDOWN;
        if (engine->rules_fd < 0)
                return -EUNATCH;
        struct job *waiting = fw_calloc(1, sizeof(*waiting));
        waiting->id = ++engine->last_job_id;
        waiting->done = done;
        waiting->userdata = userdata;
        fw_buf_init(&waiting->frame, FW_FRAME_HEADER_BYTES + FW_LIMIT_FRAME_BYTES);
        int r = fw_wire_put_job(&waiting->frame, waiting->id, job);
        if (r < 0) {
                (void) job_free(waiting);
                return r;
        }
        TAILQ_INSERT_TAIL(&engine->waiting, waiting, link);
        engine->waiting_len++;
        engine->stats.jobs++;
        ask_for_work(engine);
        return 0;
}

size_t fw_engine_pending(const struct fw_engine *engine)
{
        return engine->waiting_len + engine->busy_len;
}

struct fw_engine_stats fw_engine_stats(const struct fw_engine *engine)
{
        struct fw_engine_stats stats = engine->stats;
        for (size_t i = 0; i < engine->workers.len; i++)
                stats.workers += engine->workers.p[i]->state != WORKER_DEAD;
        return stats;
}
