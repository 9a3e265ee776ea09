#include "number.h"
#include "resolver.h"
#include "syscall.h"

/* Arguments of these kinds beside those that syscall.def names: bits 1 << argument. */
static const struct {
	struct str syscall;
	unsigned fds, pids;
} more_args[] = {
#define ARGS(syscall, fds, pids) {{#syscall, sizeof #syscall - 1}, fds, pids},
#define ARG(n) (1u << (n))
#include "args.def"
#undef ARG
#undef ARGS
};

static void token(struct resolver *r, uint32_t at, size_t n, uint32_t kind, uint32_t id,
                  uint64_t offset)
{
	trace_token(r->t, r->row, (struct token){at, (uint32_t)n, id, kind, offset});
}

/* ---- what a number stands for ---- */

static uint32_t fd_id(struct resolver *r, uint64_t fd)
{
	struct range *known = ranges_find(&r->p->fds, fd);
	if (known)
		return range_id(known, r->when);
	ranges_add(&r->p->fds,
	           (struct range){.from = fd, .to = fd + 1, .id = r->things, .since = INT64_MIN});
	return r->things++;
}

void fd_token(struct resolver *r, uint32_t at, size_t n, uint64_t fd)
{
	if (r->kinds & RESOLVE_DESCRIPTORS && fd >= FIRST_FD && fd < 1 << 30)
		token(r, at, n, TOKEN_FD, fd_id(r, fd), 0);
}

static void unmapped_token(struct resolver *r, uint32_t at, size_t n, uint64_t a)
{
	if (!(r->kinds & RESOLVE_ADDRESSES))
		return;
	uint32_t *id = ids_at(&r->addresses, ids_pair(r->leader, a));
	if (*id == IDS_NONE)
		*id = r->things++;
	token(r, at, n, TOKEN_ADDR, *id, 0);
}

/* Programs that are not position-independent have their own data below 4 GiB, at addresses that are
 * the same in every run; flags are there too. Beyond 2^56 nothing is an address. */
void address_token(struct resolver *r, uint32_t at, size_t n, uint64_t a)
{
	if (!(r->kinds & RESOLVE_ADDRESSES))
		return;
	struct range *map = ranges_find(&r->p->maps, a);
	if (!map && a >= r->p->heap && str_eq(r->f.of[EVENT_SYSCALL], STR("brk")))
		map = ranges_find(&r->p->maps, r->p->heap); /* where the heap is to end */
	if (map) {
		token(r, at, n, TOKEN_ADDR, range_id(map, r->when), a - map->base);
		return;
	}
	if (a >> 32 != 0 && a >> 56 == 0)
		unmapped_token(r, at, n, a);
}

void pid_token(struct resolver *r, uint32_t at, struct str digits)
{
	if (!(r->kinds & RESOLVE_PIDS) || str_eq(digits, STR("0")))
		return;
	uint32_t task = trace_task(r->t, &r->f, digits);
	if (task != NO_TASK) {
		token(r, at, digits.n, TOKEN_PID, task, 0);
		return;
	}
	uint32_t *id = ids_at(&r->foreign, str_hash(digits));
	if (*id == IDS_NONE)
		*id = (uint32_t)r->t->tasks + r->strangers++;
	token(r, at, digits.n, TOKEN_PID, *id, 0);
}

/* ---- arguments ---- */

static bool is_word(char c)
{
	return number_is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '_';
}

/* Behind the string, the comment or the <annotation> that begins at i. */
static size_t skip(struct str s, size_t i)
{
	if (s.p[i] == '"') {
		for (i++; i < s.n && s.p[i] != '"'; i++)
			i += s.p[i] == '\\';
		return i + 1 < s.n ? i + 1 : s.n;
	}
	if (s.p[i] == '<') { /* TCP:[127.0.0.1:80->127.0.0.1:9] has an arrow inside */
		for (i++; i < s.n && (s.p[i] != '>' || s.p[i - 1] == '-'); i++)
			;
		return i + 1 < s.n ? i + 1 : s.n;
	}
	const char *end = str_find(str_drop(s, i), STR("*/"));
	return end ? (size_t)(end - s.p) + 2 : s.n;
}

static bool follows(struct str s, size_t at, struct str key)
{
	return at >= key.n && memcmp(s.p + at - key.n, key.p, key.n) == 0;
}

/* A decimal number: by its place it is a descriptor, a process, an address (epoll's data) or
 * itself. */
static void decimal(struct resolver *r, struct str s, size_t at, size_t n, unsigned arg,
                    unsigned depth)
{
	struct str digits = {s.p + at, n};
	uint64_t value;
	if (!number_u64(digits, &value))
		return;
	bool whole = depth == 1 && arg < ARGS_MOST;
	bool negative = at && s.p[at - 1] == '-';
	if (whole)
		r->value[arg] = value;
	bool set = depth == 2 && s.p[at - 1] != '=' && r->info &&
	           (str_eq(r->info->name, STR("select")) || str_eq(r->info->name, STR("pselect6")));
	bool pair =
	    depth == 2 && r->info &&
	    (str_starts(r->info->name, STR("pipe")) || str_eq(r->info->name, STR("socketpair")));
	if (negative && value == 1) /* -1: none, or all */
		return;
	if (follows(s, at, STR("pid=")) || follows(s, at, STR("tid=[")) ||
	    follows(s, at, STR("pid=[")) || (whole && r->pid_mask >> arg & 1))
		pid_token(r, (uint32_t)at, digits);
	else if (!negative &&
	         (follows(s, at, STR("fd=")) || follows(s, at, STR("fd: ")) ||
	          follows(s, at, STR("cmsg_data=[")) || set || pair ||
	          (at + n < s.n && s.p[at + n] == '<') || (whole && r->fd_mask >> arg & 1)))
		fd_token(r, (uint32_t)at, n, value);
	else if (follows(s, at, STR("u64=")) && value >> 32)
		address_token(r, (uint32_t)at, n, value);
}

static void hexadecimal(struct resolver *r, struct str s, size_t at, size_t n, unsigned arg,
                        unsigned depth)
{
	int64_t value;
	if (!number_any((struct str){s.p + at, n}, &value))
		return;
	bool whole = depth == 1 && arg < ARGS_MOST;
	if (whole)
		r->value[arg] = (uint64_t)value;
	if (whole && r->info && r->info->offset == arg)
		return;
	/* perf script and bpftrace have six bare numbers; perf trace shows of a pointer to a file name the
	 * lower half. */
	if (whole && r->fd_mask >> arg & 1 && value < 1 << 30)
		fd_token(r, (uint32_t)at, n, (uint64_t)value);
	else if ((follows(s, at, STR("name: ")) || follows(s, at, STR("path: "))) && value >> 32 == 0)
		unmapped_token(r, (uint32_t)at, n, (uint64_t)value);
	else
		address_token(r, (uint32_t)at, n, (uint64_t)value);
}

static void find_masks(struct resolver *r)
{
	r->fd_mask = r->pid_mask = 0;
	if (!r->info)
		return;
	r->fd_mask = (1u << r->info->fd | 1u << r->info->dirfd | 1u << r->info->dirfd2) & ~1u;
	for (size_t i = 0; i < sizeof more_args / sizeof *more_args; i++) {
		if (!str_eq(r->info->name, more_args[i].syscall))
			continue;
		r->fd_mask |= more_args[i].fds;
		r->pid_mask |= more_args[i].pids;
	}
}

void scan_arguments(struct resolver *r)
{
	struct str s = r->f.of[EVENT_ARGS];
	unsigned depth = 0, arg = 0;
	memset(r->value, 0, sizeof r->value);
	memset(r->place, 0, sizeof r->place);
	find_masks(r);
	for (size_t i = 0; i < s.n;) {
		char c = s.p[i];
		if (c == '"' || (c == '<' && i && is_word(s.p[i - 1])) ||
		    (c == '/' && i + 1 < s.n && s.p[i + 1] == '*')) {
			i = skip(s, i);
		} else if (c == '(' || c == '[' || c == '{') {
			arg += depth++ == 0;
			i++;
		} else if (c == ')' || c == ']' || c == '}') {
			depth -= depth > 0;
			i++;
		} else if (c == ',') {
			arg += depth == 1;
			i++;
		} else if (is_word(c)) {
			size_t at = i;
			while (i < s.n && is_word(s.p[i]))
				i++;
			if (depth == 1 && arg < ARGS_MOST) {
				r->place[arg].at = at;
				r->place[arg].n = i - at;
			}
			if (i - at > 2 && c == '0' && s.p[at + 1] == 'x')
				hexadecimal(r, s, at, i - at, arg, depth);
			else if (number_is_digit(c))
				decimal(r, s, at, i - at, arg, depth);
		} else {
			i++;
		}
	}
}
