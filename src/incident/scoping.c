#include "incident/scoping.h"

#include <stdlib.h>

#include "base/memory.h"
#include "fold/evidence.h"
#include "fold/label.h"
#include "fold/moment.h"
#include "fold/sentence.h"
#include "incident/deviance.h"
#include "incident/finding.h"
#include "incident/symptom.h"

/* Names of one facet, and what has none. */
struct names {
	struct scope_count *items; /* by count descending, name; names are borrowed */
	size_t n, cap;
	uint64_t all; /* events, named or not */
};

static void names_add(struct names *names, const char *name, uint64_t count)
{
	for (size_t i = 0; i < names->n; i++)
		if (!strcmp(names->items[i].name, name)) {
			names->items[i].count += count;
			return;
		}
	names->items = memory_grow(names->items, &names->cap, names->n + 1, sizeof *names->items);
	names->items[names->n++] = (struct scope_count){(char *)(uintptr_t)name, count};
}

static int name_order(const void *a, const void *b)
{
	const struct scope_count *x = a, *y = b;
	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return strcmp(x->name, y->name);
}

static size_t source_by_id(const struct fold *f, const char *id)
{
	size_t i = 0;
	while (i < f->n && strcmp(f->sources[i].id, id))
		i++;
	return i;
}

/* Adds whom a refusal hit. */
static void names_of(const struct fold *f, const struct refusal *r, enum facet facet, struct names *names)
{
	size_t source = source_by_id(f, r->source);
	if (source == f->n)
		return;
	const struct fold_source *s = &f->sources[source];
	int64_t from = moment_printed(s, r->onset.at_us), to = moment_printed(s, r->end.at_us);
	names->all += r->count;
	for (size_t i = 0; i < s->series_n; i++) {
		const struct fold_series *series = &s->series[i];
		if (series->facet != facet || !symptom_refuses(series->signal) || strcmp(series->class, r->class) || !*series->facet_value)
			continue;
		uint64_t count = symptom_count(series, from, to);
		if (count)
			names_add(names, series->facet_value, count);
	}
	if (names->n)
		qsort(names->items, names->n, sizeof *names->items, name_order);
}

/* '"batch" (52) and "report" (3)'; counts only when there are several. */
static void names_text(struct text *t, const struct names *names)
{
	size_t told = names->n < SCOPING_NAMES ? names->n : SCOPING_NAMES;
	for (size_t i = 0; i < told; i++) {
		text_append_string(t, !i ? "" : i + 1 == names->n ? " and " : ", ");
		finding_quote(t, span_of(names->items[i].name), 64);
		if (names->n > 1) {
			text_append_string(t, " (");
			sentence_count(t, names->items[i].count);
			text_append_byte(t, ')');
		}
	}
	if (names->n > told) {
		text_append_string(t, " and ");
		sentence_counted(t, names->n - told, "other");
	}
}

/* The first record of a refusal, and the last one. */
static void evidence_of(const struct fold *f, const struct refusal *r, struct evidence_list *out)
{
	size_t source = source_by_id(f, r->source);
	const struct fold_bin *first, *last;
	for (size_t i = 0; source < f->n && i < f->sources[source].series_n; i++) {
		const struct fold_source *s = &f->sources[source];
		const struct fold_series *series = &s->series[i];
		if (series->facet != FACET_NONE || !symptom_refuses(series->signal) || strcmp(series->class, r->class) ||
		    !symptom_span(series, moment_printed(s, r->onset.at_us), moment_printed(s, r->end.at_us), &first, &last))
			continue;
		evidence_bin(f, source, first, false, out);
		if (r->count > 1)
			evidence_bin(f, source, last, true, out);
		return;
	}
}

/* ---- limits of one role or one database ---- */

/* Sessions of others that were seen to open while it lasted: at least so many, as only the change in a second is kept. */
static uint64_t opened_by_others(const struct fold *f, const struct refusal *r, enum holder dimension, const struct names *limited)
{
	size_t source = source_by_id(f, r->source);
	uint64_t opened = 0;
	if (source == f->n)
		return 0;
	const struct fold_source *s = &f->sources[source];
	int64_t from_s = moment_printed(s, r->onset.at_us) / SECOND_US, to_s = moment_printed(s, r->end.at_us) / SECOND_US;
	for (size_t e = 0; e < s->entries_n; e++) {
		const struct part *p = f->tally->entries[s->entries[e]].part;
		for (size_t i = 0; i < p->sessions_n; i++) {
			const struct session_series *series = &p->sessions[i];
			bool other = series->dimension == dimension && *series->key;
			for (size_t k = 0; k < limited->n; k++)
				other &= strcmp(series->key, limited->items[k].name) != 0;
			for (size_t k = 0; other && k < series->n; k++)
				if (series->cells[k].start_s >= from_s && series->cells[k].start_s <= to_s && series->cells[k].delta > 0)
					opened += (uint64_t)series->cells[k].delta;
		}
	}
	return opened;
}

static void tell_limit(const struct fold *f, struct incident *in, const struct refusal *r)
{
	bool role = !strcmp(r->class, "db.role_limit");
	const char *noun = role ? "role" : "database";
	struct names names = {0};
	struct text t = {0};
	names_of(f, r, role ? FACET_USER : FACET_DATABASE, &names);
	uint64_t named = 0;
	for (size_t i = 0; i < names.n; i++)
		named += names.items[i].count;
	if (names.n && named == names.all) {
		text_format(&t, names.n > 1 ? "Limits of single %ss, " : "A limit of one %s only, ", noun);
		names_text(&t, &names);
	} else {
		text_format(&t, "A limit of single %ss", noun);
	}
	text_append_string(&t, ": ");
	sentence_counted(&t, r->count, "refusal");
	text_format(&t, " (%s)", r->class);
	if (r->end.at_us > r->onset.at_us) {
		text_append_string(&t, " in ");
		sentence_duration(&t, r->end.at_us - r->onset.at_us);
	}
	text_append_byte(&t, '.');
	uint64_t opened = names.n && named == names.all ? opened_by_others(f, r, role ? HOLDER_USER : HOLDER_DATABASE, &names) : 0;
	uint64_t others = 0;
	for (size_t i = 0; i < in->refusals_n; i++)
		if (!in->refusals[i].echo && strcmp(in->refusals[i].class, r->class) && in->refusals[i].onset.at_us <= r->end.at_us &&
		    in->refusals[i].end.at_us >= r->onset.at_us)
			others += in->refusals[i].count;
	if (others) {
		text_append_string(&t, " Other limits refused too: ");
		sentence_counted(&t, others, "time");
		text_append_byte(&t, '.');
	} else {
		text_append_string(&t, " No other limit refused meanwhile");
		if (opened) {
			text_append_string(&t, "; at least ");
			sentence_counted(&t, opened, "session");
			text_format(&t, " of other %ss opened", noun);
		}
		text_append_byte(&t, '.');
	}
	struct finding *made = finding_add(&in->findings, f, FINDING_LIMIT_SCOPED, r->tier, source_by_id(f, r->source), &r->onset, r->class, &t);
	made->count.value = (int64_t)r->count;
	made->before = (struct known){false, 0, sentence_copy("refusals of the incident only are counted")};
	made->end_us = r->end.at_us;
	made->score = (int64_t)r->count;
	evidence_of(f, r, &made->evidence);
	memory_free(names.items);
}

/* ---- did users meet them? ---- */

static void requests_text(struct text *t, uint64_t failed, uint64_t requests)
{
	sentence_count(t, failed);
	text_append_string(t, " of ");
	sentence_counted(t, requests, "request");
}

/* "No request failed" is a large word: the clocks must be known, and nothing that users see may have been far above its background in
 * these logs within SCOPING_BESIDE_US, lest a clock that is off hide it. */
static bool may_say_none(const struct fold *f, const struct front *a, const struct draft *d, const struct incident *in, const struct refusal *first)
{
	size_t source = source_by_id(f, first->source);
	if (source == f->n || f->sources[source].uncertainty_us > FINDING_CLOCK_US)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (f->sources[a->sources[i]].uncertainty_us > FINDING_CLOCK_US)
			return false;
	for (size_t i = 0; i < d->bursts_n; i++) {
		const struct burst *b = &d->bursts[i];
		if (symptom_visible(f, b) && b->onset.lower_us <= in->end.at_us + SCOPING_BESIDE_US && b->end.upper_us >= in->onset.at_us - SCOPING_BESIDE_US)
			for (size_t k = 0; k < a->n; k++)
				if (a->sources[k] == b->source_index)
					return false;
	}
	int64_t from_us = in->onset.at_us - SCOPING_BESIDE_US, to_us = in->end.at_us + SCOPING_BESIDE_US;
	return front_count(f, a, "http.failed", from_us, to_us, FRONT_DURING) <= front_count(f, a, "http.requests", from_us, to_us, FRONT_DURING) / SCOPING_FEW;
}

static void tell_users(const struct fold *f, const struct front *a, const struct draft *d, struct incident *in)
{
	struct names names = {0};
	const struct refusal *first = NULL;
	uint64_t refused = 0;
	int64_t from_us = INT64_MAX, to_us = INT64_MIN;
	for (size_t i = 0; i < in->refusals_n; i++) {
		const struct refusal *r = &in->refusals[i];
		if (r->echo)
			continue;
		first = first && first->onset.at_us <= r->onset.at_us ? first : r;
		from_us = r->onset.at_us < from_us ? r->onset.at_us : from_us;
		to_us = r->end.at_us > to_us ? r->end.at_us : to_us;
		refused += r->count;
		names_of(f, r, FACET_USER, &names);
	}
	if (!first || !in->impact.requests.known || !in->impact.failed.known) {
		memory_free(names.items);
		return;
	}
	int64_t before_us = in->onset.at_us - SCOPING_BEFORE_US;
	for (size_t i = 0; i < d->incidents_n; i++)
		if (&d->incidents[i] != in && d->incidents[i].onset.at_us <= in->onset.at_us && d->incidents[i].end.at_us > before_us)
			before_us = d->incidents[i].end.at_us;
	uint64_t requests = front_count(f, a, "http.requests", from_us - SCOPING_AROUND_US, to_us + SCOPING_AROUND_US, FRONT_DURING);
	uint64_t failed = front_count(f, a, "http.failed", from_us - SCOPING_AROUND_US, to_us + SCOPING_AROUND_US, FRONT_DURING);
	uint64_t requests_before = front_count(f, a, "http.requests", before_us, from_us - SCOPING_AROUND_US, FRONT_BEFORE);
	uint64_t failed_before = front_count(f, a, "http.failed", before_us, from_us - SCOPING_AROUND_US, FRONT_BEFORE);
	int64_t z = deviance_milli(failed, deviance_expected(failed_before, requests, requests_before));
	bool met = failed && requests_before && z >= SCOPING_MET_MILLI;
	bool not_met = may_say_none(f, a, d, in, first) && requests >= SCOPING_REQUESTS && (!failed || (requests_before >= SCOPING_REQUESTS && z < SCOPING_NOT_MET_MILLI));
	struct text t = {0};
	if (met) {
		/* The decision looks at the time of the refusals; the numbers are those of the incident, as everywhere in the draft. */
		text_append_string(&t, "Users met it: ");
		requests_text(&t, (uint64_t)in->impact.failed.value, (uint64_t)in->impact.requests.value);
		text_append_string(&t, " failed in the incident (before: ");
		requests_text(&t, failed_before, requests_before);
		text_append_string(&t, "), in which ");
	} else if (not_met) {
		text_append_string(&t, names.n == 1 && names.items[0].count == refused ? "Only " : "");
	}
	if (names.n == 1 && names.items[0].count == refused && not_met) {
		names_text(&t, &names);
		text_append_string(&t, " was refused, ");
		sentence_counted(&t, refused, "time");
	} else if (met || not_met) {
		sentence_counted(&t, refused, "connection");
		if (names.n) {
			text_append_string(&t, " of ");
			names_text(&t, &names);
		}
		text_append_string(&t, refused == 1 ? " was refused" : " were refused");
	}
	if (met) {
		text_append_byte(&t, '.');
	} else if (not_met && !failed) {
		text_append_string(&t, "; no user request failed meanwhile (");
		sentence_counted(&t, requests, "request");
		text_format(&t, " at the %s).", sentence_tier(a->tier));
	} else if (not_met) {
		text_append_string(&t, "; no more user requests failed than before (");
		requests_text(&t, failed, requests);
		text_append_string(&t, "; before: ");
		requests_text(&t, failed_before, requests_before);
		text_append_string(&t, ").");
	}
	if (met || not_met) {
		struct finding *made = finding_add(&in->findings, f, met ? FINDING_USER_VISIBLE : FINDING_BATCH_ONLY, first->tier,
						   source_by_id(f, first->source), &first->onset, "", &t);
		made->count.value = met ? in->impact.failed.value : (int64_t)failed;
		made->before.value = (int64_t)failed_before;
		made->end_us = to_us;
		evidence_of(f, first, &made->evidence);
	}
	memory_free(names.items);
}

void scoping_find(const struct fold *f, const struct front *a, struct draft *d)
{
	for (size_t i = 0; i < d->incidents_n; i++) {
		struct incident *in = &d->incidents[i];
		for (size_t k = 0; k < in->refusals_n; k++) {
			const struct refusal *r = &in->refusals[k];
			if (!r->echo && (!strcmp(r->class, "db.role_limit") || !strcmp(r->class, "db.database_limit")))
				tell_limit(f, in, r);
		}
		tell_users(f, a, d, in);
	}
}
