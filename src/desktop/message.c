#include "desktop/message.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/utf8.h"

static const char *const severity_names[] = { "info", "notice", "warning", "critical" };

void fw_message_done(struct fw_message *message)
{
        free(message->summary);
        free(message->body);
        free(message->link);
        *message = (struct fw_message){ 0 };
}

/* ---- text ---- */

static bool is_space(uint32_t code)
{
        return code == ' ' || (code >= '\t' && code <= '\r') || code == 0x85 || code == 0xA0 || code == 0x2028 ||
               code == 0x2029;
}

static void append_code(struct fw_buf *out, uint32_t code, bool markup)
{
        char bytes[4];
        if (markup && code == '&')
                (void) fw_buf_append_c(out, "&amp;");
        else if (markup && code == '<')
                (void) fw_buf_append_c(out, "&lt;");
        else if (markup && code == '>')
                (void) fw_buf_append_c(out, "&gt;");
        else
                (void) fw_buf_append(out, fw_str_n(bytes, fw_utf8_encode(code, bytes)));
}

static bool is_marked(const json_t *marks, size_t offset)
{
        size_t i;
        json_t *mark;
        json_array_foreach(marks, i, mark) if ((json_int_t) offset >= fw_json_get_int(mark, "start", 0) &&
                                               (json_int_t) offset < fw_json_get_int(mark, "end", 0)) return true;
        return false;
}

/* One line of text: white space of any kind is one space, what would act on a display is left out. `marks` (with
 * markup) in bold. */
static void append_text(struct fw_buf *out, struct fw_str text, const json_t *marks, bool markup)
{
        bool bold = false;
        bool space = false;
        size_t len;
        for (size_t at = 0; at < text.len; at += len) {
                uint32_t code = fw_utf8_decode(text, at, &len);
                bool marked = markup && is_marked(marks, at);
                if (bold && !marked)
                        (void) fw_buf_append_c(out, "</b>");
                bold = bold && marked;
                if (is_space(code)) {
                        space = true;
                        continue;
                }
                if (fw_code_acts(code))
                        continue;
                if (space && out->len > 0)
                        (void) fw_buf_append_byte(out, ' ');
                if (!bold && marked)
                        (void) fw_buf_append_c(out, "<b>");
                append_code(out, code, markup);
                bold = marked;
                space = false;
        }
        if (bold)
                (void) fw_buf_append_c(out, "</b>");
}

static char *steal(struct fw_buf *text)
{
        (void) fw_buf_c(text);
        return text->len > 0 ? fw_buf_steal(text) : fw_strdup("");
}

/* ---- one alert ---- */

static size_t severity_of(const json_t *alert)
{
        struct fw_str name = fw_json_get_str(alert, "severity");
        for (size_t i = 0; i < FW_ARRAY_LEN(severity_names); i++)
                if (fw_str_eq(name, fw_str_c(severity_names[i])))
                        return i;
        return 2;
}

static enum fw_urgency urgency_of(size_t severity)
{
        static const enum fw_urgency urgencies[] = { FW_URGENCY_LOW, FW_URGENCY_NORMAL, FW_URGENCY_NORMAL,
                                                     FW_URGENCY_CRITICAL };
        return urgencies[severity];
}

/* "North Korean troops abroad: <title>" */
static void append_headline(struct fw_buf *out, const json_t *alert, bool markup)
{
        struct fw_str rule = fw_json_get_str(alert, "rule_name");
        struct fw_str title = fw_json_get_str(json_object_get(alert, "item"), "title");
        if (fw_str_empty(rule))
                rule = fw_json_get_str(alert, "rule");
        if (fw_str_empty(rule))
                rule = fw_json_get_str(alert, "kind");
        append_text(out, rule, NULL, markup);
        if (fw_str_empty(title))
                title = fw_json_get_str(alert, "reason");
        if (fw_str_empty(title))
                return;
        (void) fw_buf_append_c(out, ": ");
        append_text(out, title, NULL, markup);
}

static char *cut_headline(const json_t *alert)
{
        fw_cleanup(fw_buf_done) struct fw_buf text = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        append_headline(&text, alert, false);
        if (text.len <= FW_LIMIT_MESSAGE_SUMMARY_BYTES)
                return steal(&text);
        struct fw_str cut = fw_utf8_cut(fw_buf_str(&text), FW_LIMIT_MESSAGE_SUMMARY_BYTES - strlen("…"));
        return fw_asprintf("%.*s…", FW_STR_ARG(cut));
}

/* NULL for anything that a browser should not be sent to by a feed. */
static char *link_of(const json_t *item)
{
        struct fw_str url = fw_json_get_str(item, "url");
        if (!fw_str_starts_nocase(url, FW_STR("http://")) && !fw_str_starts_nocase(url, FW_STR("https://")))
                return NULL;
        for (size_t i = 0; i < url.len; i++)
                if ((unsigned char) url.p[i] <= ' ' || url.p[i] == 0x7F)
                        return NULL;
        return fw_strndup(url.p, url.len);
}

void fw_message_of_alert(const json_t *alert, bool markup, struct fw_message *ret_message)
{
        const json_t *item = json_object_get(alert, "item");
        fw_cleanup(fw_buf_done) struct fw_buf body = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        append_text(&body, fw_json_get_str(item, "excerpt"), json_object_get(item, "marks"), markup);
        struct fw_str feed = fw_json_get_str(json_object_get(item, "feed"), "title");
        if (!fw_str_empty(feed)) {
                (void) fw_buf_append_c(&body, body.len > 0 ? "\n" : "");
                append_text(&body, feed, NULL, markup);
        }
        *ret_message = (struct fw_message){ .summary = cut_headline(alert),
                                            .body = steal(&body),
                                            .link = link_of(item),
                                            .urgency = urgency_of(severity_of(alert)) };
}

/* ---- many alerts ---- */

/* The most severe first, then in their order; as many as are named. */
static size_t choose(const json_t *const *alerts, size_t count, const json_t *chosen[FW_MESSAGE_NAMED_ALERTS])
{
        size_t len = 0;
        for (size_t severity = FW_ARRAY_LEN(severity_names); severity > 0; severity--)
                for (size_t i = 0; i < count && len < FW_MESSAGE_NAMED_ALERTS; i++)
                        if (severity_of(alerts[i]) == severity - 1)
                                chosen[len++] = alerts[i];
        return len;
}

void fw_message_of_many(const json_t *const *alerts, size_t count, bool markup, struct fw_message *ret_message)
{
        const json_t *chosen[FW_MESSAGE_NAMED_ALERTS];
        size_t named = choose(alerts, count, chosen);
        fw_cleanup(fw_buf_done) struct fw_buf body = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        for (size_t i = 0; i < named; i++) {
                fw_cleanup(fw_buf_done) struct fw_buf line = FW_BUF_INIT(FW_BUF_UNBOUNDED);
                append_headline(&line, chosen[i], markup);
                (void) fw_buf_append_c(&body, i > 0 ? "\n" : "");
                (void) fw_buf_append(&body, fw_buf_str(&line));
        }
        if (count > named)
                (void) fw_buf_printf(&body, "\nand %zu more: feedwatch alerts list", count - named);
        *ret_message = (struct fw_message){ .summary = fw_asprintf("%zu new alerts", count),
                                            .body = steal(&body),
                                            .urgency = urgency_of(severity_of(chosen[0])) };
}
