#include "../unit.h"

#include <errno.h>

#include "base/file.h"
#include "rule/rule.h"

/*
 * data/messages.txt: what is told about wrong and doubtful files, in full. Blocks of
 *
 *     ### what it is about
 *     the rule file
 *     ### entities              (if there is an entity file)
 *     the entity file
 *     ### messages
 *     what is said
 */

static struct fw_str read_block(struct fw_str *rest, struct fw_str *ret_title)
{
        struct fw_str start, line;
        bool first = true;
        (void) fw_str_split(rest, '\n', ret_title);
        *ret_title = fw_str_slice(*ret_title, strlen("### "), ret_title->len);
        start = *rest;
        for (;;) {
                struct fw_str before = *rest;
                if (!fw_str_split(rest, '\n', &line) || fw_str_starts(line, FW_STR("### "))) {
                        *rest = before;
                        return fw_str_slice(start, 0, first ? 0 : (size_t) (before.p - start.p));
                }
                first = false;
                if (rest->len == 0)
                        return start;
        }
}

static int no_file(void *userdata, struct fw_str from, struct fw_str path, struct fw_str *ret_content)
{
        (void) userdata, (void) from, (void) path, (void) ret_content;
        return -ENOENT;
}

static void check_block(struct fw_str title, struct fw_str rules, struct fw_str entities, struct fw_str expected)
{
        struct fw_rule_file rule_file = { FW_STR("rules.yaml"), rules };
        struct fw_rule_file entity_file = { FW_STR("entities.yaml"), entities };
        struct fw_rule_sources sources = { .rules = &rule_file,
                                           .rules_len = 1,
                                           .entities = &entity_file,
                                           .entities_len = entities.len > 0,
                                           .read_file = no_file };
        fw_cleanup(fw_diag_freep) struct fw_diag *diag = fw_diag_new();
        fw_cleanup(fw_buf_done) struct fw_buf said = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        struct fw_ruleset *ruleset = NULL;
        int r = fw_ruleset_compile(&sources, diag, &ruleset);
        ck_assert_int_eq(r, fw_diag_has_errors(diag) ? -EINVAL : 0);
        fw_ruleset_unref(ruleset);
        fw_diag_sort(diag);
        (void) fw_diag_render_all(diag, false, &said);
        ck_assert_msg(fw_str_eq(fw_str_trim(fw_buf_str(&said)), fw_str_trim(expected)), "%.*s:\n%sshould be:\n%.*s",
                      FW_STR_ARG(title), fw_buf_c(&said), FW_STR_ARG(expected));
}

START_TEST(messages_say_what_where_and_what_to_do)
{
        fw_cleanup(fw_buf_done) struct fw_buf data = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        size_t blocks = 0;
        ck_assert_int_eq(fw_file_read(FW_TEST_DATA "/messages.txt", &data), 0);
        for (struct fw_str rest = fw_buf_str(&data); rest.len; blocks++) {
                struct fw_str title, part, entities = FW_STR_NONE;
                struct fw_str rules = read_block(&rest, &title);
                struct fw_str next = read_block(&rest, &part);
                if (fw_str_eq(part, FW_STR("entities"))) {
                        entities = next;
                        next = read_block(&rest, &part);
                }
                check_block(title, rules, entities, next);
        }
        ck_assert_uint_gt(blocks, 80);
}
END_TEST

/* Lint with a world: channels and feeds that there are. */
static const char *const world_rules = "rules:\n"
                                       "  - {id: a, match: x, notify: [log, desktp]}\n"
                                       "  - {id: b, match: x, feeds: {tags: [wrold]}}\n"
                                       "  - {id: c, match: x, feeds: {tags: [world]}, except: {ids: [bbc]}}\n"
                                       "  - {id: d, match: x, feeds: {urls: ['https://example.org/*']}}\n";

START_TEST(channels_and_feeds_that_there_are_not)
{
        const struct fw_str channels[] = { FW_STR("log"), FW_STR("desktop") }, tags[] = { FW_STR("world") };
        const struct fw_rule_feed feed = {
                .id = FW_STR("bbc"), .url = FW_STR("https://example.org/x"), .tags = tags, .tags_len = 1
        };
        struct fw_rule_world world = { .channels = channels, .channels_len = 2, .feeds = &feed, .feeds_len = 1 };
        struct fw_rule_file file = { FW_STR("rules.yaml"), fw_str_c(world_rules) };
        struct fw_rule_sources sources = { .rules = &file, .rules_len = 1, .world = &world };
        fw_cleanup(fw_diag_freep) struct fw_diag *diag = fw_diag_new();
        fw_cleanup(fw_buf_done) struct fw_buf said = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        struct fw_ruleset *ruleset = NULL;
        ck_assert_int_eq(fw_ruleset_compile(&sources, diag, &ruleset), -EINVAL);
        fw_diag_sort(diag);
        for (size_t i = 0; i < fw_diag_len(diag); i++)
                fw_buf_printf(&said, "%u: %s\n", fw_diag_entry(diag, i)->line, fw_diag_entry(diag, i)->message);
        assert_buf(&said,
                   "2: there is no channel 'desktp'; did you mean 'desktop'?\n"
                   "3: this selects no feed, so the rule never matches; see 'feedwatch feeds list' for ids and tags\n"
                   "4: this selects no feed, so the rule never matches; see 'feedwatch feeds list' for ids and tags\n");
}
END_TEST

START_TEST(the_configurations_exclusion_is_told_where_it_stands)
{
        fw_cleanup(fw_diag_freep) struct fw_diag *diag = fw_diag_new();
        struct fw_str text = FW_STR("unless: 'titel:x'\n");
        const struct fw_source_text *source = fw_diag_source(diag, FW_STR("feedwatch.yaml"), text);
        struct fw_rule_sources sources = { .unless = FW_STR("titel:x"),
                                           .unless_location = { .source = source, .offset = 9, .length = 7 } };
        struct fw_ruleset *ruleset = NULL;
        ck_assert_int_eq(fw_ruleset_compile(&sources, diag, &ruleset), -EINVAL);
        fw_cleanup(fw_buf_done) struct fw_buf said = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_diag_first_error(diag, &said);
        assert_buf(&said, "feedwatch.yaml:1:10: unknown field 'titel'; did you mean 'title'?");
}
END_TEST

UNIT_MAIN("messages", messages_say_what_where_and_what_to_do, channels_and_feeds_that_there_are_not,
          the_configurations_exclusion_is_told_where_it_stands)
