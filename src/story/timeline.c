#include "story/timeline.h"

#include "base/memory.h"
#include "fold/evidence.h"
#include "fold/label.h"
#include "fold/moment.h"
#include "fold/sentence.h"
#include "incident/candidate.h"
#include "incident/incident.h"
#include "incident/symptom.h"
#include "story/again.h"
#include "story/detection.h"
#include "story/echo.h"
#include "story/happened.h"
#include "story/stray.h"
#include "story/summary.h"
#include "story/suspect.h"
#include "story/window.h"

/* How long before an onset its context begins. */
#define CONTEXT_BEFORE_US (5 * MINUTE_US)

/* What a candidate is about. */
struct teller {
	const struct fold *f;
	const struct draft *d;
	struct candidate_list list;
};

static struct known one_record(void)
{
	return (struct known){true, 1, NULL};
}

/* Fills what all entries have. `source`: index, SIZE_MAX for several. Takes `summary`; cuts it to one line of 1,024
 * characters at most (bytes: never more characters than that). */
static struct entry *add(struct teller *t, enum rank rank, size_t incident, const char *kind, const char *severity, size_t source,
			 const struct moment *at, char *summary)
{
	enum { SUMMARY_BYTES = 1000 };
	struct entry *e = candidate_add(&t->list, rank, incident);
	const struct fold_source *s = source == SIZE_MAX ? NULL : &t->f->sources[source];
	e->at_us = at->at_us;
	e->uncertainty_us = moment_uncertainty(at);
	e->kind = sentence_copy(kind);
	e->severity = sentence_copy(severity);
	e->tier = s ? s->tier : TIER_UNKNOWN;
	e->source = s ? sentence_copy(s->id) : NULL;
	e->at_source_us = s ? moment_printed(s, at->at_us) : INSTANT_NONE;
	struct text line = {0};
	/* Source keys and excerpts come from outside: control characters would break the line. */
	text_append_printable(&line, span_head(span_of(summary), SUMMARY_BYTES));
	memory_free(summary);
	e->summary = sentence_take(&line);
	struct text what = {0};
	text_format(&what, "entry.%s", kind);
	e->id = sentence_id(what.at, e->summary, s ? s->key : NULL, at->at_us);
	text_release(&what);
	if (incident != SIZE_MAX)
		candidate_link(e, "incident", t->d->incidents[incident].id);
	return e;
}

static const struct burst *burst_by_id(const struct draft *d, const char *id)
{
	for (size_t i = 0; i < d->bursts_n; i++)
		if (!strcmp(d->bursts[i].id, id))
			return &d->bursts[i];
	return NULL;
}

/* The burst whose first event is the onset. */
static const struct burst *onset_burst(const struct draft *d, const struct incident *in)
{
	for (size_t i = 0; i < d->bursts_n; i++)
		if (incident_has(in, &d->bursts[i]) && d->bursts[i].onset.at_us == in->onset.at_us &&
		    d->bursts[i].onset.upper_us == in->onset.upper_us)
			return &d->bursts[i];
	return NULL;
}

/* ---- the frame: onset, peak, end ---- */

static void tell_frame(struct teller *t, size_t index)
{
	const struct incident *in = &t->d->incidents[index];
	const struct burst *first = onset_burst(t->d, in), *primary = incident_primary(t->f, t->d, in);
	struct text s = {0};
	text_format(&s,
		    in->gap_before	 ? "Incident begins, here or in the gap that the log has before it: %s. "
		    : in->censored_start ? "The logs begin within the incident: %s. "
					 : "Incident begins: %s. ",
		    in->title);
	if (first) {
		summary_sentence(&s, t->f, first);
		echo_words(&s, t->d, in, first);
		again_words(&s, t->d, in, first);
	}
	struct entry *e = add(t, RANK_FRAME, index, "onset", "critical", first ? first->source_index : SIZE_MAX, &in->onset,
			      sentence_take(&s));
	e->end_us = in->end.at_us;
	e->body = sentence_copy(in->onset.reason);
	if (first) {
		e->count = (struct known){true, (int64_t)first->count, NULL};
		candidate_link(e, "burst", first->id);
		evidence_copy(&first->evidence, 2, &e->evidence);
	} else {
		e->count.reason = sentence_copy("of several bursts");
	}
	text_append_string(&s, "Peak: ");
	sentence_counted(&s, primary->peak, symptom_refuses(primary->signal) ? "refusal" : "event");
	if (!symptom_refuses(primary->signal))
		text_format(&s, " of \"%s\"", summary_signal(t->f, primary->signal));
	text_format(&s, " in %u s at the %s (%s).", primary->width_s, sentence_tier(primary->tier), label_of(t->f, primary->source_index));
	e = add(t, RANK_TIER, index, "peak", "error", primary->source_index, &in->peak, sentence_take(&s));
	e->count = (struct known){true, (int64_t)primary->peak, NULL};
	candidate_link(e, "burst", primary->id);
	struct fold_series series = symptom_series(t->f, primary->source_index, primary->signal);
	const struct fold_bin *from, *to;
	int64_t peak_us = moment_printed(&t->f->sources[primary->source_index], primary->peak_at_us);
	if (symptom_span(&series, peak_us, peak_us + (int64_t)primary->width_s * SECOND_US - 1, &from, &to)) {
		evidence_bin(t->f, primary->source_index, from, false, &e->evidence);
		evidence_bin(t->f, primary->source_index, to, true, &e->evidence);
	}
	memory_free(series.bins);
}

/* The burst that ends the incident: of those that end with it one whose clock prints its zone, as the end itself was found. */
static const struct burst *end_burst(const struct fold *f, const struct draft *d, const struct incident *in)
{
	const struct burst *last = NULL;
	for (size_t i = 0; i < d->bursts_n; i++) {
		const struct burst *b = &d->bursts[i];
		if (!incident_has(in, b) || b->end.at_us != in->end.at_us)
			continue;
		if (!last || (moment_vague(&f->sources[last->source_index]) && !moment_vague(&f->sources[b->source_index])))
			last = b;
	}
	return last;
}

static void tell_end(struct teller *t, size_t index)
{
	const struct incident *in = &t->d->incidents[index];
	const struct burst *last = end_burst(t->f, t->d, in);
	struct text s = {0};
	text_append_string(&s, in->ongoing ? "The logs end before the incident is seen to end; so far it lasted "
					    : "Incident ends after ");
	sentence_duration(&s, in->end.at_us - in->onset.at_us);
	if (last)
		text_format(&s, ": last event of \"%s\" in %s", summary_signal(t->f, last->signal), label_of(t->f, last->source_index));
	text_append_byte(&s, '.');
	struct entry *e = add(t, RANK_FRAME, index, in->ongoing ? "ongoing" : "end", in->ongoing ? "critical" : "info",
			      last ? last->source_index : SIZE_MAX, &in->end, sentence_take(&s));
	e->count = one_record();
	if (!last)
		return;
	candidate_link(e, "burst", last->id);
	if (last->evidence.n) {
		/* The second piece of a burst's evidence is its last event; a burst of one record has one piece. */
		struct evidence_list one = {&last->evidence.items[last->evidence.n > 1], 1, 1};
		evidence_copy(&one, 1, &e->evidence);
	}
}

/* ---- symptoms ---- */

static void tell_burst(struct teller *t, size_t index, const struct burst *b, enum rank rank, const struct propagation *p)
{
	bool visible = symptom_visible(t->f, b);
	struct text s = {0};
	summary_sentence(&s, t->f, b);
	if (index != SIZE_MAX) {
		echo_words(&s, t->d, &t->d->incidents[index], b);
		again_words(&s, t->d, &t->d->incidents[index], b);
	}
	if (p && p->onset.at_us < b->onset.at_us) {
		text_format(&s, " The first sign of the incident in the %s was at ", sentence_tier(b->tier));
		sentence_time(&s, p->onset.at_us);
		text_append_string(&s, ", before this burst.");
	} else if (p && p->lag_us != INSTANT_NONE) {
		/* A stamp of a whole second can lie before the first event without having happened before it. */
		text_append_string(&s, " First symptom of the ");
		text_append_string(&s, sentence_tier(b->tier));
		if (p->reason) {
			text_format(&s, ", after the onset: %s.", p->reason);
		} else if (p->provable) {
			text_append_string(&s, ", ");
			sentence_duration(&s, p->lag_us);
			text_append_string(&s, " after the onset.");
		} else {
			text_append_string(&s, "; its order with the onset is not provable.");
		}
	}
	struct entry *e = add(t, rank, index, "symptom", visible ? "error" : "warning", b->source_index, &b->onset, sentence_take(&s));
	e->end_us = b->end.at_us;
	e->body = sentence_copy(b->why);
	e->count = (struct known){true, (int64_t)b->count, NULL};
	candidate_link(e, "burst", b->id);
	evidence_copy(&b->evidence, 3, &e->evidence);
}

/* The first burst of a tier matters most, then the first of a (tier, signal), then the rest. */
static void tell_symptoms(struct teller *t, size_t index)
{
	const struct incident *in = &t->d->incidents[index];
	const struct burst *onset = onset_burst(t->d, in);
	bool *told = memory_new(t->d->bursts_n, sizeof *told);
	bool tier_told[TIER_COUNT] = {false};
	if (onset) {
		told[onset - t->d->bursts] = true;
		tier_told[onset->tier] = true;
	}
	for (size_t i = 0; i < in->propagation_n; i++) {
		const struct propagation *p = &in->propagation[i];
		const struct burst *b = burst_by_id(t->d, p->burst), *refusals = b ? echo_refusals(t->d, in, b) : NULL;
		b = refusals ? refusals : b;
		if (!b || told[b - t->d->bursts])
			continue;
		tell_burst(t, index, b, tier_told[b->tier] ? RANK_DETAIL : RANK_TIER, tier_told[b->tier] ? NULL : p);
		told[b - t->d->bursts] = tier_told[b->tier] = true;
	}
	for (size_t i = 0; i < t->d->bursts_n; i++) {
		const struct burst *b = &t->d->bursts[i];
		if (told[i] || !incident_has(in, b) || echo_refusals(t->d, in, b))
			continue;
		const struct burst *first = again_first(t->d, in, told, b);
		bool often = first && again_find(t->d, in, first).n > AGAIN_TOLD;
		tell_burst(t, index, b, !first ? RANK_SIGNAL : often ? RANK_UNTOLD : RANK_MINOR, NULL);
		told[i] = true;
	}
	memory_free(told);
}

/* The last event of each tier that users were hit by. */
static void tell_tier_ends(struct teller *t, size_t index)
{
	const struct incident *in = &t->d->incidents[index];
	const struct burst *incident_last = end_burst(t->f, t->d, in), *primary = incident_primary(t->f, t->d, in);
	for (size_t tier = 0; tier < TIER_COUNT; tier++) {
		const struct burst *last = NULL;
		for (size_t i = 0; i < t->d->bursts_n; i++) {
			const struct burst *b = &t->d->bursts[i];
			if (incident_has(in, b) && b->tier == (enum tier)tier && (!last || b->end.at_us > last->end.at_us))
				last = b;
		}
		if (!last || (incident_last && incident_last->tier == last->tier) || !last->evidence.n)
			continue;
		/* That all tiers end with the incident is what a reader expects; of the one that gives it its name it is told. */
		int64_t apart_us = incident_last ? last->end.at_us - incident_last->end.at_us : SECOND_US;
		if (last->tier != primary->tier && apart_us > -SECOND_US && apart_us < SECOND_US)
			continue;
		struct text s = {0};
		text_format(&s, "Last symptom of the %s: \"%s\" in %s.", sentence_tier(last->tier), summary_signal(t->f, last->signal),
			    label_of(t->f, last->source_index));
		struct entry *e = add(t, RANK_CHANGE, index, "tier_end", "info", last->source_index, &last->end, sentence_take(&s));
		e->count = one_record();
		candidate_link(e, "burst", last->id);
		struct evidence_list one = {&last->evidence.items[last->evidence.n > 1], 1, 1};
		evidence_copy(&one, 1, &e->evidence);
	}
}

/* ---- changes ---- */

static void tell_change(struct teller *t, size_t index, const struct change *c)
{
	if (c->stated)
		return; /* tell_happened() does */
	bool crash = !strcmp(c->kind, "crash"), deploy = !strcmp(c->kind, "deploy") || !strcmp(c->kind, "rollback");
	bool db = c->tier == TIER_DB;
	bool near = index != SIZE_MAX && (c->at.at_us >= t->d->incidents[index].onset.at_us - 15 * MINUTE_US || deploy);
	enum rank rank = !near ? RANK_DETAIL : crash || deploy || db ? RANK_TIER : RANK_CHANGE;
	struct text s = {0};
	text_append_string(&s, c->summary);
	if (s.len && s.at[0] >= 'a' && s.at[0] <= 'z')
		s.at[0] = (char)(s.at[0] - 'a' + 'A');
	if (index != SIZE_MAX)
		suspect_verdict(&s, &t->d->incidents[index], c);
	text_append_byte(&s, '.');
	struct entry *e = add(t, rank, index, c->kind, crash ? "critical" : !strcmp(c->kind, "stop") && db ? "warning" : "info",
			      c->source_index, &c->at, sentence_take(&s));
	e->end_us = c->end_us;
	/* Of what was done against it people ask whether it helped; of what came after the end nobody asks whether it was the cause. */
	if (index != SIZE_MAX && c->at.at_us <= t->d->incidents[index].end.at_us)
		e->body = sentence_copy(c->mitigation.answered ? c->mitigation.text : c->reason);
	if (!strcmp(c->kind, "traffic_surge"))
		e->count.reason = sentence_copy("a rate that rises is no record");
	else
		e->count = (struct known){true, (int64_t)(c->evidence.n ? c->evidence.n : 1), NULL};
	candidate_link(e, "change", c->id);
	evidence_copy(&c->evidence, 4, &e->evidence);
	if (!db || c->end_us == INSTANT_NONE || c->evidence.n < 2)
		return;
	struct moment ready = {c->end_us, c->end_us - (c->at.at_us - c->at.lower_us), c->end_us + (c->at.upper_us - c->at.at_us), NULL};
	text_append_string(&s, "The database is ready for connections again, ");
	sentence_duration(&s, c->end_us - c->at.at_us);
	text_append_string(&s, crash ? " after the crash." : " after the shutdown.");
	e = add(t, rank, index, "ready", "info", c->source_index, &ready, sentence_take(&s));
	e->count = one_record();
	candidate_link(e, "change", c->id);
	struct evidence_list one = {&c->evidence.items[c->evidence.n - 1], 1, 1};
	evidence_copy(&one, 1, &e->evidence);
}

/* Changes that belong to no incident. */
static void tell_other_changes(struct teller *t, const struct change_list *changes)
{
	for (size_t i = 0; i < changes->n; i++) {
		bool told = false;
		for (size_t k = 0; k < t->d->incidents_n && !told; k++)
			for (size_t j = 0; j < t->d->incidents[k].changes_n && !told; j++)
				told = !strcmp(t->d->incidents[k].changes[j].id, changes->items[i].id);
		if (!told)
			tell_change(t, SIZE_MAX, &changes->items[i]);
	}
}

/* ---- context, silences, damage ---- */

/* The class with most events of a signal in an interval; "" when none. Borrowed. */
static const char *main_class(const struct fold_source *s, const char *signal, int64_t from_us, int64_t to_us)
{
	const char *best = "";
	uint64_t most = 0;
	for (size_t i = 0; i < s->series_n; i++) {
		uint64_t n = s->series[i].facet == FACET_NONE && !strcmp(s->series[i].signal, signal)
				     ? symptom_count(&s->series[i], from_us, to_us)
				     : 0;
		if (n > most) {
			most = n;
			best = s->series[i].class;
		}
	}
	return best;
}

/* Context is told when there is CONTEXT_TIMES as much of it around the incident as otherwise: a checkpoint every five minutes says
 * nothing, twenty lock waits in the minute before the onset do. */
static bool is_unusual(const struct fold_source *s, const struct fold_series *series, int64_t from_us, int64_t to_us, uint64_t count)
{
	enum { CONTEXT_TIMES = 3, CONTEXT_LEAST = 2 };
	__extension__ typedef unsigned __int128 wide;
	int64_t inside_us = to_us - from_us + SECOND_US, outside_us = s->last_us - s->first_us - inside_us;
	uint64_t outside = series->total - count;
	return count >= CONTEXT_LEAST &&
	       (!outside || outside_us <= 0 || (wide)count * (uint64_t)outside_us >= (wide)outside * (uint64_t)inside_us * CONTEXT_TIMES);
}

/* Every stop and start of a database brings a checkpoint or two, which the change itself tells well enough. */
static bool is_routine(const struct incident *in, const char *signal, uint64_t count)
{
	uint64_t expected = 0;
	for (size_t i = 0; i < in->changes_n; i++)
		expected += in->changes[i].tier == TIER_DB ? 2 : 0;
	return !strcmp(signal, "db.checkpoint") && count <= expected;
}

static void tell_context_of(struct teller *t, size_t index, size_t source, const char *signal)
{
	const struct fold_source *s = &t->f->sources[source];
	const struct incident *in = &t->d->incidents[index];
	const struct fold_bin *first, *last;
	struct fold_series series = fold_signal(s, signal);
	int64_t from = moment_printed(s, in->onset.at_us) - CONTEXT_BEFORE_US, to = moment_printed(s, in->end.at_us);
	uint64_t count = symptom_count(&series, from, to);
	/* The first lock wait is told with all that follow. */
	if (in->locks.known && !strcmp(signal, "db.lock_wait") && !strcmp(main_class(s, signal, from, to), "lock.wait"))
		count = 0;
	if (count && !is_routine(in, signal, count) && is_unusual(s, &series, from, to, count) && symptom_span(&series, from, to, &first, &last)) {
		/* A burst-like view of it, so that the signal's own sentence can be used. */
		struct burst view = {.signal = (char *)(uintptr_t)signal, .class = (char *)(uintptr_t)main_class(s, signal, from, to),
				     .tier = s->tier, .count = count, .source_index = source,
				     .first_us = symptom_first_us(first), .last_us = symptom_last_us(last)};
		struct moment at = moment_of(s, view.first_us);
		struct text line = {0};
		summary_sentence(&line, t->f, &view);
		text_append_string(&line, " The first is logged ");
		sentence_duration(&line, at.at_us - in->onset.at_us);
		text_append_string(&line, at.at_us < in->onset.at_us ? " before the onset." : " after the onset.");
		struct entry *e = add(t, RANK_DETAIL, index, "context", "info", source, &at, sentence_take(&line));
		e->end_us = fold_utc(s, view.last_us);
		e->count = (struct known){true, (int64_t)view.count, NULL};
		evidence_bin(t->f, source, first, false, &e->evidence);
		evidence_bin(t->f, source, last, true, &e->evidence);
	}
	memory_free(series.bins);
}

/* True when a burst at that time stands for the refusal. */
static bool in_burst(const struct draft *d, const struct refusal *r)
{
	for (size_t i = 0; i < d->bursts_n; i++) {
		const struct burst *b = &d->bursts[i];
		if (strcmp(b->source, r->source) || b->onset.at_us > r->end.at_us || b->end.at_us < r->onset.at_us)
			continue;
		for (size_t k = 0; k < b->classes.n; k++)
			if (!strcmp(b->classes.items[k].name, r->class))
				return true;
	}
	return false;
}

/* Refusals of an incident that no burst stands for: another limit that was hit a few times, another instance. */
static void tell_refusal(struct teller *t, size_t index, const struct refusal *r)
{
	for (size_t i = 0; i < t->f->n; i++) {
		const struct fold_source *s = &t->f->sources[i];
		int64_t from = moment_printed(s, r->onset.at_us), to = moment_printed(s, r->end.at_us);
		for (size_t k = 0; !strcmp(s->id, r->source) && k < s->series_n; k++) {
			const struct fold_series *series = &s->series[k];
			const struct fold_bin *first, *last;
			if (series->facet != FACET_NONE || !symptom_refuses(series->signal) || strcmp(series->class, r->class) ||
			    !symptom_span(series, from, to, &first, &last))
				continue;
			struct text line = {0};
			text_format(&line, "Also \"%s\": ", summary_signal(t->f, series->signal));
			sentence_counted(&line, r->count, "time");
			text_format(&line, " in %s", label_of(t->f, i));
			if (r->end.at_us > r->onset.at_us) {
				text_append_string(&line, " within ");
				sentence_duration(&line, r->end.at_us - r->onset.at_us);
			}
			text_format(&line, " (%s), too few or too short for a burst.", r->class);
			struct entry *e = add(t, r->echo ? RANK_DETAIL : RANK_SIGNAL, index, "symptom", "warning", i, &r->onset,
					      sentence_take(&line));
			e->end_us = r->end.at_us;
			e->count = (struct known){true, (int64_t)r->count, NULL};
			evidence_bin(t->f, i, first, false, &e->evidence);
			if (r->count > 1)
				evidence_bin(t->f, i, last, true, &e->evidence);
			return;
		}
	}
}

static void tell_lone_refusals(struct teller *t, size_t index)
{
	const struct incident *in = &t->d->incidents[index];
	for (size_t i = 0; i < in->refusals_n; i++) {
		const struct refusal *r = &in->refusals[i];
		/* Limits of one role or database are findings with more to tell. */
		bool found = !r->echo && (!strcmp(r->class, "db.role_limit") || !strcmp(r->class, "db.database_limit"));
		if (!found && !in_burst(t->d, r))
			tell_refusal(t, index, r);
	}
}

static void tell_strays(struct teller *t, size_t index)
{
	for (int after = 0; after < 2; after++) {
		struct stray s = stray_find(t->f, t->d, &t->d->incidents[index], after);
		if (!s.count)
			continue;
		struct moment at = moment_of(&t->f->sources[s.source], s.first_us);
		struct text line = {0};
		stray_sentence(&line, t->f, &s, after);
		text_append_byte(&line, '.');
		struct entry *e = add(t, RANK_SIGNAL, index, "context", "warning", s.source, &at, sentence_take(&line));
		e->end_us = s.count > 1 ? fold_utc(&t->f->sources[s.source], s.last_us) : INSTANT_NONE;
		e->count = (struct known){true, (int64_t)s.count, NULL};
		evidence_bin(t->f, s.source, &s.edge, after, &e->evidence);
	}
}

static void tell_context(struct teller *t, size_t index)
{
	for (size_t i = 0; i < t->f->n; i++)
		for (size_t k = 0; source_counts(&t->f->sources[i]) && k < signal_count(t->f->signals); k++)
			if (signal_at(t->f->signals, k)->role == ROLE_CONTEXT)
				tell_context_of(t, index, i, signal_at(t->f->signals, k)->name);
}

/* The incident to whose story an interval belongs; SIZE_MAX: none. */
static size_t incident_near(const struct draft *d, int64_t from_us, int64_t to_us)
{
	for (size_t i = 0; i < d->incidents_n; i++)
		if (to_us >= d->incidents[i].onset.at_us - TIMELINE_AROUND_US && from_us <= d->incidents[i].end.at_us + TIMELINE_AROUND_US)
			return i;
	return SIZE_MAX;
}

static void tell_gaps(struct teller *t, size_t source)
{
	const struct source *s = &t->d->sources[source];
	for (size_t i = 0; i < s->gaps_n; i++) {
		struct moment at = moment_of(&t->f->sources[source], t->f->sources[source].gaps[i].start_us);
		struct text line = {0};
		text_format(&line, "%s is silent for ", label_of(t->f, source));
		sentence_duration(&line, s->gaps[i].end_us - s->gaps[i].start_us);
		text_append_string(&line, ": no line of any kind.");
		size_t near = incident_near(t->d, s->gaps[i].start_us, s->gaps[i].end_us);
		struct entry *e = add(t, near == SIZE_MAX ? RANK_DETAIL : RANK_CHANGE, near, "gap", "warning", source, &at,
				      sentence_take(&line));
		e->end_us = s->gaps[i].end_us;
		e->count.reason = sentence_copy("a silence has no records");
	}
}

static void tell_damage(struct teller *t, size_t source)
{
	const struct source *s = &t->d->sources[source];
	for (size_t i = 0; i < s->truncated_n; i++) {
		const struct source_truncated *x = &s->truncated[i];
		if (x->lost_from_us == INSTANT_NONE)
			continue;
		const struct fold_source *fs = &t->f->sources[source];
		struct moment at = moment_of(fs, moment_printed(fs, x->lost_from_us));
		struct text line = {0};
		text_format(&line, "\"%s\" is damaged (%s): nothing of it can be read after this", x->path, x->kind);
		if (x->lost_until_us != INSTANT_NONE) {
			text_append_string(&line, " until ");
			sentence_time(&line, x->lost_until_us);
		}
		text_append_byte(&line, '.');
		size_t near = incident_near(t->d, x->lost_from_us, x->lost_until_us != INSTANT_NONE ? x->lost_until_us : x->lost_from_us);
		struct entry *e = add(t, RANK_CHANGE, near, "truncated", "warning", source, &at, sentence_take(&line));
		e->end_us = x->lost_until_us;
		e->count.reason = sentence_copy("what is lost cannot be counted");
	}
}

static void tell_note(struct teller *t, struct note *n)
{
	/* What is new in an incident and counted by the minute is not told before the incident begins: its stamp is the minute's. */
	const struct moment *onset = n->incident != SIZE_MAX ? &t->d->incidents[n->incident].onset : NULL;
	if (onset && !strcmp(n->kind, "finding") && n->at.at_us < onset->at_us && n->at.at_us == n->at.lower_us && n->at.upper_us > onset->at_us)
		n->at.at_us = onset->at_us;
	struct entry *e = add(t, n->rank, n->incident, n->kind, n->severity, n->source, &n->at, n->sentence);
	n->sentence = NULL; /* taken */
	if (n->source == SIZE_MAX)
		e->tier = n->tier;
	e->end_us = n->end_us;
	e->count = (struct known){n->count.known, n->count.value, sentence_copy(n->count.reason)};
	evidence_copy(&n->evidence, SIZE_MAX, &e->evidence);
}

/* What people stated: the files of events stand in the place of a source. */
static void tell_happened(struct teller *t, const struct happened *h)
{
	const struct change *c = happened_change(t->d, h), *named = c ? NULL : happened_names(t->d, h);
	struct text s = {0};
	char *words = happened_sentence(h->event);
	text_append_string(&s, words);
	memory_free(words);
	if (c)
		suspect_verdict(&s, &t->d->incidents[h->incident], c);
	else if (named)
		suspect_named(&s, named);
	struct moment at = detection_at(h->event);
	struct entry *e = add(t, h->rank, h->incident, statedevent_kind_name(h->event->kind), h->event->kind == EVENT_ALERT ? "warning" : "info",
			      SIZE_MAX, &at, sentence_take(&s));
	e->tier = statedevent_kind_tier(h->event->kind);
	e->source = sentence_copy(h->source->id);
	e->at_source_us = at.at_us;
	e->body = happened_body(h);
	e->count = one_record();
	happened_evidence(h, &e->evidence);
	if (c || named)
		candidate_link(e, "change", c ? c->id : named->id);
}

void timeline_tell(const struct fold *f, const struct change_list *changes, struct note_list *notes, struct draft *d)
{
	struct teller t = {f, d, {0}};
	struct happened_list happened = {0};
	for (size_t i = 0; i < d->incidents_n; i++) {
		tell_frame(&t, i);
		tell_end(&t, i);
		tell_symptoms(&t, i);
		tell_tier_ends(&t, i);
		for (size_t k = 0; k < d->incidents[i].changes_n; k++)
			tell_change(&t, i, &d->incidents[i].changes[k]);
		tell_lone_refusals(&t, i);
		tell_strays(&t, i);
		tell_context(&t, i);
	}
	for (size_t i = 0; i < notes->n; i++)
		tell_note(&t, &notes->items[i]);
	tell_other_changes(&t, changes);
	for (size_t i = 0; i < d->bursts_n; i++)
		if (!d->bursts[i].incident)
			tell_burst(&t, SIZE_MAX, &d->bursts[i], RANK_SIGNAL, NULL);
	for (size_t i = 0; i < d->sources_n; i++) {
		tell_gaps(&t, i);
		tell_damage(&t, i);
	}
	window_candidates(&t.list, d);
	happened_find(f, d, &happened);
	for (size_t i = 0; i < happened.n; i++)
		tell_happened(&t, &happened.items[i]);
	memory_free(happened.items);
	d->left_out = candidate_choose(&t.list, TIMELINE_MOST, TIMELINE_OUTSIDE, &d->timeline, &d->timeline_n);
}
