#include "report/stack.h"

#include "fold/sentence.h"
#include "report/when.h"

static struct stack_tier *find_tier(struct stack *s, enum document_tier tier)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->tiers[i].tier == tier)
			return &s->tiers[i];
	return NULL;
}

/* Instances whose logs have one name stand as one. */
static void add_file(struct stack_tier *t, struct span name)
{
	for (size_t i = 0; i < t->files_n && i < STACK_FILES; i++)
		if (span_equal(t->files[i], name)) {
			t->alike[i]++;
			return;
		}
	if (t->files_n < STACK_FILES) {
		t->files[t->files_n] = name;
		t->alike[t->files_n] = 1;
	}
	t->files_n++;
}

static void add_files(struct stack *s, const struct document *doc)
{
	const struct json_t *sources = value_get(doc->root, "sources");
	for (enum document_tier tier = DOCUMENT_LB; tier <= DOCUMENT_DB; tier++) {
		struct stack_tier t = {.tier = tier, .from_us = INSTANT_NONE, .to_us = INSTANT_NONE, .lag_us = INSTANT_NONE};
		for (size_t i = 0; i < value_count(sources); i++) {
			const struct json_t *source = value_at(sources, i);
			if (document_tier(value_member_text(source, "tier")) != tier || value_member_text(source, "twin_of").len)
				continue;
			add_file(&t, document_source_name(doc, value_member_text(source, "id")));
		}
		if (t.files_n)
			s->tiers[s->n++] = t;
	}
}

/* The incident's bursts end where the draft says; propagation says only where they begin. */
static void add_ends(struct stack *s, const struct document *doc, const struct json_t *incident)
{
	const struct json_t *bursts = value_get(doc->root, "bursts");
	for (size_t i = 0; i < value_count(bursts); i++) {
		const struct json_t *burst = value_at(bursts, i);
		struct stack_tier *t = find_tier(s, document_tier(value_member_text(burst, "tier")));
		int64_t end_us = when_moment(burst, "end");
		if (t && t->from_us != INSTANT_NONE && end_us > t->to_us &&
		    span_equal(value_member_text(burst, "incident"), value_member_text(incident, "id")))
			t->to_us = end_us;
	}
}

static void add_call(struct stack *s, const struct stack_tier *caller, const struct stack_tier *called, bool known)
{
	for (size_t i = 0; i < s->calls_n; i++)
		if (&s->tiers[s->calls[i].caller] == caller && &s->tiers[s->calls[i].called] == called)
			return;
	s->calls[s->calls_n++] = (struct stack_call){(size_t)(caller - s->tiers), (size_t)(called - s->tiers), known};
}

/* Whom a tier calls, past tiers that have no log: what is usual goes through where nothing is. NULL: nobody. */
static const struct stack_tier *called_by(struct stack *s, const struct json_t *calls, const struct json_t *call)
{
	for (size_t passed = 0; passed <= value_count(calls); passed++) {
		struct span called = value_member_text(call, "called");
		const struct stack_tier *t = find_tier(s, document_tier(called));
		if (t || !span_equal(value_member_text(call, "how"), SPAN("usual")))
			return t;
		call = NULL;
		for (size_t i = 0; i < value_count(calls) && !call; i++)
			if (span_equal(value_member_text(value_at(calls, i), "caller"), called))
				call = value_at(calls, i);
	}
	return NULL;
}

static void add_calls(struct stack *s, const struct document *doc)
{
	const struct json_t *topology = value_get(doc->root, "topology"), *calls = value_get(topology, "calls");
	for (size_t i = 0; i < value_count(calls); i++) {
		const struct json_t *call = value_at(calls, i);
		const struct stack_tier *caller = find_tier(s, document_tier(value_member_text(call, "caller")));
		const struct stack_tier *called = called_by(s, calls, call);
		if (caller && called && caller != called)
			add_call(s, caller, called, !span_equal(value_member_text(call, "how"), SPAN("usual")));
	}
	for (size_t i = 1; i < s->n && !topology; i++)
		add_call(s, &s->tiers[i - 1], &s->tiers[i], false);
}

/* How wide the interval of a moment is. */
static int64_t width_of(const struct json_t *moment)
{
	int64_t lower_us = when_member(moment, "lower"), upper_us = when_member(moment, "upper");
	return lower_us == INSTANT_NONE || upper_us == INSTANT_NONE || upper_us < lower_us ? 0 : upper_us - lower_us;
}

/* No number is closer than what is known of the instants that it lies between. */
static int64_t lag_of(const struct json_t *first, const struct json_t *step)
{
	int64_t lag_us, doubt_us = width_of(value_get(first, "onset")) + width_of(value_get(step, "onset"));
	return value_int(value_get(step, "lag_us"), &lag_us) && lag_us > doubt_us ? lag_us : INSTANT_NONE;
}

void stack_build(struct stack *s, const struct document *doc, const struct json_t *incident)
{
	const struct json_t *steps = value_get(incident, "propagation");
	*s = (struct stack){0};
	add_files(s, doc);
	add_calls(s, doc);
	for (size_t i = 0; i < value_count(steps); i++) {
		const struct json_t *step = value_at(steps, i);
		struct stack_tier *t = find_tier(s, document_tier(value_member_text(step, "tier")));
		/* The tier's first source is the one that is told. */
		if (!t || t->state != STACK_QUIET)
			continue;
		t->state = i ? STACK_HIT : STACK_BEGAN;
		t->from_us = t->to_us = when_moment(step, "onset");
		t->order = value_member_text(step, "order");
		t->lag_us = lag_of(value_at(steps, 0), step);
	}
	if (incident)
		add_ends(s, doc, incident);
}

void stack_append_state(struct text *out, const struct stack_tier *t)
{
	switch (t->state) {
	case STACK_QUIET:
		text_append_string(out, "No symptom");
		return;
	case STACK_BEGAN:
		text_append_string(out, span_equal(t->order, SPAN("first")) ? "Began here" : "First seen here; order not proved");
		return;
	case STACK_HIT:
		break;
	}
	if (!span_starts(t->order, SPAN("after"))) {
		text_append_string(out, "Hit; order not proved");
		return;
	}
	text_append_string(out, "Hit ");
	if (t->lag_us != INSTANT_NONE)
		sentence_duration(out, t->lag_us);
	text_append_string(out, t->lag_us != INSTANT_NONE ? " later" : "after it");
}
