#include <stdlib.h>

#include "html.h"

/* A flame view: the outermost frame at the top, each as wide as its time. And the same as lists
 * that open, for keyboard and ear. */
enum {
	FRAMES_DRAWN = 800, /* the widest, so that the page stays small */
	FRAMES_LISTED = 200,
	DEPTH_DRAWN = 100,
	ROW_HEIGHT = 18, /* pixels */
	COLOURS = 6,     /* classes of page.css */
};

struct drawing {
	const struct stacks *s;
	uint64_t least; /* narrower frames are not drawn */
	double whole;  /* of all stacks */
	size_t drawn, depth;
};

static bool is_wide(const struct frame *frame, uint64_t least)
{
	return (uint64_t)frame->total_ns >= least; /* which is not negative */
}

static size_t count_frames(const struct stacks *s, uint64_t least)
{
	size_t n = 0;
	for (uint32_t i = 0; i < s->frames; i++)
		n += is_wide(&s->frame[i], least);
	return n;
}

/* At least a thousandth of the whole, and so much that no more than `most` are left: more than any frame has, where too
 * many have as much as can be counted. */
static uint64_t least_for(const struct stacks *s, size_t most)
{
	uint64_t least = (uint64_t)s->frame[0].total_ns / 1000 + 1;
	while (count_frames(s, least) > most)
		least += least / 4 + 1;
	return least;
}

static double percent(const struct drawing *d, int64_t ns)
{
	return d->whole > 0 ? 100.0 * (double)ns / d->whole : 0;
}

static void put_figures(const struct drawing *d, const struct frame *frame)
{
	if (!d->s->by_calls) {
		html_number(TABLE_NS, frame->total_ns);
		html(", ");
	}
	html("%.1f %%, ", percent(d, frame->total_ns));
	html_count(frame->calls, "call", "calls");
}

/* As much of the name as can be seen, were the page two thousand pixels wide. */
static void put_label(struct str name, double width)
{
	size_t most = 12 + (size_t)(3 * width);
	if (name.n > most) {
		name.n = most;
		while (name.n > 0 && (name.p[name.n] & 0xc0) == 0x80)
			name.n--;
	}
	html_text(name, HTML_NAME);
}

static void put_frame(struct drawing *d, const struct frame *frame, double from, int depth)
{
	html("<svg class=\"f%u\" x=\"%.3f%%\" y=\"%d\" width=\"%.3f%%\" height=\"%d\" data-d=\"%d\"><title>",
	     (unsigned)(str_hash(frame->name) % COLOURS), from, depth * ROW_HEIGHT,
	     percent(d, frame->total_ns), ROW_HEIGHT - 1, depth);
	html_text(frame->name, HTML_NAME);
	html(": ");
	put_figures(d, frame);
	html("</title><rect width=\"100%%\" height=\"100%%\"/><text x=\"3\" y=\"13\">");
	put_label(frame->name, percent(d, frame->total_ns));
	html("</text></svg>\n");
	d->drawn++;
	if ((size_t)depth > d->depth)
		d->depth = (size_t)depth;
}

static int by_total(const void *x, const void *y)
{
	const struct frame *const *a = x, *const *b = y;
	int order = ((*a)->total_ns < (*b)->total_ns) - ((*a)->total_ns > (*b)->total_ns);
	return order ? order : str_cmp((*a)->name, (*b)->name);
}

/* The frames that `caller` called, largest first; only those to be drawn. Free it. */
static const struct frame **callees(const struct drawing *d, const struct frame *caller, size_t *n)
{
	*n = 0;
	for (uint32_t i = caller->child; i; i = d->s->frame[i].next)
		++*n;
	const struct frame **list = xcalloc(*n + 1, sizeof(struct frame *));
	*n = 0;
	for (uint32_t i = caller->child; i; i = d->s->frame[i].next)
		if (is_wide(&d->s->frame[i], d->least))
			list[(*n)++] = &d->s->frame[i];
	qsort(list, *n, sizeof(struct frame *), by_total);
	return list;
}

static void draw(struct drawing *d, const struct frame *frame, double from, int depth)
{
	put_frame(d, frame, from, depth);
	if (depth >= DEPTH_DRAWN)
		return;
	size_t n;
	const struct frame **list = callees(d, frame, &n);
	for (size_t i = 0; i < n; i++) {
		draw(d, list[i], from, depth + 1);
		from += percent(d, list[i]->total_ns);
	}
	free(list);
}

static void list_frames(struct drawing *d, const struct frame *frame, int depth)
{
	size_t n;
	const struct frame **list = callees(d, frame, &n);
	bool open = depth < 3;
	if (n && depth < DEPTH_DRAWN)
		html("<details%s><summary>", open ? " open" : "");
	else
		html("<p>");
	html_text(frame->name, HTML_NAME);
	html(" <span class=\"aside\">");
	put_figures(d, frame);
	html("</span>%s", n && depth < DEPTH_DRAWN ? "</summary>" : "</p>");
	for (size_t i = 0; i < n && depth < DEPTH_DRAWN; i++)
		list_frames(d, list[i], depth + 1);
	html("%s\n", n && depth < DEPTH_DRAWN ? "</details>" : "");
	free(list);
}

/* How deep what is drawn goes, to know the height before. */
static int depth_of(const struct drawing *d, const struct frame *frame, int depth)
{
	int most = depth;
	for (uint32_t i = frame->child; i && depth < DEPTH_DRAWN; i = d->s->frame[i].next) {
		if (!is_wide(&d->s->frame[i], d->least))
			continue;
		int below = depth_of(d, &d->s->frame[i], depth + 1);
		most = below > most ? below : most;
	}
	return most;
}

void html_flame(const struct folder *f)
{
	const struct stacks *s = &f->stacks;
	struct drawing d = {.s = s, .whole = (double)s->frame[0].total_ns};
	d.least = least_for(s, FRAMES_DRAWN);
	html("<div class=\"flame\"><svg role=\"img\" aria-label=\"Stacks, each frame as wide as its time\" "
	     "width=\"100%%\" height=\"%d\">\n",
	     (depth_of(&d, &s->frame[0], 0) + 1) * ROW_HEIGHT);
	draw(&d, &s->frame[0], 0, 0);
	html("</svg></div>");
	if (d.drawn < s->frames || s->cut) {
		html("<p class=\"more\">");
		html_count((int64_t)(s->frames - d.drawn), "smaller or deeper frame is",
		           "smaller or deeper frames are");
		html(" not drawn; their time is in the frames above them.</p>");
	}
	d.least = least_for(s, FRAMES_LISTED);
	html("<details class=\"stacklist\"><summary>As a list</summary>");
	list_frames(&d, &s->frame[0], 0);
	html("</details>");
}
