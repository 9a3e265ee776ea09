/* row: one row of the event table, and how it is written again with its path, fdtype and fdgen. All
 * other columns pass through untouched. */
#ifndef SP_FDMAP_ROW_H
#define SP_FDMAP_ROW_H

#include "number.h"
#include "output.h"
#include "tsv.h"

enum column {
#define COLUMN(id, name) COLUMN_##id,
#include "columns.def"
#undef COLUMN
	COLUMNS
};

struct row {
	struct str text;
	const char *const *const *place; /* by enum column: where the field begins, and the next one */
	const uint16_t *told; /* where its columns end, as ring.h says; NULL: nobody has told */
	size_t columns;	      /* of these */
	uint32_t has;			 /* 1 << COLUMN_PATH: the table has the column */
};

static inline bool row_has(const struct row *row, enum column column)
{
	return row->has >> column & 1;
}

/* Empty when the table has no such column. */
static inline struct str row_field(const struct row *row, enum column column)
{
	const char *const *place = row->place[column];
	return (struct str){place[0], (size_t)(place[1] - place[0]) - 1};
}

/* The number in a field. False when it is empty, or is none. */
static inline bool row_number(const struct row *row, enum column column, int64_t *value)
{
	struct str field = row_field(row, column);
	return field.n && (number_field(field, value) || number_i64(field, value));
}

/* The same of start_ns. */
static inline bool row_start(const struct row *row, struct number_before *before, int64_t *value)
{
	struct str field = row_field(row, COLUMN_START);
	return field.n && (number_time(field, before, value) || number_i64(field, value));
}

/* When a call that began then ended; at once when the row has no duration. */
static inline int64_t row_until(const struct row *row, int64_t from)
{
	int64_t dur, until;
	if (!row_number(row, COLUMN_DUR, &dur))
		return from;
	return __builtin_add_overflow(from, dur, &until) ? INT64_MAX : until;
}

/* What a row says in the columns that sp-fdmap adds, as they end it: "\tfile\t1\n". */
enum { OWN_MOST = 32 };
#define OWN_NO_GEN UINT32_MAX
struct own {
	char text[OWN_MOST + 8]; /* room for all that number_put_u64() may write */
	uint8_t n, gen_at, gen_n; /* all of it; of fdgen */
	uint8_t type;             /* enum fdtype; FDTYPES: none */
	uint32_t gen;             /* fdgen; OWN_NO_GEN: none */
};
extern const struct own own_nothing;

/* The path has 31 readable bytes behind it. */
struct shown {
	struct str path;
	const struct own *own;
	const struct verb *verb; /* NULL: no call */
};

/* Asks for the columns: the index that tsv_want() gives is enum column. */
void row_want(struct tsv *t, bool stacks);

/* Which ones the table at hand has, for struct row. */
uint32_t row_columns(const struct tsv *t);

/* Ends the program when the header in force lacks what the work needs. */
void row_require(struct tsv *t);

/* Rows go to standard output. */
void row_write_header(const struct tsv *t);

/* What becomes of a row. */
typedef void row_emit(const struct row *row, const struct shown *shown);
/* It is written: the fastest way on this processor. */
row_emit *row_writer(void);

#endif
