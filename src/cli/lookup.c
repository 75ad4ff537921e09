#include "cli/lookup.h"

#include <errno.h>
#include <string.h>

bool fw_command_is_in_group(const struct fw_command *command, const char *group)
{
        if (!group)
                return true;
        size_t len = strlen(group);
        return strncmp(command->name, group, len) == 0 && command->name[len] == ' ';
}

bool fw_command_is_group(const char *word)
{
        for (size_t i = 0; fw_commands[i]; i++)
                if (fw_command_is_in_group(fw_commands[i], word))
                        return true;
        return false;
}

const struct fw_command *fw_command_find(const char *group, const char *word)
{
        for (size_t i = 0; fw_commands[i]; i++) {
                const char *name = fw_commands[i]->name;
                if (!fw_command_is_in_group(fw_commands[i], group))
                        continue;
                if (strcmp(group ? name + strlen(group) + 1 : name, word) == 0)
                        return fw_commands[i];
        }
        return NULL;
}

const struct fw_option *fw_option_at(const struct fw_command *command, size_t index)
{
        size_t own = 0;
        if (command && command->options)
                for (; command->options[own].name; own++)
                        if (own == index)
                                return &command->options[own];
        for (size_t i = 0, at = own; fw_common_options[i].name; i++) {
                bool hidden = command && !command->json && strcmp(fw_common_options[i].name, "json") == 0;
                if (!hidden && at++ == index)
                        return &fw_common_options[i];
        }
        return NULL;
}

int fw_option_find(const struct fw_command *command, struct fw_str name, const struct fw_option **ret_option)
{
        const struct fw_option *found = NULL, *option;
        size_t matches = 0;
        for (size_t i = 0; (option = fw_option_at(command, i)); i++) {
                if (fw_str_eq(fw_str_c(option->name), name)) {
                        *ret_option = option;
                        return 0;
                }
                if (!fw_str_empty(name) && fw_str_starts(fw_str_c(option->name), name)) {
                        found = option;
                        matches++;
                }
        }
        if (matches == 1)
                *ret_option = found;
        return matches == 1 ? 0 : matches ? -ENOTUNIQ : -ENOENT;
}

const struct fw_option *fw_option_find_letter(const struct fw_command *command, char letter)
{
        const struct fw_option *option;
        for (size_t i = 0; (option = fw_option_at(command, i)); i++)
                if (option->letter == letter)
                        return option;
        return NULL;
}

bool fw_option_is_of(const struct fw_command *command, const char *name)
{
        for (size_t i = 0; command->options && command->options[i].name; i++)
                if (strcmp(command->options[i].name, name) == 0)
                        return true;
        return false;
}

const struct fw_option *fw_common_option(const char *name)
{
        for (size_t i = 0; fw_common_options[i].name; i++)
                if (strcmp(fw_common_options[i].name, name) == 0)
                        return &fw_common_options[i];
        return NULL;
}
