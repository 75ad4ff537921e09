/*
 * cli: what every command of `feedwatch` stands on: its description, its parsed arguments, and its ways to print.
 *
 * A command is one file with one `const struct fw_command`, listed in commands.c. Usage errors, --help, and the completions of the
 * shells are made from that description, so they cannot disagree.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"
#include "base/json.h"
#include "base/macros.h"
#include "base/str.h"
#include "base/vec.h"

enum fw_exit {
        FW_EXIT_OK = 0,
        FW_EXIT_FAILED = 1, /* it failed, or found problems */
        FW_EXIT_USAGE = 2,  /* wrong usage */
};

/* What the shells offer for an argument. */
enum fw_completion {
        FW_COMPLETE_NOTHING,
        FW_COMPLETE_FILE,
        FW_COMPLETE_FEED, /* ids of feeds, from the configuration; likewise the next two */
        FW_COMPLETE_RULE,
        FW_COMPLETE_ENTITY,
        FW_COMPLETE_WORDS, /* the option's `words`: anything else is wrong usage */
};

struct fw_option {
        const char *name;     /* without dashes: "dry-run"; NULL ends a list */
        const char *argument; /* "FILE" for --help; NULL: a flag */
        const char *help;     /* no longer than a sentence or two; wrapped */
        char letter;          /* 0: none */
        bool many;            /* takes every following argument, up to the next option; may be repeated too */
        enum fw_completion complete;
        const char *words; /* "info|notice|warning|critical" */
};

struct fw_cli;

struct fw_command {
        const char *name;      /* "check", "feeds list" */
        const char *arguments; /* for --help: "[FEED…]"; "" for none */
        size_t least, most;    /* how many arguments it takes; SIZE_MAX: any number */
        enum fw_completion complete;
        bool json;           /* it prints data: --json is known */
        const char *summary; /* one line, without a full stop: "check feeds now" */
        const char *help;    /* paragraphs, lines of at most 80 columns, ended by '\n'; printed as they are */
        const struct fw_option *options; /* NULL: none but the common ones */
        int (*run)(struct fw_cli *cli);  /* returns an enum fw_exit */
};

/* Ended by NULL, in the order of --help. */
extern const struct fw_command *const fw_commands[];
/* --config, --json, --no-color, --help, --version. */
extern const struct fw_option fw_common_options[];

struct fw_given {
        const struct fw_option *option;
        const char *value; /* NULL for a flag */
};

struct fw_cli {
        const struct fw_command *command;
        FW_VEC(struct fw_given) given;
        FW_VEC(const char *) arguments; /* what is no option; into argv */
        const char *config_option;      /* --config, or NULL */
        bool json;
        bool color;       /* on stdout */
        bool color_error; /* on stderr */
};

/*
 * Parses a command line, argv[0] included. -1: go on with cli->command; else the exit status, and everything was said (help,
 * version, usage errors). `cli` must be zeroed; free with fw_cli_done().
 */
int fw_cli_parse(struct fw_cli *cli, int argc, const char *const *argv);
void fw_cli_done(struct fw_cli *cli);

/* True if the option was given. The name must be one of the command's own options: a wrong one is our own mistake. */
bool fw_cli_has(const struct fw_cli *cli, const char *name);
/* The (last) value of an option, or NULL. */
const char *fw_cli_value(const struct fw_cli *cli, const char *name);
/* All values of an option, in a new array (free with free()); NULL and 0 for none. */
const char **fw_cli_values(const struct fw_cli *cli, const char *name, size_t *ret_len);
/* 0; -ENOENT if it was not given (nothing is stored); -EINVAL, said as a usage error: return FW_EXIT_USAGE. */
int fw_cli_value_uint(const struct fw_cli *cli, const char *name, uint64_t min, uint64_t max, uint64_t *ret);
int fw_cli_value_duration(const struct fw_cli *cli, const char *name, uint64_t *ret_usec);

/* "feedwatch feeds list: …" and where help is, to stderr. Returns FW_EXIT_USAGE. */
int fw_cli_usage_error(const struct fw_cli *cli, const char *format, ...) fw_printf(2, 3);
/* "feedwatch: error: …", to stderr. Returns FW_EXIT_FAILED. */
int fw_cli_error(const struct fw_cli *cli, const char *format, ...) fw_printf(2, 3);
void fw_cli_warning(const struct fw_cli *cli, const char *format, ...) fw_printf(2, 3);
/* All messages with their lines and carets, to stderr. Returns FW_EXIT_FAILED if there is an error among them, else FW_EXIT_OK. */
int fw_cli_print_diag(const struct fw_cli *cli, const struct fw_diag *diag);

/* ---- help.c ---- */

/* `command` NULL: of all commands that begin with `group`; `group` NULL: of the program. To stdout. */
void fw_cli_print_help(const struct fw_command *command, const char *group);

/* ---- print.c: stdout ---- */

enum fw_style {
        FW_STYLE_PLAIN,
        FW_STYLE_BOLD,
        FW_STYLE_DIM,
        FW_STYLE_GOOD,
        FW_STYLE_WARN,
        FW_STYLE_BAD,
        FW_STYLE_MARK, /* words that matched */
};

/* The escape sequence that begins a style, and the one that ends any; "" without colour. */
const char *fw_cli_style(const struct fw_cli *cli, enum fw_style style);
const char *fw_cli_style_end(const struct fw_cli *cli);
/* Text from outside: in one line, nothing in it acts on the terminal. */
void fw_cli_print_text(const struct fw_cli *cli, struct fw_str text, enum fw_style style);

struct fw_span {
        size_t start, end;
};
/* The same with spans (increasing, not overlapping) marked: by colour, else by »…«. */
void fw_cli_print_marked(const struct fw_cli *cli, struct fw_str text, const struct fw_span *spans, size_t spans_len);
/* One line of JSON; indented over several on a terminal. */
void fw_cli_print_json(const json_t *json);
/* Always one line: for JSON lines. */
void fw_cli_print_json_line(const json_t *json);
/* The columns of the terminal on stdout; 0 when it is none. */
size_t fw_cli_terminal_columns(void);

/* ---- table.c ---- */

struct fw_column {
        const char *heading; /* NULL ends a list */
        bool right;          /* aligned right: numbers */
        bool shrink;         /* cut with … where the terminal is too narrow; at most one column */
};

struct fw_table;
/* `columns` is borrowed. */
struct fw_table *fw_table_new(const struct fw_column *columns);
struct fw_table *fw_table_free(struct fw_table *table);
FW_DEFINE_CLEANUP(struct fw_table, fw_table_free);
/* Adds the next cell; after the last column a new row begins. The text is copied, and made harmless. */
void fw_table_cell(struct fw_table *table, struct fw_str text, enum fw_style style);
void fw_table_cellf(struct fw_table *table, enum fw_style style, const char *format, ...) fw_printf(3, 4);
/* Headings and rows, aligned by display width; nothing at all without a row. */
void fw_table_print(const struct fw_table *table, const struct fw_cli *cli);

/* ---- progress.c: a bar on stderr, where that is a terminal ---- */

struct fw_progress {
        const char *what; /* "checking feeds" */
        size_t total, done;
        bool drawn; /* it is on the screen */
        bool shown;
};

/* `what` is borrowed. */
void fw_progress_begin(struct fw_progress *progress, const char *what, size_t total);
void fw_progress_set(struct fw_progress *progress, size_t done);
/* Takes the bar off the screen, so that a line can be printed; the next fw_progress_set() draws it again. */
void fw_progress_clear(struct fw_progress *progress);
static inline void fw_progress_end(struct fw_progress *progress)
{
        fw_progress_clear(progress);
        progress->shown = false;
}

/* ---- complete.c ---- */

/*
 * `feedwatch __complete WORD…`, called by the shells' completions: the last word is the one that is being typed. Prints a candidate and
 * its description, parted by a tab, a line; ":files" asks the shell to offer files.
 */
int fw_cli_complete(int argc, const char *const *argv);
