#include <check.h>
#include <stdlib.h>

#include "base/macros.h"
#include "feed/link.h"

static struct fw_arena *arena;

static void setup(void)
{
        arena = fw_arena_new();
}

static void teardown(void)
{
        arena = fw_arena_free(arena);
}

struct link_case {
        const char *given, *wanted;
};

/* RFC 3986 §5.4, against http://a/b/c/d;p?q */
static const struct link_case references[] = {
        { "g:h", "g:h" },
        { "g", "http://a/b/c/g" },
        { "./g", "http://a/b/c/g" },
        { "g/", "http://a/b/c/g/" },
        { "/g", "http://a/g" },
        { "//g", "http://g" },
        { "?y", "http://a/b/c/d;p?y" },
        { "g?y", "http://a/b/c/g?y" },
        { "#s", "http://a/b/c/d;p?q#s" },
        { "g#s", "http://a/b/c/g#s" },
        { "g?y#s", "http://a/b/c/g?y#s" },
        { ";x", "http://a/b/c/;x" },
        { "g;x?y#s", "http://a/b/c/g;x?y#s" },
        { "", "http://a/b/c/d;p?q" },
        { ".", "http://a/b/c/" },
        { "./", "http://a/b/c/" },
        { "..", "http://a/b/" },
        { "../", "http://a/b/" },
        { "../g", "http://a/b/g" },
        { "../..", "http://a/" },
        { "../../", "http://a/" },
        { "../../g", "http://a/g" },
        { "../../../g", "http://a/g" },
        { "/./g", "http://a/g" },
        { "/../g", "http://a/g" },
        { "g.", "http://a/b/c/g." },
        { "..g", "http://a/b/c/..g" },
        { "./../g", "http://a/b/g" },
        { "./g/.", "http://a/b/c/g/" },
        { "g/./h", "http://a/b/c/g/h" },
        { "g/../h", "http://a/b/c/h" },
        { "g;x=1/../y", "http://a/b/c/y" },
        { "g?y/../x", "http://a/b/c/g?y/../x" },
        { " \n g\n", "http://a/b/c/g" },
        { "mailto:me@x.example", "mailto:me@x.example" },
};

static const struct link_case canonical[] = {
        { "HTTP://WWW.Example.ORG:80", "http://www.example.org/" },
        { "https://example.org:443/a/../b?utm_source=x&id=7&fbclid=1#top", "https://example.org/b?id=7" },
        { "https://example.org/b?utm_medium=rss", "https://example.org/b" },
        { "http://example.org/%7ebob/%c3%a9", "http://example.org/~bob/%C3%A9" },
        { "http://example.org/é", "http://example.org/%C3%A9" },
        { "http://example.org:8080/?b=2&a=1", "http://example.org:8080/?b=2&a=1" },
        { "http://User@Example.org/", "http://User@example.org/" },
        { "urn:uuid:A", "urn:uuid:A" },
        { "tag:Example.org,2005:1", "tag:Example.org,2005:1" },
        { "http://", "http://" },
        { "", "" },
};

static void check_link(const char *given, struct fw_str got, const char *wanted)
{
        ck_assert_msg(fw_str_eq(got, fw_str_c(wanted)), "'%s' gives '%.*s', wanted '%s'", given, FW_STR_ARG(got),
                      wanted);
}

START_TEST(references_resolve_as_the_rfc_says)
{
        const struct link_case *c = &references[_i];
        check_link(c->given, fw_link_resolve(FW_STR("http://a/b/c/d;p?q"), fw_str_c(c->given), arena), c->wanted);
}
END_TEST

START_TEST(without_a_base_a_reference_stays)
{
        check_link("a/b", fw_link_resolve(FW_STR_NONE, FW_STR(" a/../b "), arena), "a/../b");
        check_link("x", fw_link_resolve(FW_STR("urn:a:b"), FW_STR("x"), arena), "x");
        check_link("x", fw_link_resolve(FW_STR("http://a"), FW_STR("x"), arena), "http://a/x");
}
END_TEST

START_TEST(links_to_one_article_have_one_form)
{
        const struct link_case *c = &canonical[_i];
        struct fw_str once = fw_link_canonical(fw_str_c(c->given), arena);
        check_link(c->given, once, c->wanted);
        check_link(c->wanted, fw_link_canonical(once, arena), c->wanted);
}
END_TEST

START_TEST(only_http_with_a_host_is_http)
{
        ck_assert(fw_link_is_http(FW_STR("http://a")));
        ck_assert(fw_link_is_http(FW_STR("HTTPS://a/")));
        ck_assert(!fw_link_is_http(FW_STR("http:///a")));
        ck_assert(!fw_link_is_http(FW_STR("http://")));
        ck_assert(!fw_link_is_http(FW_STR("ftp://a/")));
        ck_assert(!fw_link_is_http(FW_STR_NONE));
}
END_TEST

int main(void)
{
        Suite *suite = suite_create("link");
        TCase *tcase = tcase_create("link");
        tcase_add_checked_fixture(tcase, setup, teardown);
        tcase_add_loop_test(tcase, references_resolve_as_the_rfc_says, 0, FW_ARRAY_LEN(references));
        tcase_add_test(tcase, without_a_base_a_reference_stays);
        tcase_add_loop_test(tcase, links_to_one_article_have_one_form, 0, FW_ARRAY_LEN(canonical));
        tcase_add_test(tcase, only_http_with_a_host_is_http);
        suite_add_tcase(suite, tcase);
        SRunner *runner = srunner_create(suite);
        srunner_run_all(runner, CK_ENV);
        int failed = srunner_ntests_failed(runner);
        srunner_free(runner);
        return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
