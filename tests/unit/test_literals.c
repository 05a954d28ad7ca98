#include "line/literals.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "unit.h"

enum { MAX_FOUND = 4096 };
struct seen {
	unsigned number[MAX_FOUND];
	size_t at[MAX_FOUND];
	size_t n;
};

static void note(void *context, unsigned number, size_t at)
{
	struct seen *seen = context;
	if (seen->n < MAX_FOUND) {
		seen->number[seen->n] = number;
		seen->at[seen->n] = at;
	}
	seen->n++;
}

static struct seen scan(const struct literals *set, struct span text)
{
	struct seen seen = {.n = 0};
	literals_scan(set, text, note, &seen);
	return seen;
}

static bool has(const struct seen *seen, unsigned number, size_t at)
{
	for (size_t i = 0; i < seen->n && i < MAX_FOUND; i++) {
		if (seen->number[i] == number && seen->at[i] == at)
			return true;
	}
	return false;
}

static void test_found(void)
{
	struct literals *set = literals_new();
	FACT(literals_add(set, SPAN("too many clients"), 7), "a literal is taken");
	FACT(literals_add(set, SPAN("many clients already"), 8), "one that overlaps another is taken");
	FACT(literals_add(set, SPAN("1040"), 9), "one of four bytes is taken");
	FACT(!literals_add(set, SPAN("404"), 10), "one of three bytes is refused");
	FACT(literals_add(set, SPAN("1040"), 11), "the same literal may stand for two numbers");
	literals_finish(set);
	FACT(literals_count(set) == 4, "refused literals do not count");

	struct seen seen = scan(set, SPAN("sorry, too many clients already"));
	FACT(seen.n == 2 && has(&seen, 7, 7) && has(&seen, 8, 11), "overlapping literals are both found");
	seen = scan(set, SPAN("1040"));
	FACT(seen.n == 2 && has(&seen, 9, 0) && has(&seen, 11, 0), "a text that is the literal holds it, for both numbers");
	seen = scan(set, SPAN("10401040"));
	FACT(seen.n == 4 && has(&seen, 9, 4), "a literal is found twice, also at the very end");
	FACT(!scan(set, SPAN("too many client")).n, "a literal cut at the end is not found");
	FACT(!scan(set, SPAN("oo many clients")).n, "a literal cut at its start is not found");
	FACT(!scan(set, SPAN("Too Many Clients")).n, "case is not folded");
	FACT(!scan(set, SPAN_NONE).n && !scan(set, SPAN("104")).n, "texts shorter than a window hold nothing");
	literals_free(set);
	literals_free(NULL);
}

static void test_empty(void)
{
	struct literals *set = literals_new();
	literals_finish(set);
	FACT(!scan(set, SPAN("anything at all")).n, "an empty set finds nothing");
	literals_free(set);
}

/* Another implementation: every literal at every place. */
static size_t naive(const struct span *literals, size_t n, struct span text, const struct seen *seen)
{
	size_t count = 0;
	for (size_t at = 0; at < text.len; at++) {
		for (size_t i = 0; i < n; i++) {
			if (span_starts(span_from(text, at), literals[i])) {
				count++;
				if (!has(seen, (unsigned)i, at))
					return SIZE_MAX;
			}
		}
	}
	return count;
}

/* What is found of one literal comes in its order. */
static bool ascends(const struct seen *seen)
{
	for (size_t i = 0; i < seen->n && i < MAX_FOUND; i++)
		for (size_t k = i + 1; k < seen->n && k < MAX_FOUND; k++)
			if (seen->number[i] == seen->number[k] && seen->at[i] >= seen->at[k])
				return false;
	return true;
}

static void test_against_naive(void)
{
	/* A small alphabet, NUL and a byte above 127 among it, makes hits and near hits common; most literals are cut from the text. */
	static const char alphabet[] = {'a', 'b', '\0', '\xC3'};
	static char bytes[40][24], text[600];
	struct span literals[40];
	unsigned state = 12345;
	bool same = true, ordered = true;
	size_t found = 0, longest = 0;
	for (int round = 0; round < 60; round++) {
		struct literals *set = literals_new();
		for (size_t k = 0; k < sizeof text; k++) {
			state = state * 1103515245u + 12345u;
			text[k] = alphabet[round % 3 ? state >> 16 & 3 : state >> 16 & 1];
		}
		for (size_t i = 0; i < 40; i++) {
			for (size_t k = 0; k < sizeof bytes[i]; k++) {
				state = state * 1103515245u + 12345u;
				bytes[i][k] = alphabet[state >> 16 & 3];
			}
			if (i % 3)
				memcpy(bytes[i], text + (state >> 16) % (sizeof text - sizeof bytes[i]), sizeof bytes[i]);
			literals[i] = (struct span){bytes[i], 4 + i % 20};
			literals_add(set, literals[i], (unsigned)i);
		}
		literals_finish(set);
		struct seen seen = scan(set, (struct span){text, sizeof text - (size_t)round});
		same &= seen.n <= MAX_FOUND && naive(literals, 40, (struct span){text, sizeof text - (size_t)round}, &seen) == seen.n;
		ordered &= ascends(&seen);
		found += seen.n;
		for (size_t i = 0; i < seen.n && i < MAX_FOUND; i++)
			longest = literals[seen.number[i]].len > longest ? literals[seen.number[i]].len : longest;
		literals_free(set);
	}
	FACT(same, "60 random sets find what trying every literal at every place finds");
	FACT(found > 1000 && longest == 23, "that is many, short and long");
	FACT(ordered, "what is found of one literal comes in its order");
}

static void test_over_read(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	/* POSIX has no anonymous mapping. */
	int zero = open("/dev/zero", O_RDWR);
	char *two = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE, zero, 0);
	close(zero);
	FACT(two != MAP_FAILED && !mprotect(two + page, page, PROT_NONE), "an unmapped page stands behind the text");
	if (two == MAP_FAILED)
		return;
	struct literals *set = literals_new();
	literals_add(set, SPAN("exhausted"), 1);
	literals_add(set, SPAN("exhausted exhausted"), 2);
	literals_finish(set);
	for (size_t len = 0; len <= 28; len++) {
		char *at = two + page - len;
		memcpy(at, "exhausted exhausted exhausted", len);
		struct seen seen = scan(set, (struct span){at, len});
		FACT(seen.n == (len >= 9) + 2 * (size_t)(len >= 19), "a text that ends at an unmapped page is not read past its end");
	}
	literals_free(set);
	munmap(two, 2 * page);
}

int main(void)
{
	test_found();
	test_empty();
	test_against_naive();
	test_over_read();
	return unit_done();
}
