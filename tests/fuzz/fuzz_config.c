/*
 * feedwatch.yaml and a feed list, parted by a line "---8<---", in a folder of memory files: either whole, or refused with words.
 */
#include "fuzz.h"

#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "config/config.h"

/* A file in memory with this content, and its path. */
static int memory_file(struct fw_str content, char path[32])
{
        int fd = memfd_create("fuzz", MFD_CLOEXEC);
        fuzz_check(fd >= 0 && fw_fd_write_all(fd, content) == 0);
        snprintf(path, 32, "/proc/self/fd/%d", fd);
        return fd;
}

static void check_config(const struct fw_config *config)
{
        fuzz_check(config->min_interval_usec <= config->interval_usec &&
                   config->interval_usec <= config->max_interval_usec);
        fuzz_check(config->workers >= 1 && config->concurrency >= 1 && config->per_host >= 1);
        for (size_t i = 0; i < config->feeds_len; i++) {
                fuzz_check(!fw_str_empty(config->feeds[i].id) && !fw_str_empty(config->feeds[i].url));
                fuzz_check(i > 100 || fw_config_find_feed(config, config->feeds[i].id) == &config->feeds[i]);
        }
        for (size_t i = 0; i < config->default_notify_len; i++)
                fuzz_check(fw_config_find_channel(config, config->default_notify[i]) != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        const struct fw_str divider = FW_STR("\n---8<---\n");
        struct fw_str input = fuzz_str(data, size), list = FW_STR_NONE;
        size_t at = fw_str_find(input, divider, 0);
        if (at != SIZE_MAX) {
                list = fw_str_slice(input, at + divider.len, input.len);
                input = fw_str_slice(input, 0, at + 1);
        }
        char list_path[32], config_path[32];
        int list_fd = memory_file(list, list_path);
        fw_cleanup(fw_buf_done) struct fw_buf content = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_buf_printf(&content, "feeds: [%s]\nrules: []\nentities: []\n", list_path);
        (void) fw_buf_append(&content, input);
        int config_fd = memory_file(fw_buf_str(&content), config_path);

        const struct fw_paths paths = { .config_file = config_path, .config_dir = config_path };
        fw_cleanup(fw_diag_freep) struct fw_diag *diag = fw_diag_new();
        fw_cleanup(fw_config_freep) struct fw_config *config = NULL;
        if (fw_config_load(&paths, diag, &config) < 0)
                fuzz_check(fw_diag_has_errors(diag));
        else
                check_config(config);
        (void) close(list_fd);
        (void) close(config_fd);
        return 0;
}
