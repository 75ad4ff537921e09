#include <errno.h>

#include "cli/cli.h"
#include "unit.h"

static struct fw_cli cli;

static void teardown(void)
{
        fw_cli_done(&cli);
}

static void setup(void)
{
        cli = (struct fw_cli){ 0 };
}

#define parse(...)                                                                                  \
        fw_cli_parse(&cli, (int) FW_ARRAY_LEN(((const char *const[]){ "feedwatch", __VA_ARGS__ })), \
                     (const char *const[]){ "feedwatch", __VA_ARGS__ })

START_TEST(options_and_arguments_may_be_mixed)
{
        ck_assert_int_eq(parse("--json", "check", "a", "-fn", "b", "--config=x", "--", "-c"), -1);
        ck_assert_str_eq(cli.command->name, "check");
        ck_assert(cli.json);
        ck_assert(fw_cli_has(&cli, "force"));
        ck_assert(fw_cli_has(&cli, "dry-run"));
        ck_assert_str_eq(cli.config_option, "x");
        ck_assert_uint_eq(cli.arguments.len, 3);
        ck_assert_str_eq(cli.arguments.p[2], "-c");
}
END_TEST

START_TEST(an_option_of_many_takes_arguments_up_to_the_next_option)
{
        ck_assert_int_eq(parse("match", "--rules", "a", "b", "--entities", "c", "--rules=d", "-"), -1);
        size_t len;
        fw_cleanup(fw_freep) const char **rules = fw_cli_values(&cli, "rules", &len);
        ck_assert_uint_eq(len, 3);
        ck_assert_str_eq(rules[2], "d");
        ck_assert_str_eq(fw_cli_value(&cli, "entities"), "c");
        ck_assert_uint_eq(cli.arguments.len, 1);
        ck_assert_str_eq(cli.arguments.p[0], "-");
}
END_TEST

START_TEST(the_last_of_repeated_values_counts)
{
        uint64_t limit = 0;
        ck_assert_int_eq(parse("alerts", "list", "-n3", "--limit", "5"), -1);
        ck_assert_int_eq(fw_cli_value_uint(&cli, "limit", 1, 10, &limit), 0);
        ck_assert_uint_eq(limit, 5);
        ck_assert_int_eq(fw_cli_value_uint(&cli, "limit", 1, 4, &limit), -EINVAL);
        ck_assert_int_eq(fw_cli_value_duration(&cli, "since", &limit), -ENOENT);
}
END_TEST

START_TEST(a_duration_is_read_or_wrong_usage)
{
        uint64_t usec = 0;
        ck_assert_int_eq(parse("alerts", "list", "--since", "1h30m"), -1);
        ck_assert_int_eq(fw_cli_value_duration(&cli, "since", &usec), 0);
        ck_assert_uint_eq(usec, 5400000000);
        fw_cli_done(&cli);
        setup();
        ck_assert_int_eq(parse("alerts", "list", "--since", "yesterday"), -1);
        ck_assert_int_eq(fw_cli_value_duration(&cli, "since", &usec), -EINVAL);
}
END_TEST

START_TEST(wrong_usage_has_its_own_exit_status)
{
        ck_assert_int_eq(parse("chekc"), FW_EXIT_USAGE);
        ck_assert_int_eq(parse("feeds"), FW_EXIT_USAGE);
        setup();
        ck_assert_int_eq(parse("check", "--dry"), -1);
        fw_cli_done(&cli);
        setup();
        ck_assert_int_eq(parse("check", "--no-such"), FW_EXIT_USAGE);
}
END_TEST

UNIT_MAIN_WITH("arguments", setup, teardown, options_and_arguments_may_be_mixed,
               an_option_of_many_takes_arguments_up_to_the_next_option, the_last_of_repeated_values_counts,
               a_duration_is_read_or_wrong_usage, wrong_usage_has_its_own_exit_status)
