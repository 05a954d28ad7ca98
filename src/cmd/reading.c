#include "cmd/reading.h"

#include "cmd/attend.h"
#include "cmd/message.h"
#include "cmd/output.h"

static enum onset_status state(struct onset_scan *scan, const struct options *o, const char *output)
{
	enum onset_status status = ONSET_COMPLETE;
	for (size_t i = 0; i < o->given_n && status == ONSET_COMPLETE; i++) {
		bool is_output = !strcmp(o->given[i].name, "output");
		status = onset_set(scan, is_output ? output : o->given[i].name, o->given[i].value);
	}
	for (size_t i = 0; i < o->paths_n && status == ONSET_COMPLETE; i++)
		status = onset_add(scan, o->paths[i]);
	return status;
}

enum outcome reading_run(const struct options *o, const char *output, struct onset_scan **scan, struct diag *d)
{
	*scan = onset_open();
	if (!output_ready(o->output.text, d))
		return OUTCOME_NOTHING;
	enum onset_status status = state(*scan, o, output);
	/* Before signals wait: it may read from a pipe, and there is nothing to be cleaned up. */
	if (status == ONSET_COMPLETE)
		status = onset_prepare(*scan);
	if (status != ONSET_COMPLETE)
		return (enum outcome)status;
	struct attend attend;
	attend_begin(&attend);
	onset_watch(*scan, attend_look, &attend);
	status = onset_read(*scan);
	bool told = attend.ended_by; /* by the scan */
	onset_watch(*scan, NULL, NULL);
	if (!attend_end(&attend))
		return (enum outcome)status;
	if (!told)
		diag_set(d, "interrupted; nothing was written");
	return OUTCOME_NOTHING;
}

void reading_tell(struct onset_scan *scan, const struct diag *d, bool notes, struct text *messages)
{
	const struct onset_message *m;
	if (d->set) {
		struct text what = {0}, hint = {0};
		message_lines(&what, d->what);
		message_lines(&hint, d->hint);
		message_append(messages, DIAG_ERROR, what.at, hint.at);
		text_release(&what);
		text_release(&hint);
	}
	for (size_t i = 0; (m = onset_message(scan, i)); i++)
		if (notes || m->level != ONSET_NOTE)
			message_append(messages, (enum diag_level)m->level, m->text, m->hint);
}
