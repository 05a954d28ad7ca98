#include "config/statedevent.h"

#include "base/memory.h"

static const struct {
	const char *name;
	enum tier tier;
} kinds[EVENT_KIND_COUNT] = {
#define X(suffix, name, tier) [EVENT_##suffix] = {name, tier},
	EVENT_KINDS(X)
#undef X
};

const char *statedevent_kind_name(enum event_kind kind)
{
	return kinds[kind].name;
}

enum tier statedevent_kind_tier(enum event_kind kind)
{
	return kinds[kind].tier;
}

bool statedevent_kind_find(struct span name, enum event_kind *kind)
{
	for (size_t i = 0; i < EVENT_KIND_COUNT; i++)
		if (span_equal(name, span_of(kinds[i].name))) {
			*kind = (enum event_kind)i;
			return true;
		}
	return false;
}

char *statedevent_text(struct span s)
{
	struct text t = {0};
	text_append_utf8(&t, span_trim(s));
	return t.at ? t.at : span_copy(SPAN(""));
}

void statedevent_release(struct stated_event *e)
{
	char *strings[] = {e->text, e->service, e->version, e->by, e->raw};
	for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
		memory_free(strings[i]);
	*e = (struct stated_event){0};
}
