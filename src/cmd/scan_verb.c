#include "cmd/scan_verb.h"

#include "cmd/output.h"
#include "cmd/reading.h"

static enum outcome write_tally(const struct options *o, struct onset_scan *scan, struct diag *d)
{
	void *bytes;
	size_t len;
	enum onset_status status = onset_save(scan, &bytes, &len);
	if (status <= ONSET_INCOMPLETE && !output_write(o->output.text, (struct span){bytes, len}, OUTPUT_PRIVATE, d))
		status = ONSET_NOTHING;
	onset_free(bytes);
	return (enum outcome)status;
}

enum outcome scan_verb(const struct options *o, bool notes, struct text *messages)
{
	struct diag d = {0};
	struct onset_scan *scan = NULL;
	enum outcome outcome = OUTCOME_USAGE;
	if (output_is_terminal(o->output.text)) {
		diag_set(&d, "standard output is a terminal, and a tally is not text");
		diag_hint(&d, "Name a file: -o FILE");
		scan = onset_open();
	} else {
		outcome = reading_run(o, "tally-output", &scan, &d);
		if (outcome <= OUTCOME_INCOMPLETE)
			outcome = write_tally(o, scan, &d);
	}
	reading_tell(scan, &d, notes, messages);
	onset_close(scan);
	return outcome;
}
