/*
 * Alerts for people: one line, or a block. Whatever a feed says stays text: white space of any kind becomes one space, control characters
 * become U+FFFD, direction marks vanish; so nothing of it can move the cursor, change colours, or begin a line of its own.
 *
 * A writer takes text a character at a time, gathers words, and breaks lines between words (and between wide characters, which need no
 * space). Marks are open or closed inside words, so that a mark never stands alone at the end of a line.
 */
#include "alert/alert.h"

#include "base/utf8.h"

#define BOLD  "\033[1m"
#define RESET "\033[0m"

#define LEAST_WIDTH 20

struct writer {
        struct fw_buf *out;
        const char *mark_on, *mark_off; /* about marked words */
        unsigned mark_columns;          /* that each of them takes */
        unsigned width;                 /* 0: no wrapping */
        unsigned indent;                /* of every line */
        unsigned column;
        bool space; /* the next word is parted from the last one */
        struct fw_buf word;
        unsigned word_columns;
};

static void start_line(struct writer *writer)
{
        (void) fw_buf_printf(writer->out, "%*s", (int) writer->indent, "");
        writer->column = writer->indent;
        writer->space = false;
}

static void end_line(struct writer *writer)
{
        (void) fw_buf_append_c(writer->out, "\n");
}

static void flush_word(struct writer *writer)
{
        if (writer->word.len == 0)
                return;
        bool space = writer->space && writer->column > writer->indent;
        if (writer->width && writer->column > writer->indent &&
            writer->column + space + writer->word_columns > writer->width) {
                end_line(writer);
                start_line(writer);
                space = false;
        }
        if (space)
                (void) fw_buf_append_byte(writer->out, ' ');
        (void) fw_buf_append(writer->out, fw_buf_str(&writer->word));
        writer->column += space + writer->word_columns;
        writer->space = false;
        writer->word_columns = 0;
        fw_buf_reset(&writer->word);
}

static void mark(struct writer *writer, bool on)
{
        (void) fw_buf_append_c(&writer->word, on ? writer->mark_on : writer->mark_off);
        writer->word_columns += writer->mark_columns;
}

static bool is_space(uint32_t code)
{
        return code == ' ' || (code >= '\t' && code <= '\r') || code == 0x85 || code == 0xA0 ||
               (code >= 0x2028 && code <= 0x2029);
}

/* Direction marks and the byte order mark: of those that act, the ones that have no looks. */
static bool is_invisible(uint32_t code)
{
        return fw_code_acts(code) && code > 0x9F;
}

static bool is_marked(size_t offset, const struct fw_mark *marks, size_t marks_len)
{
        for (size_t i = 0; i < marks_len; i++)
                if (offset >= marks[i].start && offset < marks[i].end)
                        return true;
        return false;
}

/* A mark goes on over the white space to the next marked word: »North Korean«, not »North« »Korean«. */
static bool goes_on(struct fw_str text, size_t offset, const struct fw_mark *marks, size_t marks_len)
{
        for (size_t len; offset < text.len; offset += len) {
                if (!is_space(fw_utf8_decode(text, offset, &len)))
                        return is_marked(offset, marks, marks_len);
        }
        return false;
}

static void write_marked(struct writer *writer, struct fw_str text, const struct fw_mark *marks, size_t marks_len)
{
        bool marked = false;
        size_t len;
        for (size_t offset = 0; offset < text.len; offset += len) {
                uint32_t code = fw_utf8_decode(text, offset, &len);
                if (is_invisible(code) && !is_space(code))
                        continue;
                if (is_space(code)) {
                        flush_word(writer);
                        writer->space = true;
                        continue;
                }
                unsigned columns = fw_code_width(code);
                if (columns > 1)
                        flush_word(writer);
                if (!marked && is_marked(offset, marks, marks_len)) {
                        mark(writer, true);
                        marked = true;
                }
                char bytes[4];
                bool acts = fw_code_acts(code);
                (void) fw_buf_append(&writer->word,
                                     fw_str_n(bytes, fw_utf8_encode(acts ? FW_REPLACEMENT : code, bytes)));
                writer->word_columns += acts ? 1 : columns;
                if (marked && !goes_on(text, offset + len, marks, marks_len)) {
                        mark(writer, false);
                        marked = false;
                }
                if (columns > 1)
                        flush_word(writer);
        }
        flush_word(writer);
}

static void write_text(struct writer *writer, struct fw_str text)
{
        write_marked(writer, text, NULL, 0);
}

static void write_word(struct writer *writer, const char *text)
{
        writer->space = true;
        write_text(writer, fw_str_c(text));
        writer->space = true;
}

/* ---- what an alert says ---- */

struct marks {
        struct fw_mark p[FW_LIMIT_HITS];
        size_t len;
};

static void add_mark(struct marks *marks, const json_t *entry)
{
        json_int_t start = fw_json_get_int(entry, "start", 0), end = fw_json_get_int(entry, "end", 0);
        if (marks->len < FW_ARRAY_LEN(marks->p) && start >= 0 && start < end && end <= UINT32_MAX)
                marks->p[marks->len++] = (struct fw_mark){ .start = (uint32_t) start, .end = (uint32_t) end };
}

static struct marks title_marks(const json_t *alert)
{
        struct marks marks = { .len = 0 };
        const json_t *matches = json_object_get(alert, "matches");
        for (size_t i = 0; i < json_array_size(matches); i++) {
                const json_t *match = json_array_get(matches, i);
                if (fw_str_eq(fw_json_get_str(match, "field"), fw_str_c(fw_field_name(FW_FIELD_TITLE))))
                        add_mark(&marks, match);
        }
        return marks;
}

static struct marks excerpt_marks(const json_t *item)
{
        struct marks marks = { .len = 0 };
        const json_t *entries = json_object_get(item, "marks");
        for (size_t i = 0; i < json_array_size(entries); i++)
                add_mark(&marks, json_array_get(entries, i));
        return marks;
}

static const char *severity_color(struct fw_str severity)
{
        static const char *const colors[FW_SEVERITIES_LEN] = {
                [FW_SEVERITY_INFO] = "\033[2m",
                [FW_SEVERITY_NOTICE] = "\033[1;36m",
                [FW_SEVERITY_WARNING] = "\033[1;33m",
                [FW_SEVERITY_CRITICAL] = "\033[1;31m",
        };
        enum fw_severity known;
        return fw_severity_from_name(severity, &known) == 0 ? colors[known] : BOLD;
}

static void write_severity(struct writer *writer, const json_t *alert, bool color)
{
        struct fw_str severity = fw_json_get_str(alert, "severity");
        char upper[16];
        size_t len = FW_MIN(severity.len, sizeof(upper));
        for (size_t i = 0; i < len; i++)
                upper[i] = (char) (severity.p[i] >= 'a' && severity.p[i] <= 'z' ? severity.p[i] - 'a' + 'A'
                                                                                : severity.p[i]);
        if (color)
                (void) fw_buf_append_c(writer->out, severity_color(severity));
        write_text(writer, fw_str_n(upper, len));
        if (color)
                (void) fw_buf_append_c(writer->out, RESET);
        writer->space = true;
}

/* The rule's name; alerts without a rule (of health) say their kind and reason. */
static void write_subject(struct writer *writer, const json_t *alert)
{
        struct fw_str name = fw_json_get_str(alert, "rule_name");
        write_text(writer, name.len ? name : fw_json_get_str(alert, "kind"));
}

static void write_title(struct writer *writer, const json_t *alert)
{
        const json_t *item = json_object_get(alert, "item");
        struct fw_str title = fw_json_get_str(item, "title");
        struct marks marks = title_marks(alert);
        writer->space = true;
        if (fw_str_trim(title).len)
                write_marked(writer, title, marks.p, marks.len);
        else
                write_text(writer, FW_STR("(without title)"));
        writer->space = true;
}

static bool has_first_reason(const json_t *alert)
{
        struct fw_str reason = fw_json_get_str(alert, "reason");
        return reason.len == 0 || fw_str_eq(reason, FW_STR("first"));
}

static struct fw_str feed_title(const json_t *item)
{
        const json_t *feed = json_object_get(item, "feed");
        struct fw_str title = fw_json_get_str(feed, "title");
        return title.len ? title : fw_json_get_str(feed, "id");
}

int fw_alert_line(const json_t *alert, bool color, struct fw_buf *out)
{
        struct writer writer = { .out = out, .mark_on = color ? BOLD : "", .mark_off = color ? RESET : "" };
        fw_buf_init(&writer.word, FW_BUF_UNBOUNDED);
        const json_t *item = json_object_get(alert, "item");
        write_severity(&writer, alert, color);
        write_subject(&writer, alert);
        if (!has_first_reason(alert)) {
                write_word(&writer, "(");
                writer.space = false;
                write_text(&writer, fw_json_get_str(alert, "reason"));
                write_text(&writer, FW_STR(")"));
        }
        if (item) {
                write_text(&writer, FW_STR(":"));
                write_title(&writer, alert);
                write_text(&writer, FW_STR("("));
                write_text(&writer, feed_title(item));
                write_text(&writer, FW_STR(")"));
                writer.space = true;
                write_text(&writer, fw_json_get_str(item, "url"));
        }
        fw_buf_done(&writer.word);
        return out->error;
}

/* ---- block ---- */

static void write_source(struct writer *writer, const json_t *alert, const json_t *item)
{
        fw_cleanup(fw_buf_done) struct fw_buf time = FW_BUF_INIT(100);
        int64_t published_usec = fw_json_get_time(item, "published");
        (void) fw_append_local_time(&time,
                                    published_usec != FW_TIME_NONE ? published_usec : fw_json_get_time(alert, "time"));
        start_line(writer);
        write_text(writer, feed_title(item));
        write_word(writer, "·");
        write_text(writer, fw_buf_str(&time));
        if (!has_first_reason(alert)) {
                write_word(writer, "·");
                write_text(writer, fw_json_get_str(alert, "reason"));
        }
        end_line(writer);
}

static void write_paragraph(struct writer *writer, struct fw_str text, const struct marks *marks)
{
        if (fw_str_trim(text).len == 0)
                return;
        start_line(writer);
        write_marked(writer, text, marks ? marks->p : NULL, marks ? marks->len : 0);
        end_line(writer);
}

static void write_item(struct writer *writer, const json_t *alert, const json_t *item)
{
        start_line(writer);
        write_title(writer, alert);
        end_line(writer);
        write_source(writer, alert, item);
        write_paragraph(writer, fw_json_get_str(item, "url"), NULL);
        struct marks marks = excerpt_marks(item);
        write_paragraph(writer, fw_json_get_str(item, "excerpt"), &marks);
}

int fw_alert_block(const json_t *alert, bool color, unsigned width, struct fw_buf *out)
{
        struct writer writer = {
                .out = out,
                .mark_on = color ? BOLD : "»",
                .mark_off = color ? RESET : "«",
                .mark_columns = color ? 0 : 1,
                .width = width ? FW_MAX(width, LEAST_WIDTH) : 0,
        };
        fw_buf_init(&writer.word, FW_BUF_UNBOUNDED);
        write_severity(&writer, alert, color);
        if (color)
                (void) fw_buf_append_c(out, BOLD);
        write_subject(&writer, alert);
        if (color)
                (void) fw_buf_append_c(out, RESET);
        end_line(&writer);
        writer.indent = 2;
        const json_t *item = json_object_get(alert, "item");
        if (item)
                write_item(&writer, alert, item);
        fw_buf_done(&writer.word);
        return out->error;
}
