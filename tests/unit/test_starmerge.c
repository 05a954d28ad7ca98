#include "incident/starmerge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "random.h"
#include "tally/message.h"
#include "unit.h"

enum { MOST = 64 };

struct merge_case {
	const char *name;
	const char *in[MOST], *out[MOST]; /* out[i]: the template of in[i]; NULL: as it is */
};

/* Written after the paper's description (star merge, four words, three rounds), by hand. */
static const struct merge_case cases[] = {
	{"four users are one template",
	 {"session opened for user root by (uid=<*>)", "session opened for user alice by (uid=<*>)",
	  "session opened for user bob by (uid=<*>)", "session opened for user carol by (uid=<*>)"},
	 {"session opened for user <*> by (uid=<*>)", "session opened for user <*> by (uid=<*>)",
	  "session opened for user <*> by (uid=<*>)", "session opened for user <*> by (uid=<*>)"}},
	{"three are not: words of two or three values are states",
	 {"Link is up on port <*>", "Link is down on port <*>", "Link is dormant on port <*>"},
	 {NULL}},
	{"the first word never varies",
	 {"alpha failed to start", "beta failed to start", "gamma failed to start", "delta failed to start"},
	 {NULL}},
	{"what stands between the words is part of the template",
	 {"user=root denied", "user=alice denied", "user=bob denied", "user:carol denied"},
	 {NULL}},
	{"two places in two rounds: each of the four hosts was seen with one user only after the users are merged",
	 {"login a from h", "login b from h", "login c from h", "login d from h",
	  "login a from i", "login b from i", "login c from i", "login d from i",
	  "login a from j", "login b from j", "login c from j", "login d from j",
	  "login e from k", "login f from k", "login g from k", "login l from k"},
	 {"login <*> from <*>", "login <*> from <*>", "login <*> from <*>", "login <*> from <*>",
	  "login <*> from <*>", "login <*> from <*>", "login <*> from <*>", "login <*> from <*>",
	  "login <*> from <*>", "login <*> from <*>", "login <*> from <*>", "login <*> from <*>",
	  "login <*> from <*>", "login <*> from <*>", "login <*> from <*>", "login <*> from <*>"}},
	{"another length is another template",
	 {"cache miss for a", "cache miss for b", "cache miss for c", "cache miss for d", "cache miss for d now"},
	 {"cache miss for <*>", "cache miss for <*>", "cache miss for <*>", "cache miss for <*>", NULL}},
	{"a word that is masked, or has no letter, is no word",
	 {"wrote <*> in -- s", "wrote <*> in ++ s", "wrote <*> in // s", "wrote <*> in ** s"},
	 {NULL}},
	{"letters outside of ASCII are letters",
	 {"Benutzer \xc3\xa4 fehlt", "Benutzer \xc3\xb6 fehlt", "Benutzer \xc3\xbc fehlt", "Benutzer \xc3\x9f fehlt"},
	 {"Benutzer <*> fehlt", "Benutzer <*> fehlt", "Benutzer <*> fehlt", "Benutzer <*> fehlt"}},
	{"nothing, blanks and separators only", {"", " ", "::"}, {NULL}},
};

static size_t load(const char *const in[MOST], struct span spans[MOST])
{
	size_t n = 0;
	for (; n < MOST && in[n]; n++)
		spans[n] = span_of(in[n]);
	return n;
}

static void by_hand(void)
{
	for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
		struct span spans[MOST];
		struct starmerge m;
		size_t n = load(cases[c].in, spans);
		starmerge_find(spans, n, &m);
		for (size_t i = 0; i < n; i++) {
			char *got = span_copy(m.templates[i]);
			TEXT_IS(got, cases[c].out[i] ? cases[c].out[i] : cases[c].in[i], cases[c].name);
			memory_free(got);
		}
		starmerge_release(&m);
	}
}

/* The same set in another order gives each signature the same template. */
static void any_order(void)
{
	const struct merge_case *c = &cases[4];
	struct span spans[MOST], shuffled[MOST];
	size_t n = load(c->in, spans), from[MOST];
	bool same = true;
	for (int round = 0; round < 50; round++) {
		struct starmerge m;
		for (size_t i = 0; i < n; i++)
			from[i] = i;
		for (size_t i = n; i > 1; i--) {
			size_t k = (size_t)(random_next() % i), held = from[i - 1];
			from[i - 1] = from[k];
			from[k] = held;
		}
		for (size_t i = 0; i < n; i++)
			shuffled[i] = spans[from[i]];
		starmerge_find(shuffled, n, &m);
		for (size_t i = 0; i < n; i++)
			same &= span_equal(m.templates[i], span_of(c->out[from[i]]));
		starmerge_release(&m);
	}
	FACT(same, "no order of the signatures changes a template");
}

static void limits(void)
{
	struct text lines[STARMERGE_WORDS] = {{0}};
	struct span spans[STARMERGE_WORDS];
	struct starmerge m;
	for (size_t i = 0; i < STARMERGE_WORDS; i++) {
		for (size_t k = 0; k < STARMERGE_POSITIONS; k++)
			text_append_string(&lines[i], "w ");
		text_format(&lines[i], "%c", (char)('a' + (int)i));
		spans[i] = text_span(&lines[i]);
	}
	starmerge_find(spans, STARMERGE_WORDS, &m);
	FACT(span_equal(m.templates[0], spans[0]), "a word behind the last position stays");
	starmerge_release(&m);
	for (size_t i = 0; i < STARMERGE_WORDS; i++)
		text_release(&lines[i]);
	starmerge_find(NULL, 0, &m);
	FACT(m.n == 0, "no signatures, no templates");
	starmerge_release(&m);
}

/* For tests/bench/templates.py: messages on standard input, one a line; on standard output the template of each, found in all of them. */
static int serve(void)
{
	struct span *all = NULL;
	size_t n = 0, cap = 0, size = 0;
	char *line = NULL, out[MESSAGE_SIGNATURE_BYTES];
	struct marks *marks = memory_new(1, sizeof *marks);
	for (ssize_t len; (len = getline(&line, &size, stdin)) >= 0; n++) {
		struct span message = {line, (size_t)len - (len && line[len - 1] == '\n')};
		marks_init(marks, message);
		all = memory_grow(all, &cap, n + 1, sizeof *all);
		size_t signature_len = message_signature(marks, message, out, NULL);
		all[n] = (struct span){span_copy((struct span){out, signature_len}), signature_len};
	}
	struct starmerge m;
	starmerge_find(all, n, &m);
	for (size_t i = 0; i < n; i++)
		printf("%.*s\n", (int)m.templates[i].len, m.templates[i].at);
	starmerge_release(&m);
	for (size_t i = 0; i < n; i++)
		memory_free((char *)(uintptr_t)all[i].at);
	memory_free(all);
	memory_free(marks);
	free(line);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "--templates"))
		return serve();
	by_hand();
	any_order();
	limits();
	return unit_done();
}
