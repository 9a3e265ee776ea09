#include "number.h"

#include <stdio.h>
#include <time.h>

const uint8_t number_digit_plus_one[256] = {
    ['0'] = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, ['A'] = 11, 12, 13, 14, 15, 16, ['a'] = 11, 12, 13, 14, 15, 16};

bool number_take_u64(struct str *s, uint64_t *value)
{
	uint64_t v = 0;
	size_t i = 0;
	for (; i < s->n && number_is_digit(s->p[i]); i++) {
		uint64_t digit = (uint64_t)(s->p[i] - '0');
		/* 19 digits always fit; the check costs only numbers longer than that. */
		if (i >= 19 && (v > UINT64_MAX / 10 || v * 10 > UINT64_MAX - digit))
			return false;
		v = v * 10 + digit;
	}
	if (i == 0)
		return false;
	*s = str_drop(*s, i);
	*value = v;
	return true;
}

bool number_u64(struct str s, uint64_t *value)
{
	return number_take_u64(&s, value) && s.n == 0;
}

bool number_u128(struct str s, __uint128_t *value)
{
	__uint128_t v = 0;
	for (size_t i = 0; i < s.n; i++) {
		unsigned digit = (unsigned)(s.p[i] - '0');
		if (digit > 9 || __builtin_mul_overflow(v, (__uint128_t)10, &v) ||
		    __builtin_add_overflow(v, (__uint128_t)digit, &v))
			return false;
	}
	*value = v;
	return s.n > 0;
}

static bool signed_value(bool negative, uint64_t magnitude, int64_t *value)
{
	if (magnitude > (uint64_t)INT64_MAX + negative)
		return false;
	*value = (int64_t)(negative ? 0 - magnitude : magnitude);
	return true;
}

bool number_long_field(struct str f, int64_t *value)
{
	uint64_t v, more;
	size_t n = (f.n - 1) % 8 + 1;
	if (f.n > 19 || !number_eight_digits(f.p, n, &v))
		return false;
	for (; n < f.n; n += 8) {
		if (!number_eight_digits(f.p + n, 8, &more))
			return false;
		v = v * 100000000 + more;
	}
	*value = (int64_t)v;
	return v <= INT64_MAX;
}

bool number_i64(struct str s, int64_t *value)
{
	bool negative = s.n && s.p[0] == '-';
	uint64_t magnitude;
	return number_u64(str_drop(s, negative), &magnitude) &&
	       signed_value(negative, magnitude, value);
}

/* base is a power of two of `bits` bits. */
static bool based(struct str digits, unsigned bits, uint64_t *value)
{
	uint64_t v = 0;
	for (size_t i = 0; i < digits.n; i++) {
		unsigned digit = number_digit(digits.p[i]);
		if (digit >> bits || v >> (64 - bits))
			return false;
		v = v << bits | digit;
	}
	*value = v;
	return digits.n > 0;
}

bool number_any(struct str s, int64_t *value)
{
	bool negative = s.n && s.p[0] == '-';
	s = str_drop(s, negative);
	uint64_t v;
	if (s.n > 2 && s.p[0] == '0' && (s.p[1] | 0x20) == 'x') {
		if (!based(str_drop(s, 2), 4, &v))
			return false;
		*value = (int64_t)(negative ? 0 - v : v);
		return true;
	}
	bool octal = s.n > 1 && s.p[0] == '0';
	return (octal ? based(s, 3, &v) : number_u64(s, &v)) && signed_value(negative, v, value);
}

bool number_leading(struct str s, int64_t *value)
{
	size_t n = s.n && s.p[0] == '-';
	while (n < s.n && (number_digit(s.p[n]) < 16 || (s.p[n] | 0x20) == 'x'))
		n++;
	return number_any((struct str){s.p, n}, value);
}

bool number_take_seconds(struct str *s, int64_t *ns)
{
	struct str rest = *s;
	uint64_t seconds;
	if (!number_take_u64(&rest, &seconds) || seconds > INT64_MAX / 1000000000 - 1)
		return false;
	static const int64_t unit[] = {1000000000, 100000000, 10000000, 1000000, 100000,
				       10000,	   1000,      100,	10,	 1};
	int64_t fraction = 0;
	if (rest.n > 1 && rest.p[0] == '.' && number_is_digit(rest.p[1])) {
		size_t i = 1, digits = 0; /* that count */
		for (; i < rest.n && number_is_digit(rest.p[i]); i++)
			if (i <= 9)
				fraction = fraction * 10 + (rest.p[digits = i] - '0');
		fraction *= unit[digits];
		rest = str_drop(rest, i);
	}
	*ns = (int64_t)seconds * 1000000000 + fraction;
	*s = rest;
	return true;
}

struct unit {
	const char *name;
	int64_t scale;
};

/* DECIMAL[.FRACTION]UNIT in one pass: the fraction is scaled by the unit, so "1.5s" is exact. */
static bool with_unit(struct str s, const struct unit *units, int64_t *value)
{
	uint64_t whole;
	if (!number_take_u64(&s, &whole))
		return false;
	struct str fraction = {0};
	if (s.n && s.p[0] == '.') {
		s = str_drop(s, 1);
		fraction.p = s.p;
		while (s.n && number_is_digit(s.p[0])) {
			s = str_drop(s, 1);
			fraction.n++;
		}
		if (fraction.n == 0 || fraction.n > 9)
			return false;
	}
	s = str_trim(s);
	for (; units->name; units++) {
		if (!str_eq(s, str_of(units->name)))
			continue;
		if (fraction.n && units->scale == 1) /* half a byte, half a nanosecond */
			return false;
		__int128_t part = 0, of = 1;
		for (size_t i = 0; i < fraction.n; i++, of *= 10)
			part = part * 10 + (fraction.p[i] - '0');
		__int128_t v = (__int128_t)whole * units->scale + part * units->scale / of;
		if (v > INT64_MAX)
			return false;
		*value = (int64_t)v;
		return true;
	}
	return false;
}

bool number_duration(struct str s, int64_t *ns)
{
	static const struct unit units[] = {
	    {"", 1},
	    {"ns", 1},
	    {"us", 1000},
	    {"\u00b5s", 1000},
	    {"ms", 1000000},
	    {"s", 1000000000},
	    {"min", 60000000000},
	    {"m", 60000000000},
	    {"h", 3600000000000},
	    {0},
	};
	return with_unit(s, units, ns);
}

bool number_size(struct str s, int64_t *bytes)
{
	static const struct unit units[] = {
	    {"", 1},
	    {"B", 1},
	    {"K", 1 << 10},
	    {"k", 1 << 10},
	    {"KiB", 1 << 10},
	    {"kB", 1000},
	    {"KB", 1000},
	    {"M", 1 << 20},
	    {"MiB", 1 << 20},
	    {"MB", 1000000},
	    {"G", 1 << 30},
	    {"GiB", 1 << 30},
	    {"GB", 1000000000},
	    {"T", 1LL << 40},
	    {"TiB", 1LL << 40},
	    {"TB", 1000000000000},
	    {0},
	};
	return with_unit(s, units, bytes);
}

/* The eight decimal digits of v < 10^8, the first one in the lowest byte: halves, then quarters, then
 * single digits, all of a step at once. Division by 100 and 10 is by multiplication, exact for these
 * ranges. */
static uint64_t eight_digits(uint32_t v)
{
	uint64_t x = (v / 10000) | (uint64_t)(v % 10000) << 32;
	uint64_t q = ((x * 10486) >> 20) & UINT64_C(0x0000007f0000007f);
	x = q | ((x - q * 100) << 16);
	q = ((x * 103) >> 10) & UINT64_C(0x000f000f000f000f);
	return q | ((x - q * 10) << 8);
}

static char *put_without_zeros(char *out, uint32_t v)
{
	uint64_t digits = eight_digits(v);
	unsigned zeros = digits ? (unsigned)__builtin_ctzll(digits) / 8 : 7;
	digits = (digits | UINT64_C(0x3030303030303030)) >> zeros * 8;
	memcpy(out, &digits, 8);
	return out + 8 - zeros;
}

static char *put_eight(char *out, uint32_t v)
{
	uint64_t digits = eight_digits(v) | UINT64_C(0x3030303030303030);
	memcpy(out, &digits, 8);
	return out + 8;
}

char *number_put_u64(char *out, uint64_t value)
{
	enum { EIGHT = 100000000 };
	if (value < 10) {
		*out = (char)('0' + value);
		return out + 1;
	}
	if (value < EIGHT)
		return put_without_zeros(out, (uint32_t)value);
	if (value < (uint64_t)EIGHT * EIGHT) {
		out = put_without_zeros(out, (uint32_t)(value / EIGHT));
		return put_eight(out, (uint32_t)(value % EIGHT));
	}
	uint64_t high = value / EIGHT;
	out = put_without_zeros(out, (uint32_t)(high / EIGHT));
	out = put_eight(out, (uint32_t)(high % EIGHT));
	return put_eight(out, (uint32_t)(value % EIGHT));
}

char *number_put_i64(char *out, int64_t value)
{
	if (value < 0) {
		*out++ = '-';
		return number_put_u64(out, 0 - (uint64_t)value);
	}
	return number_put_u64(out, (uint64_t)value);
}

char *number_put_u128(char *out, __uint128_t value)
{
	if (value <= UINT64_MAX)
		return number_put_u64(out, (uint64_t)value);
	enum { DIGITS = 18 };
	char rest[24];
	out = number_put_u128(out, value / UINT64_C(1000000000000000000));
	/* a leading 1 keeps the zeros */
	number_put_u64(rest, (uint64_t)(value % UINT64_C(1000000000000000000)) +
				 UINT64_C(1000000000000000000));
	memcpy(out, rest + 1, DIGITS);
	return out + DIGITS;
}

/* Three significant digits for fractions, whole numbers below the first unit. */
static const char *scaled(char *out, int64_t value, const struct unit *units)
{
	const struct unit *u = units;
	double magnitude = value < 0 ? -(double)value : (double)value;
	/* from 0.9995 of the next unit on, "1000" of this one would be shown */
	while (u[1].name && magnitude >= 0.9995 * (double)u[1].scale)
		u++;
	double shown = (double)value / (double)u->scale;
	double size = magnitude / (double)u->scale;
	int decimals = u->scale == 1 || size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;
	snprintf(out, NUMBER_HUMAN, "%.*f %s", decimals, shown, u->name);
	return out;
}

const char *number_human_ns(char out[NUMBER_HUMAN], int64_t ns)
{
	static const struct unit units[] = {
	    {"ns", 1}, {"us", 1000}, {"ms", 1000000}, {"s", 1000000000}, {0}};
	static const struct unit minutes[] = {{"min", 60000000000}, {0}}, hours[] = {{"h", 3600000000000}, {0}};
	/* where three digits of seconds, and then of minutes, are not enough */
	const int64_t s = 999500000000, min = 5997000000000;
	return scaled(out, ns, ns > -s && ns < s ? units : ns > -min && ns < min ? minutes : hours);
}

const char *number_human_bytes(char out[NUMBER_HUMAN], int64_t bytes)
{
	static const struct unit units[] = {
	    {"B", 1},	       {"KiB", 1 << 10},   {"MiB", 1 << 20},
	    {"GiB", 1 << 30}, {"TiB", 1LL << 40}, {0}};
	return scaled(out, bytes, units);
}

const char *number_human_count(char out[NUMBER_HUMAN], int64_t count)
{
	char digits[24];
	int n = (int)(number_put_i64(digits, count) - digits);
	char *o = out;
	for (int i = 0; i < n; i++) {
		*o++ = digits[i];
		int left = n - 1 - i;
		if (left > 0 && left % 3 == 0 && digits[i] != '-')
			*o++ = ',';
	}
	*o = '\0';
	return out;
}

/* Times below this are counted from midnight or from the first event: it is 1973 since 1970. */
#define FIRST_DATE INT64_C(100000000000000000)

const char *number_human_time(char out[NUMBER_HUMAN], int64_t ns)
{
	enum { SECOND = 1000000000 };
	int64_t fraction = ns % SECOND, seconds = ns / SECOND;
	struct tm tm = {.tm_hour = (int)(seconds / 3600 % 100000),
			.tm_min = (int)(seconds / 60 % 60),
			.tm_sec = (int)(seconds % 60)};
	int n;
	if (ns < 0) {
		return number_human_ns(out, ns);
	} else if (ns >= FIRST_DATE) {
		gmtime_r(&seconds, &tm);
		n = (int)strftime(out, NUMBER_HUMAN, "%Y-%m-%d %H:%M:%S", &tm);
	} else {
		n = snprintf(out, NUMBER_HUMAN, "%02d:%02d:%02d", tm.tm_hour, tm.tm_min, tm.tm_sec);
	}
	int digits = fraction == 0 ? 0 : fraction % 1000000 == 0 ? 3 : fraction % 1000 == 0 ? 6 : 9;
	for (int i = digits; i < 9; i++)
		fraction /= 10;
	if (digits)
		snprintf(out + n, (size_t)(NUMBER_HUMAN - n), ".%0*d", digits, (int)fraction);
	return out;
}
