#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"

static char folder[] = "/tmp/feedwatch-file-XXXXXX";

static void setup(void)
{
        ck_assert_ptr_nonnull(mkdtemp(folder));
        ck_assert_int_eq(chdir(folder), 0);
        (void) umask(022);
}

static void teardown(void)
{
        fw_cleanup(fw_freep) char *command = fw_asprintf("rm -rf '%s'", folder);
        ck_assert_int_eq(system(command), 0);
}

static void assert_content(const char *path, const char *expected)
{
        fw_cleanup(fw_buf_done) struct fw_buf content = FW_BUF_INIT(1000);
        ck_assert_int_eq(fw_file_read(path, &content), 0);
        assert_text(fw_buf_str(&content), expected);
}

static unsigned mode_of(const char *path)
{
        struct stat st;
        ck_assert_int_eq(stat(path, &st), 0);
        return st.st_mode & 07777;
}

static void assert_error_words(int error, const char *expected)
{
        fw_cleanup(fw_freep) char *words = fw_file_error(error);
        ck_assert_str_eq(words, expected);
}

START_TEST(a_file_as_large_as_the_buffer_fits)
{
        fw_cleanup(fw_buf_done) struct fw_buf content = FW_BUF_INIT(5);
        ck_assert_int_eq(fw_file_create("five", FW_STR("12345"), 0644), 0);
        ck_assert_int_eq(fw_file_read("five", &content), 0);
        assert_buf(&content, "12345");
        ck_assert_int_eq(fw_file_create("six", FW_STR("123456"), 0644), 0);
        ck_assert_int_eq(fw_file_read("six", &content), -EMSGSIZE);
}
END_TEST

START_TEST(reading_says_why_it_failed)
{
        fw_cleanup(fw_buf_done) struct fw_buf content = FW_BUF_INIT(100);
        ck_assert_int_eq(fw_file_read("missing", &content), -ENOENT);
        ck_assert_int_eq(fw_file_read(".", &content), -EISDIR);
        assert_error_words(-EISDIR, "it is a folder, not a file");
        assert_error_words(-EMSGSIZE, "it is too large");
        assert_error_words(-ENOENT, "No such file or directory");
}
END_TEST

START_TEST(only_regular_files_are_read)
{
        fw_cleanup(fw_buf_done) struct fw_buf content = FW_BUF_INIT(100);
        ck_assert_int_eq(mkfifo("pipe", 0600), 0);
        ck_assert_int_eq(symlink("/dev/zero", "zero"), 0);
        ck_assert_int_eq(fw_file_read("pipe", &content), -ESPIPE);
        ck_assert_int_eq(fw_file_read("zero", &content), -ENODEV);
        ck_assert_uint_eq(content.len, 0);
        assert_error_words(-ESPIPE, "it is a pipe, not a file");
        assert_error_words(-ENODEV, "it is a device, not a file");
        assert_error_words(-ENXIO, "it is a socket, not a file");
}
END_TEST

START_TEST(what_is_named_on_a_command_line_may_be_a_pipe)
{
        int ends[2];
        ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
        ck_assert_int_eq(fw_fd_write_all(ends[1], FW_STR("through a pipe")), 0);
        fw_closep(&ends[1]);
        fw_cleanup(fw_freep) char *path = fw_asprintf("/dev/fd/%d", ends[0]);
        fw_cleanup(fw_buf_done) struct fw_buf content = FW_BUF_INIT(100);
        ck_assert_int_eq(fw_file_read_any(path, &content), 0);
        assert_buf(&content, "through a pipe");
        fw_closep(&ends[0]);
        ck_assert_int_eq(fw_file_read_any("/dev/null", &content), 0);
        ck_assert_int_eq(fw_file_read_any(".", &content), -EISDIR);
}
END_TEST

START_TEST(large_files_are_read_whole)
{
        fw_cleanup(fw_buf_done) struct fw_buf written = FW_BUF_INIT(FW_BUF_UNBOUNDED),
                                              read = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        for (int i = 0; i < 50000; i++)
                (void) fw_buf_printf(&written, "%d\n", i);
        ck_assert_int_eq(fw_file_replace("large", fw_buf_str(&written), 0644), 0);
        ck_assert_int_eq(fw_file_read("large", &read), 0);
        ck_assert(fw_str_eq(fw_buf_str(&read), fw_buf_str(&written)));
}
END_TEST

START_TEST(a_pipe_is_read_until_its_end)
{
        int ends[2];
        ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
        ck_assert_int_eq(fw_fd_write_all(ends[1], FW_STR("through a pipe")), 0);
        fw_closep(&ends[1]);
        ck_assert_int_eq(ends[1], -1);
        fw_cleanup(fw_buf_done) struct fw_buf content = FW_BUF_INIT(100);
        ck_assert_int_eq(fw_fd_read_all(ends[0], &content), 0);
        assert_text(fw_buf_str(&content), "through a pipe");
        fw_closep(&ends[0]);
}
END_TEST

START_TEST(replace_makes_the_file_with_the_mode_and_umask)
{
        ck_assert_int_eq(fw_file_replace("new", FW_STR("one"), 0666), 0);
        assert_content("new", "one");
        ck_assert_uint_eq(mode_of("new"), 0644);
}
END_TEST

START_TEST(replace_keeps_the_old_mode)
{
        ck_assert_int_eq(fw_file_create("secret", FW_STR("one"), 0600), 0);
        ck_assert_int_eq(fw_file_replace("secret", FW_STR("two"), 0644), 0);
        assert_content("secret", "two");
        ck_assert_uint_eq(mode_of("secret"), 0600);
}
END_TEST

START_TEST(replace_follows_a_symbolic_link)
{
        ck_assert_int_eq(fw_file_create("target", FW_STR("one"), 0644), 0);
        ck_assert_int_eq(symlink("target", "link"), 0);
        ck_assert_int_eq(fw_file_replace("link", FW_STR("two"), 0644), 0);
        assert_content("target", "two");
        struct stat st;
        ck_assert_int_eq(lstat("link", &st), 0);
        ck_assert(S_ISLNK(st.st_mode));
}
END_TEST

/* A descriptor that was open before still reads the old content: the file was not written in place. */
START_TEST(replace_does_not_touch_the_old_file)
{
        ck_assert_int_eq(fw_file_create("f", FW_STR("old"), 0644), 0);
        fw_cleanup(fw_closep) int fd = open("f", O_RDONLY | O_CLOEXEC);
        ck_assert_int_eq(fw_file_replace("f", FW_STR("new"), 0644), 0);
        fw_cleanup(fw_buf_done) struct fw_buf content = FW_BUF_INIT(100);
        ck_assert_int_eq(fw_fd_read_all(fd, &content), 0);
        assert_text(fw_buf_str(&content), "old");
}
END_TEST

START_TEST(a_failed_replacement_leaves_nothing_behind)
{
        ck_assert_int_eq(fw_mkdir_all("d/inside", 0755), 0);
        ck_assert_int_lt(fw_file_replace("d", FW_STR("x"), 0644), 0);
        ck_assert_int_eq(fw_file_replace("missing/f", FW_STR("x"), 0644), -ENOENT);
        ck_assert_int_eq(system("test \"$(ls)\" = d"), 0);
}
END_TEST

START_TEST(a_full_disk_is_an_error)
{
        if (access("/dev/full", W_OK) < 0)
                return;
        fw_cleanup(fw_closep) int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
        ck_assert_int_eq(fw_fd_write_all(fd, FW_STR("x")), -ENOSPC);
}
END_TEST

START_TEST(create_never_overwrites)
{
        ck_assert_int_eq(fw_file_create("f", FW_STR("mine"), 0644), 0);
        ck_assert_int_eq(fw_file_create("f", FW_STR("yours"), 0644), -EEXIST);
        assert_content("f", "mine");
}
END_TEST

START_TEST(all_missing_directories_are_made)
{
        ck_assert_int_eq(fw_mkdir_all("a/b//c/", 0755), 0);
        ck_assert_int_eq(fw_mkdir_all("a/b/c", 0755), 0);
        fw_cleanup(fw_freep) char *absolute = fw_path_join(folder, "x/y");
        ck_assert_int_eq(fw_mkdir_all(absolute, 0755), 0);
        ck_assert_uint_eq(mode_of("x/y"), 0755);
        ck_assert_int_eq(fw_file_create("a/file", FW_STR(""), 0644), 0);
        ck_assert_int_eq(fw_mkdir_all("a/file", 0755), -ENOTDIR);
        ck_assert_int_eq(fw_mkdir_all("a/file/d", 0755), -ENOTDIR);
}
END_TEST

START_TEST(paths_are_joined_and_parted)
{
        static const struct {
                const char *directory, *name, *joined;
        } joins[] = {
                { "a", "b", "a/b" }, { "a/", "b", "a/b" }, { "a", "/b", "/b" }, { "", "b", "b" }, { "/", "b", "/b" },
        };
        for (size_t i = 0; i < FW_ARRAY_LEN(joins); i++) {
                fw_cleanup(fw_freep) char *joined = fw_path_join(joins[i].directory, joins[i].name);
                ck_assert_str_eq(joined, joins[i].joined);
        }
        static const struct {
                const char *path, *parent;
        } parents[] = { { "a/b.yaml", "a" }, { "b.yaml", "." }, { "/x", "/" }, { "/a/b/c", "/a/b" } };
        for (size_t i = 0; i < FW_ARRAY_LEN(parents); i++) {
                fw_cleanup(fw_freep) char *parent = fw_path_parent(parents[i].path);
                ck_assert_str_eq(parent, parents[i].parent);
        }
}
END_TEST

UNIT_MAIN_WITH("file", setup, teardown, a_file_as_large_as_the_buffer_fits, reading_says_why_it_failed,
               only_regular_files_are_read, what_is_named_on_a_command_line_may_be_a_pipe, large_files_are_read_whole,
               a_pipe_is_read_until_its_end, replace_makes_the_file_with_the_mode_and_umask, replace_keeps_the_old_mode,
               replace_follows_a_symbolic_link, replace_does_not_touch_the_old_file,
               a_failed_replacement_leaves_nothing_behind, a_full_disk_is_an_error, create_never_overwrites,
               all_missing_directories_are_made, paths_are_joined_and_parted)
