/* What every match of a pattern contains: the longest run of characters that none of its parts leaves open. Of
 * Perl's syntax what is in use is understood; anything else, and nothing is said. */
#include "pattern.h"

#include "number.h"

struct run {
	char text[PATTERN_REQUIRED];
	size_t n;
};

struct parser {
	struct str text;
	size_t at;
	int depth;
	bool odd; /* there is something in it that is not understood */
};

enum { DEEPEST = 20 };

/* How often what stands in front comes: "+", or "?", "*" and "{2,5}", which may be no times at all. */
enum often { ONCE, MANY, PERHAPS };

static bool next_is(const struct parser *p, const char *text)
{
	return str_starts(str_drop(p->text, p->at), str_of(text));
}

static bool skip(struct parser *p, const char *text)
{
	bool is = next_is(p, text);
	p->at += is ? strlen(text) : 0;
	return is;
}

static char next(struct parser *p)
{
	p->odd |= p->at >= p->text.n;
	return p->odd ? '\0' : p->text.p[p->at++];
}

static void skip_to(struct parser *p, char last)
{
	while (!p->odd && next(p) != last)
		continue;
}

static size_t skip_digits(struct parser *p)
{
	size_t from = p->at;
	while (p->at < p->text.n && number_is_digit(p->text.p[p->at]))
		p->at++;
	return p->at - from;
}

/* Behind "[:" in a class, such as [[:alpha:]]; without ":]" it would be two characters. */
static void skip_named_class(struct parser *p)
{
	skip(p, "^");
	while (p->at < p->text.n && p->text.p[p->at] >= 'a' && p->text.p[p->at] <= 'z')
		p->at++;
	p->odd |= !skip(p, ":]");
}

/* Behind "[". */
static void skip_class(struct parser *p)
{
	skip(p, "^");
	skip(p, "]");
	for (char c; !p->odd && (c = next(p)) != ']';) {
		if (c == '\\')
			p->odd |= str_chr(STR("QEc"), next(p)) != NULL; /* "]" behind these is a character */
		else if (c == '[' && skip(p, ":"))
			skip_named_class(p);
		else if (c == '[')
			p->odd |= next_is(p, ".") || next_is(p, "=");
	}
}

/* Behind a backslash: whether it stands for the character itself. */
static bool take_escape(struct parser *p, char *c)
{
	*c = next(p);
	bool letter = (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z');
	if (letter && !str_chr(STR("dDwWsShHvVbBAzZnrtfea"), *c))
		p->odd = true;
	if (number_is_digit(*c) && (*c == '0' || (p->at < p->text.n && number_is_digit(p->text.p[p->at]))))
		p->odd = true;
	return !letter && !number_is_digit(*c);
}

static enum often take_often(struct parser *p)
{
	enum often often = skip(p, "?") || skip(p, "*") ? PERHAPS : skip(p, "+") ? MANY : ONCE;
	if (often == ONCE && skip(p, "{")) {
		p->odd |= skip_digits(p) == 0; /* anything else is the character itself */
		if (skip(p, ","))
			skip_digits(p);
		p->odd |= !skip(p, "}");
		often = PERHAPS;
	}
	if (often != ONCE && !skip(p, "?"))
		skip(p, "+");
	return often;
}

static void keep_longer(struct run *longest, const struct run *other)
{
	if (other->n > longest->n)
		*longest = *other;
}

static struct run take_alternatives(struct parser *p);

/* Behind "(". */
static struct run take_group(struct parser *p)
{
	bool not = false;
	p->odd |= next_is(p, "*") || ++p->depth > DEEPEST;
	if (skip(p, "?")) {
		not = skip(p, "!") || skip(p, "<!");
		if (!not && !skip(p, ":") && !skip(p, "=") && !skip(p, ">") && !skip(p, "<=")) {
			p->odd |= !skip(p, "<") && !skip(p, "P<");
			skip_to(p, '>'); /* a name */
		}
	}
	struct run inner = p->odd ? (struct run){0} : take_alternatives(p);
	p->odd |= next(p) != ')';
	p->depth--;
	inner.n = not ? 0 : inner.n;
	return inner;
}

/* Up to the end, or the bracket that closes. */
static struct run take_alternatives(struct parser *p)
{
	struct run longest = {0}, now = {0};
	bool one_of_several = false;
	while (!p->odd && p->at < p->text.n && !next_is(p, ")")) {
		struct run inner = {0};
		char c = next(p);
		bool is_literal = !str_chr(STR("|^$.[(\\?*+{"), c);
		p->odd |= str_chr(STR("?*+{"), c) != NULL;
		one_of_several |= c == '|';
		if (c == '[')
			skip_class(p);
		else if (c == '(')
			inner = take_group(p);
		else if (c == '\\')
			is_literal = take_escape(p, &c);
		enum often often = take_often(p);
		if (is_literal && often != PERHAPS && now.n < PATTERN_REQUIRED)
			now.text[now.n++] = c;
		keep_longer(&longest, &now);
		if (!is_literal || often != ONCE)
			now.n = 0;
		if (often != PERHAPS)
			keep_longer(&longest, &inner);
	}
	longest.n = one_of_several ? 0 : longest.n;
	return longest;
}

size_t pattern_required(struct str pattern, char required[PATTERN_REQUIRED])
{
	struct parser p = {.text = pattern};
	struct run run = take_alternatives(&p);
	if (p.odd || p.at < pattern.n || run.n < 2)
		return 0;
	memcpy(required, run.text, run.n);
	return run.n;
}
