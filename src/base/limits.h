/*
 * limits: how much of anything the outside may make us hold, with the reason and what happens beyond. Limits that users set
 * stand in config/settings.h with their defaults; here is what nobody needs to change.
 */
#pragma once

#include <stddef.h>

/* A configuration, rule, entity or feed-list file. 100,000 feeds in OPML are about 20 MB. Beyond: the file is refused. */
#define FW_LIMIT_CONFIG_FILE_BYTES ((size_t) 64 * 1024 * 1024)

/* Messages kept by one struct fw_diag. Beyond: counted, not kept. */
#define FW_LIMIT_DIAG_ENTRIES ((size_t) 1000)

/* A line quoted under a message is cut around the place. */
#define FW_LIMIT_DIAG_LINE_BYTES ((size_t) 160)

/* Nesting of any document we read: YAML, JSON, XML, HTML, queries. Far above anything written by hand or by a program that
 * means well. Beyond: the document is malformed (feeds keep what was read), a query is an error. */
#define FW_LIMIT_NESTING 256

/* Values that the aliases and merge keys of one YAML file may stand for together. A file of a few lines could else become a
 * document of billions. Beyond: the file is refused. */
#define FW_LIMIT_YAML_ALIASED_NODES ((size_t) 1000 * 1000)
