#include "incident/lockpile.h"

#include <stdlib.h>

#include "base/memory.h"
#include "fold/label.h"
#include "fold/moment.h"
#include "fold/sentence.h"

/* A wait's begin is its record's time, in milliseconds, less how long it had waited by then. */
#define SAME_BEGIN_US (50 * INT64_C(1000))

/* One wait, with what a later file says of it. Times are UTC. */
struct wait {
	const struct lock_wait *lock; /* borrowed from its part */
	size_t source;
	uint32_t part;
	int64_t began_us, until_us, waited_us;
	bool over; /* it was acquired */
};
struct waits {
	struct wait *items; /* by (source, until, offset) */
	size_t n, cap;
	uint64_t more;
	bool database; /* there is a database's log */
};

/* Began in a file before: see tally/lockwait.h. */
static bool is_rest(const struct lock_wait *w)
{
	return w->acquired_us >= 0 && w->acquired_us == w->at_us;
}

static int by_source(const void *a, const void *b)
{
	const struct wait *x = a, *y = b;
	if (x->source != y->source)
		return x->source < y->source ? -1 : 1;
	if (x->until_us != y->until_us)
		return x->until_us < y->until_us ? -1 : 1;
	if (x->part != y->part)
		return x->part < y->part ? -1 : 1;
	return x->lock->offset < y->lock->offset ? -1 : x->lock->offset > y->lock->offset;
}

enum { LOOK_BACK = 4096 }; /* two files hold 2,048 waits; a tally may come from anywhere */

static bool same_lock(const struct wait *x, const struct wait *y)
{
	return !strcmp(x->lock->mode, y->lock->mode) && !strcmp(x->lock->object, y->lock->object);
}

/* The wait of an earlier file that this rest ends; NULL. */
static struct wait *begun_before(struct waits *all, size_t rest)
{
	const struct wait *r = &all->items[rest];
	for (size_t i = rest, seen = 0; i-- > 0 && seen < LOOK_BACK; seen++) {
		struct wait *w = &all->items[i];
		if (w->source != r->source)
			return NULL;
		if (w->lock && w->lock->pid == r->lock->pid && w->part != r->part)
			return !w->over && same_lock(w, r) ? w : NULL;
	}
	return NULL;
}

/* The wait that this one reports again, as PostgreSQL does when a waiter was woken meanwhile: the same process, waiting since the same
 * moment. NULL. */
static struct wait *reported_before(struct waits *all, size_t again)
{
	const struct wait *r = &all->items[again];
	for (size_t i = again, seen = 0; i-- > 0 && seen < LOOK_BACK; seen++) {
		struct wait *w = &all->items[i];
		if (w->source != r->source || w->until_us < r->began_us - SAME_BEGIN_US)
			return NULL;
		if (!w->lock || w->lock->pid != r->lock->pid)
			continue;
		bool same = w->began_us >= r->began_us - SAME_BEGIN_US && w->began_us <= r->began_us + SAME_BEGIN_US;
		return same && !w->over && same_lock(w, r) ? w : NULL;
	}
	return NULL;
}

static void collect(const struct fold *f, struct waits *all)
{
	*all = (struct waits){0};
	for (size_t i = 0; i < f->n; i++) {
		const struct fold_source *s = &f->sources[i];
		if (s->tier != TIER_DB || !source_counts(s))
			continue;
		all->database = true;
		for (size_t e = 0; e < s->entries_n; e++) {
			const struct part *p = f->tally->entries[s->entries[e]].part;
			all->more += p->locks_more;
			for (size_t k = 0; k < p->locks_n; k++) {
				const struct lock_wait *l = &p->locks[k];
				int64_t until = fold_utc(s, l->acquired_us >= 0 ? l->acquired_us : l->at_us);
				int64_t waited = l->waited_us < 365 * DAY_US ? l->waited_us : 365 * DAY_US;
				all->items = memory_grow(all->items, &all->cap, all->n + 1, sizeof *all->items);
				all->items[all->n++] = (struct wait){l, i, s->entries[e], until - waited, until, waited, l->acquired_us >= 0};
			}
		}
	}
	if (all->n)
		qsort(all->items, all->n, sizeof *all->items, by_source);
	size_t kept = 0;
	for (size_t i = 0; i < all->n; i++) {
		struct wait *later = &all->items[i];
		bool rest = is_rest(later->lock);
		struct wait *begun = rest ? begun_before(all, i) : reported_before(all, i);
		if (!begun)
			continue;
		begun->until_us = later->until_us;
		begun->waited_us = later->waited_us;
		begun->began_us = rest ? later->began_us : begun->began_us;
		begun->over = rest || later->over;
		/* The record that is evidence stays the first one, unless the queue was longer later. */
		if (later->lock->queue > begun->lock->queue) {
			begun->lock = later->lock;
			begun->part = later->part;
		}
		later->lock = NULL;
	}
	for (size_t i = 0; i < all->n; i++)
		if (all->items[i].lock)
			all->items[kept++] = all->items[i];
	all->n = kept;
}

/* ---- one incident ---- */

static int by_object(const void *a, const void *b)
{
	const struct wait *x = *(const struct wait *const *)a, *y = *(const struct wait *const *)b;
	int order = x->source < y->source ? -1 : x->source > y->source;
	order = order ? order : strcmp(x->lock->object, y->lock->object);
	order = order ? order : strcmp(x->lock->mode, y->lock->mode);
	order = order ? order : x->began_us < y->began_us ? -1 : x->began_us > y->began_us;
	return order ? order : by_source(x, y);
}

static char *name_of(const char *said)
{
	return *said ? sentence_copy(said) : NULL;
}

static int holder_order(const void *a, const void *b)
{
	const struct lock_holder *x = a, *y = b;
	if (x->waits != y->waits)
		return x->waits < y->waits ? 1 : -1;
	return x->pid < y->pid ? -1 : x->pid > y->pid;
}

static int by_holder(const void *a, const void *b)
{
	const struct wait *x = *(const struct wait *const *)a, *y = *(const struct wait *const *)b;
	if (x->lock->holder != y->lock->holder)
		return x->lock->holder < y->lock->holder ? -1 : 1;
	return by_source(x, y);
}

/* The holders that `n` waits name. Sorts the waits. */
static void add_holders(const struct wait **waits, size_t n, struct lock_object *o)
{
	struct lock_holder *found = memory_new(n, sizeof *found);
	size_t found_n = 0;
	qsort(waits, n, sizeof *waits, by_holder);
	for (size_t i = 0; i < n; i++) {
		const struct lock_wait *l = waits[i]->lock;
		if (l->holder < 0)
			continue;
		struct lock_holder *h = found_n ? &found[found_n - 1] : NULL;
		if (!h || h->pid != l->holder) {
			h = &found[found_n++];
			h->pid = l->holder;
		}
		h->waits++;
		if (!h->user && *l->holder_user) { /* the first wait that knows its session */
			h->user = name_of(l->holder_user);
			h->database = name_of(l->holder_database);
			h->application = name_of(l->holder_application);
			h->host = name_of(l->holder_host);
		}
	}
	if (found_n)
		qsort(found, found_n, sizeof *found, holder_order);
	for (size_t i = LOCKPILE_HOLDERS; i < found_n; i++) {
		memory_free(found[i].user);
		memory_free(found[i].database);
		memory_free(found[i].application);
		memory_free(found[i].host);
	}
	o->holders = found;
	o->holders_n = found_n < LOCKPILE_HOLDERS ? found_n : LOCKPILE_HOLDERS;
}

static int object_order(const void *a, const void *b)
{
	const struct lock_object *x = a, *y = b;
	if (x->waits != y->waits)
		return x->waits < y->waits ? 1 : -1;
	if (x->longest_us != y->longest_us)
		return x->longest_us < y->longest_us ? 1 : -1;
	int order = strcmp(x->object, y->object);
	return order ? order : strcmp(x->mode, y->mode);
}

static void add_objects(const struct wait **waits, size_t n, struct locks *out)
{
	size_t cap = 0;
	qsort(waits, n, sizeof *waits, by_object);
	for (size_t i = 0, end; i < n; i = end) {
		struct lock_object o = {0};
		size_t most = 0, run = 0;
		const char *mode = waits[i]->lock->mode;
		for (end = i; end < n && waits[end]->source == waits[i]->source && !strcmp(waits[end]->lock->object, waits[i]->lock->object);
		     end++) {
			run = end > i && !strcmp(waits[end]->lock->mode, waits[end - 1]->lock->mode) ? run + 1 : 1;
			if (run > most) {
				most = run;
				mode = waits[end]->lock->mode;
			}
			o.longest_us = waits[end]->waited_us > o.longest_us ? waits[end]->waited_us : o.longest_us;
		}
		o.waits = end - i;
		o.object = sentence_copy(waits[i]->lock->object);
		o.mode = sentence_copy(mode);
		add_holders(waits + i, end - i, &o);
		out->objects = memory_grow(out->objects, &cap, out->objects_n + 1, sizeof *out->objects);
		out->objects[out->objects_n++] = o;
	}
	qsort(out->objects, out->objects_n, sizeof *out->objects, object_order);
	while (out->objects_n > LOCKPILE_OBJECTS)
		lock_object_release(&out->objects[--out->objects_n]);
}

static void evidence_of(const struct fold *f, const struct wait *w, struct evidence_list *out)
{
	fold_evidence(f, w->source, w->part, w->lock->line, w->lock->offset, w->lock->length, out);
}

static bool begins_before(const struct wait *a, const struct wait *b)
{
	return a->began_us < b->began_us || (a->began_us == b->began_us && by_source(a, b) < 0);
}

static struct moment began(const struct fold *f, const struct wait *w)
{
	const struct fold_source *s = &f->sources[w->source];
	return moment_of(s, moment_printed(s, w->began_us));
}

/* "migrate (migration-42, process 18045)" */
static void name_holder(struct text *t, const struct lock_wait *l)
{
	text_append_string(t, *l->holder_user ? l->holder_user : "process");
	if (*l->holder_user) {
		text_append_string(t, " (");
		if (*l->holder_application)
			text_format(t, "%s, ", l->holder_application);
		text_append_string(t, "process");
	}
	text_format(t, " %lld%s", (long long)l->holder, *l->holder_user ? ")" : "");
}

/* `all`: what is known of all waits together. */
static void tell_first(const struct fold *f, size_t incident, const struct wait *w, const struct locks *all, struct note_list *notes)
{
	const struct lock_wait *l = w->lock;
	struct note *n = note_add(notes, RANK_TIER, incident, w->source, "lock_wait", "warning");
	struct text t = {0};
	text_format(&t, "First lock wait: %s waits for %s", *l->user ? l->user : "a session", l->mode);
	text_format(&t, " on %s", l->object);
	if (*l->statement)
		text_format(&t, " (\"%.120s\")", l->statement);
	text_append_string(&t, w->over ? ", for " : ", for at least ");
	sentence_duration(&t, w->waited_us);
	if (l->holder >= 0) {
		text_append_string(&t, "; held by ");
		name_holder(&t, l);
	}
	if (l->queue > 1) {
		text_append_string(&t, "; ");
		sentence_count(&t, l->queue);
		text_append_string(&t, " wait for it when it is logged");
	}
	text_format(&t, " (%s).", label_of(f, w->source));
	if (all->waits > 1) {
		text_append_string(&t, " In all ");
		sentence_count(&t, all->waits);
		text_append_string(&t, " waits, the longest ");
		sentence_duration(&t, all->longest_us);
		text_append_byte(&t, '.');
	}
	n->sentence = sentence_take(&t);
	n->at = began(f, w);
	n->count = (struct known){true, (int64_t)all->waits, NULL};
	evidence_of(f, w, &n->evidence);
}

static void tell_queue(const struct fold *f, size_t incident, const struct wait *w, struct note_list *notes)
{
	const struct fold_source *s = &f->sources[w->source];
	struct note *n = note_add(notes, RANK_SIGNAL, incident, w->source, "lock_queue", "warning");
	struct text t = {0};
	text_append_string(&t, "Longest queue for a lock: ");
	sentence_counted(&t, w->lock->queue, "session");
	text_format(&t, " wait for %s", w->lock->object);
	if (w->lock->holder >= 0) {
		text_append_string(&t, ", held by ");
		name_holder(&t, w->lock);
	}
	text_format(&t, " (%s).", label_of(f, w->source));
	n->sentence = sentence_take(&t);
	n->at = moment_of(s, w->lock->at_us);
	n->count = (struct known){true, w->lock->queue, NULL};
	evidence_of(f, w, &n->evidence);
}

static const char *why_none(const struct waits *all)
{
	if (!all->database)
		return "no database log was given";
	if (all->n || all->more)
		return "no lock wait over deadlock_timeout was logged around the incident";
	return "log_lock_waits is off, or no wait over deadlock_timeout was logged: the log does not tell which";
}

static void find_one(const struct fold *f, const struct waits *all, struct draft *d, size_t incident, struct note_list *notes)
{
	struct incident *in = &d->incidents[incident];
	struct locks *out = &in->locks;
	const struct wait **mine = memory_new(all->n, sizeof *mine), *first = NULL, *queue = NULL, *longest = NULL;
	size_t n = 0;
	bool detail = false;
	for (size_t i = 0; i < all->n; i++) {
		const struct wait *w = &all->items[i];
		if (w->until_us < in->onset.at_us - LOCKPILE_BEFORE_US || w->began_us > in->end.at_us)
			continue;
		mine[n++] = w;
		detail |= w->lock->holders || w->lock->queue;
		if (!first || begins_before(w, first))
			first = w;
		if (!queue || w->lock->queue > queue->lock->queue || (w->lock->queue == queue->lock->queue && begins_before(w, queue)))
			queue = w;
		if (!longest || w->waited_us > longest->waited_us || (w->waited_us == longest->waited_us && begins_before(w, longest)))
			longest = w;
	}
	if (n) {
		out->known = true;
		out->waits = n;
		out->longest_us = longest->waited_us;
		if (detail)
			out->queue_peak = (struct known){true, queue->lock->queue, NULL};
		else
			out->queue_peak.reason = sentence_copy("no wait has a DETAIL with its queue");
		add_objects(mine, n, out);
		out->more = all->more;
		out->onset = began(f, first);
		out->first_user = sentence_copy(first->lock->user);
		out->first_mode = sentence_copy(first->lock->mode);
		out->first_statement = sentence_copy(first->lock->statement);
		evidence_of(f, first, &out->evidence);
		if (queue != first)
			evidence_of(f, queue, &out->evidence);
		if (longest != first && longest != queue)
			evidence_of(f, longest, &out->evidence);
		tell_first(f, incident, first, out, notes);
		if (queue != first && queue->lock->queue >= LOCKPILE_QUEUE)
			tell_queue(f, incident, queue, notes);
	} else {
		out->reason = sentence_copy(why_none(all));
	}
	memory_free(mine);
}

void lockpile_find(const struct fold *f, struct draft *d, struct note_list *notes)
{
	struct waits all;
	collect(f, &all);
	for (size_t i = 0; i < d->incidents_n; i++)
		find_one(f, &all, d, i, notes);
	memory_free(all.items);
}
