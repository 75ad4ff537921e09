/*
 * feedwatchd: the daemon's command line.
 */
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/str.h"
#include "daemon/daemon.h"

static void print_help(void)
{
        puts("Usage: feedwatchd [OPTION…]\n"
             "\n"
             "Watches news feeds, runs rules over every new item, and alerts. Stays in the\n"
             "foreground; meant to be run by systemd, works from a shell as well.\n"
             "\n"
             "  -c, --config FILE     the configuration; else $FEEDWATCH_CONFIG, else\n"
             "                        $XDG_CONFIG_HOME/feedwatch/feedwatch.yaml, for the\n"
             "                        system service /etc/feedwatch/feedwatch.yaml\n"
             "      --socket PATH     the control socket, instead of the configuration's\n"
             "      --log-level LEVEL error, warning, notice, info (default) or debug\n"
             "      --oneshot         serve the control socket, poll only when asked, end with\n"
             "                        standard input; what 'feedwatch check' does by itself\n"
             "                        where no daemon runs\n"
             "      --ready-fd N      write 'READY' to descriptor N when the control socket\n"
             "                        answers\n"
             "  -h, --help            show this\n"
             "      --version         show the version\n"
             "\n"
             "SIGHUP re-reads all files, all or nothing; SIGTERM and SIGINT end it.\n"
             "Exit status: 0 ended when told to, 1 it failed, 2 wrong usage.\n"
             "See feedwatchd(8), feedwatch.yaml(5), feedwatch(1).");
}

static int usage_error(void)
{
        fputs("Try 'feedwatchd --help'.\n", stderr);
        return 2;
}

static int parse_ready_fd(const char *text, int *ret_fd)
{
        uint64_t number;
        if (fw_str_to_u64(fw_str_c(text), &number) < 0 || number > 65535) {
                fprintf(stderr, "feedwatchd: --ready-fd: '%s' is not a descriptor number\n", text);
                return -1;
        }
        if (fcntl((int) number, F_GETFD) < 0) {
                fprintf(stderr, "feedwatchd: --ready-fd: descriptor %s is not open\n", text);
                return -1;
        }
        *ret_fd = (int) number;
        return 0;
}

enum { OPTION_SOCKET = 256, OPTION_LOG_LEVEL, OPTION_ONESHOT, OPTION_READY_FD, OPTION_VERSION };

/* 0: go on with `options`; 1: done, exit with 0; 2: wrong usage. */
static int parse_options(int argc, char **argv, struct fw_daemon_options *options)
{
        static const struct option known[] = {
                { "config", required_argument, NULL, 'c' },
                { "socket", required_argument, NULL, OPTION_SOCKET },
                { "log-level", required_argument, NULL, OPTION_LOG_LEVEL },
                { "oneshot", no_argument, NULL, OPTION_ONESHOT },
                { "ready-fd", required_argument, NULL, OPTION_READY_FD },
                { "help", no_argument, NULL, 'h' },
                { "version", no_argument, NULL, OPTION_VERSION },
                { 0 },
        };
        enum fw_log_level level = FW_LOG_INFO;
        int option;
        while ((option = getopt_long(argc, argv, "c:h", known, NULL)) >= 0) {
                switch (option) {
                case 'c':
                        options->config_option = optarg;
                        break;
                case OPTION_SOCKET:
                        options->socket_option = optarg;
                        break;
                case OPTION_LOG_LEVEL:
                        if (fw_log_level_from_name(optarg, &level) < 0) {
                                fprintf(stderr,
                                        "feedwatchd: --log-level: '%s' is none of error, warning, notice, info, "
                                        "debug\n",
                                        optarg);
                                return usage_error();
                        }
                        break;
                case OPTION_ONESHOT:
                        options->oneshot = true;
                        break;
                case OPTION_READY_FD:
                        if (parse_ready_fd(optarg, &options->ready_fd) < 0)
                                return usage_error();
                        break;
                case 'h':
                        print_help();
                        return 1;
                case OPTION_VERSION:
                        puts("feedwatchd " FW_VERSION);
                        return 1;
                default:
                        return usage_error();
                }
        }
        if (optind < argc) {
                fprintf(stderr, "feedwatchd: unexpected argument '%s'; everything else is in feedwatch.yaml\n",
                        argv[optind]);
                return usage_error();
        }
        fw_log_set_level(level);
        return 0;
}

int main(int argc, char **argv)
{
        struct fw_daemon_options options = { .ready_fd = -1 };
        int r = parse_options(argc, argv, &options);
        if (r != 0)
                return r == 1 ? 0 : r;
        return fw_daemon_run(&options);
}
