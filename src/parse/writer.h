/* writer: who writes the lines of a stream: the formats in force, what looks back over records, where its records go.
 *
 * Takes  the records of one writer in the order of the file; its name.
 * Gives  what streams need to know of what was before: formats, pids, the time of the last record, the ledger.
 * Holds  that; the name.
 * Never  is more than one container's or process's, unless the file has more writers than are told apart.
 */
#ifndef ONSET_WRITER_H
#define ONSET_WRITER_H

#include "parse/attach.h"
#include "parse/outlet.h"
#include "parse/redetect.h"
#include "parse/untimed.h"

struct writer {
	struct text name;       /* empty: nobody says */
	struct text carriers;   /* of its first line (carrier_chain()); empty: nobody carries it */
	struct redetect formats;
	bool fresh;             /* formats were not looked for yet */
	struct attach attach;
	struct untimed untimed;
	struct outlets *outlets; /* borrowed */
	bool has_first;         /* a tier has the stream that is called as the writer */
	bool has[TIER_COUNT];   /* the tier has a stream */
	size_t outlet_of[TIER_COUNT];
	/* Where its last record went: lines that are none go there too. */
	const struct format *format;
	size_t outlet;
	struct ledger *ledger;
};

/* `outlets` is borrowed until release. writer->formats is the caller's to begin; then writer_found(). */
void writer_init(struct writer *w, struct span name, struct outlets *outlets);
/* A look found formats: the first one's stream is where lines go. */
void writer_found(struct writer *w);
/* The next record is of another format. */
void writer_turn(struct writer *w, const struct format *format);
void writer_release(struct writer *w);

#endif
