/*
 * The real feedwatch-worker, behind its closed sandbox, through the pool.
 */
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/vec.h"
#include "config/config.h"
#include "engine/engine.h"
#include "unit.h"

static const char rules[] = "rules:\n"
                            "  - {id: words, match: 'troop* OR deploy~ OR \"special forces\"'}\n"
                            "  - {id: regex, match: '/\\bT-?(54|62)\\b/i'}\n"
                            "  - {id: mention, match: '@north-korea'}\n";
static const char entities[] =
        "entities:\n"
        "  - {id: north-korea, kind: country, names: [North Korea, DPRK, 북한, 北朝鮮, Северная Корея]}\n";

static sd_event *event;
static struct fw_engine *engine;
static enum fw_job_status status;
static char *error, *title;
static size_t items_len, matches_len;
static bool done;
static char directory[] = "/tmp/feedwatch-test-XXXXXX";

static void on_done(void *userdata fw_unused, const struct fw_result *result)
{
        struct fw_str first = result->items_len ? result->items[0].item.title : FW_STR_NONE;
        status = result->status;
        free(error);
        free(title);
        error = fw_strndup(result->error.p ? result->error.p : "", result->error.len);
        title = fw_strndup(first.p ? first.p : "", first.len);
        items_len = result->items_len;
        matches_len = result->items_len ? result->items[0].matches_len : 0;
        done = true;
}

/* The flat form of a rule file and an entity file. */
static void set_rules(const char *rule_text)
{
        fw_cleanup(fw_freep) char *rule_path = fw_path_join(directory, "rules.yaml");
        fw_cleanup(fw_freep) char *entity_path = fw_path_join(directory, "entities.yaml");
        const char *const rule_paths[] = { rule_path };
        const char *const entity_paths[] = { entity_path };
        fw_cleanup(fw_diag_freep) struct fw_diag *diag = fw_diag_new();
        fw_cleanup(fw_rule_bundle_freep) struct fw_rule_bundle *bundle = NULL;
        fw_cleanup(fw_buf_done) struct fw_buf flat = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        ck_assert_int_eq(fw_file_replace(rule_path, fw_str_c(rule_text), 0600), 0);
        ck_assert_int_eq(fw_file_replace(entity_path, fw_str_c(entities), 0600), 0);
        ck_assert_int_eq(fw_rule_bundle_read_files(rule_paths, 1, entity_paths, 1, diag, &bundle), 0);
        ck_assert_int_eq(fw_rule_bundle_write(bundle, &flat), 0);
        ck_assert_int_eq(fw_engine_set_rules(engine, fw_buf_str(&flat)), 0);
        (void) unlink(rule_path);
        (void) unlink(entity_path);
}

static void set_up(void)
{
        const struct fw_engine_options options = { .worker_program = FW_WORKER, .workers = 1 };
        ck_assert_ptr_nonnull(mkdtemp(directory));
        ck_assert_int_ge(sd_event_new(&event), 0);
        ck_assert_int_ge(fw_engine_new(event, &options, &engine), 0);
        set_rules(rules);
}

static void tear_down(void)
{
        (void) fw_engine_free(engine);
        sd_event_unref(event);
        free(error);
        free(title);
        (void) rmdir(directory);
}

static void run(struct fw_str body, const char *content_type)
{
        const struct fw_job job = { .feed_id = FW_STR("f"),
                                    .url = FW_STR("http://example.org/feed"),
                                    .content_type = fw_str_c(content_type),
                                    .body = body };
        done = false;
        ck_assert_int_eq(fw_engine_submit(engine, &job, on_done, NULL), 0);
        while (!done)
                ck_assert_int_ge(sd_event_run(event, UINT64_MAX), 0);
}

#define RSS(prolog, title) prolog "<rss version=\"2.0\"><channel><item><title>" title "</title></item></channel></rss>"

START_TEST(a_feed_becomes_items_and_matches)
{
        run(FW_STR(RSS("", "North Korea deploys T-62, special forces")), "application/rss+xml");
        ck_assert_str_eq(error, "");
        ck_assert_int_eq(status, FW_JOB_DONE);
        ck_assert_uint_eq(items_len, 1);
        ck_assert_uint_eq(matches_len, 3);
}
END_TEST

START_TEST(rules_that_do_not_compile_are_told)
{
        set_rules("rules:\n  - {id: x, match: '('}\n");
        run(FW_STR(RSS("", "x")), "");
        ck_assert_int_eq(status, FW_JOB_CRASHED);
        static const char prefix[] =
                "could not be read: the worker process could not start: the rules do not compile: ";
        ck_assert_msg(strncmp(error, prefix, strlen(prefix)) == 0, "%s", error);
}
END_TEST

START_TEST(every_character_set_is_read_behind_the_sandbox)
{
        static const struct {
                const char *charset, *bytes, *text;
        } cases[] = {
                { "windows-1251", "\xd1\xe5\xe2\xe5\xf0\xed\xe0\xff", "Северная" },
                { "KOI8-R", "\xf3\xc5\xd7\xc5\xd2\xce\xc1\xd1", "Северная" },
                { "Shift_JIS", "\x96\x6b\x92\xa9\x91\x4e", "北朝鮮" },
                { "EUC-JP", "\xcb\xcc\xc4\xab\xc1\xaf", "北朝鮮" },
                { "EUC-KR", "\xba\xcf\xc7\xd1", "북한" },
                { "GB18030", "\xb1\xb1\xb3\xaf\xcf\xca", "北朝鲜" },
                { "Big5", "\xa5\x5f\xb4\xc2\xc2\x41", "北朝鮮" },
                { "ISO-8859-2", "\xa3\xf3\x64\xbc", "Łódź" },
                { "windows-1256", "\xdf\xe6\xd1\xed\xc7", "كوريا" },
                { "windows-874", "\xe0\xa1\xd2\xcb\xc5\xd5", "เกาหลี" },
                { "ISO-2022-JP", "\x1b$BKLD+A/\x1b(B", "北朝鮮" },
        };
        for (size_t i = 0; i < FW_ARRAY_LEN(cases); i++) {
                fw_cleanup(fw_freep) char *body = fw_asprintf("<?xml version=\"1.0\" encoding=\"%s\"?>" RSS("", "%s"),
                                                              cases[i].charset, cases[i].bytes);
                run(fw_str_c(body), "text/xml");
                ck_assert_msg(status == FW_JOB_DONE, "%s: %s", cases[i].charset, error);
                ck_assert_str_eq(title, cases[i].text);
        }
}
END_TEST

START_TEST(every_language_is_stemmed_behind_the_sandbox)
{
        static const char *const languages[] = { "ar", "de", "el", "en", "es", "fi", "fr", "hu", "it", "ja",
                                                 "ko", "nl", "pt", "ru", "sv", "ta", "th", "tr", "zh", "xx-invented" };
        for (size_t i = 0; i < FW_ARRAY_LEN(languages); i++) {
                const struct fw_job job = { .feed_language = fw_str_c(languages[i]),
                                            .body = FW_STR(
                                                    RSS("", "Deploying troops เกาหลีเหนือ 北朝鮮 북한은 كوريا 1,000")) };
                done = false;
                ck_assert_int_eq(fw_engine_submit(engine, &job, on_done, NULL), 0);
                while (!done)
                        ck_assert_int_ge(sd_event_run(event, UINT64_MAX), 0);
                ck_assert_msg(status == FW_JOB_DONE, "%s: %s", languages[i], error);
        }
}
END_TEST

/* The whole content of a small file of /proc. */
static char *read_proc(const char *path)
{
        struct fw_buf content = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        fw_cleanup(fw_closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
        ck_assert_int_ge(fd, 0);
        ck_assert_int_eq(fw_fd_read_all(fd, &content), 0);
        return fw_buf_steal(&content);
}

static int number_of(struct fw_str digits)
{
        uint64_t number = 0;
        ck_assert_int_eq(fw_str_to_u64(fw_str_trim(digits), &number), 0);
        return (int) number;
}

static int worker_pid(void)
{
        fw_cleanup(fw_freep) char *path = fw_asprintf("/proc/%d/task/%d/children", getpid(), getpid());
        fw_cleanup(fw_freep) char *children = read_proc(path);
        return number_of(fw_str_c(children));
}

START_TEST(a_worker_is_locked_in_and_has_nothing_open)
{
        run(FW_STR(RSS("", "x")), "");
        fw_cleanup(fw_freep) char *status_path = fw_asprintf("/proc/%d/status", worker_pid());
        fw_cleanup(fw_freep) char *text = read_proc(status_path);
        ck_assert_ptr_nonnull(strstr(text, "NoNewPrivs:\t1"));
#ifndef FW_SANDBOX_OFF
        ck_assert_ptr_nonnull(strstr(text, "Seccomp:\t2"));
#endif
        fw_cleanup(fw_freep) char *folder = fw_asprintf("/proc/%d/fd", worker_pid());
        DIR *descriptors = opendir(folder);
        ck_assert_ptr_nonnull(descriptors);
        const struct dirent *entry;
        while ((entry = readdir(descriptors)))
                ck_assert_msg(entry->d_name[0] == '.' || number_of(fw_str_c(entry->d_name)) <= 3, "descriptor %s",
                              entry->d_name);
        (void) closedir(descriptors);
}
END_TEST

#ifndef FW_SANDBOX_OFF
START_TEST(a_feed_that_eats_memory_costs_itself)
{
        static const char end[] = "</title></item></channel></rss>";
        size_t len = (size_t) 24 * 1024 * 1024;
        const struct fw_engine_options options = { .worker_program = FW_WORKER,
                                                   .workers = 1,
                                                   .memory_bytes = (uint64_t) 16 * 1024 * 1024 };
        fw_cleanup(fw_buf_done) struct fw_buf body = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_buf_append_c(&body, "<rss version=\"2.0\"><channel><item><title>");
        ck_assert_int_eq(fw_buf_reserve(&body, len), 0);
        memset(body.p + body.len, 'x', len);
        body.len += len;
        (void) fw_buf_append_c(&body, end);

        (void) fw_engine_free(engine);
        ck_assert_int_ge(fw_engine_new(event, &options, &engine), 0);
        set_rules(rules);
        run(fw_buf_str(&body), "");
        ck_assert_int_eq(status, FW_JOB_CRASHED);
        ck_assert_str_eq(error, "could not be read: the parser was killed by signal 6 (Aborted), twice");
        run(FW_STR(RSS("", "small")), "");
        ck_assert_str_eq(title, "small");
}
END_TEST
#endif

START_TEST(a_worker_ends_when_its_daemon_lets_go)
{
        run(FW_STR(RSS("", "x")), "");
        set_rules(rules);
        while (fw_engine_stats(engine).workers > 0)
                ck_assert_int_ge(sd_event_run(event, UINT64_MAX), 0);
        ck_assert_uint_eq(fw_engine_stats(engine).crashed, 0);
        ck_assert_uint_eq(fw_engine_stats(engine).timed_out, 0);
}
END_TEST

static int run_file(const char *path, const struct stat *file_status fw_unused, int type, struct FTW *walk fw_unused)
{
        fw_cleanup(fw_buf_done) struct fw_buf body = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        if (type != FTW_F)
                return 0;
        ck_assert_int_eq(fw_file_read(path, &body), 0);
        run(fw_buf_str(&body), "");
        ck_assert_msg(status == FW_JOB_DONE || status == FW_JOB_NO_FEED, "%s: %s", path, error);
        return 0;
}

/* Every feed of a collection, where there is one: whatever it is, the worker survives it. */
START_TEST(no_feed_of_the_collection_brings_a_worker_down)
{
        (void) nftw(FW_FEED_COLLECTION, run_file, 16, FTW_PHYS);
        ck_assert_uint_eq(fw_engine_stats(engine).crashed, 0);
}
END_TEST

#ifdef FW_SANDBOX_OFF
UNIT_MAIN_WITH("worker", set_up, tear_down, a_feed_becomes_items_and_matches, rules_that_do_not_compile_are_told,
               every_character_set_is_read_behind_the_sandbox, every_language_is_stemmed_behind_the_sandbox,
               a_worker_is_locked_in_and_has_nothing_open, a_worker_ends_when_its_daemon_lets_go,
               no_feed_of_the_collection_brings_a_worker_down)
#else
UNIT_MAIN_WITH("worker", set_up, tear_down, a_feed_becomes_items_and_matches, rules_that_do_not_compile_are_told,
               every_character_set_is_read_behind_the_sandbox, every_language_is_stemmed_behind_the_sandbox,
               a_worker_is_locked_in_and_has_nothing_open, a_worker_ends_when_its_daemon_lets_go,
               no_feed_of_the_collection_brings_a_worker_down, a_feed_that_eats_memory_costs_itself)
#endif
