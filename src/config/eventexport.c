#include "config/eventexport.h"

#include "base/memory.h"
#include "line/jsonline.h"

/* Keys borrow fields of records to be found under: only their numbers are used. */
enum slot {
	SLOT_ALERTS, SLOT_LOG_ENTRIES, SLOT_STARTS, SLOT_ENDS, SLOT_STATUS, SLOT_ALERTNAME, SLOT_LABELLED_SERVICE, SLOT_SUMMARY_LINE, SLOT_DESCRIPTION,
	SLOT_TYPE, SLOT_CREATED, SLOT_SUMMARY, SLOT_AGENT, SLOT_INCIDENT, SLOT_SERVICE, SLOT_DETAIL, SLOT_CHANNEL,
	SLOT_TS, SLOT_TEXT, SLOT_SUBTYPE, SLOT_DISPLAY_NAME, SLOT_AUTHOR,
	SLOT_COUNT
};
_Static_assert((int)SLOT_COUNT <= (int)FIELD_COUNT, "a slot is a field's number");

struct eventexport {
	struct jsonkeys *keys;
	struct json_scratch *scratch;
};

struct eventexport *eventexport_new(void)
{
	/* Of several keys of one slot the first that is there counts. */
	static const struct {
		enum slot slot;
		const char *path;
	} map[] = {
		{SLOT_ALERTS, "alerts"},
		{SLOT_STARTS, "startsAt"},
		{SLOT_ENDS, "endsAt"},
		{SLOT_STATUS, "status"},
		{SLOT_ALERTNAME, "labels.alertname"},
		{SLOT_LABELLED_SERVICE, "labels.service"},
		{SLOT_LABELLED_SERVICE, "labels.job"},
		{SLOT_SUMMARY_LINE, "annotations.summary"},
		{SLOT_SUMMARY_LINE, "annotations.message"},
		{SLOT_DESCRIPTION, "annotations.description"},
		{SLOT_LOG_ENTRIES, "log_entries"},
		{SLOT_TYPE, "type"},
		{SLOT_CREATED, "created_at"},
		{SLOT_SUMMARY, "summary"},
		{SLOT_AGENT, "agent.summary"},
		{SLOT_INCIDENT, "incident.title"},
		{SLOT_INCIDENT, "incident.summary"},
		{SLOT_SERVICE, "service.summary"},
		{SLOT_DETAIL, "event_details.description"},
		{SLOT_CHANNEL, "channel.summary"},
		{SLOT_CHANNEL, "channel.content"},
		{SLOT_TS, "ts"},
		{SLOT_TEXT, "text"},
		{SLOT_SUBTYPE, "subtype"},
		{SLOT_DISPLAY_NAME, "user_profile.display_name"},
		{SLOT_AUTHOR, "user_profile.real_name"},
		{SLOT_AUTHOR, "username"},
		{SLOT_AUTHOR, "user"},
	};
	struct eventexport *x = memory_new(1, sizeof *x);
	x->keys = jsonkeys_new();
	for (size_t i = 0; i < sizeof map / sizeof *map; i++)
		jsonkeys_add(x->keys, (enum field)map[i].slot, span_of(map[i].path));
	x->scratch = json_scratch_new();
	return x;
}

void eventexport_free(struct eventexport *x)
{
	if (!x)
		return;
	json_scratch_free(x->scratch);
	jsonkeys_free(x->keys);
	memory_free(x);
}

static struct span slot(const struct record *r, enum slot s)
{
	return span_trim(record_get(r, (enum field)s));
}

static bool scan(struct eventexport *x, struct span object, struct record *r)
{
	record_clear(r);
	return jsonline_scan(x->keys, object, x->scratch, r) == JSON_OK;
}

struct span eventexport_list(struct eventexport *x, struct span object)
{
	struct record r;
	if (!scan(x, object, &r))
		return SPAN_NONE;
	struct span list = slot(&r, SLOT_ALERTS);
	if (!list.len)
		list = slot(&r, SLOT_LOG_ENTRIES);
	return list.len && list.at[0] == '[' ? list : SPAN_NONE;
}

static enum eventexport_kind bad(struct eventexport_result *out, struct span at, const char *what, const char *hint)
{
	out->at = at;
	out->what = what;
	out->hint = hint;
	return EVENTEXPORT_BAD;
}

/* "what: more", or the one of them that is there; the caller owns it. */
static char *two_parts(struct span what, struct span more)
{
	struct text t = {0};
	if (more.len && span_ends(what, SPAN(".")))
		what.len--;
	text_append_utf8(&t, what);
	if (what.len && more.len)
		text_append_string(&t, ": ");
	text_append_utf8(&t, more);
	return t.at ? t.at : span_copy(SPAN(""));
}

/* One more event at `at`. Its texts are given by the caller. */
static struct stated_event *add(struct eventexport_result *out, enum event_kind kind, int64_t at_us, int64_t resolution_us)
{
	struct stated_event *e = &out->events[out->n++];
	*e = (struct stated_event){.kind = kind, .at_us = at_us, .resolution_us = resolution_us};
	return e;
}

static void say(struct stated_event *e, char *text, struct span service, struct span by)
{
	e->text = text;
	e->service = statedevent_text(service);
	e->version = span_copy(SPAN(""));
	e->by = statedevent_text(by);
}

/* ---- Alertmanager ---- */

static enum eventexport_kind read_alert(const struct record *r, struct span object, struct eventexport_result *out)
{
	const char *hint;
	struct span name = slot(r, SLOT_ALERTNAME), more = slot(r, SLOT_SUMMARY_LINE), ends = slot(r, SLOT_ENDS);
	int64_t at_us, end_us, width_us;
	if (!more.len)
		more = slot(r, SLOT_DESCRIPTION);
	if (!instant_parse_stated(slot(r, SLOT_STARTS), &at_us, &width_us, &hint))
		return bad(out, slot(r, SLOT_STARTS), "startsAt is not a time:", hint);
	if (!name.len && !more.len)
		return bad(out, object, "an alert without labels.alertname and without a summary", "Is it Alertmanager's webhook?");
	say(add(out, EVENT_ALERT, at_us, width_us), two_parts(name, more), slot(r, SLOT_LABELLED_SERVICE), SPAN("Alertmanager"));
	/* Of one that is still firing endsAt is the year 1, or a time by which it is taken to be over when nobody says more. */
	if (span_equal(slot(r, SLOT_STATUS), SPAN("resolved")) && instant_parse_stated(ends, &end_us, &width_us, &hint) && end_us > at_us)
		say(add(out, EVENT_RESOLVE, end_us, width_us), two_parts(name, SPAN("no longer firing")), slot(r, SLOT_LABELLED_SERVICE),
		    SPAN("Alertmanager"));
	return EVENTEXPORT_READ;
}

/* ---- PagerDuty ---- */

/* What a log entry's type means; the other types (who was notified, limits, delegations) tell nothing of the incident. */
static bool pager_kind(struct span type, enum event_kind *kind)
{
	static const struct {
		const char *type;
		enum event_kind kind;
	} types[] = {
		{"trigger_log_entry", EVENT_ALERT},   {"acknowledge_log_entry", EVENT_ACKNOWLEDGE}, {"resolve_log_entry", EVENT_RESOLVE},
		{"annotate_log_entry", EVENT_NOTE},   {"escalate_log_entry", EVENT_NOTE},           {"unacknowledge_log_entry", EVENT_NOTE},
		{"assign_log_entry", EVENT_NOTE},     {"snooze_log_entry", EVENT_NOTE},
	};
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (span_equal(type, span_of(types[i].type))) {
			*kind = types[i].kind;
			return true;
		}
	return false;
}

static enum eventexport_kind read_pager(const struct record *r, struct span object, struct eventexport_result *out)
{
	enum event_kind kind;
	const char *hint;
	int64_t at_us, width_us;
	if (!pager_kind(slot(r, SLOT_TYPE), &kind))
		return EVENTEXPORT_READ;
	if (!instant_parse_stated(slot(r, SLOT_CREATED), &at_us, &width_us, &hint))
		return bad(out, slot(r, SLOT_CREATED).len ? slot(r, SLOT_CREATED) : object, "created_at is not a time:", hint);
	struct span what = kind == EVENT_ALERT ? slot(r, SLOT_DETAIL) : kind == EVENT_NOTE ? slot(r, SLOT_CHANNEL) : SPAN_NONE;
	char *text = what.len ? statedevent_text(what) : two_parts(slot(r, SLOT_SUMMARY), slot(r, SLOT_INCIDENT));
	if (!*text) {
		memory_free(text);
		return bad(out, object, "a log entry that does not say what happened", "It should have a summary.");
	}
	say(add(out, kind, at_us, width_us), text, slot(r, SLOT_SERVICE), slot(r, SLOT_AGENT));
	return EVENTEXPORT_READ;
}

/* ---- Slack ---- */

/* Slack escapes three characters (docs.slack.dev, Formatting message text). */
static char *unescaped(struct span s)
{
	static const struct {
		const char *name;
		char is;
	} entities[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}};
	struct text plain = {0}, t = {0};
	while (s.len) {
		size_t i = 0, n = sizeof entities / sizeof *entities;
		while (i < n && !span_starts(s, span_of(entities[i].name)))
			i++;
		text_append_byte(&plain, i < n ? entities[i].is : s.at[0]);
		s = span_from(s, i < n ? strlen(entities[i].name) : 1);
	}
	text_append_utf8(&t, text_span(&plain));
	text_release(&plain);
	return t.at ? t.at : span_copy(SPAN(""));
}

/* What a message's subtype says is not a message: somebody came, went, named the channel. */
static bool is_housekeeping(struct span subtype)
{
	return span_starts(subtype, SPAN("channel_")) || span_starts(subtype, SPAN("group_")) || span_equal(subtype, SPAN("pinned_item")) ||
	       span_equal(subtype, SPAN("reminder_add")) || span_equal(subtype, SPAN("tombstone"));
}

static enum eventexport_kind read_chat(const struct record *r, struct eventexport_result *out)
{
	struct span ts = slot(r, SLOT_TS), text = slot(r, SLOT_TEXT);
	int64_t at_s;
	struct span rest = ts, seconds = span_cut(&rest, '.');
	if (is_housekeeping(slot(r, SLOT_SUBTYPE)) || !text.len)
		return EVENTEXPORT_READ;
	if (!span_to_int(seconds, &at_s) || at_s <= 0 || at_s >= INT64_C(253402300800))
		return bad(out, ts, "ts is not a time:", "Slack writes seconds since 1970: \"1795346470.000200\".");
	struct span name = slot(r, SLOT_DISPLAY_NAME);
	/* The decimals make it unique in the channel: the second is what it tells for certain. */
	say(add(out, EVENT_CHAT, at_s * SECOND_US, SECOND_US), unescaped(text), SPAN_NONE,
	    name.len ? name : slot(r, SLOT_AUTHOR));
	return EVENTEXPORT_READ;
}

enum eventexport_kind eventexport_read(struct eventexport *x, struct span object, struct eventexport_result *out)
{
	struct record r;
	*out = (struct eventexport_result){.n = 0};
	if (!scan(x, object, &r))
		return EVENTEXPORT_NONE;
	if (slot(&r, SLOT_STARTS).len)
		return read_alert(&r, object, out);
	if (span_ends(slot(&r, SLOT_TYPE), SPAN("_log_entry")))
		return read_pager(&r, object, out);
	if (slot(&r, SLOT_TS).len && span_equal(slot(&r, SLOT_TYPE), SPAN("message")))
		return read_chat(&r, out);
	return EVENTEXPORT_NONE;
}
