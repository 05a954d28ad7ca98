#include "cmd/draft_verb.h"

#include "cmd/gather.h"
#include "cmd/output.h"
#include "cmd/progress.h"
#include "tell/digest.h"
#include "tell/json.h"

static void tell_digest(const struct options *o, const struct draft *draft, struct text *digest)
{
	digest_from_draft(draft, progress_columns(), digest);
	if (output_is_standard(o->output))
		return;
	text_append_string(digest, "  draft    ");
	text_append_printable(digest, span_of(o->output));
	text_append_byte(digest, '\n');
}

/* The time that damage took away, which only the story knows: gather() said where the break is. */
static void report_lost(const struct source *source, struct diag_list *trouble)
{
	for (size_t i = 0; i < source->truncated_n; i++) {
		const struct source_truncated *t = &source->truncated[i];
		char from[32], until[32];
		if (t->lost_from_us == INSTANT_NONE)
			continue;
		instant_format(t->lost_from_us, from);
		if (t->lost_until_us == INSTANT_NONE)
			diag_add(trouble, DIAG_WARNING, NULL, "\"%s\": lost what it said from %s on", t->path, from);
		else
			diag_add(trouble, DIAG_WARNING, NULL, "\"%s\": lost what it said from %s to %s", t->path, from,
				 instant_format(t->lost_until_us, until));
	}
}

static enum outcome tell(const struct options *o, const struct library *lib, const struct tally *tally,
			 struct diag_list *trouble, struct text *digest, struct diag *d)
{
	struct draft *draft = story_tell(tally, lib->patterns.signals, &lib->story, trouble);
	for (size_t i = 0; i < draft->sources_n; i++)
		report_lost(&draft->sources[i], trouble);
	struct text json = {0};
	json_from_draft(draft, ONSET_VERSION, &json);
	bool fine = output_write(o->output, text_span(&json), OUTPUT_COMMON, d);
	if (fine)
		tell_digest(o, draft, digest);
	text_release(&json);
	draft_free(draft);
	return fine ? OUTCOME_COMPLETE : OUTCOME_NOTHING;
}

enum outcome draft_verb(const struct options *o, const struct library *lib, struct diag_list *trouble,
			struct text *digest)
{
	struct diag d = {0};
	struct tally tally = {0};
	enum outcome outcome = OUTCOME_NOTHING;
	if (output_ready(o->output, &d))
		outcome = gather(o, lib, &tally, trouble, &d);
	if (outcome == OUTCOME_COMPLETE)
		outcome = tell(o, lib, &tally, trouble, digest, &d);
	if (d.set)
		diag_add(trouble, DIAG_ERROR, d.hint[0] ? d.hint : NULL, "%s", d.what);
	tally_release(&tally);
	return outcome == OUTCOME_COMPLETE && trouble->incomplete ? OUTCOME_INCOMPLETE : outcome;
}
