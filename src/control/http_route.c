#include "control/http_internal.h"

#include <errno.h>
#include <string.h>

static int hex_digit(char c)
{
        if (fw_is_digit(c))
                return c - '0';
        c = fw_lower(c);
        return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int fw_http_percent_decode(struct fw_str raw, struct fw_arena *arena, struct fw_str *ret_text)
{
        char *out = fw_arena_alloc(arena, raw.len + 1);
        size_t length = 0;
        for (size_t i = 0; i < raw.len; i++) {
                char c = raw.p[i];
                if (c == '%') {
                        int high = i + 2 < raw.len ? hex_digit(raw.p[i + 1]) : -1;
                        int low = high >= 0 ? hex_digit(raw.p[i + 2]) : -1;
                        if (low < 0)
                                return -EINVAL;
                        c = (char) (high * 16 + low);
                        i += 2;
                }
                if (c == '\0')
                        return -EINVAL;
                out[length++] = c;
        }
        out[length] = '\0';
        *ret_text = fw_str_n(out, length);
        return 0;
}

/* Compares segment by segment; the raw text of {}s goes to `parameters`. */
static bool path_matches(const char *pattern, const char *path, struct fw_str parameters[FW_HTTP_PARAMETERS],
                         size_t *ret_count)
{
        struct fw_str wanted_rest = fw_str_c(pattern);
        struct fw_str given_rest = fw_str_c(path);
        struct fw_str wanted;
        struct fw_str given;
        size_t count = 0;

        while (fw_str_split(&wanted_rest, '/', &wanted)) {
                if (!fw_str_split(&given_rest, '/', &given))
                        return false;
                if (fw_str_eq(wanted, FW_STR("{}"))) {
                        if (fw_str_empty(given))
                                return false;
                        parameters[count++] = given;
                } else if (!fw_str_eq(wanted, given)) {
                        return false;
                }
        }
        *ret_count = count;
        return fw_str_empty(given_rest);
}

static bool method_matches(const char *wanted, const char *given)
{
        return strcmp(wanted, given) == 0 || (strcmp(wanted, "GET") == 0 && strcmp(given, "HEAD") == 0);
}

static void add_allowed(struct fw_http_request *request, const char *method)
{
        const char *names = strcmp(method, "GET") == 0 ? "GET, HEAD" : method;
        request->allow = fw_str_empty(request->allow)
                                 ? fw_str_c(names)
                                 : fw_arena_printf(request->arena, "%.*s, %s", FW_STR_ARG(request->allow), names);
}

static void take_parameters(struct fw_http_request *request, const struct fw_str *raw, size_t count)
{
        for (size_t i = 0; i < count; i++) {
                if (fw_http_percent_decode(raw[i], request->arena, &request->parameters[i]) < 0) {
                        request->status = MHD_HTTP_BAD_REQUEST;
                        request->problem = "the path has a broken percent escape";
                }
        }
}

void fw_http_route_request(struct fw_http_request *request, const char *method, const char *path)
{
        struct fw_str parameters[FW_HTTP_PARAMETERS] = { 0 };
        size_t count = 0;

        for (const struct fw_http_route *route = request->server->routes; route->path; route++) {
                if (!path_matches(route->path, path, parameters, &count))
                        continue;
                if (method_matches(route->method, method)) {
                        request->route = route;
                        take_parameters(request, parameters, count);
                        return;
                }
                add_allowed(request, route->method);
        }
        bool known = !fw_str_empty(request->allow);
        request->status = known ? MHD_HTTP_METHOD_NOT_ALLOWED : MHD_HTTP_NOT_FOUND;
        request->problem = known ? "this path does not take that method; see the Allow header"
                                 : "there is nothing at this path; docs/api.md lists what there is";
}
