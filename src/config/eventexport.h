/* eventexport: what alerting, paging and chat programs export, as stated events.
 *
 * Takes  one JSON object:
 *            Alertmanager   a webhook's delivery {"alerts": [...]} (its elements one by one: eventexport_list), or an alert of its API:
 *                           {"startsAt", "endsAt", "status", "labels": {"alertname", ...}, "annotations": {"summary", ...}}
 *                           (prometheus.io/docs/alerting/latest/configuration, webhook_config)
 *            PagerDuty      a page of log entries {"log_entries": [...]}, or one of them: {"type": "trigger_log_entry", "created_at", ...}
 *                           (developer.pagerduty.com, List log entries)
 *            Slack          a message of an export, whose files are arrays of them: {"type": "message", "ts": "1795346470.000200", "text"}
 *                           (slack.com/help, How to read Slack data exports)
 * Gives  its events: an alert that was resolved is two. Entries that say nothing of the incident (notified, joined the channel) are none.
 * Holds  what it needs to read JSON.
 * Never  guesses from a text what someone did: a chat message is a `chat`, whatever it says.
 */
#ifndef ONSET_EVENTEXPORT_H
#define ONSET_EVENTEXPORT_H

#include "config/statedevent.h"

struct eventexport;
struct eventexport *eventexport_new(void);
void eventexport_free(struct eventexport *x);

/* The array of a delivery or page whose elements are the objects to read; SPAN_NONE when `object` is no such thing. */
struct span eventexport_list(struct eventexport *x, struct span object);

enum { EVENTEXPORT_MOST = 2 };
struct eventexport_result {
	struct stated_event events[EVENTEXPORT_MOST]; /* their texts owned by the caller; raw, line, offset, length are not set */
	size_t n;
	/* Of EVENTEXPORT_BAD: */
	struct span at;         /* what is wrong, inside of `object`, or the object */
	const char *what, *hint; /* static */
};
enum eventexport_kind { EVENTEXPORT_NONE /* none of these programs' */, EVENTEXPORT_READ, EVENTEXPORT_BAD };
enum eventexport_kind eventexport_read(struct eventexport *x, struct span object, struct eventexport_result *out);

#endif
