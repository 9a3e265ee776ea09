#include "event_call.h"

const struct event_column_info event_columns[EVENT_COLUMNS] = {
#define COLUMN(id, name, type) [EVENT_##id] = {{name, sizeof name - 1}, EVENT_##type},
#include "event.def"
#undef COLUMN
};

const struct str event_kind_name[EVENT_KINDS] = {
    [EVENT_CALL] = EVENT_LITERAL("call"),
    [EVENT_UNFINISHED] = EVENT_LITERAL("unfinished"),
    [EVENT_SIGNAL] = EVENT_LITERAL("signal"),
    [EVENT_EXIT] = EVENT_LITERAL("exit"),
    [EVENT_ASYNC] = EVENT_LITERAL("async"),
};

int event_column_by_name(struct str name)
{
	for (int i = 0; i < EVENT_COLUMNS; i++)
		if (str_eq(event_columns[i].name, name))
			return i;
	return -1;
}

static void note(struct event_layout *layout)
{
	_Static_assert(EVENT_COLUMNS <= 32, "a bit for each");
	layout->has = 0;
	for (size_t i = 0; i < layout->n; i++)
		layout->has |= UINT32_C(1) << layout->column[i];
	layout->standard = layout->n >= EVENT_STANDARD_COLUMNS;
	for (size_t i = 0; i < layout->n && i < EVENT_STANDARD_COLUMNS; i++)
		layout->standard &= layout->column[i] == i;
}

struct event_layout event_layout_standard(void)
{
	struct event_layout layout = {0};
	for (int i = 0; i < EVENT_STANDARD_COLUMNS; i++)
		event_layout_add(&layout, (enum event_column)i);
	return layout;
}

void event_layout_add(struct event_layout *layout, enum event_column column)
{
	if (event_layout_has(layout, column))
		return;
	layout->column[layout->n++] = (uint8_t)column;
	note(layout);
}

bool event_layout_parse(struct str list, struct event_layout *layout, struct str *bad)
{
	*layout = (struct event_layout){0};
	while (str_cut(&list, ',', bad)) {
		int column = event_column_by_name(str_trim(*bad));
		if (column < 0 || event_layout_has(layout, (enum event_column)column))
			return false;
		event_layout_add(layout, (enum event_column)column);
	}
	return layout->n > 0;
}

void event_write_header(struct output *out, const struct event_layout *layout)
{
	for (size_t i = 0; i < layout->n; i++) {
		if (i)
			output_char(out, '\t');
		output_str(out, event_columns[layout->column[i]].name);
	}
	output_char(out, '\n');
}

char *event_put_column(char *p, const struct event *e, unsigned column)
{
	struct str text = column == EVENT_KIND ? event_kind_name[e->kind] : e->text[column];
	if (text.n)
		p = output_copy(p, text.p, text.n);
	*p = '\t';
	return p + 1;
}

/* The standard columns one after the other, unrolled: no loop, no look-ups. */
static char *put_standard(char *p, const struct event *e)
{
#define COLUMN(id, name, type)                                                                     \
	if (EVENT_##id < (int)EVENT_STANDARD_COLUMNS)                                              \
		p = event_put_column(p, e, EVENT_##id);
#include "event.def"
#undef COLUMN
	return p;
}

/* Tells the readers of a ring where the columns end of the row that is committed next. */
static void tell(struct output *out, const struct event_layout *layout, const struct event *e, size_t bytes)
{
	uint16_t *end = output_ends(out, layout->n, bytes);
	if (!end)
		return;
	size_t at = 0;
	for (size_t i = 0; i < layout->n; i++) {
		unsigned column = layout->column[i];
		at += (column == EVENT_KIND ? event_kind_name[e->kind].n : e->text[column].n) + 1;
		*end++ = (uint16_t)at;
	}
	ring_told(out->rows, layout->n, bytes);
}

static size_t room_needed(const struct event *e)
{
	enum { KIND = 16 };
	size_t room = EVENT_COLUMNS + KIND;
#define COLUMN(id, name, type) room += EVENT_##id == EVENT_KIND ? 0 : e->text[EVENT_##id].n;
#include "event.def"
#undef COLUMN
	return room;
}

void event_write(struct output *out, const struct event_layout *layout, const struct event *e)
{
	char *p = output_reserve(out, room_needed(e));
	if (layout->standard)
		p = put_standard(p, e);
	for (size_t i = layout->standard ? EVENT_STANDARD_COLUMNS : 0; i < layout->n; i++)
		p = event_put_column(p, e, layout->column[i]);
	p[-1] = '\n';
	if (out->ring)
		tell(out, layout, e, output_uncommitted(out, p));
	output_commit(out, p);
}

/* A column of a call when not all are written. */
static inline char *put_asked(char *p, const struct event *e, unsigned column)
{
	const uint32_t others = UINT32_C(1) << EVENT_PID | UINT32_C(1) << EVENT_TID | UINT32_C(1) << EVENT_STACK |
				~UINT32_C(0) << EVENT_STANDARD_COLUMNS;
	if (column == EVENT_KIND)
		return put_short(p, EVENT_LITERAL("call"));
	return others >> column & 1 ? event_put_column(p, e, column) : put_short(p, e->text[column]);
}

void event_write_call_asked(struct output *out, const struct event_layout *layout, const struct event *e,
			    size_t room)
{
	char *p = output_reserve(out, room + EVENT_COLUMNS);
	for (size_t i = 0; i < layout->n; i++)
		p = put_asked(p, e, layout->column[i]);
	p[-1] = '\n';
	output_commit(out, p);
}

/* How many bytes of a valid UTF-8 sequence begin at p, 0 when it is invalid (RFC 3629). */
static size_t utf8_length(const unsigned char *p, size_t n)
{
	size_t need = p[0] < 0x80 ? 1 : p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3
		      : p[0] < 0xf5 ? 4 : 0;
	if (need > n)
		return 0;
	for (size_t i = 1; i < need; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	bool overlong = need > 2 && ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xf0 && p[1] < 0x90));
	bool beyond = need > 2 && ((p[0] == 0xed && p[1] > 0x9f) || (p[0] == 0xf4 && p[1] > 0x8f));
	return overlong || beyond ? 0 : need;
}

void event_escape(struct buf *b, struct str s)
{
	static const char special[256] = {['\t'] = 't', ['\n'] = 'n', ['\r'] = 'r',
					  ['\\'] = '\\', ['"'] = '"'};
	const unsigned char *p = (const unsigned char *)s.p;
	for (size_t i = 0; i < s.n;) {
		size_t plain = i;
		while (plain < s.n && p[plain] >= 0x20 && p[plain] < 0x7f && !special[p[plain]])
			plain++;
		buf_add(b, p + i, plain - i);
		if ((i = plain) == s.n)
			return;
		if (special[p[i]]) {
			buf_add_char(b, '\\');
			buf_add_char(b, special[p[i++]]);
			continue;
		}
		size_t n = p[i] < 0x20 || p[i] == 0x7f ? 0 : utf8_length(p + i, s.n - i);
		/* U+0080..U+009F are control characters of the C1 set. */
		if (n == 2 && p[i] == 0xc2 && p[i + 1] < 0xa0)
			n = 0;
		if (n)
			buf_add(b, p + i, n);
		else
			buf_printf(b, "\\x%02x", p[i]);
		i += n ? n : 1;
	}
}

void event_escape_row(struct buf *b, struct str row)
{
	size_t from = 0;
	for (size_t i = 0; i < row.n; i++) {
		unsigned char c = (unsigned char)row.p[i];
		if ((c >= 0x20 || c == '\t') && c != 0x7f)
			continue;
		buf_add(b, row.p + from, i - from);
		buf_printf(b, "\\x%02x", c);
		from = i + 1;
	}
	buf_add(b, row.p + from, row.n - from);
}

/* One escape, whose backslash stands before p; returns its end. */
static const char *add_unescaped(struct buf *b, const char *p, const char *end)
{
	static const char named[256] = {['n'] = '\n', ['t'] = '\t', ['r'] = '\r', ['v'] = '\v',
					['f'] = '\f', ['a'] = '\a', ['b'] = '\b'};
	unsigned base = *p == 'x' ? 16 : 8, most = *p == 'x' ? 2 : 3, value = 0, n = 0;
	const char *digits = p + (*p == 'x');
	for (; n < most && digits + n < end && number_digit(digits[n]) < base; n++)
		value = value * base + number_digit(digits[n]);
	char c = n ? (char)value : named[(unsigned char)*p] ? named[(unsigned char)*p] : *p;
	buf_add_char(b, c);
	return n ? digits + n : p + 1;
}

void event_respell(struct buf *b, struct str escaped)
{
	struct buf raw = {0};
	const char *p = escaped.p, *end = escaped.p + escaped.n;
	while (p < end) {
		if (*p == '\\' && p + 1 < end)
			p = add_unescaped(&raw, p + 1, end);
		else
			buf_add_char(&raw, *p++);
	}
	event_escape(b, buf_str(&raw));
	buf_free(&raw);
}
