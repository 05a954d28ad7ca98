# onset: build, demo, tests. `make help` lists the targets.
#
# Our own flags stand apart from CFLAGS, which stays the user's. build/<mode>/ keeps release, checked and sanitizer objects apart.

VERSION  := 0.1.0
CC       ?= cc
CFLAGS   ?= -O2 -g
PREFIX   ?= /usr/local
MODE     ?= release
B        := build/$(MODE)
JOBS     := $(shell nproc 2>/dev/null || echo 2)

WARN     := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wconversion -Wno-sign-conversion
OUR      := -std=c11 -D_POSIX_C_SOURCE=200809L -Isrc -Iinclude -pthread $(WARN) -DONSET_VERSION='"$(VERSION)"'
# zstd is read where libzstd-dev is there; ONSET_NO_ZSTD=1 builds without it.
ZSTD     := $(if $(ONSET_NO_ZSTD),no,$(shell printf '\043include <zstd.h>\n' | $(CC) -E - >/dev/null 2>&1 && echo yes || echo no))
# gzip is read by ISA-L where libisal-dev is there, else by zlib; ONSET_NO_ISAL=1 builds without it.
ISAL     := $(if $(ONSET_NO_ISAL),no,$(shell printf '\043include <isa-l.h>\n' | $(CC) -E - >/dev/null 2>&1 && echo yes || echo no))
LIBS     := -lpcre2-8 -ljansson -lz $(if $(filter yes,$(ZSTD)),-lzstd) $(if $(filter yes,$(ISAL)),-lisal) -pthread
MODE_release :=
MODE_checked := -Werror
MODE_asan    := -Werror -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
ALL_CFLAGS    = $(CFLAGS) $(OUR) $(MODE_$(MODE))

SRC      := $(sort $(wildcard src/*/*.c))
LIB_SRC  := $(filter-out src/cmd/main.c,$(SRC))
LIB_OBJ  := $(LIB_SRC:src/%.c=$(B)/%.o) $(B)/builtin.o $(B)/vocabulary.o
# Sources that make sentences: their words are nobody's name (redact/vocabulary.h).
TELLING  := $(wildcard src/fold/*.c src/incident/*.c src/cause/*.c src/story/*.c src/tell/digest.c)
PATTERNS := $(sort $(wildcard patterns/formats/*.pattern patterns/signals/*.signal))
UNITS    := $(patsubst tests/unit/%.c,$(B)/unit/%,$(sort $(wildcard tests/unit/test_*.c)))
FUZZERS  := $(patsubst tests/fuzz/%.c,$(B)/fuzz/%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))

.PHONY: all help demo check conformance accuracy units fuzzers deps deps-check samples bench clean install libs
.DELETE_ON_ERROR:

all: $(B)/onset ## build build/release/onset

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r t d; do printf '  make %-12s %s\n' "$$t" "$$d"; done

demo: deps ## install what is missing, build, draft the sample outage, print its digest
	@echo "building $(B)/onset"
	@$(MAKE) -s --no-print-directory $(if $(filter -j%,$(MAKEFLAGS)),,-j$(JOBS)) all
	@tests/demo.sh $(B)/onset

check: deps-check ## install what is missing, build, run every test; last line: N passed, N failed
	@tests/check.sh

units: $(UNITS) $(B)/onset ## build the unit tests (MODE=asan for sanitizers)
fuzzers: $(FUZZERS)

samples: ## install what is missing, run the lab again and replace samples/*/logs (real servers; ten minutes)
	@tests/deps.sh build lab
	tests/lab/make-samples.sh

conformance: all ## third parties' lines beside what they expect (DIR=folder; VERBOSE=1: each failure)
	@/usr/bin/python3 -B tests/conformance $(B)/onset $(if $(DIR),--dir $(DIR))

accuracy: all ## generated outages beside their truth: a table of measures with goals (SEEDS=200; VERBOSE=1: each miss)
	@/usr/bin/python3 -B tests/outages/families.py $(B)/onset --series 40
	@/usr/bin/python3 -B tests/outages/score.py $(B)/onset --seeds $(or $(SEEDS),200) $(if $(VERBOSE),-v)

bench: all ## speed and memory beside gzip -dc
	tests/bench/run

deps:
	@tests/deps.sh build wish zstd isal
deps-check:
	@tests/deps.sh build test wish zstd isal lab oracles pages

libs: ## print what a program that uses the library is linked with
	@echo $(LIBS)

install: all ## install program, library, header and schema to $(DESTDIR)$(PREFIX)
	install -D -m 755 $(B)/onset $(DESTDIR)$(PREFIX)/bin/onset
	install -D -m 644 $(B)/libonset.a $(DESTDIR)$(PREFIX)/lib/libonset.a
	install -D -m 644 include/onset/onset.h $(DESTDIR)$(PREFIX)/include/onset/onset.h
	install -D -m 644 include/onset/timeline.schema.json $(DESTDIR)$(PREFIX)/share/onset/timeline.schema.json

clean: ## remove build/
	rm -rf build

$(B)/onset: $(B)/cmd/main.o $(B)/libonset.a
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(B)/libonset.a: $(LIB_OBJ)
	@rm -f $@
	$(AR) rcs $@ $^

$(B)/%.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# Built again when libzstd-dev or libisal-dev came or went.
$(B)/read/zstdframe.o: OUR += $(if $(filter yes,$(ZSTD)),-DONSET_ZSTD)
$(B)/read/zstdframe.o: $(B)/zstd-$(ZSTD)
$(B)/zstd-%:
	@mkdir -p $(@D) && rm -f $(B)/zstd-* && touch $@
$(B)/read/igzip.o: OUR += $(if $(filter yes,$(ISAL)),-DONSET_ISAL)
$(B)/read/igzip.o: $(B)/isal-$(ISAL)
$(B)/isal-%:
	@mkdir -p $(@D) && rm -f $(B)/isal-* && touch $@

# The built-in patterns are data inside the binary: one array a file (parse/pattern.h, pattern_builtins).
$(B)/builtin.c: $(PATTERNS) src/parse/embed.sh
	@mkdir -p $(@D)
	src/parse/embed.sh $(PATTERNS) > $@
$(B)/builtin.o: $(B)/builtin.c
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(B)/vocabulary.c: $(TELLING) src/redact/vocabulary.sh
	@mkdir -p $(@D)
	src/redact/vocabulary.sh $(TELLING) > $@
$(B)/vocabulary.o: $(B)/vocabulary.c
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(B)/unit/%: tests/unit/%.c $(wildcard tests/unit/*.h) $(B)/libonset.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -Itests/unit -o $@ $< $(B)/libonset.a $(LIBS)

$(B)/fuzz/%: tests/fuzz/%.c tests/fuzz/replay.c $(wildcard tests/fuzz/*.h) $(B)/libonset.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -Itests/fuzz -o $@ $< tests/fuzz/replay.c $(B)/libonset.a $(LIBS)

-include $(LIB_OBJ:.o=.d) $(B)/cmd/main.d
