#include "control/socket.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/file.h"
#include "unit.h"

static char directory[] = "/tmp/fw-socket-XXXXXX";
static char *path;
static struct fw_diag *diag;

static void set_up(void)
{
        ck_assert_ptr_nonnull(mkdtemp(directory));
        path = fw_path_join(directory, "c.sock");
        diag = fw_diag_new();
}

static void tear_down(void)
{
        (void) unlink(path);
        ck_assert_int_eq(rmdir(directory), 0);
        free(path);
        diag = fw_diag_free(diag);
}

static void assert_said(const char *wanted)
{
        fw_cleanup(fw_buf_done) struct fw_buf text = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_diag_render_all(diag, false, &text);
        ck_assert_msg(strstr(fw_buf_c(&text), wanted), "'%s' is not in '%s'", wanted, fw_buf_c(&text));
}

START_TEST(only_owner_and_group_may_connect)
{
        struct fw_listener listener;
        struct stat status;
        mode_t mask = umask(0);
        ck_assert_int_eq(fw_listener_open(path, diag, &listener), 0);
        (void) umask(mask);
        ck_assert_int_eq(stat(path, &status), 0);
        ck_assert_int_eq(status.st_mode & 07777, 0660);
        fw_listener_done(&listener);
        (void) close(listener.fd);
        ck_assert_int_eq(access(path, F_OK), -1);
}
END_TEST

START_TEST(a_second_daemon_is_refused_with_the_pid_of_the_first)
{
        struct fw_listener first, second;
        ck_assert_int_eq(fw_listener_open(path, diag, &first), 0);
        ck_assert_int_eq(fw_listener_open(path, diag, &second), -EADDRINUSE);
        fw_cleanup(fw_freep) char *wanted =
                fw_asprintf("another feedwatchd is running (pid %ld) and listens at '%s'", (long) getpid(), path);
        assert_said(wanted);
        ck_assert_int_eq(access(path, F_OK), 0);
        fw_listener_done(&first);
        (void) close(first.fd);
}
END_TEST

START_TEST(what_a_dead_daemon_left_is_taken_over)
{
        struct fw_listener dead, next;
        ck_assert_int_eq(fw_listener_open(path, diag, &dead), 0);
        (void) close(dead.fd);
        ck_assert_int_eq(fw_listener_open(path, diag, &next), 0);
        ck_assert_uint_eq(fw_diag_len(diag), 0);
        free(dead.path);
        fw_listener_done(&next);
        (void) close(next.fd);
}
END_TEST

START_TEST(a_socket_that_took_our_place_is_left_alone)
{
        struct fw_listener first, next;
        ck_assert_int_eq(fw_listener_open(path, diag, &first), 0);
        ck_assert_int_eq(unlink(path), 0);
        ck_assert_int_eq(fw_listener_open(path, diag, &next), 0);
        fw_listener_done(&first);
        ck_assert_int_eq(access(path, F_OK), 0);
        fw_listener_done(&next);
        ck_assert_int_eq(access(path, F_OK), -1);
        (void) close(first.fd);
        (void) close(next.fd);
}
END_TEST

START_TEST(a_file_in_the_way_stays)
{
        struct fw_listener listener;
        ck_assert_int_eq(fw_file_create(path, FW_STR("precious"), 0600), 0);
        ck_assert_int_eq(fw_listener_open(path, diag, &listener), -EEXIST);
        assert_said("is in the way of the control socket and is no socket; remove it");
        ck_assert_int_eq(access(path, F_OK), 0);
}
END_TEST

START_TEST(a_path_may_be_as_long_as_the_system_allows_and_no_longer)
{
        struct fw_listener listener;
        const size_t longest = sizeof(((struct sockaddr_un *) NULL)->sun_path) - 1;
        char *name = fw_asprintf("%s/%0*d", directory, (int) (longest - strlen(directory) - 1), 0);
        ck_assert_uint_eq(strlen(name), longest);
        ck_assert_int_eq(fw_listener_open(name, diag, &listener), 0);
        fw_listener_done(&listener);
        (void) close(listener.fd);
        char *longer = fw_asprintf("%s0", name);
        ck_assert_int_eq(fw_listener_open(longer, diag, &listener), -ENAMETOOLONG);
        assert_said("is longer than the 107 bytes that the system allows; set 'control: {socket: …}' to a shorter one");
        free(name);
        free(longer);
}
END_TEST

START_TEST(a_folder_that_is_not_there_is_said)
{
        struct fw_listener listener;
        ck_assert_int_eq(fw_listener_open("/nonexistent/c.sock", diag, &listener), -ENOENT);
        assert_said("cannot make the control socket '/nonexistent/c.sock': No such file or directory; check that its "
                    "folder is there");
}
END_TEST

START_TEST(only_a_listening_unix_socket_is_adopted)
{
        struct fw_listener made, adopted;
        int idle = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        int tcp = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        ck_assert_int_eq(listen(tcp, 1), 0);
        ck_assert_int_eq(fw_listener_adopt(idle, diag, &adopted), -EINVAL);
        assert_said("handed over by socket activation is no listening unix socket");
        ck_assert_int_eq(fw_listener_adopt(tcp, diag, &adopted), -EINVAL);
        ck_assert_int_eq(fw_listener_open(path, diag, &made), 0);
        ck_assert_int_eq(fw_listener_adopt(made.fd, diag, &adopted), 0);
        ck_assert_int_eq(adopted.fd, made.fd);
        fw_listener_done(&adopted);
        ck_assert_int_eq(access(path, F_OK), 0);
        fw_listener_done(&made);
        (void) close(made.fd);
        (void) close(idle);
        (void) close(tcp);
}
END_TEST

UNIT_MAIN_WITH("socket", set_up, tear_down, only_owner_and_group_may_connect,
               a_second_daemon_is_refused_with_the_pid_of_the_first, what_a_dead_daemon_left_is_taken_over,
               a_socket_that_took_our_place_is_left_alone, a_file_in_the_way_stays,
               a_path_may_be_as_long_as_the_system_allows_and_no_longer, a_folder_that_is_not_there_is_said,
               only_a_listening_unix_socket_is_adopted)
