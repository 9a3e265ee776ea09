#include "fuzz.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "diag.h"
#include "input.h"
#include "thread.h"

#include <sanitizer/allocator_interface.h>

int filter_main(int argc, char **argv);
int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Of the linker: the static variables of the filter (see sections.h). */
extern char __start_sp_bss[], __stop_sp_bss[], __start_sp_data[], __stop_sp_data[];

enum { RESULTS = 8, BUFFER = 128, ARGUMENTS = 30, ALLOCATIONS = 1 << 20, SLOTS = 2 * ALLOCATIONS };

/* Of this thread only: libFuzzer has one more, whose memory is its own. */
static _Thread_local bool active;

static struct {
	jmp_buf leave;
	int status;
	char *data_at_start;
	FILE *null; /* stands for stderr while the filter runs */
	struct buffer {
		char *p;
		size_t n, cap;
	} err[RESULTS], out[RESULTS], argument[RESULTS];
	unsigned turn;
	int out_fd, first_free_fd;
	char folder[64];
} run;

/* ---- memory: what the run leaves behind is freed ---- */

static struct {
	void *block[ALLOCATIONS];
	size_t slot_of[ALLOCATIONS];
	size_t n;
	uint32_t index[SLOTS]; /* into block, from 1 */
} memory;

static size_t slot_of(const volatile void *p)
{
	size_t slot = (size_t)(((uintptr_t)p >> 4) * UINT64_C(0x9e3779b97f4a7c15) >> 32) % SLOTS;
	while (memory.index[slot] && memory.block[memory.index[slot] - 1] != p)
		slot = (slot + 1) % SLOTS;
	return slot;
}

static void on_malloc(const volatile void *p, size_t n)
{
	(void)n;
	if (!active || !p || memory.n == ALLOCATIONS)
		return;
	size_t slot = slot_of(p);
	memory.block[memory.n] = (void *)(uintptr_t)p;
	memory.slot_of[memory.n] = slot;
	memory.index[slot] = (uint32_t)++memory.n;
}

/* The slot stays taken until the run ends, as long as no other block comes to stand there. */
static void on_free(const volatile void *p)
{
	if (!active || !p)
		return;
	size_t slot = slot_of(p);
	if (memory.index[slot])
		memory.block[memory.index[slot] - 1] = (void *)-1;
}

static void free_all(void)
{
	for (size_t i = 0; i < memory.n; i++) {
		memory.index[memory.slot_of[i]] = 0;
		if (memory.block[i] != (void *)-1)
			free(memory.block[i]);
	}
	memory.n = 0;
}

/* ---- what the filter calls, in another form ---- */

_Noreturn void __real_exit(int status);
_Noreturn void __wrap_exit(int status);
_Noreturn void __wrap_exit(int status)
{
	if (!active)
		__real_exit(status);
	run.status = status;
	longjmp(run.leave, 1);
}

int __wrap_atexit(void (*f)(void));
int __wrap_atexit(void (*f)(void))
{
	(void)f;
	return 0;
}

struct input *__wrap_input_open(char *const *paths);
struct input *__wrap_input_open(char *const *paths)
{
	return input_open_sized(paths, BUFFER);
}

/* ---- buffers ---- */

static void add(struct buffer *b, const char *p, size_t n)
{
	if (b->n + n + 1 > b->cap) {
		bool was_active = active;
		active = false; /* this block outlives the run */
		b->cap = 2 * (b->n + n + 1);
		b->p = realloc(b->p, b->cap);
		active = was_active;
	}
	memcpy(b->p + b->n, p, n);
	b->n += n;
	b->p[b->n] = '\0';
}

static ssize_t take_stderr(void *cookie, const char *p, size_t n)
{
	(void)cookie;
	add(&run.err[run.turn], p, n);
	return (ssize_t)n;
}

static void take_stdout(struct buffer *b)
{
	char chunk[65536];
	b->n = 0;
	add(b, "", 0);
	for (ssize_t got; (got = pread(run.out_fd, chunk, sizeof chunk, (off_t)b->n)) > 0;)
		add(b, chunk, (size_t)got);
}

const char *fuzz_file(const char *name, struct str text)
{
	static char path[RESULTS][128];
	static unsigned turn;
	char *p = path[turn++ % RESULTS];
	snprintf(p, sizeof *path, "%s/%s", run.folder, name);
	int fd = open(p, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, text.p, text.n) != (ssize_t)text.n || close(fd) < 0) {
		perror(p);
		__real_exit(2);
	}
	return p;
}

const char *fuzz_argument(struct str s)
{
	static unsigned turn;
	struct buffer *b = &run.argument[turn++ % RESULTS];
	b->n = 0;
	add(b, s.p, s.n);
	return b->p;
}

void fuzz_split(struct str input, struct str *first, struct str *second)
{
	const char *line = str_find(input, STR("\n%%\n"));
	*first = line ? str_between(input.p, line + 1) : input;
	*second = line ? str_between(line + 4, input.p + input.n) : STR("");
}

/* ---- a run ---- */

/* Word by word, and without instrumentation: between the variables lie the sanitizer's red zones, which
 * make the size of such a section a multiple of 32. */
__attribute__((no_sanitize("address", "undefined", "coverage"))) static void
copy(char *to, const char *from, size_t n)
{
	volatile uint64_t *t = (void *)to;
	const volatile uint64_t *f = (const void *)from;
	for (size_t i = 0; i < n / sizeof *t; i++)
		t[i] = f ? f[i] : 0;
}

static void start_afresh(void)
{
	copy(__start_sp_bss, NULL, (size_t)(__stop_sp_bss - __start_sp_bss));
	copy(__start_sp_data, run.data_at_start, (size_t)(__stop_sp_data - __start_sp_data));
	diag_in_turn(NULL, NULL); /* of the thread, and left set when the filter ended inside a part */
	thread_never();           /* stacks of threads are kept for the next ones, and are not ours to free */
	run.turn = (run.turn + 1) % RESULTS;
	run.err[run.turn].n = 0;
	add(&run.err[run.turn], "", 0);
	run.status = 0;
	if (ftruncate(run.out_fd, 0) < 0 || lseek(run.out_fd, 0, SEEK_SET) < 0 ||
	    dup2(run.out_fd, STDOUT_FILENO) < 0)
		abort();
}

static void call(int argc, char **argv)
{
	FILE *standard_error = stderr;
	stderr = run.null;
	active = true;
	if (setjmp(run.leave) == 0)
		run.status = filter_main(argc, argv);
	active = false;
	stderr = standard_error;
	close_range((unsigned)run.first_free_fd, ~0u, 0);
	free_all();
}

/* What may stand in a table or a message: no control bytes but those that part lines and fields. */
static void check_printable(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		fuzz_check((c >= 0x20 && c != 0x7f) || c == '\n' || c == '\t');
	}
}

struct fuzz_result fuzz_run(const char *const *arguments)
{
	char name[] = "filter", *argv[ARGUMENTS + 2] = {name};
	int argc = 1;
	for (; arguments[argc - 1]; argc++) {
		fuzz_check(argc <= ARGUMENTS);
		argv[argc] = (char *)(uintptr_t)arguments[argc - 1];
	}
	start_afresh();
	call(argc, argv);
	struct buffer *out = &run.out[run.turn], *err = &run.err[run.turn];
	take_stdout(out);
	struct fuzz_result r = {run.status, {out->p, out->n}, {err->p, err->n}};
	if (getenv("SP_FUZZ_SHOW"))
		fprintf(stderr, "status %d\n---- out\n%s---- err\n%s----\n", r.status, out->p, err->p);
	fuzz_check(r.status >= 0 && r.status <= 2);
	fuzz_check(r.status < 2 || r.err.n > 0);
	check_printable(r.out);
	check_printable(r.err);
	return r;
}

void fuzz_check_that(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "does not hold: %s\n", what);
	abort();
}

static void show(const char *what, struct fuzz_result r)
{
	fprintf(stderr, "---- %s: status %d\n%s----\n%s", what, r.status, r.out.p, r.err.p);
}

void fuzz_check_same(struct fuzz_result a, struct fuzz_result b)
{
	if (a.status == b.status && str_eq(a.out, b.out) && str_eq(a.err, b.err))
		return;
	show("one", a);
	show("other", b);
	fuzz_check_that(false, "the same");
}

/* Counts that sp-parse puts between events have a header, and so have the events behind them. */
static bool is_later_head(struct str line)
{
	return str_starts(line, STR("syscall\tcalls\t")) || str_starts(line, STR("start_ns\t"));
}

void fuzz_check_table(struct str table)
{
	size_t columns = 0;
	struct str line, field;
	for (bool first = true; str_cut(&table, '\n', &line); first = false) {
		if (line.n == 0 && table.n == 0)
			return;
		bool head = first || is_later_head(line);
		size_t n = 0;
		while (str_cut(&line, '\t', &field)) {
			fuzz_check(!str_starts(field, STR("\"")));
			n++;
		}
		columns = head ? n : columns;
		fuzz_check(n == columns);
	}
}

/* ---- libFuzzer ---- */

/* A run that ends in exit() frees nothing, as any program does. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "detect_leaks=0";
}

static void remove_folder(void)
{
	char command[128];
	snprintf(command, sizeof command, "rm -rf '%s'", run.folder);
	(void)!system(command);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	size_t n = (size_t)(__stop_sp_data - __start_sp_data);
	run.data_at_start = malloc(n);
	copy(run.data_at_start, __start_sp_data, n);
	setenv("TZ", "UTC", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
	tzset(); /* libc keeps this memory, so it must not be part of a run */
	run.null = fopencookie(NULL, "w", (cookie_io_functions_t){.write = take_stderr});
	setvbuf(run.null, NULL, _IONBF, 0);
	snprintf(run.folder, sizeof run.folder, "/dev/shm/sp-fuzz-%d", getpid());
	run.out_fd = memfd_create("stdout", MFD_CLOEXEC);
	if (!run.null || run.out_fd < 0 || mkdir(run.folder, 0700) < 0) {
		perror(run.folder);
		__real_exit(2);
	}
	atexit(remove_folder);
	run.first_free_fd = dup(run.out_fd);
	close(run.first_free_fd);
	__sanitizer_install_malloc_and_free_hooks(on_malloc, on_free);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_input((struct str){size ? (const char *)data : "", size});
	return 0;
}
