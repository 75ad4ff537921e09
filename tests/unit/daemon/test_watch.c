/*
 * Changed files are noticed and lead to a reload: inotify on a real folder, a real event loop. What is awaited is the reload's outcome;
 * here it is always a refused one, since the files are broken, so that no worker is needed.
 */
#include "fixture.h"

#define BROKEN "rules: [{id: r, match: 'troops AND'}]\n"

static int on_deadline(sd_event_source *source fw_unused, uint64_t usec fw_unused, void *userdata fw_unused)
{
        ck_abort_msg("no reload came");
}

static void watch_files(void)
{
        load("feeds: []\n");
        tested.reload_ok = true;
        fw_watch_update(&tested, NULL);
        ck_assert_int_ge(sd_event_add_time_relative(tested.event, NULL, CLOCK_MONOTONIC,
                                                    UNIT_TIMEOUT_SECONDS / 2 * FW_USEC_PER_SEC, 0, on_deadline, NULL),
                         0);
}

/* Runs the loop until a reload was refused, and gives what it said. */
static const char *await_refusal(void)
{
        while (tested.reload_ok)
                ck_assert_int_ge(sd_event_run(tested.event, UINT64_MAX), 0);
        return tested.reload_messages;
}

static void assert_refused_for(const char *words)
{
        const char *messages = await_refusal();
        ck_assert_msg(strstr(messages, words) != NULL, "'%s' is not in: %s", words, messages);
}

START_TEST(a_file_written_anew_is_noticed)
{
        watch_files();
        write_file("rules.d/rules.yaml", BROKEN);
        assert_refused_for("rules.d/rules.yaml:1");
}
END_TEST

/* Not beside it and renamed. */
static void write_in_place(const char *path, const char *content)
{
        FILE *file = fopen(path, "w");
        ck_assert_ptr_nonnull(file);
        fputs(content, file);
        ck_assert_int_eq(fclose(file), 0);
}

START_TEST(a_file_written_in_place_is_noticed)
{
        watch_files();
        write_in_place("rules.d/rules.yaml", BROKEN);
        assert_refused_for("rules.d/rules.yaml:1");
}
END_TEST

START_TEST(a_new_file_that_a_pattern_finds_is_noticed)
{
        watch_files();
        write_file("rules.d/more.yaml", BROKEN);
        assert_refused_for("rules.d/more.yaml:1");
}
END_TEST

START_TEST(a_new_link_is_noticed)
{
        write_file("elsewhere/rules.yaml", BROKEN);
        watch_files();
        ck_assert_int_eq(symlink("../elsewhere/rules.yaml", "rules.d/linked.yaml"), 0);
        assert_refused_for("linked.yaml:1");
}
END_TEST

START_TEST(the_configuration_itself_is_watched)
{
        watch_files();
        write_file("feedwatch.yaml", SETTINGS "backfil: all\n");
        assert_refused_for("did you mean 'backfill'");
}
END_TEST

START_TEST(a_list_of_feeds_is_watched)
{
        watch_files();
        write_file("feeds.d/feeds.yaml", "feeds: [{id: a}]\n");
        assert_refused_for("feeds.d/feeds.yaml:1");
}
END_TEST

START_TEST(several_files_saved_together_lead_to_one_reload)
{
        watch_files();
        write_file("rules.d/a.yaml", "rules: [{id: a, match: 'x AND'}]\n");
        write_file("rules.d/b.yaml", "rules: [{id: b, match: 'y AND'}]\n");
        assert_refused_for("rules.d/a.yaml:1");
        ck_assert_ptr_nonnull(strstr(tested.reload_messages, "rules.d/b.yaml:1"));
}
END_TEST

START_TEST(after_a_refused_reload_the_files_are_still_watched)
{
        watch_files();
        write_file("rules.d/rules.yaml", BROKEN);
        assert_refused_for("rules.d/rules.yaml:1");
        tested.reload_ok = true;
        write_file("rules.d/rules.yaml", "rules: [{id: r, titel: troops}]\n");
        assert_refused_for("'titel'");
}
END_TEST

/* Longer than the quiet that a reload waits for: had one been set off, it would come before. */
#define LATER_USEC FW_USEC_PER_SEC

static int on_later(sd_event_source *source fw_unused, uint64_t usec fw_unused, void *userdata)
{
        *(bool *) userdata = true;
        return 0;
}

START_TEST(editors_own_files_are_nobodys_rules)
{
        load("feeds: []\n");
        write_file("rules.d/rules.yaml", BROKEN); /* a reload would say so, and need no engine */
        fw_watch_update(&tested, NULL);
        write_in_place("rules.d/.rules.yaml.swp", "x");
        write_in_place("rules.d/rules.yaml~", "x");
        write_in_place("rules.d/#rules.yaml#", "x");
        bool later = false;
        ck_assert_int_ge(
                sd_event_add_time_relative(tested.event, NULL, CLOCK_MONOTONIC, LATER_USEC, 0, on_later, &later), 0);
        while (!later)
                ck_assert_int_ge(sd_event_run(tested.event, UINT64_MAX), 0);
        ck_assert_int_eq(tested.reload_usec, 0);
}
END_TEST

UNIT_MAIN_WITH("watch", set_up, tear_down, a_file_written_anew_is_noticed, a_file_written_in_place_is_noticed,
               a_new_file_that_a_pattern_finds_is_noticed, a_new_link_is_noticed, the_configuration_itself_is_watched,
               a_list_of_feeds_is_watched, several_files_saved_together_lead_to_one_reload,
               after_a_refused_reload_the_files_are_still_watched, editors_own_files_are_nobodys_rules)
