#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "diag.h"

enum { FIRST_NS = 1000000000, STEP_NS = 250000000 };

/* Of the thread that works: others beside it read, too, but one line is enough. */
static _Thread_local bool wanted; /* stderr is a terminal that nothing else is written to */
static _Thread_local uint64_t before; /* what was done at the last call */
static _Thread_local int64_t began_ns, next_ns;
static _Atomic bool shown;

void diag_progress_begin(void)
{
	wanted = isatty(STDERR_FILENO) && !isatty(STDOUT_FILENO);
}

void diag_progress_off(void)
{
	wanted = false;
}

void diag_progress_clear(void)
{
	if (shown)
		fputs("\r\033[K", stderr);
	shown = false;
}

void diag_progress_end(void)
{
	diag_progress_clear();
	fflush(stderr);
	before = 0;
	began_ns = 0;
}

static void show(uint64_t done, uint64_t total, int64_t took_ns)
{
	double rate = (double)done / (double)took_ns; /* GB/s */
	fprintf(stderr, "\r%s: %.0f %% of %.0f MB, %.0f MB/s, %.0f s left \033[K", diag_program_name(),
		100 * (double)done / (double)total, (double)total / 1e6, 1e3 * rate,
		(double)(total - done) / rate / 1e9);
	fflush(stderr);
	shown = true;
}

void diag_progress(uint64_t done, uint64_t total)
{
	struct timespec now;
	if (!wanted || total == 0 || done > total || clock_gettime(CLOCK_MONOTONIC, &now) != 0)
		return;
	int64_t now_ns = now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
	if (began_ns == 0 || done < before) {
		began_ns = now_ns;
		next_ns = now_ns + FIRST_NS;
	}
	before = done;
	if (now_ns < next_ns)
		return;
	show(done, total, now_ns - began_ns);
	next_ns = now_ns + STEP_NS;
}
