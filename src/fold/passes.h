/* passes: which of the two an hour is that comes twice, when a clock is set back in autumn.
 *
 * Takes  merged sources, their zones and years known; the segments of their files.
 * Gives  passes, seam_us and `twice` of each source; first_us and last_us then are those of its first and last record.
 * Holds  nothing.
 * Never  takes a log that was not kept in both hours for a witness by its silence in one of them: it has to agree second by second.
 *
 * A log without a zone may tell by itself that its clock was set back: seam_us. What the offset is, is told by others; before the seam it is an
 * hour more. Where a file goes back in the hour (part.segments), what lies before and behind is told apart. Else the other sources are asked whose
 * times are known without doubt. Events of one signal in the hour, or of failed requests on the same tier (PASSES_KIN), with less than
 * PASSES_APART_US between them are a stretch. A stretch of PASSES_FEW events is of the pass in which half of its seconds have such an event in
 * another source within PASSES_NEAR_US, when no more than a tenth have one in the other pass. Where that source was not kept in both, nine
 * tenths must have one, of PASSES_MANY seconds. Two sources that say the opposite say nothing. What is left means either instant: moments
 * (moment.h) hold both.
 */
#ifndef ONSET_PASSES_H
#define ONSET_PASSES_H

#include "fold/source.h"

#define PASSES_APART_US (300 * SECOND_US)
#define PASSES_NEAR_US (2 * SECOND_US) /* stamps of whole seconds, a clock half a second off, and the event's way from tier to tier */
#define PASSES_PAUSE_US (300 * SECOND_US) /* a log's pause at the seam, on either side */
enum { PASSES_FEW = 3, PASSES_MANY = 10 };

void passes_assign(struct fold_source *sources, size_t n, const struct tally *tally);

#endif
