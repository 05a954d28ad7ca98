#include "incident/meanwhile.h"

#include <stdlib.h>

#include "base/memory.h"
#include "fold/evidence.h"
#include "fold/label.h"
#include "fold/moment.h"
#include "fold/sentence.h"
#include "incident/finding.h"
#include "incident/holders.h"

/* ---- statements ---- */

/* Statements that took long before as well say nothing about the incident. */
static bool is_unusual(const struct slow_statement *s)
{
	return strcmp(s->sql, "other") && s->total_us >= MEANWHILE_STATEMENT_US && (!s->before || s->count >= 2 * s->before + 2);
}

static void tell_statement(const struct fold *f, struct incident *in, const struct slow_statement *s)
{
	struct text t = {0};
	text_append_string(&t, "Slow: ");
	finding_quote(&t, span_of(s->sql), 200);
	text_append_string(&t, ", logged ");
	sentence_counted(&t, s->count, "time");
	text_append_string(&t, " with ");
	sentence_duration(&t, s->total_us);
	if (s->count > 1) {
		text_append_string(&t, " together, the longest ");
		sentence_duration(&t, s->max_us);
	}
	text_append_string(&t, ", from a minute before the onset to the end (");
	if (s->before)
		sentence_count(&t, s->before);
	else
		text_append_string(&t, "none");
	text_append_string(&t, " in as long a time before).");
	size_t source = 0;
	while (s->evidence.n && source < f->n && strcmp(f->sources[source].id, s->evidence.items[0].source))
		source++;
	struct moment at = {in->onset.at_us, in->onset.at_us - MEANWHILE_BEFORE_US, in->end.upper_us, NULL};
	struct finding *made = finding_add(&in->findings, f, FINDING_SLOW_STATEMENT, TIER_DB, s->evidence.n && source < f->n ? source : SIZE_MAX, &at,
					   s->sql, &t);
	made->count.value = (int64_t)s->count;
	made->before.value = (int64_t)s->before;
	made->score = s->total_us;
	evidence_copy(&s->evidence, 1, &made->evidence);
}

static void tell_statements(const struct fold *f, struct incident *in)
{
	size_t told = 0;
	for (size_t i = 0; i < in->statements_n; i++) {
		if (!is_unusual(&in->statements[i]))
			continue;
		if (told++ < MEANWHILE_STATEMENTS)
			tell_statement(f, in, &in->statements[i]);
		else
			in->findings.more++;
	}
}

/* ---- sessions ---- */

struct old_session {
	const struct holder_count *who; /* borrowed */
	int64_t since_us;               /* as printed: nothing of that name opened or closed from here to the onset */
};

static int old_order(const void *a, const void *b)
{
	const struct old_session *x = a, *y = b;
	if (x->since_us != y->since_us)
		return x->since_us < y->since_us ? -1 : 1;
	int order = -strcmp(x->who->dimension, y->who->dimension); /* role before application */
	return order ? order : strcmp(x->who->name, y->who->name);
}

/* The one database log that shows sessions; SIZE_MAX: none, or several, whose sessions are not told apart. */
static size_t sessions_source(const struct fold *f)
{
	size_t found = SIZE_MAX;
	for (size_t i = 0; i < f->n; i++) {
		bool shows = false;
		for (size_t e = 0; e < f->sources[i].entries_n; e++)
			shows |= f->tally->entries[f->sources[i].entries[e]].part->sessions_n > 0;
		if (!shows || !source_counts(&f->sources[i]))
			continue;
		if (found != SIZE_MAX)
			return SIZE_MAX;
		found = i;
	}
	return found;
}

/* Since when the sessions of a name were the same ones: its last change up to the onset, else the begin of the log. */
static int64_t since_of(const struct fold *f, size_t source, const struct holder_count *who, int64_t onset_us)
{
	struct session_cell *levels;
	enum holder dimension = !strcmp(who->dimension, "role") ? HOLDER_USER : HOLDER_APPLICATION;
	size_t n = holders_levels(f, source, dimension, who->name, &levels);
	int64_t since_us = f->sources[source].first_us;
	for (size_t i = 0; i < n && (int64_t)levels[i].start_s * SECOND_US <= onset_us; i++)
		since_us = ((int64_t)levels[i].start_s + 1) * SECOND_US; /* somewhere in that second */
	memory_free(levels);
	return since_us;
}

static void tell_session(const struct fold *f, struct incident *in, size_t source, const struct old_session *old)
{
	const struct fold_source *s = &f->sources[source];
	struct moment since = moment_of(s, old->since_us);
	struct text t = {0};
	sentence_counted(&t, (uint64_t)old->who->count, "session");
	text_format(&t, " of %s ", old->who->dimension);
	finding_quote(&t, span_of(old->who->name), 64);
	text_append_string(&t, old->who->count == 1 ? " was open at the onset since " : " were open at the onset since ");
	sentence_time(&t, since.at_us);
	text_append_string(&t, " or longer (");
	sentence_duration(&t, in->onset.at_us - since.at_us);
	text_append_string(&t, "): none of it opened or closed in between.");
	struct finding *made = finding_add(&in->findings, f, FINDING_SESSIONS_OLDER, s->tier, source, &since, old->who->name, &t);
	made->count.value = old->who->count;
	made->before.value = old->who->count;
	made->score = in->onset.at_us - since.at_us;
}

static void tell_sessions(const struct fold *f, struct incident *in)
{
	size_t source = sessions_source(f), n = 0, told = 0;
	if (source == SIZE_MAX)
		return;
	struct old_session *old = memory_new(in->holders.n, sizeof *old);
	int64_t onset_us = moment_printed(&f->sources[source], in->onset.at_us);
	for (size_t i = 0; i < in->holders.n; i++) {
		const struct holder_count *h = &in->holders.items[i];
		bool asked = !strcmp(h->dimension, "role") || !strcmp(h->dimension, "application");
		if (!asked || !*h->name || !strcmp(h->name, "other") || h->count <= 0 || h->count > MEANWHILE_FEW)
			continue;
		old[n] = (struct old_session){h, since_of(f, source, h, onset_us)};
		n += onset_us - old[n].since_us >= MEANWHILE_OLD_US;
	}
	if (n)
		qsort(old, n, sizeof *old, old_order);
	for (size_t i = 0; i < n; i++) {
		/* A role and an application that changed last in the same second are one session seen twice. */
		if (i && old[i].since_us == old[i - 1].since_us && old[i].who->count == old[i - 1].who->count &&
		    strcmp(old[i].who->dimension, old[i - 1].who->dimension))
			continue;
		if (told++ < MEANWHILE_SESSIONS)
			tell_session(f, in, source, &old[i]);
		else
			in->findings.more++;
	}
	memory_free(old);
}

/* ---- checkpoints and autovacuums ---- */

/* One that is logged at its end. */
struct work {
	int64_t start_us, end_us; /* UTC */
	size_t source;
	uint32_t part;
	const struct number_cell *cell; /* borrowed */
};

/* The longest work of a kind that meets [from, to], and how many do; `ended`: of those that ended by `to`. */
static uint64_t work_find(const struct fold *f, enum metric metric, int64_t from_us, int64_t to_us, bool ended, struct work *longest)
{
	uint64_t n = 0;
	*longest = (struct work){0};
	for (size_t i = 0; i < f->n; i++) {
		const struct fold_source *s = &f->sources[i];
		for (size_t e = 0; s->tier == TIER_DB && source_counts(s) && e < s->entries_n; e++) {
			const struct part *p = f->tally->entries[s->entries[e]].part;
			for (size_t g = 0; g < p->gauges_n; g++) {
				for (size_t k = 0; !strcmp(p->gauges[g].name, metric_name(metric)) && k < p->gauges[g].n; k++) {
					const struct number_cell *c = &p->gauges[g].cells[k];
					int64_t end_us = fold_utc(s, c->max_at_us);
					struct work w = {end_us - (int64_t)(c->max < (uint64_t)DAY_US ? c->max : (uint64_t)DAY_US), end_us, i, s->entries[e], c};
					if (w.end_us < from_us || w.start_us > to_us || w.end_us - w.start_us < MEANWHILE_WORK_US ||
					    (ended && w.end_us > to_us))
						continue;
					n++;
					int64_t longer = (w.end_us - w.start_us) - (longest->end_us - longest->start_us);
					if (!longest->cell || longer > 0 || (!longer && w.start_us < longest->start_us))
						*longest = w;
				}
			}
		}
	}
	return n;
}

static void tell_work(const struct fold *f, struct incident *in, enum metric metric, enum finding_kind kind, const char *noun)
{
	struct work longest, unused;
	int64_t from_us = in->onset.at_us - MEANWHILE_BEFORE_US, to_us = in->end.at_us, length_us = to_us - from_us;
	uint64_t n = work_find(f, metric, from_us, to_us, false, &longest);
	uint64_t before = work_find(f, metric, from_us - length_us - 1, from_us - 1, true, &unused);
	if (!n)
		return;
	const struct fold_source *s = &f->sources[longest.source];
	struct moment at = moment_of(s, moment_printed(s, longest.start_us));
	struct text t = {0};
	if (n > 1) {
		sentence_counted(&t, n, noun);
		text_append_string(&t, " overlap the incident or the minute before it, the longest from ");
	} else {
		text_format(&t, "%s %s overlaps the incident or the minute before it: from ", *noun == 'a' ? "An" : "A", noun);
	}
	sentence_time(&t, longest.start_us);
	text_append_string(&t, " to ");
	sentence_time(&t, longest.end_us);
	text_append_string(&t, " (");
	sentence_duration(&t, longest.end_us - longest.start_us);
	text_append_string(&t, "); ");
	if (before)
		sentence_count(&t, before);
	else
		text_append_string(&t, "none");
	text_append_string(&t, " in as long a time before.");
	struct finding *made = finding_add(&in->findings, f, kind, s->tier, longest.source, &at, noun, &t);
	made->end_us = longest.end_us;
	made->count.value = (int64_t)n;
	made->before.value = (int64_t)before;
	made->score = longest.end_us - longest.start_us;
	fold_evidence(f, longest.source, longest.part, longest.cell->max_line, longest.cell->max_offset, longest.cell->max_length, &made->evidence);
}

void meanwhile_find(const struct fold *f, struct draft *d)
{
	for (size_t i = 0; i < d->incidents_n; i++) {
		struct incident *in = &d->incidents[i];
		tell_statements(f, in);
		tell_sessions(f, in);
		tell_work(f, in, METRIC_DB_AUTOVACUUM_TIME, FINDING_VACUUM_OVERLAP, "autovacuum");
		tell_work(f, in, METRIC_DB_CHECKPOINT_TIME, FINDING_CHECKPOINT_OVERLAP, "checkpoint");
	}
}
