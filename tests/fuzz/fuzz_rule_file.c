#include "fuzz.h"

#include "rule/rule.h"

static const char entities[] =
        "entities:\n"
        "  - {id: nk, kind: country, country: KP, names: [North Korea, 북한], adjectives: [Korean]}\n"
        "  - {id: us, exact: [US], needs: [army], groups: [g]}\n";

static int read_list(void *userdata, struct fw_str from, struct fw_str path, struct fw_str *ret_content)
{
        (void) userdata, (void) from;
        *ret_content = path;
        return 0;
}

static void match(struct fw_ruleset *ruleset, struct fw_str body)
{
        fw_cleanup(fw_match_context_freep) struct fw_match_context *context = fw_match_context_new(ruleset);
        struct fw_document_field fields[] = { { FW_FIELD_TITLE, FW_STR("North Korean troops, the US army"), false },
                                              { FW_FIELD_BODY, body, true } };
        struct fw_document document = { .fields = fields, .fields_len = 2, .language = FW_STR("en") };
        const struct fw_match_result *result = fw_match(context, &document);
        for (size_t i = 0; i < result->matches_len; i++) {
                for (size_t h = 0; h < result->matches[i].hits_len; h++) {
                        const struct fw_hit *hit = &result->matches[i].hits[h];
                        fuzz_check(hit->field_index < 2 && hit->start < hit->end);
                        fuzz_check(hit->end <= fields[hit->field_index].value.len);
                }
        }
        size_t mentions_len;
        (void) fw_find_mentions(context, &document, &mentions_len);
}

/* Any bytes as a rule file, or after "entities" as an entity file; what compiles, runs over a text and over itself. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        struct fw_str content = fuzz_str(data, size);
        bool is_entities = fw_str_starts(content, FW_STR("entities"));
        struct fw_rule_file given = { FW_STR("given.yaml"), content };
        struct fw_rule_file fixed = { FW_STR("entities.yaml"), fw_str_c(entities) };
        struct fw_rule_sources sources = { .rules = &given,
                                           .rules_len = !is_entities,
                                           .entities = is_entities ? &given : &fixed,
                                           .entities_len = 1,
                                           .read_file = read_list };
        fw_cleanup(fw_diag_freep) struct fw_diag *diag = fw_diag_new();
        fw_cleanup(fw_ruleset_unrefp) struct fw_ruleset *ruleset = NULL;
        int r = fw_ruleset_compile(&sources, diag, &ruleset);
        fuzz_check((r < 0) == fw_diag_has_errors(diag));
        fw_cleanup(fw_buf_done) struct fw_buf said = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_diag_render_all(diag, false, &said);
        if (r == 0)
                match(ruleset, content);
        return 0;
}
