#include "peer.h"

#include "args.h"
#include "endpoint.h"

/* "tcp:" of "TCP:[..." and "TCPv6:[...", "unix:" of "UNIX-STREAM:[..."; false when it is no socket. */
static bool add_protocol(struct str path, struct buf *out)
{
	static const struct str known[] = {
		{"TCP", 3}, {"UDP", 3}, {"UNIX", 4}, {"RAW", 3}, {"SCTP", 4}, {"PING", 4}, {"MPTCP", 5},
	};
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (!str_starts(path, known[i]))
			continue;
		for (size_t j = 0; j < known[i].n; j++)
			buf_add_char(out, (char)(known[i].p[j] | 0x20));
		buf_add_char(out, ':');
		return true;
	}
	return false;
}

/* As sp-fdmap names sockets: a word, a colon, an address. */
static bool is_named(struct str path)
{
	static const struct str words[] = {
		{"tcp:", 4}, {"udp:", 4}, {"unix:", 5}, {"raw:", 4}, {"sctp:", 5}, {"icmp:", 5}, {"mptcp:", 6},
	};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (str_starts(path, words[i]))
			return path.n > words[i].n && path.p[words[i].n] != '*';
	return false;
}

/* The address in a call that names one. */
static bool add_argument(struct str syscall, struct str path, struct str text, struct buf *out)
{
	unsigned which = str_eq(syscall, STR("connect")) ? 2 : str_eq(syscall, STR("sendto")) ? 5 : 0;
	if (!which)
		return false;
	struct args args;
	args_begin(&args, text);
	struct str address = args_at(&args, which, which == 2 ? "uservaddr" : "addr");
	if (str_starts(path, STR("udp:")))
		buf_add_str(out, STR("udp:"));
	else if (str_starts(path, STR("tcp:")))
		buf_add_str(out, STR("tcp:"));
	else if (!add_protocol(path, out))
		buf_add_str(out, str_find(address, STR("AF_UNIX")) ? STR("unix:") : STR("ip:"));
	return endpoint_address(address, out);
}

struct str peer_of(struct str syscall, struct str path, struct str args, struct buf *space)
{
	space->n = 0;
	if (add_argument(syscall, path, args, space)) {
		buf_reserve(space, 16);
		return buf_str(space);
	}
	if (str_starts(path, STR("/"))) /* a file, as most are */
		return (struct str){0};
	if (is_named(path))
		return path;
	space->n = 0;
	if (!add_protocol(path, space))
		return (struct str){0};
	/* The table escapes quotes. */
	const char *end = path.p + path.n, *quote = str_find(path, STR("\\\"")), *arrow;
	if (str_starts(path, STR("UNIX"))) {
		if (!quote || !str_ends(path, STR("\\\"]")) || end - quote < 6)
			return (struct str){0};
		if (quote[-1] == '@')
			buf_add_char(space, '@');
		buf_add_str(space, str_between(quote + 2, end - 3));
	} else {
		arrow = str_find(path, STR("->"));
		if (!arrow || end[-1] != ']')
			return (struct str){0};
		buf_add_str(space, str_between(arrow + 2, end - 1));
	}
	buf_reserve(space, 16);
	return buf_str(space);
}
