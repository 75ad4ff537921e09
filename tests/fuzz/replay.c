/*
 * Runs a fuzz target over the files of a corpus without libFuzzer: every file as it is, cut short at many places, and with
 * single bytes changed, the same ones every time. Not a search for new errors but a guard against old ones, in seconds.
 *
 *     fuzz_X CORPUS-DIRECTORY-OR-FILE…
 */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/random.h"
#include "base/vec.h"
#include "fuzz.h"

#define LARGEST_INPUT ((size_t) 4 * 1024 * 1024)
/* Per file; fewer for large ones, so that no file takes long. */
#define TRUNCATIONS    64
#define MUTATIONS      192
#define MUTATION_BYTES ((size_t) 8 * 1024 * 1024)

static const char *current_path;
static unsigned current_variant;
static size_t runs;

/* A copy of exactly the size, so that AddressSanitizer sees the first byte read beyond it. */
static void run(const char *bytes, size_t size)
{
        current_variant++;
        runs++;
        fw_cleanup(fw_freep) uint8_t *copy = size > 0 ? fw_malloc(size) : NULL;
        if (size > 0)
                memcpy(copy, bytes, size);
        (void) LLVMFuzzerTestOneInput(copy, size);
}

static void run_truncated(const struct fw_buf *input, size_t count)
{
        size_t step = input->len / count + 1;
        for (size_t len = 0; len < input->len; len += step)
                run(input->p, len);
}

static void run_mutated(struct fw_buf *input, size_t count)
{
        static const char telling[] = {
                '\0', '\n', '\t', ' ', '"', '\'', '<', '&', '{', '[', ':', '\\', '\x80', '\xFF'
        };
        struct fw_random random;
        fw_random_init_seed(&random, fw_hash64(fw_buf_str(input)));
        for (size_t i = 0; i < count && input->len > 0; i++) {
                size_t at = (size_t) (fw_random_u64(&random) % input->len);
                uint64_t choice = fw_random_u64(&random);
                char before = input->p[at];
                input->p[at] = choice % 2 ? telling[choice / 2 % sizeof(telling)] : (char) (choice >> 8);
                run(input->p, input->len);
                input->p[at] = before;
        }
}

static int replay_file(const char *path)
{
        fw_cleanup(fw_buf_done) struct fw_buf input = FW_BUF_INIT(LARGEST_INPUT);
        int r = fw_file_read(path, &input);
        if (r < 0) {
                fprintf(stderr, "cannot read '%s': %s\n", path, strerrordesc_np(-r));
                return r;
        }
        current_path = path;
        current_variant = 0;
        size_t affordable = MUTATION_BYTES / (input.len + 1) + 1;
        run(input.p, input.len);
        run_truncated(&input, FW_MIN(TRUNCATIONS, affordable));
        run_mutated(&input, FW_MIN(MUTATIONS, affordable));
        return 0;
}

static int not_hidden(const struct dirent *entry)
{
        return entry->d_name[0] != '.';
}

static int replay_directory(const char *path)
{
        struct dirent **entries;
        int count = scandir(path, &entries, not_hidden, alphasort);
        if (count <= 0) {
                fprintf(stderr, "no corpus in '%s'\n", path);
                return -ENOENT;
        }
        int result = 0;
        for (int i = 0; i < count; i++) {
                fw_cleanup(fw_freep) char *file = fw_path_join(path, entries[i]->d_name);
                int r = replay_file(file);
                result = result < 0 ? result : r;
                free(entries[i]);
        }
        free(entries);
        return result;
}

/* Sanitizers and fuzz_check() end the process; this says with which input. */
static void say_where(void)
{
        if (current_path)
                fprintf(stderr, "while replaying '%s', variant %u\n", current_path, current_variant);
}

static void on_abort(int signal)
{
        say_where();
        (void) signal;
        _Exit(1);
}

int main(int argc, char **argv)
{
        bool failed = argc < 2;
        (void) atexit(say_where);
        (void) signal(SIGABRT, on_abort);
        for (int i = 1; i < argc; i++) {
                struct stat st;
                bool directory = stat(argv[i], &st) == 0 && S_ISDIR(st.st_mode);
                failed |= (directory ? replay_directory(argv[i]) : replay_file(argv[i])) < 0;
        }
        current_path = NULL;
        printf("%zu runs\n", runs);
        return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
