/*
 * examine: one job, from a body to a result: parse, find what is new, match it, and say so in records. Runs in a
 * worker; pure.
 */
#pragma once

#include "base/arena.h"
#include "base/macros.h"
#include "engine/engine.h"
#include "rule/rule.h"

struct fw_examiner;

/* Holds a reference on the rules and whatever reading and matching needs; makes all of it now. */
struct fw_examiner *fw_examiner_new(struct fw_ruleset *ruleset);
struct fw_examiner *fw_examiner_free(struct fw_examiner *examiner);
FW_DEFINE_CLEANUP(struct fw_examiner, fw_examiner_free);

/* The result is FW_JOB_DONE or FW_JOB_NO_FEED; its strings are in `arena`, in the job, or live as long as the rules. */
void fw_examine(struct fw_examiner *examiner, const struct fw_job *job, struct fw_arena *arena,
                struct fw_result *ret_result);
