/* option_value: the value of an option on the command line. One that does not fit ends the program with exit status
 * 2 and a message that names the option ("--top") and the usage. */
#ifndef SP_OPTION_VALUE_H
#define SP_OPTION_VALUE_H

#include <argp.h>

#include "table.h"

/* A number from least to most, both included; most UINT64_MAX: without an upper bound. */
uint64_t option_number(struct argp_state *state, const char *option, const char *text, uint64_t least,
                       uint64_t most);

/* Above 0, in ns as number_duration() reads them, or in bytes as number_size() does. */
int64_t option_duration(struct argp_state *state, const char *option, const char *text);
int64_t option_size(struct argp_state *state, const char *option, const char *text);

/* --output of a program that has no forms but those of tables. Inline, so that programs without tables do not
 * get the renderer. */
static inline enum table_format option_form(struct argp_state *state, const char *text)
{
	enum table_format format = TABLE_AUTO;
	if (!table_format_parse(text, &format))
		argp_error(state, "--output is table, tsv, csv, json or md, not %s", text);
	return format;
}

#endif
