/* numbers: the locks, statements and metrics of an incident, findings and evidence, as JSON.
 *
 * Takes  structs of fold/draft.h, and the object they go into.
 * Gives  members, in the order of the schema.
 * Holds  nothing.
 * Never  leaves a null without its reason.
 */
#ifndef ONSET_NUMBERS_H
#define ONSET_NUMBERS_H

#include "fold/draft.h"
#include "tell/value.h"

void numbers_put_evidence(struct json_t *object, const char *key, const struct evidence_list *list);
/* locks, locks_reason, statements, statements_reason, metrics, metrics_reason. */
void numbers_put(struct json_t *incident, const struct incident *in);
/* findings, findings_more: of an incident, or of what is outside of incidents. */
void numbers_put_findings(struct json_t *object, const struct finding_list *list);

#endif
