/*
 * yaml_fixture: one document at a time, and the messages about it.
 */
#pragma once

#include <errno.h>

#include "base/arena.h"
#include "base/yaml.h"
#include "unit.h"

static struct fw_diag *diag;
static struct fw_yaml *document;
static struct fw_buf messages;

static void setup(void)
{
        diag = fw_diag_new();
        fw_buf_init(&messages, FW_BUF_UNBOUNDED);
}

static void teardown(void)
{
        document = fw_yaml_free(document);
        diag = fw_diag_free(diag);
        fw_buf_done(&messages);
}

/* The root of `content`, which must be valid. */
fw_unused static const struct fw_yaml_node *parse(const char *content)
{
        document = fw_yaml_free(document);
        int r = fw_yaml_parse(FW_STR("f.yaml"), fw_str_c(content), diag, &document);
        if (r < 0)
                (void) fw_diag_render_all(diag, /* color= */ false, &messages);
        ck_assert_msg(r == 0, "%s", fw_buf_c(&messages));
        return fw_yaml_root(document);
}

/* All messages so far are `expected`. */
fw_unused static void assert_messages(const char *expected)
{
        (void) fw_diag_render_all(diag, /* color= */ false, &messages);
        assert_buf(&messages, expected);
        diag = (document = fw_yaml_free(document), fw_diag_free(diag));
        diag = fw_diag_new();
}

/* `content` is refused with these messages. */
fw_unused static void assert_refused(const char *content, const char *expected)
{
        struct fw_yaml *none = NULL;
        ck_assert_int_eq(fw_yaml_parse(FW_STR("f.yaml"), fw_str_c(content), diag, &none), -EINVAL);
        ck_assert_ptr_null(none);
        assert_messages(expected);
}
