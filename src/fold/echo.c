#include "fold/echo.h"

#include <stdlib.h>

#include "base/memory.h"
#include "fold/coincide.h"
#include "fold/correlate.h"

/* What is the same instant in two logs. The deeper tier is where it happens, then it is seen further in front. */
struct kin {
	const char *deeper, *front; /* signals */
	bool one_tier;              /* of one tier: an error log and an access log of one server; else of different ones */
	bool repeated;              /* whoever is told so by the database says so at once: one line for each; who is cut off may notice later */
};

static const struct kin kin[] = {
	{"db.connections.exhausted", "db.connections.exhausted", false, true},
	{"db.starting_up", "db.starting_up", false, true},
	{"db.shutting_down", "db.shutting_down", false, true},
	{"db.terminated", "db.terminated", false, false},
	{"db.deadlock", "db.deadlock", false, true},
	{"db.cancelled", "db.cancelled", false, true},
	{"backend.down", "http.failed", true, false},
	{"backend.slow", "http.failed", true, false},
	{"http.failed", "http.failed", false, false},
	{"app.pool.exhausted", "http.failed", false, false},
	{"http.requests", "http.requests", false, false},
};

enum {
	EVENTS_MOST = 4096,
	MORE_SHARE = 20, /* repetitions may be a 20th more than what was said: that log may begin later */
};

struct bins {
	struct correlate_bin *bins;
	struct correlate_series series;
	struct fold_series counted; /* owned bins */
};

static int64_t floor_second(int64_t us)
{
	return us / SECOND_US - (us % SECOND_US < 0);
}

/* The source's counts of a signal, by its own clock. */
static bool bins_of(const struct fold_source *s, const char *signal, struct bins *out)
{
	*out = (struct bins){.counted = fold_signal(s, signal)};
	size_t n = out->counted.n;
	if (n < CORRELATE_LEAST)
		return false;
	out->bins = memory_new(n, sizeof *out->bins);
	out->series.bins = out->bins;
	out->series.from_s = floor_second(fold_uncorrected(s, s->first_us));
	out->series.to_s = floor_second(fold_uncorrected(s, s->last_us)) + 1;
	for (size_t i = 0; i < n; i++) {
		int64_t at_s = floor_second(fold_uncorrected(s, (int64_t)out->counted.bins[i].bin.start_s * SECOND_US));
		/* Summer time may bring an hour twice, and a bin begin before the first record in it. */
		if (out->series.n && at_s <= out->bins[out->series.n - 1].at_s)
			continue;
		if (at_s < out->series.from_s)
			at_s = out->series.from_s;
		if (at_s < out->series.to_s)
			out->bins[out->series.n++] = (struct correlate_bin){at_s, out->counted.bins[i].bin.n};
	}
	return out->series.n >= CORRELATE_LEAST;
}

static void bins_release(struct bins *b)
{
	memory_free(b->bins);
	memory_free(b->counted.bins);
}

static int time_order(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;
	return *x < *y ? -1 : *x > *y;
}

/* ---- single events ---- */

/* Events that are told apart from all others of their kind: of a second that has one or two, or (`firsts`) the first after a second without any. */
static int64_t *events_of(const struct fold_source *s, const struct fold_series *series, bool firsts, size_t *n)
{
	int64_t *events = memory_new(2 * series->n, sizeof *events);
	*n = 0;
	for (size_t i = 0; i < series->n && series->width_s == 1 && *n < EVENTS_MOST; i++) {
		const struct bin *b = &series->bins[i].bin;
		int64_t start_us = fold_uncorrected(s, (int64_t)b->start_s * SECOND_US);
		if (b->n <= 2 || (firsts && (!i || b->start_s - series->bins[i - 1].bin.start_s > 1)))
			events[(*n)++] = start_us + b->first_us;
		if (b->n == 2 && b->last_us != b->first_us)
			events[(*n)++] = start_us + b->last_us;
	}
	qsort(events, *n, sizeof *events, time_order); /* summer time may bring an hour twice */
	return events;
}

/* How many of the events lie in [low, high]; *at: the first of them. */
static size_t events_between(const int64_t *events, size_t n, int64_t low, int64_t high, size_t *at)
{
	size_t first = 0, last = n;
	while (first < last) {
		size_t middle = first + (last - first) / 2;
		if (events[middle] < low)
			first = middle + 1;
		else
			last = middle;
	}
	*at = first;
	size_t count = 0;
	while (first + count < n && events[first + count] <= high)
		count++;
	return count;
}

/* Each event of a and its only possible echo in b. `late_a_us`: how much later a may log it than b does; `late_b_us` likewise. */
static void pair_events(const struct fold_source *a, const struct fold_series *in_a, const struct fold_source *b, const struct fold_series *in_b,
			int64_t late_a_us, int64_t late_b_us, struct echo *echo)
{
	size_t n_a, n_b, cap = 0, at, back;
	/* The first of many has its echo in this log when all have: not when other logs have most of them. */
	bool firsts = in_a->total >= in_b->total / 10 * 9 && in_b->total >= in_a->total / 10 * 9;
	int64_t *events_a = events_of(a, in_a, firsts, &n_a), *events_b = events_of(b, in_b, firsts, &n_b);
	int64_t low_us = echo->low_us - late_a_us, high_us = echo->high_us + late_b_us;
	for (size_t i = 0; i < n_a; i++) {
		if (events_between(events_b, n_b, events_a[i] + low_us, events_a[i] + high_us, &at) != 1)
			continue;
		if (events_between(events_a, n_a, events_b[at] - high_us, events_b[at] - low_us, &back) != 1)
			continue;
		int64_t apart_us = events_b[at] - events_a[i];
		echo->samples = memory_grow(echo->samples, &cap, echo->samples_n + 1, sizeof *echo->samples);
		echo->samples[echo->samples_n++] = (struct clock_sample){events_a[i], events_b[at], apart_us - late_b_us - a->resolution_us,
									 apart_us + late_a_us + b->resolution_us};
	}
	memory_free(events_a);
	memory_free(events_b);
}

/* ---- events that are repeated ---- */

struct known {
	struct coincide_log log; /* what is told apart */
	struct coincide_log all;  /* whatever is known to have happened */
	struct coincide_log seen; /* the same, but not what may have happened while the log is missing */
	int64_t *events, *every;
	struct coincide_span *hidden, *dense;
};

static int span_order(const void *a, const void *b)
{
	const struct coincide_span *x = a, *y = b;
	return x->from_us < y->from_us ? -1 : x->from_us > y->from_us;
}

static int64_t first_of(const struct fold_source *s, const struct bin *b)
{
	return fold_uncorrected(s, (int64_t)b->start_s * SECOND_US + b->first_us);
}

static int64_t last_of(const struct fold_source *s, const struct bin *b)
{
	return fold_uncorrected(s, (int64_t)b->start_s * SECOND_US + b->last_us);
}

/* The first and the last event of each bin, by the source's own clock; between them and where the log is missing there may be others. Of a
 * bin with more than two they count only beside a silence: where events are dense the first one of a second lies at its begin in any log,
 * whatever its clock is off. */
static struct known known_of(const struct fold_source *s, const struct fold_series *series)
{
	struct known k = {0};
	size_t n = 0, every_n = 0, hidden_n = 0, dense_n = 0;
	k.dense = memory_new(series->n, sizeof *k.dense);
	k.events = memory_new(2 * series->n, sizeof *k.events);
	k.every = memory_new(2 * series->n, sizeof *k.every);
	k.hidden = memory_new(series->n + s->gaps_n + 3, sizeof *k.hidden);
	k.hidden[hidden_n++] = (struct coincide_span){INT64_MIN, fold_uncorrected(s, s->first_us)};
	k.hidden[hidden_n++] = (struct coincide_span){fold_uncorrected(s, s->last_us), INT64_MAX};
	for (size_t i = 0; i < s->gaps_n; i++)
		k.hidden[hidden_n++] = (struct coincide_span){fold_uncorrected(s, s->gaps[i].start_us), fold_uncorrected(s, s->gaps[i].end_us)};
	int64_t before_us = INT64_MIN / 2; /* the last event of the bin before */
	for (size_t i = 0; i < series->n; i++) {
		const struct bin *b = &series->bins[i].bin;
		int64_t first_us = first_of(s, b), last_us = last_of(s, b);
		int64_t after_us = i + 1 < series->n ? first_of(s, &series->bins[i + 1].bin) : INT64_MAX / 2;
		if (every_n + 2 > EVENTS_MOST) {
			k.hidden[hidden_n++] = (struct coincide_span){first_us, INT64_MAX};
			break;
		}
		k.every[every_n++] = first_us;
		if (last_us > first_us)
			k.every[every_n++] = last_us;
		if (b->n <= 2 || first_us - before_us >= COINCIDE_LATE_US)
			k.events[n++] = first_us;
		if (last_us > first_us && (b->n <= 2 || after_us - last_us >= COINCIDE_LATE_US))
			k.events[n++] = last_us;
		if (b->n > 2)
			k.hidden[hidden_n++] = k.dense[dense_n++] = (struct coincide_span){first_us, last_us};
		before_us = last_us;
	}
	qsort(k.events, n, sizeof *k.events, time_order);
	qsort(k.every, every_n, sizeof *k.every, time_order);
	qsort(k.hidden, hidden_n, sizeof *k.hidden, span_order);
	qsort(k.dense, dense_n, sizeof *k.dense, span_order);
	/* Joined, so that their ends ascend, too. */
	size_t kept = 0;
	for (size_t i = 1; i < hidden_n; i++) {
		if (k.hidden[i].from_us > k.hidden[kept].to_us)
			k.hidden[++kept] = k.hidden[i];
		else if (k.hidden[i].to_us > k.hidden[kept].to_us)
			k.hidden[kept].to_us = k.hidden[i].to_us;
	}
	k.log = (struct coincide_log){k.events, n, k.hidden, kept + 1, s->resolution_us};
	k.all = (struct coincide_log){k.every, every_n, k.hidden, kept + 1, s->resolution_us};
	k.seen = (struct coincide_log){k.every, every_n, k.dense, dense_n, s->resolution_us};
	return k;
}

static void known_release(struct known *k)
{
	memory_free(k->events);
	memory_free(k->every);
	memory_free(k->hidden);
	memory_free(k->dense);
}

/* At that distance nine tenths of the repetitions, at least, lie where the log is there and has something that they may repeat. */
static bool mostly_seen(const struct known *happens, const struct known *repeats, int64_t distance_us)
{
	size_t seen = 0;
	for (size_t i = 0; i < repeats->all.n; i++) {
		int64_t at_us = repeats->all.events[i] - distance_us;
		seen += coincide_happens(&happens->seen, at_us - ECHO_LATE_US, at_us + ECHO_LATE_US);
	}
	return seen * 1000000u >= repeats->all.n * (size_t)COINCIDE_SHARE_PPM;
}

/* Whether the first repetition, and all with it, may be of what happened in [first, last], another time than the distances [from, to] say. */
static bool may_be_of(const struct known *happens, const struct known *repeats, int64_t first_us, int64_t last_us, int64_t from_us, int64_t to_us,
		      int64_t most_us)
{
	int64_t said_us = repeats->all.events[0];
	for (int64_t us = said_us - last_us - ECHO_LATE_US; us <= said_us - first_us; us += ECHO_LATE_US / 4) {
		bool other = us < from_us - ECHO_LATE_US || us > to_us + ECHO_LATE_US;
		if (other && us >= -most_us && us <= most_us && coincide_may(&happens->all, &repeats->all, ECHO_LATE_US, us) &&
		    mostly_seen(happens, repeats, us))
			return true;
	}
	return false;
}

/* Whether another distance is as good: of two bursts others may have had the one, these the other. */
static bool elsewhere(const struct known *happens, const struct known *repeats, int64_t from_us, int64_t to_us, int64_t most_us)
{
	for (size_t i = 0; i < happens->seen.n; i++)
		if (may_be_of(happens, repeats, happens->seen.events[i], happens->seen.events[i], from_us, to_us, most_us))
			return true;
	for (size_t i = 0; i < happens->seen.hidden_n; i++)
		if (may_be_of(happens, repeats, happens->seen.hidden[i].from_us, happens->seen.hidden[i].to_us, from_us, to_us, most_us))
			return true;
	return false;
}

/* None comes before the first one that it may repeat: each says no more than that. */
static bool within(const struct known *happens, const struct known *repeats, int64_t low_us, int64_t high_us, int64_t most_us,
		   struct coincide *out)
{
	const struct coincide_log *all = &repeats->all;
	int64_t from_us, to_us;
	*out = (struct coincide){0};
	if (all->n < COINCIDE_LEAST || !coincide_within(&happens->all, all, ECHO_LATE_US, low_us, high_us, &from_us, &to_us) ||
	    to_us - from_us > 2 * ECHO_LATE_US)
		return false;
	int64_t middle_us = from_us + (to_us - from_us) / 2;
	if (!mostly_seen(happens, repeats, middle_us) || elsewhere(happens, repeats, from_us, to_us, most_us))
		return false;
	out->samples = memory_new(all->n, sizeof *out->samples);
	for (; out->n < all->n; out->n++)
		out->samples[out->n] = (struct clock_sample){all->events[out->n] - middle_us, all->events[out->n], from_us, to_us};
	return true;
}

static bool repeated_in(const struct known *happens, const struct known *repeats, int64_t low_us, int64_t high_us, int64_t most_us,
			struct coincide *out)
{
	return coincide(&happens->log, &repeats->log, low_us, high_us, out) || within(happens, repeats, low_us, high_us, most_us, out);
}

static uint64_t total_of(const struct fold_source *s, const char *signal)
{
	struct fold_series series = fold_signal(s, signal);
	memory_free(series.bins);
	return series.total;
}

/* A pool that gave up quotes what the database said last, half a minute before: no repetition. Nor are there more of these than were said. */
static bool at_once(const struct fold_source *front, const struct fold_series *repeats, const struct fold_series *happens)
{
	return repeats->total <= happens->total + happens->total / MORE_SHARE && 2 * total_of(front, "app.pool.exhausted") < repeats->total;
}

/* The events of the deeper log in the other one, whoever else repeats them. False: they are not told apart; the pairs are as they were. */
static bool pair_repeated(const struct fold_source *a, const struct fold_series *in_a, const struct fold_source *b,
			  const struct fold_series *in_b, int64_t most_us, struct echo *echo)
{
	bool deeper_a = a->tier > b->tier;
	if (deeper_a ? !at_once(b, in_b, in_a) : !at_once(a, in_a, in_b))
		return false;
	struct known of_a = known_of(a, in_a), of_b = known_of(b, in_b);
	struct coincide c;
	bool found = deeper_a ? repeated_in(&of_a, &of_b, echo->low_us, echo->high_us, most_us, &c)
			      : repeated_in(&of_b, &of_a, -echo->high_us, -echo->low_us, most_us, &c);
	known_release(&of_a);
	known_release(&of_b);
	if (!found)
		return false;
	for (size_t i = 0; i < c.n && !deeper_a; i++) {
		const struct clock_sample s = c.samples[i];
		c.samples[i] = (struct clock_sample){s.own_us, s.at_us, -s.high_us, -s.low_us};
	}
	memory_free(echo->samples);
	echo->samples = c.samples;
	echo->samples_n = c.n;
	echo->repeated = true;
	return true;
}

/* Whether the best lag stands out: of n things that go together by chance, others do by chance too. By three standard deviations. */
static bool stands_out(int64_t ratio_ppm, size_t n)
{
	int64_t root = 0;
	while ((root + 1) * (root + 1) <= (int64_t)n)
		root++;
	return ratio_ppm >= ECHO_RATIO_PPM && ratio_ppm / 1000 * (root - 3) >= 1000 * root;
}

static bool compare(const struct fold_source *a, const char *signal_a, const struct fold_source *b, const char *signal_b, bool repeated,
		    int64_t most_s, struct echo *echo)
{
	struct bins in_a, in_b;
	struct correlate_lag lag;
	bool found = bins_of(a, signal_a, &in_a), both = bins_of(b, signal_b, &in_b) && found;
	found = both && correlate(&in_a.series, &in_b.series, ECHO_APART_S, most_s, &lag);
	size_t n = in_a.series.n < in_b.series.n ? in_a.series.n : in_b.series.n;
	if (found && stands_out(lag.ratio_ppm, n)) {
		*echo = (struct echo){.n = n,
				      .low_us = lag.low_s * SECOND_US,
				      .high_us = lag.high_s * SECOND_US,
				      .ratio_ppm = lag.ratio_ppm};
		int64_t late_a_us = a->tier <= b->tier ? ECHO_LATE_US : 0, late_b_us = b->tier <= a->tier ? ECHO_LATE_US : 0;
		if (!repeated || !pair_repeated(a, &in_a.counted, b, &in_b.counted, most_s * SECOND_US, echo))
			pair_events(a, &in_a.counted, b, &in_b.counted, late_a_us, late_b_us, echo);
	} else {
		found = false;
	}
	bins_release(&in_a);
	bins_release(&in_b);
	return found;
}

/* Events that are known to be repeated tell more than single ones, these more than shapes, narrow peaks more than broad ones. */
static bool tells_more(const struct echo *x, const struct echo *y)
{
	if (x->repeated != y->repeated)
		return x->repeated;
	size_t events_x = x->samples_n < ECHO_EVENTS ? 0 : x->samples_n, events_y = y->samples_n < ECHO_EVENTS ? 0 : y->samples_n;
	if (!y->signal || events_x != events_y)
		return !y->signal || events_x > events_y;
	return x->high_us - x->low_us < y->high_us - y->low_us;
}

static void keep_better(const struct fold_source *a, const char *signal_a, const struct fold_source *b, const char *signal_b, bool repeated,
			int64_t most_s, struct echo *best)
{
	struct echo e;
	if (!compare(a, signal_a, b, signal_b, repeated, most_s, &e))
		return;
	e.signal = signal_a;
	if (tells_more(&e, best)) {
		echo_release(best);
		*best = e;
	} else {
		echo_release(&e);
	}
}

bool echo_find(const struct fold_source *a, const struct fold_source *b, int64_t most_s, struct echo *echo)
{
	*echo = (struct echo){0};
	if (a->tier == TIER_UNKNOWN || b->tier == TIER_UNKNOWN)
		return false;
	for (size_t i = 0; i < sizeof kin / sizeof *kin; i++) {
		if (kin[i].one_tier != (a->tier == b->tier))
			continue;
		/* Of one tier either may be the error log. */
		if (a->tier >= b->tier)
			keep_better(a, kin[i].deeper, b, kin[i].front, kin[i].repeated, most_s, echo);
		if (b->tier >= a->tier)
			keep_better(a, kin[i].front, b, kin[i].deeper, kin[i].repeated, most_s, echo);
	}
	return echo->signal;
}

void echo_release(struct echo *echo)
{
	memory_free(echo->samples);
	*echo = (struct echo){0};
}
