#include "option_value.h"

#include <stdio.h>

#include "number.h"

uint64_t option_number(struct argp_state *state, const char *option, const char *text, uint64_t least,
                       uint64_t most)
{
	uint64_t value;
	char range[64] = "";
	if (number_u64(str_of(text), &value) && value >= least && value <= most)
		return value;
	if (most < UINT64_MAX)
		snprintf(range, sizeof range, " from %llu to %llu", (unsigned long long)least,
		         (unsigned long long)most);
	else if (least)
		snprintf(range, sizeof range, " from %llu on", (unsigned long long)least);
	argp_error(state, "%s: not a number%s: %s", option, range, text);
	return least;
}

int64_t option_duration(struct argp_state *state, const char *option, const char *text)
{
	int64_t ns;
	if (!number_duration(str_of(text), &ns) || ns <= 0)
		argp_error(state, "%s: not a length of time: %s", option, text);
	return ns;
}

int64_t option_size(struct argp_state *state, const char *option, const char *text)
{
	int64_t bytes;
	if (!number_size(str_of(text), &bytes) || bytes <= 0)
		argp_error(state, "%s: not a size: %s", option, text);
	return bytes;
}
