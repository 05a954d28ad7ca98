/* statedevent: the closed list of kinds (README, --events), and the texts that an event keeps. */
#include "config/statedevent.h"

#include "base/memory.h"
#include "unit.h"

static const struct {
	const char *name;
	enum event_kind kind;
	enum tier tier;
} kinds[] = {
	{"deploy", EVENT_DEPLOY, TIER_CHANGE},     {"restart", EVENT_RESTART, TIER_CHANGE},         {"config", EVENT_CONFIG, TIER_CHANGE},
	{"alert", EVENT_ALERT, TIER_HUMAN},        {"acknowledge", EVENT_ACKNOWLEDGE, TIER_HUMAN},  {"mitigation", EVENT_MITIGATION, TIER_HUMAN},
	{"resolve", EVENT_RESOLVE, TIER_HUMAN},    {"note", EVENT_NOTE, TIER_HUMAN},                {"chat", EVENT_CHAT, TIER_HUMAN},
};

int main(void)
{
	enum event_kind kind;
	FACT(sizeof kinds / sizeof *kinds == EVENT_KIND_COUNT, "the list is closed");
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		FACT(statedevent_kind_find(span_of(kinds[i].name), &kind) && kind == kinds[i].kind && statedevent_kind_tier(kind) == kinds[i].tier &&
			     !strcmp(statedevent_kind_name(kind), kinds[i].name),
		     kinds[i].name);
	FACT(!statedevent_kind_find(SPAN("Alert"), &kind) && !statedevent_kind_find(SPAN("alerts"), &kind) && !statedevent_kind_find(SPAN(""), &kind),
	     "a name is written as it is");
	static const struct {
		const char *fact, *text, *kept;
	} texts[] = {
		{"blanks at its ends do not count", " \t5xx over 5 % \n", "5xx over 5 %"},
		{"line ends inside of it are kept", "one\ntwo", "one\ntwo"},
		{"letters beyond ASCII are kept", "Köln", "Köln"},
		{"a byte that is no UTF-8 becomes U+FFFD", "K\xf6ln", "K\xef\xbf\xbdln"},
		{"nothing stays nothing", "  ", ""},
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		char *got = statedevent_text(span_of(texts[i].text));
		TEXT_IS(got, texts[i].kept, texts[i].fact);
		memory_free(got);
	}
	return unit_done();
}
