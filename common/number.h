/* number: text to integers and back. Nothing overflows silently: what does not fit is "not a
 * number". Times are ns, sizes are bytes, always integers. */
#ifndef SP_NUMBER_H
#define SP_NUMBER_H

#include "str.h"

static inline bool number_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Of a hexadecimal digit, 0 to 15; what is none is above. Without branches: addresses are random digits. */
extern const uint8_t number_digit_plus_one[256];
static inline unsigned number_digit(char c)
{
	return number_digit_plus_one[(unsigned char)c] - 1u;
}

/* Takes the decimal digits off the front of *s. False (and *s untouched) when there is none or the
 * value does not fit. */
bool number_take_u64(struct str *s, uint64_t *value);

/* The whole of s as a number: [-]digits. */
bool number_i64(struct str s, int64_t *value);
bool number_u64(struct str s, uint64_t *value);
bool number_u128(struct str s, __uint128_t *value); /* digits */

/* The whole of s in any of C's spellings: 12, -12, 0x1f, 0644, and hexadecimal values beyond 2^63 as
 * their two's complement. */
bool number_any(struct str s, int64_t *value);

/* The same for what s begins with, up to the first byte that is no hexadecimal digit and no x: 3</etc/passwd>. */
bool number_leading(struct str s, int64_t *value);

/* SECONDS[.FRACTION] as ns; digits beyond the ninth are dropped. Takes it off the front of *s. */
bool number_take_seconds(struct str *s, int64_t *ns);

/* "1ms", "250us", "1.5s", "2min", "3h", "10ns"; a bare number is ns. The whole of s. */
bool number_duration(struct str s, int64_t *ns);

/* "4KiB", "4K", "1MB" (1000s), "1MiB", "10"; a bare number is bytes. The whole of s. */
bool number_size(struct str s, int64_t *bytes);

/* Exactly six digits at p, two readable bytes before them: microseconds as tracers print them. One
 * multiplication a step instead of a loop: these digits are on every line of a trace. */
static inline bool number_six_digits(const char *p, uint32_t *value)
{
	uint64_t v;
	memcpy(&v, p - 2, 8);
	v = (v & ~UINT64_C(0xffff)) | 0x3030; /* the two bytes before count as 00 */
	v ^= UINT64_C(0x3030303030303030);
	if ((v | (v + UINT64_C(0x7676767676767676))) & UINT64_C(0x8080808080808080))
		return false; /* some byte is no digit: above 9 after the xor */
	v = v * 10 + (v >> 8);
	*value = (uint32_t)((((v & UINT64_C(0x000000ff000000ff)) * (100 + (UINT64_C(1000000) << 32))) +
			     (((v >> 16) & UINT64_C(0x000000ff000000ff)) * (1 + (UINT64_C(10000) << 32)))) >>
			    32);
	return true;
}

/* All of 1 to 8 digits at p, where eight bytes are readable, in three multiplications: no loop whose length
 * changes from field to field. */
static inline bool number_eight_digits(const char *p, size_t n, uint64_t *value)
{
	uint64_t v;
	memcpy(&v, p, 8);
	v = (v ^ UINT64_C(0x3030303030303030)) << (64 - 8 * n); /* zeros before the first digit */
	if ((v | (v + UINT64_C(0x7676767676767676))) & UINT64_C(0x8080808080808080))
		return false; /* some byte is no digit: above 9 after the xor */
	v = v * 10 + (v >> 8);
	*value = (((v & UINT64_C(0x000000ff000000ff)) * (100 + (UINT64_C(1000000) << 32))) +
		  (((v >> 16) & UINT64_C(0x000000ff000000ff)) * (1 + (UINT64_C(10000) << 32)))) >>
		     32 &
		 UINT32_MAX;
	return true;
}

/* The whole of f, up to 19 digits, as fields of events mostly are; eight bytes from any of them on are
 * readable. False for all else, which may be a number yet. */
bool number_long_field(struct str f, int64_t *value); /* where there are more than eight */
static inline bool number_field(struct str f, int64_t *value)
{
	uint64_t v;
	if (f.n > 8)
		return number_long_field(f, value);
	if (f.n == 0 || !number_eight_digits(f.p, f.n, &v))
		return false;
	*value = (int64_t)v;
	return true;
}

/* The same for one column of times, which mostly begin as the one before does: all but their last eight digits are read
 * again only where they differ. A zeroed one remembers nothing. */
struct number_before {
	uint64_t spelled, value;
	size_t n; /* so many bytes: a NUL in front would not show in the word */
};
static inline bool number_time(struct str f, struct number_before *before, int64_t *value)
{
	uint64_t spelled, rest;
	size_t n = f.n - 8;
	if (n - 1 >= 8)
		return number_field(f, value);
	spelled = str_word(f.p, n);
	if ((spelled != before->spelled || n != before->n) && !number_eight_digits(f.p, n, &before->value))
		return false;
	before->spelled = spelled;
	before->n = n;
	if (!number_eight_digits(f.p + n, 8, &rest))
		return false;
	*value = (int64_t)(before->value * 100000000 + rest);
	return true;
}

/* The same for a column that mostly has what it had in the row before, as pid. A zeroed one remembers nothing. */
struct number_again {
	uint64_t spelled;
	int64_t value;
};
static inline bool number_again(struct str f, struct number_again *before, int64_t *value)
{
	uint64_t spelled = str_short(f);
	if (!spelled)
		return number_field(f, value);
	if (spelled != before->spelled) {
		before->spelled = 0;
		if (!number_field(f, &before->value))
			return false;
	}
	before->spelled = spelled;
	*value = before->value;
	return true;
}

/* Writes decimal digits at out (room for 24, all of which may be written) and returns the end. */
char *number_put_u64(char *out, uint64_t value);
char *number_put_i64(char *out, int64_t value);
/* Room for 40. */
char *number_put_u128(char *out, __uint128_t value);

/* For people: "12.4 s", "890 us", "21 ns", "1.67 h"; "4.0 KiB"; "423,891"; a point in time as "07:33:09.250"
 * or, where it counts from 1970, "2024-02-29 07:33:09" (UTC). Returns out, NUL-terminated. */
enum { NUMBER_HUMAN = 32 };
const char *number_human_ns(char out[NUMBER_HUMAN], int64_t ns);
const char *number_human_bytes(char out[NUMBER_HUMAN], int64_t bytes);
const char *number_human_count(char out[NUMBER_HUMAN], int64_t count);
const char *number_human_time(char out[NUMBER_HUMAN], int64_t ns);

/* The multiple of step, above 0, at or below the value; INT64_MIN when that is too small. */
static inline int64_t number_floor(int64_t value, int64_t step)
{
	int64_t above = value % step, floor;
	above += above < 0 ? step : 0;
	return __builtin_sub_overflow(value, above, &floor) ? INT64_MIN : floor;
}

#endif
