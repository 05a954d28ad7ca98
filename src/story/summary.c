#include "story/summary.h"

#include "fold/label.h"
#include "fold/moment.h"
#include "fold/sentence.h"
#include "incident/incident.h"
#include "incident/refusal.h"
#include "incident/symptom.h"
#include "story/stray.h"
#include "story/suspect.h"

/* "http.500"; of several classes how many of each: one name over a mixed count would be wrong. */
static void append_classes(struct text *t, const struct burst *b)
{
	enum { TOLD = 3 };
	if (b->classes.n < 2) {
		text_append_string(t, b->class);
		return;
	}
	uint64_t rest = 0;
	for (size_t i = 0; i < b->classes.n; i++) {
		if (i >= TOLD) {
			rest += b->classes.items[i].count;
			continue;
		}
		text_append_string(t, i ? ", " : "");
		sentence_count(t, b->classes.items[i].count);
		text_format(t, " %s", b->classes.items[i].name);
	}
	if (rest) {
		text_append_string(t, ", ");
		sentence_count(t, rest);
		text_append_string(t, " others");
	}
}

static void append_field(struct text *t, struct span name, const struct fold *f, const struct burst *b)
{
	if (span_equal(name, SPAN("count")))
		sentence_count(t, b->count);
	else if (span_equal(name, SPAN("tier")))
		text_append_string(t, sentence_tier(b->tier));
	else if (span_equal(name, SPAN("source")))
		text_append_string(t, label_of(f, b->source_index));
	else if (span_equal(name, SPAN("class")))
		append_classes(t, b);
	else if (span_equal(name, SPAN("duration")))
		sentence_duration(t, b->last_us - b->first_us);
}

void summary_sentence(struct text *t, const struct fold *f, const struct burst *b)
{
	const struct signal *s = signal_find(f->signals, span_of(b->signal));
	if (!s || !s->sentence || !*s->sentence) {
		sentence_counted(t, b->count, "event");
		text_format(t, " of %s in %s", b->signal, label_of(f, b->source_index));
		return;
	}
	struct span rest = span_of(s->sentence);
	for (ptrdiff_t open; (open = span_find_byte(rest, '{')) >= 0;) {
		/* A signal without classes leaves no empty brackets. */
		if (!*b->class && span_starts(span_from(rest, (size_t)open), SPAN("{class})")) && open >= 2 &&
		    rest.at[open - 1] == '(' && rest.at[open - 2] == ' ') {
			text_append(t, span_head(rest, (size_t)open - 2));
			rest = span_from(rest, (size_t)open + 8);
			continue;
		}
		text_append(t, span_head(rest, (size_t)open));
		rest = span_from(rest, (size_t)open + 1);
		append_field(t, span_cut(&rest, '}'), f, b);
	}
	text_append(t, rest);
	if (b->gap_before_us) {
		text_append_string(t, " Its log has a gap before it, from ");
		sentence_time(t, b->onset.lower_us);
		text_append_string(t, " on: it may have begun in that.");
	}
}

const char *summary_signal(const struct fold *f, const char *signal)
{
	const struct signal *s = signal_find(f->signals, span_of(signal));
	return s && s->title && *s->title ? s->title : signal;
}

static void append_capital(struct text *t, const char *string)
{
	size_t at = t->len;
	text_append_string(t, string);
	if (t->len > at && t->at[at] >= 'a' && t->at[at] <= 'z')
		t->at[at] = (char)(t->at[at] - 'a' + 'A');
}

/* What an incident is called. A database that is not ready is one that crashed or was restarted, when its log states that. */
static const char *title_of(const struct fold *f, const struct incident *in, const struct burst *primary)
{
	const struct cause *cause = in->causes_n ? &in->causes[0] : NULL;
	if (!strcmp(primary->signal, "db.starting_up") && cause && !strcmp(cause->word, "probable")) {
		if (!strcmp(cause->cause, "database_crash"))
			return "database crashed";
		if (!strcmp(cause->cause, "database_restart"))
			return "database restarted";
	}
	return summary_signal(f, primary->signal);
}

/* True when a refusal of another class than the burst's was counted: a title with one class would blame it for all of them. */
static bool other_refusals(const struct incident *in, const struct burst *primary)
{
	for (size_t i = 0; symptom_refuses(primary->signal) && i < in->refusals_n; i++)
		if (!in->refusals[i].echo && strcmp(in->refusals[i].class, primary->class))
			return true;
	return primary->classes.n > 1;
}

/* True when the log in which the requests are counted says of itself that it was refused: it need not print a status with each
 * failure. */
static bool refused_itself(const struct incident *in)
{
	for (size_t i = 0; in->impact.measured_at && i < in->refusals_n; i++)
		if (!strcmp(in->refusals[i].source, in->impact.measured_at))
			return true;
	return false;
}

void summary_titles(const struct fold *f, struct draft *d)
{
	for (size_t i = 0; i < d->incidents_n; i++) {
		struct incident *in = &d->incidents[i];
		const struct burst *b = incident_primary(f, d, in);
		struct text t = {0};
		append_capital(&t, title_of(f, in, b));
		if (*b->class && strcmp(b->class, b->signal))
			text_format(&t, other_refusals(in, b) ? " (%s and others)" : " (%s)", b->class);
		/* Somebody was refused, and no user saw it: a reader of many drafts wants to know first. */
		if (!refused_itself(in) && in->impact.requests.known && in->impact.requests.value && in->impact.failed.known && !in->impact.failed.value)
			text_append_string(&t, ", no request failed");
		text_append_string(&t, ", ");
		sentence_date(&t, in->onset.at_us, !d->year_unknown);
		text_append_byte(&t, ' ');
		sentence_time(&t, in->onset.at_us);
		text_append_string(&t, in->ongoing ? " to at least " : " to ");
		sentence_time(&t, in->end.at_us);
		text_append_string(&t, d->year_unknown ? " UTC of an unknown year" : " UTC");
		in->title = sentence_take(&t);
	}
}

/* The same again after a pause: "Again at 11:33:06 (155)." */
static void append_again(struct text *t, const struct draft *d, const struct incident *in, const struct burst *first)
{
	enum { TOLD = 3 };
	size_t n = 0;
	for (size_t i = 0; i < d->bursts_n; i++) {
		const struct burst *b = &d->bursts[i];
		if (b == first || !incident_has(in, b) || b->source_index != first->source_index || strcmp(b->signal, first->signal))
			continue;
		if (n++ >= TOLD)
			continue;
		text_append_string(t, n == 1 ? " Again at " : ", ");
		sentence_time(t, b->onset.at_us);
		text_append_string(t, " (");
		sentence_count(t, b->count);
		text_append_byte(t, ')');
	}
	if (n > TOLD) {
		text_append_string(t, " and ");
		sentence_counted(t, n - TOLD, "time");
		text_append_string(t, " more");
	}
	text_append_string(t, n ? "." : "");
}

static char *began_text(const struct fold *f, const struct draft *d, const struct incident *in)
{
	if (!in->propagation_n)
		return NULL;
	const struct propagation *first = &in->propagation[0];
	/* The burst whose first event the onset is; where none is, the one that nothing is proved to precede. */
	const struct burst *b = NULL, *of_first = NULL;
	for (size_t i = 0; i < d->bursts_n; i++) {
		const struct burst *x = &d->bursts[i];
		of_first = !of_first && !strcmp(x->id, first->burst) ? x : of_first;
		b = !b && incident_has(in, x) && x->onset.at_us == in->onset.at_us && x->onset.upper_us == in->onset.upper_us ? x : b;
	}
	b = of_first && of_first->onset.at_us == in->onset.at_us ? of_first : b ? b : of_first;
	bool proved = true;
	for (size_t i = 1; i < in->propagation_n; i++)
		proved &= in->propagation[i].provable;
	struct text t = {0};
	text_append_string(&t, in->gap_before	    ? "First symptom after a gap in the log, at "
			       : in->censored_start ? "It was already on when the log begins to tell of it, at "
			       : proved		  ? "First symptom at "
						  : "First provable symptom at ");
	sentence_time(&t, in->onset.at_us);
	text_format(&t, " UTC in the %s", sentence_tier(b ? b->tier : first->tier));
	if (b) {
		text_append_string(&t, ". ");
		summary_sentence(&t, f, b);
		append_again(&t, d, in, b);
	}
	return sentence_take(&t);
}

static void append_at(struct text *t, const struct propagation *p)
{
	text_append_string(t, " at ");
	sentence_time(t, p->onset.at_us);
}

/* By what it logged it came after the first; in the same second its clock may show less. */
static void append_reason(struct text *t, const struct propagation *p, const struct propagation *first)
{
	if (p->onset.at_us / SECOND_US != first->onset.at_us / SECOND_US)
		append_at(t, p);
	text_format(t, " (%s)", p->reason);
}

/* One clause per tier: those that nothing is proved to precede, then those that are proved to have come later. */
static char *spread_text(const struct draft *d, const struct incident *in)
{
	const struct propagation *tiers[TIER_COUNT];
	bool told[TIER_COUNT] = {false};
	size_t n = 0, together = 1;
	struct text t = {0};
	if (in->propagation_n < 2)
		return NULL;
	for (size_t i = 0; i < in->propagation_n; i++) {
		const struct propagation *p = &in->propagation[i];
		if (told[p->tier])
			continue;
		told[p->tier] = true;
		tiers[n++] = p;
		together += i && !p->provable;
	}
	/* A database that says that it crashed or stopped has said its first sign: what it refused afterwards is no proof that it was late. */
	const struct cause *why = in->causes_n && !strncmp(in->causes[0].cause, "database_", strlen("database_")) ? &in->causes[0] : NULL;
	struct propagation own;
	for (size_t i = 1; why && i < n; i++) {
		if (tiers[i]->tier != TIER_DB || why->at.at_us >= tiers[i]->onset.at_us || !tiers[i]->provable)
			continue;
		own = *tiers[i];
		own.onset.at_us = why->at.at_us;
		own.provable = false;
		own.reason = NULL;
		tiers[i] = &own;
		together++;
	}
	append_capital(&t, sentence_tier(tiers[0]->tier));
	if (n == 1) {
		text_format(&t, " only, %zu sources of it.", in->propagation_n);
		return sentence_take(&t);
	}
	if (together == 1)
		text_append_string(&t, " first");
	bool same = together > 1; /* in the second that is printed */
	for (size_t i = 1; i < n; i++)
		same &= tiers[i]->provable || tiers[i]->onset.at_us / SECOND_US == tiers[0]->onset.at_us / SECOND_US;
	if (!same)
		append_at(&t, tiers[0]);
	size_t told_n = 1;
	for (size_t i = 1; i < n; i++) {
		if (tiers[i]->provable)
			continue;
		text_append_string(&t, ++told_n == together ? " and " : ", ");
		text_append_string(&t, sentence_tier(tiers[i]->tier));
		if (!same)
			append_at(&t, tiers[i]);
	}
	if (same)
		append_at(&t, tiers[0]);
	if (together > 1)
		text_append_string(&t, ": the clocks do not prove which was first");
	bool clocks = false;
	for (size_t i = 1; i < n; i++) {
		if (!tiers[i]->provable)
			continue;
		text_format(&t, together > 1 && told_n++ == together ? "; then the %s" : ", then the %s",
			    sentence_tier(tiers[i]->tier));
		clocks |= !tiers[i]->reason;
		if (tiers[i]->reason)
			append_reason(&t, tiers[i], tiers[0]);
		else
			append_at(&t, tiers[i]);
	}
	if (clocks) {
		text_append_string(&t, ", if the clocks agree within ");
		sentence_duration(&t, d->numbers.assumed_skew_us);
	}
	text_append_byte(&t, '.');
	return sentence_take(&t);
}

static void append_latency(struct text *t, const struct impact *i)
{
	if (!i->during.p95_us.known)
		return;
	/* Errors come fast: an answer that is no slower says nothing of those who got what they asked for. */
	if (i->before.p95_us.known && i->during.p95_us.value <= i->before.p95_us.value && i->failed.known && i->failed.value)
		return;
	/* Durations are counted in whole intervals: of a short incident these hold more requests than its own. */
	if (i->requests.known && i->during.requests.known && i->during.requests.value > i->requests.value + i->requests.value / 4) {
		text_append_string(t, " In the whole intervals that hold it, 95 % of ");
		sentence_count(t, (uint64_t)i->during.requests.value);
		text_append_string(t, " requests, failed ones included, were answered within ");
	} else {
		text_append_string(t, " 95 % of the requests, failed ones included, were answered within ");
	}
	sentence_duration(t, i->during.p95_us.value);
	/* What 95 % of a handful is says nothing to compare with. */
	const int64_t least = 20;
	if (i->before.p95_us.known && i->before.requests.known && i->before.requests.value >= least) {
		text_append_string(t, " (before: ");
		sentence_duration(t, i->before.p95_us.value);
		text_append_byte(t, ')');
	}
	text_append_byte(t, '.');
}

/* Single events around the incident: it is no clean start, or not quite over. */
static void append_strays(struct text *t, const struct fold *f, const struct draft *d, const struct incident *in)
{
	for (int after = 0; after < 2; after++) {
		struct stray s = stray_find(f, d, in, after);
		if (!s.count)
			continue;
		text_append_byte(t, ' ');
		stray_sentence(t, f, &s, after);
		text_append_byte(t, '.');
	}
}

/* True when a number of the impact was counted in this source's tier, or in this source. */
static bool counts_in(const struct draft *d, const struct incident *in, const struct source *s)
{
	for (size_t i = 0; i < in->refusals_n; i++)
		if (!in->refusals[i].echo && !strcmp(in->refusals[i].source, s->id))
			return true;
	for (size_t i = 0; in->impact.measured_at && i < d->sources_n; i++)
		if (!strcmp(d->sources[i].id, in->impact.measured_at))
			return d->sources[i].tier == s->tier;
	return false;
}

/* Sources of which lines from the time of the incident cannot be read. */
static void append_losses(struct text *t, const struct fold *f, const struct draft *d, const struct incident *in)
{
	size_t told = 0;
	for (size_t i = 0; i < d->sources_n; i++) {
		const struct source *s = &d->sources[i];
		bool lost = false;
		for (size_t k = 0; k < s->truncated_n; k++) {
			const struct source_truncated *x = &s->truncated[k];
			lost |= x->lost_from_us != INSTANT_NONE && x->lost_from_us <= in->end.at_us &&
				(x->lost_until_us == INSTANT_NONE || x->lost_until_us >= in->onset.at_us);
		}
		if (!lost || !counts_in(d, in, s))
			continue;
		text_append_string(t, told++ ? ", " : " Too low are the counts from ");
		text_append_string(t, label_of(f, i));
	}
	text_append_string(t, told ? ": lines from this time are lost." : "");
}

/* Those that say nothing for a part of it, or right before it: a burst's own log may have met its first events then. */
static void append_silences(struct text *t, const struct fold *f, const struct draft *d, const struct incident *in)
{
	for (size_t i = 0; i < d->sources_n; i++) {
		const struct source *s = &d->sources[i];
		int64_t from_us = INT64_MAX, to_us = INT64_MIN;
		size_t told = 0;
		for (size_t k = 0; k < d->bursts_n; k++) {
			const struct burst *b = &d->bursts[k];
			if (b->source_index != i || !incident_has(in, b))
				continue;
			from_us = b->onset.lower_us < from_us ? b->onset.lower_us : from_us;
			to_us = b->end.upper_us > to_us ? b->end.upper_us : to_us;
		}
		for (size_t k = 0; k < s->gaps_n && counts_in(d, in, s); k++) {
			if (s->gaps[k].end_us <= from_us || s->gaps[k].start_us >= to_us)
				continue;
			if (told++)
				text_append_string(t, ", and");
			else
				text_format(t, " The counts from %s may be too low: it is silent", label_of(f, i));
			text_append_string(t, " from ");
			sentence_time(t, s->gaps[k].start_us);
			text_append_string(t, " to ");
			sentence_time(t, s->gaps[k].end_us);
		}
		text_append_string(t, told ? "." : "");
	}
}

static char *impact_text(const struct fold *f, const struct draft *d, const struct incident *in)
{
	const struct impact *i = &in->impact;
	struct text t = {0};
	if (i->failed.known && i->requests.known) {
		sentence_count(&t, (uint64_t)i->failed.value);
		text_append_string(&t, " of ");
		sentence_counted(&t, (uint64_t)i->requests.value, "request");
		text_append_string(&t, " failed");
		if (i->failed_ppm.known) {
			text_append_string(&t, " (");
			sentence_share(&t, i->failed_ppm.value);
			if (i->baseline_failed_ppm.known) {
				text_append_string(&t, "; before: ");
				sentence_share(&t, i->baseline_failed_ppm.value);
			}
			text_append_byte(&t, ')');
		}
		text_append_byte(&t, '.');
	}
	if (!i->requests.known && i->requests.reason)
		text_format(&t, "How many requests failed is not known: %s.", i->requests.reason);
	if (in->refused.known && in->refused.value) {
		text_append_string(&t, t.len ? " " : "");
		sentence_counted(&t, (uint64_t)in->refused.value, "connection");
		text_append_string(&t, in->refused.value == 1 ? " was refused, counted in the " : " were refused, counted in the ");
		text_format(&t, "%s.", sentence_tier(refusal_tier(in)));
	}
	if (t.len) {
		append_losses(&t, f, d, in);
		append_silences(&t, f, d, in);
		append_strays(&t, f, d, in);
	}
	append_latency(&t, i);
	return t.len ? sentence_take(&t) : NULL;
}

/* True when a is the one to read first. */
static bool matters_more(const struct incident *a, const struct incident *b)
{
	int64_t failed[2] = {a->impact.failed.known ? a->impact.failed.value : 0, b->impact.failed.known ? b->impact.failed.value : 0};
	int64_t refused[2] = {a->refused.known ? a->refused.value : 0, b->refused.known ? b->refused.value : 0};
	if (failed[0] != failed[1])
		return failed[0] > failed[1];
	return refused[0] > refused[1]; /* incidents are sorted: on ties the earlier one stays */
}

/* Refusals that are too lone for a burst are told all the same: those of the deepest tier that has some. */
static void append_trickle(struct text *t, const struct fold *f)
{
	uint64_t most = 0;
	int depth = 0;
	for (size_t i = 0; i < f->n; i++) {
		const struct fold_source *s = &f->sources[i];
		uint64_t count = 0;
		for (size_t k = 0; source_counts(s) && k < s->series_n; k++)
			count += s->series[k].facet == FACET_NONE && symptom_refuses(s->series[k].signal) ? s->series[k].total : 0;
		if (!count || incident_depth(s->tier) < depth)
			continue;
		most = incident_depth(s->tier) > depth ? count : most + count;
		depth = incident_depth(s->tier);
	}
	if (!most)
		return;
	text_append_string(t, "; ");
	sentence_counted(t, most, "connection");
	text_append_string(t, most == 1 ? " was refused, too lone for a burst" : " were refused now and then, too few at a time for a burst");
}

static char *why_none(const struct fold *f, const struct draft *d)
{
	struct text t = {0};
	if (d->asked.any && d->window_start_us != INSTANT_NONE && (!d->asked.covered || d->asked.incidents)) {
		text_append_string(&t, d->asked.covered ? "no incident in the time asked for" : "no log covers the time asked for");
		if (d->asked.incidents) {
			text_append_string(&t, "; ");
			sentence_counted(&t, d->asked.incidents, "incident");
			text_append_string(&t, d->asked.incidents == 1 ? " lies outside of it" : " lie outside of it");
		}
		return sentence_take(&t);
	}
	if (d->window_start_us == INSTANT_NONE) {
		text_append_string(&t, "no record with a time was read");
		return sentence_take(&t);
	}
	if (d->bursts_n) {
		sentence_counted(&t, d->bursts_n, "burst");
		text_append_string(&t, ", each too short and too small for an incident: under 30 s, nothing refused, under 1 % of the requests failed");
	} else {
		text_append_string(&t, "no symptom rose above its background in ");
		size_t told = 0;
		for (size_t i = 0; i < f->n; i++)
			told += !f->sources[i].undated;
		sentence_counted(&t, told, "source");
		if (told < f->n)
			text_append_string(&t, ", those of unknown year left out");
		append_trickle(&t, f);
	}
	return sentence_take(&t);
}

void summary_write(const struct fold *f, struct draft *d)
{
	const struct incident *in = NULL;
	for (size_t i = 0; i < d->incidents_n; i++)
		if (d->incidents[i].told && (!in || matters_more(&d->incidents[i], in)))
			in = &d->incidents[i];
	if (!in) {
		d->summary.reason = why_none(f, d);
		d->summary.onset = (struct moment){INSTANT_NONE, INSTANT_NONE, INSTANT_NONE, sentence_copy("no incident")};
		d->summary.end = (struct moment){INSTANT_NONE, INSTANT_NONE, INSTANT_NONE, sentence_copy("no incident")};
		d->summary.duration_us.reason = sentence_copy("no incident");
		d->summary.detection_gap_us.reason = sentence_copy("no incident");
		d->summary.detected = (struct moment){INSTANT_NONE, INSTANT_NONE, INSTANT_NONE, sentence_copy("no incident")};
		return;
	}
	d->summary.incident = sentence_copy(in->id);
	d->summary.title = sentence_copy(in->title);
	d->summary.began = began_text(f, d, in);
	d->summary.spread = spread_text(d, in);
	d->summary.impact = impact_text(f, d, in);
	d->summary.cause = suspect_text(d, in);
	d->summary.measure = in->measures_n ? sentence_copy(in->measures[0].text) : NULL;
	d->summary.onset = in->onset;
	d->summary.onset.reason = sentence_copy(in->onset.reason);
	d->summary.end = in->end;
	d->summary.end.reason = sentence_copy(in->end.reason);
	d->summary.duration_us = (struct known){true, in->end.at_us - in->onset.at_us, NULL};
	d->summary.detected = moment_copy(&in->detection[STEP_ALERT]);
	/* A stamp of a whole minute can lie before the onset without having happened before it. */
	if (in->detection[STEP_ALERT].at_us != INSTANT_NONE)
		d->summary.detection_gap_us =
			(struct known){true, in->detection_gap_us[STEP_ALERT], NULL};
	else
		d->summary.detection_gap_us.reason = sentence_copy(in->detection[STEP_ALERT].reason);
}
