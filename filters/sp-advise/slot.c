#include "slot.h"

#include <math.h>
#include <stdlib.h>

#include "distinct.h"
#include "hist.h"
#include "number.h"

static bool is_text(enum slot_kind kind)
{
	return kind == SLOT_FIRST || kind == SLOT_LAST;
}

/* ---- adding ---- */

void slot_number(enum slot_kind kind, struct slot *s, struct expr_value v)
{
	if (v.kind == EXPR_MISSING)
		return;
	if (v.kind == EXPR_REAL && !(fabs(v.real) < 9e18))
		return; /* no integer of ours */
	int64_t i = v.kind == EXPR_INT ? v.integer : llround(v.real);
	switch (kind) {
	case SLOT_SUM:
	case SLOT_MEAN:
		slot_sum(s, i);
		break;
	case SLOT_MIN:
		s->extreme = s->count == 0 || i < s->extreme ? i : s->extreme;
		break;
	case SLOT_MAX:
		s->extreme = s->count == 0 || i > s->extreme ? i : s->extreme;
		break;
	case SLOT_HIST:
		if (!s->more)
			s->more = xcalloc(1, sizeof(struct hist));
		hist_add(s->more, i < 0 ? 0 : (uint64_t)i);
		break;
	default:
		return;
	}
	s->count++;
}

void slot_most(struct slot *s, int64_t slice)
{
	if (s->count == 0 || slice > s->sum) {
		s->sum = slice;
		s->count = 0;
	}
	s->count++; /* a late one counts in the slice at hand */
	if ((int64_t)s->count > s->extreme)
		s->extreme = (int64_t)s->count;
}

void slot_text(enum slot_kind kind, struct slot *s, int64_t at_ns, uint64_t hash, struct str text)
{
	char *kept = s->more;
	bool better = kind == SLOT_FIRST ? at_ns < s->extreme : at_ns > s->extreme;
	if (s->count && !better &&
	    (at_ns != s->extreme || str_cmp(text, str_of(kept)) >= 0)) /* the same in any order */
		return;
	size_t n = text.n;
	if (n > SLOT_TEXT) {
		n = SLOT_TEXT - 3;
		while (n > 0 && (text.p[n] & 0xc0) == 0x80) /* whole characters */
			n--;
	}
	s->more = kept = kept ? kept : xcalloc(SLOT_TEXT + 4, 1);
	if (n)
		memcpy(kept, text.p, n);
	memcpy(kept + n, n < text.n ? "..." : "\0\0\0", 4);
	s->extreme = at_ns;
	s->sum = (int64_t)hash;
	s->count = 1;
}

void slot_distinct(struct slot *s, uint64_t hash)
{
	if (!s->more)
		s->more = xcalloc(1, sizeof(struct distinct));
	struct distinct *d = s->more;
	if (!distinct_is_last(d, hash))
		distinct_add(d, hash);
}

void slot_peak(struct slot *s, int step)
{
	s->sum += step;
	if (s->sum > s->extreme)
		s->extreme = s->sum;
}

void slot_end_trace(enum slot_kind kind, struct slot *s, int64_t last_ns)
{
	if (kind == SLOT_MOST)
		s->count = 0;
	else if (kind == SLOT_PEAK)
		s->sum = 0;
	if (kind == SLOT_HUNG && s->count) {
		int64_t hung;
		if (!__builtin_sub_overflow(last_ns, s->sum, &hung) && hung > s->extreme)
			s->extreme = hung;
		s->count = 0;
	}
}

/* ---- merging ---- */

static bool has_extreme(enum slot_kind kind)
{
	return kind == SLOT_MAX || kind == SLOT_MOST || kind == SLOT_PEAK || kind == SLOT_HUNG;
}

void slot_merge(enum slot_kind kind, struct slot *into, const struct slot *from)
{
	if (is_text(kind)) {
		if (slot_kept(from))
			slot_text(kind, into, from->extreme, (uint64_t)from->sum, str_of(slot_kept(from)));
		return;
	}
	bool any = kind != SLOT_MIN && kind != SLOT_MAX ? true : from->count > 0;
	if (kind == SLOT_MIN && any && (into->count == 0 || from->extreme < into->extreme))
		into->extreme = from->extreme;
	if (has_extreme(kind) && any && ((kind == SLOT_MAX && into->count == 0) || from->extreme > into->extreme))
		into->extreme = from->extreme;
	if (kind == SLOT_MOST || kind == SLOT_PEAK || kind == SLOT_HUNG)
		return;
	slot_sum(into, from->sum);
	into->count += from->count;
	if (kind == SLOT_HIST && from->more) {
		if (!into->more)
			into->more = xcalloc(1, sizeof(struct hist));
		hist_merge(into->more, from->more);
	}
	if (kind == SLOT_DISTINCT && from->more) {
		if (!into->more)
			into->more = xcalloc(1, sizeof(struct distinct));
		distinct_merge(into->more, from->more);
	}
}

/* ---- values ---- */

struct expr_value slot_integer(__int128_t value)
{
	if (value >= INT64_MIN && value <= INT64_MAX)
		return (struct expr_value){.kind = EXPR_INT, .integer = (int64_t)value};
	return (struct expr_value){.kind = EXPR_REAL, .real = (double)value};
}

struct expr_value slot_value(enum slot_kind kind, const struct slot *s, unsigned per_100k)
{
	struct expr_value missing = {.kind = EXPR_MISSING};
	switch (kind) {
	case SLOT_COUNT:
		return slot_integer(s->count);
	case SLOT_SUM:
		return slot_integer(s->sum);
	case SLOT_MEAN:
		if (s->count == 0)
			return missing;
		return (struct expr_value){.kind = EXPR_REAL, .real = (double)s->sum / (double)s->count};
	case SLOT_MIN:
	case SLOT_MAX:
		return s->count ? slot_integer(s->extreme) : missing;
	case SLOT_MOST:
	case SLOT_PEAK:
	case SLOT_HUNG:
		return slot_integer(s->extreme);
	case SLOT_HIST:
		return s->more ? slot_integer(hist_percentile(s->more, per_100k)) : missing;
	case SLOT_DISTINCT:
		return slot_integer(s->more ? distinct_count(s->more) : 0);
	default:
		return missing;
	}
}

/* ---- partials ---- */

static bool take_i64(struct str *s, int64_t *value)
{
	size_t n = s->n && s->p[0] == '-';
	while (n < s->n && number_is_digit(s->p[n]))
		n++;
	bool good = number_i64((struct str){s->p, n}, value);
	*s = str_drop(*s, n);
	return good;
}

void slot_write_text(struct str text, struct buf *out)
{
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] == ' ')
			buf_add_str(out, STR("\\x20"));
		else
			buf_add_char(out, text.p[i]);
}

struct str slot_read_text(struct str text, struct buf *room)
{
	room->n = 0;
	for (const char *at; (at = str_find(text, STR("\\x20")));) {
		buf_add(room, text.p, (size_t)(at - text.p));
		buf_add_char(room, ' ');
		text = str_drop(text, (size_t)(at - text.p) + 4);
	}
	buf_add_str(room, text);
	return buf_str(room);
}

/* SUM:COUNT:EXTREME, and behind it what `more` holds. */
void slot_write(enum slot_kind kind, const struct slot *s, struct buf *out)
{
	bool alone = is_text(kind) || kind == SLOT_MOST || kind == SLOT_PEAK || kind == SLOT_HUNG;
	buf_printf(out, "%lld:%llu:%lld", alone ? 0ll : (long long)s->sum, alone ? 0ull : (unsigned long long)s->count,
	           (long long)s->extreme);
	if (!s->more || (is_text(kind) && !slot_kept(s)) || (kind == SLOT_DISTINCT && distinct_count(s->more) == 0))
		return;
	buf_add_char(out, ':');
	if (kind == SLOT_HIST) {
		const struct hist *h = s->more;
		buf_printf(out, "%llu:%llu:", (unsigned long long)h->min, (unsigned long long)h->max);
		hist_write_bins(h, out);
	} else if (kind == SLOT_DISTINCT) {
		distinct_write(s->more, out);
	} else {
		slot_write_text(str_of(s->more), out);
	}
}

static bool take_colon(struct str *s)
{
	bool colon = s->n && s->p[0] == ':';
	*s = str_drop(*s, colon);
	return colon;
}

static bool read_hist(struct slot *s, struct str rest)
{
	struct hist *h = s->more = xcalloc(1, sizeof *h);
	uint64_t total = 0;
	if (!number_take_u64(&rest, &h->min) || !take_colon(&rest) ||
	    !number_take_u64(&rest, &h->max) || !take_colon(&rest))
		return false;
	h->count = s->count;
	return hist_read_bins(h, rest, &total) && total == h->count;
}

bool slot_read(enum slot_kind kind, struct slot *s, struct str text)
{
	if (!take_i64(&text, &s->sum) || !take_colon(&text) || !number_take_u64(&text, &s->count) ||
	    !take_colon(&text) || !take_i64(&text, &s->extreme))
		return false;
	if (is_text(kind))
		s->sum = 0, s->count = 0;
	if (text.n == 0 || !take_colon(&text))
		return text.n == 0;
	if (kind == SLOT_HIST)
		return read_hist(s, text);
	if (kind == SLOT_DISTINCT)
		return distinct_read(s->more = xcalloc(1, sizeof(struct distinct)), text);
	if (!is_text(kind))
		return false;
	struct buf room = {0};
	slot_text(kind, s, s->extreme, 0, slot_read_text(text, &room));
	buf_free(&room);
	return true;
}

void slot_free(enum slot_kind kind, struct slot *s)
{
	if (kind == SLOT_HIST && s->more)
		hist_free(s->more);
	else if (kind == SLOT_DISTINCT && s->more)
		distinct_free(s->more);
	free(s->more);
	*s = (struct slot){0};
}

void slot_renew(enum slot_kind kind, struct slot *s)
{
	if (kind == SLOT_HIST)
		slot_free(kind, s);
	else if (kind == SLOT_DISTINCT && s->more)
		distinct_renew(s->more);
	*s = (struct slot){.more = s->more};
}
