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

struct str words_of(struct str syscall, struct str text, struct buf *space)
{
	struct args args;
	args_begin(&args, text);
	space->n = 0;
	for (size_t i = 0; i < sizeof arguments / sizeof *arguments; i++) {
		const struct argument *a = &arguments[i];
		if (!str_eq(a->syscall, syscall))
			continue;
		bool named = a->number == a->word || str_find(text, STR("flags="));
		unsigned at = args.labelled ? 1 : named ? a->word : a->number;
		struct str arg = args_at(&args, at, a->label);
		if (space->n)
			buf_add_char(space, ' ');
		add_argument(a->prefix, arg, space);
	}
	return buf_str(space);
}
