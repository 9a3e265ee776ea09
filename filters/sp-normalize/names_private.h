/* names_private: what the two files of names share: names_rules.c reads rules, names.c applies
 * them. */
#ifndef SP_NAMES_PRIVATE_H
#define SP_NAMES_PRIVATE_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "names.h"
#include "pattern.h"

struct rule {
	struct rule *next;
	struct str id, pattern;
	pcre2_code *code;
	struct str required;    /* what no text lacks that matches; empty: nothing is known */
	struct str name;        /* empty: replacement */
	struct str replacement; /* $0 .. $9 and \0 .. \9 are groups */
	uint32_t columns;       /* bit 1 << EVENT_... */
	struct str calls[16];   /* of these only; none: of all */
	size_t n_calls;
	uint64_t limited;
	bool known; /* only what has a number already */
	bool off;
};

struct names {
	struct rule *first, **end;
	struct ids things,
	    counters;     /* (kind, process, id) -> number; (kind, process) -> last number */
	struct ids texts; /* (name, text) -> number; (name) -> last number */
	pcre2_match_context *context;
	pcre2_match_data *match;
	struct buf work[2];
	struct arena memory;
};

#endif
