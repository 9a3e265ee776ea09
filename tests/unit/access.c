#include "access.h"

#include "opened.h"
#include "unit.h"

static enum access_class reads(struct access *a, int64_t offset, uint64_t bytes)
{
	return access_data(a, ACCESS_READ, offset, bytes).class;
}

static enum access_class writes(struct access *a, int64_t offset, uint64_t bytes)
{
	return access_data(a, ACCESS_WRITE, offset, bytes).class;
}

START_TEST(in_order_from_the_start)
{
	struct access a;
	access_begin(&a, true);
	for (int i = 0; i < 3; i++)
		ck_assert_int_eq(reads(&a, ACCESS_IMPLICIT, 100), ACCESS_SEQUENTIAL);
	ck_assert_int_eq(reads(&a, ACCESS_IMPLICIT, 0), ACCESS_NONE); /* the end of the file */
	ck_assert_int_eq(a.position, 300);
	ck_assert_int_eq(reads(&a, 300, 50), ACCESS_SEQUENTIAL); /* by pread, the same place */
	ck_assert_int_eq(a.position, 300);
}
END_TEST

START_TEST(a_seek_decides)
{
	struct access a;
	access_begin(&a, true);
	ck_assert_int_eq(writes(&a, ACCESS_IMPLICIT, 10), ACCESS_SEQUENTIAL);
	ck_assert_int_eq(access_seek(&a, 10), ACCESS_STAYED);
	ck_assert_int_eq(writes(&a, ACCESS_IMPLICIT, 10), ACCESS_SEQUENTIAL);
	ck_assert_int_eq(access_seek(&a, 5000), ACCESS_MOVED);
	ck_assert_int_eq(writes(&a, ACCESS_IMPLICIT, 10), ACCESS_RANDOM);
	ck_assert_int_eq(access_seek(&a, 0), ACCESS_MOVED);
	ck_assert_int_eq(writes(&a, ACCESS_IMPLICIT, 10), ACCESS_RANDOM); /* a header again */
	ck_assert_int_eq(access_seek(&a, 0), ACCESS_MOVED);
	ck_assert_int_eq(reads(&a, ACCESS_IMPLICIT, 10), ACCESS_SEQUENTIAL); /* a new pass */
}
END_TEST

START_TEST(strides_both_ways)
{
	struct access a;
	access_begin(&a, true);
	ck_assert_int_eq(reads(&a, 0, 512), ACCESS_SEQUENTIAL);
	ck_assert_int_eq(reads(&a, 4096, 512), ACCESS_RANDOM); /* the first gap is new */
	for (int i = 2; i < 9; i++)
		ck_assert_int_eq(reads(&a, i * 4096, 512), ACCESS_STRIDED);
	ck_assert_int_eq(reads(&a, 99999, 512), ACCESS_RANDOM);
	ck_assert_int_eq(reads(&a, 90000, 512), ACCESS_RANDOM);
	ck_assert_int_eq(reads(&a, 80001, 512), ACCESS_STRIDED); /* backwards by 9999 */
}
END_TEST

/* Reads and writes through one file, each in order, as fio's rw=rw does. */
START_TEST(four_streams_of_one_file)
{
	struct access a;
	access_begin(&a, true);
	for (int i = 0; i < 100; i++)
		for (int s = 0; s < ACCESS_STREAMS; s++) {
			enum access_class class = s % 2 ? writes(&a, s * 1000000 + i * 4096, 4096)
			                                : reads(&a, s * 1000000 + i * 4096, 4096);
			ck_assert_int_eq(class, i || s == 0 ? ACCESS_SEQUENTIAL : ACCESS_RANDOM);
		}
}
END_TEST

START_TEST(an_unknown_start)
{
	struct access a;
	access_begin(&a, false);
	ck_assert_int_eq(reads(&a, ACCESS_IMPLICIT, 10), ACCESS_FIRST);
	struct access_result r = access_data(&a, ACCESS_READ, ACCESS_IMPLICIT, 10);
	ck_assert_int_eq(r.class, ACCESS_SEQUENTIAL);
	ck_assert_int_eq(r.start, ACCESS_UNKNOWN);
	ck_assert_int_eq(reads(&a, 4096, 10), ACCESS_FIRST); /* how far that is nobody knows */
	ck_assert_int_eq(reads(&a, 4106, 10), ACCESS_SEQUENTIAL);
	access_seek(&a, 77);
	r = access_data(&a, ACCESS_READ, ACCESS_IMPLICIT, 10);
	ck_assert_int_eq(r.start, 77);
	ck_assert_int_eq(r.class, ACCESS_RANDOM);
}
END_TEST

START_TEST(appending_is_sequential)
{
	struct access a;
	access_begin(&a, true);
	ck_assert_int_eq(writes(&a, ACCESS_APPEND, 10), ACCESS_SEQUENTIAL);
	ck_assert_int_eq(writes(&a, ACCESS_APPEND, 10), ACCESS_SEQUENTIAL);
	ck_assert_int_eq(reads(&a, 0, 10), ACCESS_SEQUENTIAL);
	ck_assert_int_eq(writes(&a, ACCESS_APPEND, 10), ACCESS_SEQUENTIAL);
	ck_assert_int_eq(reads(&a, 10, 10), ACCESS_SEQUENTIAL);
}
END_TEST

START_TEST(extremes)
{
	struct access a;
	access_begin(&a, true);
	ck_assert_int_eq(reads(&a, INT64_MAX, 10), ACCESS_NONE);
	ck_assert_int_eq(reads(&a, 0, UINT64_MAX), ACCESS_NONE);
	access_seek(&a, INT64_MAX);
	ck_assert_int_eq(reads(&a, ACCESS_IMPLICIT, 1 << 30), ACCESS_FIRST);
	ck_assert_int_eq(access_seek(&a, -5), ACCESS_MOVED);
	ck_assert_int_eq(reads(&a, (INT64_C(1) << 62) - 1, 1 << 30), ACCESS_FIRST);
}
END_TEST

START_TEST(blocks_touched)
{
	struct touched t = {0};
	struct touched_file f = {0}, g = {0};
	ck_assert(!touched_add(&t, &f, ACCESS_READ, 4096, 8192, 4096));
	ck_assert(touched_add(&t, &f, ACCESS_READ, 8192, 10, 8192));
	ck_assert(!touched_add(&t, &f, ACCESS_WRITE, 8192, 10, 8192));
	ck_assert(!touched_add(&t, &g, ACCESS_READ, 8192, 10, 8192));
	ck_assert(!touched_add(&t, &f, ACCESS_READ, 0, 1, 0));
	ck_assert(!touched_add(&t, &f, ACCESS_READ, 12288, 1, 12288));
	/* 10 MiB that begin in the middle of a record */
	ck_assert(!touched_add(&t, &f, ACCESS_READ, 100 * 4096, 10 << 20, 100 * 4096));
	ck_assert(!touched_add(&t, &f, ACCESS_READ, 99 * 4096, 4096, 99 * 4096));
	ck_assert(touched_add(&t, &f, ACCESS_READ, 100 * 4096 + (10 << 20) - 1, 1,
	                      100 * 4096 + (10 << 20) - 1));
	ck_assert(
	    !touched_add(&t, &f, ACCESS_READ, 100 * 4096 + (10 << 20), 1, 100 * 4096 + (10 << 20)));
	touched_forget(&t, &f);
	ck_assert(!touched_add(&t, &f, ACCESS_READ, 4096, 1, 4096));
	ck_assert(touched_add(&t, &g, ACCESS_READ, 8192, 10, 8192));
	ck_assert_uint_eq(t.in_use, 2);
	touched_clear(&t);
}
END_TEST

START_TEST(touched_is_bounded)
{
	struct touched t = {0};
	struct touched_file f = {0};
	int64_t span = 64 * 4096;
	for (int64_t i = 0; i < TOUCHED_MOST + 10; i++)
		touched_add(&t, &f, ACCESS_READ, i * span, 1, i * span);
	ck_assert_uint_eq(t.in_use + t.dropped, TOUCHED_MOST + 10);
	ck_assert_uint_ge(t.dropped, 10);
	ck_assert(touched_add(&t, &f, ACCESS_READ, 77 * span, 1, 77 * span));
	touched_forget(&t, &f);
	ck_assert_uint_eq(t.in_use, 0);
	touched_clear(&t);
}
END_TEST

START_TEST(descriptors_by_generation)
{
	struct opened o;
	opened_init(&o, 8);
	struct opened_key key = {1, 7, 3};
	struct opened_fd *fd = opened_add(&o, &key, 1, true);
	ck_assert_ptr_eq(opened_find(&o, &key, 1), fd);
	ck_assert_ptr_eq(opened_find(&o, &key, OPENED_ANY), fd);
	ck_assert_ptr_null(opened_find(&o, &key, 2));
	ck_assert_ptr_null(opened_find(&o, &(struct opened_key){2, 7, 3}, 1));
	opened_add(&o, &key, OPENED_ANY, true);
	ck_assert_ptr_nonnull(opened_find(&o, &key, 5));
	ck_assert_ptr_null(opened_find(&o, &key, 6));
	opened_add(&o, &(struct opened_key){1, 7, 4}, 1, true);
	opened_add(&o, &(struct opened_key){1, 8, 4}, 1, true);
	opened_exit(&o, 1, 7);
	ck_assert_uint_eq(o.n, 1);
	opened_free(&o);
}
END_TEST

START_TEST(descriptors_are_bounded)
{
	struct opened o;
	opened_init(&o, 0);
	for (int64_t i = 0; i < OPENED_MOST + 5; i++)
		opened_add(&o, &(struct opened_key){0, i % 1000, i}, 0, true);
	ck_assert_uint_eq(o.n, OPENED_MOST);
	ck_assert_uint_eq(o.forgotten, 5);
	ck_assert_ptr_null(opened_find(&o, &(struct opened_key){0, 4, 4}, 0)); /* the oldest */
	ck_assert_ptr_nonnull(opened_find(&o, &(struct opened_key){0, 5, 5}, 0));
	opened_free(&o);
}
END_TEST

UNIT_MAIN("access", in_order_from_the_start, a_seek_decides, strides_both_ways,
          four_streams_of_one_file, an_unknown_start, appending_is_sequential, extremes,
          blocks_touched, touched_is_bounded, descriptors_by_generation, descriptors_are_bounded)
