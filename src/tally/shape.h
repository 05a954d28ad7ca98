/* shape: messages that differ only where their signature masks them.
 *
 * Takes  a message, and where the signature of one before it masked tokens (message.h).
 * Gives  the slot of the signature without masking, when the message has the same bytes around the same number of tokens that vary.
 * Holds  a tree of at most SHAPE_NODES pieces of messages, all of SHAPE_TEXT bytes: messages that begin alike share what they begin
 *        with. When it is full it begins anew.
 * Never  answers with another slot than the signature would have: what stands between the tokens is compared, each token is
 *        looked at as the signature does, and nothing is learned of a message that names a secret.
 *
 * A program says the same few hundred things over and over, with a few dozen words in them: to go down the tree costs a tenth of what
 * it costs to mask.
 */
#ifndef ONSET_SHAPE_H
#define ONSET_SHAPE_H

#include "tally/message.h"

enum {
	SHAPE_BEGINNINGS = 64,
	SHAPE_NODES = 4096,
	SHAPE_TURNS = 2 * SHAPE_NODES,
	SHAPE_TURN_SHIFT = 32 - 13, /* leaves so many numbers */
	SHAPE_TEXT = 1 << 16,
	SHAPE_BYTES = 1000,
};

/* A piece of messages. One that goes on behind it goes on with a token that varies, or with some byte: a turn. Nodes are called by
 * their numbers; 0 is none. */
struct shape_node {
	uint32_t text, len; /* where it stands in `texts` */
	uint32_t slot;      /* of the message that ends behind it; UINT32_MAX: none does */
	uint32_t behind;    /* the node behind the token that varies */
};

struct shape_turn {
	uint32_t from; /* the node and its next byte, and 1; 0: empty */
	uint32_t to;
};

struct shape_tree {
	uint32_t nodes_n, texts_n, top; /* `top`: the node that all messages begin with */
	struct shape_node nodes[SHAPE_NODES];
	struct shape_turn turns[SHAPE_TURNS]; /* open addressing */
	char texts[SHAPE_TEXT + 8];           /* eight bytes are read at once */
};

struct shapes {
	struct shape_tree *tree;                /* NULL before the first message */
	unsigned char missed[SHAPE_BEGINNINGS]; /* how much more often than it hit, of late */
	unsigned skipped;                       /* messages that were not compared, because what begins so is never alike */
	bool skips;                             /* the last one was not */
};

/* `m` are the marks of a message of `len` bytes. False: not known, or longer than what is marked. */
bool shapes_find(struct shapes *s, struct marks *m, size_t len, uint32_t *slot);
/* `holes` is what message_signature() said of the message, which was not found. */
void shapes_learn(struct shapes *s, struct marks *m, const struct message_holes *holes, uint32_t slot);
void shapes_release(struct shapes *s);

#endif
