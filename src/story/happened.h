/* happened: what people stated happened, beside what the logs show.
 *
 * Takes  the files of events (--events), a draft with incidents on which window_mark() ran.
 * Gives  the events that are to be told, each with the incident to whose story it belongs; draft.events; incident.detection
 *        (story/detection.h).
 * Holds  borrowed pointers into the options.
 * Never  judges: what an event says is told as stated, with the time and the resolution that it has.
 *
 * An event belongs to the story of the incident in which it lies, else of the last one that began before it, else of the next one, when
 * it lies within HAPPENED_NEAR_US of it. Told are events of incidents that are told, and those inside of the time that was asked
 * for; when nothing was asked for, those inside of what the logs cover, HAPPENED_NEAR_US more on both sides. The others are counted.
 */
#ifndef ONSET_HAPPENED_H
#define ONSET_HAPPENED_H

#include "fold/fold.h"
#include "fold/moment.h"
#include "incident/candidate.h"

#define HAPPENED_NEAR_US HOUR_US

struct happened {
	const struct stated_event *event; /* borrowed */
	const struct event_file *file;    /* borrowed */
	const struct event_source *source; /* borrowed from the draft */
	size_t incident;                  /* index; SIZE_MAX: none */
	enum rank rank;
};
struct happened_list {
	struct happened *items; /* in the order of the files; the caller frees */
	size_t n, cap;
};

/* Fills draft.events, the detection of the incidents and the list. */
void happened_find(const struct fold *f, struct draft *d, struct happened_list *list);
/* "Alert: CheckoutErrorRate is firing", secrets masked. */
char *happened_sentence(const struct stated_event *e);
/* "stated in ops.jsonl, line 3, by anna; shop-api 1.4.3" */
char *happened_body(const struct happened *h);
void happened_evidence(const struct happened *h, struct evidence_list *out);

/* The change that the event is for the incident in whose story it stands; NULL: it is none. Borrowed. */
const struct change *happened_change(const struct draft *d, const struct happened *h);
/* The deploy of that incident that a statement names by service and version, as who suspects it does; NULL: none. Borrowed. */
const struct change *happened_names(const struct draft *d, const struct happened *h);

#endif
