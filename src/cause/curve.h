/* curve: what failed, step by step, from before an incident to after it: what a mitigation is judged by.
 *
 * Takes  a fold, who has access records, an incident.
 * Gives  one curve of failed requests, one of refusals at the tier that counts them, as far as there are some; what a curve did after
 *        something was done.
 * Holds  at most CURVE_STEPS steps a curve.
 * Never  says that a fall was because of what was done: it says that it came after it.
 *
 * Answered (facts/algorithms.md 3.4, R3): yes: within CURVE_ANSWER_US of its beginning the curve fell below 10 % of the peak before
 * it, and stayed there CURVE_STAY_US. No: each minute of the max(CURVE_ANSWER_US, 3 times what it took) after its end
 * has half as many or more as the fullest minute before it; or, of what comes and goes, each half of that time has at least half of
 * what as much time right before it had. Else undetermined. With both curves: no when one says no, yes when all say yes.
 */
#ifndef ONSET_CURVE_H
#define ONSET_CURVE_H

#include "incident/front.h"

#define CURVE_ANSWER_US (5 * MINUTE_US)
#define CURVE_STAY_US MINUTE_US
enum { CURVE_STEPS = 8640 };

struct curve {
	const char *what;        /* "failed requests", "refusals": static */
	uint64_t *n;             /* owned, of steps */
	size_t steps;
	int64_t start_us, step_us; /* UTC */
	int64_t until_us;        /* the log that is counted ends here */
};
struct curves {
	struct curve items[2];
	size_t n;
};

enum curve_answer { CURVE_UNDETERMINED, CURVE_YES, CURVE_NO };

void curves_init(struct curves *c, const struct fold *f, const struct front *front, const struct draft *d, const struct incident *in);
void curves_release(struct curves *c);
/* What the curves did after something that was done from `from_us` to `to_us` (UTC). *text: owned, the numbers. *fell_us: with
 * CURVE_YES when the last of them fell. */
enum curve_answer curves_answer(const struct curves *c, const struct incident *in, int64_t from_us, int64_t to_us, char **text,
				int64_t *fell_us);
/* "yes", "no", "undetermined". */
const char *curve_answer_word(enum curve_answer answer);

#endif
