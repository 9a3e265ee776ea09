#include "log.h"

#include "number.h"

static bool is_letter(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* 0 in the shape is a digit, _ a digit or a blank, T is T or a blank; the rest stands for itself. */
static bool take_shape(struct str *s, const char *shape)
{
	size_t n = strlen(shape);
	if (s->n < n)
		return false;
	for (size_t i = 0; i < n; i++) {
		char c = s->p[i];
		bool fits = shape[i] == '0'   ? number_is_digit(c)
			    : shape[i] == '_' ? number_is_digit(c) || c == ' '
			    : shape[i] == 'T' ? c == 'T' || c == ' '
			    : shape[i] == 'a' ? is_letter(c)
					      : c == shape[i];
		if (!fits)
			return false;
	}
	*s = str_drop(*s, n);
	return true;
}

static void take_fraction(struct str *s)
{
	if (s->n > 1 && (s->p[0] == '.' || s->p[0] == ',') && number_is_digit(s->p[1]))
		for (*s = str_drop(*s, 1); s->n && number_is_digit(s->p[0]);)
			*s = str_drop(*s, 1);
}

static struct str take_word(struct str *s)
{
	size_t n = 0;
	while (n < s->n && s->p[n] != ' ')
		n++;
	struct str word = {s->p, n};
	*s = str_drop(*s, n + (n < s->n));
	return word;
}

/* A date of this shape with a blank behind it; between the two a fraction and one of these zones may stand. */
static bool take_date(struct str *s, const char *shape, const char *const *zone)
{
	struct str rest = *s;
	if (!take_shape(&rest, shape))
		return false;
	take_fraction(&rest);
	while (*zone && !take_shape(&rest, *zone))
		zone++;
	if (!take_shape(&rest, " "))
		return false;
	*s = rest;
	return true;
}

static bool take_iso_date(struct str *s)
{
	static const char *const zones[] = {"Z", "+00:00", "-00:00", "+0000", "-0000", NULL};
	return take_date(s, "0000-00-00T00:00:00", zones);
}

static bool take_syslog_date(struct str *s)
{
	static const char *const none[] = {NULL};
	return take_date(s, "aaa _0 00:00:00", none);
}

/* "web1 strace[123]: " */
static bool take_host_and_tag(struct str *s)
{
	struct str rest = *s, host = take_word(&rest), tag = take_word(&rest);
	if (!host.n || tag.n < 2 || !is_letter(tag.p[0]) || tag.p[tag.n - 1] != ':')
		return false;
	*s = rest;
	return true;
}

/* "web-1  | ", "[pod/web-5d4/main] " */
static bool take_source(struct str *s)
{
	struct str rest = *s, word = take_word(&rest);
	if (!str_starts(word, STR("[pod/"))) {
		for (size_t i = 0; i < word.n; i++)
			if (!is_letter(word.p[i]) && !number_is_digit(word.p[i]) && !memchr("-_.", word.p[i], 3))
				return false;
		while (take_shape(&rest, " "))
			;
		if (!word.n || !take_shape(&rest, "| "))
			return false;
	} else if (word.p[word.n - 1] != ']') {
		return false;
	}
	*s = rest;
	return true;
}

enum { SOURCE = 1, ISO_DATE = 2, STREAM = 4, SYSLOG_DATE = 8, TAG = 16 };

static bool take_stream(struct str *s)
{
	return take_shape(s, "stdout F ") || take_shape(s, "stderr F ");
}

static const struct {
	unsigned part, behind; /* one of these */
	bool (*take)(struct str *s);
} parts[] = {
    {SOURCE, 0, take_source},
    {ISO_DATE, 0, take_iso_date},
    {SYSLOG_DATE, 0, take_syslog_date},
    {STREAM, ISO_DATE, take_stream},
    {TAG, ISO_DATE | SYSLOG_DATE, take_host_and_tag},
};

/* Takes these parts off the line, as far as they are there, and tells which those were. */
static unsigned take_parts(struct str *line, unsigned wanted)
{
	unsigned found = 0;
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if ((wanted & parts[i].part) && (!parts[i].behind || (found & parts[i].behind)) &&
		    parts[i].take(line))
			found |= parts[i].part;
	return found;
}

struct str log_strip(struct str line, unsigned shape)
{
	struct str rest = line;
	return take_parts(&rest, shape) == shape ? rest : line;
}

struct str log_strip_ahead(struct str text, unsigned shape)
{
	struct str rest = log_strip(text, shape);
	bool cut = rest.p == text.p && !str_chr(text, '\n');
	return cut ? (struct str){0} : rest;
}

unsigned log_shape(struct str lines)
{
	enum { LOOK_AT = 20 };
	unsigned shape = ~0U;
	struct str line;
	for (int i = 0; i < LOOK_AT && str_cut(&lines, '\n', &line); i++)
		if (line.n)
			shape &= take_parts(&line, shape);
	return shape == ~0U ? 0 : shape;
}
