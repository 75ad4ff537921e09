#include "fuzz.h"

#include "rule/query.h"

/* Any query is read or refused; what is read is printed, and what is printed is read as the same. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        fw_cleanup(fw_arena_freep) struct fw_arena *arena = fw_arena_new();
        fw_cleanup(fw_tokenizer_freep) struct fw_tokenizer *tokenizer = fw_tokenizer_new();
        fw_cleanup(fw_diag_freep) struct fw_diag *diag = fw_diag_new();
        fw_cleanup(fw_buf_done) struct fw_buf first = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        fw_cleanup(fw_buf_done) struct fw_buf second = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        struct fw_query_parser_context context = { .arena = arena, .tokenizer = tokenizer, .diag = diag };
        struct fw_query_origin origin = { .text = fuzz_str(data, size) };

        struct fw_query_node *tree = fw_query_parse(&context, &origin);
        fuzz_check((tree == NULL) == fw_diag_has_errors(diag));
        if (!tree)
                return 0;
        fw_lint_query(tree, diag);
        (void) fw_query_print(tree, false, &first);
        struct fw_query_origin printed = { .text = fw_buf_str(&first) };
        struct fw_query_node *again = fw_query_parse(&context, &printed);
        fuzz_check(again || first.len > FW_LIMIT_QUERY_BYTES);
        if (again) {
                (void) fw_query_print(again, false, &second);
                fuzz_check(fw_str_eq(fw_buf_str(&first), fw_buf_str(&second)));
        }
        (void) fw_query_parse_list(&context, &origin);
        return 0;
}
