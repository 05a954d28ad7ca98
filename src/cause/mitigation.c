#include "cause/mitigation.h"

#include "base/memory.h"
#include "fold/moment.h"
#include "fold/sentence.h"

static bool any_of(const char *kind, const char *const *kinds)
{
	for (; *kinds; kinds++)
		if (!strcmp(kind, *kinds))
			return true;
	return false;
}

bool mitigation_is(const struct change *c)
{
	static const char *const kinds[] = {"rollback", "restart", "start", "reload", "config", "sessions_ended", "failover", "mitigation", NULL};
	return any_of(c->kind, kinds);
}

bool mitigation_takes_back(const struct change *c, const struct change *earlier)
{
	if (c->at.at_us <= earlier->at.at_us)
		return false;
	/* A log tells of its own tier: a rollback of the application takes back nothing that was done to the database. */
	if (!c->stated && !earlier->stated && c->tier != earlier->tier)
		return false;
	/* Which service it is may not be said: then it is not known to be another one. */
	if (c->service && earlier->service && strcmp(c->service, earlier->service))
		return false;
	bool same_service = c->service && earlier->service;
	if (same_service && c->version && earlier->from_version && !strcmp(c->version, earlier->from_version))
		return true;
	if (!strcmp(c->kind, "rollback"))
		return !c->version || !earlier->version || strcmp(c->version, earlier->version) != 0;
	return false;
}

struct incident_tail *mitigation_tails(const struct change_list *all, size_t *n)
{
	static const char *const kinds[] = {"restart", "rollback", "failover", "sessions_ended", NULL};
	struct incident_tail *tails = memory_new(MITIGATION_TAILS, sizeof *tails);
	*n = 0;
	for (size_t i = 0; i < all->n && *n < MITIGATION_TAILS; i++) {
		const struct change *c = &all->items[i];
		if (any_of(c->kind, kinds) && !c->stated)
			tails[(*n)++] = (struct incident_tail){c->at.at_us, c->end_us != INSTANT_NONE && c->end_us > c->at.at_us ? c->end_us : c->at.at_us};
	}
	return tails;
}

/* What ends an outage more often than not, and is done for nothing else. */
static bool is_strong(const struct change *c)
{
	static const char *const kinds[] = {"rollback", "sessions_ended", "failover", "mitigation", NULL};
	return any_of(c->kind, kinds) || (!strcmp(c->kind, "restart") && (c->tier == TIER_DB || c->tier == TIER_POOL));
}

/* Something strong that was done after the change and up to an instant; NULL: nothing. */
static const struct change *done_between(const struct incident *in, const struct change *c, int64_t until_us)
{
	for (size_t i = 0; i < in->changes_n; i++) {
		const struct change *x = &in->changes[i];
		/* People state what logs show. */
		bool same = !x->stated != !c->stated && x->at.at_us - c->at.at_us <= 2 * MINUTE_US && is_strong(c);
		if (x != c && !same && is_strong(x) && x->at.at_us > c->at.at_us && x->at.at_us <= until_us)
			return x;
	}
	return NULL;
}

void mitigation_judge(const struct curves *curves, const struct incident *in, struct change *c)
{
	bool after = c->at.at_us > in->onset.at_us && !moment_before(&c->at, &in->onset);
	if (!mitigation_is(c) || !after || c->at.at_us > in->end.at_us)
		return;
	int64_t to_us = c->end_us != INSTANT_NONE && c->end_us > c->at.at_us ? c->end_us : c->at.at_us;
	enum curve_answer answer = curves_answer(curves, in, c->at.at_us, to_us, &c->mitigation.text, &c->mitigation.fell_us);
	const struct change *other = answer == CURVE_YES ? done_between(in, c, c->mitigation.fell_us) : NULL;
	if (other) {
		struct text t = {0};
		text_format(&t, "%s; but between came: %s", c->mitigation.text, other->summary);
		memory_free(c->mitigation.text);
		c->mitigation.text = sentence_take(&t);
		answer = CURVE_UNDETERMINED;
	}
	c->mitigation.answered = curve_answer_word(answer);
}

bool mitigation_words(struct text *t, const struct change *c)
{
	if (!c->mitigation.answered || !is_strong(c))
		return false;
	if (!strcmp(c->mitigation.answered, "yes")) {
		text_append_string(t, "failures were below 10 % of their peak from ");
		sentence_time(t, c->mitigation.fell_us);
		text_append_string(t, " on");
	} else if (!strcmp(c->mitigation.answered, "no")) {
		text_append_string(t, "failures went on at half of their rate or more");
	} else {
		return false;
	}
	return true;
}
