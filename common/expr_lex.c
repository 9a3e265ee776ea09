#include "expr_lex.h"

#include <stdlib.h>

#include "number.h"

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* ---- literals ---- */

bool expr_clock_time(struct str s, int64_t *ns)
{
	uint64_t hours, minutes;
	int64_t seconds = 0;
	if (s.n > 0 && !number_is_digit(s.p[0]))
		return false;
	if (!number_take_u64(&s, &hours) || hours > 9999 || !s.n || s.p[0] != ':')
		return false;
	s = str_drop(s, 1);
	size_t left = s.n;
	if (!number_take_u64(&s, &minutes) || left - s.n != 2 || minutes > 59)
		return false;
	if (s.n) {
		bool two = s.n >= 3 && number_is_digit(s.p[1]) && number_is_digit(s.p[2]) &&
			   (s.n == 3 || s.p[3] == '.');
		if (s.p[0] != ':' || !two)
			return false;
		s = str_drop(s, 1);
		if (!number_take_seconds(&s, &seconds) || s.n || seconds >= 61000000000)
			return false;
	}
	*ns = (int64_t)(hours * 60 + minutes) * 60000000000 + seconds;
	return true;
}

static bool decimal(struct str s, double *value)
{
	char copy[64];
	size_t digits = 0, points = 0;
	for (size_t i = 0; i < s.n; i++) {
		digits += number_is_digit(s.p[i]);
		points += s.p[i] == '.';
	}
	if (digits + points != s.n || points != 1 || !digits || s.n >= sizeof copy)
		return false;
	memcpy(copy, s.p, s.n);
	copy[s.n] = '\0';
	*value = strtod(copy, NULL);
	return true;
}

static bool unsigned_number(struct str s, struct literal *literal)
{
	int64_t *integer = &literal->value.integer;
	literal->value.kind = EXPR_INT;
	literal->unit = UNIT_ANY;
	bool is_hexadecimal = s.n > 2 && s.p[0] == '0' && (s.p[1] | 0x20) == 'x';
	if (!s.n || !number_is_digit(s.p[0]))
		return false;
	if (number_i64(s, integer) || (is_hexadecimal && number_any(s, integer)))
		return true;
	literal->unit = UNIT_TIME;
	if (number_duration(s, integer))
		return true;
	literal->unit = UNIT_SIZE;
	if (number_size(s, integer))
		return true;
	literal->unit = UNIT_CLOCK;
	if (expr_clock_time(s, integer))
		return true;
	literal->unit = UNIT_ANY;
	literal->value.kind = EXPR_REAL;
	return decimal(s, &literal->value.real);
}

bool literal_number(struct str s, struct literal *literal)
{
	bool negative = s.n && s.p[0] == '-';
	if (!unsigned_number(str_drop(s, negative), literal))
		return false;
	if (negative && literal->unit == UNIT_CLOCK)
		return false;
	if (negative && literal->value.kind == EXPR_INT)
		literal->value.integer = (int64_t)(0 - (uint64_t)literal->value.integer);
	else if (negative)
		literal->value.real = -literal->value.real;
	return true;
}

/* Up to `most` digits of the base at s->p[*i]; false when there is none. */
static bool escape_digits(struct str s, size_t *i, unsigned base, size_t most, char *out)
{
	unsigned value = 0;
	size_t first = *i;
	for (; *i < s.n && *i - first < most; ++*i) {
		unsigned digit = number_digit(s.p[*i]);
		if (digit >= base)
			break;
		value = value * base + digit;
	}
	*out = (char)value;
	return *i > first && value <= 0xff;
}

size_t literal_unescape(char *out, struct str s, size_t *unknown)
{
	static const char from[] = "\\\"'tnrabfve", to[] = "\\\"'\t\n\r\a\b\f\v\33";
	size_t n = 0;
	*unknown = s.n;
	for (size_t i = 0; i < s.n;) {
		const char *known;
		size_t escape = i;
		if (s.p[i] != '\\') {
			out[n++] = s.p[i++];
			continue;
		}
		if (++i < s.n && s.p[i] && (known = strchr(from, s.p[i]))) {
			out[n++] = to[known - from];
			i++;
		} else if (i < s.n && s.p[i] == 'x' && ++i && escape_digits(s, &i, 16, 2, out + n)) {
			n++;
		} else if (escape_digits(s, &i, 8, 3, out + n)) {
			n++;
		} else {
			if (*unknown == s.n)
				*unknown = escape;
			out[n++] = '\\';
			i = escape + 1;
		}
	}
	return n;
}

/* ---- tokens ---- */

static bool take(struct lexer *l, struct token *t, enum token_kind kind, size_t n)
{
	t->kind = kind;
	t->at = l->next;
	t->n = n;
	t->text = (struct str){l->text.p + l->next, n};
	l->next += n;
	return true;
}

static void skip_blanks(struct lexer *l)
{
	while (l->next < l->text.n && is_blank(l->text.p[l->next]))
		l->next++;
}

static bool take_string(struct lexer *l, struct token *t)
{
	struct str rest = str_drop(l->text, l->next);
	for (size_t i = 1; i < rest.n; i++) {
		if (rest.p[i] == '\\')
			i++;
		else if (rest.p[i] == rest.p[0]) {
			take(l, t, T_STRING, i + 1);
			t->text = (struct str){rest.p + 1, i - 1};
			return true;
		}
	}
	return fault_set(l->fault, l->next, 1, "the string that begins here does not end");
}

static bool take_name(struct lexer *l, struct token *t)
{
	static const struct {
		struct str word;
		enum token_kind kind;
	} words[] = {{{"and", 3}, T_AND}, {{"or", 2}, T_OR}, {{"not", 3}, T_NOT}, {{"in", 2}, T_IN}};
	size_t end = l->next;
	while (end < l->text.n && (is_letter(l->text.p[end]) || number_is_digit(l->text.p[end])))
		end++;
	take(l, t, T_NAME, end - l->next);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (str_eq(t->text, words[i].word))
			t->kind = words[i].kind;
	return true;
}

/* 2026-11-22: nobody writes a difference like that. */
static bool is_date(struct str s)
{
	static const char shape[] = "0000-00-00";
	size_t n = 0;
	while (n < s.n && shape[n] && (shape[n] == '-' ? s.p[n] == '-' : number_is_digit(s.p[n])))
		n++;
	return !shape[n] && (n == s.n || (s.p[n] != '.' && !number_is_digit(s.p[n])));
}

static bool take_number(struct lexer *l, struct token *t)
{
	if (is_date(str_drop(l->text, l->next)))
		return fault_set(l->fault, l->next, 10,
				 "dates are for sp-select --from and --to; here a time is what start_ns holds, or a clock time");
	size_t end = l->next;
	for (; end < l->text.n; end++) {
		char c = l->text.p[end];
		if (!number_is_digit(c) && !is_letter(c) && c != '.' && c != ':' && !((unsigned char)c & 0x80))
			break;
	}
	take(l, t, T_NUMBER, end - l->next);
	if (literal_number(t->text, &t->number))
		return true;
	return fault_set(l->fault, t->at, t->n,
			 "%.*s is no number; numbers are like 12, -1, 0x1f, 1.5ms, 4KiB, 12:34:56.5",
			 (int)t->n, t->text.p);
}

static bool take_operator(struct lexer *l, struct token *t)
{
	/* Longer ones before those they begin with. */
	static const struct {
		struct str text;
		enum token_kind kind;
		const char *instead; /* of what other languages write */
	} operators[] = {
	    {{"==", 2}, T_EQUAL, NULL},	  {{"=~", 2}, T_MATCH, NULL},
	    {{"!=", 2}, T_NOT_EQUAL, NULL},   {{"!~", 2}, T_NO_MATCH, NULL},
	    {{"<=", 2}, T_LESS_EQUAL, NULL},  {{"<>", 2}, T_END, "!="},
	    {{"<", 1}, T_LESS, NULL},	  {{">=", 2}, T_GREATER_EQUAL, NULL},
	    {{">", 1}, T_GREATER, NULL},	  {{"&&", 2}, T_AND, NULL},
	    {{"||", 2}, T_OR, NULL},	  {{"!", 1}, T_NOT, NULL},
	    {{"+", 1}, T_PLUS, NULL},	  {{"-", 1}, T_MINUS, NULL},
	    {{"*", 1}, T_TIMES, NULL},	  {{"/", 1}, T_DIVIDE, NULL},
	    {{"%", 1}, T_MODULO, NULL},	  {{"(", 1}, T_OPEN, NULL},
	    {{")", 1}, T_CLOSE, NULL},	  {{"{", 1}, T_BRACE_OPEN, NULL},
	    {{"}", 1}, T_BRACE_CLOSE, NULL},  {{",", 1}, T_COMMA, NULL},
	    {{"=", 1}, T_END, "== or =~"},	  {{"&", 1}, T_END, "and"},
	    {{"|", 1}, T_END, "or"},	  {{"~", 1}, T_END, "=~"},
	};
	struct str rest = str_drop(l->text, l->next);
	for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
		struct str text = operators[i].text;
		if (!str_starts(rest, text))
			continue;
		if (operators[i].instead)
			return fault_set(l->fault, l->next, text.n, "%s is written %s here", text.p,
					 operators[i].instead);
		return take(l, t, operators[i].kind, text.n);
	}
	return fault_set(l->fault, l->next, 1, "no name, number, string or operator begins here");
}

bool lex_next(struct lexer *l, struct token *t)
{
	skip_blanks(l);
	if (l->next >= l->text.n)
		return take(l, t, T_END, 0);
	char c = l->text.p[l->next];
	if (c == '"' || c == '\'')
		return take_string(l, t);
	if (is_letter(c))
		return take_name(l, t);
	return number_is_digit(c) ? take_number(l, t) : take_operator(l, t);
}

bool lex_element(struct lexer *l, struct token *t)
{
	skip_blanks(l);
	size_t end = l->next;
	for (; end < l->text.n; end++) {
		char c = l->text.p[end];
		if (is_blank(c) || c == ',' || c == '{' || c == '}' || c == '"' || c == '\'')
			break;
	}
	return end > l->next ? take(l, t, T_NAME, end - l->next) : lex_next(l, t);
}
