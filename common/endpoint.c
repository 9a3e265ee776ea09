#include "endpoint.h"

#include "args.h"
#include "number.h"

/* The first row that fits. A type or protocol of 0 fits any. Numbers are from linux/socket.h,
 * bits/socket_type.h and linux/in.h. */
static const struct {
	struct str word, domain;
	int domain_number, type, protocol;
	struct str type_name, protocol_name;
} table[] = {
#define ROW(word, domain, number, type, type_name, protocol, protocol_name)                        \
	{{word, sizeof word - 1}, {domain, sizeof domain - 1}, number, type, protocol,             \
	 {type_name, sizeof type_name - 1}, {protocol_name, sizeof protocol_name - 1}},
	ROW("unix", "AF_UNIX", 1, 0, "", 0, "")
	ROW("unix", "AF_LOCAL", 1, 0, "", 0, "")
	ROW("mptcp", "AF_INET", 2, 0, "", 262, "IPPROTO_MPTCP")
	ROW("sctp", "AF_INET", 2, 0, "", 132, "IPPROTO_SCTP")
	ROW("icmp", "AF_INET", 2, 2, "SOCK_DGRAM", 1, "IPPROTO_ICMP")
	ROW("tcp", "AF_INET", 2, 1, "SOCK_STREAM", 0, "")
	ROW("udp", "AF_INET", 2, 2, "SOCK_DGRAM", 0, "")
	ROW("raw", "AF_INET", 2, 3, "SOCK_RAW", 0, "")
	ROW("mptcp", "AF_INET6", 10, 0, "", 262, "IPPROTO_MPTCP")
	ROW("sctp", "AF_INET6", 10, 0, "", 132, "IPPROTO_SCTP")
	ROW("icmp", "AF_INET6", 10, 2, "SOCK_DGRAM", 58, "IPPROTO_ICMPV6")
	ROW("tcp", "AF_INET6", 10, 1, "SOCK_STREAM", 0, "")
	ROW("udp", "AF_INET6", 10, 2, "SOCK_DGRAM", 0, "")
	ROW("raw", "AF_INET6", 10, 3, "SOCK_RAW", 0, "")
	ROW("netlink", "AF_NETLINK", 16, 0, "", 0, "")
	ROW("packet", "AF_PACKET", 17, 0, "", 0, "")
	ROW("bluetooth", "AF_BLUETOOTH", 31, 0, "", 0, "")
	ROW("alg", "AF_ALG", 38, 0, "", 0, "")
	ROW("vsock", "AF_VSOCK", 40, 0, "", 0, "")
	ROW("xdp", "AF_XDP", 44, 0, "", 0, "")
#undef ROW
};

/* The argument is this name, alone or with flags and comments, or a number that is `number` under
 * the mask. */
static bool is(struct str arg, struct str name, int number, int mask)
{
	int64_t value;
	if (args_number(arg, &value))
		return ((int)value & mask) == number;
	return args_flag(arg, name, 0);
}

struct str endpoint_protocol(struct str domain, struct str type, struct str protocol)
{
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (is(domain, table[i].domain, table[i].domain_number, -1) &&
		    (!table[i].type || is(type, table[i].type_name, table[i].type, 0xf)) &&
		    (!table[i].protocol ||
		     is(protocol, table[i].protocol_name, table[i].protocol, -1)))
			return table[i].word;
	return STR("socket");
}

/* What follows `key` in the text, up to the end of it. */
static struct str after(struct str text, struct str key)
{
	const char *at = str_find(text, key);
	return at ? str_drop(str_between(at, text.p + text.n), key.n) : (struct str){0};
}

/* The digits in htons(443), 443, 0x1bb. */
static bool number_in(struct str text, int64_t *value)
{
	if (str_starts(text, STR("htons(")))
		text = str_drop(text, 6);
	return args_number(text, value);
}

static void add_quoted(struct str text, struct buf *out)
{
	struct buf space = {0};
	buf_add_str(out, args_quoted(text, &space));
	buf_free(&space);
}

bool endpoint_address(struct str sockaddr, struct buf *out)
{
	int64_t port = 0, cid;
	struct str path = after(sockaddr, STR("sun_path=")), quoted;
	if (path.n) {
		if (path.p[0] == '@') {
			buf_add_char(out, '@');
			path = str_drop(path, 1);
		}
		size_t before = out->n;
		add_quoted(path, out);
		return out->n > before;
	}
	quoted = after(sockaddr, STR("inet_addr("));
	if (quoted.n && number_in(after(sockaddr, STR("sin_port=")), &port)) {
		add_quoted(quoted, out);
		buf_printf(out, ":%d", (int)port);
		return true;
	}
	quoted = after(sockaddr, STR("inet_pton(AF_INET6, "));
	if (quoted.n && number_in(after(sockaddr, STR("sin6_port=")), &port)) {
		buf_add_char(out, '[');
		add_quoted(quoted, out);
		buf_printf(out, "]:%d", (int)port);
		return true;
	}
	if (number_in(after(sockaddr, STR("svm_cid=")), &cid) &&
	    number_in(after(sockaddr, STR("svm_port=")), &port)) {
		buf_printf(out, "%lld:%lld", (long long)cid, (long long)port);
		return true;
	}
	return false;
}
