/*
 * online: the daemon, for the commands that ask it. Where none runs, some of them bring their own: `feedwatchd
 * --oneshot` as a child that serves the same API on a private socket, polls only when asked, and ends when its standard
 * input closes. So there is one code path.
 */
#pragma once

#include <sys/types.h>

#include "cli/cli.h"
#include "control/client.h"

enum fw_online_mode {
        FW_ONLINE_DAEMON,   /* a running daemon, else an error that says how to start it */
        FW_ONLINE_OR_ALONE, /* else a child of our own */
};

struct fw_online {
        const struct fw_cli *cli;
        struct fw_client *client;
        pid_t child; /* 0: none */
        int child_stdin;
};

/* FW_EXIT_OK, or FW_EXIT_FAILED with everything said. */
int fw_online_open(struct fw_online *online, const struct fw_cli *cli, enum fw_online_mode mode);
/* Ends the child and waits for it. */
void fw_online_close(struct fw_online *online);

/* One request: FW_EXIT_OK and the answer (a new reference), or FW_EXIT_FAILED with everything said. `body` is stolen,
 * may be NULL. */
int fw_online_call(const struct fw_online *online, const char *method, const char *path, json_t *body,
                   json_t **ret_answer);
/* Says what the client's last call ran into. Returns FW_EXIT_FAILED. */
int fw_online_failed(const struct fw_online *online);

/* For commands that make one GET request and print the answer: opens, asks, prints with `print` or as JSON, closes. */
int fw_online_show(const struct fw_cli *cli, enum fw_online_mode mode, const char *path,
                   void (*print)(const struct fw_cli *cli, const json_t *answer));
