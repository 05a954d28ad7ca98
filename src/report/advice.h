/* advice: what to consider, each with what suggests it. Suggestions: the logs prove symptoms, not remedies.
 *
 * Takes  an incident: the measures that the draft has for its causes and signals, its bursts, its detection; and the
 *        settings that the draft's unknowns name.
 * Gives  a list: what to consider, what to alert on, what to log; with its reason and the burst that stands behind it.
 * Holds  texts that are put together here.
 * Never  says that a measure would have prevented the incident.
 */
#ifndef ONSET_ADVICE_H
#define ONSET_ADVICE_H

#include "report/document.h"

enum advice_kind { ADVICE_CONSIDER, ADVICE_ALERT, ADVICE_LOG, ADVICE_KINDS };
enum { ADVICE_MOST = 32 };

struct advice_item {
	enum advice_kind kind;
	struct text text, because;
	const struct json_t *burst; /* whose evidence stands behind it; NULL: none */
};
struct advice {
	struct advice_item items[ADVICE_MOST];
	size_t n;
};

/* For an incident (NULL: for none), and, when `settings`, from what the draft could not know. */
void advice_give(struct advice *a, const struct document *doc, const struct json_t *incident, bool settings);
void advice_release(struct advice *a);
/* "Corrective", "Preventive: to watch", "Preventive: to log" */
const char *advice_kind_title(enum advice_kind kind);

#endif
