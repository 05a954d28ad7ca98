/* overview: the first section of the HTML report: what a reader of one screen takes away.
 *
 * Takes  a page whose draft has an incident, or none.
 * Gives  duration, impact with its denominators, cause with its word; the story in sentences; the list of incidents when
 *        there are several.
 * Holds  nothing.
 * Never  says a number without what it is a part of.
 */
#ifndef ONSET_OVERVIEW_H
#define ONSET_OVERVIEW_H

#include "report/page.h"

void overview_put(struct page *p);
/* The facts of one incident, in large print. */
void overview_facts(struct page *p, const struct json_t *incident);
/* "12.3 % (1,147 of 9,340 requests)" and the like, or why it is not known, as plain text. */
void overview_failed(struct text *out, const struct json_t *incident);
/* What was taken out of the draft, and how much, as plain text; empty: it does not say. */
void overview_redacted(struct text *out, const struct json_t *root);

#endif
