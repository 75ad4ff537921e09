#include "feed/state.h"

#include <errno.h>

#include "base/macros.h"

static const char *const condition_names[] = {
#define FW_X(name, text, help) [FW_FEED_IS_##name] = text,
        FW_FEED_CONDITIONS(FW_X)
#undef FW_X
};

const char *fw_feed_condition_name(enum fw_feed_condition condition)
{
        return condition_names[condition];
}

int fw_feed_condition_from_name(struct fw_str name, enum fw_feed_condition *ret_condition)
{
        for (size_t i = 0; i < FW_ARRAY_LEN(condition_names); i++) {
                if (!fw_str_eq(name, fw_str_c(condition_names[i])))
                        continue;
                *ret_condition = (enum fw_feed_condition) i;
                return 0;
        }
        return -EINVAL;
}
