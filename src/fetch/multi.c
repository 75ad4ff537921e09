#include "fetch/multi.h"

#include <errno.h>
#include <sys/epoll.h>
#include <time.h>

#include "base/alloc.h"
#include "base/clock.h"

/* How late libcurl's timer may come: nothing of ours needs it finer, and the kernel can bundle wake-ups. */
#define TIMER_ACCURACY_USEC FW_USEC_PER_MSEC

struct fw_multi {
        sd_event *event;
        CURLM *handle;
        sd_event_source *timer;
        fw_multi_done_function *done;
        void *userdata;
};

static void report_done(struct fw_multi *multi)
{
        int left = 0;
        CURLMsg *message;
        while ((message = curl_multi_info_read(multi->handle, &left)))
                if (message->msg == CURLMSG_DONE)
                        multi->done(multi->userdata, message->easy_handle, message->data.result);
}

static void act(struct fw_multi *multi, curl_socket_t socket, int what)
{
        int running = 0;
        (void) curl_multi_socket_action(multi->handle, socket, what, &running);
        report_done(multi);
}

static int on_io(sd_event_source *source fw_unused, int fd, uint32_t revents, void *userdata)
{
        int what = 0;
        if (revents & (EPOLLIN | EPOLLHUP))
                what |= CURL_CSELECT_IN;
        if (revents & EPOLLOUT)
                what |= CURL_CSELECT_OUT;
        if (revents & EPOLLERR)
                what |= CURL_CSELECT_ERR;
        act(userdata, fd, what);
        return 0;
}

static int on_timer(sd_event_source *source fw_unused, uint64_t usec fw_unused, void *userdata)
{
        act(userdata, CURL_SOCKET_TIMEOUT, 0);
        return 0;
}

static int on_socket(CURL *easy fw_unused, curl_socket_t socket, int what, void *userdata, void *socket_userdata)
{
        struct fw_multi *multi = userdata;
        sd_event_source *source = socket_userdata;

        if (what == CURL_POLL_REMOVE) {
                (void) curl_multi_assign(multi->handle, socket, NULL);
                sd_event_source_disable_unref(source);
                return 0;
        }
        uint32_t events =
                ((what & CURL_POLL_IN) ? (uint32_t) EPOLLIN : 0) | ((what & CURL_POLL_OUT) ? (uint32_t) EPOLLOUT : 0);
        if (source)
                return sd_event_source_set_io_events(source, events) < 0 ? -1 : 0;
        if (sd_event_add_io(multi->event, &source, socket, events, on_io, multi) < 0)
                return -1;
        (void) curl_multi_assign(multi->handle, socket, source);
        return 0;
}

static int set_timer(CURLM *handle fw_unused, long timeout_msec, void *userdata)
{
        struct fw_multi *multi = userdata;
        if (timeout_msec < 0)
                return sd_event_source_set_enabled(multi->timer, SD_EVENT_OFF) < 0 ? -1 : 0;
        uint64_t delay_usec = (uint64_t) timeout_msec * FW_USEC_PER_MSEC;
        if (sd_event_source_set_time_relative(multi->timer, delay_usec) < 0 ||
            sd_event_source_set_enabled(multi->timer, SD_EVENT_ONESHOT) < 0)
                return -1;
        return 0;
}

int fw_multi_new(sd_event *event, fw_multi_done_function *done, void *userdata, struct fw_multi **ret_multi)
{
        if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
                return -EIO;
        fw_cleanup(fw_multi_freep) struct fw_multi *multi = fw_calloc(1, sizeof(*multi));
        multi->done = done;
        multi->userdata = userdata;
        multi->event = sd_event_ref(event);
        multi->handle = curl_multi_init();
        if (!multi->handle)
                return -EIO;

        int r = sd_event_add_time(event, &multi->timer, CLOCK_MONOTONIC, 0, TIMER_ACCURACY_USEC, on_timer, multi);
        if (r < 0)
                return r;
        r = sd_event_source_set_enabled(multi->timer, SD_EVENT_OFF);
        if (r < 0)
                return r;
        (void) curl_multi_setopt(multi->handle, CURLMOPT_SOCKETFUNCTION, on_socket);
        (void) curl_multi_setopt(multi->handle, CURLMOPT_SOCKETDATA, multi);
        (void) curl_multi_setopt(multi->handle, CURLMOPT_TIMERFUNCTION, set_timer);
        (void) curl_multi_setopt(multi->handle, CURLMOPT_TIMERDATA, multi);
        (void) curl_multi_setopt(multi->handle, CURLMOPT_PIPELINING, (long) CURLPIPE_MULTIPLEX);
        *ret_multi = multi;
        multi = NULL;
        return 0;
}

struct fw_multi *fw_multi_free(struct fw_multi *multi)
{
        if (!multi)
                return NULL;
        if (multi->handle)
                (void) curl_multi_cleanup(multi->handle);
        sd_event_source_disable_unref(multi->timer);
        sd_event_unref(multi->event);
        free(multi);
        curl_global_cleanup();
        return NULL;
}

void fw_multi_set_connections(struct fw_multi *multi, uint32_t connections)
{
        (void) curl_multi_setopt(multi->handle, CURLMOPT_MAXCONNECTS, (long) connections);
}

int fw_multi_add(struct fw_multi *multi, CURL *easy)
{
        return curl_multi_add_handle(multi->handle, easy) == CURLM_OK ? 0 : -EIO;
}

void fw_multi_remove(struct fw_multi *multi, CURL *easy)
{
        (void) curl_multi_remove_handle(multi->handle, easy);
}
