#include "feed/html_links.h"

#include "base/buf.h"
#include "base/macros.h"
#include "feed/limits.h"
#include "feed/link.h"

static const char *const link_attributes[] = { "href", "src", "cite", "poster", "longdesc", "background", "data-src" };

bool fw_html_is_link_attribute(struct fw_str name)
{
        for (size_t i = 0; i < FW_ARRAY_LEN(link_attributes); i++)
                if (fw_str_eq_nocase(name, fw_str_c(link_attributes[i])))
                        return true;
        return false;
}

struct rewriter {
        struct fw_str html, base;
        size_t at;
        size_t copied; /* what of `html` is in `out` already */
        struct fw_buf out;
        struct fw_arena *arena;
};

static char peek(const struct rewriter *r)
{
        return r->at < r->html.len ? r->html.p[r->at] : '\0';
}

static void skip_space(struct rewriter *r)
{
        while (r->at < r->html.len && fw_is_space(r->html.p[r->at]))
                r->at++;
}

enum stop { /* bits of what ends a part of a tag */
            STOP_SPACE = 1 << 0,
            STOP_CLOSE = 1 << 1, /* '>' */
            STOP_SLASH = 1 << 2,
            STOP_EQUALS = 1 << 3,
};

static unsigned stop_of(char c)
{
        switch (c) {
        case ' ':
        case '\t':
        case '\r':
        case '\n':
        case '\f':
                return STOP_SPACE;
        case '>':
                return STOP_CLOSE;
        case '/':
                return STOP_SLASH;
        case '=':
                return STOP_EQUALS;
        default:
                return 0;
        }
}

static struct fw_str take_until(struct rewriter *r, unsigned stops)
{
        size_t start = r->at;
        while (r->at < r->html.len && !(stop_of(r->html.p[r->at]) & stops))
                r->at++;
        return fw_str_slice(r->html, start, r->at);
}

static struct fw_str take_quoted(struct rewriter *r)
{
        size_t start = r->at + 1, end = FW_MIN(fw_str_find_byte(r->html, r->html.p[r->at], start), r->html.len);
        r->at = FW_MIN(end + 1, r->html.len);
        return fw_str_slice(r->html, start, end);
}

static bool has_scheme(struct fw_str url)
{
        for (size_t i = 0; i < url.len; i++) {
                char c = url.p[i];
                if (c == ':')
                        return i > 0;
                if (!fw_is_alpha(c) && !(i > 0 && (fw_is_digit(c) || strchr("+-.", c))))
                        return false;
        }
        return false;
}

static void replace(struct rewriter *r, struct fw_str value)
{
        struct fw_str url = fw_str_trim(value);
        size_t most = FW_LIMIT_LINK_GROWTH_BYTES + FW_LIMIT_LINK_GROWTH_RATIO * r->html.len;
        if (url.len == 0 || has_scheme(url) || r->out.len > most)
                return;
        size_t start = (size_t) (value.p - r->html.p);
        (void) fw_buf_append(&r->out, fw_str_slice(r->html, r->copied, start));
        (void) fw_buf_append(&r->out, fw_link_resolve(r->base, url, r->arena));
        r->copied = start + value.len;
}

/* HTML §13.2.5.33 and following: one attribute, the cursor at its name. */
static void take_attribute(struct rewriter *r)
{
        struct fw_str name = take_until(r, STOP_SPACE | STOP_SLASH | STOP_CLOSE | STOP_EQUALS);
        skip_space(r);
        if (peek(r) != '=') {
                r->at += name.len == 0;
                return;
        }
        r->at++;
        skip_space(r);
        bool is_quoted = peek(r) == '"' || peek(r) == '\'';
        struct fw_str value = is_quoted ? take_quoted(r) : take_until(r, STOP_SPACE | STOP_CLOSE);
        if (fw_html_is_link_attribute(name))
                replace(r, value);
}

static void take_tag(struct rewriter *r)
{
        r->at++;
        (void) take_until(r, STOP_SPACE | STOP_SLASH | STOP_CLOSE);
        for (skip_space(r); r->at < r->html.len && peek(r) != '>'; skip_space(r)) {
                if (peek(r) == '/')
                        r->at++;
                else
                        take_attribute(r);
        }
}

struct fw_str fw_html_resolve_links(struct fw_str html, struct fw_str base, struct fw_arena *arena)
{
        if (base.len == 0 || base.len > FW_LIMIT_LINK_BASE_BYTES)
                return html;
        struct rewriter r = { .html = html, .base = base, .arena = arena };
        fw_buf_init(&r.out, FW_BUF_UNBOUNDED);
        bool comments_end = true;
        while ((r.at = fw_str_find_byte(html, '<', r.at)) != SIZE_MAX) {
                struct fw_str rest = fw_str_slice(html, r.at, html.len);
                size_t end = SIZE_MAX;
                if (comments_end && fw_str_starts(rest, FW_STR("<!--")))
                        comments_end = (end = fw_str_find(html, FW_STR("-->"), r.at)) != SIZE_MAX;
                if (end != SIZE_MAX)
                        r.at = end;
                else if (rest.len > 1 && fw_is_alpha(rest.p[1]))
                        take_tag(&r);
                else
                        r.at++;
        }
        (void) fw_buf_append(&r.out, fw_str_slice(html, r.copied, html.len));
        struct fw_str result = r.copied > 0 ? fw_arena_copy(arena, fw_buf_str(&r.out)) : html;
        fw_buf_done(&r.out);
        return result;
}
