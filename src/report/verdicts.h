/* verdicts: what may have caused an incident and what did not, what else stands out, what to consider.
 *
 * Takes  a page, and one incident of its draft.
 * Gives  sections of the HTML report.
 * Holds  nothing.
 * Never  gives a cause without what speaks against it, or a measure without what suggests it.
 */
#ifndef ONSET_VERDICTS_H
#define ONSET_VERDICTS_H

#include "report/page.h"

void verdicts_causes(struct page *p, const struct json_t *incident);
void verdicts_changes(struct page *p, const struct json_t *incident);
/* A list of findings; nothing when it is empty. */
void verdicts_findings(struct page *p, const struct json_t *findings, int64_t more);
/* `settings`: also what to log next time; `incident` NULL: that alone. */
void verdicts_measures(struct page *p, const struct json_t *incident, bool settings);

#endif
