#include <stdlib.h>

#include "normalizer.h"

static void set(struct normalizer *z, enum event_column column, struct str text)
{
	z->column[column].n = 0;
	buf_add_str(&z->column[column], text);
}

/* The text that stands for a token; *number is what an integer column says instead. */
static void name(struct normalizer *z, const struct token *k, uint32_t leader, struct buf *b,
                 uint64_t *number)
{
	const struct trace *t = &z->trace;
	uint32_t n = 0;
	if (k->kind == TOKEN_PID)
		n = k->id < t->tasks
		        ? t->task[k->id].number
		        : (uint32_t)t->tasks + names_number(z->names, TOKEN_PID, 0, k->id);
	else if (k->kind != TOKEN_TRIM)
		n = names_number(z->names, (enum token_kind)k->kind, leader, k->id);
	*number = n;
	switch (k->kind) {
	case TOKEN_ADDR:
		*number = (uint64_t)n << TEXT_ADDRESS_BITS |
		          (k->offset & ((UINT64_C(1) << TEXT_ADDRESS_BITS) - 1));
		text_address(b, n, k->offset);
		break;
	case TOKEN_FD: /* 0, 1 and 2 keep their numbers */
		*number = n + 2;
		buf_printf(b, "FD%u", n + 2);
		break;
	case TOKEN_PID:
		buf_printf(b, "PID%u", n);
		break;
	default:
		buf_add_str(b, STR("TRIM"));
	}
}

static int by_place(const void *a, const void *b)
{
	const struct token *x = a, *y = b;
	return (x->at > y->at) - (x->at < y->at);
}

static void put_tokens(struct normalizer *z, const struct row *r, uint32_t leader)
{
	struct str args = z->in.of[EVENT_ARGS];
	struct buf *b = &z->column[EVENT_ARGS], spare = {0};
	struct token *k = z->trace.token + r->token;
	uint64_t number;
	size_t done = 0;
	qsort(k, r->tokens, sizeof *k, by_place);
	b->n = 0;
	for (uint32_t i = 0; i < r->tokens; i++) {
		bool in_args = k[i].at < AT_FD;
		if (in_args) {
			buf_add(b, args.p + done, k[i].at - done);
			done = k[i].at + k[i].n;
		}
		name(z, &k[i], leader, in_args ? b : &spare, &number);
		if (in_args)
			continue;
		struct buf *column = &z->column[k[i].at == AT_RET ? EVENT_RET : EVENT_FD];
		column->n = 0;
		buf_printf(column, "%llu", (unsigned long long)number);
	}
	buf_add(b, args.p + done, args.n - done);
	buf_free(&spare);
}

static void put_number(struct normalizer *z, enum event_column column, uint32_t number)
{
	z->column[column].n = 0;
	buf_printf(&z->column[column], "%u", number);
}

static void apply_rules(struct normalizer *z, enum event_column column)
{
	struct str text = buf_str(&z->column[column]);
	if (text.n)
		set(z, column, names_apply(z->names, column, text, &z->trace, &z->in));
}

void normalize_row(struct normalizer *z, const struct row *r)
{
	struct trace *t = &z->trace;
	const struct task *task = &t->task[r->task];
	bool again = t->task_column >= 0; /* the table was normalised before */
	trace_split(t, trace_row(t, r), &z->in);
	for (int c = 0; c < EVENT_COLUMNS; c++)
		set(z, (enum event_column)c, z->in.of[c]);
	if (!again && r->tokens)
		put_tokens(z, r, task->leader);
	if (!again && z->kinds & RESOLVE_PIDS) {
		put_number(z, EVENT_TID, task->number);
		put_number(z, EVENT_PID, t->task[task->leader].number);
	}
	if (z->times)
		z->column[EVENT_START].n = z->column[EVENT_DUR].n = 0;
	z->column[EVENT_FILE].n = z->column[EVENT_LINE].n = 0;
	apply_rules(z, EVENT_ARGS); /* first, because it says how a name came to be */
	for (int c = 0; c < EVENT_COLUMNS; c++) {
		if (event_columns[c].type == EVENT_TEXT && c != EVENT_ARGS)
			apply_rules(z, (enum event_column)c);
		z->out.of[c] = buf_str(&z->column[c]);
	}
}
