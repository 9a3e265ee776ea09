#include "event.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "unit.h"

static bool parse(const char *list, struct event_layout *layout)
{
	struct str bad;
	return event_layout_parse(str_of(list), layout, &bad);
}

/* What event_write* put out, by way of a file. */
static const char *written(const struct event_layout *layout, const struct event *events, size_t n)
{
	static char text[1 << 20];
	char path[] = "/tmp/sp-unit-event-XXXXXX";
	close(mkstemp(path));
	struct output out;
	output_open(&out, path);
	event_write_header(&out, layout);
	for (size_t i = 0; i < n; i++)
		event_write(&out, layout, &events[i]);
	output_close(&out);
	int fd = open(path, O_RDONLY);
	ssize_t got = read(fd, text, sizeof text - 1);
	ck_assert_int_ge(got, 0);
	text[got] = '\0';
	close(fd);
	unlink(path);
	return text;
}

START_TEST(layouts)
{
	struct event_layout layout;
	ck_assert(parse("start_ns,dur_ns,syscall", &layout));
	ck_assert_uint_eq(layout.n, 3);
	ck_assert_int_eq(layout.column[0], EVENT_START);
	ck_assert_int_eq(layout.column[1], EVENT_DUR);
	ck_assert_int_eq(layout.column[2], EVENT_SYSCALL);
	ck_assert(parse("line", &layout));
	ck_assert_uint_eq(layout.n, 1);
	ck_assert(parse("syscall, dur_ns", &layout)); /* blanks are forgiven */
	ck_assert_int_eq(layout.column[0], EVENT_SYSCALL);
}
END_TEST

START_TEST(bad_layouts_name_the_culprit)
{
	static const char *const lists[][2] = {{"dur_ns,durr", "durr"}, {"pid,tid,pid", "pid"},
					       {"", ""},		 {"pid,", ""},
					       {"pid,,tid", ""},	 {"PID", "PID"}};
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		struct event_layout layout;
		struct str bad;
		ck_assert_msg(!event_layout_parse(str_of(lists[i][0]), &layout, &bad), "%s",
			      lists[i][0]);
		ck_assert(str_eq(bad, str_of(lists[i][1])));
	}
}
END_TEST

START_TEST(every_column_has_its_name)
{
	char all[512] = "";
	struct event_layout layout;
	for (int i = 0; i < EVENT_COLUMNS; i++) {
		ck_assert_int_eq(event_column_by_name(event_columns[i].name), i);
		sprintf(all + strlen(all), "%s%.*s", i ? "," : "", (int)event_columns[i].name.n,
			event_columns[i].name.p);
	}
	ck_assert(parse(all, &layout));
	ck_assert_uint_eq(layout.n, EVENT_COLUMNS);
	ck_assert_int_eq(event_column_by_name(STR("start")), -1);
	ck_assert_int_eq(event_column_by_name(STR("")), -1);
	ck_assert_int_eq(event_columns[EVENT_PID].type, EVENT_INT);
	ck_assert_int_eq(event_columns[EVENT_ARGS].type, EVENT_TEXT);
}
END_TEST

START_TEST(rows)
{
	struct event_layout layout;
	ck_assert(parse("start_ns,dur_ns,pid,kind,syscall,ret,errno,args", &layout));
	struct event events[3] = {{.kind = EVENT_CALL}, {.kind = EVENT_UNFINISHED}, {.kind = EVENT_EXIT}};
	event_set(&events[0], EVENT_START, INT64_MAX);
	event_set(&events[0], EVENT_DUR, 0);
	event_set(&events[0], EVENT_PID, 4194304);
	event_set(&events[0], EVENT_RET, INT64_MIN);
	events[0].text[EVENT_SYSCALL] = EVENT_LITERAL("read");
	events[0].text[EVENT_ERRNO] = EVENT_LITERAL("EAGAIN");
	events[0].text[EVENT_ARGS] = EVENT_LITERAL("(3, \"\\t\"..., 16)");
	events[1].text[EVENT_SYSCALL] = EVENT_LITERAL("exit_group");
	ck_assert(event_has(&events[0], EVENT_DUR) && !event_has(&events[1], EVENT_DUR));
	ck_assert_str_eq(written(&layout, events, 3),
			 "start_ns\tdur_ns\tpid\tkind\tsyscall\tret\terrno\targs\n"
			 "9223372036854775807\t0\t4194304\tcall\tread\t-9223372036854775808\tEAGAIN\t(3, \"\\t\"..., 16)\n"
			 "\t\t\tunfinished\texit_group\t\t\t\n"
			 "\t\t\texit\t\t\t\t\n");
}
END_TEST

/* Text of every length, so that copies in steps of 16 bytes show where they stop; and one row that
 * is larger than the output's buffer. */
START_TEST(text_of_any_length)
{
	struct event_layout layout;
	ck_assert(parse("args,pid", &layout));
	static char text[400000 + 16];
	memset(text, 'x', sizeof text);
	for (size_t n = 0; n < 70; n++) {
		struct event e = {.text[EVENT_ARGS] = {text, n}};
		event_set(&e, EVENT_PID, 1);
		const char *row = strchr(written(&layout, &e, 1), '\n') + 1;
		ck_assert_uint_eq(strspn(row, "x"), n);
		ck_assert_str_eq(row + n, "\t1\n");
	}
	struct event e = {.text[EVENT_ARGS] = {text, 400000}};
	const char *row = strchr(written(&layout, &e, 1), '\n') + 1;
	ck_assert_uint_eq(strspn(row, "x"), 400000);
	ck_assert_str_eq(row + 400000, "\t\n");
}
END_TEST

START_TEST(escaping)
{
	static const struct {
		struct str raw;
		const char *escaped;
	} cases[] = {
	    {{"", 0}, ""},
	    {{"plain (text) = 1", 16}, "plain (text) = 1"},
	    {{"a\tb\nc\rd", 7}, "a\\tb\\nc\\rd"},
	    {{"\"q\\", 3}, "\\\"q\\\\"},
	    {{"\0\1\33\x7f", 4}, "\\x00\\x01\\x1b\\x7f"},
	    {{"caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80", 14}, "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"},
	    {{"\xff\xfe", 2}, "\\xff\\xfe"},			/* never valid */
	    {{"\xc3", 1}, "\\xc3"},				/* cut short */
	    {{"\xe2\x82", 2}, "\\xe2\\x82"},
	    {{"\xc3(", 2}, "\\xc3("},				/* no continuation */
	    {{"\xc0\xaf", 2}, "\\xc0\\xaf"},			/* overlong / */
	    {{"\xe0\x80\xaf", 3}, "\\xe0\\x80\\xaf"},
	    {{"\xed\xa0\x80", 3}, "\\xed\\xa0\\x80"},		/* a surrogate */
	    {{"\xf4\x90\x80\x80", 4}, "\\xf4\\x90\\x80\\x80"},	/* beyond U+10FFFF */
	    {{"\x80", 1}, "\\x80"},				/* a lone continuation */
	    {{"\xc2\x9b" "31m", 5}, "\\xc2\\x9b31m"},		/* the C1 control CSI */
	    {{"\xc2\xa0", 2}, "\xc2\xa0"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buf b = {0};
		event_escape(&b, cases[i].raw);
		ck_assert_msg(str_eq(buf_str(&b), str_of(cases[i].escaped)), "%.*s instead of %s",
			      (int)b.n, b.p, cases[i].escaped);
		buf_free(&b);
	}
}
END_TEST

START_TEST(one_spelling_of_escapes)
{
	static const struct {
		const char *escaped, *spelled;
	} cases[] = {
	    {"", ""},
	    {"plain > text", "plain > text"},
	    {"\\76\\x3e\\076", ">>>"},
	    {"\\n\\t\\r\\\\\\\"", "\\n\\t\\r\\\\\\\""},
	    {"\\v\\f\\a\\b\\33\\0", "\\x0b\\x0c\\x07\\x08\\x1b\\x00"},
	    {"\\303\\251", "\xc3\xa9"},
	    {"\\1234", "S4"}, /* three digits at most */
	    {"\\q\\9\\xg", "q9xg"}, /* no escapes */
	    {"end\\", "end\\\\"},
	    {"end\\x", "endx"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buf b = {0};
		event_respell(&b, str_of(cases[i].escaped));
		ck_assert_msg(str_eq(buf_str(&b), str_of(cases[i].spelled)), "%.*s instead of %s",
			      (int)b.n, b.p, cases[i].spelled);
		buf_free(&b);
	}
}
END_TEST

UNIT_MAIN("event", layouts, bad_layouts_name_the_culprit, every_column_has_its_name, rows,
	  text_of_any_length, escaping, one_spelling_of_escapes)
