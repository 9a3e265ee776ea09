#include "pattern.h"

#include <inttypes.h>
#include <stdlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "arena.h"
#include "diag.h"

/* Steps of backtracking, as PCRE2 counts them; a literal or a character class costs none. On text of
 * up to SHORT bytes a match that is given up took 0.3 ms at most (patterns like "(a+)+$"). A step may
 * scan all of the text, so longer text gets fewer: 1 MiB took 2 s with STEPS and takes 20 ms with
 * STEPS_LEAST. Depth and heap matter only where there is no JIT. */
enum {
	STEPS = 100000,
	STEPS_LEAST = 10000,
	SHORT = 16 * 1024,
	PATIENCE = 1000,     /* values given up before the pattern is; long ones count as several */
	PATIENCE_BYTES = 4096,
	DEPTH = 2000,
	HEAP_KIB = 8 * 1024,
	JIT_STACK_FIRST = 32 * 1024,
	JIT_STACK_MOST = 512 * 1024,
};

struct pattern {
	pcre2_code *code;
	pcre2_match_context *limits;
	pcre2_match_data *found;
	pcre2_jit_stack *stack;
	bool jit;
	char required[PATTERN_REQUIRED];
	size_t n_required; /* all of the text: it is what is looked for */
	struct buf text;
	uint64_t undecided, untried; /* untried ones are undecided, too */
	uint64_t impatience;
};

struct pattern *pattern_compile(struct str text, struct fault *fault)
{
	int error;
	PCRE2_SIZE at;
	/* Without NEVER_UTF a pattern could ask for UTF mode, in which invalid text is an error. */
	pcre2_code *code = pcre2_compile((PCRE2_SPTR)(text.n ? text.p : ""), text.n,
					 PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_UTF | PCRE2_NEVER_UCP,
					 &error, &at, NULL);
	if (!code) {
		PCRE2_UCHAR why[160];
		pcre2_get_error_message(error, why, sizeof why);
		fault_set(fault, at < text.n ? at : text.n, 1, "bad pattern: %s", (char *)why);
		return NULL;
	}
	struct pattern *p = xcalloc(1, sizeof *p);
	p->code = code;
	p->n_required = pattern_required(text, p->required);
	buf_add_str(&p->text, text);
	p->found = pcre2_match_data_create(1, NULL);
	p->limits = pcre2_match_context_create(NULL);
	if (!p->found || !p->limits)
		diag_die(DIAG_MEMORY, "a pattern");
	pcre2_set_match_limit(p->limits, STEPS);
	pcre2_set_depth_limit(p->limits, DEPTH);
	pcre2_set_heap_limit(p->limits, HEAP_KIB);
	/* Where executable memory is forbidden, pcre2_match interprets: slower, the same limits. */
	p->jit = pcre2_jit_compile(code, PCRE2_JIT_COMPLETE) == 0;
	if (p->jit) {
		p->stack = pcre2_jit_stack_create(JIT_STACK_FIRST, JIT_STACK_MOST, NULL);
		pcre2_jit_stack_assign(p->limits, NULL, p->stack);
	}
	return p;
}

static int match(struct pattern *p, PCRE2_SPTR subject, size_t n)
{
	if (p->jit) /* without pcre2_match's checks of its arguments: they cost as much as a match */
		return pcre2_jit_match(p->code, subject, n, 0, 0, p->found, p->limits);
	return pcre2_match(p->code, subject, n, 0, 0, p->found, p->limits);
}

static int match_long(struct pattern *p, PCRE2_SPTR subject, size_t n)
{
	size_t steps = (size_t)STEPS * SHORT / n;
	pcre2_set_match_limit(p->limits, steps > STEPS_LEAST ? (uint32_t)steps : STEPS_LEAST);
	int found = match(p, subject, n);
	pcre2_set_match_limit(p->limits, STEPS);
	return found;
}

bool pattern_match(struct pattern *p, struct str subject)
{
	if (p->n_required && !str_find(subject, (struct str){p->required, p->n_required}))
		return false;
	if (p->n_required && p->n_required == p->text.n)
		return true;
	if (p->impatience >= PATIENCE) {
		p->undecided++;
		p->untried++;
		return false;
	}
	PCRE2_SPTR bytes = (PCRE2_SPTR)(subject.n ? subject.p : "");
	int found = subject.n <= SHORT ? match(p, bytes, subject.n) : match_long(p, bytes, subject.n);
	if (found < PCRE2_ERROR_NOMATCH) {
		p->undecided++;
		p->impatience += 1 + subject.n / PATIENCE_BYTES;
	}
	return found >= 0;
}

uint64_t pattern_undecided(const struct pattern *p)
{
	return p->undecided;
}

void pattern_report(const struct pattern *p, const char *origin)
{
	if (!p->undecided)
		return;
	diag(DIAG_WARNING,
	     "%s: the pattern \"%.*s\" is too slow: given up on %" PRIu64 " values (%" PRIu64
	     " of them untried), which count as not matching",
	     origin, (int)p->text.n, p->text.p, p->undecided, p->untried);
}

void pattern_free(struct pattern *p)
{
	if (!p)
		return;
	pcre2_jit_stack_free(p->stack);
	pcre2_match_context_free(p->limits);
	pcre2_match_data_free(p->found);
	pcre2_code_free(p->code);
	buf_free(&p->text);
	free(p);
}
