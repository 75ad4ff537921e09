/*
 * limits: how much of a feed's words an alert carries. Beyond: the text is cut at a character, and ends with '…', which the limit
 * includes. The item itself is stored whole.
 */
#pragma once

#include <stddef.h>

/* Headlines have some 100 characters; posts without a title that were given their text as one may have 500. */
#define FW_LIMIT_ALERT_TITLE_BYTES ((size_t) 1000)

/* What browsers and servers take lies between 2,000 and 8,000. */
#define FW_LIMIT_ALERT_URL_BYTES ((size_t) 4000)

#define FW_LIMIT_ALERT_FEED_TITLE_BYTES ((size_t) 300)

/* BCP 47 asks for at least 35. */
#define FW_LIMIT_ALERT_LANGUAGE_BYTES ((size_t) 64)

/* The words of one match. Workers cut them as well, but are not believed. */
#define FW_LIMIT_ALERT_MATCH_TEXT_BYTES ((size_t) 200)

/* The part of the rule that a match met. The rule's author may write longer ones. */
#define FW_LIMIT_ALERT_TERM_BYTES ((size_t) 500)
