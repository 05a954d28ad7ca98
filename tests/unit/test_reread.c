#include "verify/reread.h"

#include "base/limits.h"
#include "base/memory.h"
#include "feed.h"
#include "unit.h"

/* The outcome for one claim of "line at offset, so long, with that excerpt" (NULL: null) in a file, or in its stretch behind `start`. */
static struct reread_outcome outcome_of(struct span file, uint64_t start, uint64_t bytes, struct claim_line claim, const char *excerpt)
{
	struct feed f;
	struct excerpt e = {0};
	struct reread_outcome out = {0};
	struct json_t *holder = value_new();
	value_put_string(holder, "excerpt", excerpt);
	claim.excerpt = value_get(holder, "excerpt");
	feed_open(&f, file.at, file.len, 0);
	reread_lines(&f.in, start, bytes, &claim, 1, &e, &out);
	feed_close(&f);
	excerpt_release(&e);
	value_free(holder);
	return out;
}

static enum reread_word word_of(const char *file, uint64_t line, uint64_t offset, uint64_t length, const char *excerpt)
{
	struct claim_line claim = {.line = line, .offset = offset, .length = length, .has_length = true};
	return outcome_of(span_of(file), 0, strlen(file), claim, excerpt).word;
}

static void test_words(void)
{
	static const char file[] = "one\ntwo two\r\nthree\n\nfive";
	static const struct {
		const char *name;
		uint64_t line, offset, length;
		const char *excerpt;
		enum reread_word word;
	} rows[] = {
		{"the first line", 1, 0, 3, "one", REREAD_HOLDS},
		{"a line that ends in CR LF", 2, 4, 7, "two two", REREAD_HOLDS},
		{"a line without an excerpt", 3, 13, 5, NULL, REREAD_HOLDS},
		{"an empty line", 4, 19, 0, "", REREAD_HOLDS},
		{"a last line that does not end", 5, 20, 4, "five", REREAD_HOLDS},
		{"a record of two lines, joined by a blank", 1, 0, 11, "one two two", REREAD_HOLDS},
		{"another excerpt", 1, 0, 3, "ono", REREAD_EXCERPT},
		{"an excerpt of less", 2, 4, 7, "two", REREAD_EXCERPT},
		{"another number", 3, 4, 7, "two two", REREAD_LINE},
		{"no line begins there", 2, 5, 6, "wo two", REREAD_AMID},
		{"no line ends there", 2, 4, 6, "two tw", REREAD_LENGTH},
		{"the CR is no part of the line", 2, 4, 8, "two two", REREAD_LENGTH},
		{"behind the end", 6, 24, 1, "x", REREAD_BEYOND},
		{"longer than the file", 5, 20, 5, "five", REREAD_BEYOND},
		{"far behind the end", 1, UINT64_MAX, 1, "x", REREAD_BEYOND},
		{"so long that a sum would overflow", 1, 0, UINT64_MAX, "x", REREAD_BEYOND},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		FACT(word_of(file, rows[i].line, rows[i].offset, rows[i].length, rows[i].excerpt) == rows[i].word, rows[i].name);
	struct claim_line claim = {.line = 7, .offset = 4, .length = 7, .has_length = true};
	FACT(outcome_of(span_of(file), 0, sizeof file - 1, claim, "two two").line == 2, "which line begins there is said");
	claim = (struct claim_line){.line = 2, .offset = 4, .length = 6, .has_length = true};
	FACT(outcome_of(span_of(file), 0, sizeof file - 1, claim, NULL).length == 7, "how long the line is is said");
	claim = (struct claim_line){.line = 1, .offset = 0, .length = 7, .has_length = true};
	FACT(outcome_of(span_of(file), 4, 7, claim, "two two").word == REREAD_HOLDS, "in a stretch of a file lines count from its beginning");
	claim.offset = 9;
	FACT(outcome_of(span_of(file), 4, 7, claim, "x").word == REREAD_BEYOND, "what lies behind the stretch is not there");
	claim = (struct claim_line){.line = 2, .offset = 4};
	FACT(outcome_of(span_of(file), 0, sizeof file - 1, claim, "two two").word == REREAD_HOLDS, "of a sample without a length the line is it");
	claim = (struct claim_line){.line = 1, .offset = 2, .length = 3, .has_length = true, .is_event = true};
	FACT(outcome_of(span_of(file), 0, sizeof file - 1, claim, "e t").word == REREAD_HOLDS, "an event may be part of a line");
}

/* Many claims over a file that is far larger than the window, gzip's memory and all. */
static void test_large(void)
{
	struct text file = {0};
	enum { LINES = 60000 };
	struct claim_line *claims = memory_new(LINES, sizeof *claims);
	struct reread_outcome *outcomes = memory_new(LINES, sizeof *outcomes);
	struct json_t *null = value_new();
	struct excerpt e = {0};
	struct feed f;
	value_put_null(null, "excerpt");
	for (size_t i = 0; i < LINES; i++) {
		uint64_t offset = file.len;
		text_format(&file, "%zu %.*s\n", i, (int)(i % 97), "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
		claims[i] = (struct claim_line){.line = i + 1, .offset = offset, .length = file.len - 1 - offset, .has_length = true, .excerpt = value_get(null, "excerpt")};
	}
	/* One record of more than a line's limit, and claims that lie in one another. */
	claims[7].length = claims[30000].offset - claims[7].offset - 1;
	feed_open(&f, file.at, file.len, 0);
	reread_lines(&f.in, 0, file.len, claims, LINES, &e, outcomes);
	feed_close(&f);
	size_t holds = 0;
	for (size_t i = 0; i < LINES; i++)
		holds += outcomes[i].word == REREAD_HOLDS;
	FACT(holds == LINES, "each line of a long file is found, and a record longer than the window does not lose the next");
	excerpt_release(&e);
	value_free(null);
	memory_free(claims);
	memory_free(outcomes);
	text_release(&file);
}

int main(void)
{
	test_words();
	test_large();
	return unit_done();
}
