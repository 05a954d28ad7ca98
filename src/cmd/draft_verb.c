#include "cmd/draft_verb.h"

#include "cmd/output.h"
#include "cmd/progress.h"
#include "cmd/reading.h"

static void tell_digest(const struct options *o, struct onset_scan *scan, struct text *digest)
{
	char *text;
	if (onset_digest(scan, progress_columns(), &text) != ONSET_COMPLETE)
		return;
	text_append_string(digest, text);
	onset_free(text);
	if (output_is_standard(o->output.text))
		return;
	text_append_string(digest, "  draft    ");
	text_append_printable(digest, span_of(o->output.text));
	text_append_byte(digest, '\n');
}

static enum outcome tell(const struct options *o, struct onset_scan *scan, struct text *digest, struct diag *d)
{
	char *json;
	size_t len;
	enum onset_status status = onset_draft(scan, &json, &len);
	if (status <= ONSET_INCOMPLETE && !output_write(o->output.text, (struct span){json, len}, OUTPUT_COMMON, d))
		status = ONSET_NOTHING;
	if (status <= ONSET_INCOMPLETE)
		tell_digest(o, scan, digest);
	onset_free(json);
	return (enum outcome)status;
}

enum outcome draft_verb(const struct options *o, bool notes, struct text *messages, struct text *digest)
{
	struct diag d = {0};
	struct onset_scan *scan;
	enum outcome outcome = reading_run(o, "output", &scan, &d);
	if (outcome <= OUTCOME_INCOMPLETE)
		outcome = tell(o, scan, digest, &d);
	reading_tell(scan, &d, notes, messages);
	onset_close(scan);
	return outcome;
}
