#include "cause/leak.h"

#include "fold/moment.h"
#include "fold/sentence.h"

static void mended(const struct scene *s, struct hypothesis *h)
{
	const struct change *c = held_start_between(s, s->in->onset.at_us + SECOND_US, s->in->end.at_us + LEAK_MENDED_US);
	int64_t done_us = c ? (c->end_us != INSTANT_NONE ? c->end_us : c->at.at_us) : 0;
	if (!c || s->in->end.at_us > done_us + LEAK_MENDED_US)
		return;
	struct text t = {0};
	text_append_string(&t, "it was over with ");
	held_append_start(&t, c);
	hypothesis_test(h, TEST_MENDED_BY_RESTART, sentence_take(&t));
}

static void without_flight(const struct scene *s, struct hypothesis *h)
{
	const struct load_view *v = s->load;
	if (v->no_flight || (v->grew && v->window_from_us < v->onset.at_us))
		return;
	struct text t = {0};
	text_append_string(&t, "connections were gone while requests in flight were as many as usual");
	hypothesis_test(h, TEST_WITHOUT_FLIGHT, sentence_take(&t));
}

static const struct growth *largest(const struct held *held, enum holder dimension)
{
	const struct growth *best = NULL;
	for (size_t i = 0; i < held->n; i++) {
		const struct growth *g = &held->names[i];
		if (g->dimension == dimension && (!best || g->top - g->usual > best->top - best->usual))
			best = g;
	}
	return best;
}

/* It went on, whoever came: no connection came back. By the clock of who refused: from one log's first symptom to another's last lies the
 * difference of their clocks, too. */
static void lasts(const struct scene *s, struct hypothesis *h)
{
	int64_t lasted_us = 0;
	for (size_t i = 0; i < s->in->refusals_n; i++) {
		const struct refusal *r = &s->in->refusals[i];
		if (!r->echo && r->end.at_us - r->onset.at_us > lasted_us)
			lasted_us = r->end.at_us - r->onset.at_us;
	}
	if (lasted_us < LEAK_LASTS_US || s->load->unknown || held_load_rose(s))
		return;
	struct text t = {0};
	text_append_string(&t, "connections were refused for ");
	sentence_duration(&t, lasted_us);
	text_append_string(&t, " while requests had not risen by half: what was taken did not come back");
	hypothesis_test(h, TEST_LASTS, sentence_take(&t));
}

static void append_unseen(const struct scene *s, struct text *t, const struct held *held)
{
	bool hole = held->hole.start_us != INSTANT_NONE;
	if (!held->known && !hole) {
		text_append_string(t, "no database log shows sessions before the onset");
		return;
	}
	const struct fold_source *from = &s->f->sources[s->database];
	const struct fold_gap *gap = hole ? &held->hole : &held->silence;
	text_append_string(t, hole ? "the database's log has a hole from " : "the database's log is silent from ");
	sentence_time(t, fold_utc(from, gap->start_us));
	text_append_string(t, " to ");
	sentence_time(t, fold_utc(from, gap->end_us));
	text_append_string(t, hole ? ": who came and went in it is not known" : ", as nowhere else before: if that is a hole, who came and went in it is not known");
}

/* The last change before the onset that its tests support. */
static const struct change *supported(const struct scene *s)
{
	const struct change *last = NULL;
	for (size_t i = 0; i < s->in->changes_n; i++) {
		const struct change *c = &s->in->changes[i];
		if (c->verdict && !strcmp(c->verdict, "supported") && c->tier == TIER_APP && !moment_before(&s->in->onset, &c->at))
			last = c;
	}
	return last;
}

/* No log shows who held the connections: what remains is that nothing else took them. */
static void unseen(const struct scene *s, const struct held *held, struct hypothesis_list *out)
{
	const struct load_view *v = s->load;
	struct text t = {0};
	if (v->unknown || held_load_rose(s)) {
		text_append_string(&t, "not known: ");
		append_unseen(s, &t, held);
		text_append_string(&t, v->unknown ? ", and whether more requests came is not known"
						  : ", and more requests may have taken the connections");
		hypothesis_rule_out(out, "connection_leak", sentence_take(&t));
		return;
	}
	struct moment at = hypothesis_onset(s, s->database);
	struct hypothesis *h = hypothesis_add(out, "connection_leak", TIER_DB, s->database, &at);
	bool slower = !v->no_flight && v->grew && v->window_from_us < v->onset.at_us;
	bool around = slower && v->window_from_us + LEAK_AROUND_US >= v->onset.at_us;
	if (around) {
		held_without_load(s, h);
		text_append_string(&t, "requests in flight grew in the seconds before the first symptom: who waits for a connection is in flight, too");
		hypothesis_test(h, TEST_SLOWER_AROUND, sentence_take(&t));
	} else {
		held_other_takers(s, out, h);
	}
	without_flight(s, h);
	if (held->known || held->hole.start_us != INSTANT_NONE) {
		append_unseen(s, &t, held);
		hypothesis_test(h, TEST_UNSEEN, sentence_take(&t));
	}
	lasts(s, h);
	mended(s, h);
	if (supported(s))
		held_change_support(supported(s), h);
	/* Refusals are all that is seen of it: they are events of its own only where nothing else in sight grew. */
	if (s->database != SIZE_MAX && !v->no_flight && (!slower || around)) {
		hypothesis_count(h, s, "db.connections.exhausted", "db.max_connections", "refusals of the database");
		hypothesis_input(h, s);
	}
}

void leak_find(const struct scene *s, const struct held *held, struct hypothesis_list *out)
{
	struct text t = {0};
	if (!held_server_full(s)) {
		hypothesis_rule_out(out, "connection_leak", sentence_copy("the server's connection slots were not gone"));
		return;
	}
	const struct growth *g = &held->all;
	const struct growth *role = largest(held, HOLDER_USER), *app = largest(held, HOLDER_APPLICATION);
	bool known = held->known && held_grew(g, g), all = known && held_steady(g);
	/* One that had none, and most of the growth: what the others had given back meanwhile hides when it began. */
	bool one = known && app && !app->usual && 2 * (app->top - app->usual) >= g->top - g->usual && held_since_start(s, held, app);
	bool steady = all || one || (known && held_since_start(s, held, g));
	if (!held->known || (!steady && held->silence.start_us != INSTANT_NONE)) {
		unseen(s, held, out);
		return;
	}
	if (!steady) {
		text_append_string(&t, "open connections did not grow steadily for ");
		sentence_duration(&t, HELD_STEADY_US);
		text_format(&t, " or more: %lld usual, %lld at the onset", (long long)g->usual, (long long)g->top);
		if (g->begin_us != INSTANT_NONE) {
			text_append_string(&t, ", reached within ");
			sentence_duration(&t, g->reached_us - g->begin_us);
		}
		hypothesis_rule_out(out, "connection_leak", sentence_take(&t));
		return;
	}
	const struct fold_source *from = &s->f->sources[s->database];
	struct moment at = moment_of(from, one && app->begin_us < g->begin_us ? app->begin_us : g->begin_us);
	struct hypothesis *h = hypothesis_add(out, "connection_leak", TIER_DB, s->database, &at);
	if (one && !all) {
		text_format(&t, "application %s took connections one after the other, ", app->name);
		held_append(s, &t, app);
		text_format(&t, ": %lld of %lld more", (long long)(app->top - app->usual), (long long)(g->top - g->usual));
	} else {
		text_append_string(&t, "open connections grew steadily ");
		held_append(s, &t, g);
		const struct growth *most = app && role && app->top - app->usual >= role->top - role->usual ? app : role;
		if (most && most->top > most->usual)
			text_format(&t, "; %s %s went from %lld to %lld", held_noun(most), most->name, (long long)most->usual, (long long)most->top);
	}
	hypothesis_test(h, TEST_GREW_STEADILY, sentence_take(&t));
	held_other_takers(s, out, h);
	without_flight(s, h);
	lasts(s, h);
	const struct change *c = held_since(s, at.at_us);
	if (c) {
		text_append_string(&t, "it began ");
		sentence_duration(&t, at.at_us - c->at.at_us);
		text_append_string(&t, at.at_us < c->at.at_us ? " before " : " after ");
		held_append_start(&t, c);
		hypothesis_test(h, TEST_SINCE_START, sentence_take(&t));
		held_change_support(c, h);
	}
	mended(s, h);
	held_rate(s, g, h);
}
