/* sysset: the members of sets, by strace's rules and ours. */
#include "sysset.h"

#include <stdio.h>

#include "syscall.h"
#include "unit.h"

static struct sysset *compiled(const char *text)
{
	struct fault fault;
	struct sysset *s = sysset_compile(str_of(text), &fault);
	ck_assert_msg(s, "%s: %zu: %s", text, fault.at, fault.what);
	return s;
}

static struct str event(struct str name)
{
	return str_eq(name, STR("-")) ? (struct str){0} : name;
}

/* Members are names apart by blanks; "-" is an event that is no call. */
static void check(const char *set, const char *in, const char *out)
{
	struct sysset *s = compiled(set);
	const char *lists[] = {out, in};
	for (int expected = 0; expected < 2; expected++) {
		struct str rest = str_of(lists[expected]), name;
		while (str_cut(&rest, ' ', &name))
			for (int again = 0; name.n && again < 2; again++) /* then it is remembered */
				ck_assert_msg(sysset_has(s, event(name)) == expected,
					      "%.*s in %s is not %d", (int)name.n, name.p, set,
					      expected);
	}
	sysset_free(s);
}

START_TEST(members)
{
	check("read", "read", "write readv - frobnicate");
	check("trace=read,write", "read write", "close -");
	check("t=%file", "openat execve statx", "read close -");
	check("file", "openat", "read");
	check("%%stat", "stat lstat fstat newfstatat statx", "statfs read");
	check("stat", "stat", "lstat fstat");
	check("%net,%ipc", "socket semop", "read");
	check("0,3", "read close", "write");
	check("all", "read frobnicate -", "");
	check("none", "", "read - frobnicate");
}
END_TEST

START_TEST(negation)
{
	check("!read", "write - frobnicate", "read");
	check("!read,write", "close -", "read write");
	check("!read,!write", "close -", "read write");
	check("!none", "read -", "");
	check("!all", "", "read frobnicate -");
	check("desc,!close", "read write", "close socket -");
	check("desc,!close,close", "close", "-");
	check("all,!%desc", "brk frobnicate -", "read");
	check("!desc,%net", "brk", "read socket");
}
END_TEST

START_TEST(patterns)
{
	check("/^open.*/,!openat", "open open_by_handle_at openat2", "openat read -");
	check("/^open", "open openat", "fopen");
	check("/stat", "fstat statfs newfstatat", "read");
	check("!/stat", "read -", "fstat statfs");
	check("/^re?ad{1,2}v$/,close", "readv close", "read");
	check("/^frob|^read$", "frobnicate frob read", "write");
	check("?/^frob", "frobnicate", "read -");
}
END_TEST

START_TEST(unknown_names)
{
	check("?frobnicate", "frobnicate", "frobnicat read -");
	check("!?frobnicate", "read - frobnicat", "frobnicate");
	check("?nonesuch,read", "read nonesuch", "write");
	char longest[200];
	memset(longest, 'x', sizeof longest);
	struct sysset *s = compiled("?/xxx$");
	for (size_t n = 3; n < sizeof longest; n++)
		ck_assert(sysset_has(s, (struct str){longest, n}));
	for (int i = 0; i < 5000; i++) { /* more than are remembered */
		int length = snprintf(longest, sizeof longest, "call%d%s", i, i % 3 ? "xxx" : "");
		ck_assert_int_eq(sysset_has(s, (struct str){longest, (size_t)length}), i % 3 != 0);
	}
	sysset_free(s);
}
END_TEST

/* The rows of the table are decided when the set is read; other names when they come. */
START_TEST(all_rows)
{
	struct sysset *s = compiled("%file,!/at/");
	for (size_t i = 0; i < syscall_count; i++) {
		const struct syscall_info *info = &syscall_table[i];
		bool in = (info->classes & SYSCALL_CLASS_FILE) && !str_find(info->name, STR("at"));
		ck_assert_msg(sysset_has(s, info->name) == in, "%.*s", (int)info->name.n, info->name.p);
	}
	sysset_free(s);
}
END_TEST

START_TEST(faults)
{
	static const struct {
		const char *set;
		size_t at, n;
	} cases[] = {
	    {"", 0, 0},		{"read,", 5, 0},      {",read", 0, 0},	  {"reed", 0, 4},
	    {"trace=read,opn", 11, 3}, {"!read,!wriet", 7, 5}, {"%fiel", 0, 5}, {"creds", 0, 5},
	    {"/^nonesuch", 0, 10}, {"!read,/a(", 9, 1},	  {"read@64", 0, 7}, {"99999", 0, 5},
	    {"?", 1, 0},	{"! read", 1, 5},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct fault fault;
		ck_assert_ptr_null(sysset_compile(str_of(cases[i].set), &fault));
		ck_assert_msg(fault.at == cases[i].at && fault.n == cases[i].n, "%s: %zu %zu: %s",
			      cases[i].set, fault.at, fault.n, fault.what);
	}
}
END_TEST

UNIT_MAIN("sysset", members, negation, patterns, unknown_names, all_rows, faults)
