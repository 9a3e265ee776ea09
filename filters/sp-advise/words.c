#include "words.h"

#include "args.h"
#include "number.h"

static const struct argument {
	struct str syscall;
	unsigned number, word;
	const char *label;
	struct str prefix;
} arguments[] = {
#define ARGUMENT(syscall, number, word, label, prefix)                                             \
	{{#syscall, sizeof #syscall - 1}, number, word, label, {#prefix "_", sizeof #prefix}},
#include "words.def"
};
enum { ARGUMENTS = sizeof arguments / sizeof *arguments };

static const struct meaning {
	struct str prefix;
	int64_t mask, value;
	struct str word;
} meanings[] = {
#define NUMBER(prefix, mask, value, word)                                                          \
	{{#prefix "_", sizeof #prefix}, mask, value, {word, sizeof word - 1}},
#include "words.def"
};

static bool begins_number(struct str text)
{
	return text.n && (number_is_digit(text.p[0]) || text.p[0] == '-');
}

static void add_word(struct str prefix, struct str word, struct buf *out)
{
	if (out->n && out->p[out->n - 1] != ' ')
		buf_add_char(out, '|');
	if (!str_starts(word, prefix))
		buf_add_str(out, prefix);
	buf_add_str(out, word);
}

static void add_number(struct str prefix, int64_t number, struct buf *out)
{
	for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
		if (str_eq(meanings[i].prefix, prefix) &&
		    (number & meanings[i].mask) == meanings[i].value)
			add_word(prefix, meanings[i].word, out);
}

/* "PRIVATE|ANONYMOUS", "S_IFREG|0644", "0x22 /" "* MAP_PRIVATE|MAP_ANONYMOUS *" "/", or what stands before the
 * next member of a structure: "{flags=CLONE_VM|CLONE_THREAD, ...". */
static void add_argument(struct str prefix, struct str arg, struct buf *out)
{
	struct str piece;
	int64_t number;
	arg = args_of_struct(arg);
	while (str_cut(&arg, '|', &piece)) {
		size_t n = 0;
		while (n < piece.n && piece.p[n] != ',' && piece.p[n] != ' ')
			n++;
		bool last = n < piece.n;
		piece.n = n;
		if (!begins_number(piece))
			add_word(prefix, piece, out);
		else if (args_number(piece, &number))
			add_number(prefix, number, out);
		if (last)
			break;
	}
}

/* The first of those of the call; all of them stand together, the first argument first. */
static const struct argument *first_of(struct words *w, struct str syscall)
{
	size_t n = syscall.n < 8 ? syscall.n : 8;
	uint64_t mixed = n ? (str_word(syscall.p, n) + syscall.n) * UINT64_C(0x9e3779b97f4a7c15) : 0;
	const struct argument **known = &w->first[mixed >> (64 - WORDS_BITS)];
	if (*known && str_eq((*known)->syscall, syscall))
		return *known;
	for (size_t i = 0; i < ARGUMENTS; i++)
		if (str_eq(arguments[i].syscall, syscall))
			return *known = &arguments[i];
	return NULL;
}

/* The arguments that have its words. What stands behind them is mostly another one each time: addresses, paths. */
static struct str wordy(const struct argument *a, const struct args *args)
{
	const struct argument *last = a;
	while (last + 1 < arguments + ARGUMENTS && str_eq(last[1].syscall, a->syscall))
		last++;
	return args_among(args, a->number, last->number);
}

/* Where the words of such arguments are kept; NULL: nowhere. */
static struct words_said *place_of(struct words *w, const struct argument *a, struct args *args, struct str *of)
{
	*of = a->number == a->word ? wordy(a, args) : (struct str){0};
	if (of->n == 0 || of->n > WORDS_ARGS)
		return NULL;
	size_t n = of->n < 8 ? of->n : 8; /* they differ in their lengths and ends */
	uint64_t mixed = (str_word(of->p + of->n - n, n) ^ of->n) * UINT64_C(0x9e3779b97f4a7c15);
	return &w->said[mixed >> (64 - WORDS_BITS)];
}

static void add_words(const struct argument *a, struct str text, struct args *args, struct buf *out)
{
	struct str syscall = a->syscall;
	out->n = 0;
	for (; a < arguments + ARGUMENTS && str_eq(a->syscall, syscall); a++) {
		bool named = a->number == a->word || str_find(text, STR("flags="));
		unsigned at = args->labelled ? 1 : named ? a->word : a->number;
		struct str arg = args_at(args, at, a->label);
		if (out->n)
			buf_add_char(out, ' ');
		add_argument(a->prefix, arg, out);
	}
}

struct str words_of(struct words *w, struct str syscall, struct str text)
{
	struct args args;
	struct str among;
	const struct argument *a = first_of(w, syscall);
	if (!a)
		return (struct str){0};
	args_begin(&args, text);
	struct words_said *said = place_of(w, a, &args, &among);
	if (said && said->of == a && said->n == among.n && memcmp(said->args, among.p, among.n) == 0)
		return buf_str(&said->words);
	struct buf *out = said ? &said->words : &w->text;
	add_words(a, text, &args, out);
	if (!said)
		return buf_str(out);
	said->of = a;
	said->n = (uint8_t)among.n;
	memcpy(said->args, among.p, among.n);
	return buf_str(out);
}
