#include "tsv.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit.h"

static char path[] = "/tmp/sp-unit-tsv-XXXXXX";

static struct tsv *open_text(const char *text)
{
	strcpy(path + sizeof path - 7, "XXXXXX");
	int fd = mkstemp(path);
	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	static char *paths[2];
	paths[0] = path;
	freopen("/dev/null", "w", stderr);
	return tsv_open(paths);
}

static void close_text(struct tsv *t)
{
	tsv_close(t);
	unlink(path);
}

START_TEST(columns_are_found_by_name)
{
	struct tsv *t = open_text("args\tdur_ns\textra\tsyscall\n(3)\t12\tx\tread\n()\t\t\tsync\n");
	int syscall = tsv_want(t, "syscall"), dur = tsv_want(t, "dur_ns");
	int64_t ns;
	ck_assert_int_eq(tsv_want(t, "syscall"), syscall);
	ck_assert_int_eq(tsv_next(t), TSV_HEADER);
	assert_str(t->header, "args\tdur_ns\textra\tsyscall");
	ck_assert(tsv_has(t, syscall) && tsv_has(t, dur));
	ck_assert_int_eq(tsv_next(t), TSV_ROW);
	assert_str(t->field[syscall], "read");
	ck_assert(tsv_i64(t, dur, &ns));
	ck_assert_int_eq(ns, 12);
	assert_str(t->row, "(3)\t12\tx\tread");
	ck_assert_int_eq(tsv_next(t), TSV_ROW);
	assert_str(t->field[syscall], "sync");
	ck_assert(!tsv_i64(t, dur, &ns));
	ck_assert_int_eq(tsv_next(t), TSV_END);
	ck_assert_uint_eq(t->rows, 2);
	ck_assert_int_eq(diag_status(), 0);
	close_text(t);
}
END_TEST

START_TEST(a_missing_column_reads_as_empty)
{
	struct tsv *t = open_text("dur_ns\tsyscall\n1\tread\n");
	int path_column = tsv_want(t, "path"), syscall = tsv_want(t, "syscall");
	ck_assert_int_eq(tsv_next(t), TSV_HEADER);
	ck_assert(!tsv_has(t, path_column));
	ck_assert_int_eq(tsv_next(t), TSV_ROW);
	assert_str(t->field[path_column], "");
	assert_str(t->field[syscall], "read");
	int64_t v;
	ck_assert(!tsv_i64(t, path_column, &v));
	close_text(t);
}
END_TEST

START_TEST(a_required_column_that_is_missing_is_fatal)
{
	struct tsv *t = open_text("dur_ns\tsyscall\n1\tread\n");
	int path_column = tsv_want(t, "path");
	ck_assert_int_eq(tsv_next(t), TSV_HEADER);
	pid_t child = fork();
	if (child == 0) {
		tsv_require(t, path_column);
		_exit(0);
	}
	int status;
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 2);
	close_text(t);
}
END_TEST

START_TEST(repeated_headers_begin_new_traces)
{
	struct tsv *t = open_text("dur_ns\tsyscall\n1\tread\ndur_ns\tsyscall\n2\twrite\n"
				  "syscall\tpid\tdur_ns\nopenat\t7\t3\nsyscall\tpid\nclose\t8\n");
	int syscall = tsv_want(t, "syscall"), dur = tsv_want(t, "dur_ns"), pid = tsv_want(t, "pid");
	static const struct {
		const char *syscall, *dur, *pid;
		bool has_dur, has_pid;
	} traces[] = {{"read", "1", "", true, false},
		      {"write", "2", "", true, false},
		      {"openat", "3", "7", true, true},
		      {"close", "", "8", false, true}};
	for (size_t i = 0; i < 4; i++) {
		ck_assert_int_eq(tsv_next(t), TSV_HEADER);
		ck_assert(tsv_has(t, dur) == traces[i].has_dur);
		ck_assert(tsv_has(t, pid) == traces[i].has_pid);
		ck_assert_int_eq(tsv_next(t), TSV_ROW);
		ck_assert(str_eq(t->field[syscall], str_of(traces[i].syscall)));
		ck_assert(str_eq(t->field[dur], str_of(traces[i].dur)));
		ck_assert(str_eq(t->field[pid], str_of(traces[i].pid)));
	}
	ck_assert_int_eq(tsv_next(t), TSV_END);
	close_text(t);
}
END_TEST

/* Text columns may come first and look like anything; only a row of nothing but names, among them an
 * integer column's, is a header. */
START_TEST(rows_that_look_like_headers)
{
	struct tsv *t = open_text("syscall\tdur_ns\nread\t\nsyscall\t\nsyscall\t5\n");
	int syscall = tsv_want(t, "syscall");
	ck_assert_int_eq(tsv_next(t), TSV_HEADER);
	ck_assert_int_eq(tsv_next(t), TSV_ROW);
	assert_str(t->field[syscall], "read");
	ck_assert_int_eq(tsv_next(t), TSV_ROW);
	assert_str(t->field[syscall], "syscall");
	ck_assert_int_eq(tsv_next(t), TSV_ROW);
	ck_assert_int_eq(tsv_next(t), TSV_END);
	close_text(t);
}
END_TEST

START_TEST(ragged_rows_are_reported_and_left_out)
{
	struct tsv *t = open_text("dur_ns\tkind\tsyscall\n1\tcall\tread\n2\n\n3\tcall\twrite\n4\tcall\tclose\tmore\n");
	int dur = tsv_want(t, "dur_ns"), syscall = tsv_want(t, "syscall");
	ck_assert_int_eq(tsv_next(t), TSV_HEADER);
	ck_assert_int_eq(tsv_next(t), TSV_ROW);
	ck_assert_int_eq(diag_status(), 0);
	ck_assert_int_eq(tsv_next(t), TSV_ROW);
	assert_str(t->field[dur], "3");
	ck_assert_int_eq(diag_status(), 2);
	ck_assert_int_eq(tsv_next(t), TSV_ROW); /* surplus columns are nobody's */
	assert_str(t->field[syscall], "close");
	ck_assert_int_eq(tsv_next(t), TSV_END);
	ck_assert_uint_eq(t->rows, 3);
	close_text(t);
}
END_TEST

START_TEST(what_is_no_table_is_reported)
{
	struct tsv *t = open_text("3 read(0, \"\", 1) = 0\ndur_ns\n1\n");
	tsv_want(t, "dur_ns");
	ck_assert_int_eq(tsv_next(t), TSV_END);
	ck_assert_int_eq(diag_status(), 2);
	close_text(t);
}
END_TEST

START_TEST(an_empty_file_is_an_empty_table)
{
	struct tsv *t = open_text("");
	ck_assert_int_eq(tsv_next(t), TSV_END);
	ck_assert_int_eq(diag_status(), 0);
	close_text(t);
}
END_TEST

START_TEST(numbers_that_are_none)
{
	struct tsv *t = open_text("dur_ns\tret\n12x\t-\n99999999999999999999\t-3\n");
	int dur = tsv_want(t, "dur_ns"), ret = tsv_want(t, "ret");
	int64_t v;
	ck_assert_int_eq(tsv_next(t), TSV_HEADER);
	ck_assert_int_eq(tsv_next(t), TSV_ROW);
	ck_assert(!tsv_i64(t, dur, &v));
	ck_assert(!tsv_i64(t, ret, &v));
	ck_assert_int_eq(diag_status(), 2);
	ck_assert_int_eq(tsv_next(t), TSV_ROW);
	ck_assert(!tsv_i64(t, dur, &v));
	ck_assert(tsv_i64(t, ret, &v));
	ck_assert_int_eq(v, -3);
	close_text(t);
}
END_TEST

START_TEST(wanting_between_rows)
{
	struct tsv *t = open_text("pid\tdur_ns\tsyscall\n7\t1\tread\n8\t2\twrite\n");
	int syscall = tsv_want(t, "syscall");
	ck_assert_int_eq(tsv_next(t), TSV_HEADER);
	ck_assert_int_eq(tsv_next(t), TSV_ROW);
	int pid = tsv_want(t, "pid");
	ck_assert_int_eq(tsv_next(t), TSV_ROW);
	assert_str(t->field[pid], "8");
	assert_str(t->field[syscall], "write");
	close_text(t);
}
END_TEST

START_TEST(no_newline_at_the_end)
{
	struct tsv *t = open_text("pid\tsyscall\n7\tread");
	int syscall = tsv_want(t, "syscall");
	ck_assert_int_eq(tsv_next(t), TSV_HEADER);
	ck_assert_int_eq(tsv_next(t), TSV_ROW);
	assert_str(t->field[syscall], "read");
	ck_assert_int_eq(tsv_next(t), TSV_END);
	close_text(t);
}
END_TEST

/* Columns in the order of the event table and in others, with some that nobody wants among them, and one in the place
 * of a wanted one that is not there. */
START_TEST(fields_side_by_side)
{
	static const char *const tables[] = {
	    "start_ns\tdur_ns\tpid\ttid\tkind\tsyscall\tret\terrno\tfd\tbytes\tcomm\tpath\tnote\targs\tfdtype\tfdgen",
	    "start_ns\tx\tpid\ttid\tkind\tsyscall\ty\terrno\tfd",
	    "fdgen\tfdtype\targs\tpath\ttid\tpid\tdur_ns\tstart_ns",
	    "tid\tkind\tsyscall\tstart_ns\tdur_ns\tpid\tz\tpath\tnote\targs\tmine",
	};
	static const char *const names[] = {"mine", "dur_ns", "start_ns", "tid", "kind", "syscall", "ret", "errno",
	                                    "path", "args", "fdtype", "fdgen", "other"};
	enum { N = sizeof names / sizeof *names };
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
		char text[512];
		snprintf(text, sizeof text, "%s\n7%s\n", tables[i], tables[i]); /* a 7 makes it a row */
		struct tsv *t = open_text(text);
		int want[N];
		tsv_order_events(t);
		for (int j = 0; j < N; j++)
			want[j] = tsv_want(t, names[j]);
		ck_assert_int_eq(tsv_next(t), TSV_HEADER);
		ck_assert_int_eq(tsv_next(t), TSV_ROW);
		for (int j = 0; j < N; j++) {
			struct str field = t->field[want[j]];
			ck_assert(str_eq(field, tsv_at(t, want[j])));
			size_t most = tsv_has(t, want[j]) ? strlen(names[j]) + 1 : 0;
			ck_assert(field.n <= most && (most == 0 || str_ends(field, str_of(names[j]))));
		}
		close_text(t);
	}
}
END_TEST

START_TEST(clean_text)
{
	ck_assert(tsv_is_clean(STR("")));
	ck_assert(tsv_is_clean(STR("(3, \"a\"...)")));
	ck_assert(tsv_is_clean(STR("caf\xc3\xa9")));
	ck_assert(!tsv_is_clean(STR("\"a")));
	ck_assert(!tsv_is_clean(STR("a\tb")));
	ck_assert(!tsv_is_clean(STR("a\n")));
	ck_assert(!tsv_is_clean(STR("\33[31m")));
	ck_assert(!tsv_is_clean(STR("a\0")));
	ck_assert(!tsv_is_clean(STR("\x7f")));
}
END_TEST

UNIT_MAIN("tsv", columns_are_found_by_name, a_missing_column_reads_as_empty,
	  repeated_headers_begin_new_traces, rows_that_look_like_headers,
	  ragged_rows_are_reported_and_left_out, what_is_no_table_is_reported,
	  an_empty_file_is_an_empty_table, numbers_that_are_none, wanting_between_rows,
	  no_newline_at_the_end, fields_side_by_side, clean_text, a_required_column_that_is_missing_is_fatal)
