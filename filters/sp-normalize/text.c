#include "text.h"

#include <stdlib.h>

#include "number.h"
#include "output.h"
#include "payload.h"
#include "syscall.h"

/* Three lines with sizes of their own may be three messages; eight are a loop. */
enum { LONGEST_LOOP = 8, LEAST_REPEATS = 3, LEAST_OF_ANY_SIZE = 8 };

struct line {
	size_t at, n;             /* the line */
	size_t shape_at, shape_n; /* what makes it the same as another one in a loop */
	size_t size_at, size_n;   /* in there, the bytes it moved; n 0: none */
	uint64_t bytes;
	uint64_t shape, call;     /* hashes: of the shape, and of all but the size */
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
static void put_shape(struct buf *b, const struct fields *f, struct line *l)
{
	static const char *const kinds[] = {[PAYLOAD_UNKNOWN] = "",
	                                    [PAYLOAD_EMPTY] = " empty",
	                                    [PAYLOAD_ZEROS] = " zeros",
	                                    [PAYLOAD_ZEROS_CUT] = " zeros",
	                                    [PAYLOAD_DATA] = " data"};
	if (f->of[EVENT_FD].n == 0 || returns_fd(f, syscall_by_name(f->of[EVENT_SYSCALL])) ||
	    (f->of[EVENT_KIND].n && !str_eq(f->of[EVENT_KIND], STR("call")))) {
		put_line(b, f);
		return;
	}
	buf_add_str(b, f->of[EVENT_SYSCALL]);
	if (f->of[EVENT_BYTES].n) {
		buf_add_char(b, ' ');
		l->size_at = b->n;
		buf_add_str(b, f->of[EVENT_BYTES]);
		/* None at all is the end of a file. */
		if (number_u64(f->of[EVENT_BYTES], &l->bytes) && l->bytes > 0)
			l->size_n = b->n - l->size_at;
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

static bool is_like(const struct line *a, const struct line *b, bool any_size)
{
	return any_size ? a->call == b->call : a->shape == b->shape;
}

struct loop {
	size_t period, times; /* 0: none */
	bool any_size;
};

static size_t lines_of(struct loop loop)
{
	return loop.period * loop.times;
}

/* How often the `period` lines from `from` follow one another. */
static size_t repeats(const struct text *x, size_t from, size_t period, bool any_size)
{
	size_t times = 1;
	for (size_t i = from + period; i < x->lines; i++) {
		if (!is_like(&x->line[i], &x->line[i - period], any_size))
			break;
		times += (i - from) % period == period - 1;
	}
	return times;
}

/* The loop from there that covers most lines, the shorter one of two that cover as many. */
static struct loop loop_at(const struct text *x, size_t from, bool any_size)
{
	struct loop best = {0};
	for (size_t period = 1; period <= LONGEST_LOOP && from + period <= x->lines; period++) {
		struct loop loop = {period, repeats(x, from, period, any_size), any_size};
		if (loop.times >= (any_size ? LEAST_OF_ANY_SIZE : LEAST_REPEATS) && lines_of(loop) > lines_of(best))
			best = loop;
	}
	return best;
}

/* "4096", or "8-79" where each time it is another size. */
static void print_size(const struct text *x, size_t line, struct loop loop)
{
	uint64_t least = UINT64_MAX, most = 0;
	for (size_t i = line; i < line + lines_of(loop); i += loop.period) {
		least = x->line[i].bytes < least ? x->line[i].bytes : least;
		most = x->line[i].bytes > most ? x->line[i].bytes : most;
	}
	output_printf(&output_stdout, "%llu", (unsigned long long)least);
	if (most > least)
		output_printf(&output_stdout, "-%llu", (unsigned long long)most);
}

static void print_shape(const struct text *x, size_t line, struct loop loop)
{
	const struct line *l = &x->line[line];
	size_t rest = l->shape_at;
	if (loop.any_size && l->size_n) {
		output_str(&output_stdout, part(x, l->shape_at, l->size_at - l->shape_at));
		print_size(x, line, loop);
		rest = l->size_at + l->size_n;
	}
	output_str(&output_stdout, part(x, rest, l->shape_at + l->shape_n - rest));
}

static void print_loop(const struct text *x, size_t from, struct loop loop)
{
	uint64_t fd = x->line[from].fd;
	for (size_t i = 0; i < loop.period; i++)
		if (x->line[from + i].fd != fd)
			fd = 0;
	for (size_t i = from; i < from + loop.period; i++) {
		output_str(&output_stdout, i == from ? STR("(") : STR(", "));
		print_shape(x, i, loop);
		if (!fd && x->line[i].fd)
			output_printf(&output_stdout, " FD%llu", (unsigned long long)x->line[i].fd);
	}
	output_printf(&output_stdout, ") x %zu", loop.times);
	if (fd)
		output_printf(&output_stdout, " on FD%llu", (unsigned long long)fd);
	output_char(&output_stdout, '\n');
}

/* One in which sizes differ must cover much more than one in which they are the same. */
static void print_section(struct text *x)
{
	for (size_t i = 0; i < x->lines;) {
		struct loop loop = loop_at(x, i, false), loose = loop_at(x, i, true);
		if (lines_of(loose) > 2 * lines_of(loop))
			loop = loose;
		if (loop.times) {
			print_loop(x, i, loop);
			i += lines_of(loop);
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
	put_shape(&x->bytes, f, l);
	l->shape_n = x->bytes.n - l->shape_at;
	if (!number_u64(f->of[EVENT_FD], &l->fd))
		l->fd = 0;
	l->shape = ids_pair(str_hash(part(x, l->shape_at, l->shape_n)), l->fd);
	l->call = l->shape;
	if (l->size_n) {
		size_t behind = l->size_at + l->size_n;
		l->call = ids_pair(str_hash(part(x, l->shape_at, l->size_at - l->shape_at)),
		                   str_hash(part(x, behind, l->shape_at + l->shape_n - behind)));
		l->call = ids_pair(l->call, l->fd);
	}
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
