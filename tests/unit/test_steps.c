/* Which steps need no way back, seen in the programs of small regexes. */
#include "line/steps.h"

#include "line/translate.h"
#include "unit.h"

/* The kind of the first step that is a run; STEP_MATCH: there is none. `*keeps`: nothing is kept of it. */
static enum step_kind run_of(const char *source, bool *keeps)
{
	struct steps *p = translate(span_of(source));
	enum step_kind kind = STEP_MATCH;
	*keeps = false;
	for (size_t i = 0; p && i < p->n && kind == STEP_MATCH; i++) {
		if (p->steps[i].kind >= STEP_RUN && p->steps[i].kind <= STEP_LAZY) {
			kind = (enum step_kind)p->steps[i].kind;
			*keeps = p->steps[i].keeps;
		}
	}
	steps_free(p);
	return kind;
}

static void test_runs(void)
{
	bool keeps;
	FACT(run_of("^[a-z]+[ ]x", &keeps) == STEP_KEEP, "a run keeps what it took when a byte of another set follows");
	FACT(run_of("^[a-z]+ax", &keeps) == STEP_RUN && !keeps, "one of its own set may follow: it must give back");
	FACT(run_of("^[a-z]+(?:[ ]|y)", &keeps) == STEP_RUN && !keeps, "in one of the alternatives, too");
	FACT(run_of("^[a-z]+(?:[ ]y)?$", &keeps) == STEP_KEEP, "the end of the subject is no byte");
	FACT(run_of("^[a-z]*+ax", &keeps) == STEP_KEEP, "a possessive one keeps");
	FACT(run_of("^(?>[a-z]+)ax", &keeps) == STEP_RUN && !keeps, "what follows an atomic group does not decide for what is in it");
	FACT(run_of("^-+a", &keeps) == STEP_SKIP, "a run of one byte");
	FACT(run_of("^x(?<message>(?s:.*))", &keeps) == STEP_REST, "all that is left");
	FACT(run_of("^.*?\"x", &keeps) == STEP_LAZY && keeps, "a lazy run hops to the one byte that may follow");
}

static void test_first(void)
{
	struct steps *p = translate(SPAN("(?:ab|[0-9]c)*\\.?x"));
	FACT(p && byteset_has(&p->first[0].bytes, 'a') && byteset_has(&p->first[0].bytes, '7') && byteset_has(&p->first[0].bytes, '.') &&
		     byteset_has(&p->first[0].bytes, 'x') && byteset_count(&p->first[0].bytes) == 13 && !p->first[0].end,
	     "a search stops where a match may begin");
	FACT(p && !p->anchored, "and this one is not bound to the begin");
	steps_free(p);
	p = translate(SPAN("^a?"));
	FACT(p && p->anchored && p->groups == 0, "this is");
	steps_free(p);
	steps_free(NULL);
}

int main(void)
{
	test_runs();
	test_first();
	return unit_done();
}
