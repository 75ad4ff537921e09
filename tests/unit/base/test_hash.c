#include "base/hash.h"

#include "unit.h"

/* They are stored in databases: a change of these values is a change of the format. */
START_TEST(hashes_are_the_published_xxh3)
{
        ck_assert(fw_hash64(FW_STR("")) == UINT64_C(0x2d06800538d394c2));
        static const uint8_t empty[16] = { 0x99, 0xaa, 0x06, 0xd3, 0x01, 0x47, 0x98, 0xd8,
                                           0x60, 0x01, 0xc3, 0x24, 0x46, 0x8d, 0x49, 0x7f };
        ck_assert_mem_eq(fw_hash128(FW_STR_NONE).bytes, empty, sizeof(empty));
}
END_TEST

static struct fw_hash128 of_two(const char *a, const char *b)
{
        const struct fw_str parts[] = { fw_str_c(a), fw_str_c(b) };
        return fw_hash128_parts(parts, FW_ARRAY_LEN(parts));
}

START_TEST(the_borders_of_parts_count)
{
        struct fw_hash128 hash = of_two("ab", "c");
        ck_assert_mem_eq(hash.bytes, of_two("ab", "c").bytes, sizeof(hash.bytes));
        ck_assert_mem_ne(hash.bytes, of_two("a", "bc").bytes, sizeof(hash.bytes));
        ck_assert_mem_ne(hash.bytes, of_two("", "abc").bytes, sizeof(hash.bytes));
        ck_assert_mem_ne(of_two("", "").bytes, fw_hash128_parts(NULL, 0).bytes, sizeof(hash.bytes));
}
END_TEST

UNIT_MAIN("hash", hashes_are_the_published_xxh3, the_borders_of_parts_count)
