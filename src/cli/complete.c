/*
 * complete: what the shells offer next, from the same descriptions as --help. completions/ holds the few lines that each shell
 * needs to ask.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "cli/cli.h"
#include "cli/complete_ids.h"
#include "cli/lookup.h"

struct state {
        const char *group;
        const struct fw_command *command;
        const struct fw_option *pending; /* its value comes next */
        bool pending_has_value;          /* … and may, but need not: it takes many */
        bool options_ended;
        const char *config_option;
};

static void offer(const char *prefix, struct fw_str typed, struct fw_str candidate, const char *help)
{
        if (fw_str_starts(candidate, typed))
                printf("%s%.*s\t%s\n", prefix, FW_STR_ARG(candidate), help);
}

/* ---- what stands before ---- */

static void pass_option(struct state *state, const char *word)
{
        const struct fw_option *option = NULL;
        if (word[1] == '-') {
                if (strchr(word, '='))
                        return;
                (void) fw_option_find(state->command, fw_str_c(word + 2), &option);
        } else {
                option = fw_option_find_letter(state->command, word[strlen(word) - 1]);
        }
        state->pending = option && option->argument ? option : NULL;
        state->pending_has_value = false;
}

static void pass_word(struct state *state, const char *word)
{
        if (state->command)
                return;
        state->command = fw_command_find(state->group, word);
        if (!state->command && !state->group && fw_command_is_group(word))
                state->group = word;
}

static void pass(struct state *state, const char *word)
{
        bool is_option = word[0] == '-' && word[1] && !state->options_ended;
        if (state->pending && !(state->pending_has_value && is_option)) {
                if (state->pending == fw_common_option("config"))
                        state->config_option = word;
                state->pending_has_value = true;
                if (!state->pending->many)
                        state->pending = NULL;
                return;
        }
        state->pending = NULL;
        if (is_option && strcmp(word, "--") == 0)
                state->options_ended = true;
        else if (is_option)
                pass_option(state, word);
        else
                pass_word(state, word);
}

/* ---- what may come now ---- */

struct typed_id {
        const char *prefix;
        struct fw_str typed;
};

static void offer_id(void *userdata, struct fw_str id, const char *help)
{
        const struct typed_id *typed = userdata;
        offer(typed->prefix, typed->typed, id, help);
}

static void offer_values(const struct state *state, enum fw_completion kind, const char *words, const char *prefix,
                         struct fw_str typed)
{
        struct fw_str rest = fw_str_c(words), word;
        struct typed_id id = { prefix, typed };
        switch (kind) {
        case FW_COMPLETE_NOTHING:
                break;
        case FW_COMPLETE_FILE:
                puts(":files");
                break;
        case FW_COMPLETE_FEED:
        case FW_COMPLETE_RULE:
        case FW_COMPLETE_ENTITY:
                fw_complete_ids(kind, state->config_option, offer_id, &id);
                break;
        case FW_COMPLETE_WORDS:
                while (fw_str_split(&rest, '|', &word))
                        offer(prefix, typed, word, "");
                break;
        }
}

static void offer_options(const struct state *state, const char *typed)
{
        const char *equals = strchr(typed, '=');
        const struct fw_option *option = NULL;
        if (equals) {
                struct fw_str name = fw_str_n(typed + 2, (size_t) (equals - typed) - 2);
                if (fw_option_find(state->command, name, &option) < 0 || !option->argument)
                        return;
                fw_cleanup(fw_freep) char *prefix = fw_strndup(typed, (size_t) (equals + 1 - typed));
                offer_values(state, option->complete, option->words, prefix, fw_str_c(equals + 1));
                return;
        }
        for (size_t i = 0; (option = fw_option_at(state->command, i)); i++) {
                fw_cleanup(fw_freep) char *name = fw_asprintf("--%s", option->name);
                offer("", fw_str_c(typed), fw_str_c(name), option->help);
        }
}

/* "list, show, import" */
static void append_members(struct fw_str group, struct fw_buf *out)
{
        for (size_t i = 0; fw_commands[i]; i++) {
                const char *name = fw_commands[i]->name;
                if (fw_str_starts(fw_str_c(name), group) && name[group.len] == ' ')
                        (void) fw_buf_printf(out, "%s%s", out->len > 0 ? ", " : "", name + group.len + 1);
        }
}

static void offer_commands(const struct state *state, struct fw_str typed)
{
        struct fw_str previous = FW_STR_NONE;
        for (size_t i = 0; fw_commands[i]; i++) {
                if (!fw_command_is_in_group(fw_commands[i], state->group))
                        continue;
                struct fw_str name = fw_str_c(fw_commands[i]->name);
                size_t space = fw_str_find_byte(name, ' ', 0);
                if (state->group || space == SIZE_MAX) {
                        offer("", typed, fw_str_slice(name, state->group ? space + 1 : 0, name.len),
                              fw_commands[i]->summary);
                        continue;
                }
                struct fw_str group = fw_str_slice(name, 0, space);
                if (fw_str_eq(group, previous))
                        continue;
                fw_cleanup(fw_buf_done) struct fw_buf members = FW_BUF_INIT(FW_BUF_UNBOUNDED);
                append_members(group, &members);
                offer("", typed, group, fw_buf_c(&members));
                previous = group;
        }
}

int fw_cli_complete(int argc, const char *const *argv)
{
        struct state state = { 0 };
        for (int i = 0; i + 1 < argc; i++)
                pass(&state, argv[i]);
        const char *typed = argc > 0 ? argv[argc - 1] : "";
        bool is_option = typed[0] == '-' && !state.options_ended;
        if (state.pending && !(state.pending_has_value && is_option))
                offer_values(&state, state.pending->complete, state.pending->words, "", fw_str_c(typed));
        else if (is_option)
                offer_options(&state, typed);
        else if (!state.command)
                offer_commands(&state, fw_str_c(typed));
        else
                offer_values(&state, state.command->complete, NULL, "", fw_str_c(typed));
        return FW_EXIT_OK;
}
