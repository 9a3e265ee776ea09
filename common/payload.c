#include "payload.h"

/* One byte of a string as strace writes it; false when it is not a zero. */
static bool take_zero(struct str *s)
{
	if (s->n < 2 || s->p[0] != '\\')
		return false;
	size_t n = 1;
	if (s->p[1] == 'x') {
		n = 4;
		if (s->n < 4 || s->p[2] != '0' || s->p[3] != '0')
			return false;
	} else {
		while (n < s->n && n < 4 && s->p[n] == '0')
			n++;
		if (n == 1 || (n < 4 && n < s->n && s->p[n] >= '1' && s->p[n] <= '7'))
			return false;
	}
	*s = str_drop(*s, n);
	return true;
}

/* Without the zeros it begins with that are written `\0`, as far as they come by eight, and no digit behind them. */
static struct str skip_zeros(struct str s)
{
	static const char zeros[] = "\\0\\0\\0\\0\\0\\0\\0\\0";
	enum { EIGHT = sizeof zeros - 1 };
	while (s.n > EIGHT && memcmp(s.p, zeros, EIGHT) == 0 && (s.p[EIGHT] == '\\' || s.p[EIGHT] == '"'))
		s = str_drop(s, EIGHT);
	return s;
}

/* Most strings are no zeros from the start on: their ends are not looked for. */
enum payload payload_of(struct str args)
{
	enum payload seen = PAYLOAD_UNKNOWN;
	bool cut = false;
	for (const char *quote; (quote = str_chr(args, '"'));) {
		args = str_between(quote + 1, args.p + args.n);
		if (seen == PAYLOAD_UNKNOWN)
			seen = PAYLOAD_EMPTY;
		for (; args.n && args.p[0] != '"'; seen = PAYLOAD_ZEROS, args = skip_zeros(args))
			if (!take_zero(&args))
				return PAYLOAD_DATA;
		args = str_drop(args, 1);
		cut |= str_starts(args, STR("..."));
	}
	return seen == PAYLOAD_ZEROS && cut ? PAYLOAD_ZEROS_CUT : seen;
}

static bool is_one_of(struct str name, const char *const *names)
{
	for (; *names; names++)
		if (str_eq(name, str_of(*names)))
			return true;
	return false;
}

bool payload_is_write(struct str syscall)
{
	static const char *const names[] = {"write",    "pwrite64", "pwrite",  "writev", "pwritev",
	                                    "pwritev2", "sendto",   "sendmsg", "send",   NULL};
	return is_one_of(syscall, names);
}

bool payload_is_read(struct str syscall)
{
	static const char *const names[] = {"read",    "pread64",  "pread",   "readv", "preadv",
	                                    "preadv2", "recvfrom", "recvmsg", "recv",  NULL};
	return is_one_of(syscall, names);
}
