/* redact: whom and what a document must not name, out of it.
 *
 * Takes  the JSON of a draft, from here or from anywhere, and which kinds are to go.
 * Gives  the same JSON with placeholders (names.h) and a summary under `redaction`; the same done to any text that was made of it.
 * Holds  what stands behind each placeholder, until redact_free().
 * Never  changes keys, numbers, ids or times; changes a document that it has redacted already; recurses.
 *
 * Twice through the document: first what it names in fields of its own and in certain words ("user=x") is learned, so that a name is
 * known where nothing tells that it is one; then, in the order of the document, everything found gets its placeholder. The
 * document's servers are the addresses that `topology` says are called.
 */
#ifndef ONSET_REDACT_REDACT_H
#define ONSET_REDACT_REDACT_H

#include "redact/names.h"

struct json_t;
struct redact;

/* Kinds, separated by commas ("address,user"), as bits `1 << kind`. False: `*wrong` is what is no kind. */
bool redact_read_kinds(struct span list, unsigned *kinds, struct span *wrong);

/* Redacts the tree of a draft in place. Never NULL. With no kinds nothing changes but the summary. */
struct redact *redact_document(struct json_t *root, unsigned kinds);
/* Another document (NULL: none) whose notes go into the first: the same names, no summary. */
void redact_also(struct redact *r, struct json_t *root);
/* Appends a text that was made of what the document was made of (a digest). */
void redact_text(struct redact *r, struct span in, struct text *out);
void redact_free(struct redact *r);

#endif
