#include "cause/change.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "cause/clockroot.h"
#include "cause/roll.h"
#include "cause/statedchange.h"
#include "fold/evidence.h"
#include "fold/label.h"
#include "fold/moment.h"
#include "fold/sentence.h"
#include "incident/burst.h"

/* Reloads of one source within this are one: a configuration tool sends several signals. */
#define RELOAD_US MINUTE_US
/* A migration has many steps, each with its line. */
#define MIGRATION_US (5 * MINUTE_US)
/* A rise needs something to rise from: this much of the log before it. */
#define SURGE_BEFORE_US (10 * SECOND_US)

/* ---- the database ---- */

enum db_step { DB_OTHER, DB_STOP, DB_CRASH, DB_READY };

static enum db_step db_step_of(const struct event *e)
{
	if (!strcmp(e->signal, "db.ready"))
		return DB_READY;
	if (!strcmp(e->signal, "db.crashed"))
		return DB_CRASH;
	if (!strcmp(e->signal, "db.restart") && strcmp(e->class, "db.starting"))
		return DB_STOP;
	return DB_OTHER;
}

static char *db_summary(const char *kind, int64_t from_us, int64_t ready_us)
{
	struct text t = {0};
	bool crash = !strcmp(kind, "crash");
	if (!strcmp(kind, "start"))
		text_append_string(&t, "database ready ");
	else if (!strcmp(kind, "stop"))
		text_append_string(&t, "database stop: shutdown ");
	else
		text_append_string(&t, crash ? "database crash " : "database restart: shutdown ");
	sentence_time(&t, from_us);
	if (ready_us != INSTANT_NONE) {
		text_append_string(&t, crash ? ", ready again " : ", ready ");
		sentence_time(&t, ready_us);
		text_append_string(&t, " (");
		sentence_duration(&t, ready_us - from_us);
		text_append_string(&t, " later)");
	} else if (crash) {
		text_append_string(&t, ", not ready again in the log");
	}
	return sentence_take(&t);
}

/* Stop or crash, then ready: one change. What follows the first step until the server is ready belongs to it: an immediate
 * shutdown is followed by crash recovery, and is no crash. */
static void db_changes(const struct fold *f, const struct step *steps, size_t n, struct change_list *out)
{
	for (size_t i = 0; i < n; i++) {
		enum db_step first = db_step_of(steps[i].event);
		if (first == DB_OTHER)
			continue;
		size_t ready = i;
		while (first != DB_READY && ready < n && db_step_of(steps[ready].event) != DB_READY)
			ready++;
		bool back = ready < n && first != DB_READY;
		const char *kind = first == DB_CRASH ? "crash" : first == DB_READY ? "start" : back ? "restart" : "stop";
		struct change *c = changelist_add(out, f, steps[i].source, kind, steps[i].event->at_us);
		c->end_us = back ? steps[ready].at_us : INSTANT_NONE;
		c->summary = db_summary(kind, steps[i].at_us, c->end_us);
		evidence_event(f, steps[i].source, steps[i].part, steps[i].event, &c->evidence);
		if (back)
			evidence_event(f, steps[ready].source, steps[ready].part, steps[ready].event, &c->evidence);
		i = first == DB_READY ? i : ready;
	}
}

/* ---- single events: deploy banners, reloads ---- */

/* The signals whose records are changes by themselves: what is made of them. Those of `rest_us` after each other are one. */
static const struct single {
	const char *signal, *kind, *words;
	int64_t rest_us; /* 0: each is one */
} singles_of[] = {
	{"deploy", "deploy", "deploy", 0},
	{"config.reload", "reload", "configuration reload", RELOAD_US},
	{"migration", "migration", "schema migration", MIGRATION_US},
	{"db.failover", "failover", "database failover", RELOAD_US},
};

static const struct single *single_of(const struct event *e)
{
	for (size_t i = 0; i < sizeof singles_of / sizeof *singles_of; i++)
		if (!strcmp(e->signal, singles_of[i].signal))
			return &singles_of[i];
	return NULL;
}

/* An announcement of the end of something says when it was over, not when it began. */
static bool is_end(const struct event *e)
{
	static const char *const words[] = {"finish", "complete", "succe", "done", NULL};
	for (const char *const *w = words; *w; w++)
		if (span_find_nocase(span_of(e->text), span_of(*w)) >= 0)
			return true;
	return false;
}

static void single_change(const struct fold *f, const struct single *as, const struct step *s, struct change_list *out)
{
	bool back = !strcmp(s->event->class, "rollback"), deploy = !strcmp(as->kind, "deploy");
	struct change *c = changelist_add(out, f, s->source, back ? "rollback" : as->kind, s->event->at_us);
	struct text t = {0};
	text_format(&t, "%s of %s", back ? "rollback" : as->words, s->service);
	if (*s->event->version)
		text_format(&t, " (%s)", s->event->version);
	c->summary = sentence_take(&t);
	c->service = *s->event->service ? sentence_copy(s->event->service) : NULL;
	c->version = *s->event->version ? sentence_copy(s->event->version) : NULL;
	if (deploy && is_end(s->event))
		c->begun_us -= STATED_END_US;
	evidence_event(f, s->source, s->part, s->event, &c->evidence);
}

/* ---- sessions that an administrator ended ---- */

/* A shutdown ends all sessions, too: these are the ones that no stop explains. */
static bool is_shutdown(const struct change_list *list, size_t source, int64_t at_us)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct change *c = &list->items[i];
		int64_t last_us = c->end_us != INSTANT_NONE ? c->end_us : c->at.at_us;
		if (c->source_index == source && at_us >= c->at.at_us - RELOAD_US && at_us <= last_us + RELOAD_US)
			return true;
	}
	return false;
}

static void sessions_ended(const struct fold *f, size_t source, struct change_list *out)
{
	const struct fold_source *s = &f->sources[source];
	const struct fold_series *series = fold_series_find(s, "db.terminated", "db.admin_shutdown", FACET_NONE, "");
	for (size_t i = 0, end; series && i < series->n; i = end) {
		int64_t first_us = (int64_t)series->bins[i].bin.start_s * SECOND_US + series->bins[i].bin.first_us, last_us = first_us;
		uint64_t n = 0;
		for (end = i; end < series->n; end++) {
			const struct bin *b = &series->bins[end].bin;
			if ((int64_t)b->start_s * SECOND_US + b->first_us - last_us > RELOAD_US)
				break;
			last_us = (int64_t)b->start_s * SECOND_US + b->last_us;
			n += b->n;
		}
		if (is_shutdown(out, source, fold_utc(s, first_us)))
			continue;
		struct change *c = changelist_add(out, f, source, "sessions_ended", first_us);
		struct text t = {0};
		c->end_us = fold_utc(s, last_us);
		text_append_string(&t, "an administrator ended ");
		sentence_counted(&t, n, "database session");
		c->summary = sentence_take(&t);
		evidence_bin(f, source, &series->bins[i], false, &c->evidence);
	}
}

/* ---- traffic ---- */

static int64_t surge_rate_ppm(const struct burst_span *span)
{
	__extension__ typedef unsigned __int128 wide;
	int64_t least_us = (int64_t)span->width_s * SECOND_US, lasted_us = span->last_us - span->first_us;
	return (int64_t)((wide)span->count * 1000000u * 1000000u / (uint64_t)(lasted_us > least_us ? lasted_us : least_us));
}

/* A surge is at least a doubling that the log has seen begin. One that lasts to the end of the log and fills more than half of
 * it is no surge but the level of the day: what came before was the log's beginning. */
static bool is_surge(const struct fold_source *s, const struct burst_span *span)
{
	bool begun = !span->censored_start && span->first_us - s->first_us >= SURGE_BEFORE_US;
	bool level = (span->ongoing || span->censored_end) && span->last_us - span->first_us > (s->last_us - s->first_us) / 2;
	return begun && !level && surge_rate_ppm(span) / 2 >= span->background_ppm;
}

static char *surge_summary(const struct burst_span *span, int64_t from_us, int64_t to_us)
{
	struct text t = {0};
	text_append_string(&t, "requests rose from ");
	sentence_rate(&t, span->background_ppm);
	text_append_string(&t, " to ");
	sentence_rate(&t, surge_rate_ppm(span));
	text_append_string(&t, ", ");
	sentence_time(&t, from_us);
	text_append_string(&t, span->ongoing || span->censored_end ? " to the end of the log" : " to ");
	if (!span->ongoing && !span->censored_end)
		sentence_time(&t, to_us);
	return sentence_take(&t);
}

static void surges(const struct fold *f, size_t source, struct change_list *out)
{
	const struct fold_source *s = &f->sources[source];
	const struct fold_series *requests = fold_series_find(s, "http.requests", "", FACET_NONE, "");
	size_t n = 0;
	struct burst_span *spans =
		requests && requests->n ? burst_find(requests, s->first_us, s->last_us, s->gaps, s->gaps_n, 0, &n) : NULL;
	for (size_t i = 0; i < n; i++) {
		if (!is_surge(s, &spans[i]))
			continue;
		struct change *c = changelist_add(out, f, source, "traffic_surge", spans[i].first_us);
		c->end_us = fold_utc(s, spans[i].last_us);
		c->summary = surge_summary(&spans[i], c->at.at_us, c->end_us);
		if (spans[i].first_bin < requests->n)
			evidence_bin(f, source, &requests->bins[spans[i].first_bin], false, &c->evidence);
	}
	memory_free(spans);
}

/* ---- all of them ---- */

static int step_order(const void *a, const void *b)
{
	const struct step *x = a, *y = b;
	int order = strcmp(x->service, y->service);
	if (order)
		return order;
	if (x->at_us != y->at_us)
		return x->at_us < y->at_us ? -1 : 1;
	if (x->source != y->source)
		return x->source < y->source ? -1 : 1;
	if (x->part != y->part)
		return x->part < y->part ? -1 : 1;
	return x->event->offset < y->event->offset ? -1 : x->event->offset > y->event->offset;
}

struct step_list {
	struct step *items;
	size_t n, cap;
};

static void step_add(struct step_list *list, const struct step *s)
{
	list->items = memory_grow(list->items, &list->cap, list->n + 1, sizeof *list->items);
	list->items[list->n++] = *s;
}

/* Sorts the steps and hands each service's to `tell`. */
static void per_service(const struct fold *f, struct step_list *list, struct change_list *out,
			void (*tell)(const struct fold *, const struct step *, size_t, struct change_list *))
{
	if (list->n)
		qsort(list->items, list->n, sizeof *list->items, step_order);
	for (size_t i = 0, end; i < list->n; i = end) {
		for (end = i + 1; end < list->n && !strcmp(list->items[i].service, list->items[end].service);)
			end++;
		tell(f, list->items + i, end - i, out);
	}
	memory_free(list->items);
}

/* One reload may take several lines: these are closer together than two reloads. */
#define RELOAD_LINES_US (2 * SECOND_US)

/* Those of one kind that come soon after each other are one change, which says how many they were. Returns the first step after them. */
static size_t together(const struct fold *f, const struct single *as, const struct step *steps, size_t n, size_t at,
		       struct change_list *out)
{
	size_t first = at, before = at, last = at, times = 1;
	for (; at < n && single_of(steps[at].event) == as && steps[at].at_us - steps[before].at_us <= as->rest_us; before = at++)
		if (steps[at].at_us - steps[last].at_us > RELOAD_LINES_US && strcmp(steps[at].event->class, "config.parameter") != 0) {
			last = at;
			times++;
		}
	single_change(f, as, &steps[first], out);
	if (times < 2)
		return at;
	struct change *c = &out->items[out->n - 1];
	struct text t = {0};
	text_format(&t, "%s, ", c->summary);
	sentence_counted(&t, times, "time");
	text_append_string(&t, ", the last at ");
	sentence_time(&t, steps[last].at_us);
	memory_free(c->summary);
	c->summary = sentence_take(&t);
	c->end_us = steps[last].at_us;
	evidence_event(f, steps[last].source, steps[last].part, steps[last].event, &c->evidence);
	return at;
}

static void singles(const struct fold *f, const struct step *steps, size_t n, struct change_list *out)
{
	for (size_t i = 0; i < n;) {
		const struct single *as = single_of(steps[i].event);
		if (as->rest_us)
			i = together(f, as, steps, n, i, out);
		else
			single_change(f, as, &steps[i++], out);
	}
}

/* The service that an event does not name: the server's own name when the format is a server's, else the one service that
 * other events of the source name, else the source. Borrowed. */
static const char *service_of(const struct fold *f, size_t source)
{
	static const char *const servers[][2] = {{"nginx", "nginx"}, {"haproxy", "HAProxy"}, {"pgbouncer", "PgBouncer"}};
	const struct fold_source *s = &f->sources[source];
	const char *named = NULL;
	for (size_t k = 0; k < s->entries_n; k++) {
		const struct part *p = f->tally->entries[s->entries[k]].part;
		for (size_t i = 0; i < sizeof servers / sizeof *servers; i++)
			if (span_starts(span_of(p->format), span_of(servers[i][0])))
				return servers[i][1];
		for (size_t e = 0; e < p->events_n; e++) {
			const char *service = p->events[e].service;
			if (*service && named && strcmp(named, service))
				return label_of(f, source);
			named = *service ? service : named;
		}
	}
	return named ? named : label_of(f, source);
}

/* When a source's log begins, UTC, and whether no log of its tier whose clock is known as well begins CHANGE_BEGIN_TIER_US before. */
static bool log_begins(const struct fold *f, size_t source, int64_t *at_us)
{
	const struct fold_source *s = &f->sources[source];
	*at_us = fold_utc(s, s->first_us);
	for (size_t i = 0; i < f->n; i++) {
		const struct fold_source *other = &f->sources[i];
		if (source_counts(other) && other->tier == s->tier && other->first_us != INSTANT_NONE && clockroot_shared(f, i, source) &&
		    fold_utc(other, other->first_us) < *at_us - CHANGE_BEGIN_TIER_US)
			return false;
	}
	return true;
}

/* A start with which its logs begin is where the capture was cut, and no change of what ran: each of its instances has next to nothing
 * before it, and no instance of its tier has. */
static bool begins(const struct fold *f, const struct change *c)
{
	int64_t first_us;
	bool start = !strcmp(c->kind, "start") || !strcmp(c->kind, "restart");
	if (!start || c->source_index == SIZE_MAX || f->sources[c->source_index].first_us == INSTANT_NONE)
		return false;
	for (size_t i = 0; i < c->instances_n; i++) {
		const struct fold_source *of = &f->sources[c->instances[i].source];
		if (of->first_us == INSTANT_NONE || !log_begins(f, c->instances[i].source, &first_us) ||
		    c->instances[i].begun_us > first_us + CHANGE_BEGIN_US)
			return false;
	}
	return log_begins(f, c->source_index, &first_us) && c->at.at_us <= first_us + CHANGE_BEGIN_US;
}

/* The workers that a reload replaces say that they stop: it is one change, and it is the reload. */
static bool is_replaced(const struct change_list *all, const struct change *c)
{
	for (size_t i = 0; i < all->n && !strcmp(c->kind, "stop"); i++) {
		const struct change *x = &all->items[i];
		int64_t after_us = c->at.at_us - x->at.at_us;
		if (!strcmp(x->kind, "reload") && x->source_index == c->source_index && after_us >= 0 && after_us <= RELOAD_US)
			return true;
	}
	return false;
}

/* Reloads are no stops: none that is looked for is dropped. */
static void drop_replaced(struct change_list *all)
{
	for (size_t i = 0; i < all->n;) {
		if (!is_replaced(all, &all->items[i])) {
			i++;
			continue;
		}
		change_release(&all->items[i]);
		memmove(&all->items[i], &all->items[i + 1], (--all->n - i) * sizeof *all->items);
		memset(&all->items[all->n], 0, sizeof *all->items); /* as the list gives out its places */
	}
}

void change_find(const struct fold *f, const struct front *a, struct change_list *out)
{
	struct step_list db = {0}, process = {0}, single = {0};
	for (size_t i = 0; i < f->n; i++) {
		const struct fold_source *s = &f->sources[i];
		const char *unnamed = service_of(f, i);
		for (size_t k = 0; source_counts(s) && k < s->entries_n; k++) {
			const struct part *p = f->tally->entries[s->entries[k]].part;
			for (size_t e = 0; e < p->events_n; e++) {
				const struct event *event = &p->events[e];
				bool start = !strcmp(event->signal, "process.start");
				struct step step = {event, i, s->entries[k], fold_utc(s, event->at_us), start,
						    *event->service ? event->service : unnamed};
				if (single_of(event)) {
					step_add(&single, &step);
				} else if (s->tier == TIER_DB) {
					step.service = s->key;
					step_add(&db, &step);
				} else if (start || !strcmp(event->signal, "process.stop")) {
					step_add(&process, &step);
				}
			}
		}
	}
	per_service(f, &db, out, db_changes);
	per_service(f, &process, out, roll_changes);
	per_service(f, &single, out, singles);
	for (size_t i = 0; i < f->n; i++)
		if (source_counts(&f->sources[i]) && f->sources[i].tier == TIER_DB)
			sessions_ended(f, i, out);
	drop_replaced(out);
	statedchange_find(f, out);
	for (size_t i = 0; i < a->n; i++)
		surges(f, a->sources[i], out);
	for (size_t i = 0; i < out->n; i++)
		out->items[i].begins = begins(f, &out->items[i]);
	changelist_sort(out);
}

static char *facts_of(const struct change *c)
{
	struct text t = {0};
	text_append_string(&t, "it begins ");
	sentence_duration(&t, c->after_onset_us);
	text_append_string(&t, c->after_onset_us < 0 ? " before" : " after");
	text_append_string(&t, " the onset");
	if (!c->ordered)
		text_append_string(&t, " (the clocks do not prove the order)");
	return sentence_take(&t);
}

/* Two clocks prove an order when their intervals do not meet. One clock, however far off it may be, is in order with itself: when
 * nothing but the change's own log tells of the incident, the stamps are compared. */
static bool is_ordered(const struct draft *d, const struct incident *in, const struct change *c, int64_t after_us)
{
	if (moment_before(&c->at, &in->onset) || moment_before(&in->onset, &c->at))
		return true;
	for (size_t i = 0; i < d->bursts_n; i++) {
		const struct burst *b = &d->bursts[i];
		if (b->incident && !strcmp(b->incident, in->id) && b->source_index != c->source_index)
			return false;
	}
	int64_t resolution_us = (c->at.upper_us - c->at.at_us) - (c->at.at_us - c->at.lower_us);
	return after_us >= resolution_us || -after_us >= resolution_us;
}

static void change_copy(const struct change *from, const struct draft *d, const struct incident *in, struct change *to)
{
	*to = *from;
	to->id = sentence_copy(from->id);
	to->kind = sentence_copy(from->kind);
	to->at = moment_copy(&from->at);
	to->source = sentence_copy(from->source);
	to->service = sentence_copy(from->service);
	to->version = sentence_copy(from->version);
	to->from_version = sentence_copy(from->from_version);
	to->summary = sentence_copy(from->summary);
	to->verdict = sentence_copy(from->verdict);
	to->tests = NULL;
	to->tests_n = 0;
	to->mitigation.answered = NULL;
	to->mitigation.text = NULL;
	to->instances = NULL;
	to->instances_n = 0;
	to->after_onset_us = from->at.at_us - in->onset.at_us;
	to->ordered = is_ordered(d, in, to, to->after_onset_us);
	to->reason = facts_of(to);
	to->evidence = (struct evidence_list){0};
	evidence_copy(&from->evidence, SIZE_MAX, &to->evidence);
}

/* What was deployed long before and still ran: the last of its service. It may have leaked since. */
static bool runs_still(const struct change_list *all, size_t at, const struct incident *in)
{
	const struct change *c = &all->items[at];
	if ((strcmp(c->kind, "deploy") && strcmp(c->kind, "rollback")) || c->stated || c->at.at_us < in->onset.at_us - CHANGE_LONG_US)
		return false;
	for (size_t i = at + 1; i < all->n && all->items[i].at.at_us < in->onset.at_us; i++) {
		const struct change *x = &all->items[i];
		bool delivers = !strcmp(x->kind, "deploy") || !strcmp(x->kind, "rollback");
		if (delivers && (!x->service || !c->service || !strcmp(x->service, c->service)))
			return false;
	}
	return true;
}

void change_assign(const struct change_list *all, struct draft *d)
{
	for (size_t i = 0; i < d->incidents_n; i++) {
		struct incident *in = &d->incidents[i];
		size_t cap = 0;
		for (size_t k = 0; k < all->n; k++) {
			const struct change *c = &all->items[k];
			/* A surge that began long before and still lasts at the onset is near it. */
			int64_t last_us = c->end_us != INSTANT_NONE ? c->end_us : c->at.at_us;
			bool cut = c->begins && c->at.at_us < in->onset.at_us - CHANGE_BEGIN_NEAR_US;
			if (cut || c->at.at_us > in->end.at_us + CHANGE_AFTER_US ||
			    (last_us < in->onset.at_us - CHANGE_BEFORE_US && !runs_still(all, k, in)))
				continue;
			in->changes = memory_grow(in->changes, &cap, in->changes_n + 1, sizeof *in->changes);
			change_copy(c, d, in, &in->changes[in->changes_n++]);
		}
	}
}
