/*
 * config_fixture: a folder with a configuration in it, and what reading it gives.
 */
#pragma once

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "config/config.h"
#include "unit.h"

static char folder[64];
static struct fw_paths paths;
static struct fw_diag *diag;
static struct fw_config *config;
static struct fw_buf out;

static int remove_one(const char *path, const struct stat *status fw_unused, int type fw_unused,
                      struct FTW *ftw fw_unused)
{
        return remove(path);
}

/* Messages name paths as seen from the current folder, so the tests work in theirs. */
static void setup(void)
{
        strcpy(folder, "/tmp/fw-config-XXXXXX");
        ck_assert_ptr_nonnull(mkdtemp(folder));
        ck_assert_int_eq(chdir(folder), 0);
        paths = (struct fw_paths){
                .config_file = fw_strdup("feedwatch.yaml"),
                .config_dir = fw_strdup("."),
                .state_dir = fw_strdup("/var/lib/test"),
                .runtime_dir = fw_strdup("/run/test"),
        };
        diag = fw_diag_new();
        fw_buf_init(&out, FW_BUF_UNBOUNDED);
}

static void teardown(void)
{
        config = fw_config_free(config);
        diag = fw_diag_free(diag);
        fw_buf_done(&out);
        fw_paths_done(&paths);
        ck_assert_int_eq(chdir("/"), 0);
        (void) nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void fw_unused write_file(const char *path, const char *content)
{
        fw_cleanup(fw_freep) char *parent = fw_path_parent(path);
        ck_assert_int_eq(fw_mkdir_all(parent, 0755), 0);
        ck_assert_int_eq(fw_file_replace(path, fw_str_c(content), 0644), 0);
}

static int fw_unused load(const char *content)
{
        write_file("feedwatch.yaml", content);
        config = fw_config_free(config);
        int r = fw_config_load(&paths, diag, &config);
        fw_buf_reset(&out);
        (void) fw_diag_render_all(diag, /* color= */ false, &out);
        return r;
}

static void fw_unused load_well(const char *content)
{
        ck_assert_msg(load(content) == 0, "%s", fw_buf_c(&out));
}

/* The configuration is refused with exactly these messages. */
static void fw_unused refused(const char *content, const char *messages)
{
        ck_assert_int_eq(load(content), -EINVAL);
        assert_buf(&out, messages);
}
