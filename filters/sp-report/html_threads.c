#include <stdlib.h>

#include "html.h"

enum { SHOWN_DEPTH = 9 }; /* page.css indents by the classes i0 to i9; what is deeper stands under i9 */

struct sums {
	int64_t calls, errors, total_ns, wait_ns;
};

/* A process and its threads. */
struct process {
	struct str file; /* of which trace, where there are several */
	int64_t pid;
	struct process *parent;
	struct sums sums;
	const struct row **thread;
	size_t threads;
	struct process *next, *child; /* of the same parent, largest first; its own first one */
	bool seen;
};

struct processes {
	const struct sheet *s;
	int file, pid, tid, comm, calls, errors, total_ns, wait_ns; /* its columns */
	struct process *process;
	const struct row **rows; /* those of a process lie together */
	size_t n;
	int64_t whole_ns;
	bool waits; /* how long each waited is known */
	size_t shown;
};

static int by_pid(const void *x, const void *y)
{
	const struct process *a = x, *b = y;
	int order = (a->pid > b->pid) - (a->pid < b->pid);
	return order ? order : str_cmp(a->file, b->file);
}

/* What is sorted has its number with it: rows and processes are all over memory. */
struct place {
	int64_t n; /* pid, or total_ns */
	const void *of;
};

/* The biggest last: the lists of children are built by pushing in front. */
static int by_total(const void *x, const void *y)
{
	const struct place *a = x, *b = y;
	int order = (a->n > b->n) - (a->n < b->n);
	return order ? order : by_pid(b->of, a->of);
}

static int rows_by_pid(const void *x, const void *y, void *processes)
{
	const struct processes *all = processes;
	const struct place *p = x, *q = y;
	if (p->n != q->n)
		return p->n < q->n ? -1 : 1;
	const struct cell *a = ((const struct row *)p->of)->cell, *b = ((const struct row *)q->of)->cell;
	int order = str_cmp(a[all->file].text, b[all->file].text);
	return order ? order
	             : (a[all->total_ns].n < b[all->total_ns].n) - (a[all->total_ns].n > b[all->total_ns].n);
}

static struct sums sums_of(const struct processes *all, const struct row *row)
{
	return (struct sums){.calls = row->cell[all->calls].n,
	                     .errors = row->cell[all->errors].n,
	                     .total_ns = row->cell[all->total_ns].n,
	                     .wait_ns = row->cell[all->wait_ns].n};
}

static void sum_up(struct processes *all, struct process *p, const struct row *row)
{
	p->threads++;
	struct sums add = sums_of(all, row);
	p->sums.calls = sheet_sum(p->sums.calls, add.calls);
	p->sums.errors = sheet_sum(p->sums.errors, add.errors);
	p->sums.total_ns = sheet_sum(p->sums.total_ns, add.total_ns);
	p->sums.wait_ns = sheet_sum(p->sums.wait_ns, add.wait_ns);
	all->whole_ns = sheet_sum(all->whole_ns, add.total_ns);
}

static void gather(struct processes *all)
{
	const struct sheet *s = all->s;
	struct place *order = xcalloc(s->rows + 1, sizeof *order);
	all->rows = xcalloc(s->rows + 1, sizeof(struct row *));
	all->process = xcalloc(s->rows + 1, sizeof *all->process);
	for (size_t i = 0; i < s->rows; i++)
		order[i] = (struct place){s->row[i]->cell[all->pid].n, s->row[i]};
	qsort_r(order, s->rows, sizeof *order, rows_by_pid, all);
	for (size_t i = 0; i < s->rows; i++) {
		all->rows[i] = order[i].of;
		const struct cell *cell = all->rows[i]->cell;
		struct process new = {
		    .pid = cell[all->pid].n, .file = cell[all->file].text, .thread = all->rows + i};
		if (all->n == 0 || by_pid(&all->process[all->n - 1], &new) != 0)
			all->process[all->n++] = new;
		sum_up(all, &all->process[all->n - 1], all->rows[i]);
	}
	free(order);
}

static struct process *find(const struct processes *all, struct str file, struct cell pid)
{
	struct process like = {.pid = pid.n, .file = file};
	return pid.known ? bsearch(&like, all->process, all->n, sizeof like, by_pid) : NULL;
}

/* Links children to parents and returns the list of those without one. */
static struct process *link_tree(struct processes *all, const struct sheet *tree)
{
	for (size_t i = 0; i < tree->rows; i++) {
		struct str file = sheet_cell(tree, tree->row[i], "file").text;
		struct process *child = find(all, file, sheet_cell(tree, tree->row[i], "child"));
		struct process *parent = find(all, file, sheet_cell(tree, tree->row[i], "parent"));
		if (child && child != parent)
			child->parent = parent;
	}
	struct place *order = xcalloc(all->n + 1, sizeof *order);
	struct process *roots = NULL;
	for (size_t i = 0; i < all->n; i++)
		order[i] = (struct place){all->process[i].sums.total_ns, &all->process[i]};
	qsort(order, all->n, sizeof *order, by_total);
	for (size_t i = 0; i < all->n; i++) {
		struct process *p = (struct process *)order[i].of;
		struct process **list = p->parent ? &p->parent->child : &roots;
		p->next = *list;
		*list = p;
	}
	free(order);
	return roots;
}

static void put_row(struct processes *all, int depth, const char *what, struct str id,
                    struct str comm, struct str file, struct sums sums)
{
	if (all->shown++ >= sheet_info[SHEET_THREADS].shown)
		return;
	html("<tr><th scope=\"row\" class=\"i%d\">%s ", depth < SHOWN_DEPTH ? depth : SHOWN_DEPTH,
	     what);
	html_text(id, HTML_NAME);
	html(" <span class=\"aside\">");
	html_text(comm, HTML_NAME);
	if (file.n) {
		html(" in ");
		html_text(file, HTML_NAME);
	}
	html("</span></th><td>");
	html_number(TABLE_COUNT, sums.calls);
	html("</td><td>");
	html_number(TABLE_COUNT, sums.errors);
	html("</td><td>");
	html_number(TABLE_NS, sums.total_ns);
	if (all->waits) {
		html("</td><td>");
		if (sums.wait_ns)
			html_number(TABLE_NS, sums.wait_ns);
	}
	html("</td><td class=\"wide\">");
	html_bar(sheet_share(sums.total_ns, all->whole_ns), "share");
	html("</td></tr>\n");
}

static void put_process(struct processes *all, struct process *p, int depth)
{
	p->seen = true;
	if (all->shown >= sheet_info[SHEET_THREADS].shown) { /* counted only */
		all->shown += 1 + (p->threads > 1 ? p->threads : 0);
		return;
	}
	const struct cell *first = p->thread[0]->cell;
	put_row(all, depth, "process", first[all->pid].text, first[all->comm].text, p->file, p->sums);
	bool threaded = false; /* otherwise one thread that had several names */
	for (size_t i = 0; i < p->threads; i++)
		threaded |= p->thread[i]->cell[all->tid].n != p->pid;
	for (size_t i = 0; i < p->threads && p->threads > 1; i++) {
		const struct cell *cell = p->thread[i]->cell;
		struct str comm = cell[all->comm].text;
		put_row(all, depth + 1,
		        threaded ? "thread"
		        : comm.n ? "as"
		                 : "without a name",
		        threaded ? cell[all->tid].text : STR(""), comm, STR(""), sums_of(all, p->thread[i]));
	}
}

/* Children are a list and not a recursion: a hostile table may be a chain of any length. */
static void put_tree(struct processes *all, struct process *roots)
{
	struct process **at = xcalloc(all->n + 1, sizeof(struct process *));
	size_t depth = 0;
	at[0] = roots;
	for (;;) {
		struct process *p = at[depth];
		if (!p) {
			if (depth-- == 0)
				break;
			continue;
		}
		at[depth] = p->next;
		put_process(all, p, (int)(depth < SHOWN_DEPTH ? depth : SHOWN_DEPTH));
		at[++depth] = p->child;
	}
	free(at);
}

void html_threads(const struct folder *f)
{
	const struct sheet *s = folder_sheet(f, SHEET_THREADS);
	struct processes all = {.s = s,
	                        .file = sheet_column(s, "file"),
	                        .pid = sheet_column(s, "pid"),
	                        .tid = sheet_column(s, "tid"),
	                        .comm = sheet_column(s, "comm"),
	                        .calls = sheet_column(s, "calls"),
	                        .errors = sheet_column(s, "errors"),
	                        .total_ns = sheet_column(s, "total_ns"),
	                        .wait_ns = sheet_column(s, "wait_ns")};
	all.waits = s->used[all.wait_ns];
	gather(&all);
	struct process *roots = link_tree(&all, folder_sheet(f, SHEET_TREE));
	html(
	    "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Processes and threads\">"
	    "<table class=\"plain\"><thead><tr><th scope=\"col\" class=\"t\">process, thread</th>"
	    "<th scope=\"col\">calls</th><th scope=\"col\">errors</th><th scope=\"col\">time</th>%s"
	    "<th scope=\"col\" class=\"t\">of all</th></tr></thead><tbody>\n",
	    all.waits ? "<th scope=\"col\">of it waiting</th>" : "");
	put_tree(&all, roots);
	for (size_t i = 0; i < all.n; i++) /* those that are each other's parents */
		if (!all.process[i].seen)
			put_process(&all, &all.process[i], 0);
	html("</tbody></table></div>\n");
	if (all.shown > sheet_info[SHEET_THREADS].shown || all.s->left_out) {
		html("<p class=\"more\">");
		html_count((int64_t)(all.shown -
		                     (all.shown < sheet_info[SHEET_THREADS].shown
		                          ? all.shown
		                          : sheet_info[SHEET_THREADS].shown) +
		                     all.s->left_out),
		           "more row is", "more rows are");
		html(" in threads.tsv.</p>");
	}
	free(all.rows);
	free(all.process);
}
