/* jsonkeys: which key paths of a JSON object mean which fields.
 *
 * Takes  paths with dots ("err.code"), each with a field or with the demand that it be there.
 * Gives  a tree of nodes, one per path and per start of a path; the node of a key in the object of another node.
 * Holds  the nodes and what they mean; immutable, and shared by all threads, once a format is compiled.
 * Never  tells {"a":{"b":1}} from {"a.b":1}: both meet in one node.
 */
#ifndef ONSET_JSONKEYS_H
#define ONSET_JSONKEYS_H

#include "line/record.h"

enum { JSONKEYS_NONE = 0xFFFF /* no node */, JSONKEYS_ROOT = 0 };

/* What a path means: a list per node. */
struct jsonkeys_use {
	enum field field;
	unsigned rank; /* the smaller wins */
	int next;      /* index of the node's next use, -1 at the end */
};

/* A path or the start of one ("err" of "err.code"), as text with dots. */
struct jsonkeys_node {
	struct text path;
	int uses;      /* index of the first use, -1 when none */
	bool deeper;   /* longer paths start here */
	bool required;
};

struct jsonkeys {
	struct jsonkeys_node *nodes;
	struct jsonkeys_use *uses;
	size_t nodes_n, nodes_cap, uses_n, uses_cap;
	size_t longest;    /* bytes of the longest path */
	size_t required_n;
	uint64_t print;    /* a hash of all that was added: equal keys have equal nodes */
};

struct jsonkeys *jsonkeys_new(void);
/* `path` ("err.code") means `field`; several paths of one field: the one added first wins when more than one is present. A key
 * that itself contains a dot ("http.status") is found too: both readings of a path are tried. */
void jsonkeys_add(struct jsonkeys *keys, enum field field, struct span path);
/* The object must have this path, or it is not of this format. */
void jsonkeys_require(struct jsonkeys *keys, struct span path);
/* The node of `key` in the object of `parent`; JSONKEYS_NONE when no path leads there. */
uint16_t jsonkeys_child(const struct jsonkeys *keys, uint16_t parent, struct span key);
void jsonkeys_free(struct jsonkeys *keys);

#endif
