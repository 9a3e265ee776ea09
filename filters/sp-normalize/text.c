#include "text.h"

#include <stdlib.h>

#include "number.h"
#include "output.h"
#include "payload.h"
#include "syscall.h"

enum { LONGEST_LOOP = 8, LEAST_REPEATS = 3 };

struct line {
	size_t at, n;             /* the line */
	size_t shape_at, shape_n; /* what makes it the same as another one in a loop */
	uint64_t shape;           /* its hash */
	uint64_t fd;              /* 0: none */
};

struct text {
	bool loops, any_section;
	struct buf bytes; /* of a section, when loops are folded */
	struct line *line;
	size_t lines, cap;
};

struct text *text_new(bool loops)
{
	struct text *x = xcalloc(1, sizeof *x);
	x->loops = loops;
	return x;
}

/* ---- a line ---- */

void text_address(struct buf *b, uint64_t number, uint64_t offset)
{
	buf_printf(b, "ADDR%llu", (unsigned long long)number);
	if (offset)
		buf_printf(b, "+0x%llx", (unsigned long long)offset);
}

static bool returns_fd(const struct fields *f, const struct syscall_info *info)
{
	return (info && info->returns == SYSCALL_RETURNS_FD) ||
	       (str_eq(f->of[EVENT_SYSCALL], STR("fcntl")) &&
	        str_find(f->of[EVENT_ARGS], STR("F_DUPFD")));
}

static void put_ret(struct buf *b, const struct fields *f)
{
	const struct syscall_info *info = syscall_by_name(f->of[EVENT_SYSCALL]);
	struct str ret = f->of[EVENT_RET];
	uint64_t value;
	if (ret.n == 0) {
		buf_add_char(b, '?');
		return;
	}
	bool named = f->of[EVENT_ERRNO].n == 0 && number_u64(ret, &value);
	if (named && info && info->returns == SYSCALL_RETURNS_POINTER && value >> TEXT_ADDRESS_BITS)
		text_address(b, value >> TEXT_ADDRESS_BITS,
		             value & ((UINT64_C(1) << TEXT_ADDRESS_BITS) - 1));
	else if (named && info && info->returns == SYSCALL_RETURNS_PID && value)
		buf_printf(b, "PID%llu", (unsigned long long)value);
	else if (named && returns_fd(f, info) && value > 2)
		buf_printf(b, "FD%llu", (unsigned long long)value);
	else
		buf_add_str(b, ret);
}

static void put_call(struct buf *b, const struct fields *f)
{
	buf_add_str(b, f->of[EVENT_SYSCALL]);
	buf_add_str(b, f->of[EVENT_ARGS].n ? f->of[EVENT_ARGS] : STR("()"));
	buf_add_str(b, STR(" = "));
	put_ret(b, f);
	if (f->of[EVENT_ERRNO].n) {
		buf_add_char(b, ' ');
		buf_add_str(b, f->of[EVENT_ERRNO]);
	}
	if (f->of[EVENT_NOTE].n)
		buf_printf(b, " (%.*s)", (int)f->of[EVENT_NOTE].n, f->of[EVENT_NOTE].p);
}

static void put_line(struct buf *b, const struct fields *f)
{
	struct str kind = f->of[EVENT_KIND], note = f->of[EVENT_NOTE];
	if (str_eq(kind, STR("signal")))
		buf_printf(b, "--- %.*s %.*s ---", (int)note.n, note.p, (int)f->of[EVENT_ARGS].n,
		           f->of[EVENT_ARGS].p);
	else if (str_eq(kind, STR("exit")) && note.n)
		buf_printf(b, "+++ killed by %.*s +++", (int)note.n, note.p);
	else if (str_eq(kind, STR("exit")))
		buf_printf(b, "+++ exited with %.*s +++", (int)f->of[EVENT_RET].n,
		           f->of[EVENT_RET].p);
	else
		put_call(b, f);
}

/* ---- loops ---- */

/* A call on a descriptor is like another one with the same number of bytes of the same kind,
 * whatever the position; other calls must be the same to the letter. */
static void put_shape(struct buf *b, const struct fields *f)
{
	static const char *const kinds[] = {[PAYLOAD_UNKNOWN] = "",
	                                    [PAYLOAD_EMPTY] = " empty",
	                                    [PAYLOAD_ZEROS] = " zeros",
	                                    [PAYLOAD_ZEROS_CUT] = " zeros",
	                                    [PAYLOAD_DATA] = " data"};
	if (f->of[EVENT_FD].n == 0 || returns_fd(f, syscall_by_name(f->of[EVENT_SYSCALL])) ||
	    !str_eq(f->of[EVENT_KIND], STR("call"))) {
		put_line(b, f);
		return;
	}
	buf_add_str(b, f->of[EVENT_SYSCALL]);
	if (f->of[EVENT_BYTES].n) {
		buf_add_char(b, ' ');
		buf_add_str(b, f->of[EVENT_BYTES]);
	}
	if (payload_is_write(f->of[EVENT_SYSCALL]))
		buf_add_str(b, str_of(kinds[payload_of(f->of[EVENT_ARGS])]));
	if (f->of[EVENT_ERRNO].n) {
		buf_add_char(b, ' ');
		buf_add_str(b, f->of[EVENT_ERRNO]);
	}
}

static struct str part(const struct text *x, size_t at, size_t n)
{
	return (struct str){x->bytes.p + at, n};
}

/* How often the `period` lines from `from` follow one another. */
static size_t repeats(const struct text *x, size_t from, size_t period)
{
	size_t times = 1;
	for (size_t i = from + period; i < x->lines; i++) {
		if (x->line[i].shape != x->line[i - period].shape)
			break;
		times += (i - from) % period == period - 1;
	}
	return times;
}

static void print_loop(const struct text *x, size_t from, size_t period, size_t times)
{
	uint64_t fd = x->line[from].fd;
	for (size_t i = 0; i < period; i++)
		if (x->line[from + i].fd != fd)
			fd = 0;
	for (size_t i = from; i < from + period; i++) {
		const struct line *l = &x->line[i];
		output_str(&output_stdout, i == from ? STR("(") : STR(", "));
		output_str(&output_stdout, part(x, l->shape_at, l->shape_n));
		if (!fd && l->fd)
			output_printf(&output_stdout, " FD%llu", (unsigned long long)l->fd);
	}
	output_printf(&output_stdout, ") x %zu", times);
	if (fd)
		output_printf(&output_stdout, " on FD%llu", (unsigned long long)fd);
	output_char(&output_stdout, '\n');
}

/* From each line the loop that covers most lines is taken, the shorter one of two that cover as
 * many. */
static void print_section(struct text *x)
{
	for (size_t i = 0; i < x->lines;) {
		size_t best = 0, best_times = 0;
		for (size_t period = 1; period <= LONGEST_LOOP && i + period <= x->lines;
		     period++) {
			size_t times = repeats(x, i, period);
			if (times >= LEAST_REPEATS && times * period > best * best_times) {
				best = period;
				best_times = times;
			}
		}
		if (best) {
			print_loop(x, i, best, best_times);
			i += best * best_times;
			continue;
		}
		output_str(&output_stdout, part(x, x->line[i].at, x->line[i].n));
		output_char(&output_stdout, '\n');
		i++;
	}
	x->lines = x->bytes.n = 0;
}

static void keep_line(struct text *x, const struct fields *f)
{
	if (x->lines == x->cap) {
		x->cap = x->cap ? x->cap * 2 : 1024;
		x->line = xrealloc(x->line, x->cap, sizeof *x->line);
	}
	struct line *l = &x->line[x->lines++];
	*l = (struct line){.at = x->bytes.n};
	put_line(&x->bytes, f);
	l->n = x->bytes.n - l->at;
	l->shape_at = x->bytes.n;
	put_shape(&x->bytes, f);
	l->shape_n = x->bytes.n - l->shape_at;
	if (!number_u64(f->of[EVENT_FD], &l->fd))
		l->fd = 0;
	l->shape = ids_pair(str_hash(part(x, l->shape_at, l->shape_n)), l->fd);
}

/* ---- sections ---- */

void text_section(struct text *x, struct str label, struct str command)
{
	print_section(x);
	if (x->any_section)
		output_char(&output_stdout, '\n');
	x->any_section = true;
	output_printf(&output_stdout, "=== %.*s%s%.*s\n", (int)label.n, label.p,
	              command.n ? " " : "", (int)command.n, command.p);
}

void text_row(struct text *x, const struct fields *f)
{
	if (x->loops) {
		keep_line(x, f);
		return;
	}
	x->bytes.n = 0;
	put_line(&x->bytes, f);
	buf_add_char(&x->bytes, '\n');
	output_str(&output_stdout, buf_str(&x->bytes));
	x->bytes.n = 0;
}

void text_close(struct text *x)
{
	print_section(x);
	buf_free(&x->bytes);
	free(x->line);
	free(x);
}
