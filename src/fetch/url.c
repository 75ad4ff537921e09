#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "fetch/transfer.h"

static void curl_freep(char **text)
{
        curl_free(*text);
}

static void url_freep(CURLU **url)
{
        curl_url_cleanup(*url);
}

static CURLU *parse_url(const char *text)
{
        fw_cleanup(url_freep) CURLU *url = curl_url();
        if (!url)
                fw_out_of_memory(0);
        /* Other schemes are parsed too: whoever asks wants to name them when refusing. */
        if (strlen(text) > FW_LIMIT_URL_BYTES ||
            curl_url_set(url, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME | CURLU_NO_AUTHORITY) != CURLUE_OK)
                return NULL;
        CURLU *parsed = url;
        url = NULL;
        return parsed;
}

/* A part in our own memory; "" when the URL does not have it. */
static char *copy_part(CURLU *url, CURLUPart part, unsigned flags)
{
        fw_cleanup(curl_freep) char *text = NULL;
        if (curl_url_get(url, part, &text, flags) != CURLUE_OK)
                return fw_strdup("");
        return fw_strdup(text);
}

static void lower(char *text)
{
        for (; *text; text++)
                *text = fw_lower(*text);
}

int fw_url_parts(const char *url, char **ret_scheme, char **ret_host)
{
        fw_cleanup(url_freep) CURLU *parsed = parse_url(url);
        if (!parsed)
                return -EINVAL;
        *ret_scheme = copy_part(parsed, CURLUPART_SCHEME, 0);
        *ret_host = copy_part(parsed, CURLUPART_HOST, 0);
        lower(*ret_scheme);
        lower(*ret_host);
        return 0;
}

static bool same_part(CURLU *a, CURLU *b, CURLUPart part, unsigned flags)
{
        fw_cleanup(fw_freep) char *part_of_a = copy_part(a, part, flags);
        fw_cleanup(fw_freep) char *part_of_b = copy_part(b, part, flags);
        return fw_str_eq_nocase(fw_str_c(part_of_a), fw_str_c(part_of_b));
}

bool fw_url_same_origin(const char *a, const char *b)
{
        fw_cleanup(url_freep) CURLU *url_a = parse_url(a);
        fw_cleanup(url_freep) CURLU *url_b = parse_url(b);
        return url_a && url_b && same_part(url_a, url_b, CURLUPART_SCHEME, 0) &&
               same_part(url_a, url_b, CURLUPART_HOST, 0) &&
               same_part(url_a, url_b, CURLUPART_PORT, CURLU_DEFAULT_PORT);
}

long fw_url_port(const char *url)
{
        fw_cleanup(url_freep) CURLU *parsed = parse_url(url);
        fw_cleanup(fw_freep) char *text = parsed ? copy_part(parsed, CURLUPART_PORT, CURLU_DEFAULT_PORT) : NULL;
        uint64_t port = 0;
        return text && fw_str_to_u64(fw_str_c(text), &port) == 0 ? (long) port : 0;
}

char *fw_url_path(const char *url)
{
        fw_cleanup(url_freep) CURLU *parsed = parse_url(url);
        return parsed ? copy_part(parsed, CURLUPART_PATH, CURLU_URLDECODE) : fw_strdup("");
}

char *fw_url_resolve(const char *base, const char *reference)
{
        fw_cleanup(url_freep) CURLU *url = parse_url(base);
        if (!url || strlen(reference) > FW_LIMIT_URL_BYTES)
                return NULL;
        /* Servers send unescaped spaces and UTF-8 in Location; they mean them escaped. */
        unsigned flags = CURLU_NON_SUPPORT_SCHEME | CURLU_NO_AUTHORITY | CURLU_URLENCODE;
        if (curl_url_set(url, CURLUPART_URL, reference, flags) != CURLUE_OK)
                return NULL;
        (void) curl_url_set(url, CURLUPART_FRAGMENT, NULL, 0);
        char *resolved = copy_part(url, CURLUPART_URL, 0);
        if (*resolved != '\0')
                return resolved;
        free(resolved);
        return NULL;
}
