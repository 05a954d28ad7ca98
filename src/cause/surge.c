#include "cause/surge.h"

#include <stdlib.h>

#include "base/memory.h"
#include "cause/phase.h"
#include "fold/evidence.h"
#include "fold/moment.h"
#include "fold/sentence.h"
#include "incident/incident.h"

/* "requests rose from 18.0/s to 148/s (8.2-fold) at 13:40:02" */
static void append_rise(struct text *t, const struct load_view *v)
{
	text_append_string(t, "requests rose from ");
	sentence_rate(t, v->before_ppm);
	text_append_string(t, " to ");
	sentence_rate(t, v->risen_ppm);
	text_append_string(t, " (");
	load_fold_text(t, v->risen_ppm, v->before_ppm);
	text_append_string(t, ") at ");
	sentence_time(t, v->rise.at_us);
}

/* Requests of the fronts, during and before, and as a rate. */
static void requests(const struct scene *s, struct hypothesis *h)
{
	for (size_t i = 0; i < s->front->n; i++) {
		h->source = s->front->sources[i];
		hypothesis_count(h, s, "http.requests", "", "requests");
	}
	h->source = s->front->n == 1 ? s->front->sources[0] : SIZE_MAX;
	/* What is asked is whether more came: no input of its own explains that. */
	h->excess.input_what = NULL;
}

/* The record with which a rise begins: of the one that is nearest; of none the first request from then on. */
static void evidence_of(const struct scene *s, struct hypothesis *h)
{
	const struct change *nearest = NULL;
	for (size_t i = 0; i < s->in->changes_n; i++) {
		const struct change *c = &s->in->changes[i];
		if (!strcmp(c->kind, "traffic_surge") && (!nearest || llabs(c->at.at_us - h->at.at_us) < llabs(nearest->at.at_us - h->at.at_us)))
			nearest = c;
	}
	if (nearest) {
		evidence_copy(&nearest->evidence, SIZE_MAX, &h->evidence);
		return;
	}
	const struct fold_source *log = s->load->source != SIZE_MAX ? &s->f->sources[s->load->source] : NULL;
	const struct fold_series *all = log ? fold_series_find(log, "http.requests", "", FACET_NONE, "") : NULL;
	int64_t at_us = log ? moment_printed(log, h->at.at_us) : 0;
	for (size_t i = 0; all && i < all->n; i++)
		if ((int64_t)all->bins[i].bin.start_s * SECOND_US + all->bins[i].bin.first_us >= at_us) {
			evidence_bin(s->f, s->load->source, &all->bins[i], false, &h->evidence);
			return;
		}
}

static void little(const struct load_view *v, struct hypothesis *h)
{
	struct text t = {0};
	if (v->no_flight || !v->grew)
		return;
	bool requests = v->requests_share_ppm >= LOAD_DECIDES_PPM, slowness = v->duration_share_ppm >= LOAD_DECIDES_PPM;
	if (!requests && !slowness)
		return;
	text_append_string(&t, requests ? "more requests explain " : "slower answers explain ");
	int64_t share = requests ? v->requests_share_ppm : v->duration_share_ppm;
	sentence_share(&t, share < 1000000 ? share : 1000000);
	text_append_string(&t, " of the growth of requests in flight");
	bool all = requests && share >= 1000000;
	hypothesis_test(h, all ? TEST_LOAD_EXPLAINS_ALL : requests ? TEST_LOAD_EXPLAINS : TEST_LOAD_SLOWNESS, sentence_take(&t));
}

/* Requests in the three seconds before the second of the onset were as usual: what came more, came behind the first failure. */
static bool usual_before(const struct load_view *v)
{
	return v->seconds_before_ppm * 10 <= v->before_ppm * 15;
}

/* Whether all came at once, or became more and more; of a rise that is not certain to be before the onset. That all came at once tells
 * little: where many fail together, many are asked again together. It counts only where no durations tell more. */
static void shape(const struct load_view *v, struct hypothesis *h, enum cause_test at_once, enum cause_test builds_up)
{
	if (!v->later_ppm || moment_before(&v->rise, &v->onset))
		return;
	bool once = v->first_ppm / 3 * 4 >= v->later_ppm;
	if (once && !v->no_flight)
		return;
	struct text t = {0};
	text_append_string(&t, once ? "they came at once: " : "they became more and more: ");
	sentence_rate(&t, v->first_ppm);
	text_append_string(&t, " in the first seconds, ");
	sentence_rate(&t, v->later_ppm);
	text_append_string(&t, " in the minute behind them");
	hypothesis_test(h, once ? at_once : builds_up, sentence_take(&t));
}

static void slight(const struct load_view *v, struct hypothesis *h)
{
	if (v->risen_ppm / 3 * 2 < v->before_ppm)
		hypothesis_test(h, TEST_LOAD_SLIGHT, sentence_copy("they rose by less than half"));
}

/* ", 12 s before the onset". Where the log has a burst of its own, that is what the order is judged by, but what is read is told first:
 * how far it is from the incident's onset, and how well that is known. */
static void append_order(struct text *t, const struct scene *s, const struct load_view *v, bool phase)
{
	const struct moment *onset = &s->in->onset;
	bool own = !phase && v->onset.at_us != onset->at_us;
	if (own) {
		text_append_string(t, ", ");
		sentence_duration(t, v->rise.at_us - onset->at_us);
		text_append_string(t, v->rise.at_us < onset->at_us ? " before the onset (known to " : " after the onset (known to ");
		sentence_duration(t, moment_uncertainty(&v->rise) + moment_uncertainty(onset));
		text_append_string(t, ")");
	}
	text_append_string(t, own ? " and " : ", ");
	sentence_duration(t, v->rise.at_us - v->onset.at_us);
	text_append_string(t, v->rise.at_us < v->onset.at_us ? " before " : " after ");
	text_append_string(t, phase ? "its first symptom" : own ? "the first burst of failures in its log" : "the onset");
	text_append_string(t, moment_before(&v->rise, &v->onset) ? "" : " (the clocks do not prove the order)");
}

/* `words`: of the phase; NULL: the first one. */
static void traffic(const struct scene *s, const struct load_view *v, const char *words, struct hypothesis_list *out)
{
	struct hypothesis *h = hypothesis_add(out, "traffic_surge", s->front->tier, v->source, &v->rise);
	struct text t = {0};
	/* Until it is over, and a while longer: what was refused comes again. */
	h->until_us = INT64_MAX;
	bool before = moment_before(&v->rise, &v->onset);
	if (words) {
		h->phase = v->onset;
		text_append_string(&t, words);
	}
	append_rise(&t, v);
	append_order(&t, s, v, words != NULL);
	hypothesis_test(h, before ? TEST_LOAD_BEFORE : TEST_LOAD_AROUND, sentence_take(&t));
	if (v->risen_ppm / 2 >= v->before_ppm) {
		text_append_string(&t, "at least twice as many as usual");
		hypothesis_test(h, TEST_LOAD_DOUBLED, sentence_take(&t));
	}
	slight(v, h);
	little(v, h);
	shape(v, h, TEST_LOAD_AT_ONCE, TEST_LOAD_BUILDS_UP);
	if (v->rise.at_us + SECOND_US > v->onset.at_us && usual_before(v)) {
		text_append_string(&t, "in the seconds before the onset requests were as usual, ");
		sentence_rate(&t, v->seconds_before_ppm);
		hypothesis_test(h, TEST_LOAD_LATE, sentence_take(&t));
	}
	requests(s, h);
	evidence_of(s, h);
}

/* `words`: of the phase; NULL: the first one. */
static void storm(const struct scene *s, const char *words, struct hypothesis_list *out)
{
	const struct load_view *v = s->load;
	struct text t = {0};
	text_append_string(&t, words ? words : "");
	append_rise(&t, v);
	bool after = moment_before(&s->load->onset, &v->rise);
	bool before = v->rise.at_us + SECOND_US <= s->load->onset.at_us;
	if (before && (moment_before(&v->rise, &s->load->onset) || v->rise.at_us + LOAD_STORM_US <= s->load->onset.at_us)) {
		text_append_string(&t, moment_before(&v->rise, &s->load->onset) ? ", before the first failure"
									       : ", before the first failure as the clocks are taken");
		hypothesis_rule_out(out, "retry_storm", sentence_take(&t));
		return;
	}
	struct hypothesis *h = hypothesis_add(out, "retry_storm", s->front->tier, v->source, &v->rise);
	h->phase.at_us = words ? v->onset.at_us : INSTANT_NONE;
	h->phase.lower_us = v->onset.lower_us;
	h->phase.upper_us = v->onset.upper_us;
	text_append_string(&t, after ? ", after the first failures: what failed was asked again, it seems; that makes an incident longer, it does not begin it"
				     : ", about the onset: what failed may have been asked again");
	hypothesis_test(h, before ? TEST_LOAD_FOLLOWS_PERHAPS : TEST_LOAD_FOLLOWS, sentence_take(&t));
	slight(v, h);
	if (usual_before(v)) {
		text_append_string(&t, "in the seconds before the onset requests were as usual, ");
		sentence_rate(&t, v->seconds_before_ppm);
		hypothesis_test(h, TEST_AS_USUAL_BEFORE, sentence_take(&t));
	}
	shape(v, h, TEST_STORM_AT_ONCE, TEST_STORM_BUILDS_UP);
	requests(s, h);
}

/* Later phases of the incident: its primary burst, when that begins SURGE_LATE_US behind the onset, and bursts of the same signal in the same log
 * that begin SURGE_APART_US behind the end of the one before. What more came for one of them was no cause of those before it. True: some has one. */
static bool phases(const struct scene *s, struct hypothesis_list *out)
{
	const struct burst *primary = incident_primary(s->f, s->d, s->in);
	int64_t ended_us = INSTANT_NONE;
	size_t n = 0, first = out->n;
	for (size_t i = 0; primary && i < s->d->bursts_n && n < SURGE_PHASES; i++) { /* sorted by onset */
		const struct burst *b = &s->d->bursts[i];
		if (!incident_has(s->in, b) || b->source_index != primary->source_index || strcmp(b->signal, primary->signal))
			continue;
		bool later = ended_us == INSTANT_NONE ? b->onset.at_us >= s->in->onset.at_us + SURGE_LATE_US : b->onset.at_us >= ended_us + SURGE_APART_US;
		int64_t last_us = ended_us == INSTANT_NONE ? s->in->onset.at_us : ended_us;
		ended_us = ended_us == INSTANT_NONE || b->end.at_us > ended_us ? b->end.at_us : ended_us;
		if (!later)
			continue;
		n++;
		struct load_view v;
		load_measure_phase(s->f, s->front, s->d, s->in, &b->onset, &v);
		if (v.unknown || !v.rose || v.rise.at_us < last_us || moment_before(&v.onset, &v.rise) || v.rise.at_us == s->load->rise.at_us)
			continue;
		struct text t = {0};
		text_append_string(&t, "for the phase from ");
		sentence_time(&t, b->onset.at_us);
		text_append_string(&t, " to ");
		sentence_time(&t, b->end.at_us);
		text_append_string(&t, ": ");
		traffic(s, &v, t.at, out);
		text_release(&t);
	}
	return out->n > first;
}

void surge_find(const struct scene *s, struct hypothesis_list *out)
{
	const struct load_view *v = s->load;
	struct text t = {0};
	struct phases p = phase_find(s);
	size_t phase = v->unknown || !v->rose ? p.n : phase_of(s, &p, &v->rise, v->source);
	bool later = phases(s, out);
	if (later && (v->unknown || !v->rose))
		return;
	if (v->unknown) {
		text_format(&t, "not known: %s", v->unknown);
		hypothesis_rule_out(out, "traffic_surge", sentence_take(&t));
		return;
	}
	if (!v->rose) {
		text_append_string(&t, "requests did not rise: ");
		sentence_rate(&t, v->before_ppm);
		text_append_string(&t, " is usual, and no rise by half was seen from an hour before the onset to a minute behind it");
		hypothesis_rule_out(out, "traffic_surge", sentence_take(&t));
		return;
	}
	if (later && moment_before(&s->load->onset, &v->rise)) {
		storm(s, NULL, out);
		return;
	}
	if (phase > p.first && phase < p.n)
		phase_append(&t, &p.items[phase]);
	char *words = t.len ? sentence_take(&t) : NULL;
	if (moment_before(&s->load->onset, &v->rise)) {
		append_rise(&t, v);
		text_append_string(&t, ", after the onset: what comes later is no cause of it");
		hypothesis_rule_out(out, "traffic_surge", sentence_take(&t));
	} else {
		traffic(s, v, words, out);
	}
	storm(s, words, out);
	memory_free(words);
}
