/*
 * commands: one line for each file of a command.
 */
#pragma once

#include "cli/cli.h"
