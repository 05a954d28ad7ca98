#include "cause/mitigation.h"

#include "config/eventfile.h"
#include "fold/moment.h"

static bool any_of(const char *kind, const char *const *kinds)
{
	for (; *kinds; kinds++)
		if (!strcmp(kind, *kinds))
			return true;
	return false;
}

bool mitigation_is(const struct change *c)
{
	static const char *const kinds[] = {"rollback", "restart", "start", "reload", "config", "sessions_ended", "mitigation", NULL};
	return any_of(c->kind, kinds);
}

/* Words of people: "rolled back to 1.4.2", "rollback", "reverted". */
static bool says_back(const char *text)
{
	static const char *const words[] = {"rollback", "roll back", "rolled back", "rolling back", "revert", NULL};
	for (const char *const *w = words; *w; w++)
		if (span_find_nocase(span_of(text), span_of(*w)) >= 0)
			return true;
	return false;
}

bool mitigation_takes_back(const struct change *c, const struct change *earlier)
{
	if (c->at.at_us <= earlier->at.at_us)
		return false;
	/* Which service it is may not be said: then it is not known to be another one. */
	if (c->service && earlier->service && strcmp(c->service, earlier->service))
		return false;
	bool same_service = c->service && earlier->service;
	if (same_service && c->version && earlier->from_version && !strcmp(c->version, earlier->from_version))
		return true;
	if (!strcmp(c->kind, "rollback"))
		return !c->version || !earlier->version || strcmp(c->version, earlier->version) != 0;
	return c->stated && (c->stated->kind == EVENT_MITIGATION || c->stated->kind == EVENT_DEPLOY) && says_back(c->stated->text);
}

void mitigation_judge(const struct curves *curves, const struct incident *in, struct change *c)
{
	bool after = c->at.at_us > in->onset.at_us && !moment_before(&c->at, &in->onset);
	if (!mitigation_is(c) || !after || c->at.at_us > in->end.at_us)
		return;
	int64_t to_us = c->end_us != INSTANT_NONE && c->end_us > c->at.at_us ? c->end_us : c->at.at_us;
	c->mitigation.answered = curve_answer_word(curves_answer(curves, in, c->at.at_us, to_us, &c->mitigation.text));
}
