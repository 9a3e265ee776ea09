/* number: text to integers and back. Nothing overflows silently: what does not fit is "not a
 * number". Times are ns, sizes are bytes, always integers. */
#ifndef SP_NUMBER_H
#define SP_NUMBER_H

#include "str.h"

/* Takes the decimal digits off the front of *s. False (and *s untouched) when there is none or the
 * value does not fit. */
bool number_take_u64(struct str *s, uint64_t *value);

/* The whole of s as a number: [-]digits. */
bool number_i64(struct str s, int64_t *value);
bool number_u64(struct str s, uint64_t *value);

/* The whole of s in any of C's spellings: 12, -12, 0x1f, 0644, and hexadecimal values beyond 2^63 as
 * their two's complement. */
bool number_any(struct str s, int64_t *value);

/* SECONDS[.FRACTION] as ns; digits beyond the ninth are dropped. Takes it off the front of *s. */
bool number_take_seconds(struct str *s, int64_t *ns);

/* "1ms", "250us", "1.5s", "2min", "3h", "10ns"; a bare number is ns. The whole of s. */
bool number_duration(struct str s, int64_t *ns);

/* "4KiB", "4K", "1MB" (1000s), "1MiB", "10"; a bare number is bytes. The whole of s. */
bool number_size(struct str s, int64_t *bytes);

/* Writes decimal digits at out (room for 20, or 21 with a sign) and returns the end. */
char *number_put_u64(char *out, uint64_t value);
char *number_put_i64(char *out, int64_t value);

/* For people: "12.4 s", "890 us", "21 ns"; "4.0 KiB"; "423,891". Returns out, NUL-terminated. */
enum { NUMBER_HUMAN = 32 };
const char *number_human_ns(char out[NUMBER_HUMAN], int64_t ns);
const char *number_human_bytes(char out[NUMBER_HUMAN], int64_t bytes);
const char *number_human_count(char out[NUMBER_HUMAN], int64_t count);

#endif
