#include "desktop/place.h"

#include <errno.h>

#include "base/alloc.h"
#include "base/file.h"
#include "unit.h"

static char root[] = "/tmp/fw-place-XXXXXX";
static char *state_dir;

static void set_up(void)
{
        ck_assert_ptr_nonnull(mkdtemp(root));
        state_dir = fw_path_join(root, "state/feedwatch");
}

static void tear_down(void)
{
        fw_cleanup(fw_freep) char *command = fw_asprintf("rm -r %s", root);
        ck_assert_int_eq(system(command), 0);
        free(state_dir);
}

static struct fw_place *open_place(const char *socket_path)
{
        struct fw_place *place = NULL;
        ck_assert_int_eq(fw_place_open(state_dir, socket_path, &place), 0);
        return place;
}

START_TEST(a_place_is_remembered_for_each_daemon)
{
        struct fw_place *place = open_place("/run/a.sock");
        ck_assert_str_eq(fw_place_get(place), "");
        ck_assert_int_eq(fw_place_set(place, FW_STR("41")), 0);
        ck_assert_int_eq(fw_place_set(place, FW_STR("42")), 0);
        ck_assert_str_eq(fw_place_get(place), "42");
        place = fw_place_free(place);

        struct fw_place *again = open_place("/run/a.sock");
        struct fw_place *other = open_place("/run/b.sock");
        ck_assert_str_eq(fw_place_get(again), "42");
        ck_assert_str_eq(fw_place_get(other), "");
        (void) fw_place_free(again);
        (void) fw_place_free(other);
}
END_TEST

START_TEST(a_second_agent_is_kept_out)
{
        struct fw_place *place = open_place("/run/a.sock");
        struct fw_place *second = NULL;
        ck_assert_int_eq(fw_place_open(state_dir, "/run/a.sock", &second), -EWOULDBLOCK);
        (void) fw_place_free(place);
        (void) fw_place_free(open_place("/run/a.sock"));
}
END_TEST

START_TEST(rubbish_in_the_file_counts_as_nothing)
{
        struct fw_place *place = open_place("/run/a.sock");
        ck_assert_int_eq(fw_place_set(place, FW_STR("1\r\nX-Injected: 1")), 0);
        (void) fw_place_free(place);
        place = open_place("/run/a.sock");
        ck_assert_str_eq(fw_place_get(place), "");
        (void) fw_place_free(place);
}
END_TEST

UNIT_MAIN_WITH("place", set_up, tear_down, a_place_is_remembered_for_each_daemon, a_second_agent_is_kept_out,
               rubbish_in_the_file_counts_as_nothing)
