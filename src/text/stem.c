#include "text/stem.h"

#include <libstemmer.h>

#include "base/alloc.h"
#include "base/macros.h"
#include "text/text.h"

struct language {
        const char *tag; /* primary subtag, ISO 639-1 */
        const char *algorithm;
};

static const struct language LANGUAGES[] = {
        { "ar", "arabic" },     { "ca", "catalan" },   { "da", "danish" },     { "de", "german" },
        { "el", "greek" },      { "en", "english" },   { "es", "spanish" },    { "eu", "basque" },
        { "fi", "finnish" },    { "fr", "french" },    { "ga", "irish" },      { "hi", "hindi" },
        { "hu", "hungarian" },  { "hy", "armenian" },  { "id", "indonesian" }, { "it", "italian" },
        { "lt", "lithuanian" }, { "nb", "norwegian" }, { "ne", "nepali" },     { "nl", "dutch" },
        { "nn", "norwegian" },  { "no", "norwegian" }, { "pt", "portuguese" }, { "ro", "romanian" },
        { "ru", "russian" },    { "sr", "serbian" },   { "sv", "swedish" },    { "ta", "tamil" },
        { "tr", "turkish" },    { "yi", "yiddish" },
};

/* Longer words are rubbish; they are their own stem. */
#define LONGEST_WORD ((size_t) 256)

struct fw_stems {
        struct sb_stemmer *stemmers[FW_ARRAY_LEN(LANGUAGES)];
};

static struct fw_str primary_subtag(struct fw_str language)
{
        for (size_t i = 0; i < language.len; i++)
                if (language.p[i] == '-' || language.p[i] == '_')
                        return fw_str_slice(language, 0, i);
        return language;
}

/* The two written forms of Norwegian are `nb` and `nn`; feeds say `no` as well. */
static struct fw_str one_norwegian(struct fw_str primary)
{
        bool written = fw_str_eq_nocase(primary, FW_STR("nb")) || fw_str_eq_nocase(primary, FW_STR("nn"));
        return written ? FW_STR("no") : primary;
}

bool fw_language_same_primary(struct fw_str a, struct fw_str b)
{
        return fw_str_eq_nocase(one_norwegian(primary_subtag(a)), one_norwegian(primary_subtag(b)));
}

/* Its index in LANGUAGES, or their number. */
static size_t find_language(struct fw_str language)
{
        struct fw_str primary = primary_subtag(language);
        size_t i = 0;
        while (i < FW_ARRAY_LEN(LANGUAGES) && !fw_str_eq_nocase(primary, fw_str_c(LANGUAGES[i].tag)))
                i++;
        return i;
}

bool fw_text_has_stemmer(struct fw_str language)
{
        return find_language(language) < FW_ARRAY_LEN(LANGUAGES);
}

struct fw_stems *fw_stems_new(void)
{
        return fw_calloc(1, sizeof(struct fw_stems));
}

struct fw_stems *fw_stems_free(struct fw_stems *stems)
{
        if (!stems)
                return NULL;
        for (size_t i = 0; i < FW_ARRAY_LEN(stems->stemmers); i++)
                sb_stemmer_delete(stems->stemmers[i]);
        free(stems);
        return NULL;
}

struct fw_str fw_stems_get(struct fw_stems *stems, struct fw_str word, struct fw_str language)
{
        size_t i = find_language(language);
        if (i == FW_ARRAY_LEN(LANGUAGES) || word.len > LONGEST_WORD)
                return FW_STR_NONE;
        if (!stems->stemmers[i])
                stems->stemmers[i] = sb_stemmer_new(LANGUAGES[i].algorithm, NULL);
        if (!stems->stemmers[i])
                fw_out_of_memory(0);
        const sb_symbol *stem = sb_stemmer_stem(stems->stemmers[i], (const sb_symbol *) word.p, (int) word.len);
        if (!stem)
                fw_out_of_memory(word.len);
        return fw_str_n((const char *) stem, (size_t) sb_stemmer_length(stems->stemmers[i]));
}
