#include "cmd/scan_verb.h"

#include "cmd/gather.h"
#include "cmd/output.h"

static enum outcome write_tally(const struct options *o, const struct tally *tally, struct diag *d)
{
	struct text bytes = {0};
	tally_encode(tally, &bytes);
	bool fine = output_write(o->output, text_span(&bytes), OUTPUT_PRIVATE, d);
	text_release(&bytes);
	return fine ? OUTCOME_COMPLETE : OUTCOME_NOTHING;
}

enum outcome scan_verb(const struct options *o, const struct library *lib, struct diag_list *trouble)
{
	struct diag d = {0};
	struct tally tally = {0};
	enum outcome outcome = OUTCOME_NOTHING;
	if (output_is_terminal(o->output)) {
		diag_set(&d, "standard output is a terminal, and a tally is not text");
		diag_hint(&d, "Name a file: -o FILE");
		outcome = OUTCOME_USAGE;
	} else if (output_ready(o->output, &d)) {
		outcome = gather(o, lib, &tally, trouble, &d);
		if (outcome == OUTCOME_COMPLETE)
			outcome = write_tally(o, &tally, &d);
	}
	if (d.set)
		diag_add(trouble, DIAG_ERROR, d.hint[0] ? d.hint : NULL, "%s", d.what);
	tally_release(&tally);
	return outcome == OUTCOME_COMPLETE && trouble->incomplete ? OUTCOME_INCOMPLETE : outcome;
}
