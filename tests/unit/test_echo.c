#include "story/echo.h"

#include "base/text.h"
#include "unit.h"

#define ID ((char *)(uintptr_t)"i")

/* Borrowed strings only: nothing here is released. */
static struct burst made(const char *signal, const char *class, const char *source, size_t index, int64_t first_s, int64_t last_s, uint64_t count)
{
	return (struct burst){.signal = (char *)(uintptr_t)signal,
			      .class = (char *)(uintptr_t)class,
			      .source = (char *)(uintptr_t)source,
			      .source_index = index,
			      .first_us = first_s * SECOND_US,
			      .last_us = last_s * SECOND_US,
			      .count = count,
			      .incident = ID};
}

int main(void)
{
	static const char refused[] = "db.connections.exhausted", failed[] = "http.server_error";
	struct refusal refusals[] = {{.tier = TIER_DB, .source = (char *)(uintptr_t)"db", .class = ID, .count = 100},
				     {.tier = TIER_APP, .source = (char *)(uintptr_t)"app", .class = ID, .count = 100, .echo = true}};
	struct incident in = {.id = ID, .refusals = refusals, .refusals_n = 2};
	struct burst bursts[] = {made(refused, "db.max_connections", "db", 0, 10, 60, 100),
				 made(refused, "db.max_connections", "app", 1, 10, 60, 100),
				 made(failed, "http.500", "app", 1, 11, 60, 105),
				 made(failed, "http.500", "web", 2, 10, 60, 100)};
	struct draft d = {.bursts = bursts, .bursts_n = 4};
	struct text t = {0};
	FACT(echo_refusals(&d, &in, &bursts[2]) == &bursts[1], "errors of the log that was refused, at the same time and as many");
	FACT(!echo_refusals(&d, &in, &bursts[3]), "errors of another log are told by themselves");
	FACT(!echo_refusals(&d, &in, &bursts[1]), "refusals are what is told");
	echo_words(&t, &d, &in, &bursts[1]);
	text_append_byte(&t, '\0');
	TEXT_IS(t.at, " 105 requests failed with them (http.500). They are counted at the database already.", "both in the sentence of the refusals");
	text_release(&t);
	echo_words(&t, &d, &in, &bursts[0]);
	FACT(!t.len, "the refusals that count are no echo");
	bursts[2].count = 120;
	FACT(!echo_refusals(&d, &in, &bursts[2]), "a fifth more errors than refusals are something else, too");
	bursts[2].count = 105;
	bursts[2].last_us += 2 * SECOND_US;
	FACT(!echo_refusals(&d, &in, &bursts[2]), "errors that go on longer are told by themselves");
	text_release(&t);
	return unit_done();
}
