/*
 * place: how far this user has seen the alerts of one daemon, kept over restarts in the state folder: one small file
 * for each control socket. Its lock keeps a second agent from showing everything twice.
 */
#pragma once

#include "base/macros.h"
#include "base/str.h"

struct fw_place;

/* 0; -EWOULDBLOCK: another agent has it; other errors as of the file system. */
int fw_place_open(const char *state_dir, const char *socket_path, struct fw_place **ret_place);
struct fw_place *fw_place_free(struct fw_place *place);
FW_DEFINE_CLEANUP(struct fw_place, fw_place_free);
/* The id of the last event that was shown; "" if none ever was. */
const char *fw_place_get(const struct fw_place *place);
/* Remembered in memory in any case; the errno of writing it down. */
int fw_place_set(struct fw_place *place, struct fw_str event_id);
