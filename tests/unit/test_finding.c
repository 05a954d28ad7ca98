#include "incident/finding.h"

#include "incident/incident.h"
#include "made.h"

static struct finding *add(struct finding_list *list, const struct fold *f, enum finding_kind kind, int64_t at_s, int64_t score, const char *what)
{
	struct text t = {0};
	struct moment at = {made_us(at_s, 0), made_us(at_s, 0), made_us(at_s, 1), NULL};
	text_append_string(&t, what);
	struct finding *x = finding_add(list, f, kind, TIER_DB, 0, &at, what, &t);
	x->score = score;
	return x;
}

static void names(void)
{
	FACT(!strcmp(finding_name(FINDING_REQUESTS_LOST), "requests_lost") && !strcmp(finding_name(FINDING_CHECKPOINT_OVERLAP), "checkpoint_overlap"),
	     "each kind has a name");
	for (int i = 0; i < FINDING_KINDS; i++)
		for (int k = 0; k < i; k++)
			FACT(strcmp(finding_name((enum finding_kind)i), finding_name((enum finding_kind)k)), "of its own");
}

static void lists(void)
{
	struct made m;
	made_init(&m);
	made_log(&m, "pg.log", TIER_DB, "postgresql", 1000, 0, 1200);
	struct fold *f = made_fold(&m);
	struct draft *d = memory_new(1, sizeof *d);
	d->incidents = memory_new(1, sizeof *d->incidents);
	d->incidents_n = 1;
	d->incidents[0].id = made_string("i");
	struct finding_list *list = &d->incidents[0].findings;
	struct finding *x = add(list, f, FINDING_MESSAGE_NEW, 10, 5, "a \x1b[31mred\nline");
	FACT(!strchr(x->text, '\x1b') && !strchr(x->text, '\n'), "control characters of a log do not come through");
	FACT(x->end_us == INSTANT_NONE && x->source && !strcmp(x->source, f->sources[0].id) && x->count.known && !x->count.value, "a point with a count of 0");
	char *first = made_string(x->id);
	x = add(list, f, FINDING_MESSAGE_NEW, 10, 9, "another");
	FACT(strcmp(first, x->id) && strlen(x->id) == 12, "what tells two apart tells their ids apart");
	memory_free(first);
	add(list, f, FINDING_MESSAGE_NEW, 5, 5, "early");
	add(list, f, FINDING_TRICKLE, 900, 0, "drops");
	add(list, f, FINDING_CHECKPOINT_OVERLAP, 1, 99, "checkpoint");
	add(list, f, FINDING_REQUESTS_LOST, 700, 0, "lost");
	add(&d->findings, f, FINDING_NEAR_MISS, 100, 0, "outside");
	struct note_list notes = {0};
	finding_settle(d, &notes);
	static const char *const order[] = {"lost", "drops", "another", "early"};
	bool sorted = list->n == 6;
	for (size_t i = 0; sorted && i < 4; i++)
		sorted = !strcmp(list->items[i].text, order[i]);
	FACT(sorted && !strcmp(list->items[5].text, "checkpoint"), "by the importance of their kind, then by score, then by time");
	/* Of new messages two are told, of checkpoints none. */
	bool told[] = {false, false, false, false}, other = false;
	for (size_t i = 0; i < notes.n; i++)
		for (size_t k = 0; k < 4; k++)
			told[k] |= notes.items[i].incident == 0 && !strcmp(notes.items[i].sentence, order[k]);
	for (size_t i = 0; i < notes.n; i++)
		other |= notes.items[i].incident == SIZE_MAX && !strcmp(notes.items[i].sentence, "outside");
	FACT(notes.n == 5 && told[0] && told[1] && told[2] && told[3] && other, "the timeline is told the most important ones of each kind");
	FACT(notes.items[0].kind && !strcmp(notes.items[0].kind, "finding"), "as findings");
	note_release(&notes);
	FACT(!notes.n && !notes.items, "released, the list is empty");
	draft_free(d);
	made_release(&m);
}

static void long_text(void)
{
	struct made m;
	made_init(&m);
	made_log(&m, "pg.log", TIER_DB, "postgresql", 1000, 0, 1200);
	struct fold *f = made_fold(&m);
	struct draft *d = memory_new(1, sizeof *d);
	struct text t = {0};
	struct moment at = {made_us(1, 0), made_us(1, 0), made_us(1, 1), NULL};
	for (size_t i = 0; i < 3 * FINDING_BYTES; i++)
		text_append_byte(&t, 'x');
	struct finding *x = finding_add(&d->findings, f, FINDING_TRICKLE, TIER_DB, SIZE_MAX, &at, "x", &t);
	FACT(strlen(x->text) == FINDING_BYTES && !t.at, "a text is taken, and cut");
	FACT(!x->source && x->source_index == SIZE_MAX, "of several sources none is named");
	draft_free(d);
	made_release(&m);
}

static void quote_is(const char *log_text, size_t most, const char *told, const char *fact)
{
	struct text t = {0};
	finding_quote(&t, span_of(log_text), most);
	FACT(span_equal(text_span(&t), span_of(told)), fact);
	text_release(&t);
}

static void quotes(void)
{
	quote_is("deadlock", 20, "\"deadlock\"", "a short text stands in quotes");
	quote_is("deadlock", 8, "\"deadlock\"", "one that just fits is whole");
	quote_is("deadlock", 4, "\"dead ...\"", "what is cut is marked");
	quote_is("gr\xc3\xbc\xc3\x9f", 5, "\"gr\xc3\xbc ...\"", "a character is not cut in two");
	quote_is("", 5, "\"\"", "nothing is nothing");
}

/* An incident from 600 to 660 by the reference. The source's clock is 5 minutes ahead, and `uncertainty_s` unsure; its burst stands at 905 to
 * 950 by its own clock, and belongs to the incident of that name. */
static bool span_of_log(int64_t uncertainty_s, const char *burst_of, int64_t *from_us, int64_t *to_us, bool *timed)
{
	struct made m;
	made_init(&m);
	made_log(&m, "app.log", TIER_APP, "app_json", 1000, 0, 3600);
	struct fold *f = made_fold(&m);
	f->sources[0].uncertainty_us = uncertainty_s * SECOND_US;
	struct draft *d = memory_new(1, sizeof *d);
	d->bursts = memory_new(1, sizeof *d->bursts);
	d->bursts_n = burst_of != NULL;
	if (burst_of)
		d->bursts[0] = (struct burst){.incident = made_string(burst_of), .first_us = made_us(905, 0), .last_us = made_us(950, 0)};
	struct incident in = {.id = made_string("i"), .onset = {.at_us = made_us(600, 0)}, .end = {.at_us = made_us(660, 0)}};
	bool found = finding_span(f, d, &in, 0, from_us, to_us);
	*timed = finding_timed(f, d, 0);
	memory_free(in.id);
	draft_free(d);
	made_release(&m);
	return found;
}

static void spans(void)
{
	int64_t from_us, to_us;
	bool timed;
	FACT(span_of_log(60, "i", &from_us, &to_us, &timed) && from_us == made_us(600, 0) && to_us == made_us(660, 0) && timed,
	     "a clock known to a minute is asked for the incident's own time");
	FACT(span_of_log(61, "i", &from_us, &to_us, &timed) && from_us == made_us(905, 0) && to_us == made_us(950, 0) && !timed,
	     "one known to less is asked through its bursts");
	FACT(!span_of_log(61, "another", &from_us, &to_us, &timed), "when these are of another incident it has no part in this one");
	FACT(span_of_log(61, NULL, &from_us, &to_us, &timed) && from_us == made_us(600, 0) && timed, "without any it is taken at its word");
}

int main(void)
{
	names();
	lists();
	long_text();
	quotes();
	spans();
	return unit_done();
}
