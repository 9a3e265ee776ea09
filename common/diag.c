#include "diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum level { NOTE, WARNING, ANSWER, ERROR, FATAL };

static const struct {
	enum level level;
	const char *text;
} table[] = {
#define DIAG(name, level, text) [DIAG_##name] = {level, text},
#include "diag.def"
#undef DIAG
};
_Static_assert(sizeof table / sizeof *table == DIAG_COUNT, "one row per diagnostic");

static const char *program = "sp";
static int worst;
static _Atomic unsigned reported;

void diag_program(const char *argv0)
{
	const char *slash = strrchr(argv0, '/');
	program = slash ? slash + 1 : argv0;
	static char line[1024]; /* one write() a message, not one a byte */
	setvbuf(stderr, line, _IOLBF, sizeof line);
	diag_progress_begin();
}

const char *diag_program_name(void)
{
	return program;
}

/* Control bytes and invalid UTF-8 lead bytes would let a trace drive the terminal. */
static void print_escaped(const char *s)
{
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;
		if (c < 0x20 || c == 0x7f || (c >= 0x80 && c < 0xa0))
			fprintf(stderr, "\\x%02x", c);
		else
			putc(c, stderr);
	}
}

static _Thread_local void (*wait_for_turn)(void *of);
static _Thread_local void *turn_of;

void diag_in_turn(void (*wait)(void *of), void *of)
{
	wait_for_turn = wait;
	turn_of = of;
}

static struct str excerpt;
static uint64_t excerpt_column;

void diag_excerpt(struct str line, uint64_t column)
{
	excerpt = line;
	excerpt_column = column;
}

/* Four columns in, a caret below; only what fits a terminal of a long line. Each byte that could move
 * the cursor is one dot, so that the caret stays in its place. */
static void print_excerpt(void)
{
	enum { BEFORE = 50, SHOWN = 72 };
	size_t column = excerpt_column ? (size_t)excerpt_column - 1 : 0;
	size_t from = column > BEFORE ? column - BEFORE : 0;
	fputs("    ", stderr);
	for (size_t i = from; i < excerpt.n && i < from + SHOWN; i++) {
		unsigned char c = (unsigned char)excerpt.p[i];
		putc(c == '\t' ? ' ' : c < 0x20 || c >= 0x7f ? '.' : c, stderr);
	}
	fprintf(stderr, "\n%*s^\n", (int)(4 + column - from), "");
	excerpt = (struct str){0};
}

static void report(enum diag what, struct place at, const char *detail, va_list ap)
{
	enum level level = table[what].level;
	if (wait_for_turn)
		wait_for_turn(turn_of);
	int status = level >= ERROR ? 2 : level == ANSWER ? 1 : 0;
	if (status > worst)
		worst = status;
	reported++;
	flockfile(stderr);
	diag_progress_clear();
	fprintf(stderr, "%s: ", program);
	if (at.file) {
		print_escaped(at.file);
		if (at.line)
			fprintf(stderr, ":%llu", (unsigned long long)at.line);
		if (at.column)
			fprintf(stderr, ":%llu", (unsigned long long)at.column);
		fputs(": ", stderr);
	}
	if (table[what].text)
		fprintf(stderr, "%s%s", table[what].text, detail ? ": " : "");
	if (detail) {
		char line[2048];
		vsnprintf(line, sizeof line, detail, ap);
		print_escaped(line);
	}
	putc('\n', stderr);
	if (excerpt.p)
		print_excerpt();
	funlockfile(stderr);
	if (level == FATAL)
		exit(2);
}

void diag(enum diag what, const char *detail, ...)
{
	va_list ap;
	va_start(ap, detail);
	report(what, (struct place){0}, detail, ap);
	va_end(ap);
}

void diag_at(enum diag what, struct place at, const char *detail, ...)
{
	va_list ap;
	va_start(ap, detail);
	report(what, at, detail, ap);
	va_end(ap);
}

void diag_die(enum diag what, const char *detail, ...)
{
	va_list ap;
	va_start(ap, detail);
	report(what, (struct place){0}, detail, ap);
	va_end(ap);
	exit(2);
}

unsigned diag_reported(void)
{
	return reported;
}

int diag_status(void)
{
	return worst;
}
