#include "cause/growth.h"

#include "made.h"

/* Sessions of one role that open and close; asked of what happened from 0 to 600 s. */
static void one(void)
{
	struct made m;
	made_init(&m);
	struct part *p = made_log(&m, "pg.log", TIER_DB, "postgresql", 1000, 0, 700);
	made_session(p, HOLDER_USER, "job", 590, 12);
	made_session(p, HOLDER_USER, "shop", 1, 5);
	for (int64_t s = 400; s < 600; s += 20)
		made_session(p, HOLDER_USER, "shop", s, 1);
	struct fold *f = made_fold(&m);
	struct growth g;
	int64_t from_us = MADE_T0 * SECOND_US, onset_us = made_us(600, 0);
	FACT(growth_measure(f, 0, HOLDER_USER, "shop", from_us, onset_us, &g), "sessions are known");
	FACT(g.usual == 5 && g.top == 15, "five are usual, fifteen at the onset");
	FACT(g.begin_us >= made_us(399, 0) && g.begin_us < made_us(440, 0), "when it began to grow");
	FACT(g.reached_us >= made_us(540, 0) && g.reached_us <= made_us(600, 0), "and when it was near its top");
	FACT(g.steady_milli > 950, "a line that goes up is steady");
	FACT(growth_level(&g, made_us(405, 0)) == 6 && growth_level(&g, made_us(460, 0)) == 9, "levels between");
	growth_release(&g);
	FACT(growth_measure(f, 0, HOLDER_USER, "job", from_us, onset_us, &g), "so are those of another role");
	FACT(g.top == 12 && g.begin_us >= made_us(588, 0) && g.reached_us <= made_us(591, 0), "that came at once");
	growth_release(&g);
	FACT(growth_measure(f, 0, HOLDER_USER, NULL, from_us, onset_us, &g) && g.top == 27, "all together");
	growth_release(&g);
	FACT(!growth_measure(f, 0, HOLDER_APPLICATION, "shop", from_us, onset_us, &g), "what no line says is not known");
	made_release(&m);
}

int main(void)
{
	one();
	return unit_done();
}
