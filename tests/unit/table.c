#include "table.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "unit.h"

/* What a table of a text, a time, a size, a count and a share prints; the text is the caller's. */
static struct str print(enum table_format format, const char *name, int rows)
{
	static char text[8192];
	char path[] = "/tmp/sp-unit-table-XXXXXX";
	int fd = mkstemp(path);
	struct output out = {.fd = fd, .name = path};
	struct table *t = table_new(&out, format);
	table_column(t, "path", TABLE_TEXT);
	table_column(t, "total_ns", TABLE_NS);
	table_column(t, "read_bytes", TABLE_BYTES);
	table_column(t, "calls", TABLE_COUNT);
	table_column(t, "time_percent", TABLE_PERCENT);
	for (int i = 0; i < rows; i++) {
		table_text(t, str_of(name));
		table_int(t, 1500);
		table_int(t, 4096);
		table_int(t, 1234567);
		table_number(t, 12.345);
		table_end_row(t);
	}
	table_begin_totals(t);
	table_text(t, STR("total"));
	table_int(t, 3000);
	table_end_row(t); /* the rest is empty */
	table_finish(t);
	output_flush(&out);
	ssize_t n = pread(fd, text, sizeof text, 0);
	close(fd);
	unlink(path);
	free(out.p);
	return (struct str){text, n > 0 ? (size_t)n : 0};
}

START_TEST(for_people)
{
	assert_str(print(TABLE_ALIGNED, "/etc/passwd", 1),
	           "path           total      read      calls  time %\n"
	           "/etc/passwd  1.50 us  4.00 KiB  1,234,567   12.35\n"
	           "-----------  -------  --------  ---------  ------\n"
	           "total        3.00 us\n");
}
END_TEST

START_TEST(for_programs)
{
	assert_str(print(TABLE_TSV, "/etc/passwd", 1),
	           "path\ttotal_ns\tread_bytes\tcalls\ttime_percent\n"
	           "/etc/passwd\t1500\t4096\t1234567\t12.35\n");
	assert_str(print(TABLE_CSV, "/etc/passwd", 1),
	           "path,total_ns,read_bytes,calls,time_percent\n"
	           "/etc/passwd,1500,4096,1234567,12.35\n");
	assert_str(
	    print(TABLE_JSON, "/etc/passwd", 1),
	    "{\"path\":\"/etc/passwd\",\"total_ns\":1500,\"read_bytes\":4096,\"calls\":1234567,"
	    "\"time_percent\":12.35}\n");
	assert_str(print(TABLE_MD, "/etc/passwd", 1),
	           "| path | total | read | calls | time % |\n"
	           "|---|---:|---:|---:|---:|\n"
	           "| /etc/passwd | 1.50 us | 4.00 KiB | 1,234,567 | 12.35 |\n"
	           "| total | 3.00 us |  |  |  |\n");
}
END_TEST

START_TEST(without_rows)
{
	assert_str(print(TABLE_TSV, "", 0), "path\ttotal_ns\tread_bytes\tcalls\ttime_percent\n");
	assert_str(print(TABLE_JSON, "", 0), "");
}
END_TEST

START_TEST(names_that_would_break_a_format)
{
	assert_str(print(TABLE_CSV, "a,b \\\"c\\\"", 1),
	           "path,total_ns,read_bytes,calls,time_percent\n"
	           "\"a,b \\\"\"c\\\"\"\",1500,4096,1234567,12.35\n");
	assert_str(print(TABLE_TSV, "\"quoted\"", 1),
	           "path\ttotal_ns\tread_bytes\tcalls\ttime_percent\n"
	           "\\x22quoted\"\t1500\t4096\t1234567\t12.35\n");
	assert_str(
	    print(TABLE_JSON, "a\\tb\"", 1),
	    "{\"path\":\"a\\\\tb\\\"\",\"total_ns\":1500,\"read_bytes\":4096,\"calls\":1234567,"
	    "\"time_percent\":12.35}\n");
	assert_str(print(TABLE_MD, "a|b<script>_c_", 1),
	           "| path | total | read | calls | time % |\n"
	           "|---|---:|---:|---:|---:|\n"
	           "| a\\|b\\<script\\>\\_c\\_ | 1.50 us | 4.00 KiB | 1,234,567 | 12.35 |\n"
	           "| total | 3.00 us |  |  |  |\n");
}
END_TEST

START_TEST(control_bytes_are_escaped)
{
	static const enum table_format formats[] = {TABLE_ALIGNED, TABLE_TSV, TABLE_CSV, TABLE_JSON,
	                                            TABLE_MD};
	for (size_t f = 0; f < sizeof formats / sizeof *formats; f++) {
		struct str s = print(formats[f], "\33[31m\tx\ny\x7f\xff\xc2\x9b", 1);
		for (size_t i = 0; i < s.n; i++) {
			unsigned char c = (unsigned char)s.p[i];
			bool plain = (c >= 0x20 && c < 0x7f) || c == '\n' ||
			             (c == '\t' && formats[f] == TABLE_TSV);
			ck_assert_msg(plain, "byte %02x in format %u", c, formats[f]);
		}
		ck_assert_ptr_ne(str_find(s, STR("x1b")), NULL);
	}
}
END_TEST

START_TEST(columns_line_up_with_utf8_and_long_names)
{
	char name[400];
	memset(name, 'x', sizeof name);
	memcpy(name, "caf\xc3\xa9/", 6);
	name[sizeof name - 1] = '\0';
	struct str s = print(TABLE_ALIGNED, name, 1), line;
	size_t widths[4], n = 0;
	while (n < 2 && str_cut(&s, '\n', &line)) {
		widths[n] = 0;
		for (size_t i = 0; i < line.n; i++)
			widths[n] += (line.p[i] & 0xc0) != 0x80;
		n++;
	}
	ck_assert_uint_eq(widths[0], widths[1]);
	ck_assert_uint_lt(widths[1], 120);
}
END_TEST

START_TEST(numbers_beyond_64_bits)
{
	char path[] = "/tmp/sp-unit-table-XXXXXX", text[200];
	int fd = mkstemp(path);
	struct output out = {.fd = fd, .name = path};
	struct table *t = table_new(&out, TABLE_TSV);
	table_column(t, "total_ns", TABLE_NS);
	table_int(t, (__int128_t)UINT64_MAX * 1000);
	table_end_row(t);
	table_int(t, -12);
	table_end_row(t);
	table_finish(t);
	output_flush(&out);
	ssize_t n = pread(fd, text, sizeof text, 0);
	assert_str(((struct str){text, n > 0 ? (size_t)n : 0}),
	           "total_ns\n18446744073709551615000\n-12\n");
	close(fd);
	unlink(path);
	free(out.p);
}
END_TEST

/* Two decimals are those of printf, whose rounding is of the exact value: halves, what is close to one, and
 * what is large, negative or no number. */
START_TEST(decimals_are_those_of_printf)
{
	char path[] = "/tmp/sp-unit-table-XXXXXX", expected[512], text[512] = "";
	int fd = mkstemp(path);
	static const double halves[] = {0.125, 0.375, 1.005, 2.675, 0.005, 0.995, 99.995, 99.99499999999999};
	for (int i = 0; i < 20000; i++) {
		double value = i < 8          ? halves[i]
			       : i < 12       ? (double[]){-1.5, 1e12, 1e300, 0.0}[i - 8]
			       : i < 4000     ? (double)(i * 1237) / 8 / 100
			       : i % 2        ? (double)i * 100 / (double)(i % 977 + 1)
					      : (double)i / 1000 + 1e-16 * (double)(i % 7);
		struct output out = {.fd = fd, .name = path};
		struct table *t = table_new(&out, TABLE_TSV);
		table_column(t, "share", TABLE_RATIO);
		table_number(t, value);
		table_end_row(t);
		table_finish(t);
		ck_assert_int_eq(ftruncate(fd, 0) + (int)lseek(fd, 0, SEEK_SET), 0);
		output_flush(&out);
		ssize_t n = pread(fd, text, sizeof text - 1, 0);
		text[n > 0 ? n : 0] = '\0';
		snprintf(expected, sizeof expected, "share\n%.2f\n", value);
		ck_assert_str_eq(text, expected);
		free(out.p);
	}
	close(fd);
	unlink(path);
}
END_TEST

START_TEST(format_names)
{
	enum table_format format;
	ck_assert(table_format_parse("md", &format) && format == TABLE_MD);
	ck_assert(table_format_parse("table", &format) && format == TABLE_ALIGNED);
	ck_assert(!table_format_parse("html", &format));
	ck_assert(!table_format_parse("", &format));
}
END_TEST

UNIT_MAIN("table", for_people, for_programs, without_rows, names_that_would_break_a_format,
          control_bytes_are_escaped, columns_line_up_with_utf8_and_long_names,
          numbers_beyond_64_bits, decimals_are_those_of_printf, format_names)
