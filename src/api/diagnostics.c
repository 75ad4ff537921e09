#include "api/api.h"

const char *feedwatch_version(void)
{
        return FW_VERSION;
}

void feedwatch_free(char *text)
{
        free(text);
}

struct feedwatch_diagnostics *feedwatch_diagnostics_new(void)
{
        return (struct feedwatch_diagnostics *) fw_diag_new();
}

void feedwatch_diagnostics_free(struct feedwatch_diagnostics *diagnostics)
{
        (void) fw_diag_free(api_diag(diagnostics));
}

size_t feedwatch_diagnostics_count(const struct feedwatch_diagnostics *diagnostics)
{
        return fw_diag_len(api_diag_const(diagnostics));
}

static const struct fw_diag_entry *entry(const struct feedwatch_diagnostics *diagnostics, size_t index)
{
        return fw_diag_entry(api_diag_const(diagnostics), index);
}

enum feedwatch_level feedwatch_diagnostics_level(const struct feedwatch_diagnostics *diagnostics, size_t index)
{
        switch (entry(diagnostics, index)->level) {
        case FW_NOTE:
                return FEEDWATCH_NOTE;
        case FW_WARNING:
                return FEEDWATCH_WARNING;
        case FW_ERROR:
                break;
        }
        return FEEDWATCH_ERROR;
}

const char *feedwatch_diagnostics_message(const struct feedwatch_diagnostics *diagnostics, size_t index)
{
        return entry(diagnostics, index)->message;
}

struct feedwatch_text feedwatch_diagnostics_file(const struct feedwatch_diagnostics *diagnostics, size_t index)
{
        const struct fw_source_text *source = entry(diagnostics, index)->location.source;
        return api_text(source ? fw_source_name(source) : FW_STR_NONE);
}

unsigned feedwatch_diagnostics_line(const struct feedwatch_diagnostics *diagnostics, size_t index)
{
        return entry(diagnostics, index)->line;
}

unsigned feedwatch_diagnostics_column(const struct feedwatch_diagnostics *diagnostics, size_t index)
{
        return entry(diagnostics, index)->column;
}

char *feedwatch_diagnostics_render(const struct feedwatch_diagnostics *diagnostics)
{
        fw_cleanup(fw_buf_done) struct fw_buf text = FW_BUF_INIT(FW_BUF_UNBOUNDED);
        (void) fw_diag_render_all(api_diag_const(diagnostics), /* color= */ false, &text);
        (void) fw_buf_append(&text, FW_STR_NONE);
        return fw_buf_steal(&text);
}
