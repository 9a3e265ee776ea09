/* pattern: regular expressions (PCRE2, compiled by its JIT where there is one) on text that may be
 * hostile. Pattern and subject are bytes; $ is the very end. A match that takes too many steps is
 * given up: the value counts as not matching, and is counted. A pattern that was given up too often
 * (about 1000 times) is not tried again, so that it cannot hang. All limits depend on the pattern and
 * the subjects alone, never on the clock. */
#ifndef SP_PATTERN_H
#define SP_PATTERN_H

#include "fault.h"
#include "str.h"

struct pattern;

/* NULL, and the fault at a place within text, when it is no pattern. */
struct pattern *pattern_compile(struct str text, struct fault *fault);
bool pattern_match(struct pattern *p, struct str subject);

/* Puts into `required` a text that every match contains, "O_" for "O_(SYNC|DIRECT)": looking for it is faster than
 * matching, and a subject without it cannot match. Returns its length; 0 where no such text of two characters or
 * more is known, or the pattern ignores case. */
enum { PATTERN_REQUIRED = 64 };
size_t pattern_required(struct str pattern, char required[PATTERN_REQUIRED]);

/* How many values were given up or not tried. */
uint64_t pattern_undecided(const struct pattern *p);

/* A warning with their number, if there are any. Origin names the option or the rule. */
void pattern_report(const struct pattern *p, const char *origin);
void pattern_free(struct pattern *p);

#endif
