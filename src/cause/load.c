#include "cause/load.h"

#include <stdlib.h>

#include "base/memory.h"
#include "cause/clockroot.h"
#include "cause/track.h"
#include "fold/moment.h"
#include "fold/sentence.h"
#include "incident/incident.h"
#include "incident/logarithm.h"

#define STEP_US (10 * SECOND_US)
/* How much of the time right before the onset is left out of the usual load, and how many steps must be left then. */
static const struct {
	int64_t lead_us;
	size_t steps;
} leads[] = {{5 * MINUTE_US, 12}, {MINUTE_US, 6}, {10 * SECOND_US, LOAD_STEPS}};

enum {
	CUSUM_UP = 8000000,   /* micro-nats: a false alarm each exp(8) seconds at most, and only those near the onset count */
	CUSUM_MOST = 24000000, /* what it may reach: so that a rise that ended is forgotten within seconds */
	LN_RISE = 405465,     /* ln 1.5, micro-nats */
	DISPERSION_MOST_PPM = 10000000,
};

static int64_t scaled(uint64_t a, uint64_t b, uint64_t c)
{
	__extension__ typedef unsigned __int128 wide;
	wide value = c ? (wide)a * b / c : 0;
	return value > INT64_MAX ? INT64_MAX : (int64_t)value;
}

/* Arrivals and requests in flight, second by second. */
struct seconds {
	struct track requests, busy; /* busy: microseconds in flight */
	bool busy_known;
};

static void busy_fill(const struct fold *f, size_t source, struct seconds *s)
{
	const struct fold_source *from = &f->sources[source];
	for (size_t e = 0; e < from->entries_n; e++) {
		const struct part *p = f->tally->entries[from->entries[e]].part;
		s->busy_known |= p->busy_known;
		for (size_t i = 0; i < p->busy_n; i++)
			track_add(&s->busy, fold_utc(from, (int64_t)p->busy[i].start_s * SECOND_US), (int64_t)p->busy_width_s * SECOND_US,
				  p->busy[i].us);
	}
}

/* What came in [from, to): answers, and the growth of what is in flight. Not below zero. */
static uint64_t arrivals(const struct seconds *s, int64_t from_us, int64_t to_us)
{
	uint64_t answered = track_sum(&s->requests, from_us, to_us);
	if (!s->busy_known)
		return answered;
	int64_t step = s->busy.step_us;
	int64_t more = (int64_t)track_sum(&s->busy, to_us - step, to_us) - (int64_t)track_sum(&s->busy, from_us - step, from_us);
	more /= step;
	return more < 0 && (uint64_t)-more > answered ? 0 : answered + (uint64_t)more;
}

static int by_count(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;
	return *x < *y ? -1 : *x > *y;
}

/* Requests of the 10-s steps of [from, to): their median a second in millionths, and how much more than a Poisson's they scatter. */
static void usual(const struct seconds *s, int64_t from_us, int64_t to_us, int64_t *rate_ppm, int64_t *dispersion_ppm)
{
	size_t n = (size_t)((to_us - from_us) / STEP_US);
	uint64_t *steps = memory_new(n, sizeof *steps), sum = 0;
	for (size_t i = 0; i < n; i++) {
		steps[i] = track_sum(&s->requests, from_us + (int64_t)i * STEP_US, from_us + (int64_t)(i + 1) * STEP_US);
		sum += steps[i];
	}
	qsort(steps, n, sizeof *steps, by_count);
	uint64_t twice = steps[(n - 1) / 2] + steps[n / 2]; /* median */
	*rate_ppm = twice ? scaled(twice, 1000000, 20) : scaled(sum, 1000000, 10 * n);
	/* A rise among the steps is no scatter: those over twice the median are left out. */
	__extension__ typedef unsigned __int128 wide;
	wide square = 0;
	size_t kept = 0;
	sum = 0;
	for (; kept < n && steps[kept] <= twice + 2; kept++) {
		sum += steps[kept];
		square += (wide)steps[kept] * steps[kept];
	}
	*dispersion_ppm = 1000000;
	if (kept > 1 && sum) {
		wide variance = (square * kept - (wide)sum * sum) / kept; /* times kept */
		wide ppm = variance * 1000000 / sum;
		*dispersion_ppm = ppm > DISPERSION_MOST_PPM ? DISPERSION_MOST_PPM : ppm < 1000000 ? 1000000 : (int64_t)ppm;
	}
	memory_free(steps);
}

/* The rise that is on at the onset or begins within LOAD_AFTER_US of it; the first such one. */
static void rise_find(const struct seconds *s, int64_t onset_us, int64_t to_us, int64_t dispersion_ppm, int64_t uncertainty_us,
		      struct load_view *out)
{
	int64_t step = s->requests.step_us, level = 0, zero_us = out->from_us, certain_us = INT64_MAX, last_us = to_us;
	int64_t up = scaled(CUSUM_UP, (uint64_t)dispersion_ppm, 1000000), most = scaled(CUSUM_MOST, (uint64_t)dispersion_ppm, 1000000);
	int64_t fall = scaled((uint64_t)out->before_ppm, (uint64_t)step, 2 * 1000000); /* (1.5 - 1) of what is usual in a step, micro-nats */
	for (int64_t at = out->from_us; at < to_us; at += step) {
		level += (int64_t)arrivals(s, at, at + step) * LN_RISE - fall;
		level = level > most ? most : level;
		if (level <= 0) {
			if (certain_us != INT64_MAX && at > onset_us - MINUTE_US) {
				last_us = at;
				break;
			}
			level = 0;
			zero_us = at + step;
			certain_us = INT64_MAX;
		} else if (level >= up && certain_us == INT64_MAX) {
			certain_us = at + step;
		}
	}
	if (certain_us == INT64_MAX)
		return;
	/* What is certain is so at the end of a step; a wide bin was spread over its steps. */
	int64_t slack = s->requests.widest_us > SECOND_US ? s->requests.widest_us : 0;
	out->rose = true;
	out->rise = (struct moment){zero_us, zero_us - SECOND_US - slack - uncertainty_us, certain_us + slack + uncertainty_us, NULL};
	out->until_us = last_us < to_us ? last_us : INT64_MAX;
	int64_t end_us = zero_us + MINUTE_US < last_us ? zero_us + MINUTE_US : last_us;
	int64_t first_us = zero_us + SECOND_US, later_us = first_us + 5 * SECOND_US;
	if (end_us - later_us >= 5 * SECOND_US) {
		out->first_ppm = scaled(arrivals(s, first_us, later_us), 1000000, 5);
		out->later_ppm = scaled(arrivals(s, later_us, end_us), 1000000 * (uint64_t)SECOND_US, (uint64_t)(end_us - later_us));
	}
	out->risen_ppm = scaled(arrivals(s, zero_us, end_us), 1000000 * (uint64_t)SECOND_US, (uint64_t)(end_us > zero_us ? end_us - zero_us : step));
}

static int64_t ln_ratio(int64_t a, int64_t b)
{
	return logarithm_micro((__int128)logarithm_of((uint64_t)(a > 0 ? a : 1), 0) - logarithm_of((uint64_t)(b > 0 ? b : 1), 0));
}

/* Compares one stretch of time with the time before. */
static void compare(const struct seconds *s, int64_t from_us, int64_t to_us, struct load_view *out)
{
	out->window_from_us = from_us;
	out->window_to_us = to_us;
	uint64_t span = (uint64_t)(to_us > from_us ? to_us - from_us : 1);
	uint64_t came = arrivals(s, from_us, to_us), busy = track_sum(&s->busy, from_us, to_us);
	out->came = came;
	out->flight_ppm = scaled(busy, 1000000, span);
	out->arrivals_ppm = scaled(came, 1000000 * (uint64_t)SECOND_US, span);
	out->duration_us = came ? (int64_t)(busy / came) : 0;
	out->grew = out->flight_before_ppm > 0 && came >= LOAD_LEAST &&
		    scaled((uint64_t)out->flight_ppm, 1000000, (uint64_t)out->flight_before_ppm) >= LOAD_GREW_PPM;
	if (!out->grew)
		return;
	int64_t growth = ln_ratio(out->flight_ppm, out->flight_before_ppm), of_requests = ln_ratio(out->arrivals_ppm, out->arrivals_before_ppm);
	out->requests_share_ppm = of_requests * 1000000 / growth;
	out->duration_share_ppm = 1000000 - out->requests_share_ppm;
}

/* When the load rose before the onset: from then to the onset, a minute at most, ten seconds when that is less than three. Else the
 * first window in which requests in flight have grown, and one of both explains it; else the first in which they have grown; else the ten
 * seconds before the onset. What is before the onset tells most: behind it, failures are fast, and what waits is slow. */
static void flight_find(const struct seconds *s, int64_t onset_us, int64_t to_us, struct load_view *out)
{
	static const int64_t windows[][2] = {{-10 * SECOND_US, 0}, {-3 * SECOND_US, 0}, {0, 10 * SECOND_US}, {0, MINUTE_US}};
	struct load_view first = {0};
	uint64_t span = (uint64_t)(out->to_us - out->from_us);
	uint64_t came = arrivals(s, out->from_us, out->to_us), busy = track_sum(&s->busy, out->from_us, out->to_us);
	if (!s->busy_known || !came || !busy) {
		out->no_flight = s->busy_known ? "no request with a duration before the onset" : "no access record has a duration";
		return;
	}
	out->flight_before_ppm = scaled(busy, 1000000, span);
	out->arrivals_before_ppm = scaled(came, 1000000 * (uint64_t)SECOND_US, span);
	out->duration_before_us = (int64_t)(busy / came);
	if (out->rose && out->rise.at_us <= onset_us) {
		int64_t until = onset_us - out->rise.at_us < 3 * SECOND_US ? out->rise.at_us + STEP_US : onset_us;
		until = until - out->rise.at_us > MINUTE_US ? out->rise.at_us + MINUTE_US : until;
		compare(s, out->rise.at_us, until < to_us ? until : to_us, out);
		if (out->grew)
			return;
	}
	for (size_t i = 0; i < sizeof windows / sizeof *windows; i++) {
		int64_t until = onset_us + windows[i][1] < to_us ? onset_us + windows[i][1] : to_us;
		if (until - (onset_us + windows[i][0]) < SECOND_US)
			continue;
		compare(s, onset_us + windows[i][0], until, out);
		if (out->grew && (out->requests_share_ppm >= LOAD_DECIDES_PPM || out->duration_share_ppm >= LOAD_DECIDES_PPM))
			return;
		if (out->grew && !first.grew)
			first = *out;
	}
	if (first.grew) {
		*out = first;
		return;
	}
	compare(s, onset_us - STEP_US, onset_us, out);
	if (out->came < LOAD_LEAST && to_us >= onset_us + MINUTE_US)
		compare(s, onset_us, onset_us + MINUTE_US, out);
}

/* Where the time before begins: an hour before the onset, not before the logs nor in another incident. */
static int64_t before_from(const struct fold *f, const struct front *a, const struct draft *d, const struct incident *in)
{
	int64_t first = INT64_MAX, from = in->onset.at_us - LOAD_BEFORE_US;
	for (size_t i = 0; i < a->n; i++) {
		int64_t at = fold_utc(&f->sources[a->sources[i]], f->sources[a->sources[i]].first_us);
		first = at < first ? at : first;
	}
	from = from > first ? from : first;
	for (size_t i = 0; i < d->incidents_n; i++)
		if (d->incidents[i].end.at_us < in->onset.at_us && d->incidents[i].end.at_us + MINUTE_US > from)
			from = d->incidents[i].end.at_us + MINUTE_US;
	return (from + SECOND_US - 1) / SECOND_US * SECOND_US;
}

/* The log that tells of the incident first. SIZE_MAX: none. */
static size_t first_source(const struct draft *d, const struct incident *in)
{
	for (size_t i = 0; i < d->bursts_n; i++) /* sorted by onset */
		if (incident_has(in, &d->bursts[i]))
			return d->bursts[i].source_index;
	return SIZE_MAX;
}

/* The first symptom in the fronts' own logs: near the onset, as far as clocks that are only assumed to agree may differ; at any time of
 * the incident where the front's clock was not compared with that by which the onset is told. */
static struct moment onset_of(const struct fold *f, const struct front *a, const struct draft *d, const struct incident *in)
{
	size_t told = first_source(d, in);
	for (size_t i = 0; i < d->bursts_n; i++) { /* sorted by onset */
		const struct burst *b = &d->bursts[i];
		bool front = false;
		for (size_t k = 0; k < a->n; k++)
			front |= a->sources[k] == b->source_index;
		bool near = b->onset.at_us <= in->onset.at_us + LOAD_NEAR_US && b->onset.at_us >= in->onset.at_us - LOAD_NEAR_US;
		if (!front || !incident_has(in, b) || (!near && clockroot_shared(f, told, b->source_index)))
			continue;
		int64_t resolution_us = f->sources[b->source_index].resolution_us > 0 ? f->sources[b->source_index].resolution_us : 1;
		return (struct moment){b->onset.at_us, b->onset.at_us, b->onset.at_us + resolution_us, NULL};
	}
	return (struct moment){in->onset.at_us, in->onset.lower_us, in->onset.upper_us, NULL};
}

/* `onset`: what is compared is what came before; the usual load is that before the first symptom of the incident. */
static void measure(const struct fold *f, const struct front *a, const struct draft *d, const struct incident *in, const struct moment *onset,
		    int64_t first_us, struct load_view *out)
{
	*out = (struct load_view){.source = a->n ? a->sources[0] : SIZE_MAX, .onset = *onset};
	/* One log: its own clock. Several, or no symptom in it: what is not known of their clocks counts. */
	bool own = a->n == 1 && out->onset.at_us != in->onset.at_us;
	if (!a->n) {
		out->unknown = out->no_flight = "no log with access records";
		return;
	}
	int64_t onset_us = out->onset.at_us / SECOND_US * SECOND_US, last_us = INT64_MIN, uncertainty_us = 0;
	out->from_us = before_from(f, a, d, in);
	first_us = first_us < onset_us ? first_us / SECOND_US * SECOND_US : onset_us;
	for (size_t k = 0; k < sizeof leads / sizeof *leads && !out->to_us; k++)
		if (first_us - leads[k].lead_us - out->from_us >= (int64_t)leads[k].steps * STEP_US)
			out->to_us = first_us - leads[k].lead_us;
	if (!out->to_us) {
		out->unknown = out->no_flight = "the access records begin less than forty seconds before the onset, or an incident before it had only just ended";
		return;
	}
	struct seconds s = {0};
	int64_t to_us = onset_us + LOAD_AFTER_US;
	track_init(&s.requests, out->from_us - SECOND_US, to_us, SECOND_US);
	track_init(&s.busy, out->from_us - SECOND_US, to_us, SECOND_US);
	for (size_t i = 0; i < a->n; i++) {
		const struct fold_source *from = &f->sources[a->sources[i]];
		const struct fold_series *requests = fold_series_find(from, "http.requests", "", FACET_NONE, "");
		int64_t utc = fold_utc(from, from->last_us);
		if (requests)
			track_series(&s.requests, from, requests);
		busy_fill(f, a->sources[i], &s);
		last_us = utc > last_us ? utc : last_us;
		uncertainty_us = !own && from->uncertainty_us > uncertainty_us ? from->uncertainty_us : uncertainty_us;
	}
	to_us = last_us < to_us ? last_us / SECOND_US * SECOND_US : to_us;
	int64_t dispersion_ppm;
	usual(&s, out->from_us, out->to_us, &out->before_ppm, &dispersion_ppm);
	if (out->before_ppm > 0)
		rise_find(&s, onset_us, to_us, dispersion_ppm, uncertainty_us, out);
	else
		out->unknown = "no request before the onset";
	out->seconds_before_ppm = scaled(arrivals(&s, onset_us - 3 * SECOND_US, onset_us), 1000000, 3);
	flight_find(&s, onset_us, to_us, out);
	track_release(&s.requests);
	track_release(&s.busy);
}

void load_measure(const struct fold *f, const struct front *a, const struct draft *d, const struct incident *in, struct load_view *out)
{
	struct moment onset = onset_of(f, a, d, in);
	measure(f, a, d, in, &onset, onset.at_us, out);
}

void load_measure_phase(const struct fold *f, const struct front *a, const struct draft *d, const struct incident *in,
			const struct moment *phase, struct load_view *out)
{
	struct moment first = onset_of(f, a, d, in), onset = *phase;
	for (size_t i = 0; i < d->bursts_n; i++) { /* sorted by onset */
		const struct burst *b = &d->bursts[i];
		bool front = false;
		for (size_t k = 0; k < a->n; k++)
			front |= a->sources[k] == b->source_index;
		if (!front || !incident_has(in, b) || b->onset.at_us < phase->at_us - LOAD_PHASE_US || b->onset.at_us > phase->at_us + LOAD_NEAR_US)
			continue;
		int64_t resolution_us = f->sources[b->source_index].resolution_us > 0 ? f->sources[b->source_index].resolution_us : 1;
		onset = (struct moment){b->onset.at_us, b->onset.at_us, b->onset.at_us + resolution_us, NULL};
		break;
	}
	onset.reason = NULL;
	measure(f, a, d, in, &onset, first.at_us, out);
}

/* ---- in words ---- */

void load_fold_text(struct text *t, int64_t a, int64_t b)
{
	int64_t tenths = scaled((uint64_t)(a > 0 ? a : 0), 10, (uint64_t)(b > 0 ? b : 1));
	if (tenths >= 100) {
		sentence_count(t, (uint64_t)tenths / 10);
		text_append_string(t, "-fold");
	} else {
		text_format(t, "%lld.%lld-fold", (long long)(tenths / 10), (long long)(tenths % 10));
	}
}

static void append_milli(struct text *t, int64_t ppm)
{
	text_format(t, "%lld.%lld", (long long)(ppm / 1000000), (long long)(ppm / 100000 % 10));
}

void load_tell(const struct load_view *v, struct load *out)
{
	if (v->no_flight) {
		out->reason = sentence_copy(v->no_flight);
		return;
	}
	struct text t = {0};
	out->known = true;
	if (v->came < LOAD_LEAST) {
		text_append_string(&t, "Too few requests for a mean (");
		sentence_count(&t, v->came);
		text_append_string(&t, " of ");
		sentence_count(&t, LOAD_LEAST);
		text_append_string(&t, " at least): ");
	}
	text_append_string(&t, v->grew ? "Requests in flight grew from " : v->came < LOAD_LEAST ? "requests in flight " : "Requests in flight did not grow by half: ");
	append_milli(&t, v->flight_before_ppm);
	text_append_string(&t, " before to ");
	append_milli(&t, v->flight_ppm);
	text_append_string(&t, " in the ");
	sentence_duration(&t, v->window_to_us - v->window_from_us);
	text_append_string(&t, " from ");
	sentence_time(&t, v->window_from_us);
	text_append_string(&t, " on (first symptom there or onset: ");
	sentence_time(&t, v->onset.at_us);
	text_append_string(&t, "); requests a second from ");
	append_milli(&t, v->arrivals_before_ppm);
	text_append_string(&t, " to ");
	append_milli(&t, v->arrivals_ppm);
	text_append_string(&t, ", the time for each from ");
	sentence_duration(&t, v->duration_before_us);
	text_append_string(&t, " to ");
	sentence_duration(&t, v->duration_us);
	text_append_byte(&t, '.');
	if (v->grew) {
		out->requests_share_ppm = (struct known){true, v->requests_share_ppm, NULL};
		out->duration_share_ppm = (struct known){true, v->duration_share_ppm, NULL};
	} else {
		const char *why = v->came < LOAD_LEAST ? "too few requests for a mean" : "requests in flight did not grow by half";
		out->requests_share_ppm.reason = sentence_copy(why);
		out->duration_share_ppm.reason = sentence_copy(why);
	}
	out->text = sentence_take(&t);
}
