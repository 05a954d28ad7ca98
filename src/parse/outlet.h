/* outlet: the streams of a file that are told apart, and what became of the lines of each.
 *
 * Takes  who wrote a line, and the tier of its format.
 * Gives  the stream's number: 0 for all that has none of its own.
 * Holds  for each stream its name, the first format found in it, its ledger (ledger.h).
 * Never  tells more than LIMIT_STREAMS apart besides stream 0; two streams never have one name.
 */
#ifndef ONSET_OUTLET_H
#define ONSET_OUTLET_H

#include "parse/format.h"
#include "parse/ledger.h"

struct outlet {
	struct text name; /* empty: stream 0 */
	struct text carriers; /* what carries its first writer's first line (carrier_chain()); empty: nobody does */
	enum tier tier;
	struct detection detection; /* what found its first format; of stream 0 also that none was found */
	uint32_t changes;           /* formats that were found behind the first one */
	struct ledger ledger;
};

struct outlets {
	struct outlet *all[LIMIT_STREAMS + 1]; /* owned; they stay where they are */
	size_t n;
	const struct ledger_ask *ask; /* of every ledger; NULL: none */
};

/* Stream 0 is there from the start. */
void outlets_init(struct outlets *o);
/* From now on lines that are no record are asked what they say. `ask` is borrowed. */
void outlets_ask(struct outlets *o, const struct ledger_ask *ask);
/* The stream of a writer's formats of a tier; `first`: it is the writer's first tier, whose stream has the writer's name alone. */
size_t outlet_for(struct outlets *o, struct span writer, struct span carriers, enum tier tier, bool first);
void outlets_release(struct outlets *o);

#endif
