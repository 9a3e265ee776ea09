/* strace_fast_call: what goes out of a call that was scanned, for strace_fast.h. */
#ifndef SP_STRACE_FAST_CALL_H
#define SP_STRACE_FAST_CALL_H

#include "parse_call.h"
#include "strace_fast_scan.h"
#include "strace_state.h"

/* The first byte of the n-th argument; NULL when there is none, or a name= stands in front. */
static inline const char *arg(const struct walk *w, unsigned n)
{
	if (n > w->spans.commas + 1u)
		return NULL;
	const char *p = w->open + 1 + (n == 1 ? 0 : w->spans.comma[n - 2]);
	p += *p == ' ';
	return *p >= 'a' && *p <= 'z' ? NULL : p;
}

/* Digits in front of < , or ): a number as event_set would spell it. */
static inline bool take_digits(const char *p, struct str *digits)
{
	unsigned n = count_digits(p);
	*digits = (struct str){p, n};
	return n > 0 && (*p != '0' || n == 1) && (p[n] == '<' || p[n] == ',' || p[n] == ')');
}

/* The same for 0x28000. */
static bool take_hex(const char *p, struct event *e, enum event_column column)
{
	int64_t value;
	const char *end = p;
	while (number_is_digit(*end) || *end == 'x' || (*end >= 'a' && *end <= 'f'))
		end++;
	if (p[0] != '0' || p[1] != 'x' || (*end != ',' && *end != ')') ||
	    !number_any(str_between(p, end), &value))
		return false;
	event_set(e, column, value);
	return true;
}

/* Whether the annotation that was found begins at p, and is spelled as the columns do. */
static inline bool is_annotation(const struct walk *w, const char *p)
{
	return walk_at(w, p + 1) == w->spans.annotation.at && !w->spans.annotation.escaped;
}

/* A name relative to the directory that is the first annotation. */
static struct str joined(struct strace *s, struct str directory, struct str name)
{
	s->path.n = 0;
	buf_add_str(&s->path, directory);
	if (s->path.n > 1)
		buf_add_char(&s->path, '/');
	buf_add_str(&s->path, name);
	buf_reserve(&s->path, INPUT_SLACK);
	return buf_str(&s->path);
}

static inline bool take_path(struct strace *s, const struct syscall_info *info,
                             const struct walk *w, const struct scanned *c, struct event *e)
{
	const struct strace_spans *spans = &w->spans;
	const char *p = arg(w, info->path);
	bool null = p && memcmp(p, "NULL", 4) == 0 && (p[4] == ',' || p[4] == ')');
	if (!p || (!null && (*p != '"' || walk_at(w, p + 1) != spans->string.at || spans->string.escaped)))
		return false;
	struct str name = null ? (struct str){p, 0} : walk_text(w, spans->string), *path = &e->text[EVENT_PATH];
	bool returns_fd = info->returns == SYSCALL_RETURNS_FD;
	*path = name;
	if (c->annotation.n && returns_fd) {
		*path = scanned_str(c, c->annotation);
		return true;
	}
	if ((null && !info->dirfd) || (name.n && (name.p[0] == '/' || !info->dirfd)))
		return true;
	const char *directory = info->dirfd ? arg(w, info->dirfd) : NULL;
	if (!directory)
		return false;
	/* fstatat(3, "", AT_EMPTY_PATH) is about fd 3 */
	if (name.n == 0 && !null &&
	    (info->fd || returns_fd || !take_digits(directory, &e->text[EVENT_FD])))
		return false;
	while (*directory != '<' && *directory != ',')
		directory++;
	if (*directory == ',')
		return true;
	if (!is_annotation(w, directory) || directory[1] != '/')
		return false;
	struct str of_directory = walk_text(w, spans->annotation);
	*path = name.n ? joined(s, of_directory, name) : of_directory;
	return true;
}

/* fd, offset and path, as strace_facts has them. */
static inline bool take_places(struct strace *s, const struct syscall_info *info,
                               const struct walk *w, const struct scanned *c, struct event *e)
{
	struct str *fd = &e->text[EVENT_FD], *path = &e->text[EVENT_PATH], *offset = &e->text[EVENT_OFFSET];
	if (info->fd) {
		const char *p = arg(w, info->fd);
		bool none = p && p[0] == '-' && p[1] == '1' && (p[2] == ',' || p[2] == ')') &&
			    !c->failed; /* an anonymous mmap */
		if (!p || (!none && !take_digits(p, fd)) || fd->n > 9)
			return false;
		const char *behind = none ? p : fd->p + fd->n;
		if (*behind == '<' && !info->path) {
			if (!is_annotation(w, behind))
				return false;
			*path = walk_text(w, w->spans.annotation);
		}
	}
	if (info->path && !take_path(s, info, w, c, e))
		return false;
	/* That of a copy, which F_DUPFD returns, tells nothing that the descriptor's own does not. */
	if (!info->path && c->annotation.n && info->returns == SYSCALL_RETURNS_FD)
		*path = scanned_str(c, c->annotation);
	if (info->offset) {
		const char *p = arg(w, info->offset);
		if (!p || (!take_digits(p, offset) && !take_hex(p, e, EVENT_OFFSET)))
			return false;
	}
	return true;
}

/* fd, offset and path, where columns ask for them, and bytes. */
static inline bool take_facts(struct strace *s, const struct syscall_info *info,
                              const struct walk *w, const struct scanned *c, struct event *e)
{
	struct str *fd = &e->text[EVENT_FD], *path = &e->text[EVENT_PATH];
	struct str *offset = &e->text[EVENT_OFFSET], *bytes = &e->text[EVENT_BYTES];
	static const char nothing[INPUT_SLACK]; /* to be read without looking at how long it is */
	str_set(fd, nothing, 0);
	str_set(path, nothing, 0);
	str_set(offset, nothing, 0);
	str_set(bytes, nothing, 0);
	if (s->parse->places && !take_places(s, info, w, c, e))
		return false;
	struct str *returned = info->returns == SYSCALL_RETURNS_FD	 ? fd
			       : info->returns == SYSCALL_RETURNS_OFFSET ? offset
			       : info->returns == SYSCALL_RETURNS_BYTES	 ? bytes
									 : NULL;
	if (returned && !c->digits.n) /* such values are not printed as addresses */
		return false;
	if (returned && !c->failed)
		*returned = scanned_str(c, c->digits);
	return true;
}

/* The same as strace_emit for a call from a line of so many bytes. */
static inline void emit_call(struct strace *s, struct event *e, struct thread *th, size_t line_bytes)
{
	enum { NUMBERS_AND_ERRNO = 256 };
	struct str next = parse_ahead(s->parse);
	if (__builtin_expect(s->held.active || next.n == 0 || next.p[0] == ' ', 0)) {
		strace_set_thread(e, th);
		strace_emit(s, e);
		return;
	}
	/* Room for the texts: they are parts of the line, but for the path, which is put together from parts of it. */
	parse_call(s->parse, e, th, 2 * line_bytes + th->comm.n + NUMBERS_AND_ERRNO);
}

/* A call that was scanned, as an event, of which the start is set already: its value from c, its name and
 * arguments where w says. False, with nothing given out, for calls of another kind. */
static bool give_call(struct strace *s, struct thread *th, const struct scanned *c, const char *name,
                      const struct walk *w, struct event *e)
{
	if (!take_facts(s, c->info, w, c, e))
		return false;
	e->text[EVENT_DUR] = (struct str){c->dur, c->dur_n};
	e->text[EVENT_COMM] = th->comm.n ? buf_str(&th->comm) : EVENT_LITERAL("");
	e->text[EVENT_SYSCALL] = str_between(name, w->open);
	e->text[EVENT_ERRNO] = scanned_str(c, c->error);
	e->text[EVENT_NOTE] = scanned_str(c, c->note);
	e->text[EVENT_ARGS] = (struct str){w->open, w->spans.close + 1};
	if (c->digits.n)
		e->text[EVENT_RET] = scanned_str(c, c->digits);
	else
		event_set(e, EVENT_RET, c->address);
	accounts_end(&s->parse->accounts);
	emit_call(s, e, th, (size_t)(w->open - name) + w->spans.close + c->n);
	return true;
}

#endif
