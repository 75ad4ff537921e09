/*
 * The flat form of rule files: what is read is written again as it was, and its files compile or are refused.
 */
#include "fuzz.h"

#include "config/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
        fw_cleanup(fw_rule_bundle_freep) struct fw_rule_bundle *bundle = NULL;
        struct fw_str bytes = fuzz_str(data, size);
        if (fw_rule_bundle_parse(bytes, &bundle) < 0)
                return 0;
        fw_cleanup(fw_buf_done) struct fw_buf again = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        fuzz_check(fw_rule_bundle_write(bundle, &again) == 0);
        fuzz_check(fw_str_eq(fw_buf_str(&again), bytes));

        fw_cleanup(fw_diag_freep) struct fw_diag *diag = fw_diag_new();
        fw_cleanup(fw_ruleset_unrefp) struct fw_ruleset *ruleset = NULL;
        if (fw_rule_bundle_compile(bundle, NULL, diag, &ruleset) < 0)
                fuzz_check(fw_diag_has_errors(diag));
        return 0;
}
