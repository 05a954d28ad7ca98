#include "incident/holders.h"

#include <stdlib.h>

#include "base/memory.h"
#include "fold/moment.h"
#include "fold/sentence.h"
#include "incident/incident.h"

/* A log covers an onset when it begins and ends at most this much beside it: logs are silent for a while. */
#define COVER_SLACK_US MINUTE_US

/* PostgreSQL's superuser_reserved_connections, unless it is set. */
enum { LIMIT_RESERVED = 3 };

/* The time between two starts of the server, as printed. */
struct era {
	int64_t from_us, to_us;
	bool from_start; /* a start is in the log: nothing was open then */
};

static bool is_start(const struct event *e)
{
	return !strcmp(e->signal, "db.ready") || (!strcmp(e->signal, "db.restart") && !strcmp(e->class, "db.starting"));
}

static struct era era_of(const struct fold *f, const struct fold_source *s, int64_t at_us)
{
	struct era era = {INT64_MIN, INT64_MAX, false};
	for (size_t e = 0; e < s->entries_n; e++) {
		const struct part *p = f->tally->entries[s->entries[e]].part;
		for (size_t i = 0; i < p->events_n; i++) {
			if (!is_start(&p->events[i]))
				continue;
			/* Cells are whole seconds: the second of the start belongs to the new server. */
			int64_t start = p->events[i].at_us / SECOND_US * SECOND_US;
			if (start <= at_us && start >= era.from_us) {
				era.from_us = start;
				era.from_start = true;
			} else if (start > at_us && start < era.to_us) {
				era.to_us = start;
			}
		}
	}
	return era;
}

static int cell_order(const void *a, const void *b)
{
	const struct session_cell *x = a, *y = b;
	if (x->start_s != y->start_s)
		return x->start_s < y->start_s ? -1 : 1;
	return (x->delta > y->delta) - (x->delta < y->delta);
}

/* A tally may come from anywhere: what no server can hold open is cut off. */
static int32_t clip(int64_t n)
{
	return (int32_t)(n > INT32_MAX ? INT32_MAX : n < INT32_MIN ? INT32_MIN : n);
}

/* Applications that a log never saw open anything, though it saw them close something. */
struct names {
	const char **items; /* sorted; owned; borrowed strings */
	size_t n;
};

static int name_order(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool names_have(const struct names *names, const char *name)
{
	return names->n && bsearch(&name, names->items, names->n, sizeof *names->items, name_order);
}

/* Cells of one key (or of all: NULL) of a dimension inside the era, ascending, each second once; with those of `later` under "". */
static struct session_cell *cells_where(const struct fold *f, const struct fold_source *s, enum holder dimension, const char *key,
					const struct names *later, const struct era *era, size_t *n)
{
	struct session_cell *cells = NULL;
	size_t cap = 0, kept = 0;
	*n = 0;
	for (size_t e = 0; e < s->entries_n; e++) {
		const struct part *p = f->tally->entries[s->entries[e]].part;
		for (size_t i = 0; i < p->sessions_n; i++) {
			const struct session_series *series = &p->sessions[i];
			bool same = !key || !strcmp(series->key, key) || (!*key && names_have(later, series->key));
			if (series->dimension != dimension || !same)
				continue;
			for (size_t k = 0; k < series->n; k++) {
				int64_t at = (int64_t)series->cells[k].start_s * SECOND_US;
				if (at < era->from_us || at >= era->to_us)
					continue;
				cells = memory_grow(cells, &cap, *n + 1, sizeof *cells);
				cells[(*n)++] = series->cells[k];
			}
		}
	}
	if (*n)
		qsort(cells, *n, sizeof *cells, cell_order);
	for (size_t i = 0; i < *n; i++) {
		if (kept && cells[kept - 1].start_s == cells[i].start_s)
			cells[kept - 1].delta = clip((int64_t)cells[kept - 1].delta + cells[i].delta);
		else
			cells[kept++] = cells[i];
	}
	*n = kept;
	/* In the second of a start the old server's sessions end and the new one's begin: what is left over is new. */
	if (kept && era->from_start && (int64_t)cells[0].start_s * SECOND_US == era->from_us && cells[0].delta < 0)
		cells[0].delta = 0;
	return cells;
}

/* What must have been open before the first cell, so that the level never falls below zero. */
static int64_t base_of(const struct session_cell *cells, size_t n)
{
	int64_t level = 0, least = 0;
	for (size_t i = 0; i < n; i++) {
		level += cells[i].delta;
		least = level < least ? level : least;
	}
	return -least;
}

struct applied {
	const char *name; /* borrowed */
	int64_t opened, closed;
};

static int applied_order(const void *a, const void *b)
{
	const struct applied *x = a, *y = b;
	return strcmp(x->name, y->name);
}

/* A pooler's sessions open without a name and close under the one that they were given later. After a rotation such a close seems to be
 * of a session opened before the log. Roles do not change: they tell how many of these there were, and when applications close more,
 * what those close that never opened anything was opened without a name. */
static struct names later_names(const struct fold *f, const struct fold_source *s, const struct era *era)
{
	struct applied *all = NULL;
	struct names later = {0};
	size_t n = 0, cap = 0, kept = 0, roles_n;
	for (size_t e = 0; e < s->entries_n; e++) {
		const struct part *p = f->tally->entries[s->entries[e]].part;
		for (size_t i = 0; i < p->sessions_n; i++) {
			if (p->sessions[i].dimension != HOLDER_APPLICATION || !*p->sessions[i].key)
				continue;
			all = memory_grow(all, &cap, n + 1, sizeof *all);
			struct applied *a = &all[n++];
			*a = (struct applied){p->sessions[i].key, 0, 0};
			for (size_t k = 0; k < p->sessions[i].n; k++) {
				const struct session_cell *c = &p->sessions[i].cells[k];
				int64_t at = (int64_t)c->start_s * SECOND_US;
				if (at < era->from_us || at >= era->to_us)
					continue;
				a->opened += c->delta > 0 ? c->delta : 0;
				a->closed += c->delta < 0 ? -(int64_t)c->delta : 0;
			}
		}
	}
	if (n)
		qsort(all, n, sizeof *all, applied_order);
	int64_t closed = 0;
	later.items = memory_new(n, sizeof *later.items);
	for (size_t i = 0, end; i < n; i = end) {
		struct applied sum = all[i];
		for (end = i + 1; end < n && !strcmp(all[end].name, sum.name); end++) {
			sum.opened += all[end].opened;
			sum.closed += all[end].closed;
		}
		if (!sum.opened && sum.closed) {
			later.items[kept++] = sum.name;
			closed += sum.closed;
		}
	}
	struct session_cell *roles = cells_where(f, s, HOLDER_USER, NULL, &later, era, &roles_n);
	later.n = closed > base_of(roles, roles_n) ? kept : 0;
	memory_free(roles);
	memory_free(all);
	return later;
}

static struct session_cell *cells_of(const struct fold *f, const struct fold_source *s, enum holder dimension, const char *key,
				     const struct era *era, size_t *n)
{
	struct names later = {0};
	struct session_cell *cells = NULL;
	*n = 0;
	if (dimension == HOLDER_APPLICATION && key)
		later = later_names(f, s, era);
	if (!key || !names_have(&later, key))
		cells = cells_where(f, s, dimension, key, &later, era, n);
	memory_free(later.items);
	return cells;
}

/* Open connections between two starts of the server, all names together: `delta` is the level from that second on. */
struct curve {
	struct session_cell *cells; /* owned */
	size_t n;
	bool exact; /* counted from a server's start on */
};

static struct curve curve_of(const struct fold *f, const struct fold_source *s, const struct era *era)
{
	struct curve c = {0};
	c.cells = cells_of(f, s, HOLDER_USER, NULL, era, &c.n);
	int64_t level = base_of(c.cells, c.n);
	c.exact = era->from_start && !level;
	for (size_t i = 0; i < c.n; i++) {
		level += c.cells[i].delta;
		c.cells[i].delta = clip(level);
	}
	return c;
}

static int start_order(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;
	return *x < *y ? -1 : *x > *y;
}

/* Starts of the server, as printed, whole seconds, ascending, ended by INT64_MAX. Owned by the caller. */
static int64_t *starts_of(const struct fold *f, const struct fold_source *s)
{
	int64_t *starts = NULL;
	size_t n = 0, cap = 0;
	for (size_t e = 0; e < s->entries_n; e++) {
		const struct part *p = f->tally->entries[s->entries[e]].part;
		for (size_t i = 0; i < p->events_n; i++)
			if (is_start(&p->events[i])) {
				starts = memory_grow(starts, &cap, n + 2, sizeof *starts);
				starts[n++] = p->events[i].at_us / SECOND_US * SECOND_US;
			}
	}
	starts = memory_grow(starts, &cap, n + 1, sizeof *starts);
	starts[n] = INT64_MAX;
	qsort(starts, n, sizeof *starts, start_order);
	return starts;
}

size_t holders_levels(const struct fold *f, size_t source, enum holder dimension, const char *key, struct session_cell **levels)
{
	const struct fold_source *s = &f->sources[source];
	const struct era all = {INT64_MIN, INT64_MAX, false};
	size_t cells_n, n = 0, at = 0, cap = 0, next = 0;
	struct session_cell *cells = cells_of(f, s, dimension, key, &all, &cells_n);
	int64_t *starts = starts_of(f, s);
	*levels = NULL;
	/* One stretch between starts after another; the first one has no start. */
	for (bool from_start = false; at < cells_n; from_start = true, next++) {
		size_t end = at;
		while (end < cells_n && (int64_t)cells[end].start_s * SECOND_US < starts[next])
			end++;
		*levels = memory_grow(*levels, &cap, n + (end - at) + 1, sizeof **levels);
		if (from_start) {
			uint32_t start_s = (uint32_t)(starts[next - 1] / SECOND_US);
			if (at < end && cells[at].start_s == start_s && cells[at].delta < 0)
				cells[at].delta = 0;
			else if (at == end || cells[at].start_s > start_s)
				(*levels)[n++] = (struct session_cell){start_s, 0};
		}
		int64_t level = base_of(cells + at, end - at);
		for (; at < end; at++) {
			level += cells[at].delta;
			(*levels)[n++] = (struct session_cell){cells[at].start_s, clip(level)};
		}
	}
	memory_free(starts);
	memory_free(cells);
	return n;
}

static void add_key(const struct fold *f, const struct fold_source *s, enum holder dimension, const char *key,
		    const struct era *era, int64_t at_us, struct holders *out)
{
	static const char *const names[HOLDER_COUNT] = {"role", "database", "application", "host"};
	size_t n;
	struct session_cell *cells = cells_of(f, s, dimension, key, era, &n);
	int64_t base = base_of(cells, n), count = base;
	for (size_t i = 0; i < n && (int64_t)cells[i].start_s * SECOND_US <= at_us; i++)
		count += cells[i].delta;
	memory_free(cells);
	if (count <= 0)
		return;
	out->items = memory_grow(out->items, &out->cap, out->n + 1, sizeof *out->items);
	out->items[out->n++] = (struct holder_count){sentence_copy(names[dimension]), sentence_copy(key), count,
						     base < count ? base : count};
}

static int dimension_rank(const char *dimension)
{
	return *dimension == 'r' ? 0 : *dimension == 'd' ? 1 : *dimension == 'a' ? 2 : 3;
}

static int holder_order(const void *a, const void *b)
{
	const struct holder_count *x = a, *y = b;
	int rank = dimension_rank(x->dimension) - dimension_rank(y->dimension);
	if (rank)
		return rank;
	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return strcmp(x->name, y->name);
}

static int key_order(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char **holders_keys(const struct fold *f, size_t source, enum holder dimension, size_t *n)
{
	const struct fold_source *s = &f->sources[source];
	const char **keys = NULL;
	size_t cap = 0, kept = 0;
	*n = 0;
	for (size_t e = 0; e < s->entries_n; e++) {
		const struct part *p = f->tally->entries[s->entries[e]].part;
		for (size_t i = 0; i < p->sessions_n; i++)
			if (p->sessions[i].dimension == dimension) {
				keys = memory_grow(keys, &cap, *n + 1, sizeof *keys);
				keys[(*n)++] = p->sessions[i].key;
			}
	}
	if (*n)
		qsort(keys, *n, sizeof *keys, key_order);
	for (size_t i = 0; i < *n; i++)
		if (!kept || strcmp(keys[kept - 1], keys[i]))
			keys[kept++] = keys[i];
	*n = kept;
	return keys;
}

static bool has_sessions(const struct fold *f, const struct fold_source *s)
{
	for (size_t e = 0; e < s->entries_n; e++)
		if (f->tally->entries[s->entries[e]].part->sessions_n)
			return true;
	return false;
}

/* The database that refused, when it logs sessions; else the first database that does. SIZE_MAX: none. */
static size_t database_of(const struct fold *f, const struct incident *in)
{
	for (size_t r = 0; r < in->refusals_n; r++)
		for (size_t i = 0; i < f->n; i++)
			if (in->refusals[r].tier == TIER_DB && !strcmp(in->refusals[r].source, f->sources[i].id))
				return has_sessions(f, &f->sources[i]) ? i : SIZE_MAX;
	for (size_t i = 0; i < f->n; i++)
		if (f->sources[i].tier == TIER_DB && source_counts(&f->sources[i]) && has_sessions(f, &f->sources[i]))
			return i;
	return SIZE_MAX;
}

/* The first refusal because the server's slots were gone, in the source's own clock; INSTANT_NONE: there was none. */
static int64_t first_full_us(const struct fold_source *s, const struct incident *in)
{
	for (size_t r = 0; r < in->refusals_n; r++)
		if (!strcmp(in->refusals[r].source, s->id) && !strcmp(in->refusals[r].class, "db.max_connections"))
			return moment_printed(s, in->refusals[r].onset.at_us);
	return INSTANT_NONE;
}

/* "max_connections = 100 in conf/postgresql.conf, less 3 that are reserved" */
static bool limit_stated(const struct fold *f, size_t source, struct holders *out)
{
	const struct story_postgresql *conf = fold_postgresql(f, source);
	if (!conf || conf->max_connections <= 0)
		return false;
	/* superuser_reserved_connections is 3 and reserved_connections 0 unless they are set. */
	int64_t reserved = conf->superuser_reserved >= 0 ? conf->superuser_reserved : LIMIT_RESERVED;
	reserved += conf->reserved > 0 ? conf->reserved : 0;
	if (reserved >= conf->max_connections)
		return false;
	struct text how = {0};
	text_format(&how, "max_connections = %lld in %s", (long long)conf->max_connections, conf->path ? conf->path : "the configuration");
	if (reserved)
		text_format(&how, ", less %lld that are reserved", (long long)reserved);
	memory_free(out->limit.reason);
	out->limit = (struct known){true, conf->max_connections - reserved, NULL};
	out->limit_how = sentence_take(&how);
	return true;
}

/* The last limit that the log stated up to a printed time; 0: none. */
static int64_t limit_logged(const struct fold *f, const struct fold_source *s, int64_t at_us)
{
	int64_t limit = 0, newest = INT64_MIN;
	for (size_t e = 0; e < s->entries_n; e++) {
		const struct part *p = f->tally->entries[s->entries[e]].part;
		for (size_t i = 0; i < p->gauges_n; i++) {
			if (strcmp(p->gauges[i].name, metric_name(METRIC_DB_LIMIT)))
				continue;
			for (size_t k = 0; k < p->gauges[i].n; k++) {
				const struct number_cell *c = &p->gauges[i].cells[k];
				if (c->max_at_us <= at_us && c->max_at_us > newest && c->max && c->max < INT32_MAX) {
					newest = c->max_at_us;
					limit = (int64_t)c->max;
				}
			}
		}
	}
	return limit;
}

/* The most that was open up to the first refusal. It is the limit itself when the log reaches back to the server's start. */
static void limit_measured(const struct fold *f, size_t source, int64_t full_us, struct holders *out)
{
	struct era era = era_of(f, &f->sources[source], full_us);
	struct curve curve = curve_of(f, &f->sources[source], &era);
	int64_t peak = 0;
	for (size_t i = 0; i < curve.n && (int64_t)curve.cells[i].start_s * SECOND_US <= full_us; i++)
		peak = curve.cells[i].delta > peak ? curve.cells[i].delta : peak;
	if (peak) {
		out->limit = (struct known){true, peak, NULL};
		out->limit_how = sentence_copy(curve.exact ? "most connections open up to the first refusal"
							   : "at least: most connections known to be open up to the first refusal; the log does "
							     "not reach back to the server's start, so others may have been");
	} else {
		out->limit.reason = sentence_copy("the log does not reach back to the server's start, so sessions may be open that it "
						  "never showed");
	}
	memory_free(curve.cells);
}

bool holders_limit(const struct fold *f, size_t source, int64_t at_us, struct holders *out)
{
	int64_t logged;
	if (limit_stated(f, source, out))
		return true;
	if ((logged = limit_logged(f, &f->sources[source], at_us)) <= LIMIT_RESERVED)
		return false;
	struct text how = {0};
	text_format(&how, "the log says max_connections = %lld; less %d that are reserved unless the configuration says otherwise",
		    (long long)logged, LIMIT_RESERVED);
	out->limit = (struct known){true, logged - LIMIT_RESERVED, NULL};
	out->limit_how = sentence_take(&how);
	return true;
}

static void limit_fill(const struct fold *f, size_t source, const struct incident *in, struct holders *out)
{
	const struct fold_source *s = &f->sources[source];
	int64_t full_us = first_full_us(s, in);
	if (holders_limit(f, source, moment_printed(s, in->onset.at_us), out))
		return;
	if (full_us == INSTANT_NONE)
		out->limit.reason = sentence_copy("no refusal says that the server's connection slots were gone");
	else
		limit_measured(f, source, full_us, out);
}

static void nothing_known(struct holders *out, const char *why)
{
	out->at = (struct moment){INSTANT_NONE, INSTANT_NONE, INSTANT_NONE, sentence_copy(why)};
	out->reason = sentence_copy(why);
	out->open.reason = sentence_copy(why);
	out->limit.reason = sentence_copy(why);
}

/* Users may have met something else before: a deploy, slow answers. */
static struct moment asked_of(const struct fold_source *s, const struct incident *in)
{
	struct moment at = in->onset;
	bool refused = false;
	for (size_t r = 0; r < in->refusals_n; r++) {
		const struct refusal *x = &in->refusals[r];
		if (strcmp(x->source, s->id) || (refused && x->onset.at_us >= at.at_us))
			continue;
		at = x->onset;
		refused = true;
	}
	at.reason = NULL;
	return at;
}

static void count_one(const struct fold *f, struct incident *in)
{
	struct holders *out = &in->holders;
	size_t source = database_of(f, in);
	if (source == SIZE_MAX) {
		nothing_known(out, "no database log shows sessions being opened and closed");
		for (size_t i = 0; i < f->n && !out->limit.known; i++)
			if (f->sources[i].tier == TIER_DB && source_counts(&f->sources[i]))
				limit_stated(f, i, out);
		return;
	}
	const struct fold_source *s = &f->sources[source];
	/* The refused connection itself opens nothing: the level after its second is who kept others out. */
	out->at = asked_of(s, in);
	int64_t at_us = moment_printed(s, out->at.at_us);
	if (at_us < s->first_us - COVER_SLACK_US || at_us > s->last_us + COVER_SLACK_US) {
		nothing_known(out, "the database log that shows sessions does not cover the onset");
		return;
	}
	struct era era = era_of(f, s, at_us);
	for (int dimension = 0; dimension < HOLDER_COUNT; dimension++) {
		size_t n;
		const char **keys = holders_keys(f, source, (enum holder)dimension, &n);
		for (size_t i = 0; i < n; i++)
			add_key(f, s, (enum holder)dimension, keys[i], &era, at_us, out);
		memory_free(keys);
	}
	if (out->n)
		qsort(out->items, out->n, sizeof *out->items, holder_order);
	else
		out->reason = sentence_copy("no session was open");
	out->open.known = true;
	for (size_t i = 0; i < out->n; i++)
		if (!strcmp(out->items[i].dimension, "role"))
			out->open.value += out->items[i].count;
	limit_fill(f, source, in, out);
}

void holders_count(const struct fold *f, struct draft *d)
{
	for (size_t i = 0; i < d->incidents_n; i++)
		count_one(f, &d->incidents[i]);
}
