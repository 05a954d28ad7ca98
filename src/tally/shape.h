/* shape: messages that differ only where their signature masks them.
 *
 * Takes  a message, and where the signature of one before it masked tokens (message.h).
 * Gives  the slot of the signature without masking, when the message has the same bytes around the same number of tokens that vary.
 * Holds  the last SHAPE_WAYS shapes of each of SHAPE_BUCKETS beginnings, SHAPE_BYTES of each at most.
 * Never  answers with another slot than the signature would have: what stands between the tokens is compared, each token is
 *        looked at as the signature does, and nothing is learned of a message that names a secret.
 *
 * A program says the same few hundred things over and over; to compare costs a fifth of what it costs to mask.
 */
#ifndef ONSET_SHAPE_H
#define ONSET_SHAPE_H

#include "tally/message.h"

enum { SHAPE_BUCKETS = 64, SHAPE_WAYS = 8, SHAPE_BYTES = 200 };

struct shape {
	uint32_t slot;
	uint32_t quoted; /* bit i: token i stands in single quotes, where any is masked */
	unsigned char holes, full;
	unsigned char runs[MESSAGE_HOLES + 1]; /* bytes before each token, and behind the last */
	char text[SHAPE_BYTES + 8];            /* all of these; eight may be read at once */
};

struct shapes {
	struct shape *items;                 /* SHAPE_BUCKETS * SHAPE_WAYS, or NULL before the first message */
	unsigned char oldest[SHAPE_BUCKETS]; /* the way that is taken next */
	unsigned char missed[SHAPE_BUCKETS]; /* how much more often than it hit, of late */
	unsigned skipped;                    /* messages that were not compared, because what begins so is never alike */
	bool skips;                          /* the last one was not */
};

/* `m` are the marks of a message of `len` bytes. False: not known, or longer than what is marked. */
bool shapes_find(struct shapes *s, struct marks *m, size_t len, uint32_t *slot);
/* `holes` is what message_signature() said of the message, which was not found. */
void shapes_learn(struct shapes *s, struct marks *m, const struct message_holes *holes, uint32_t slot);
void shapes_release(struct shapes *s);

#endif
