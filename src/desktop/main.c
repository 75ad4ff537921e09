/*
 * feedwatch-desktop: shows the daemon's alerts as notifications of this desktop session.
 */
#include <errno.h>
#include <getopt.h>
#include <glib-unix.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/log.h"
#include "config/config.h"
#include "desktop/agent.h"

struct options {
        const char *config, *socket;
};

static void print_help(void)
{
        puts("Usage: feedwatch-desktop [OPTION…]\n"
             "\n"
             "Follows the alerts of feedwatchd and shows each as a desktop notification; a click\n"
             "on it opens the article. Runs in a desktop session, until it ends.\n"
             "\n"
             "  -c, --config FILE     the daemon's configuration, for its control socket; else\n"
             "                        $FEEDWATCH_CONFIG, else this user's, else the system\n"
             "                        service's socket\n"
             "      --socket PATH     the control socket itself\n"
             "      --log-level LEVEL error, warning, notice, info (default) or debug\n"
             "  -h, --help            show this\n"
             "      --version         show the version\n"
             "\n"
             "Exit status: 0 ended when told to, 1 it failed (no session bus, or another one\n"
             "shows this daemon's alerts already), 2 wrong usage.");
}

static int usage_error(void)
{
        fputs("Try 'feedwatch-desktop --help'.\n", stderr);
        return 2;
}

enum { OPTION_SOCKET = 256, OPTION_LOG_LEVEL, OPTION_VERSION };

/* -1: go on; else the exit status. */
static int parse_options(int argc, char **argv, struct options *options)
{
        static const struct option known[] = {
                { "config", required_argument, NULL, 'c' },
                { "socket", required_argument, NULL, OPTION_SOCKET },
                { "log-level", required_argument, NULL, OPTION_LOG_LEVEL },
                { "help", no_argument, NULL, 'h' },
                { "version", no_argument, NULL, OPTION_VERSION },
                { 0 },
        };
        enum fw_log_level level = FW_LOG_INFO;
        int option;
        while ((option = getopt_long(argc, argv, "c:h", known, NULL)) >= 0) {
                switch (option) {
                case 'c':
                        options->config = optarg;
                        break;
                case OPTION_SOCKET:
                        options->socket = optarg;
                        break;
                case OPTION_LOG_LEVEL:
                        if (fw_log_level_from_name(optarg, &level) < 0) {
                                fprintf(stderr,
                                        "feedwatch-desktop: --log-level: '%s' is none of error, warning, notice, info, "
                                        "debug\n",
                                        optarg);
                                return usage_error();
                        }
                        break;
                case 'h':
                        print_help();
                        return 0;
                case OPTION_VERSION:
                        puts("feedwatch-desktop " FW_VERSION);
                        return 0;
                default:
                        return usage_error();
                }
        }
        if (optind < argc) {
                fprintf(stderr, "feedwatch-desktop: unexpected argument '%s'\n", argv[optind]);
                return usage_error();
        }
        fw_log_set_level(level);
        return -1;
}

static gboolean on_signal(gpointer loop)
{
        g_main_loop_quit(loop);
        return G_SOURCE_CONTINUE;
}

static void loop_until_told(struct fw_client *client, struct fw_notifier *notifier, struct fw_place *place)
{
        struct fw_random random;
        fw_random_init(&random);
        g_autoptr(GMainLoop) loop = g_main_loop_new(NULL, FALSE);
        guint terminate = g_unix_signal_add(SIGTERM, on_signal, loop);
        guint interrupt = g_unix_signal_add(SIGINT, on_signal, loop);
        struct fw_agent *agent = fw_agent_new(client, notifier, place, &random);
        g_main_loop_run(loop);
        agent = fw_agent_free(agent);
        (void) g_source_remove(terminate);
        (void) g_source_remove(interrupt);
}

static int run(const char *socket_path, const char *state_dir)
{
        fw_cleanup(fw_freep) char *error = NULL;
        fw_cleanup(fw_notifier_freep) struct fw_notifier *notifier = fw_notifier_new(&error);
        if (!notifier) {
                fw_log(FW_LOG_ERROR, 0,
                       "no session bus: %s; notifications need a desktop session, so run this inside one", error);
                return EXIT_FAILURE;
        }
        fw_cleanup(fw_place_freep) struct fw_place *place = NULL;
        int r = fw_place_open(state_dir, socket_path, &place);
        if (r == -EWOULDBLOCK) {
                fw_log(FW_LOG_ERROR, 0, "another feedwatch-desktop shows the alerts of '%s' already", socket_path);
                return EXIT_FAILURE;
        }
        if (r < 0) {
                fw_log(FW_LOG_ERROR, r, "cannot keep in '%s' which alerts were shown", state_dir);
                return EXIT_FAILURE;
        }
        fw_cleanup(fw_client_freep) struct fw_client *client = fw_client_new(socket_path);
        if (fw_client_probe(client) == -EACCES) {
                fw_log(FW_LOG_ERROR, 0, "%s", fw_client_error(client));
                return EXIT_FAILURE;
        }
        loop_until_told(client, notifier, place);
        return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
        struct options options = { 0 };
        struct fw_paths paths;
        int status = parse_options(argc, argv, &options);
        if (status >= 0)
                return status;
        if (fw_paths_init(&paths, options.config) < 0 || !paths.state_dir) {
                fw_log(FW_LOG_ERROR, 0,
                       "neither $HOME nor $XDG_STATE_HOME is set: there is nowhere to keep which alerts were shown");
                return EXIT_FAILURE;
        }
        char *socket_path =
                options.socket ? fw_strdup(options.socket) : fw_config_control_socket(&paths, options.config);
        status = run(socket_path, paths.state_dir);
        free(socket_path);
        fw_paths_done(&paths);
        return status;
}
