#include "desktop/notifier.h"

#include <errno.h>
#include <gio/gio.h>
#include <libnotify/notify.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"

struct fw_notifier {
        bool markup, actions;
        char *server;
        char *error;
        GQueue shown; /* NotifyNotification, the oldest first; each is kept so that its action can be invoked */
};

struct fw_notifier *fw_notifier_new(char **ret_error)
{
        g_autoptr(GError) error = NULL;
        g_autoptr(GDBusConnection) bus = g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, &error);
        if (!bus || !notify_init("feedwatch")) {
                *ret_error = fw_strdup(error ? error->message : "libnotify cannot be set up");
                return NULL;
        }
        struct fw_notifier *notifier = fw_calloc(1, sizeof(*notifier));
        g_queue_init(&notifier->shown);
        notifier->server = fw_strdup("");
        notifier->error = fw_strdup("");
        return notifier;
}

static void let_go(gpointer notification)
{
        g_signal_handlers_disconnect_matched(notification, G_SIGNAL_MATCH_ID, 0, 0, NULL, NULL, NULL);
        g_object_unref(notification);
}

struct fw_notifier *fw_notifier_free(struct fw_notifier *notifier)
{
        if (!notifier)
                return NULL;
        g_queue_clear_full(&notifier->shown, let_go);
        notify_uninit();
        free(notifier->server);
        free(notifier->error);
        free(notifier);
        return NULL;
}

static int fail(struct fw_notifier *notifier, const char *words)
{
        free(notifier->error);
        notifier->error = fw_strdup(words);
        return -EIO;
}

static bool has(GList *capabilities, const char *name)
{
        return g_list_find_custom(capabilities, name, (GCompareFunc) strcmp) != NULL;
}

int fw_notifier_ask(struct fw_notifier *notifier)
{
        g_autofree char *name = NULL;
        g_autofree char *version = NULL;
        if (!notify_get_server_info(&name, NULL, &version, NULL))
                return fail(notifier, "no notification server answers on the session bus");
        GList *capabilities = notify_get_server_caps();
        notifier->markup = has(capabilities, "body-markup");
        notifier->actions = has(capabilities, "actions");
        g_list_free_full(capabilities, g_free);
        free(notifier->server);
        notifier->server = fw_asprintf("%s %s", name ? name : "?", version ? version : "");
        return 0;
}

bool fw_notifier_has_markup(const struct fw_notifier *notifier)
{
        return notifier->markup;
}

const char *fw_notifier_server(const struct fw_notifier *notifier)
{
        return notifier->server;
}

const char *fw_notifier_error(const struct fw_notifier *notifier)
{
        return notifier->error;
}

/* What a browser saves is not as private as what the daemon that may have started us writes. */
static void relax_umask(gpointer userdata G_GNUC_UNUSED)
{
        (void) umask(022);
}

/* xdg-open, as the user has set it up; else what GLib knows. No shell. */
static void open_link(NotifyNotification *notification G_GNUC_UNUSED, char *action G_GNUC_UNUSED, gpointer userdata)
{
        char *link = userdata;
        char *arguments[] = { (char *) (uintptr_t) "xdg-open", link, NULL };
        const GSpawnFlags flags = G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL;
        if (!g_spawn_async(NULL, arguments, NULL, flags, relax_umask, NULL, NULL, NULL))
                (void) g_app_info_launch_default_for_uri(link, NULL, NULL);
}

static gboolean unref_later(gpointer notification)
{
        g_object_unref(notification);
        return G_SOURCE_REMOVE;
}

static void on_closed(NotifyNotification *notification, gpointer userdata)
{
        struct fw_notifier *notifier = userdata;
        if (g_queue_remove(&notifier->shown, notification))
                (void) g_idle_add(unref_later, notification); /* libnotify is not done with it yet */
}

static void keep(struct fw_notifier *notifier, NotifyNotification *notification)
{
        g_queue_push_tail(&notifier->shown, notification);
        if (g_queue_get_length(&notifier->shown) > FW_LIMIT_NOTIFICATIONS)
                let_go(g_queue_pop_head(&notifier->shown));
}

static void dress(NotifyNotification *notification, const struct fw_message *message)
{
        static const NotifyUrgency urgencies[] = { [FW_URGENCY_LOW] = NOTIFY_URGENCY_LOW,
                                                   [FW_URGENCY_NORMAL] = NOTIFY_URGENCY_NORMAL,
                                                   [FW_URGENCY_CRITICAL] = NOTIFY_URGENCY_CRITICAL };
        notify_notification_set_app_name(notification, "feedwatch");
        notify_notification_set_category(notification, "x-feedwatch.alert");
        notify_notification_set_hint(notification, "desktop-entry", g_variant_new_string("feedwatch-desktop"));
        notify_notification_set_urgency(notification, urgencies[message->urgency]);
}

int fw_notifier_show(struct fw_notifier *notifier, const struct fw_message *message)
{
        g_autoptr(GError) error = NULL;
        NotifyNotification *notification = notify_notification_new(message->summary, message->body, "feedwatch");
        dress(notification, message);
        if (message->link && notifier->actions)
                notify_notification_add_action(notification, "default", "Open", open_link, fw_strdup(message->link),
                                               free);
        if (!notify_notification_show(notification, &error)) {
                g_object_unref(notification);
                return fail(notifier, error ? error->message : "the notification server refused it");
        }
        (void) g_signal_connect(notification, "closed", G_CALLBACK(on_closed), notifier);
        keep(notifier, notification);
        return 0;
}
