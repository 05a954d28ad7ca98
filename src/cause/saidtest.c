#include "cause/trial.h"

#include <stdlib.h>

#include "base/memory.h"
#include "fold/moment.h"
#include "fold/sentence.h"
#include "incident/deviance.h"
#include "incident/incident.h"
#include "incident/symptom.h"

/* R5: did the changed component begin to say something that it had not said before?
 *
 * A message counts by its masked signature (tally/message.h). Of its first record the line is known, not the stamp: it lies between the
 * stamps of the counted records around that line. */

#define SUPPORT_US (10 * MINUTE_US)
enum { LINES_BEFORE = 50, LINES_SINCE = 20, Z_MILLI = 3000 };

/* One message of one log. */
struct said {
	const char *key; /* borrowed */
	const struct keyed *message;
	const struct part *part;
	size_t source;
	uint64_t before;          /* lines of it that are surely before the change */
	int64_t lower_us, upper_us; /* its first line in this log, UTC */
};

struct sayings {
	struct said *items;
	size_t n, cap;
	uint64_t before, since; /* lines before the change; from it to the onset */
};

static int said_order(const void *a, const void *b)
{
	const struct said *x = a, *y = b;
	int order = strcmp(x->key, y->key);
	if (order)
		return order;
	return x->lower_us < y->lower_us ? -1 : x->lower_us > y->lower_us;
}

/* Narrows [*lower, *upper], as printed, by the records of a series that lie around a line. */
static void narrow(const struct series *s, uint32_t line, int64_t *lower_us, int64_t *upper_us)
{
	size_t low = 0, high = s->n; /* the first bin that begins behind the line */
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (s->bins[middle].first_line <= line)
			low = middle + 1;
		else
			high = middle;
	}
	if (low) {
		const struct bin *b = &s->bins[low - 1];
		int64_t first_us = (int64_t)b->start_s * SECOND_US + b->first_us, last_us = (int64_t)b->start_s * SECOND_US + b->last_us;
		int64_t from_us = b->last_line <= line ? last_us : first_us;
		*lower_us = from_us > *lower_us ? from_us : *lower_us;
		if (b->last_line >= line && last_us < *upper_us)
			*upper_us = last_us;
	}
	if (low < s->n) {
		int64_t until_us = (int64_t)s->bins[low].start_s * SECOND_US + s->bins[low].first_us;
		*upper_us = until_us < *upper_us ? until_us : *upper_us;
	}
}

static void first_said(const struct part *p, const struct keyed *m, int64_t *lower_us, int64_t *upper_us)
{
	*lower_us = (int64_t)m->cells[0].start_s * SECOND_US;
	*upper_us = *lower_us + (int64_t)p->messages_width_s * SECOND_US;
	int64_t narrow_us[2] = {*lower_us, *upper_us};
	for (size_t i = 0; i < p->series_n; i++)
		if (p->series[i].facet == FACET_NONE)
			narrow(&p->series[i], m->first_line, &narrow_us[0], &narrow_us[1]);
	/* Where the log is out of order, lines around it say only so much. */
	narrow_us[0] -= p->disorder_us;
	narrow_us[1] += p->disorder_us + p->resolution_us;
	if (narrow_us[0] > narrow_us[1])
		return;
	*lower_us = narrow_us[0] > *lower_us ? narrow_us[0] : *lower_us;
	*upper_us = narrow_us[1] < *upper_us ? narrow_us[1] : *upper_us;
}

/* Banners of the change itself are what a change says, not what it does. */
static bool is_event(const struct part *p, uint32_t line)
{
	for (size_t i = 0; i < p->events_n; i++)
		if (p->events[i].line == line)
			return true;
	return false;
}

static void collect(const struct trial *t, struct sayings *all)
{
	for (size_t i = 0; i < t->component->n; i++) {
		size_t source = t->component->sources[i];
		const struct fold_source *s = &t->f->sources[source];
		int64_t from_us = moment_printed(s, t->c->begun_us) - s->uncertainty_us, to_us = moment_printed(s, t->in->onset.upper_us) + s->uncertainty_us;
		for (size_t e = 0; e < s->entries_n; e++) {
			const struct part *p = t->f->tally->entries[s->entries[e]].part;
			int64_t width_us = (int64_t)p->messages_width_s * SECOND_US;
			for (size_t m = 0; m < p->messages_n; m++) {
				const struct keyed *k = &p->messages[m];
				if (!k->n || !strcmp(k->key, "other") || is_event(p, k->first_line))
					continue;
				struct said one = {k->key, k, p, source, 0, 0, 0};
				for (size_t c = 0; c < k->n; c++) {
					int64_t at_us = (int64_t)k->cells[c].start_s * SECOND_US;
					if (at_us + width_us <= from_us)
						one.before += k->cells[c].n;
					else if (at_us < to_us)
						all->since += k->cells[c].n;
				}
				all->before += one.before;
				first_said(p, k, &one.lower_us, &one.upper_us);
				one.lower_us = fold_utc(s, one.lower_us) - s->uncertainty_us;
				one.upper_us = fold_utc(s, one.upper_us) + s->uncertainty_us;
				all->items = memory_grow(all->items, &all->cap, all->n + 1, sizeof *all->items);
				all->items[all->n++] = one;
			}
		}
	}
	if (all->n)
		qsort(all->items, all->n, sizeof *all->items, said_order);
}

/* Words of errors that come from another tier: what they say is that tier's, whenever they are first said. */
static bool from_below(const char *key)
{
	static const char *const words[] = {"connect",  "timeout", "timed out", "time-out", "pool",	"deadlock", "lock ",	 "statement", "upstream",
					    "refused",  "reset",   "psycopg",   "SQLSTATE", "database", "slots",    "too many", "ECONN",	      "EPIPE",
					    "ETIMEDOUT", "socket", "SSL ",      "server closed", "terminat", "shutting down", "starting up", "retry",
					    "OperationalError", "PG::", "pq:", "JDBC", "Hikari", "Sequelize", "driver", "unavailable", NULL};
	for (const char *const *w = words; *w; w++)
		if (span_find_nocase(span_of(key), span_of(*w)) >= 0)
			return true;
	return false;
}

/* The change had not come to this log yet when the message was said there. */
static bool said_without(const struct trial *t, const struct said *s)
{
	if (t->c->instances_n < 1)
		return false;
	for (size_t i = 0; i < t->c->instances_n; i++)
		if (t->c->instances[i].source == s->source && t->c->instances[i].at_us <= s->upper_us)
			return false;
	return true;
}

/* Whether a new error speaks for the change: said since, up to the onset, by what was changed only, and of itself. */
static bool speaks_for(const struct trial *t, const struct said *group, size_t n)
{
	const struct said *first = &group[0];
	if (first->message->severity < SEVERITY_ERROR || from_below(first->key) || first->lower_us < t->c->begun_us ||
	    first->upper_us < t->in->onset.lower_us - SUPPORT_US)
		return false;
	for (size_t i = 0; i < n; i++)
		if (said_without(t, &group[i]))
			return false;
	if (first->upper_us <= t->in->onset.lower_us)
		return true;
	/* Said with the first failure: it may be that failure, where nothing deeper failed. */
	return first->lower_us < t->in->onset.upper_us && incident_depth(t->first) <= incident_depth(t->component->tier) &&
	       !t->in->refusals_n;
}

/* Failures of the component between change and onset against what it had before. */
static int64_t z_of(const struct trial *t)
{
	struct front own = {TIER_UNKNOWN, t->component->sources, t->component->n};
	int64_t at_us = t->c->begun_us, onset_us = t->in->onset.lower_us, from_us = at_us - HOUR_US;
	uint64_t before = front_count(t->f, &own, "http.requests", from_us, at_us, FRONT_BEFORE);
	uint64_t since = front_count(t->f, &own, "http.requests", at_us, onset_us, FRONT_BEFORE);
	uint64_t failed_before = front_count(t->f, &own, "http.failed", from_us, at_us, FRONT_BEFORE);
	uint64_t failed = front_count(t->f, &own, "http.failed", at_us, onset_us, FRONT_BEFORE);
	return before && since ? deviance_milli(failed, deviance_expected(failed_before, since, before)) : 0;
}

static enum trial_result judge(const struct trial *t, const struct sayings *all, struct text *text, struct text *expected)
{
	uint64_t fresh = 0, errors = 0, once = 0;
	const struct said *support = NULL;
	for (size_t i = 0, end; i < all->n; i = end) {
		uint64_t before = 0;
		for (end = i; end < all->n && !strcmp(all->items[end].key, all->items[i].key); end++)
			before += all->items[end].before;
		const struct said *first = &all->items[i];
		once += before == 1;
		if (before || first->upper_us <= t->c->begun_us || first->lower_us >= t->in->onset.upper_us)
			continue;
		fresh++;
		errors += first->message->severity >= SEVERITY_ERROR;
		if (!support && speaks_for(t, first, end - i))
			support = first;
	}
	__extension__ typedef unsigned __int128 wide;
	uint64_t expect_milli = all->before ? (uint64_t)((wide)once * 1000u * all->since / all->before) : 0;
	int64_t z = z_of(t);
	sentence_counted(text, fresh, "message");
	text_append_string(text, " never said before, of them ");
	sentence_counted(text, errors, "error");
	text_append_string(text, ", between the change and the onset, in ");
	sentence_counted(text, all->since, "line");
	text_format(text, "; %llu.%llu were to be expected (", (unsigned long long)(expect_milli / 1000), (unsigned long long)(expect_milli % 1000 / 100));
	sentence_count(text, once);
	text_append_string(text, " of its messages had come once in ");
	sentence_counted(text, all->before, "line");
	text_format(text, "); failures z = %s%lld.%lld", z < 0 ? "-" : "", (long long)((z < 0 ? -z : z) / 1000),
		    (long long)((z < 0 ? -z : z) % 1000 / 100));
	text_append_string(expected, "errors that the component had not logged before, first seen between the change and the onset");
	if (all->before < LINES_BEFORE) {
		text_append_string(text, "; its log says too little before the change to know what is new");
		return TRIAL_NO_EVIDENCE;
	}
	if (support) {
		text_append_string(text, "; first said then: ");
		text_append_printable(text, span_head(span_of(support->key), 160));
		return TRIAL_SUPPORTS;
	}
	if (all->since < LINES_SINCE)
		return TRIAL_NO_EVIDENCE;
	return !errors && z < Z_MILLI && fresh * 1000 <= expect_milli + 999 - (expect_milli + 999) % 1000 ? TRIAL_REFUTES : TRIAL_NO_EVIDENCE;
}

enum trial_result trial_novelty(const struct trial *t, struct text *text, struct text *expected)
{
	if (t->after || !t->component->n) {
		text_append_string(text, t->after ? "it began after the onset" : "no log of what was changed was read");
		return TRIAL_NOT_APPLICABLE;
	}
	struct sayings all = {NULL, 0, 0, 0, 0};
	collect(t, &all);
	enum trial_result result = judge(t, &all, text, expected);
	memory_free(all.items);
	return result;
}
