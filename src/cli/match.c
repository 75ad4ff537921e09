/*
 * match: the engine as a filter, documents in, matches out, a JSON object a line.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/load.h"
#include "text/html.h"

/* A document longer than this is refused: its offsets must fit into 32 bits with room to spare. */
#define DOCUMENT_BYTES ((size_t) 256 * 1024 * 1024)

struct filter {
        const struct fw_cli *cli;
        const struct fw_ruleset *ruleset;
        struct fw_match_context *context;
        FW_VEC(struct fw_document_field) fields;
        uint64_t line;
        bool failed;
};

static bool is_html(enum fw_field field)
{
        return field == FW_FIELD_SUMMARY || field == FW_FIELD_BODY;
}

static void add_field(struct filter *filter, enum fw_field field, const json_t *value)
{
        if (!json_is_string(value))
                return;
        struct fw_document_field added = {
                .field = field,
                .value = { json_string_value(value), json_string_length(value) },
                .html = is_html(field),
        };
        fw_vec_push(&filter->fields, added);
}

/* Keys are the query's fields; a list gives a field several times. */
static void collect_fields(struct filter *filter, const json_t *object)
{
        filter->fields.len = 0;
        for (unsigned field = 0; field < FW_FIELDS_LEN; field++) {
                const json_t *value = json_object_get(object, fw_field_name(field));
                add_field(filter, field, value);
                for (size_t i = 0; i < json_array_size(value); i++)
                        add_field(filter, field, json_array_get(value, i));
        }
}

/* What a reader sees of a range. */
static json_t *text_of(const struct fw_document_field *field, const struct fw_hit *hit)
{
        struct fw_str range = fw_str_slice(field->value, hit->start, hit->end);
        if (!field->html)
                return fw_json_str(range);
        struct fw_plain_text plain;
        fw_plain_text_init(&plain);
        fw_html_to_text(range, &plain);
        json_t *text = fw_json_str(fw_buf_str(&plain.text));
        fw_plain_text_done(&plain);
        return text;
}

static json_t *hits_new(const struct filter *filter, const struct fw_rule_match *match)
{
        json_t *hits = json_array();
        for (size_t i = 0; i < match->hits_len; i++) {
                const struct fw_hit *hit = &match->hits[i];
                const struct fw_document_field *field = &filter->fields.p[hit->field_index];
                json_t *object = json_object();
                fw_json_set_str(object, "field", fw_str_c(fw_field_name(field->field)));
                fw_json_set_int(object, "start", hit->start);
                fw_json_set_int(object, "end", hit->end);
                fw_json_set(object, "text", text_of(field, hit));
                fw_json_set(object, "term", fw_json_str(hit->term));
                (void) json_array_append_new(hits, object);
        }
        return hits;
}

static void print_match(const struct filter *filter, json_t *id, const struct fw_rule_match *match)
{
        fw_cleanup(fw_json_decrefp) json_t *row = json_object();
        fw_json_set(row, "id", id ? json_incref(id) : json_integer((json_int_t) filter->line));
        fw_json_set(row, "rule", fw_json_str(fw_ruleset_rule(filter->ruleset, match->rule_index)->id));
        fw_json_set(row, "matches", hits_new(filter, match));
        fw_cli_print_json_line(row);
}

static void match_document(struct filter *filter, json_t *object)
{
        collect_fields(filter, object);
        const struct fw_document document = {
                .fields = filter->fields.p,
                .fields_len = filter->fields.len,
                .language = fw_json_get_str(object, "lang"),
        };
        const struct fw_match_result *result = fw_match(filter->context, &document);
        bool printed = false;
        for (size_t i = 0; i < result->matches_len; i++) {
                if (result->matches[i].outcome != FW_MATCHED)
                        continue;
                print_match(filter, json_object_get(object, "id"), &result->matches[i]);
                printed = true;
        }
        for (size_t i = 0; i < result->limited_len; i++)
                fw_cli_warning(filter->cli,
                               "line %" PRIu64
                               ": rule '%.*s' met a limit of matching; the part that did counts as not found",
                               filter->line, FW_STR_ARG(fw_ruleset_rule(filter->ruleset, result->limited[i])->id));
        if (printed)
                (void) fflush(stdout);
}

static void take_line(struct filter *filter, struct fw_str line)
{
        filter->line++;
        if (fw_str_empty(fw_str_trim(line)))
                return;
        fw_cleanup(fw_freep) char *error = NULL;
        fw_cleanup(fw_json_decrefp) json_t *object = line.len <= DOCUMENT_BYTES ? fw_json_parse(line, &error) : NULL;
        if (json_is_object(object)) {
                match_document(filter, object);
                return;
        }
        filter->failed = true;
        (void) fw_cli_error(filter->cli, "line %" PRIu64 " of the input is no document: %s", filter->line,
                            error ? error
                            : line.len > DOCUMENT_BYTES
                                    ? "longer than 256 MiB"
                                    : "a JSON object such as {\"id\":\"1\",\"title\":\"…\"} is wanted");
}

static int filter_input(struct filter *filter, FILE *input)
{
        fw_cleanup(fw_freep) char *line = NULL;
        size_t cap = 0;
        ssize_t len;
        while ((len = getline(&line, &cap, input)) >= 0)
                take_line(filter, fw_str_n(line, (size_t) len));
        if (ferror(input))
                return fw_cli_error(filter->cli, "cannot read the input: %s", strerror(errno));
        return filter->failed ? FW_EXIT_FAILED : FW_EXIT_OK;
}

static int run(struct fw_cli *cli)
{
        size_t rules_len, entities_len;
        fw_cleanup(fw_freep) const char **rules = fw_cli_values(cli, "rules", &rules_len);
        fw_cleanup(fw_freep) const char **entities = fw_cli_values(cli, "entities", &entities_len);
        if (rules_len == 0)
                return fw_cli_usage_error(cli, "--rules is missing: which rules are to be matched?");
        if (cli->arguments.len == 1 && strcmp(cli->arguments.p[0], "-") != 0)
                return fw_cli_usage_error(cli, "documents come on standard input: feedwatch match … < '%s'",
                                          cli->arguments.p[0]);
        struct fw_cli_loaded loaded;
        int status = fw_cli_compile_files(cli, rules, rules_len, entities, entities_len, &loaded);
        if (status == FW_EXIT_OK) {
                struct filter filter = { .cli = cli,
                                         .ruleset = loaded.ruleset,
                                         .context = fw_match_context_new(loaded.ruleset) };
                status = filter_input(&filter, stdin);
                fw_vec_done(&filter.fields);
                (void) fw_match_context_free(filter.context);
        }
        fw_cli_loaded_done(&loaded);
        return status;
}

static const struct fw_option options[] = {
        { .name = "rules", .argument = "FILE…", .many = true, .complete = FW_COMPLETE_FILE, .help = "rule files" },
        { .name = "entities",
          .argument = "FILE…",
          .many = true,
          .complete = FW_COMPLETE_FILE,
          .help = "entity files, and 'builtin:countries' or 'builtin:organizations'" },
        { 0 },
};

const struct fw_command fw_command_match = {
        .name = "match",
        .arguments = "[-]",
        .most = 1,
        .json = true,
        .summary = "match documents from standard input against rule files",
        .help = "Reads documents as JSON, one object a line, and prints a line of JSON for every\n"
                "rule that matches one. Needs no configuration and no daemon. The keys of a\n"
                "document are the fields of the query language: id, title, summary, body, lang,\n"
                "category, author, url, feed, tag; summary and body are HTML.\n"
                "\n"
                "  echo '{\"id\":\"1\",\"title\":\"Troops at the border\"}' |\n"
                "      feedwatch match --rules rules.d/security.yaml\n",
        .options = options,
        .run = run,
};
