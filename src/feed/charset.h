/*
 * charset: bytes of any charset → UTF-8. ICU's converters, which live in memory: nothing is opened in the sandbox.
 */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"

/*
 * ICU's converter for a label as documents write it, or NULL if there is none. Labels of the WHATWG encoding standard
 * mean what browsers mean (iso-8859-1 is windows-1252, gb2312 is GB 18030, euc-kr has all of code page 949); beside
 * them every name and alias that ICU knows, which has iconv's. "UTF-8" for UTF-8 by any name.
 */
const char *fw_charset_find(struct fw_str label);

/*
 * `body` as valid UTF-8 in `arena` (or `body` itself, if it is UTF-8 already). What is no character of the charset
 * becomes U+FFFD; `*ret_bad_offset` is the place in the result of the first such, or SIZE_MAX.
 */
struct fw_str fw_charset_to_utf8(struct fw_str body, const char *converter, struct fw_arena *arena,
                                 size_t *ret_bad_offset);
