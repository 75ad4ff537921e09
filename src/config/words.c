#include "config/words.h"

struct fw_words fw_words_split(const char *words, struct fw_arena *arena)
{
        struct fw_str rest = fw_str_c(words), word;
        struct fw_words result = { .names = fw_arena_new_array(arena, const char *, rest.len + 2) };
        while (fw_str_split(&rest, '|', &word))
                result.names[result.len++] = fw_arena_copy(arena, word).p;
        return result;
}
