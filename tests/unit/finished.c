#include "finished.h"

#include <unistd.h>

#include "unit.h"

/* What is left of a table: each row's key, calls and time, found by name; a header is "-". */
static struct str rows_of(const char *text)
{
	static struct buf rows, keys;
	char path[] = "/tmp/sp-unit-finished-XXXXXX", *paths[] = {path, NULL};
	int fd = mkstemp(path);
	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	struct tsv *t = tsv_open(paths);
	struct finished f;
	int ns = tsv_want(t, "total_ns"), calls = tsv_want(t, "calls");
	finished_open(&f, t);
	rows.n = 0;
	for (enum tsv_what what; (what = finished_next(&f)) != TSV_END;) {
		struct str key = finished_key(t->header, t->row, &keys), count = t->field[calls];
		int64_t time = -1;
		if (what == TSV_ROW && tsv_i64(t, ns, &time))
			buf_printf(&rows, " %.*s:%.*s:%lld", (int)key.n, key.p, (int)count.n, count.p, (long long)time);
		else
			buf_printf(&rows, " -");
	}
	finished_close(&f);
	tsv_close(t);
	unlink(path);
	return buf_str(&rows);
}

#define HEADER "comm\tcalls\terrors\ttotal_ns\n"

START_TEST(totals_are_left_out)
{
	assert_str(rows_of(HEADER "a\t1\t0\t10\nb\t2\t0\t20\ntotal\t3\t0\t30\n"), " - a:1:10 b:2:20");
	assert_str(rows_of(HEADER "a\t1\t0\t10\nb\t2\t0\t20\ntotal\t3\t0\t30\nwaiting\t1\t\t10\nactive\t2\t\t20\n"),
		   " - a:1:10 b:2:20");
}
END_TEST

START_TEST(so_are_those_of_more_than_is_shown)
{
	assert_str(rows_of(HEADER "a\t1\t0\t10\ntotal\t9\t0\t90\nwaiting\t3\t\t60\nactive\t6\t\t30\n"), " - a:1:10");
}
END_TEST

START_TEST(every_slice_of_time_has_its_own)
{
	assert_str(rows_of("slice_ns\tcomm\tcalls\ttotal_ns\n0\ta\t1\t10\n\ttotal\t1\t10\n5\ta\t2\t20\n\ttotal\t2\t20\n"),
		   " - 0\ta:1:10 5\ta:2:20");
}
END_TEST

START_TEST(a_group_may_have_their_names)
{
	assert_str(rows_of(HEADER "total\t1\t0\t10\na\t2\t0\t20\n"), " - total:1:10 a:2:20");
	assert_str(rows_of(HEADER "a\t1\t0\t10\ntotal\t7\t0\t30\nb\t2\t0\t20\n"), " - a:1:10 total:7:30 b:2:20");
	assert_str(rows_of(HEADER "a\t1\t0\t10\ntotal\t7\t0\t30\nwaiting\t2\t0\t20\nactive\t2\t0\t2\n"),
		   " - a:1:10 total:7:30 waiting:2:20 active:2:2");
	assert_str(rows_of(HEADER "a\t1\t0\t10\ntotal\t7\t0\t30\ntotal\t8\t0\t40\n"), " - a:1:10 total:7:30");
	assert_str(rows_of("comm\tpath\tcalls\ttotal_ns\na\tx\t1\t10\ntotal\tx\t1\t10\n"), " - a\tx:1:10 total\tx:1:10");
}
END_TEST

START_TEST(what_stands_behind_a_held_row_is_read_as_ever)
{
	assert_str(rows_of(HEADER "a\t1\t0\t10\ntotal\t7\t0\t30\n" "comm\tcalls\ttotal_ns\nb\t2\t20\n"),
		   " - a:1:10 total:7:30 - b:2:20");
	assert_str(rows_of(HEADER "a\t1\t0\t10\ntotal\t7\t0\t30\n"), " - a:1:10 total:7:30");
}
END_TEST

UNIT_MAIN("finished", totals_are_left_out, so_are_those_of_more_than_is_shown, every_slice_of_time_has_its_own,
	  a_group_may_have_their_names, what_stands_behind_a_held_row_is_read_as_ever)
