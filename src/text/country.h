/*
 * country: what the languages of the world call a country or territory (CLDR, through ICU).
 */
#pragma once

#include "base/arena.h"
#include "base/str.h"

/*
 * Opened once for all languages, because opening costs far more than asking. Reads ICU's data; made before a sandbox closes.
 */
struct fw_country_namer;
struct fw_country_namer *fw_country_namer_new(void);
struct fw_country_namer *fw_country_namer_free(struct fw_country_namer *namer);
FW_DEFINE_CLEANUP(struct fw_country_namer, fw_country_namer_free);

struct fw_country_name {
        struct fw_str text; /* `*` at its end: any ending. With a capital where the script has them */
        /*
         * Languages in which it is the name, primary subtags parted by spaces, `und` among them if also in items of unknown language;
         * empty for names in English, or in other than Latin letters, which mean nothing else in other languages.
         */
        struct fw_str languages;
};

/*
 * The names of an ISO 3166-1 alpha-2 code (also XK, EU), each once, in `arena`, with the forms that they take in a sentence of
 * languages that decline them or write a preposition in one word with them. 0 if the code is no country's.
 */
size_t fw_country_names(struct fw_country_namer *namer, struct fw_str code, struct fw_arena *arena,
                        struct fw_country_name **ret_names);
