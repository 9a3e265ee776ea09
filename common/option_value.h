/* option_value: what stands behind an option of a command line. What it cannot be ends the program with a
 * message that names the option ("--top") and the usage, status 2. */
#ifndef SP_OPTION_VALUE_H
#define SP_OPTION_VALUE_H

#include <argp.h>

#include "table.h"

/* From least to most, both included; UINT64_MAX is no bound. */
uint64_t option_number(struct argp_state *state, const char *option, const char *text, uint64_t least,
                       uint64_t most);

/* Above 0: ns, as number_duration() reads them; bytes, as number_size(). */
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
