#include "rule/rule.h"

bool fw_feed_selector_empty(const struct fw_feed_selector *selector)
{
        return selector->ids_len == 0 && selector->tags_len == 0 && selector->urls_len == 0;
}

/* `*` any run of bytes, `?` any one. */
static bool glob(struct fw_str pattern, struct fw_str text)
{
        size_t p = 0, t = 0, star = SIZE_MAX, retry = 0;
        while (t < text.len) {
                if (p < pattern.len && pattern.p[p] == '*') {
                        star = ++p;
                        retry = t;
                } else if (p < pattern.len && (pattern.p[p] == '?' || pattern.p[p] == text.p[t])) {
                        p++;
                        t++;
                } else if (star != SIZE_MAX) {
                        p = star;
                        t = ++retry;
                } else {
                        return false;
                }
        }
        while (p < pattern.len && pattern.p[p] == '*')
                p++;
        return p == pattern.len;
}

static bool has(const struct fw_str *list, size_t len, struct fw_str wanted)
{
        for (size_t i = 0; i < len; i++) {
                if (fw_str_eq(list[i], wanted))
                        return true;
        }
        return false;
}

bool fw_feed_selector_matches(const struct fw_feed_selector *selector, const struct fw_rule_feed *feed)
{
        if (fw_feed_selector_empty(selector) || has(selector->ids, selector->ids_len, feed->id))
                return true;
        for (size_t i = 0; i < feed->tags_len; i++) {
                if (has(selector->tags, selector->tags_len, feed->tags[i]))
                        return true;
        }
        for (size_t i = 0; i < selector->urls_len; i++) {
                if (glob(selector->urls[i], feed->url))
                        return true;
        }
        return false;
}
