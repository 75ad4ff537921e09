#include "engine/worker.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/diag.h"
#include "base/file.h"
#include "config/config.h"
#include "engine/examine.h"
#include "engine/sandbox.h"
#include "engine/wire.h"

/* What one read() takes at most beyond what is known to come. */
#define READ_STEP ((size_t) 256 * 1024)

/* ---- frames, by blocking calls ---- */

/* Reads until a frame is whole. 1 and the frame; 0 when the other side has closed; a negative errno. */
static int read_frame(int fd, struct fw_buf *in, size_t *ret_len, struct fw_frame *ret_frame)
{
        for (;;) {
                size_t len = 0;
                int r = fw_frame_read(fw_buf_str(in), &len, ret_frame);
                if (r == 0) {
                        *ret_len = len;
                        return 1;
                }
                if (r != -EAGAIN)
                        return r;
                size_t wanted = len > in->len ? FW_MIN(len - in->len, READ_STEP) : READ_STEP;
                r = fw_buf_reserve(in, wanted);
                if (r < 0)
                        return r;
                ssize_t n = read(fd, in->p + in->len, wanted);
                if (n < 0 && errno == EINTR)
                        continue;
                if (n <= 0)
                        return n < 0 ? -errno : 0;
                in->len += (size_t) n;
        }
}

static int say_failed(int fd, const char *words)
{
        fw_cleanup(fw_buf_done) struct fw_buf out = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        if (fw_wire_put_failed(&out, fw_str_c(words)) == 0)
                (void) fw_fd_write_all(fd, fw_buf_str(&out));
        return EXIT_FAILURE;
}

static int say_ready(int fd)
{
        fw_cleanup(fw_buf_done) struct fw_buf out = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        int r = fw_wire_put_ready(&out);
        return r < 0 ? r : fw_fd_write_all(fd, fw_buf_str(&out));
}

/* ---- the rules ---- */

static int compile_bytes(struct fw_str bytes, struct fw_diag *diag, struct fw_ruleset **ret_ruleset)
{
        fw_cleanup(fw_rule_bundle_freep) struct fw_rule_bundle *bundle = NULL;
        int r = fw_rule_bundle_parse(bytes, &bundle);
        if (r < 0)
                return r;
        return fw_rule_bundle_compile(bundle, NULL, diag, ret_ruleset);
}

static int compile_file(int fd, struct fw_diag *diag, struct fw_ruleset **ret_ruleset)
{
        struct stat status;
        if (fstat(fd, &status) < 0)
                return -errno;
        size_t len = (size_t) status.st_size;
        if (len == 0)
                return compile_bytes(FW_STR_NONE, diag, ret_ruleset);
        void *bytes = mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0);
        if (bytes == MAP_FAILED)
                return -errno;
        int r = compile_bytes(fw_str_n(bytes, len), diag, ret_ruleset);
        (void) munmap(bytes, len);
        return r;
}

/* An examiner with the rules of the file, or NULL and words for why not. */
static struct fw_examiner *make_examiner(int rules_fd, char **ret_words)
{
        fw_cleanup(fw_diag_freep) struct fw_diag *diag = fw_diag_new();
        fw_cleanup(fw_ruleset_unrefp) struct fw_ruleset *ruleset = NULL;
        int r = compile_file(rules_fd, diag, &ruleset);
        if (r == 0)
                return fw_examiner_new(ruleset);
        fw_cleanup(fw_buf_done) struct fw_buf words = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_diag_first_error(diag, &words);
        *ret_words = fw_asprintf("the rules do not compile: %s", words.len > 0 ? fw_buf_c(&words) : strerror(-r));
        return NULL;
}

/* ---- before the sandbox closes ---- */

static const char *const rehearsals[][2] = {
        { "application/rss+xml",
          "<?xml version=\"1.0\" encoding=\"windows-1252\"?><rss version=\"2.0\"><channel><title>t</title>"
          "<item><title>Deploying caf\xe9s</title><description>&lt;p&gt;a &amp;eacute; b&lt;/p&gt;</description>"
          "<pubDate>Thu, 24 Oct 2024 09:31:02 GMT</pubDate></item></channel></rss>" },
        { "application/atom+xml", "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>t</title><entry><id>i</id>"
                                  "<title type=\"html\">\xe5\x8c\x97\xe6\x9c\x9d\xe9\xae\xae "
                                  "\xeb\xb6\x81\xed\x95\x9c</title><updated>2024</updated>"
                                  "<content type=\"html\">&lt;a href=\"x\"&gt;not closed</content></entry>" },
        { "application/feed+json",
          "{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[{\"id\":\"1\",\"content_text\":\"a 1.5\"}]}" },
        { "text/html", "<html><body>no feed" },
};

/* qsort() asks the system once how much memory there is, when it first sorts something large; the answer is kept. */
static int compare_bytes(const void *a, const void *b)
{
        return *(const unsigned char *) a - *(const unsigned char *) b;
}

static void sort_once(void)
{
        unsigned char *bytes = fw_calloc(1, 65536);
        qsort(bytes, 65536, 1, compare_bytes);
        free(bytes);
}

/*
 * Libraries open and load things when they are first needed: character sets, break iterators, locales. So what a worker
 * will do is done once in each kind while it can still be done.
 */
static void rehearse(struct fw_examiner *examiner)
{
        sort_once();
        for (size_t i = 0; i < FW_ARRAY_LEN(rehearsals); i++) {
                fw_cleanup(fw_arena_freep) struct fw_arena *arena = fw_arena_new();
                const struct fw_job job = { .url = FW_STR("http://example.org/"),
                                            .feed_language = FW_STR("en"),
                                            .content_type = fw_str_c(rehearsals[i][0]),
                                            .body = fw_str_c(rehearsals[i][1]) };
                struct fw_result result;
                fw_examine(examiner, &job, arena, &result);
        }
}

/* ---- work ---- */

static int put_answer(struct fw_buf *out, uint64_t id, const struct fw_result *result)
{
        int r = fw_wire_put_result(out, id, result);
        if (r != -EMSGSIZE)
                return r;
        const struct fw_result too_large = { .status = FW_JOB_NO_FEED,
                                             .error = FW_STR("the feed's items are too large to be handed on") };
        fw_buf_reset(out);
        return fw_wire_put_result(out, id, &too_large);
}

static int do_job(int fd, struct fw_examiner *examiner, struct fw_str payload, struct fw_arena *arena,
                  struct fw_buf *out)
{
        struct fw_job job;
        struct fw_result result;
        uint64_t id = 0;
        fw_arena_reset(arena);
        fw_buf_reset(out);
        int r = fw_wire_get_job(payload, arena, &id, &job);
        if (r < 0)
                return r;
        fw_examine(examiner, &job, arena, &result);
        r = put_answer(out, id, &result);
        return r < 0 ? r : fw_fd_write_all(fd, fw_buf_str(out));
}

/* Does jobs until there are no more. 0 or a negative errno. */
static int work(int fd, struct fw_examiner *examiner)
{
        fw_cleanup(fw_arena_freep) struct fw_arena *arena = fw_arena_new();
        fw_cleanup(fw_buf_done) struct fw_buf in =
                FW_BUF_INIT(FW_FRAME_HEADER_BYTES + FW_LIMIT_FRAME_BYTES + READ_STEP);
        fw_cleanup(fw_buf_done) struct fw_buf out = FW_BUF_INIT(FW_FRAME_HEADER_BYTES + FW_LIMIT_FRAME_BYTES);
        for (;;) {
                struct fw_frame frame;
                size_t len = 0;
                int r = read_frame(fd, &in, &len, &frame);
                if (r <= 0)
                        return r;
                r = frame.type == FW_FRAME_JOB ? do_job(fd, examiner, frame.payload, arena, &out) : -EBADMSG;
                if (r < 0)
                        return r;
                fw_buf_consume(&in, len);
        }
}

int fw_worker_main(int socket_fd, int rules_fd, uint64_t memory_bytes)
{
        fw_cleanup(fw_freep) char *words = NULL;
        int r = fw_sandbox_begin();
        if (r < 0) {
                words = fw_asprintf("its limits could not be set: %s", strerror(-r));
                return say_failed(socket_fd, words);
        }
        fw_cleanup(fw_examiner_freep) struct fw_examiner *examiner = make_examiner(rules_fd, &words);
        if (!examiner)
                return say_failed(socket_fd, words);
        (void) close(rules_fd);
        rehearse(examiner);
        r = fw_sandbox_close(socket_fd, memory_bytes);
        if (r < 0) {
                words = fw_asprintf("its sandbox could not be closed: %s", strerror(-r));
                return say_failed(socket_fd, words);
        }
        r = say_ready(socket_fd);
        if (r == 0)
                r = work(socket_fd, examiner);
        return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
