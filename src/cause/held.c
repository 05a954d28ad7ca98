#include "cause/held.h"

#include <stdlib.h>

#include "base/memory.h"
#include "fold/moment.h"
#include "fold/sentence.h"
#include "incident/symptom.h"

bool held_unnamed(const char *key)
{
	return !*key || !strcmp(key, "other");
}

static void names_fill(const struct scene *s, struct held *h)
{
	static const enum holder dimensions[] = {HOLDER_USER, HOLDER_APPLICATION};
	size_t cap = 0;
	for (size_t d = 0; d < sizeof dimensions / sizeof *dimensions; d++) {
		size_t n;
		const char **keys = holders_keys(s->f, s->database, dimensions[d], &n);
		for (size_t i = 0; i < n; i++) {
			h->names = memory_grow(h->names, &cap, h->n + 1, sizeof *h->names);
			if (!held_unnamed(keys[i]) &&
			    growth_measure(s->f, s->database, dimensions[d], keys[i], h->from_us, h->onset_us, &h->names[h->n]))
				h->n++;
		}
		memory_free(keys);
	}
}

/* A log of few lines may be silent for a minute, and a hole in it is known by no rhythm (fold/coverage.h). */
static struct fold_gap silence_of(const struct fold_source *from, int64_t from_us, int64_t to_us)
{
	const struct fold_series *records = fold_series_find(from, "records", "", FACET_NONE, "");
	struct fold_gap longest = {INSTANT_NONE, INSTANT_NONE};
	int64_t most_us = 0, next_us = 0;
	for (size_t i = 1; records && i < records->n; i++) {
		int64_t start_us = symptom_last_us(&records->bins[i - 1]), end_us = symptom_first_us(&records->bins[i]);
		if (start_us < from_us || end_us > to_us)
			continue;
		if (end_us - start_us > most_us) {
			next_us = most_us;
			most_us = end_us - start_us;
			longest = (struct fold_gap){start_us, end_us};
		} else if (end_us - start_us > next_us) {
			next_us = end_us - start_us;
		}
	}
	return most_us >= HELD_SILENCE_US && most_us >= 2 * next_us ? longest : (struct fold_gap){INSTANT_NONE, INSTANT_NONE};
}

void held_fill(const struct scene *s, struct held *h)
{
	*h = (struct held){.hole = {INSTANT_NONE, INSTANT_NONE}, .silence = {INSTANT_NONE, INSTANT_NONE}};
	if (s->database == SIZE_MAX)
		return;
	const struct fold_source *from = &s->f->sources[s->database];
	h->onset_us = moment_printed(from, hypothesis_onset(s, s->database).at_us);
	int64_t before_us = moment_printed(from, s->before_from_us);
	h->from_us = h->onset_us - HELD_BEFORE_US > before_us ? h->onset_us - HELD_BEFORE_US : before_us;
	h->from_us = from->first_us != INSTANT_NONE && from->first_us > h->from_us ? from->first_us : h->from_us;
	/* Who came and went in a hole of the log is not known: what is open is counted anew behind it, when that is long enough ago. */
	for (size_t i = 0; i < from->gaps_n; i++) {
		const struct fold_gap *hole = &from->gaps[i];
		if (hole->start_us >= h->onset_us || hole->end_us <= h->from_us)
			continue;
		if (hole->end_us > h->onset_us - HELD_AFTER_HOLE_US) {
			h->hole = *hole;
			return;
		}
		h->from_us = hole->end_us;
	}
	h->silence = silence_of(from, h->from_us, h->onset_us);
	h->from_us = h->from_us / SECOND_US * SECOND_US;
	if (h->onset_us - h->from_us < HELD_KNOWN_US ||
	    !growth_measure(s->f, s->database, HOLDER_USER, NULL, h->from_us, h->onset_us, &h->all))
		return;
	h->known = true;
	names_fill(s, h);
}

void held_release(struct held *h)
{
	growth_release(&h->all);
	for (size_t i = 0; i < h->n; i++)
		growth_release(&h->names[i]);
	memory_free(h->names);
}

const char *held_noun(const struct growth *g)
{
	return g->dimension == HOLDER_APPLICATION ? "application" : "role";
}

void held_append(const struct scene *s, struct text *t, const struct growth *g)
{
	const struct fold_source *from = &s->f->sources[s->database];
	text_format(t, "from %lld to %lld open connections between ", (long long)g->usual, (long long)g->top);
	sentence_time(t, fold_utc(from, g->begin_us));
	text_append_string(t, " and ");
	sentence_time(t, fold_utc(from, g->reached_us));
}

bool held_load_rose(const struct scene *s)
{
	const struct load_view *v = s->load;
	return !v->unknown && v->rose && !moment_before(&v->onset, &v->rise) && v->risen_ppm / 3 * 2 >= v->before_ppm;
}

void held_without_load(const struct scene *s, struct hypothesis *h)
{
	const struct load_view *v = s->load;
	struct text t = {0};
	if (v->unknown || (v->rose && !moment_before(&v->onset, &v->rise)))
		return;
	text_append_string(&t, "requests did not rise before (");
	sentence_rate(&t, v->before_ppm);
	text_append_string(&t, " is usual)");
	hypothesis_test(h, TEST_WITHOUT_LOAD, sentence_take(&t));
}

/* Statements that waited for a lock, or took longer than before, about the onset; NULL: none was found. */
static const struct hypothesis *waits(const struct scene *s, const struct hypothesis_list *found)
{
	for (size_t i = 0; i < found->n; i++) {
		const struct hypothesis *x = &found->items[i];
		bool slow = !strcmp(x->cause, "slow_queries") && x->strength >= hypothesis_strength(TEST_SLOW_STATEMENTS);
		if (!x->ruled_out && (slow || !strcmp(x->cause, "lock_contention")) && !moment_before(&s->in->onset, &x->at))
			return x;
	}
	return NULL;
}

void held_other_takers(const struct scene *s, const struct hypothesis_list *found, struct hypothesis *h)
{
	const struct load_view *v = s->load;
	struct text t = {0};
	if (held_load_rose(s)) {
		text_append_string(&t, "requests rose ");
		load_fold_text(&t, v->risen_ppm, v->before_ppm);
		text_append_string(&t, " at ");
		sentence_time(&t, v->rise.at_us);
		text_append_string(&t, ": that takes connections too");
		hypothesis_test(h, TEST_LOAD_ROSE, sentence_take(&t));
	} else {
		held_without_load(s, h);
	}
	/* What is slow when connections are refused already waits for one. */
	struct moment refused = hypothesis_onset(s, s->database), slow = {v->window_from_us, v->window_from_us, v->window_from_us, NULL};
	if (!v->no_flight && v->grew && v->duration_share_ppm >= LOAD_DECIDES_PPM && v->window_from_us < v->onset.at_us &&
	    !moment_before(&refused, &slow)) {
		text_append_string(&t, "requests took ");
		sentence_duration(&t, v->duration_us);
		text_append_string(&t, " in the mean before the onset (usual: ");
		sentence_duration(&t, v->duration_before_us);
		text_append_string(&t, "): that keeps connections too");
		hypothesis_test(h, TEST_SLOWER, sentence_take(&t));
	}
	const struct hypothesis *waiting = waits(s, found);
	if (waiting) {
		text_append_string(&t, strcmp(waiting->cause, "slow_queries") ? "sessions waited for a lock from "
									       : "statements took longer than before from ");
		sentence_time(&t, waiting->at.at_us);
		text_append_string(&t, " on: each keeps its connection too");
		hypothesis_test(h, TEST_STATEMENTS_WAIT, sentence_take(&t));
	}
}

static bool is_start(const struct change *c)
{
	static const char *const kinds[] = {"start", "restart", "deploy", "rollback"};
	bool starts = false;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		starts |= !strcmp(c->kind, kinds[i]);
	return c->tier == TIER_APP && starts;
}

const struct change *held_start_between(const struct scene *s, int64_t from_us, int64_t to_us)
{
	const struct change *last = NULL;
	for (size_t i = 0; i < s->in->changes_n; i++)
		if (is_start(&s->in->changes[i]) && s->in->changes[i].at.at_us >= from_us && s->in->changes[i].at.at_us <= to_us)
			last = &s->in->changes[i];
	return last;
}

void held_append_start(struct text *t, const struct change *c)
{
	if (c->verdict && !strcmp(c->verdict, "supported")) {
		text_append_string(t, c->summary);
		return;
	}
	text_append_string(t, "a start of an application at ");
	sentence_time(t, c->at.at_us);
}

void held_change_support(const struct change *c, struct hypothesis *h)
{
	if (!c->verdict || strcmp(c->verdict, "supported"))
		return;
	struct text t = {0};
	text_format(&t, "the tests speak for a change: %s", c->summary);
	hypothesis_test(h, TEST_CHANGE_SUPPORTED, sentence_take(&t));
}

void held_rate(const struct scene *s, const struct growth *g, struct hypothesis *h)
{
	const struct fold_source *from = &s->f->sources[s->database];
	track_init(&h->rate, s->impact->from_us, s->impact->from_us + (int64_t)s->impact->n * s->impact->step_us, s->impact->step_us);
	for (size_t i = 0; i < h->rate.n; i++) {
		int64_t level = growth_level(g, moment_printed(from, h->rate.from_us + (int64_t)i * h->rate.step_us + h->rate.step_us / 2));
		h->rate.counts[i] = (uint64_t)(level > 0 ? level : 0);
	}
	h->excess = (struct excess){.what = "connections open at the onset",
					.count = (uint64_t)(g->top > 0 ? g->top : 0),
					.before = (uint64_t)(g->usual > 0 ? g->usual : 0),
					.during_us = SECOND_US,
					.before_us = SECOND_US};
	if (!s->load->no_flight && s->load->arrivals_before_ppm > 0) {
		h->excess.input = (uint64_t)s->load->arrivals_ppm;
		h->excess.input_before = (uint64_t)s->load->arrivals_before_ppm;
		h->excess.input_what = "requests a second";
	}
}

bool held_grew(const struct growth *g, const struct growth *all)
{
	int64_t grew = g->top - g->usual;
	return grew >= HELD_LEAST && grew * 100 >= HELD_SHARE * all->top;
}

bool held_steady(const struct growth *g)
{
	return g->begin_us != INSTANT_NONE && g->reached_us - g->begin_us >= HELD_STEADY_US && g->steady_milli >= HELD_STEADY_MILLI;
}

const struct change *held_since(const struct scene *s, int64_t begin_us)
{
	const struct change *c = held_start_between(s, begin_us - 4 * HELD_START_US, begin_us + HELD_START_US);
	/* Who was stopped before it was started had been there. */
	bool again = c && strcmp(c->kind, "start");
	bool is_one = c && !moment_before(&s->in->onset, &c->at) && (again || c->at.at_us >= s->before_from_us + MINUTE_US / 2);
	return is_one && (!c->verdict || strcmp(c->verdict, "refuted")) ? c : NULL;
}

bool held_is_main(const struct held *held, const struct growth *g)
{
	for (size_t i = 0; i < held->n; i++)
		if (held->names[i].dimension == g->dimension && held->names[i].usual > g->usual)
			return false;
	return true;
}

/* The role that grew most is the one that usually holds most. */
static bool main_grew(const struct held *h)
{
	const struct growth *most = NULL;
	for (size_t i = 0; i < h->n; i++) {
		const struct growth *g = &h->names[i];
		if (g->dimension == HOLDER_USER && (!most || g->top - g->usual > most->top - most->usual))
			most = g;
	}
	return most && held_is_main(h, most);
}

bool held_since_start(const struct scene *s, const struct held *h, const struct growth *g)
{
	if (s->database == SIZE_MAX || g->begin_us == INSTANT_NONE || g->reached_us - g->begin_us < HELD_SINCE_US || g->steady_milli < HELD_STEADY_MILLI ||
	    !main_grew(h) || !held_since(s, fold_utc(&s->f->sources[s->database], g->begin_us)))
		return false;
	for (int64_t at = g->begin_us; at < g->reached_us; at += SECOND_US)
		if ((growth_level(g, at + SECOND_US) - growth_level(g, at)) * 100 > HELD_ONE_SHARE * (g->top - g->usual))
			return false;
	return true;
}

bool held_server_full(const struct scene *s)
{
	for (size_t i = 0; i < s->in->refusals_n; i++)
		if (!s->in->refusals[i].echo && !strcmp(s->in->refusals[i].class, "db.max_connections"))
			return true;
	return false;
}
