/* course: an incident in pictures and in order: the stack, the tiers over time, the timeline, how it spread.
 *
 * Takes  a page, and one incident of its draft; or none: then what there is of a quiet day.
 * Gives  sections of the HTML report.
 * Holds  nothing.
 * Never  draws what has no table behind it.
 */
#ifndef ONSET_COURSE_H
#define ONSET_COURSE_H

#include "report/lanes.h"
#include "report/page.h"

/* `t` may be NULL; `l` is of its time. */
void course_stack(struct page *p, const struct told *t, const struct lanes *l);
void course_lanes(struct page *p, const struct told *t, const struct lanes *l);
/* The entries of an incident; of a draft with one incident or none all of them. */
void course_timeline(struct page *p, const struct told *t);
/* The entries that belong to no incident that is told. */
void course_rest(struct page *p);
void course_propagation(struct page *p, const struct told *t);

#endif
