#include "control/client_internal.h"

#include <errno.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "base/file.h"
#include "base/macros.h"

struct fw_client *fw_client_new(const char *socket_path)
{
        struct fw_client *client = fw_calloc(1, sizeof(*client));
        client->socket_path = fw_strdup(socket_path);
        client->easy = curl_easy_init();
        if (!client->easy)
                fw_out_of_memory(0);
        fw_buf_init(&client->error, FW_BUF_UNBOUNDED);
        return client;
}

struct fw_client *fw_client_free(struct fw_client *client)
{
        if (!client)
                return NULL;
        curl_easy_cleanup(client->easy);
        json_decref(client->error_body);
        fw_buf_done(&client->error);
        free(client->socket_path);
        free(client);
        return NULL;
}

const char *fw_client_error(const struct fw_client *client)
{
        return client->error.p ? client->error.p : "";
}

const json_t *fw_client_error_body(const struct fw_client *client)
{
        return client->error_body;
}

long fw_client_status(const struct fw_client *client)
{
        return client->status;
}

void fw_client_begin(struct fw_client *client)
{
        fw_buf_reset(&client->error);
        (void) fw_buf_append_c(&client->error, "");
        json_decref(client->error_body);
        client->error_body = NULL;
        client->status = 0;
}

/* ---- one request ---- */

static void add_header(struct fw_exchange *exchange, const char *header)
{
        struct curl_slist *longer = curl_slist_append(exchange->headers, header);
        if (!longer)
                fw_out_of_memory(strlen(header));
        exchange->headers = longer;
}

static void set_body(struct fw_exchange *exchange, const json_t *body)
{
        fw_cleanup(fw_buf_done) struct fw_buf text = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        if (body)
                (void) fw_json_append(&text, body);
        exchange->sent = fw_strdup(fw_buf_c(&text));
        (void) curl_easy_setopt(exchange->easy, CURLOPT_POST, 1L);
        (void) curl_easy_setopt(exchange->easy, CURLOPT_POSTFIELDS, exchange->sent);
        (void) curl_easy_setopt(exchange->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t) text.len);
        add_header(exchange, body ? "Content-Type: application/json" : "Content-Type:");
        add_header(exchange, "Expect:");
}

void fw_exchange_init(struct fw_exchange *exchange, const struct fw_client *client, CURL *easy, const char *method,
                      const char *path, const json_t *body, struct fw_str last_event_id)
{
        *exchange = (struct fw_exchange){ .easy = easy, .url = fw_asprintf("http://feedwatch%s", path) };
        curl_easy_reset(easy);
        (void) curl_easy_setopt(easy, CURLOPT_UNIX_SOCKET_PATH, client->socket_path);
        (void) curl_easy_setopt(easy, CURLOPT_URL, exchange->url);
        (void) curl_easy_setopt(easy, CURLOPT_PROXY, "");
        (void) curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
        (void) curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long) FW_CLIENT_TIMEOUT_SEC);
        (void) curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method);
        if (strcmp(method, "GET") != 0)
                set_body(exchange, body);
        if (!fw_str_empty(last_event_id)) {
                fw_cleanup(fw_freep) char *header = fw_asprintf("Last-Event-ID: %.*s", FW_STR_ARG(last_event_id));
                add_header(exchange, header);
        }
        (void) curl_easy_setopt(easy, CURLOPT_HTTPHEADER, exchange->headers);
}

void fw_exchange_done(struct fw_exchange *exchange)
{
        curl_slist_free_all(exchange->headers);
        free(exchange->url);
        free(exchange->sent);
        *exchange = (struct fw_exchange){ 0 };
}

/* ---- what went wrong ---- */

/* The group that may open the socket; "feedwatch" if even that cannot be seen. */
static const char *group_of(const char *path)
{
        struct stat status;
        const struct group *group = stat(path, &status) == 0 ? getgrgid(status.st_gid) : NULL;
        return group ? group->gr_name : "feedwatch";
}

static int judge_connection(struct fw_client *client, long error)
{
        if (error == EACCES || error == EPERM) {
                const char *group = group_of(client->socket_path);
                (void) fw_buf_printf(&client->error,
                                     "you may not open '%s': add yourself to the group '%s' (sudo adduser \"$USER\" "
                                     "%s) and log in again",
                                     client->socket_path, group, group);
                return -EACCES;
        }
        (void) fw_buf_printf(
                &client->error,
                "feedwatchd is not running: nobody listens at '%s'; start it with 'systemctl start feedwatchd' "
                "('systemctl --user start feedwatchd' for your own), or run 'feedwatchd'",
                client->socket_path);
        return -ECONNREFUSED;
}

static int judge_status(struct fw_client *client, struct fw_str answer)
{
        client->error_body = fw_json_parse(answer, NULL);
        struct fw_str message = fw_json_get_str(json_object_get(client->error_body, "error"), "message");
        if (fw_str_empty(message))
                (void) fw_buf_printf(&client->error, "feedwatchd answered with HTTP status %ld", client->status);
        else
                (void) fw_buf_append(&client->error, message);
        return -EREMOTEIO;
}

int fw_client_nonsense(struct fw_client *client, const char *what)
{
        fw_buf_reset(&client->error);
        (void) fw_buf_printf(&client->error, "what listens at '%s' does not answer like feedwatchd: %s",
                             client->socket_path, what);
        return -EPROTO;
}

int fw_client_judge(struct fw_client *client, CURL *easy, CURLcode code, struct fw_str answer)
{
        long error = 0;
        (void) curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &client->status);
        switch (code) {
        case CURLE_OK:
                return client->status >= 200 && client->status < 300 ? 0 : judge_status(client, answer);
        case CURLE_COULDNT_CONNECT:
                (void) curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &error);
                return judge_connection(client, error);
        case CURLE_OPERATION_TIMEDOUT:
                (void) fw_buf_printf(
                        &client->error,
                        "feedwatchd did not answer within %d s; 'systemctl status feedwatchd' says what it does",
                        FW_CLIENT_TIMEOUT_SEC);
                return -ETIMEDOUT;
        case CURLE_GOT_NOTHING:
        case CURLE_RECV_ERROR:
        case CURLE_SEND_ERROR:
        case CURLE_PARTIAL_FILE:
                (void) fw_buf_append_c(&client->error,
                                       "the connection to feedwatchd broke off; it may have been stopped or restarted");
                return -EPIPE;
        default:
                return fw_client_nonsense(client, curl_easy_strerror(code));
        }
}

/* ---- calls ---- */

int fw_client_probe(struct fw_client *client)
{
        struct sockaddr_un address = { .sun_family = AF_UNIX };
        fw_client_begin(client);
        size_t length = strlen(client->socket_path);
        if (length >= sizeof(address.sun_path))
                return judge_connection(client, ENAMETOOLONG);
        memcpy(address.sun_path, client->socket_path, length + 1);
        fw_cleanup(fw_closep) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fd < 0 || connect(fd, (const struct sockaddr *) &address, sizeof(address)) < 0)
                return judge_connection(client, errno);
        return 0;
}

static size_t collect(char *bytes, size_t size, size_t count, void *userdata)
{
        return fw_buf_append(userdata, fw_str_n(bytes, size * count)) == 0 ? size * count : 0;
}

static int parse_answer(struct fw_client *client, struct fw_str answer, json_t **ret_body)
{
        fw_cleanup(fw_freep) char *error = NULL;
        json_t *body = fw_str_empty(answer) ? json_null() : fw_json_parse(answer, &error);
        if (!body)
                return fw_client_nonsense(client, error);
        if (ret_body)
                *ret_body = body;
        else
                json_decref(body);
        return 0;
}

int fw_client_call(struct fw_client *client, const char *method, const char *path, const json_t *body,
                   json_t **ret_body)
{
        fw_cleanup(fw_buf_done) struct fw_buf answer = FW_BUF_INIT(FW_LIMIT_CLIENT_ANSWER_BYTES);
        struct fw_exchange exchange;

        fw_client_begin(client);
        fw_exchange_init(&exchange, client, client->easy, method, path, body, FW_STR_NONE);
        (void) curl_easy_setopt(client->easy, CURLOPT_TIMEOUT, (long) FW_CLIENT_TIMEOUT_SEC);
        (void) curl_easy_setopt(client->easy, CURLOPT_WRITEFUNCTION, collect);
        (void) curl_easy_setopt(client->easy, CURLOPT_WRITEDATA, &answer);
        CURLcode code = curl_easy_perform(client->easy);
        int r = fw_client_judge(client, client->easy, code, fw_buf_str(&answer));
        fw_exchange_done(&exchange);
        return r < 0 ? r : parse_answer(client, fw_buf_str(&answer), ret_body);
}

char *fw_client_escape(struct fw_str s)
{
        fw_cleanup(fw_buf_done) struct fw_buf out = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        for (size_t i = 0; i < s.len; i++) {
                char c = s.p[i];
                if (fw_is_alpha(c) || fw_is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~')
                        (void) fw_buf_append_byte(&out, c);
                else
                        (void) fw_buf_printf(&out, "%%%02X", (unsigned) (unsigned char) c);
        }
        return fw_strdup(fw_buf_c(&out));
}
