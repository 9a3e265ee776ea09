# make, make check, make bench, make demo, make install DESTDIR= PREFIX=, make uninstall, make clean. SAN=1 builds with
# sanitizers, WERROR=1 makes warnings errors. Adding a filter is adding its file to filters/.
# TINY=1 builds with such small blocks of input that every trace has many, read by threads. TESTS are those
# to check, all without it.
# make bless CASE=GROUP/NAME records what a test case prints as its expectation.
PREFIX  = /usr/local
CC      = gcc
BUILD   = build$(if $(SAN),-san)$(if $(TINY),-tiny)$(if $(findstring clang,$(CC)),-clang)
VERSION = 0.1

CFLAGS     = -O3 -g
SAN_FLAGS  = -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
ALL_CFLAGS = -std=gnu17 -Wall -Wextra -Wshadow -Wconversion $(if $(WERROR),-Werror) $(if $(SAN),$(SAN_FLAGS)) $(if $(TINY),-DTINY) \
	-ffile-prefix-map='$(CURDIR)'=. \
	-D_GNU_SOURCE -DSP_VERSION='"$(VERSION)"' -Icommon -MMD -MP $(CFLAGS)
# Each shared library takes a tenth of the time that a filter needs to start, and a report is made by thirty of them. Those
# that Debian has nobody embed stay shared; the shared libarchive would bring libxml2 and ICU, 3 MB of every filter.
LIBS = -Wl,-Bstatic -larchive -llzma -lzstd -llz4 -lpcre2-8 -ljansson -lseccomp -Wl,-Bdynamic -lz -lbz2 -lyaml -lm -pthread

# A filter is filters/sp-NAME.c, or a folder filters/sp-NAME/ of several files.
FILTERS  = $(sort $(basename $(notdir $(wildcard filters/sp-*.c))) \
	$(notdir $(patsubst %/main.c,%,$(wildcard filters/sp-*/main.c))))
PROGRAMS = $(FILTERS:%=$(BUILD)/%)
COMMON   = $(patsubst %.c,$(BUILD)/%.o,$(wildcard common/*.c))
UNITS    = $(patsubst tests/unit/%.c,$(BUILD)/unit/%.t,$(wildcard tests/unit/*.c))
SCRIPTS  = $(filter-out %.1,$(wildcard scripts/sp-*))
MANUALS  = $(wildcard filters/*.1 filters/*/*.[15] scripts/*.1)
RULES    = $(wildcard rules/*)
objects  = $(patsubst %.c,$(BUILD)/%.o,$(wildcard filters/$(1).c filters/$(1)/*.c))

all: $(PROGRAMS)

.SECONDEXPANSION:
$(PROGRAMS): $(BUILD)/%: $$(call objects,$$*) $(BUILD)/libsp.a
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/libsp.a: $(COMMON)
	rm -f $@ && ar rcs $@ $^

$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

# Sources that are taken where scan_has_avx2().
$(BUILD)/%_avx2.o: ALL_CFLAGS += -mavx2 -mbmi -mbmi2

# What sp-report embeds: its style and script, with the library of charts where scripts/setup could
# install it, and their hashes for the page's security policy. A script may not end its element.
REPORT = filters/sp-report
UPLOT  = $(wildcard $(REPORT)/node_modules/uplot/dist/uPlot.iife.min.js)
PAGE   = $(BUILD)/$(REPORT)/page
# npm dates its files back, so that make does not see a library that came later: its name is kept.
$(PAGE).uplot: FORCE
	@mkdir -p $(@D)
	@echo '$(UPLOT)' | cmp -s - $@ || echo '$(UPLOT)' >$@
$(PAGE).css $(PAGE).js: $(PAGE).uplot
$(PAGE).css: $(if $(UPLOT),$(UPLOT:.iife.min.js=.min.css)) $(REPORT)/page.css Makefile
$(PAGE).js: $(UPLOT) $(wildcard $(REPORT)/*.js) Makefile
	@mkdir -p $(@D)
	{ $(if $(UPLOT),echo '/*' && cat $(REPORT)/node_modules/uplot/LICENSE && echo '*/' && cat $(UPLOT) &&) \
		cat $(sort $(wildcard $(REPORT)/*.js)); } >$@.new
	! grep -il '</script\|<!--' $@.new
	mv $@.new $@
$(PAGE).css:
	@mkdir -p $(@D)
	cat $(filter %.css,$^) >$@
$(PAGE).%.sha256: $(PAGE).%
	sha256sum $< | cut -c 1-64 | tr a-f A-F | basenc -d --base16 | base64 | tr -d '\n' >$@
$(BUILD)/$(REPORT)/embed.o: ALL_CFLAGS += -DEMBEDDED='"$(BUILD)/$(REPORT)"'
$(BUILD)/$(REPORT)/embed.o: $(foreach kind,css js,$(PAGE).$(kind) $(PAGE).$(kind).sha256)

$(UNITS): $(BUILD)/unit/%.t: $(BUILD)/tests/unit/%.o $(BUILD)/libsp.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ -lcheck -lsubunit -lrt -lpthread $(LIBS)

units: $(UNITS)

# A test that hangs is a failure, not an hour of nothing.
TESTS = tests $(BUILD)/unit
check: all units
	BUILD=$(BUILD) timeout --foreground 1800 prove -j$(shell nproc) $(TESTS)

# Every tracer of this machine, which takes rights and some quiet.
check-live: all
	BUILD=$(BUILD) timeout -k 10 600 prove tests/live

# Reports in Chromium; scripts/setup --browser installs it.
check-browser: all
	BUILD=$(BUILD) SP_NEEDS_BROWSER=1 timeout --foreground 1800 prove tests/browser

bless: all
	BUILD=$(BUILD) tests/cases.t --bless '$(CASE)'

# Coverage-guided: a harness FILTER.WHAT.c has all of that filter in it; scripts/fuzz says more. An empty
# slice may be NULL + 0, which C2y allows (N3322) and clang 14 reports as pointer-overflow.
HARNESSES = $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(wildcard tests/fuzz/sp-*.c))
FUZZ_FLAGS = -O1 -g -fsanitize=fuzzer-no-link -fno-sanitize=pointer-overflow -include tests/fuzz/sections.h -Dmain=filter_main
FUZZ_LINK = -fsanitize=fuzzer -Wl,--wrap=exit,--wrap=atexit,--wrap=input_open

$(HARNESSES): $(BUILD)/fuzz/%: $$(call objects,$$(basename $$*)) $(BUILD)/libsp.a tests/fuzz/driver.c \
		tests/fuzz/%.c $(wildcard tests/fuzz/*.h)
	@mkdir -p $(@D)
	$(CC) $(filter-out -include tests/fuzz/sections.h,$(ALL_CFLAGS)) $(FUZZ_LINK) -o $@ \
		$(filter %.c %.o %.a,$^) $(LIBS)

harnesses: $(HARNESSES)

fuzz: all
	$(MAKE) CC=clang SAN=1 BUILD=build-fuzz CFLAGS='$(FUZZ_FLAGS)' harnesses
	FUZZ='$(FUZZ)' FUZZ_TIME='$(FUZZ_TIME)' FUZZ_JOBS='$(FUZZ_JOBS)' FUZZ_SEED='$(FUZZ_SEED)' scripts/fuzz

bench: all
	BUILD=$(BUILD) scripts/bench

demo: all
	BUILD=$(BUILD) scripts/demo

# Quoted, because folders may have blanks.
TO          = '$(DESTDIR)$(PREFIX)'
COMPLETIONS = $(TO)/share/bash-completion/completions
TRACERS     = $(wildcard scripts/*.bt)
INSTALLED   = $(notdir $(PROGRAMS) $(SCRIPTS))
install: all
	install -d $(TO)/bin $(TO)/share/man/man1 $(TO)/share/man/man5 $(TO)/share/sp/rules
	install $(PROGRAMS) $(SCRIPTS) $(TO)/bin
	install -m 644 $(filter %.1,$(MANUALS)) $(TO)/share/man/man1
	install -m 644 $(filter %.5,$(MANUALS)) $(TO)/share/man/man5
	install -m 644 $(RULES) $(TO)/share/sp/rules
	install $(TRACERS) $(TO)/share/sp
	install -D -m 644 scripts/completion.bash $(COMPLETIONS)/sp-parse
	for name in $(filter-out sp-parse,$(INSTALLED)); do ln -sf sp-parse $(COMPLETIONS)/$$name; done

# What install of the same version has put there, and the folders that nobody else has.
uninstall:
	rm -f $(addprefix $(TO)/bin/,$(INSTALLED)) $(addprefix $(TO)/share/man/man1/,$(notdir $(filter %.1,$(MANUALS)))) \
		$(addprefix $(TO)/share/man/man5/,$(notdir $(filter %.5,$(MANUALS)))) \
		$(addprefix $(COMPLETIONS)/,$(INSTALLED)) $(addprefix $(TO)/share/sp/rules/,$(notdir $(RULES))) \
		$(addprefix $(TO)/share/sp/,$(notdir $(TRACERS)))
	! [ -d $(TO)/share/sp ] || rmdir --ignore-fail-on-non-empty $(TO)/share/sp/rules $(TO)/share/sp

deb:
	scripts/deb

lint:
	scripts/lint

clean:
	rm -rf build build-*

.PHONY: FORCE all check check-browser check-live bless bench demo harnesses fuzz deb lint install uninstall clean units
.SECONDARY:
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
