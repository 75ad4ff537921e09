#include "base/vec.h"

#include "unit.h"

struct pair {
        int a, b;
};

START_TEST(pushed_elements_stay_in_order)
{
        FW_VEC(struct pair) pairs = { 0 };
        for (int i = 0; i < 1000; i++)
                fw_vec_push(&pairs, (struct pair){ i, -i });
        ck_assert_uint_eq(pairs.len, 1000);
        for (int i = 0; i < 1000; i++)
                ck_assert(pairs.p[i].a == i && pairs.p[i].b == -i);
        fw_vec_done(&pairs);
        ck_assert_ptr_null(pairs.p);
        ck_assert_uint_eq(pairs.len, 0);
}
END_TEST

START_TEST(reserve_makes_room_for_all_at_once)
{
        FW_VEC(int) numbers = { 0 };
        fw_vec_reserve(&numbers, 100);
        int *before = numbers.p;
        for (int i = 0; i < 100; i++)
                fw_vec_push(&numbers, i);
        ck_assert_ptr_eq(numbers.p, before);
        ck_assert_int_eq(numbers.p[99], 99);
        fw_vec_done(&numbers);
}
END_TEST

UNIT_MAIN("vec", pushed_elements_stay_in_order, reserve_makes_room_for_all_at_once)
