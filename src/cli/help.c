#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "cli/cli.h"
#include "cli/lookup.h"

#define LINE_COLUMNS   80
#define OPTION_COLUMNS 24

/* `text` in lines, the first of which begins at `column` already. */
static void print_wrapped(const char *text, size_t column)
{
        struct fw_str rest = fw_str_c(text), word;
        size_t at = column;
        bool first = true;
        while (fw_str_split(&rest, ' ', &word)) {
                size_t width = fw_utf8_width(word);
                if (!first && at + 1 + width > LINE_COLUMNS) {
                        printf("\n%*s", (int) column, "");
                        at = column;
                        first = true;
                }
                printf("%s%.*s", first ? "" : " ", FW_STR_ARG(word));
                at += width + (first ? 0 : 1);
                first = false;
        }
        putchar('\n');
}

static void print_entry(const char *left, size_t column, const char *text)
{
        size_t width = fw_utf8_width(fw_str_c(left));
        fputs(left, stdout);
        if (width + 2 > column)
                printf("\n%*s", (int) column, "");
        else
                printf("%*s", (int) (column - width), "");
        print_wrapped(text, column);
}

static void print_option(const struct fw_option *option)
{
        fw_cleanup(fw_buf_done) struct fw_buf left = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        if (option->letter)
                (void) fw_buf_printf(&left, "  -%c, --%s", option->letter, option->name);
        else
                (void) fw_buf_printf(&left, "      --%s", option->name);
        if (option->argument)
                (void) fw_buf_printf(&left, " %s", option->argument);
        print_entry(fw_buf_c(&left), OPTION_COLUMNS, option->help);
}

static void print_options(const struct fw_command *command)
{
        puts("\nOptions:");
        const struct fw_option *option;
        for (size_t i = 0; (option = fw_option_at(command, i)); i++)
                print_option(option);
}

static void print_command_help(const struct fw_command *command)
{
        printf("Usage: feedwatch %s [OPTION…]%s%s\n\n%s", command->name, *command->arguments ? " " : "",
               command->arguments, command->help);
        print_options(command);
}

static size_t name_columns(const char *group)
{
        size_t widest = 0;
        for (size_t i = 0; fw_commands[i]; i++)
                if (fw_command_is_in_group(fw_commands[i], group))
                        widest = FW_MAX(widest, strlen(fw_commands[i]->name));
        return widest + 4;
}

void fw_cli_print_help(const struct fw_command *command, const char *group)
{
        if (command) {
                print_command_help(command);
                return;
        }
        printf("Usage: feedwatch %s%sCOMMAND [OPTION…] [ARGUMENT…]\n", group ? group : "", group ? " " : "");
        if (!group)
                puts("\nWatches news feeds for what you named, and tells you once.");
        puts("\nCommands:");
        size_t column = name_columns(group);
        for (size_t i = 0; fw_commands[i]; i++) {
                if (!fw_command_is_in_group(fw_commands[i], group))
                        continue;
                printf("  %-*s", (int) column - 2, fw_commands[i]->name);
                print_wrapped(fw_commands[i]->summary, column);
        }
        print_options(NULL);
        puts("\nExit status: 0 done, 1 it failed or found problems, 2 wrong usage.\n"
             "'feedwatch COMMAND --help' says more; see also feedwatch(1).");
}
