/* The hot path of sp-parse, the call itself: arguments, value and time in one walk. See
 * strace_fast.c for what may be taken here. */
#include "strace_bytes.h"
#include "strace_state.h"

enum { MAX_COMMAS = 6 };

/* The arguments, as far as they matter here. */
struct walk {
	const char *open, *close;
	const char *comma[MAX_COMMAS];
	unsigned commas;
	struct strace_span string, annotation; /* the first of each */
};

/* The closing quote of the string at s->open. */
static inline bool string_end(struct strace_span *s)
{
	for (const char *p = s->open + 1;; p += STRACE_STEP) {
		__m128i bytes = bytes_at(p);
		unsigned backslashes = bytes_mask(bytes_equal(bytes, '\\'));
		unsigned stops =
		    bytes_mask(_mm_or_si128(bytes_equal(bytes, '"'), bytes_not_plain(bytes)));
		for (; stops; stops &= stops - 1) {
			const char *at = p + __builtin_ctz(stops), *before = at;
			if (*at != '"')
				return false;
			while (before[-1] == '\\')
				before--;
			if ((at - before) % 2)
				continue;
			s->escaped |= (backslashes & ((1u << (at - p)) - 1)) != 0;
			s->close = at;
			return true;
		}
		s->escaped |= backslashes != 0;
	}
}

/* The closing bracket of the annotation at s->open. */
static inline bool annotation_end(struct strace_span *s)
{
	for (const char *p = s->open + 1;; p += STRACE_STEP) {
		__m128i bytes = bytes_at(p);
		unsigned odd =
		    bytes_mask(_mm_or_si128(bytes_equal(bytes, '\\'), bytes_equal(bytes, '"')));
		unsigned stops = bytes_mask(
		    _mm_or_si128(_mm_or_si128(bytes_equal(bytes, '>'), bytes_equal(bytes, '<')),
		                 bytes_not_plain(bytes)));
		for (; stops; stops &= stops - 1) {
			const char *at = p + __builtin_ctz(stops);
			if (*at != '>')
				return false;
			if (at[-1] == '-' && (byte_is_digit(at[1]) || at[1] == '['))
				continue;
			s->escaped |= (odd & ((1u << (at - p)) - 1)) != 0;
			s->close = at;
			return true;
		}
		s->escaped |= odd != 0;
	}
}

/* The end of a comment of plain words. */
static inline const char *comment_end(const char *p)
{
	while (*p == ' ' || byte_is_digit(*p) || (*p >= 'a' && *p <= 'z'))
		p++;
	return p[0] == '*' && p[1] == '/' ? p + 1 : NULL;
}

/* Finds the `)` that closes w->open. wanted: how many commas are of interest. */
static inline bool walk_args(struct walk *w, unsigned wanted)
{
	int round = 0, other = 0;
	const char *p = w->open + 1;
	w->commas = 0;
	w->string = w->annotation = (struct strace_span){0};
	for (;;) {
		__m128i bytes = bytes_at(p), found = bytes_structural(bytes);
		if (w->commas < wanted)
			found = bytes_either(found, bytes_separating(bytes));
		const char *next = p + STRACE_STEP;
		for (unsigned m = bytes_mask(found); m; m &= m - 1) {
			const char *at = p + __builtin_ctz(m);
			struct strace_span span = {at, NULL, false};
			switch (*at) {
			case ',':
				if (!(round | other) && w->commas < wanted)
					w->comma[w->commas++] = at;
				continue;
			case '"':
				if (!string_end(&span))
					return false;
				if (!w->string.open)
					w->string = span;
				break;
			case '<':
				if (!byte_is_digit(at[-1]) && at[-1] != 'D')
					return false;
				if (at[1] == '<' || at[1] == '=' || !annotation_end(&span))
					return false;
				if (!w->annotation.open)
					w->annotation = span;
				break;
			case '*': /* a comment, if it is a simple one */
				if (at[-1] != '/')
					continue;
				span.close = comment_end(at + 1);
				if (!span.close)
					return false;
				break;
			case ')':
				if (round-- > 0)
					continue;
				w->close = at;
				return true;
			case '(':
				round++;
				continue;
			case '[':
			case '{':
				other++;
				continue;
			case ']':
			case '}':
				other--;
				continue;
			default:
				return false;
			}
			next = span.close + 1;
			break;
		}
		p = next;
	}
}

/* The first byte of the n-th argument; NULL when there is none, or a name= stands in front. */
static inline const char *arg(const struct walk *w, unsigned n)
{
	if (n > w->commas + 1)
		return NULL;
	const char *p = n == 1 ? w->open + 1 : w->comma[n - 2] + 1;
	p += *p == ' ';
	return *p >= 'a' && *p <= 'z' ? NULL : p;
}

/* Digits in front of < , or ): a number as event_set would spell it. */
static inline bool take_digits(const char *p, struct str *digits)
{
	const char *start = p;
	while (byte_is_digit(*p) && p < start + 18)
		p++;
	*digits = str_between(start, p);
	return p > start && (*start != '0' || digits->n == 1) &&
	       (*p == '<' || *p == ',' || *p == ')');
}

static struct str inside(const struct strace_span *span)
{
	return str_between(span->open + 1, span->close);
}

/* The value behind the arguments: digits, address or error; then <path> and the time. */
struct value {
	struct str digits, error, annotation;
	int64_t address; /* when there are no digits */
	bool failed, annotation_escaped;
};

static inline bool take_value(const char *p, const char *end, struct value *v)
{
	v->error.n = v->annotation.n = v->digits.n = 0;
	v->failed = v->annotation_escaped = false;
	if (*p != ' ')
		return false;
	while (*p == ' ')
		p++;
	if (p[0] != '=' || p[1] != ' ')
		return false;
	p += 2;
	const char *start = p;
	if (*p == '0' && p[1] == 'x') {
		while (p < end && *p != ' ')
			p++;
		return p == end && number_any(str_between(start, p), &v->address);
	}
	v->failed = *p == '-';
	p += v->failed;
	while (byte_is_digit(*p) && p < start + 18)
		p++;
	v->digits = str_between(start, p);
	if (p == start + v->failed || (start[v->failed] == '0' && p > start + v->failed + 1))
		return false;
	if (*p == '<' && !v->failed) {
		struct strace_span span = {p, NULL, false};
		if (!annotation_end(&span))
			return false;
		v->annotation = inside(&span);
		v->annotation_escaped = span.escaped;
		p = span.close + 1;
	}
	if (!v->failed)
		return p == end;
	if (v->digits.n != 2 || start[1] != '1' || p[0] != ' ' || p[1] != 'E')
		return false;
	const char *name = ++p;
	while (*p >= 'A' && *p <= 'Z')
		p++;
	v->error = str_between(name, p);
	if (*p == ' ' && p[1] == '(' && memchr(p, ')', (size_t)(end - p)) == end - 1)
		p = end;
	return p == end && !str_starts(v->error, STR("ERESTART"));
}

/* " <0.000123>" at the end, of which the digits become those of dur_ns. */
static inline const char *take_duration(const char *end, char digits[16], struct str *dur)
{
	uint32_t micros;
	dur->n = 0;
	if (end[-1] != '>' || end[-8] != '.' || end[-10] != '<' || end[-11] != ' ' ||
	    end[-9] != '0' || !number_six_digits(end - 7, &micros))
		return end;
	if (micros == 0) {
		*dur = EVENT_LITERAL("0");
		return end - 11;
	}
	uint64_t eight;
	memcpy(&eight, end - 7, 8);
	unsigned zeros = (unsigned)__builtin_ctzll(eight & UINT64_C(0x0f0f0f0f0f0f0f0f)) / 8;
	eight >>= zeros * 8;
	memcpy(digits, &eight, 8);
	memcpy(digits + 6 - zeros, "000", 4);
	*dur = (struct str){digits, 9 - zeros};
	return end - 11;
}

/* A name relative to the directory that is the first annotation. */
static struct str joined(struct strace *s, const struct strace_span *directory, struct str name)
{
	s->path.n = 0;
	buf_add_str(&s->path, inside(directory));
	if (s->path.n > 1)
		buf_add_char(&s->path, '/');
	buf_add_str(&s->path, name);
	buf_reserve(&s->path, INPUT_SLACK);
	return buf_str(&s->path);
}

static inline bool take_path(struct strace *s, const struct syscall_info *info,
                             const struct walk *w, const struct value *v, struct event *e)
{
	const char *p = arg(w, info->path);
	if (!p || *p != '"' || p != w->string.open || w->string.escaped)
		return false;
	struct str name = inside(&w->string), *path = &e->text[EVENT_PATH];
	bool returns_fd = info->returns == SYSCALL_RETURNS_FD;
	*path = name;
	if (v->annotation.n && returns_fd) {
		*path = v->annotation;
		return !v->annotation_escaped;
	}
	if (name.n && (name.p[0] == '/' || !info->dirfd))
		return true;
	const char *directory = info->dirfd ? arg(w, info->dirfd) : NULL;
	if (!directory)
		return false;
	/* fstatat(3, "", AT_EMPTY_PATH) is about fd 3 */
	if (name.n == 0 && (info->fd || returns_fd || !take_digits(directory, &e->text[EVENT_FD])))
		return false;
	while (*directory != '<' && *directory != ',')
		directory++;
	if (*directory == ',')
		return true;
	if (directory != w->annotation.open || w->annotation.escaped || directory[1] != '/')
		return false;
	*path = name.n ? joined(s, &w->annotation, name) : inside(&w->annotation);
	return true;
}

/* fd, bytes, offset and path, as strace_facts has them. */
static inline bool take_facts(struct strace *s, const struct syscall_info *info,
                              const struct walk *w, const struct value *v, struct event *e)
{
	struct str *fd = &e->text[EVENT_FD], *path = &e->text[EVENT_PATH];
	struct str *offset = &e->text[EVENT_OFFSET], *bytes = &e->text[EVENT_BYTES];
	fd->n = path->n = offset->n = bytes->n = 0;
	if (info->fd) {
		const char *p = arg(w, info->fd);
		bool none = p && p[0] == '-' && p[1] == '1' && !v->failed; /* an anonymous mmap */
		if (!p || (!none && !take_digits(p, fd)) || fd->n > 9)
			return false;
		const char *behind = none ? p : fd->p + fd->n;
		if (*behind == '<' && !info->path) {
			if (behind != w->annotation.open || w->annotation.escaped)
				return false;
			*path = inside(&w->annotation);
		}
	}
	if (info->path && !take_path(s, info, w, v, e))
		return false;
	if (!info->path && v->annotation.n) {
		if (info->returns != SYSCALL_RETURNS_FD || v->annotation_escaped)
			return false;
		*path = v->annotation;
	}
	if (info->offset) {
		const char *p = arg(w, info->offset);
		if (!p || !take_digits(p, offset))
			return false;
	}
	struct str *returned = info->returns == SYSCALL_RETURNS_FD	 ? fd
			       : info->returns == SYSCALL_RETURNS_OFFSET ? offset
			       : info->returns == SYSCALL_RETURNS_BYTES	 ? bytes
									 : NULL;
	if (returned && !v->digits.n) /* such values are not printed as addresses */
		return false;
	if (returned && !v->failed)
		*returned = v->digits;
	return true;
}

/* A name seen before, by its first eight bytes. What makes threads, ends them or names them is for
 * the general rules: NULL. */
const struct strace_known *strace_known(struct strace *s, const char *name, size_t n)
{
	uint64_t first;
	memcpy(&first, name, 8);
	if (n < 8)
		first &= (UINT64_C(1) << 8 * n) - 1;
	struct strace_known *known =
	    &s->known[(first * UINT64_C(0x9e3779b97f4a7c15)) >> (64 - STRACE_KNOWN_BITS)];
	if (known->first == first && known->n == n &&
	    (n <= 8 || !memcmp(known->info->name.p + 8, name + 8, n - 8)))
		return known;
	struct str word = {name, n};
	const struct syscall_info *info = syscall_by_name(word);
	if (!info || strace_creates(word) || str_starts(word, STR("exec")) ||
	    str_starts(word, STR("exit")) || str_eq(word, STR("prctl")) ||
	    str_eq(word, STR("restart_syscall")) || info->path2)
		return NULL;
	unsigned last = info->fd > info->path ? info->fd : info->path;
	last = info->offset > last ? info->offset : last;
	last = info->dirfd > last ? info->dirfd : last;
	if (last > MAX_COMMAS)
		return NULL;
	*known = (struct strace_known){first, n, info, last > 1 ? last - 1u : 0};
	return known;
}

/* What is between the leader and the end: NAME(ARGS) = VALUE. The event's start is set already. */
bool strace_fast_call(struct strace *s, struct thread *th, const char *body, const char *end,
                      struct event *e)
{
	unsigned parens = bytes_mask(bytes_equal(bytes_at(body), '('));
	struct walk w;
	struct value v;
	char dur[16];
	if (!parens)
		return false;
	w.open = body + __builtin_ctz(parens);
	const struct strace_known *known = strace_known(s, body, (size_t)(w.open - body));
	if (!known || !walk_args(&w, known->commas) || w.close >= end)
		return false;
	const struct syscall_info *info = known->info;
	end = take_duration(end, dur, &e->text[EVENT_DUR]);
	if (!take_value(w.close + 1, end, &v) || !take_facts(s, info, &w, &v, e))
		return false;
	e->kind = EVENT_CALL;
	e->text[EVENT_PID].n = e->text[EVENT_TID].n = 0;
	strace_set_thread(e, th);
	e->text[EVENT_SYSCALL] = str_between(body, w.open);
	e->text[EVENT_ERRNO] = v.error;
	e->text[EVENT_ARGS] = str_between(w.open, w.close + 1);
	if (v.digits.n)
		e->text[EVENT_RET] = v.digits;
	else
		event_set(e, EVENT_RET, v.address);
	accounts_end(&s->parse->accounts);
	strace_emit(s, e);
	return true;
}
