#include "story/again.h"

#include "base/text.h"
#include "unit.h"

#define TEXT(s) ((char *)(uintptr_t)(s))

/* Borrowed strings only: nothing here is released. */
static struct burst made(enum tier tier, const char *signal, const char *incident, int64_t first_s, int64_t last_s)
{
	return (struct burst){.tier = tier,
			      .signal = TEXT(signal),
			      .class = TEXT("c"),
			      .source = TEXT("s"),
			      .count = 10,
			      .onset = {.at_us = first_s * SECOND_US},
			      .end = {.at_us = last_s * SECOND_US},
			      .incident = TEXT(incident)};
}

int main(void)
{
	static const char refused[] = "db.connections.exhausted", failed[] = "http.server_error";
	struct incident in = {.id = TEXT("i")};
	struct burst bursts[] = {made(TIER_DB, refused, "i", 10, 20),   made(TIER_DB, refused, "i", 100, 120), made(TIER_DB, refused, "i", 200, 260),
				 made(TIER_DB, refused, "i", 300, 310), made(TIER_DB, refused, "i", 400, 420), made(TIER_APP, refused, "i", 500, 520),
				 made(TIER_DB, failed, "i", 600, 620),  made(TIER_DB, refused, "j", 700, 720)};
	struct draft d = {.bursts = bursts, .bursts_n = sizeof bursts / sizeof *bursts};
	struct text t = {0};
	struct again a = again_find(&d, &in, &bursts[0]);
	FACT(a.n == 4 && a.last_us == 420 * SECOND_US, "later bursts of its tier and signal, in its incident; not another tier's, signal's or incident's");
	FACT(again_find(&d, &in, &bursts[4]).n == 0, "what came before does not come again");
	again_words(&t, &d, &in, &bursts[0]);
	text_append_byte(&t, '\0');
	TEXT_IS(t.at, " Again 4 times until 00:07:00.", "four times are told as a number");
	text_release(&t);
	again_words(&t, &d, &in, &bursts[1]);
	FACT(!t.len, "three times are told each by itself");
	bool told[sizeof bursts / sizeof *bursts] = {false, true};
	FACT(again_first(&d, &in, told, &bursts[3]) == &bursts[1], "the one that is told already");
	FACT(!again_first(&d, &in, told, &bursts[5]), "none of its tier is");
	text_release(&t);
	return unit_done();
}
