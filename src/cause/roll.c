#include "cause/roll.h"

#include "base/memory.h"
#include "fold/evidence.h"
#include "fold/sentence.h"

/* A service was running before its first logged start when its log is older than this: start-up lines come first. */
#define RAN_BEFORE_US (10 * SECOND_US)

/* How long after "starting" a service may say that it listens. */
#define START_TWICE_US (2 * MINUTE_US)

/* An instance, as far as logs tell them apart. */
struct instance {
	size_t source;
	const char *host;
	const struct event *started; /* its start in this roll; NULL: none yet */
	int64_t started_us, stopped_us; /* INSTANT_NONE: no stop in this roll */
	const char *earlier;         /* of the past: the version before that of `started`; NULL: none */
};

/* What a service ran before, as far as its log told. */
enum { PAST = 256 };
struct past {
	struct instance instances[PAST]; /* `started`: the last start that told a version; of more the first are forgotten */
	size_t n, next;
	const char **versions;      /* of the service, in the order in which they came */
	size_t versions_n, versions_cap;
	bool seen;                  /* some step of it */
};

/* One roll: steps that belong together. */
struct roll {
	size_t first, last;      /* steps */
	size_t first_stop, last_start;
	size_t stops, starts;
	const char *version;     /* of the starts; "" unknown */
	struct instance *instances;
	size_t n, cap;
};

static struct instance *instance_of(struct roll *r, const struct step *s)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->instances[i].source == s->source && !strcmp(r->instances[i].host, s->event->host))
			return &r->instances[i];
	return NULL;
}

/* Many a service says first that it starts and then that it listens: one start. Where no process id tells, so is a line of its server
 * ("Listening at") that names no version, and then its own that does: one that starts again begins with the first line again. */
static bool same_start(const struct instance *known, const struct step *s)
{
	static const char starting[] = "process.starting";
	if (!known || !known->started || !s->start)
		return false;
	if (known->started->pid > 0 && s->event->pid > 0)
		return known->started->pid == s->event->pid;
	bool starts = !strcmp(known->started->class, starting) && strcmp(s->event->class, starting) != 0;
	bool names = !*known->started->version && *s->event->version;
	return s->at_us - known->started_us <= START_TWICE_US && (starts || names);
}

/* So many steps ahead a start's own version is looked for. */
enum { AHEAD = 256 };

/* The version that a start tells, or the next line of the same start does: "Listening at" first, then "shop 1.2 listening". */
static const char *version_told(const struct step *steps, size_t n, size_t at)
{
	const struct step *s = &steps[at];
	struct instance self = {.started = s->event, .started_us = s->at_us};
	for (size_t i = at + 1; s->start && !*s->event->version && i < n && i - at <= AHEAD && steps[i].at_us - s->at_us <= START_TWICE_US; i++)
		if (steps[i].source == s->source && !strcmp(steps[i].event->host, s->event->host))
			return same_start(&self, &steps[i]) ? steps[i].event->version : "";
	return s->event->version;
}

static bool belongs(struct roll *r, const struct step *steps, size_t n, size_t at)
{
	const struct step *s = &steps[at];
	const char *version = version_told(steps, n, at);
	const struct instance *known = instance_of(r, s);
	if (s->at_us - steps[r->last].at_us > ROLL_US || (known && known->started && !same_start(known, s)))
		return false;
	return !s->start || !*r->version || !*version || !strcmp(r->version, version);
}

static void take_step(struct roll *r, const struct step *steps, size_t at)
{
	const struct step *s = &steps[at];
	struct instance *known = instance_of(r, s);
	if (!known) {
		r->instances = memory_grow(r->instances, &r->cap, r->n + 1, sizeof *r->instances);
		known = &r->instances[r->n++];
		*known = (struct instance){.source = s->source, .host = s->event->host, .stopped_us = INSTANT_NONE};
	}
	r->last = at;
	if (!s->start) {
		r->first_stop = r->stops++ ? r->first_stop : at;
		known->stopped_us = known->stopped_us == INSTANT_NONE && !known->started ? s->at_us : known->stopped_us;
		return;
	}
	r->starts += !known->started;
	known->started = s->event;
	known->started_us = s->at_us;
	r->last_start = at;
	if (!*r->version)
		r->version = s->event->version;
}

static const char *last_version(const struct past *past)
{
	return past->versions_n ? past->versions[past->versions_n - 1] : "";
}

static struct instance *in_past(struct past *past, const struct instance *now)
{
	for (size_t i = 0; i < past->n; i++)
		if (past->instances[i].source == now->source && !strcmp(past->instances[i].host, now->host))
			return &past->instances[i];
	return NULL;
}

/* Versions of several logs have an order only where their clocks are known. */
static bool is_dated(const struct fold *f, const struct roll *r)
{
	for (size_t i = 0; i < r->n; i++)
		if (f->sources[r->instances[i].source].uncertainty_us > MINUTE_US)
			return false;
	return true;
}

/* The version that an instance of the roll ran before, when it is another one; else the service's, when none of them ran before, or
 * what a process that stops says of itself; "". */
static const char *version_before(const struct fold *f, struct past *past, const struct step *steps, const struct roll *r)
{
	bool known = false;
	for (size_t i = 0; i < r->n; i++) {
		const struct instance *x = in_past(past, &r->instances[i]);
		if (x && r->instances[i].started && strcmp(x->started->version, r->version))
			return x->started->version;
		known |= x != NULL;
	}
	if (known)
		return r->version;
	if (*last_version(past) && is_dated(f, r))
		return last_version(past);
	return r->stops ? steps[r->first_stop].event->version : "";
}

static void remember(struct past *past, const struct roll *r)
{
	past->seen = true;
	for (size_t i = 0; i < r->n; i++) {
		const struct instance *now = &r->instances[i];
		struct instance *was = in_past(past, now);
		if (!now->started || !*now->started->version)
			continue;
		const char *earlier = NULL;
		if (was)
			earlier = strcmp(was->started->version, now->started->version) ? was->started->version : was->earlier;
		else
			was = &past->instances[past->next++ % PAST];
		past->n = past->next < PAST ? past->next : PAST;
		*was = *now;
		was->earlier = earlier;
	}
	if (!*r->version || !strcmp(r->version, last_version(past)))
		return;
	past->versions = memory_grow(past->versions, &past->versions_cap, past->versions_n + 1, sizeof *past->versions);
	past->versions[past->versions_n++] = r->version;
}

/* True when both are numbers with dots ("1.10.2", "v2.0") and the first is the smaller one: a commit's hash has no order. */
static bool is_older(const char *version, const char *than)
{
	const char *at[2] = {version + (*version == 'v'), than + (*than == 'v')};
	for (size_t parts = 0;; parts++) {
		uint64_t number[2];
		for (size_t i = 0; i < 2; i++) {
			if (!is_digit(*at[i]))
				return false;
			for (number[i] = 0; is_digit(*at[i]) && number[i] < UINT32_MAX; at[i]++)
				number[i] = number[i] * 10 + (uint64_t)(*at[i] - '0');
		}
		if (number[0] != number[1])
			return number[0] < number[1] && (parts || *at[0] == '.') && (parts || *at[1] == '.');
		if (*at[0]++ != '.' || *at[1]++ != '.')
			return false;
	}
}

/* A version that one of the instances ran before the one before; of instances that nobody saw before, that the service did. */
static bool is_back(struct past *past, const struct roll *r)
{
	bool known = false;
	for (size_t i = 0; i < r->n; i++) {
		const struct instance *x = in_past(past, &r->instances[i]);
		if (x && x->earlier && !strcmp(x->earlier, r->version))
			return true;
		known |= x != NULL;
	}
	for (size_t i = 0; !known && i + 1 < past->versions_n; i++)
		if (!strcmp(past->versions[i], r->version))
			return true;
	return false;
}

static const char *kind_of(const struct fold *f, const struct step *steps, const struct roll *r, const char *before, struct past *past)
{
	if (!r->starts)
		return "stop";
	if (*r->version && *before && strcmp(r->version, before))
		return is_back(past, r) || is_older(r->version, before) ? "rollback" : "deploy";
	const struct fold_source *s = &f->sources[steps[r->first].source];
	bool ran = past->seen || r->stops || steps[r->first].at_us - fold_utc(s, s->first_us) > RAN_BEFORE_US;
	return ran ? "restart" : "start";
}

static char *summary_of(const struct step *steps, const struct roll *r, const char *kind, const char *before)
{
	struct text t = {0};
	text_format(&t, "%s of %s", kind, steps[r->first].service);
	if (*r->version && *before && strcmp(r->version, before))
		text_format(&t, ", %s to %s", before, r->version);
	else if (*r->version)
		text_format(&t, " (%s)", r->version);
	text_append_string(&t, ": ");
	sentence_counted(&t, r->n, "instance");
	if (r->stops) {
		text_append_string(&t, r->stops > 1 && r->n > 1 ? ", first stop " : ", stop ");
		sentence_time(&t, steps[r->first_stop].at_us);
	}
	if (r->starts) {
		text_append_string(&t, r->starts > 1 ? ", last start " : ", start ");
		sentence_time(&t, steps[r->last_start].at_us);
	}
	if (r->starts && !r->stops && !strcmp(kind, "restart"))
		text_append_string(&t, ", no stop was logged before it (as after a crash or a kill)");
	return sentence_take(&t);
}

static void evidence_of(const struct fold *f, const struct step *steps, const struct roll *r, struct evidence_list *out)
{
	size_t at[4], n = 0;
	at[n++] = r->first;
	if (r->stops && r->first_stop != r->first)
		at[n++] = r->first_stop;
	if (r->starts && r->last_start != r->first)
		at[n++] = r->last_start;
	if (r->last != r->first && r->last != r->last_start)
		at[n++] = r->last;
	for (size_t i = 0; i < n; i++)
		evidence_event(f, steps[at[i]].source, steps[at[i]].part, steps[at[i]].event, out);
}

/* The newest record of a source before a stamp, as printed: until then the process before it was there. INSTANT_NONE: none. */
static int64_t record_before(const struct fold_source *s, int64_t at_us)
{
	static const char *const signals[] = {"records", "http.requests"};
	int64_t newest = INSTANT_NONE;
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
		const struct fold_series *series = fold_series_find(s, signals[i], "", FACET_NONE, "");
		for (size_t k = 0; series && k < series->n; k++) {
			const struct bin *b = &series->bins[k].bin;
			int64_t start_us = (int64_t)b->start_s * SECOND_US, last_us = start_us + b->last_us;
			int64_t us = last_us < at_us ? last_us : start_us + b->first_us;
			newest = us < at_us && us > newest ? us : newest;
		}
	}
	return newest;
}

/* A start whose stop was not logged: it began after the last record of the process before it. `printed_us`: the start as its log has it. */
static int64_t unlogged_begin_us(const struct fold *f, const struct roll *r, size_t source, int64_t printed_us, int64_t at_us)
{
	size_t beside = 0; /* instances that write to the same log: their records say nothing of this one */
	for (size_t i = 0; i < r->n; i++)
		beside += r->instances[i].source == source;
	int64_t before = beside > 1 ? INSTANT_NONE : record_before(&f->sources[source], printed_us);
	return before == INSTANT_NONE ? at_us - START_TWICE_US : fold_utc(&f->sources[source], before);
}

static void close_roll(const struct fold *f, const struct step *steps, const struct roll *r, struct past *past,
		       struct change_list *out)
{
	const struct step *first = &steps[r->first];
	const char *before = version_before(f, past, steps, r), *kind = kind_of(f, steps, r, before, past);
	struct change *c = changelist_add(out, f, first->source, kind, first->event->at_us);
	c->service = sentence_copy(first->service);
	c->version = *r->version ? sentence_copy(r->version) : NULL;
	bool other = *r->version && *before && strcmp(r->version, before);
	c->from_version = other ? sentence_copy(before) : NULL;
	c->summary = summary_of(steps, r, kind, before);
	c->end_us = r->starts && r->last_start != r->first ? steps[r->last_start].at_us : INSTANT_NONE;
	c->begun_us = first->start ? unlogged_begin_us(f, r, first->source, first->event->at_us, first->at_us) : first->at_us;
	c->instances = memory_new(r->n, sizeof *c->instances);
	for (size_t i = 0; i < r->n; i++) {
		const struct instance *x = &r->instances[i];
		if (!x->started)
			continue;
		int64_t begun_us = x->stopped_us;
		if (begun_us == INSTANT_NONE)
			begun_us = unlogged_begin_us(f, r, x->source, x->started->at_us, x->started_us);
		c->instances[c->instances_n++] = (struct change_instance){x->source, begun_us, x->started_us};
	}
	evidence_of(f, steps, r, &c->evidence);
}

/* A stop that no start follows is no part of a restart: the instance was taken away, or the run ended. Returns the first step
 * that is left for the next roll. */
static size_t without_last_stops(struct roll *r, const struct step *steps)
{
	size_t first = r->first, end = r->last_start + 1;
	memory_free(r->instances);
	*r = (struct roll){.first = first, .last = first, .version = ""};
	for (size_t i = first; i < end; i++)
		take_step(r, steps, i);
	return end;
}

void roll_changes(const struct fold *f, const struct step *steps, size_t n, struct change_list *out)
{
	struct past past = {0};
	for (size_t i = 0; i < n;) {
		struct roll r = {.first = i, .last = i, .version = ""};
		do
			take_step(&r, steps, i++);
		while (i < n && belongs(&r, steps, n, i));
		if (r.starts && r.last > r.last_start)
			i = without_last_stops(&r, steps);
		close_roll(f, steps, &r, &past, out);
		remember(&past, &r);
		memory_free(r.instances);
	}
	memory_free(past.versions);
}
