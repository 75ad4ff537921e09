/*
 * Alerts whose words are the input's: an alert as JSON, or else the input as every text of one, with marks taken from its first bytes. Nothing that
 * acts on a terminal may come out, and the line is one line.
 */
#include "fuzz.h"

#include "alert/alert.h"
#include "base/utf8.h"

static void check_harmless(struct fw_str text, bool newlines)
{
        size_t len;
        for (size_t at = 0; at < text.len; at += len) {
                uint32_t code = fw_utf8_decode(text, at, &len);
                fuzz_check(!fw_code_acts(code) || (newlines && code == '\n'));
        }
        fuzz_check(fw_utf8_valid(text));
}

static json_t *mark_from(const uint8_t *data)
{
        json_t *mark = json_object();
        fw_json_set_int(mark, "start", data[0]);
        fw_json_set_int(mark, "end", data[1]);
        fw_json_set(mark, "field", json_string("title"));
        return mark;
}

static json_t *alert_from(const uint8_t *data, size_t size)
{
        struct fw_str text = fuzz_str(data, size);
        json_t *alert = fw_json_parse(text, NULL);
        if (json_is_object(alert))
                return alert;
        json_decref(alert);
        alert = json_object();
        json_t *item = json_object(), *feed = json_object(), *marks = json_array();
        for (size_t i = 0; i + 1 < FW_MIN(size, (size_t) 8); i += 2)
                json_array_append_new(marks, mark_from(data + i));
        static const char *const texts[] = { "rule_name", "reason", "severity", "kind" };
        for (size_t i = 0; i < FW_ARRAY_LEN(texts); i++)
                fw_json_set(alert, texts[i], fw_json_str(text));
        fw_json_set(feed, "title", fw_json_str(text));
        fw_json_set(item, "title", fw_json_str(text));
        fw_json_set(item, "url", fw_json_str(text));
        fw_json_set(item, "excerpt", fw_json_str(text));
        fw_json_set(item, "marks", marks);
        fw_json_set(item, "feed", feed);
        fw_json_set(alert, "matches", json_copy(marks));
        fw_json_set(alert, "item", item);
        return alert;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        fw_cleanup(fw_json_decrefp) json_t *alert = alert_from(data, size);
        fw_cleanup(fw_buf_done) struct fw_buf out = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_alert_line(alert, false, &out);
        check_harmless(fw_buf_str(&out), false);
        fw_buf_reset(&out);
        (void) fw_alert_block(alert, false, (unsigned) (size % 100), &out);
        check_harmless(fw_buf_str(&out), true);
        fw_buf_reset(&out);
        (void) fw_alert_block(alert, true, 0, &out);
        fuzz_check(fw_utf8_valid(fw_buf_str(&out)));
        return 0;
}
