#include "text/html.h"

#include <string.h>

#include "base/alloc.h"
#include "base/macros.h"
#include "unit.h"

struct example {
        const char *html, *text;
};

/* The text, with '|' where a block starts (instead of the '\n' before it). */
static void check_text(const char *html, const char *expected)
{
        struct fw_plain_text plain;
        fw_plain_text_init(&plain);
        fw_html_to_text(fw_str_c(html), &plain);
        fw_cleanup(fw_freep) char *shown = fw_strndup(fw_buf_c(&plain.text), plain.text.len);
        for (size_t i = 0; i < plain.blocks.len; i++) {
                ck_assert_int_eq(shown[plain.blocks.p[i] - 1], '\n');
                shown[plain.blocks.p[i] - 1] = '|';
        }
        ck_assert_msg(strcmp(shown, expected) == 0, "'%s' gives '%s', not '%s'", html, shown, expected);
        fw_plain_text_done(&plain);
}

static void check_examples(const struct example *examples, size_t count)
{
        for (size_t i = 0; i < count; i++)
                check_text(examples[i].html, examples[i].text);
}

START_TEST(tags_vanish_with_their_attributes)
{
        static const struct example EXAMPLES[] = {
                { "tr<b>oo</b>ps", "troops" }, { "<a href='x>y' title=\"a>b\">link</a>", "link" },
                { "<a href=x/y>z</a>", "z" },  { "<a title = 'x>' b>z", "z" },
                { "<a =x='y>'>z", "z" },       { "<IMG SRC=x/>y", "y" },
                { "a<b/c/>d", "ad" },          { "a<b\n>d", "ad" },
                { "x</b title='>'>y", "xy" },
        };
        check_examples(EXAMPLES, FW_ARRAY_LEN(EXAMPLES));
}
END_TEST

START_TEST(what_cannot_start_a_tag_is_text)
{
        static const struct example EXAMPLES[] = {
                { "1 < 2", "1 < 2" }, { "<3", "<3" },           { "a<", "a<" },     { "a</", "a</" },
                { "a<>b", "a<>b" },   { "a</>b", "ab" },        { "a</3>b", "ab" }, { "x<<b>y", "x<y" },
                { "a<b", "a" },       { "a<b title='x>", "a" }, { "<é>", "<é>" },
        };
        check_examples(EXAMPLES, FW_ARRAY_LEN(EXAMPLES));
}
END_TEST

START_TEST(comments_and_declarations_vanish)
{
        static const struct example EXAMPLES[] = {
                { "a<!-- x > y -->b", "ab" },
                { "a<!-->b", "ab" },
                { "a<!--->b", "ab" },
                { "a<!--x--!>b", "ab" },
                { "a<!----->b", "ab" },
                { "a<!--x", "a" },
                { "a<!-- -- x >b<!-- y>c", "abc" },
                { "<!DOCTYPE html>a", "a" },
                { "a<!x>b", "ab" },
                { "a<?xml version='1.0'?>b", "ab" },
                { "a<![CDATA[x]]>b", "ab" },
                { "a<!-- - -- -> -->b", "ab" },
                { "a<!", "a" },
        };
        check_examples(EXAMPLES, FW_ARRAY_LEN(EXAMPLES));
}
END_TEST

START_TEST(hidden_elements_vanish_with_their_content)
{
        static const struct example EXAMPLES[] = {
                { "a<script>if (x < y) '</b>'</script>b", "ab" },
                { "a<STYLE>p{}</Style >b", "ab" },
                { "a<style></styles>x</style>b", "ab" },
                { "a<script>x", "a" },
                { "a<script src=x />b", "ab" },
                { "a<script src=x/>b</script>c", "ac" },
                { "a<script><!-- <script>x</script> y --></script>b", "ab" },
                { "a<script><!-- x</script>b", "ab" },
                { "a<script><!--> <script></script>b", "ab" },
                { "a<iframe><b>x</b></iframe>b", "a x b" },
                { "<title>x &amp; y</title>b", "b" },
                { "a<template>x<template>y</template>z</template>b", "ab" },
                { "a</template>b", "ab" },
                { "a<noscript>b</noscript>", "ab" },
                { "a</script>b", "ab" },
        };
        check_examples(EXAMPLES, FW_ARRAY_LEN(EXAMPLES));
}
END_TEST

START_TEST(raw_text_that_is_seen_keeps_its_tags)
{
        static const struct example EXAMPLES[] = {
                { "a<xmp><b>&amp;</xmp>c", "a|<b>&amp;|c" },
                { "a<textarea><b>&amp;</textarea>c", "a <b>& c" },
                { "a<plaintext><b>c</plaintext>", "a|<b>c</plaintext>" },
        };
        check_examples(EXAMPLES, FW_ARRAY_LEN(EXAMPLES));
}
END_TEST

START_TEST(ruby_keeps_the_characters_of_a_word_together)
{
        static const struct example EXAMPLES[] = {
                { "<ruby>北<rp>(</rp><rt>きた</rt><rp>)</rp>朝鮮<rt>ちょうせん</rt></ruby>軍", "北朝鮮軍" },
                { "<ruby>北<rt>きた<rb>朝</ruby>鮮", "北朝鮮" },
                { "<ruby>北<rt>きた</ruby>朝鮮", "北朝鮮" },
                { "<rt>x<p>y", "y" },
        };
        check_examples(EXAMPLES, FW_ARRAY_LEN(EXAMPLES));
}
END_TEST

START_TEST(blocks_part_text_once)
{
        static const struct example EXAMPLES[] = {
                { "<p>troops</p><p>left</p>", "troops|left" },
                { "<div>\n <p>a</p>\n\n <p>b\n</p></div>\n", "a|b\n" },
                { "a<hr>b", "a|b" },
                { "<table><tr><td>a</td><td>b</td></tr></table>", "a|b" },
                { "<ul><li>a<li>b</ul>", "a|b" },
                { "a<p></p>&#10;<p> </p>b", "a|b" },
                { "a<br>b", "a b" },
                { "a<br><br/>b", "a  b" },
                { "<p>a<br></p><br>b", "a |b" },
                { "troops<img src=x>russia", "troops russia" },
                { "a<wbr>b", "ab" },
                { "<P>Troops<P>left", "Troops|left" },
                { "  a  b", "a  b" },
                { "", "" },
        };
        check_examples(EXAMPLES, FW_ARRAY_LEN(EXAMPLES));
}
END_TEST

START_TEST(references_are_decoded_once)
{
        static const struct example EXAMPLES[] = {
                { "AT&amp;T", "AT&T" },
                { "&amp;lt;", "&lt;" },
                { "&lt;i&gt;", "<i>" },
                { "caf&eacute;", "café" },
                { "caf&eacute", "café" },
                { "&#75;orea", "Korea" },
                { "&#x4b;&#X4B;", "KK" },
                { "&notit;", "¬it;" },
                { "&notin;", "∉" },
                { "&", "&" },
                { "&;", "&;" },
                { "&#;", "&#;" },
                { "&#x;", "&#x;" },
                { "&#0;", "\xEF\xBF\xBD" },
                { "&#xD800;", "\xEF\xBF\xBD" },
                { "&#99999999999999;", "\xEF\xBF\xBD" },
                { "&#128;", "€" },
                { "&nGt;", "≫\xE2\x83\x92" },
                { "&unknown;", "&unknown;" },
                { "R&D", "R&D" },
                { "&copy2026", "©2026" },
                { "&ampamp;", "&amp;" },
                { "x&nbsp;y", "x\xC2\xA0y" },
                { "&CounterClockwiseContourIntegral;", "∳" },
                { "&zwnj", "&zwnj" },
        };
        check_examples(EXAMPLES, FW_ARRAY_LEN(EXAMPLES));
}
END_TEST

START_TEST(references_in_attributes_need_their_semicolon)
{
        uint32_t codes[2];
        struct fw_str url = FW_STR("?a=1&copy=2&lt;&copy");
        ck_assert_uint_eq(fw_html_decode_reference(url, 4, true, codes), 0);
        ck_assert_uint_eq(fw_html_decode_reference(url, 4, false, codes), 5);
        ck_assert_uint_eq(codes[0], 0xA9);
        ck_assert_uint_eq(fw_html_decode_reference(url, 11, true, codes), 4);
        ck_assert_uint_eq(codes[0], '<');
        ck_assert_uint_eq(codes[1], 0);
        ck_assert_uint_eq(fw_html_decode_reference(url, 15, true, codes), 5);
}
END_TEST

/* The source of the first `needle` in the text of `html`. */
static void check_source(const char *html, const char *needle, const char *expected)
{
        struct fw_plain_text plain;
        fw_plain_text_init(&plain);
        fw_html_to_text(fw_str_c(html), &plain);
        const char *found = strstr(fw_buf_c(&plain.text), needle);
        ck_assert_ptr_nonnull(found);
        uint32_t at = (uint32_t) (found - plain.text.p), from, to;
        fw_plain_to_source(&plain, at, at + (uint32_t) strlen(needle), &from, &to);
        ck_assert_uint_le(to, strlen(html));
        fw_cleanup(fw_freep) char *source = fw_strndup(html + from, to - from);
        ck_assert_str_eq(source, expected);
        fw_plain_text_done(&plain);
}

START_TEST(ranges_lead_back_to_the_markup)
{
        check_source("the <i>tr<b>oo</b>ps</i> left", "troops", "tr<b>oo</b>ps");
        check_source("<p>AT&amp;T</p>", "AT&T", "AT&amp;T");
        check_source("<p>AT&amp;T</p>", "&", "&amp;");
        check_source("<p>a</p> <p>b</p>", "a\nb", "a</p> <p>b");
        check_source("<p>a</p> <p>b</p>", "\n", "</p> <p>");
        check_source("<p>caf&eacute;</p>x", "é", "&eacute;");
        check_source("a<br/>b", "a b", "a<br/>b");
        check_source("1 < 2<b>3", "< 23", "< 2<b>3");
        check_source("<b>x</b>", "", "");
}
END_TEST

START_TEST(plain_text_maps_to_itself_and_has_paragraphs)
{
        struct fw_plain_text plain;
        fw_plain_text_init(&plain);
        fw_text_as_plain(FW_STR("a <b>\nc\n \r\nd\n\n\n e\n\n"), &plain);
        ck_assert_str_eq(fw_buf_c(&plain.text), "a <b>\nc\n \r\nd\n\n\n e\n\n");
        ck_assert_uint_eq(plain.blocks.len, 2);
        ck_assert_int_eq(plain.text.p[plain.blocks.p[0]], 'd');
        ck_assert_int_eq(plain.text.p[plain.blocks.p[1]], 'e');
        uint32_t from, to;
        fw_plain_to_source(&plain, 2, 5, &from, &to);
        ck_assert_uint_eq(from, 2);
        ck_assert_uint_eq(to, 5);
        fw_text_as_plain(FW_STR("\n\n a"), &plain);
        ck_assert_uint_eq(plain.blocks.len, 0);
        fw_text_as_plain(FW_STR_NONE, &plain);
        fw_plain_to_source(&plain, 0, 0, &from, &to);
        ck_assert_uint_eq(to, 0);
        fw_plain_text_done(&plain);
}
END_TEST

START_TEST(bytes_that_are_no_utf8_pass_through)
{
        check_text("a\xFF<b>\xC3</b>\xA9", "a\xFF\xC3\xA9");
}
END_TEST

UNIT_MAIN("html", tags_vanish_with_their_attributes, what_cannot_start_a_tag_is_text, comments_and_declarations_vanish,
          hidden_elements_vanish_with_their_content, raw_text_that_is_seen_keeps_its_tags,
          ruby_keeps_the_characters_of_a_word_together, blocks_part_text_once, references_are_decoded_once,
          references_in_attributes_need_their_semicolon, ranges_lead_back_to_the_markup,
          plain_text_maps_to_itself_and_has_paragraphs, bytes_that_are_no_utf8_pass_through)
