#include "cause/phase.h"

#include "cause/clockroot.h"
#include "fold/moment.h"
#include "fold/sentence.h"
#include "incident/incident.h"
#include "incident/symptom.h"

static bool fails(const struct burst *b)
{
	static const char *const slow[] = {"http.server.slow", "backend.slow", "http.client_gone"};
	for (size_t i = 0; i < sizeof slow / sizeof *slow; i++)
		if (!strcmp(b->signal, slow[i]))
			return false;
	return true;
}

/* The deploy that took the application's instances away while all of the phase happened; NULL: none. */
static const struct change *deploy_of(const struct scene *s, const struct phase *p)
{
	for (size_t i = 0; i < s->in->changes_n; i++) {
		const struct change *c = &s->in->changes[i];
		bool deploy = c->tier == TIER_APP && (!strcmp(c->kind, "deploy") || !strcmp(c->kind, "rollback")) && c->end_us != INSTANT_NONE;
		if (deploy && !moment_before(&p->first, &c->at) && p->last.at_us <= c->end_us + PHASE_DEPLOY_AFTER_US)
			return c;
	}
	return NULL;
}

static bool refused_in(const struct scene *s, const struct phase *p)
{
	for (size_t i = 0; i < s->d->bursts_n; i++) {
		const struct burst *b = &s->d->bursts[i];
		if (incident_has(s->in, b) && symptom_refuses(b->signal) && b->onset.at_us <= p->last.at_us && b->end.at_us >= p->first.at_us)
			return true;
	}
	return false;
}

/* The only phase in which the phases' own logs refuse for that reason; n: none, or several. */
static size_t phase_refusing(const struct scene *s, const struct phases *p, const struct burst *like, int64_t *first_us)
{
	size_t found = p->n;
	for (size_t i = 0; i < s->d->bursts_n; i++) {
		const struct burst *b = &s->d->bursts[i];
		if (!incident_has(s->in, b) || !symptom_refuses(b->signal) || strcmp(b->class, like->class) ||
		    incident_depth(b->tier) <= incident_depth(like->tier) || !clockroot_shared(s->f, p->items[0].source, b->source_index))
			continue;
		size_t k = phase_at(p, b->onset.at_us);
		if (found < p->n && k != found)
			return p->n;
		*first_us = found == p->n ? b->onset.at_us : *first_us; /* sorted by onset */
		found = k;
	}
	return found;
}

static void tie(const struct scene *s, struct phases *p)
{
	for (size_t i = 0; i < s->d->bursts_n && p->n > 1 && p->ties_n < PHASE_TIES; i++) {
		const struct burst *b = &s->d->bursts[i];
		size_t root = clockroot_of(s->f, b->source_index);
		bool known = !incident_has(s->in, b) || !symptom_refuses(b->signal) || clockroot_shared(s->f, p->items[0].source, b->source_index);
		for (size_t k = 0; k < p->ties_n; k++)
			known |= p->ties[k].root == root;
		int64_t first_us = 0;
		if (!known && phase_refusing(s, p, b, &first_us) < p->n)
			p->ties[p->ties_n++] = (struct phase_tie){root, b->onset.at_us - first_us};
	}
}

/* Its failures tell when the incident went on, by a clock that is compared with that of the phases. */
static bool tells(const struct scene *s, const struct phases *p, const struct burst *b)
{
	/* A clock that is known by its shape only does not tell the onset: what it tells may be of the time before. */
	if (!incident_has(s->in, b) || !fails(b) || b->end.at_us < s->in->onset.at_us)
		return false;
	return !p->n || p->items[0].source == b->source_index ||
	       (clockroot_shared(s->f, p->items[0].source, b->source_index) && !moment_vague(&s->f->sources[b->source_index]));
}

/* Of one log in its own clock; of two when it is certain. */
static bool apart(const struct phase *p, size_t last_source, const struct burst *b)
{
	bool own = last_source == b->source_index;
	return (own ? b->onset.at_us - p->last.at_us : b->onset.lower_us - p->last.upper_us) > PHASE_APART_US;
}

struct phases phase_find(const struct scene *s)
{
	struct phases p = {.n = 0};
	size_t last_source = SIZE_MAX;
	for (size_t i = 0; i < s->d->bursts_n; i++) { /* sorted by onset */
		const struct burst *b = &s->d->bursts[i];
		struct phase *last = p.n ? &p.items[p.n - 1] : NULL;
		if (!tells(s, &p, b))
			continue;
		if (!last || (p.n < PHASE_MOST && apart(last, last_source, b)))
			p.items[p.n++] = (struct phase){b->onset, b->end, b->source_index, NULL};
		else if (b->end.at_us > last->last.at_us)
			last->last = b->end;
		else
			continue;
		p.items[p.n - 1].first.reason = p.items[p.n - 1].last.reason = NULL;
		last_source = b->source_index;
	}
	if (!p.n) {
		p.items[p.n++] = (struct phase){s->in->onset, s->in->end, SIZE_MAX, NULL};
		p.items[0].first.reason = p.items[0].last.reason = NULL;
	}
	for (size_t i = 0; i + 1 < p.n && p.first == i; i++)
		if (!refused_in(s, &p.items[i]) && (p.items[i].deploy = deploy_of(s, &p.items[i])))
			p.first = i + 1;
	tie(s, &p);
	return p;
}

bool phase_ahead(const struct scene *s, const struct phases *p, size_t source, int64_t *ahead_us, int64_t *slack_us)
{
	if (source == SIZE_MAX || p->items[0].source == SIZE_MAX || clockroot_shared(s->f, p->items[0].source, source)) {
		*ahead_us = 0;
		*slack_us = source != SIZE_MAX ? s->f->sources[source].uncertainty_us : 0;
		return true;
	}
	for (size_t k = 0; k < p->ties_n; k++)
		if (p->ties[k].root == clockroot_of(s->f, source)) {
			*ahead_us = p->ties[k].ahead_us;
			*slack_us = PHASE_TIE_US;
			return true;
		}
	return false;
}

size_t phase_of(const struct scene *s, const struct phases *p, const struct moment *at, size_t source)
{
	int64_t ahead_us, slack_us;
	size_t i = p->first;
	if (at->at_us == INSTANT_NONE || !phase_ahead(s, p, source, &ahead_us, &slack_us))
		return i;
	/* What is in order by its own log's clock is not so by another one's. */
	while (i < p->n && at->lower_us - ahead_us - slack_us >= p->items[i].last.at_us)
		i++;
	return i;
}

size_t phase_at(const struct phases *p, int64_t at_us)
{
	size_t i = 0;
	while (i < p->n && p->items[i].last.at_us < at_us)
		i++;
	return i;
}

void phase_append(struct text *t, const struct phase *p)
{
	text_append_string(t, "for the phase from ");
	sentence_time(t, p->first.at_us);
	text_append_string(t, " to ");
	sentence_time(t, p->last.at_us);
	text_append_string(t, ": ");
}
