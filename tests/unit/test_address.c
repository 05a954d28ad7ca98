#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "tally/address.h"

#include "random.h"
#include "unit.h"

static struct place place_of(uint32_t line)
{
	return (struct place){1000 + line, 0, line, 10 * line, 100 * (uint64_t)line};
}

static void release(struct address *all, size_t n)
{
	for (size_t i = 0; i < n; i++)
		memory_free(all[i].address);
	memory_free(all);
}

/* Counts of a few addresses, against exact ones. */
static void counts(void)
{
	enum { KEYS = 20 };
	struct addresses a = {.share = 0};
	uint64_t n[KEYS] = {0}, failed[KEYS] = {0}, more[ADDRESS_SIDES];
	uint32_t first[KEYS] = {0};
	for (uint32_t line = 1; line < 5000; line++) {
		unsigned key = (unsigned)(random_next() % KEYS);
		bool bad = random_next() % 3 == 0;
		char text[32];
		snprintf(text, sizeof text, "10.0.0.%u:8080", key);
		struct place p = place_of(line);
		if (!addresses_again(&a, span_of(text), bad))
			addresses_add(&a, ADDRESS_UPSTREAM, &p, span_of(text), bad);
		n[key]++;
		failed[key] += bad;
		first[key] = first[key] ? first[key] : line;
	}
	struct place p = place_of(1);
	addresses_add(&a, ADDRESS_LOCAL, &p, SPAN("0.0.0.0:80"), false);
	addresses_add(&a, ADDRESS_LOCAL, &p, SPAN(""), false);
	size_t kept;
	struct address *all = addresses_freeze(&a, &kept, more);
	bool same = kept == KEYS + 1, sorted = true;
	for (size_t i = 0; i < kept && same; i++) {
		sorted = sorted && (!i || all[i - 1].side < all[i].side || strcmp(all[i - 1].address, all[i].address) < 0);
		if (all[i].side == ADDRESS_LOCAL)
			continue;
		unsigned key = (unsigned)atoi(all[i].address + 7);
		same = all[i].n == n[key] && all[i].failed == failed[key] && all[i].first_line == first[key] &&
		       all[i].first_offset == 100 * (uint64_t)first[key] && all[i].first_length == 10 * first[key];
	}
	FACT(same, "each address has its records, the failed ones among them, and the place of the first");
	FACT(sorted, "sorted by side, then address");
	FACT(!more[ADDRESS_UPSTREAM] && !more[ADDRESS_LOCAL], "nothing was left out");
	release(all, kept);
	addresses_release(&a);
}

static void bounds(unsigned share, size_t most)
{
	struct addresses a = {.share = share};
	uint64_t more[ADDRESS_SIDES], sum = 0;
	for (uint32_t line = 0; line < 1000; line++) {
		char text[32];
		snprintf(text, sizeof text, "be/web%u", line % 200);
		struct place p = place_of(line);
		addresses_add(&a, ADDRESS_UPSTREAM, &p, span_of(text), false);
	}
	size_t kept;
	struct address *all = addresses_freeze(&a, &kept, more);
	for (size_t i = 0; i < kept; i++)
		sum += all[i].n;
	FACT(kept == most && sum == most * 5, "as many as there is room for are kept, the first that came, with exact counts");
	FACT(more[ADDRESS_UPSTREAM] == 1000 - sum, "the records of all others are counted together");
	release(all, kept);
	addresses_release(&a);
}

static void words(void)
{
	static const struct {
		const char *host, *port, *wanted;
	} pairs[] = {{"10.0.0.5", "5432", "10.0.0.5:5432"}, {"2001:db8::5", "5432", "[2001:db8::5]:5432"}, {"::", "5432", "[::]:5432"},
		     {"[::1]", "80", "[::1]:80"}, {"10.0.0.9", "", "10.0.0.9"}, {"", "8080", ":8080"}, {"unix:/tmp/.s.PGSQL.6432", "", "unix:/tmp/.s.PGSQL.6432"},
		     {"/tmp/.s.PGSQL.5432", "", "/tmp/.s.PGSQL.5432"}};
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		struct addresses a = {.share = 0};
		uint64_t more[ADDRESS_SIDES];
		struct place p = place_of(3);
		addresses_add_pair(&a, ADDRESS_LOCAL, &p, span_of(pairs[i].host), span_of(pairs[i].port), false);
		size_t kept;
		struct address *all = addresses_freeze(&a, &kept, more);
		FACT(kept == 1, pairs[i].wanted);
		TEXT_IS(kept ? all[0].address : "", pairs[i].wanted, "host and port become one address");
		release(all, kept);
		addresses_release(&a);
	}
}

static void odd(void)
{
	struct addresses a = {.share = 0};
	uint64_t more[ADDRESS_SIDES];
	char longest[200];
	memset(longest, 'x', sizeof longest);
	struct place late = place_of(9), early = place_of(2);
	addresses_add(&a, ADDRESS_UPSTREAM, &late, (struct span){longest, sizeof longest}, true);
	addresses_add(&a, ADDRESS_UPSTREAM, &late, SPAN("bad\xFF"), true);
	addresses_add(&a, ADDRESS_UPSTREAM, &early, SPAN("bad\xFE"), false);
	size_t kept;
	struct address *all = addresses_freeze(&a, &kept, more);
	FACT(kept == 2 && strlen(all[1].address) == ADDRESS_BYTES, "a long address is cut");
	FACT(span_is_utf8(span_of(all[0].address)) && all[0].n == 2 && all[0].failed == 1 && all[0].first_line == 2,
	     "addresses become UTF-8, and those that become equal are one, which the earlier record was first to name");
	release(all, kept);
	addresses_release(&a);
}

int main(void)
{
	counts();
	bounds(0, LIMIT_ADDRESSES);
	bounds(2, LIMIT_ADDRESSES / 2);
	bounds(4, LIMIT_ADDRESSES / 4);
	words();
	odd();
	return unit_done();
}
