#include "feed/date_words.h"

#include "base/macros.h"

/*
 * Beginnings, lower case, each of one month only in all of these languages: of two with one beginning the more widely
 * read language has it.
 */
static const char *const month_beginnings[12] = {
        "jan jän ján ene gen sty led янв січ ιαν oca ian tammi sij яну",
        "feb fev fév fév lut úno фев лют φεβ şub helmi velj фев",
        "mar mär mrt maa már bře мар бер μάρ μαρ maalis ožu",
        "apr avr abr ápr kwi dub апр кві απρ nis huhti tra",
        "may mai maj maí máj mei mag kvě май мая май тра μάι μαΐ μαι touko svib",
        "jun juin jún giu cze čvn červn июн юни чер ιούν ιουν haz kesä iun",
        "jul juil júl lug lip čvc červe июл юли лип ιούλ ιουλ tem heinä iul",
        "aug aoû aou ago ağu sie srp авг сер αύγ αυγ elo",
        "sep set szep wrz zář сен сеп вер σεπ eyl syys ruj",
        "oct okt out ott paź říj окт жов οκτ eki loka",
        "nov lis ноя ное лис νοέ νοε kas marras stu",
        "dec dez dic dic déc des gru pro дек гру δεκ ara joulu pros",
};

struct zone {
        const char *name;
        int minutes;
};

static const struct zone zones[] = {
        { "z", 0 },      { "ut", 0 },     { "utc", 0 },    { "gmt", 0 },     { "wet", 0 },     { "west", 60 },
        { "bst", 60 },   { "met", 60 },   { "mest", 120 }, { "mez", 60 },    { "mesz", 120 },  { "cet", 60 },
        { "cest", 120 }, { "eet", 120 },  { "eest", 180 }, { "sast", 120 },  { "cat", 120 },   { "eat", 180 },
        { "msk", 180 },  { "msd", 240 },  { "trt", 180 },  { "gst", 240 },   { "pkt", 300 },   { "ist", 330 },
        { "npt", 345 },  { "ict", 420 },  { "wib", 420 },  { "hkt", 480 },   { "sgt", 480 },   { "pht", 480 },
        { "awst", 480 }, { "jst", 540 },  { "kst", 540 },  { "acst", 570 },  { "acdt", 630 },  { "aest", 600 },
        { "aedt", 660 }, { "nzst", 720 }, { "nzdt", 780 }, { "brt", -180 },  { "art", -180 },  { "nst", -210 },
        { "ndt", -150 }, { "ast", -240 }, { "adt", -180 }, { "est", -300 },  { "edt", -240 },  { "et", -300 },
        { "cst", -360 }, { "cdt", -300 }, { "ct", -360 },  { "mst", -420 },  { "mdt", -360 },  { "mt", -420 },
        { "pst", -480 }, { "pdt", -420 }, { "pt", -480 },  { "akst", -540 }, { "akdt", -480 }, { "hst", -600 },
};

struct letter_word {
        const char *word;
        char letter;
};

static const struct letter_word halves[] = {
        { "am", 'a' },  { "a.m", 'a' }, { "오전", 'a' }, { "午前", 'a' }, { "上午", 'a' }, { "π.μ", 'a' },
        { "πμ", 'a' },  { "pm", 'p' },  { "p.m", 'p' },  { "오후", 'p' }, { "午後", 'p' }, { "下午", 'p' },
        { "μ.μ", 'p' }, { "μμ", 'p' },  { "a", 'a' },    { "p", 'p' },
};

static const struct letter_word counters[] = {
        { "년", 'Y' }, { "年", 'Y' }, { "월", 'M' }, { "月", 'M' }, { "일", 'D' }, { "日", 'D' },
        { "号", 'D' }, { "號", 'D' }, { "시", 'h' }, { "時", 'h' }, { "时", 'h' }, { "点", 'h' },
        { "點", 'h' }, { "분", 'm' }, { "分", 'm' }, { "초", 's' }, { "秒", 's' }, { "h", 'h' },
};

int fw_date_month(struct fw_str word)
{
        for (size_t month = 0; month < FW_ARRAY_LEN(month_beginnings); month++) {
                struct fw_str rest = fw_str_c(month_beginnings[month]), beginning;
                while (fw_str_split(&rest, ' ', &beginning))
                        if (fw_str_starts(word, beginning))
                                return (int) month + 1;
        }
        return 0;
}

/* RFC 822 §5.1: A is -1 … M is -12, N is +1 … Y is +12; J is none. */
static bool military_zone(char letter, int *ret_minutes)
{
        if (letter >= 'a' && letter <= 'i')
                *ret_minutes = -60 * (letter - 'a' + 1);
        else if (letter >= 'k' && letter <= 'm')
                *ret_minutes = -60 * (letter - 'k' + 10);
        else if (letter >= 'n' && letter <= 'y')
                *ret_minutes = 60 * (letter - 'n' + 1);
        else
                return false;
        return true;
}

bool fw_date_zone(struct fw_str word, int *ret_minutes)
{
        for (size_t i = 0; i < FW_ARRAY_LEN(zones); i++) {
                if (!fw_str_eq(word, fw_str_c(zones[i].name)))
                        continue;
                *ret_minutes = zones[i].minutes;
                return true;
        }
        return word.len == 1 && military_zone(word.p[0], ret_minutes);
}

static char letter_of(const struct letter_word *table, size_t len, struct fw_str word)
{
        for (size_t i = 0; i < len; i++)
                if (fw_str_eq(word, fw_str_c(table[i].word)))
                        return table[i].letter;
        return 0;
}

char fw_date_half_of_day(struct fw_str word)
{
        return letter_of(halves, FW_ARRAY_LEN(halves), word);
}

char fw_date_counter(struct fw_str word)
{
        return letter_of(counters, FW_ARRAY_LEN(counters), word);
}
