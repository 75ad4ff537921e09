#include "feed/link.h"

#include "base/buf.h"
#include "base/macros.h"

/* The components of RFC 3986 §3, as views into the URL; has_… tells an empty one from none. */
struct parts {
        struct fw_str scheme, authority, path, query, fragment;
        bool has_scheme, has_authority, has_query, has_fragment;
};

static size_t scheme_len(struct fw_str url)
{
        if (url.len == 0 || !fw_is_alpha(url.p[0]))
                return 0;
        for (size_t i = 1; i < url.len; i++) {
                char c = url.p[i];
                if (c == ':')
                        return i;
                if (!fw_is_alpha(c) && !fw_is_digit(c) && c != '+' && c != '-' && c != '.')
                        return 0;
        }
        return 0;
}

/* What is before the first of the three `stops`, taken off. */
static struct fw_str take_until(struct fw_str *rest, const char *stops)
{
        size_t end = 0;
        while (end < rest->len && rest->p[end] != stops[0] && rest->p[end] != stops[1] && rest->p[end] != stops[2])
                end++;
        struct fw_str part = fw_str_slice(*rest, 0, end);
        *rest = fw_str_slice(*rest, end, rest->len);
        return part;
}

static struct parts cut(struct fw_str url)
{
        struct parts parts = { 0 };
        size_t scheme = scheme_len(url);
        if (scheme > 0) {
                parts.has_scheme = true;
                parts.scheme = fw_str_slice(url, 0, scheme);
                url = fw_str_slice(url, scheme + 1, url.len);
        }
        if (fw_str_starts(url, FW_STR("//"))) {
                parts.has_authority = true;
                url = fw_str_slice(url, 2, url.len);
                parts.authority = take_until(&url, "/?#");
        }
        parts.path = take_until(&url, "??#");
        if (url.len > 0 && url.p[0] == '?') {
                parts.has_query = true;
                url = fw_str_slice(url, 1, url.len);
                parts.query = take_until(&url, "###");
        }
        if (url.len > 0) {
                parts.has_fragment = true;
                parts.fragment = fw_str_slice(url, 1, url.len);
        }
        return parts;
}

static struct fw_str join(const struct parts *parts, struct fw_arena *arena)
{
        fw_cleanup(fw_buf_done) struct fw_buf out = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        if (parts->has_scheme) {
                (void) fw_buf_append(&out, parts->scheme);
                (void) fw_buf_append_byte(&out, ':');
        }
        if (parts->has_authority) {
                (void) fw_buf_append_c(&out, "//");
                (void) fw_buf_append(&out, parts->authority);
        }
        (void) fw_buf_append(&out, parts->path);
        if (parts->has_query) {
                (void) fw_buf_append_byte(&out, '?');
                (void) fw_buf_append(&out, parts->query);
        }
        if (parts->has_fragment) {
                (void) fw_buf_append_byte(&out, '#');
                (void) fw_buf_append(&out, parts->fragment);
        }
        return fw_arena_copy(arena, fw_buf_str(&out));
}

/* Length of the output without its last segment and the slash before it. */
static size_t without_last_segment(struct fw_str path)
{
        size_t end = path.len;
        while (end > 0 && path.p[end - 1] != '/')
                end--;
        return end > 0 ? end - 1 : 0;
}

/* RFC 3986 §5.2.4. */
static struct fw_str remove_dot_segments(struct fw_str path, struct fw_arena *arena)
{
        char *out = fw_arena_alloc(arena, path.len + 1);
        size_t len = 0;
        while (path.len > 0) {
                size_t slash = path.p[0] == '/' ? 1 : 0;
                size_t end = fw_str_find_byte(path, '/', slash);
                bool is_last = end == SIZE_MAX;
                end = is_last ? path.len : end;
                struct fw_str segment = fw_str_slice(path, slash, end);
                bool up = fw_str_eq(segment, FW_STR(".."));
                if (up || fw_str_eq(segment, FW_STR("."))) {
                        if (up)
                                len = without_last_segment(fw_str_n(out, len));
                        if (is_last && (slash || len > 0))
                                out[len++] = '/';
                } else {
                        memcpy(out + len, path.p, end);
                        len += end;
                }
                path = fw_str_slice(path, end, path.len);
                if (len == 0 && !slash && path.len > 0) /* "../a" and "./a" at the start lose their slash too */
                        path = fw_str_slice(path, 1, path.len);
        }
        return fw_str_n(out, len);
}

/* RFC 3986 §5.2.3. */
static struct fw_str merge(const struct parts *base, struct fw_str path, struct fw_arena *arena)
{
        bool is_bare = base->has_authority && base->path.len == 0;
        size_t end = base->path.len;
        while (end > 0 && base->path.p[end - 1] != '/')
                end--;
        struct fw_str directory = is_bare ? FW_STR("/") : fw_str_slice(base->path, 0, end);
        char *merged = fw_arena_alloc(arena, directory.len + path.len + 1);
        memcpy(merged, directory.p ? directory.p : "", directory.len);
        memcpy(merged + directory.len, path.p, path.len);
        return fw_str_n(merged, directory.len + path.len);
}

/* The URL standard drops tabs and line ends wherever they are. */
static struct fw_str without_line_ends(struct fw_str url, struct fw_arena *arena)
{
        bool clean = true;
        for (size_t i = 0; i < url.len && clean; i++)
                clean = url.p[i] != '\n' && url.p[i] != '\r' && url.p[i] != '\t';
        if (clean)
                return url;
        char *out = fw_arena_alloc(arena, url.len);
        size_t len = 0;
        for (size_t i = 0; i < url.len; i++)
                if (url.p[i] != '\n' && url.p[i] != '\r' && url.p[i] != '\t')
                        out[len++] = url.p[i];
        return fw_str_n(out, len);
}

struct fw_str fw_link_resolve(struct fw_str base, struct fw_str reference, struct fw_arena *arena)
{
        reference = without_line_ends(fw_str_trim(reference), arena);
        if (base.len == 0 || scheme_len(reference) > 0)
                return fw_arena_copy(arena, reference);
        struct parts from = cut(fw_str_trim(base)), to = cut(reference);
        if (to.has_scheme || !from.has_scheme)
                return fw_arena_copy(arena, reference);
        if (!from.has_authority &&
            !fw_str_starts(from.path, FW_STR("/"))) /* urn:, mailto:, tag:: nothing to stand on */
                return fw_arena_copy(arena, reference);

        to.has_scheme = true;
        to.scheme = from.scheme;
        if (!to.has_authority) {
                to.has_authority = from.has_authority;
                to.authority = from.authority;
                if (to.path.len == 0) {
                        to.path = from.path;
                        if (!to.has_query) {
                                to.has_query = from.has_query;
                                to.query = from.query;
                        }
                } else if (to.path.p[0] != '/') {
                        to.path = remove_dot_segments(merge(&from, to.path, arena), arena);
                } else {
                        to.path = remove_dot_segments(to.path, arena);
                }
        }
        return join(&to, arena);
}

bool fw_link_is_http(struct fw_str url)
{
        size_t prefix = fw_str_starts_nocase(url, FW_STR("https://"))  ? 8
                        : fw_str_starts_nocase(url, FW_STR("http://")) ? 7
                                                                       : 0;
        return prefix > 0 && url.len > prefix && !strchr("/?#:", url.p[prefix]);
}

/*
 * What campaigns, mailers and social networks hang on a link without changing what it leads to; '*' ends a beginning.
 */
static const char *const tracking_parameters[] = {
        "utm_*",       "fbclid",
        "gclid",       "gclsrc",
        "dclid",       "gbraid",
        "wbraid",      "msclkid",
        "yclid",       "twclid",
        "ttclid",      "igshid",
        "igsh",        "mc_cid",
        "mc_eid",      "_hsenc",
        "_hsmi",       "hsctatracking",
        "mkt_tok",     "oly_anon_id",
        "oly_enc_id",  "vero_id",
        "wickedid",    "_openstat",
        "ns_campaign", "ns_mchannel",
        "ns_source",   "ns_linkname",
        "ns_fee",      "at_medium",
        "at_campaign", "at_custom*",
        "at_link_*",   "at_format",
        "at_ptr_name", "at_bbc_team",
        "mtm_*",       "matomo_*",
        "pk_campaign", "pk_kwd",
        "pk_source",   "pk_medium",
        "ocid",        "cmpid",
        "smid",        "s_cid",
        "ncid",        "ftag",
        "xtor",        "spm",
        "ga_source",   "ga_medium",
        "ga_term",     "ga_content",
        "ga_campaign", "feedtype",
        "feedname",    "__twitter_impression",
};

static bool is_tracking(struct fw_str parameter)
{
        struct fw_str name = fw_str_slice(parameter, 0, fw_str_find_byte(parameter, '=', 0));
        for (size_t i = 0; i < FW_ARRAY_LEN(tracking_parameters); i++) {
                struct fw_str known = fw_str_c(tracking_parameters[i]);
                bool is_beginning = fw_str_ends(known, FW_STR("*"));
                if (is_beginning ? fw_str_starts_nocase(name, fw_str_slice(known, 0, known.len - 1))
                                 : fw_str_eq_nocase(name, known))
                        return true;
        }
        return false;
}

static struct fw_str without_tracking(struct fw_str query, struct fw_arena *arena)
{
        char *out = fw_arena_alloc(arena, query.len + 1);
        size_t len = 0;
        struct fw_str parameter;
        while (fw_str_split(&query, '&', &parameter)) {
                if (parameter.len == 0 || is_tracking(parameter))
                        continue;
                if (len > 0)
                        out[len++] = '&';
                memcpy(out + len, parameter.p, parameter.len);
                len += parameter.len;
        }
        return fw_str_n(out, len);
}

static int hex_value(char c)
{
        if (fw_is_digit(c))
                return c - '0';
        c = fw_lower(c);
        return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/*
 * RFC 3986 §6.2.2: escapes of unreserved characters undone, others in upper case; what may not stand bare is escaped.
 */
static struct fw_str normalise_escapes(struct fw_str s, struct fw_arena *arena)
{
        static const char digits[] = "0123456789ABCDEF";
        char *out = fw_arena_alloc(arena, s.len * 3 + 1);
        size_t len = 0;
        for (size_t i = 0; i < s.len; i++) {
                unsigned char c = (unsigned char) s.p[i];
                bool is_escape = c == '%' && i + 2 < s.len && hex_value(s.p[i + 1]) >= 0 && hex_value(s.p[i + 2]) >= 0;
                if (is_escape) {
                        c = (unsigned char) (hex_value(s.p[i + 1]) * 16 + hex_value(s.p[i + 2]));
                        i += 2;
                }
                bool unreserved = fw_is_alpha((char) c) || fw_is_digit((char) c) || (c && strchr("-._~", c));
                if (unreserved || (!is_escape && c > ' ' && c < 0x7f && !strchr("\"<>\\^`{|}", c))) {
                        out[len++] = (char) c;
                } else {
                        out[len++] = '%';
                        out[len++] = digits[c >> 4];
                        out[len++] = digits[c & 15];
                }
        }
        return fw_str_n(out, len);
}

/* Lower case, without the scheme's own port, user data kept. */
static struct fw_str canonical_authority(struct fw_str authority, bool is_https, struct fw_arena *arena)
{
        struct fw_str copy = fw_arena_copy(arena, authority);
        char *p = fw_arena_strdup(arena, copy.p);
        size_t host = 0;
        for (size_t i = 0; i < copy.len; i++)
                if (p[i] == '@')
                        host = i + 1;
        for (size_t i = host; i < copy.len; i++)
                p[i] = fw_lower(p[i]);
        struct fw_str result = fw_str_n(p, copy.len);
        struct fw_str port = is_https ? FW_STR(":443") : FW_STR(":80");
        if (fw_str_ends(result, port))
                result.len -= port.len;
        else if (fw_str_ends(result, FW_STR(":")))
                result.len--;
        return result;
}

struct fw_str fw_link_canonical(struct fw_str url, struct fw_arena *arena)
{
        url = without_line_ends(fw_str_trim(url), arena);
        if (!fw_link_is_http(url))
                return fw_arena_copy(arena, url);
        struct parts parts = cut(url);
        bool is_https = parts.scheme.len == 5;
        parts.scheme = is_https ? FW_STR("https") : FW_STR("http");
        parts.authority = canonical_authority(parts.authority, is_https, arena);
        parts.path = normalise_escapes(remove_dot_segments(parts.path, arena), arena);
        if (parts.path.len == 0)
                parts.path = FW_STR("/");
        parts.query = normalise_escapes(without_tracking(parts.query, arena), arena);
        parts.has_query = parts.query.len > 0;
        parts.has_fragment = false;
        return join(&parts, arena);
}
