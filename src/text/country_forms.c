/*
 * country_forms: declension by table. The last word of a name has an ending; the table says by what others it is replaced.
 *
 *     ru  Монголия = Монгол + ия    →  Монголии, Монголию, Монголией
 *     fi  Kiina                     →  Kiina*     (its fifteen cases all begin so, and so does the adjective)
 *     ar  البرازيل                  →  والبرازيل, بالبرازيل, للبرازيل, …
 *
 * Rough on purpose: a form that does not exist is met by no text. Languages that change the beginning of words as well, or
 * several words of a name at once, are left to `words` in the gazetteer.
 */
#include "text/country_forms.h"

#include "base/utf8.h"

struct declension {
        const char *language;
        const char *ending;  /* what the name ends with; "" is any other: the first row that fits is taken */
        const char *endings; /* what may stand instead, parted by blanks; "*" is anything */
};

/* clang-format off */
static const struct declension DECLENSIONS[] = {
        { "ru", "ия", "ии ию ией" }, { "ru", "ка", "ки ке ку кой" }, { "ru", "а", "ы е у ой" }, { "ru", "я", "и е ю ей" },
        { "ru", "ь", "и ью я ю ем е" }, { "ru", "й", "я ю ем е" }, { "ru", "ы", "" }, { "ru", "и", "" }, { "ru", "о", "" },
        { "ru", "е", "" }, { "ru", "у", "" }, { "ru", "", "а у ом е" },
        { "uk", "ія", "ії ію ією" }, { "uk", "а", "и і у ою" }, { "uk", "я", "і ю ею" }, { "uk", "ь", "і ю" },
        { "uk", "й", "ю єм ї я" }, { "uk", "и", "" }, { "uk", "і", "" }, { "uk", "о", "" }, { "uk", "у", "" },
        { "uk", "", "у а ом і ові" },
        { "bg", "", "" },
        { "sr", "а", "е и у ом" }, { "sr", "о", "" }, { "sr", "и", "" }, { "sr", "", "а у ом" },
        { "pl", "ia", "ii ię ią" }, { "pl", "ja", "ji ję ją" }, { "pl", "ka", "ki ce kę ką" },
        { "pl", "a", "y i ę ą ie" }, { "pl", "o", "" }, { "pl", "y", "" }, { "pl", "i", "" }, { "pl", "e", "" },
        { "pl", "u", "" }, { "pl", "", "u owi em ie a" },
        { "cs", "sko", "ska sku skem" }, { "cs", "ie", "ii ií" }, { "cs", "a", "y u ou ě e" }, { "cs", "o", "a u em" },
        { "cs", "e", "i í" }, { "cs", "", "u em e ě" },
        { "sk", "sko", "ska sku skom" }, { "sk", "ia", "ie ii iu iou" }, { "sk", "a", "y e u ou" },
        { "sk", "o", "a u om" }, { "sk", "", "u om e" },
        { "sl", "ija", "ije iji ijo" }, { "sl", "a", "e i o" }, { "sl", "", "a u om" },
        { "hr", "ija", "ije iji iju ijom" }, { "hr", "a", "e i u om" }, { "hr", "", "a u om" },
        { "lt", "ija", "ijos ijai iją ijoje" }, { "lt", "a", "os ai ą oje" }, { "lt", "as", "o ui ą e" }, { "lt", "", "" },
        { "lv", "ija", "ijas ijai iju ijā" }, { "lv", "a", "as ai u ā" }, { "lv", "", "" },
        { "de", "s", "" }, { "de", "", "s" }, { "da", "s", "" }, { "da", "", "s" }, { "nb", "s", "" }, { "nb", "", "s" },
        { "sv", "s", "" }, { "sv", "", "s" }, { "nl", "", "s" },
        { "el", "ία", "ίας" }, { "el", "α", "ας" }, { "el", "ος", "ου ο" }, { "el", "η", "ης" }, { "el", "ο", "ου" },
        { "el", "ς", "" },
        { "ro", "ia", "iei" }, { "ro", "a", "ei" }, { "ro", "e", "" }, { "ro", "", "ul ului" },
        { "hu", "", "*" }, { "fi", "nti", "nti* nni*" }, { "fi", "", "*" }, { "et", "", "*" }, { "tr", "", "'*" },
        { "bn", "", "র ের ে তে কে য় য়ের" },
};
/* clang-format on */

/* What is written in one word with the name behind it: and, in, to, the, of. */
struct proclitics {
        const char *language;
        const char *list;
};
static const struct proclitics PROCLITICS[] = {
        { "ar", "و ب ل ف ك وب ول" },
        { "he", "ו ב ל מ ה ש וב ול ומ וה שב" },
};

#define ARABIC_ARTICLE FW_STR("ال")

/* A word of which a prefix is looked for needs this many bytes, or it begins too many others. */
#define SHORTEST_PREFIX 4

static void push(struct fw_str stem, struct fw_str ending, struct fw_arena *arena, struct fw_forms_list *ret_forms)
{
        if (fw_str_eq(ending, FW_STR("*")) && stem.len < SHORTEST_PREFIX)
                return;
        struct fw_str form = fw_arena_printf(arena, "%.*s%.*s", FW_STR_ARG(stem), FW_STR_ARG(ending));
        fw_vec_push(&ret_forms->list, form);
}

static void decline(struct fw_str name, struct fw_str language, struct fw_arena *arena, struct fw_forms_list *ret_forms)
{
        for (size_t i = 0; i < sizeof(DECLENSIONS) / sizeof(DECLENSIONS[0]); i++) {
                const struct declension *declension = &DECLENSIONS[i];
                struct fw_str ending = fw_str_c(declension->ending);
                if (!fw_str_eq(language, fw_str_c(declension->language)) || !fw_str_ends(name, ending))
                        continue;
                struct fw_str stem = fw_str_slice(name, 0, name.len - ending.len);
                struct fw_str rest = fw_str_c(declension->endings), other;
                while (fw_str_split(&rest, ' ', &other))
                        push(stem, other, arena, ret_forms);
                return;
        }
}

static void add_proclitics(struct fw_str name, struct fw_str language, struct fw_arena *arena,
                           struct fw_forms_list *ret_forms)
{
        for (size_t i = 0; i < sizeof(PROCLITICS) / sizeof(PROCLITICS[0]); i++) {
                if (!fw_str_eq(language, fw_str_c(PROCLITICS[i].language)))
                        continue;
                struct fw_str rest = fw_str_c(PROCLITICS[i].list), word;
                while (fw_str_split(&rest, ' ', &word))
                        push(word, name, arena, ret_forms);
        }
        if (fw_str_eq(language, FW_STR("ar")) && fw_str_starts(name, ARABIC_ARTICLE)) /* li + al- is written lil- */
                push(FW_STR("لل"), fw_str_slice(name, ARABIC_ARTICLE.len, name.len), arena, ret_forms);
}

void fw_country_forms(struct fw_str name, struct fw_str language, struct fw_arena *arena,
                      struct fw_forms_list *ret_forms)
{
        decline(name, language, arena, ret_forms);
        add_proclitics(name, language, arena, ret_forms);
}
