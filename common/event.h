/* event: one row of the event table, and how it is written. The columns are in event.def. */
#ifndef SP_EVENT_H
#define SP_EVENT_H

#include "arena.h"
#include "number.h"
#include "output.h"
#include "str.h"

enum event_column {
#define COLUMN(id, name, type) EVENT_##id,
#include "event.def"
#undef COLUMN
	EVENT_COLUMNS
};

/* How many are written when none are asked for: all that come before `host`. */
enum { EVENT_STANDARD_COLUMNS = EVENT_HOST };

enum event_type { EVENT_INT, EVENT_WORD, EVENT_TEXT };

extern const struct event_column_info {
	struct str name;
	enum event_type type;
} event_columns[EVENT_COLUMNS];

enum event_kind { EVENT_CALL, EVENT_UNFINISHED, EVENT_SIGNAL, EVENT_EXIT, EVENT_ASYNC, EVENT_KINDS };

#define EVENT_LITERAL(text) \
	((struct str){"" text "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0" \
		      "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", sizeof(text) - 1})

extern const struct str event_kind_name[EVENT_KINDS];

/* The text of every column, empty where there is nothing: escaped already, numbers as decimal digits.
 * Fifteen bytes behind a text must be readable, as they are behind input lines: rows are copied in
 * steps of 16. EVENT_LITERAL gives a literal them. event_set writes the digits of a number; whoever has
 * them at hand sets them as text and need not convert. */
struct event {
	enum event_kind kind;
	struct str text[EVENT_COLUMNS]; /* all but `kind` */
	char digits[EVENT_COLUMNS][24]; /* of the numbers that event_set was given */
};

/* Nothing in any column. Leaves the digits alone, which is what makes it cheap. */
static inline void event_begin(struct event *e, enum event_kind kind)
{
	for (int i = 0; i < EVENT_COLUMNS; i++)
		e->text[i].n = 0;
	e->kind = kind;
}

static inline void event_set(struct event *e, enum event_column column, int64_t value)
{
	char *digits = e->digits[column];
	e->text[column] = str_between(digits, number_put_i64(digits, value));
}

static inline bool event_has(const struct event *e, enum event_column column)
{
	return e->text[column].n > 0;
}

/* The columns to write, in order. */
struct event_layout {
	uint8_t column[EVENT_COLUMNS];
	size_t n;
	bool standard; /* the standard ones come first, in their order */
	uint32_t has;  /* a bit for each */
};

static inline bool event_layout_has(const struct event_layout *layout, enum event_column column)
{
	return layout->has >> column & 1;
}

/* All columns that are written when none are asked for. */
struct event_layout event_layout_standard(void);
/* Appends a column unless it is there. */
void event_layout_add(struct event_layout *layout, enum event_column column);

/* -1 when there is no such column. */
int event_column_by_name(struct str name);

/* "start_ns,dur_ns,syscall": false, and the offending name in *bad, for an unknown or repeated one. */
bool event_layout_parse(struct str list, struct event_layout *layout, struct str *bad);
void event_write_header(struct output *out, const struct event_layout *layout);
void event_write(struct output *out, const struct event_layout *layout, const struct event *e);

/* Puts a column and the TAB behind it at p, where there is room; returns the end. */
char *event_put_column(char *p, const struct event *e, unsigned column);
/* A call without a stack in a layout that is not a standard one, at less cost. Every text but the stack
 * must be readable for 32 bytes, also empty ones. room: at least the length of all texts together. */
void event_write_call_asked(struct output *out, const struct event_layout *layout, const struct event *e,
			    size_t room);

/* Appends s to b spelled as strace would: \t \n \r \\ \" and \xHH for other control bytes and for
 * bytes that are not valid UTF-8. */
void event_escape(struct buf *b, struct str s);

/* Appends a row, or a piece of one: control bytes but TABs become \xHH. Only a table that sp-parse did not
 * write has any; they must not get to a terminal. */
void event_escape_row(struct buf *b, struct str row);

/* Appends text that a tracer escaped in its own way (\n \76 \x3e) spelled as by event_escape: -y's \76 and
 * an argument's > become the same. */
void event_respell(struct buf *b, struct str escaped);

#endif
