/* The oracle is PCRE2: of every regex that is translated, and of every subject, both must say the same. */
#include "line/translate.h"

#include "builtin.h"
#include "patterns.h"
#include "random.h"
#include "sameanswer.h"
#include "unit.h"

static unsigned compared, matched, searches;

static size_t below(size_t n)
{
	return (size_t)(random_next() % n);
}

static bool agrees(struct two_matchers *two, struct span source, struct span subject)
{
	struct span exact = patterns_exact(subject);
	bool same = same_answer(two, exact);
	uint64_t took;
	regex_ends(two->a, &took);
	compared++;
	matched += took & 1;
	if (!same)
		printf("  differs: regex %.*s\n  subject %.*s\n", (int)source.len, source.at, (int)subject.len, subject.at);
	memory_free((void *)(uintptr_t)exact.at);
	return same;
}

/* Some bytes deleted, doubled, swapped, written over, or all behind one cut off. */
static void mutate(struct text *t, struct span sample, struct span alphabet)
{
	text_clear(t);
	text_append(t, sample);
	for (unsigned n = 1 + (unsigned)below(3); n && t->len; n--) {
		size_t at = below(t->len), len = 1 + below(t->len - at < 4 ? t->len - at : 4);
		char byte = alphabet.at[below(alphabet.len)];
		switch (below(6)) {
		case 0:
			memmove(t->at + at, t->at + at + len, t->len - at - len);
			t->len -= len;
			break;
		case 1:
			for (size_t i = 0; i < len; i++)
				text_append_byte(t, ' ');
			memmove(t->at + at + len, t->at + at, t->len - at - len);
			break;
		case 2:
			t->at[at] = byte;
			break;
		case 3:
			text_append_byte(t, byte);
			memmove(t->at + at + 1, t->at + at, t->len - at - 1);
			t->at[at] = byte;
			break;
		case 4:
			byte = t->at[at];
			t->at[at] = t->at[t->len - 1 - at];
			t->at[t->len - 1 - at] = byte;
			break;
		default:
			t->len = at;
		}
	}
}

static struct span of_alphabet(struct text *t, struct span alphabet, size_t len)
{
	text_clear(t);
	while (t->len < len)
		text_append_byte(t, alphabet.at[below(alphabet.len)]);
	return text_span(t);
}

enum { MUTATIONS = 150 };

/* A format's regex on its own samples, on those of all others, and on what is nearly a sample. */
static void test_format(const struct format_set *set, const struct format *f, struct span source)
{
	struct two_matchers two;
	struct text line = {0};
	FACT(two_matchers_init(&two, source), f->name);
	bool same = same_names(&two);
	unsigned before = matched;
	for (size_t i = 0; i < set->n; i++) {
		const struct pattern_file *file = &set->formats[i]->file;
		for (size_t k = 0; k < file->n; k++) {
			struct span sample = file->entries[k].value;
			bool own = set->formats[i] == f;
			if (!span_equal(file->entries[k].key, SPAN("sample")) && !span_equal(file->entries[k].key, SPAN("reject")))
				continue;
			same &= agrees(&two, source, sample);
			for (unsigned n = 0; n < (own ? MUTATIONS : 5); n++) {
				mutate(&line, sample, n & 1 ? source : sample);
				same &= agrees(&two, source, text_span(&line));
			}
		}
	}
	FACT(matched > before, "a format's regex matches some of its samples");
	for (unsigned n = 0; n < 300; n++)
		same &= agrees(&two, source, of_alphabet(&line, source, below(80)));
	FACT(same, "steps and PCRE2 agree on a format's regex");
	text_release(&line);
	two_matchers_release(&two);
}

/* A signal's regexes search in messages: each on all samples of its file and on what is nearly one. */
static void test_signal(const struct pattern_file *file, struct span source)
{
	struct two_matchers two;
	struct text line = {0};
	bool same = true;
	if (two_matchers_init(&two, source)) {
		searches++;
		for (size_t k = 0; k < file->n; k++) {
			struct span sample = file->entries[k].value;
			if (!span_equal(file->entries[k].key, SPAN("sample")) && !span_equal(file->entries[k].key, SPAN("near")))
				continue;
			same &= agrees(&two, source, sample);
			for (unsigned n = 0; n < 20; n++) {
				mutate(&line, sample, n & 1 ? source : sample);
				same &= agrees(&two, source, text_span(&line));
			}
		}
		FACT(same, "steps and PCRE2 agree on a signal's regex");
	}
	text_release(&line);
	two_matchers_release(&two);
}

static void test_signals(void)
{
	for (size_t i = 0; i < pattern_builtins_n; i++) {
		const struct pattern_builtin *b = &pattern_builtins[i];
		struct pattern_file file = {0};
		struct diag d = {0};
		if (!span_ends(span_of(b->path), SPAN(".signal")))
			continue;
		FACT(pattern_file_parse(&file, b->path, (struct span){b->bytes, b->len}, &d), b->path);
		for (size_t k = 0; k < file.n; k++)
			if (span_equal(file.entries[k].key, SPAN("regex")))
				test_signal(&file, file.entries[k].value);
		pattern_file_release(&file);
	}
	FACT(searches >= 90, "most signals' regexes are translated");
}

static void test_formats(void)
{
	struct patterns all = builtin_load();
	for (size_t i = 0; i < all.formats.n; i++) {
		const struct format *f = all.formats.formats[i];
		for (size_t k = 0; k < f->file.n && f->regex; k++)
			if (span_equal(f->file.entries[k].key, SPAN("regex")))
				test_format(&all.formats, f, f->file.entries[k].value);
	}
	builtin_release(&all);
}

/* A random regex over a few bytes: what people would not write, but could. */
static void append_regex(struct text *t, unsigned depth)
{
	static const char *const atoms[] = {"a",      "b",      "[ab]",  "[^a]", ".",       "\\d",    "\\w",        "x",         "1",        "[ ]",
					    "(?s:.)", "[a-c1]", "\\.",   "-",    "[^\\n]",  "\\S",    "ab",         "(?i:aB)",   "\\x62",    "[\\w.-]"};
	static const char *const quantifiers[] = {"*", "+", "?", "{2}", "{1,3}", "{0,2}", "{2,}", "*?", "+?", "??", "{1,3}?", "*+", "++", "?+", "{1,2}+"};
	static const char *const opens[] = {"(?:", "(?:", "(", "(?<n>", "(?=", "(?!", "(?>", "(?|"};
	static const char *const group_quantifiers[] = {"?", "*", "+", "?+", "*+", "++", "", "", "", ""};
	for (unsigned n = 1 + (unsigned)below(3); n; n--) {
		if (depth && below(3) == 0) {
			unsigned open = (unsigned)below(8);
			text_append_string(t, opens[open]);
			append_regex(t, depth - 1);
			while (below(2)) {
				text_append_byte(t, '|');
				if (below(6))
					append_regex(t, depth - 1);
			}
			text_append_byte(t, ')');
			if (open != 4 && open != 5)
				text_append_string(t, group_quantifiers[below(10)]);
			continue;
		}
		text_append_string(t, atoms[below(sizeof atoms / sizeof *atoms)]);
		if (below(2))
			text_append_string(t, quantifiers[below(sizeof quantifiers / sizeof *quantifiers)]);
		if (!below(12))
			text_append_string(t, below(4) ? "\\b" : "^");
	}
}

static void test_random(void)
{
	struct text source = {0}, line = {0};
	unsigned translated = 0;
	bool same = true;
	for (unsigned i = 0; i < 6000; i++) {
		text_clear(&source);
		if (below(2))
			text_append_byte(&source, '^');
		append_regex(&source, 3);
		if (!below(8)) {
			text_append_string(&source, below(2) ? "|" : "|^");
			append_regex(&source, 2);
		}
		if (!below(3))
			text_append_byte(&source, '$');
		struct two_matchers two;
		if (two_matchers_init(&two, text_span(&source))) {
			translated++;
			same &= same_names(&two);
			for (unsigned n = 0; n < 25; n++)
				same &= agrees(&two, text_span(&source), of_alphabet(&line, SPAN("aaabbbcx1 .-\nAB"), below(n < 20 ? 9 : 40)));
		}
		two_matchers_release(&two);
	}
	FACT(same, "steps and PCRE2 agree on random regexes");
	FACT(translated > 2000, "most of them are translated");
	FACT(matched > 10000 && matched < compared * 2 / 3, "and some subjects match, some do not");
	text_release(&source);
	text_release(&line);
}

static void test_refused(void)
{
	static const char *const sources[] = {"^(a)\\1", "^(?<=a)b", "^(a)*", "^(?:a?)*b", "^(?:ab){2}", "^(?i)a", "^[[:alpha:]]", "^a\\z", "^\\Ka", "^(?(1)a|b)", "^(*ACCEPT)a", "^[]a]",
					      "^(?R)", "^\\Q.\\E", "^(?:a|b)+?", "^\\p{L}", "^a(?#b)", "^(?<n>a)(?&n)", "^[\\w-a]", "^a\\N", "^\\cA", "^(", "^a)", "^[a", "^a{", "^\\"};
	for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
		struct steps *steps = translate(span_of(sources[i]));
		FACT(!steps, sources[i]);
		steps_free(steps);
	}
}

int main(void)
{
	test_refused();
	test_formats();
	test_signals();
	test_random();
	return unit_done();
}
