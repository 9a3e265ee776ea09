/* The lines of bpftrace -f json (its src/output.cpp): one object a line, {"type": T, "data": D}. Bytes
 * beyond ASCII come as \uffffffXX, which no JSON reader takes. */
#include "bpftrace.h"
#include "number.h"

static const struct str type_key = {"{\"type\": \"", 10}, data_key = {"\", \"data\": ", 11};

bool bpftrace_json_line(struct str line, struct str *type, struct str *data)
{
	if (!str_starts(line, type_key) || !str_ends(line, STR("}")))
		return false;
	struct str rest = str_drop(line, type_key.n);
	const char *quote = str_chr(rest, '"');
	if (!quote)
		return false;
	*type = str_between(rest.p, quote);
	rest = str_between(quote, rest.p + rest.n - 1);
	if (!str_starts(rest, data_key))
		return false;
	*data = str_drop(rest, data_key.n);
	return true;
}

static int hex_digits(const char *p, size_t n)
{
	int value = 0;
	for (size_t i = 0; i < n; i++) {
		unsigned digit = number_digit(p[i]);
		if (digit > 15)
			return -1;
		value = value * 16 + (int)digit;
	}
	return value;
}

static void add_utf8(struct buf *b, unsigned code)
{
	if (code < 0x80) {
		buf_add_char(b, (char)code);
	} else if (code < 0x800) {
		buf_add_char(b, (char)(0xc0 | code >> 6));
		buf_add_char(b, (char)(0x80 | (code & 0x3f)));
	} else {
		buf_add_char(b, (char)(0xe0 | code >> 12));
		buf_add_char(b, (char)(0x80 | (code >> 6 & 0x3f)));
		buf_add_char(b, (char)(0x80 | (code & 0x3f)));
	}
}

/* What stands behind \u; returns how many digits were taken, 0 when they are none. */
static size_t add_code(struct buf *b, const char *p, size_t left)
{
	int code = left >= 4 ? hex_digits(p, 4) : -1;
	if (code < 0)
		return 0;
	/* a signed char, printed as an int */
	if (code == 0xffff && left >= 8 && hex_digits(p + 4, 2) == 0xff &&
	    hex_digits(p + 6, 2) >= 0) {
		buf_add_char(b, (char)hex_digits(p + 6, 2));
		return 8;
	}
	add_utf8(b, (unsigned)code);
	return 4;
}

bool bpftrace_json_string(struct str quoted, struct buf *b)
{
	static const char named[256] = {['n'] = '\n', ['t'] = '\t', ['r'] = '\r', ['b'] = '\b',
					['f'] = '\f', ['"'] = '"',  ['\\'] = '\\', ['/'] = '/'};
	if (quoted.n < 2 || quoted.p[0] != '"' || quoted.p[quoted.n - 1] != '"')
		return false;
	const char *p = quoted.p + 1, *end = quoted.p + quoted.n - 1;
	while (p < end) {
		const char *backslash = memchr(p, '\\', (size_t)(end - p));
		buf_add_str(b, str_between(p, backslash ? backslash : end));
		if (!backslash)
			break;
		p = backslash + 1;
		if (p == end)
			return false;
		if (*p == 'u') {
			size_t n = add_code(b, p + 1, (size_t)(end - p - 1));
			if (n == 0)
				return false;
			p += 1 + n;
		} else if (named[(unsigned char)*p]) {
			buf_add_char(b, named[(unsigned char)*p++]);
		} else {
			return false;
		}
	}
	return true;
}

bool bpftrace_json_number(struct str data, const char *key, uint64_t *value)
{
	const char *at = str_find(data, str_of(key));
	if (!at)
		return false;
	struct str rest = str_between(at + strlen(key), data.p + data.n);
	while (rest.n && (rest.p[0] == '"' || rest.p[0] == ':' || rest.p[0] == ' '))
		rest = str_drop(rest, 1);
	return number_take_u64(&rest, value);
}
