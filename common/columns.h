/* columns: what --columns, --sort, --top, --output and --total mean for a program whose table has keys
 * and named values. It lists columns_argp among its argp children, passes a struct columns as that
 * child's input, and calls columns_open when its keys are known. */
#ifndef SP_COLUMNS_H
#define SP_COLUMNS_H

#include <argp.h>

#include "keys.h"
#include "table.h"

enum { COLUMNS_MAX = KEYS_MAX + 96, COLUMNS_SORTS = 4 };

/* A column of the table: a key or a value. */
struct column {
	int key;   /* or -1 */
	int value; /* when it is no key */
	bool ascending; /* when it is sorted by */
};

/* The values there are. In lists they may stand without their unit: "p99_ns", "p99". */
struct column_values {
	int n;
	const struct column_info {
		const char *name;
		enum table_type type;
		bool standard; /* shown when no columns are asked for */
	} *info;
	bool all; /* of them are standard */
};

struct columns {
	struct column column[COLUMNS_MAX], sort[COLUMNS_SORTS];
	int n, sorts;
	const char *list, *sort_list; /* as given on the command line, or NULL */
	uint64_t top;		      /* UINT64_MAX: all rows */
	enum table_format format;
	bool total;
	const struct keys *keys;
	const struct column_values *values;
};

extern const struct argp columns_argp;

/* The keys come first, unless the list says where; without a list all standard values follow. Without
 * --sort it is total_ns, then calls: numbers descend, keys ascend, "-" turns that round. A name that is
 * neither key nor value ends the program. */
void columns_open(struct columns *c, const struct keys *keys, const struct column_values *values);

/* A table with these columns. */
struct table *columns_table(const struct columns *c, struct output *out);

/* Where a total's name goes: the first key that is text, or the first key; -1: there is none. */
int columns_label(const struct columns *c);

#endif
