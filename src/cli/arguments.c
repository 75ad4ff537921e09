/*
 * arguments: the command line, as getopt_long(3) users expect it: options anywhere, "--name value", "--name=value", unique
 * abbreviations, clustered letters, "--" ends options.
 */
#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "cli/cli.h"
#include "cli/lookup.h"

const struct fw_option fw_common_options[] = {
        { .name = "config",
          .letter = 'c',
          .argument = "FILE",
          .complete = FW_COMPLETE_FILE,
          .help = "the configuration; else $FEEDWATCH_CONFIG, else feedwatch.yaml in $XDG_CONFIG_HOME/feedwatch, for "
                  "root in "
                  "/etc/feedwatch" },
        { .name = "json", .help = "print JSON" },
        { .name = "no-color", .help = "no colour, as with $NO_COLOR" },
        { .name = "help", .letter = 'h', .help = "show this" },
        { .name = "version", .help = "show the version" },
        { 0 },
};

struct parser {
        struct fw_cli *cli;
        const char *const *argv;
        int argc, next;
        const char *group;
        bool options_ended, help, version, no_color;
};

/* ---- messages ---- */

static void print_prefixed(bool color, const char *style, const char *prefix, const char *format, va_list args)
        fw_printf(4, 0);
static void print_prefixed(bool color, const char *style, const char *prefix, const char *format, va_list args)
{
        fprintf(stderr, "feedwatch: %s%s%s", color ? style : "", prefix, color && *prefix ? "\033[0m" : "");
        vfprintf(stderr, format, args);
        fputc('\n', stderr);
}

int fw_cli_usage_error(const struct fw_cli *cli, const char *format, ...)
{
        const char *name = cli->command ? cli->command->name : NULL;
        fprintf(stderr, "feedwatch%s%s: ", name ? " " : "", name ? name : "");
        va_list args;
        va_start(args, format);
        vfprintf(stderr, format, args);
        va_end(args);
        fprintf(stderr, "\nTry 'feedwatch%s%s --help'.\n", name ? " " : "", name ? name : "");
        return FW_EXIT_USAGE;
}

int fw_cli_error(const struct fw_cli *cli, const char *format, ...)
{
        va_list args;
        va_start(args, format);
        print_prefixed(cli->color_error, "\033[1;31m", "error: ", format, args);
        va_end(args);
        return FW_EXIT_FAILED;
}

void fw_cli_warning(const struct fw_cli *cli, const char *format, ...)
{
        va_list args;
        va_start(args, format);
        print_prefixed(cli->color_error, "\033[1;33m", "warning: ", format, args);
        va_end(args);
}

int fw_cli_print_diag(const struct fw_cli *cli, const struct fw_diag *diag)
{
        fw_cleanup(fw_buf_done) struct fw_buf out = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_diag_render_all(diag, cli->color_error, &out);
        (void) fwrite(fw_buf_c(&out), 1, out.len, stderr);
        return fw_diag_has_errors(diag) ? FW_EXIT_FAILED : FW_EXIT_OK;
}

/* ---- options ---- */

static int unknown_option(const struct parser *parser, const char *text, struct fw_str name)
{
        struct fw_str known[64];
        size_t len = 0;
        for (size_t i = 0; len < FW_ARRAY_LEN(known); i++) {
                const struct fw_option *option = fw_option_at(parser->cli->command, i);
                if (!option)
                        break;
                known[len++] = fw_str_c(option->name);
        }
        struct fw_str nearest = fw_str_nearest(name, known, len);
        if (fw_str_empty(nearest))
                return fw_cli_usage_error(parser->cli, "unknown option '%s'", text);
        return fw_cli_usage_error(parser->cli, "unknown option '%s'; did you mean '--%.*s'?", text,
                                  FW_STR_ARG(nearest));
}

static bool is_one_of(const char *value, const char *words)
{
        struct fw_str rest = fw_str_c(words), word;
        while (fw_str_split(&rest, '|', &word))
                if (fw_str_eq(word, fw_str_c(value)))
                        return true;
        return false;
}

static int take(struct parser *parser, const struct fw_option *option, const char *value)
{
        if (option->words && value && !is_one_of(value, option->words))
                return fw_cli_usage_error(parser->cli, "--%s: '%s' is none of %s", option->name, value, option->words);
        struct fw_cli *cli = parser->cli;
        if (option == fw_common_option("config"))
                cli->config_option = value;
        else if (option == fw_common_option("json"))
                cli->json = true;
        else if (option == fw_common_option("no-color"))
                parser->no_color = true;
        else if (option == fw_common_option("help"))
                parser->help = true;
        else if (option == fw_common_option("version"))
                parser->version = true;
        else
                fw_vec_push(&cli->given, (struct fw_given){ .option = option, .value = value });
        return -1;
}

/* `value`: what was joined to the option, or NULL. */
static int take_with_value(struct parser *parser, const struct fw_option *option, const char *value)
{
        if (!option->argument)
                return value ? fw_cli_usage_error(parser->cli, "--%s takes no value", option->name)
                             : take(parser, option, NULL);
        if (!value && parser->next < parser->argc)
                value = parser->argv[parser->next++];
        if (!value)
                return fw_cli_usage_error(parser->cli, "--%s needs a value: %s", option->name, option->argument);
        int r = take(parser, option, value);
        while (r < 0 && option->many && parser->next < parser->argc && parser->argv[parser->next][0] != '-')
                r = take(parser, option, parser->argv[parser->next++]);
        return r;
}

static int take_long(struct parser *parser, const char *text)
{
        const char *equals = strchr(text, '=');
        struct fw_str name = equals ? fw_str_n(text + 2, (size_t) (equals - text) - 2) : fw_str_c(text + 2);
        const struct fw_option *option = NULL;
        if (fw_option_find(parser->cli->command, name, &option) == -ENOTUNIQ)
                return fw_cli_usage_error(parser->cli, "'%s' may stand for more than one option", text);
        if (!option)
                return unknown_option(parser, text, name);
        return take_with_value(parser, option, equals ? equals + 1 : NULL);
}

static int take_letters(struct parser *parser, const char *text)
{
        for (const char *p = text + 1; *p; p++) {
                const struct fw_option *option = fw_option_find_letter(parser->cli->command, *p);
                if (!option)
                        return fw_cli_usage_error(parser->cli, "unknown option '-%c'", *p);
                int r = take_with_value(parser, option, option->argument && p[1] ? p + 1 : NULL);
                if (r >= 0 || option->argument)
                        return r;
        }
        return -1;
}

/* ---- commands ---- */

static int unknown_command(const struct parser *parser, const char *word)
{
        fw_cleanup(fw_freep) char *name = parser->group ? fw_asprintf("%s %s", parser->group, word) : fw_strdup(word);
        struct fw_str known[64];
        size_t len = 0;
        for (size_t i = 0; fw_commands[i] && len < FW_ARRAY_LEN(known); i++) {
                struct fw_str candidate = fw_str_c(fw_commands[i]->name);
                size_t space = fw_str_find_byte(candidate, ' ', 0);
                if (parser->group || space == SIZE_MAX)
                        known[len++] = candidate;
                else
                        known[len++] = fw_str_slice(candidate, 0, space);
        }
        struct fw_str nearest = fw_str_nearest(fw_str_c(name), known, len);
        if (fw_str_empty(nearest))
                fprintf(stderr, "feedwatch: unknown command '%s'\n", name);
        else
                fprintf(stderr, "feedwatch: unknown command '%s'; did you mean '%.*s'?\n", name, FW_STR_ARG(nearest));
        fprintf(stderr, "Try 'feedwatch%s%s --help'.\n", parser->group ? " " : "", parser->group ? parser->group : "");
        return FW_EXIT_USAGE;
}

static int take_word(struct parser *parser, const char *word)
{
        struct fw_cli *cli = parser->cli;
        if (cli->command) {
                fw_vec_push(&cli->arguments, word);
                return -1;
        }
        cli->command = fw_command_find(parser->group, word);
        if (cli->command)
                return -1;
        if (parser->group || !fw_command_is_group(word))
                return unknown_command(parser, word);
        parser->group = word;
        return -1;
}

static int take_all(struct parser *parser)
{
        int r = -1;
        while (r < 0 && parser->next < parser->argc) {
                const char *text = parser->argv[parser->next++];
                if (parser->options_ended || text[0] != '-' || !text[1])
                        r = take_word(parser, text);
                else if (strcmp(text, "--") == 0)
                        parser->options_ended = true;
                else if (text[1] == '-')
                        r = take_long(parser, text);
                else
                        r = take_letters(parser, text);
        }
        return r;
}

static int check_arguments(const struct fw_cli *cli)
{
        const struct fw_command *command = cli->command;
        if (cli->arguments.len < command->least)
                return fw_cli_usage_error(cli, "an argument is missing: %s", command->arguments);
        if (cli->arguments.len > command->most)
                return fw_cli_usage_error(cli, "unexpected argument '%s'", cli->arguments.p[command->most]);
        return -1;
}

static bool wants_color(const struct parser *parser, int fd)
{
        const char *no_color = getenv("NO_COLOR"), *terminal = getenv("TERM");
        return !parser->no_color && !(no_color && *no_color) && isatty(fd) &&
               !(terminal && strcmp(terminal, "dumb") == 0);
}

int fw_cli_parse(struct fw_cli *cli, int argc, const char *const *argv)
{
        struct parser parser = { .cli = cli, .argv = argv, .argc = argc, .next = 1 };
        int r = take_all(&parser);
        if (r >= 0)
                return r;
        cli->color = wants_color(&parser, STDOUT_FILENO);
        cli->color_error = wants_color(&parser, STDERR_FILENO);
        if (parser.version) {
                puts("feedwatch " FW_VERSION);
                return FW_EXIT_OK;
        }
        if (parser.help) {
                fw_cli_print_help(cli->command, parser.group);
                return FW_EXIT_OK;
        }
        if (!cli->command) {
                fprintf(stderr, "feedwatch%s%s: a command is missing\nTry 'feedwatch%s%s --help'.\n",
                        parser.group ? " " : "", parser.group ? parser.group : "", parser.group ? " " : "",
                        parser.group ? parser.group : "");
                return FW_EXIT_USAGE;
        }
        if (cli->json && !cli->command->json)
                return fw_cli_usage_error(cli, "it prints no data: --json is not for it");
        return check_arguments(cli);
}

void fw_cli_done(struct fw_cli *cli)
{
        fw_vec_done(&cli->given);
        fw_vec_done(&cli->arguments);
}

/* ---- questions ---- */

/* The last one given, or NULL. */
static const struct fw_given *find_given(const struct fw_cli *cli, const char *name)
{
        assert(fw_option_is_of(cli->command, name));
        for (size_t i = cli->given.len; i-- > 0;)
                if (strcmp(cli->given.p[i].option->name, name) == 0)
                        return &cli->given.p[i];
        return NULL;
}

bool fw_cli_has(const struct fw_cli *cli, const char *name)
{
        return find_given(cli, name) != NULL;
}

const char *fw_cli_value(const struct fw_cli *cli, const char *name)
{
        const struct fw_given *given = find_given(cli, name);
        return given ? given->value : NULL;
}

const char **fw_cli_values(const struct fw_cli *cli, const char *name, size_t *ret_len)
{
        FW_VEC(const char *) values = { 0 };
        for (size_t i = 0; i < cli->given.len; i++)
                if (strcmp(cli->given.p[i].option->name, name) == 0)
                        fw_vec_push(&values, cli->given.p[i].value);
        *ret_len = values.len;
        return values.p;
}

int fw_cli_value_uint(const struct fw_cli *cli, const char *name, uint64_t min, uint64_t max, uint64_t *ret)
{
        const char *value = fw_cli_value(cli, name);
        if (!value)
                return -ENOENT;
        uint64_t number;
        if (fw_str_to_u64(fw_str_c(value), &number) < 0 || number < min || number > max) {
                fw_cli_usage_error(cli, "--%s: '%s' is not a whole number from %llu to %llu", name, value,
                                   (unsigned long long) min, (unsigned long long) max);
                return -EINVAL;
        }
        *ret = number;
        return 0;
}

int fw_cli_value_duration(const struct fw_cli *cli, const char *name, uint64_t *ret_usec)
{
        const char *value = fw_cli_value(cli, name);
        if (!value)
                return -ENOENT;
        if (fw_parse_duration(fw_str_c(value), ret_usec) < 0) {
                fw_cli_usage_error(cli, "--%s: '%s' is not a duration; write it like 90s, 15m, 6h or 7d", name, value);
                return -EINVAL;
        }
        return 0;
}
