#include "cmd/report_verb.h"

#include "cmd/message.h"
#include "cmd/output.h"
#include "cmd/smallfile.h"
#include "cmd/zonefile.h"
#include "report/report.h"

/* The options that are more than a word. False with `d` and why. */
static bool prepare(const struct options *o, struct report_request *r, struct zone **zone, struct diag *d)
{
	if (o->form.text && !report_form_named(span_of(o->form.text), &r->form)) {
		diag_set(d, "-f \"%s\": there is no such form", o->form.text);
		diag_hint(d, "One of html, markdown.");
		return false;
	}
	if (o->template.text && !markdown_template_named(span_of(o->template.text), &r->template)) {
		diag_set(d, "--template \"%s\": there is no such template", o->template.text);
		diag_hint(d, "One of google, pagerduty, brief.");
		return false;
	}
	if (o->template.text && r->form != REPORT_MARKDOWN) {
		diag_set(d, "--template belongs to -f markdown");
		return false;
	}
	if (o->display_zone.text) {
		*zone = zonefile_named(span_of(o->display_zone.text), d);
		r->zone = *zone;
		if (!*zone)
			return false;
	}
	for (size_t i = 0; i < 2; i++) {
		const char *path = i ? o->keep.text : o->paths[0];
		if (path && strcmp(path, "-") && !output_is_standard(o->output.text) && output_is_same(o->output.text, path)) {
			diag_set(d, "-o \"%s\" is the file that is read", o->output.text);
			return false;
		}
	}
	return true;
}

static bool make(const struct options *o, struct report_request *r, struct diag *d)
{
	struct text draft = {0}, kept = {0}, out = {0};
	bool fine = output_ready(o->output.text, d) && smallfile_read(o->paths[0], SMALLFILE_DRAFT, &draft, d) &&
		    (!o->keep.text || smallfile_read(o->keep.text, SMALLFILE_DRAFT, &kept, d));
	if (fine) {
		r->redact = options_redacts(o);
		r->draft = (struct report_input){text_span(&draft), o->paths[0]};
		r->kept = (struct report_input){text_span(&kept), o->keep.text};
		fine = report_make(r, &out, d) && output_write(o->output.text, text_span(&out), OUTPUT_COMMON, d);
	}
	text_release(&draft);
	text_release(&kept);
	text_release(&out);
	return fine;
}

enum outcome report_verb(const struct options *o, struct text *messages)
{
	struct diag d = {0};
	struct zone *zone = NULL;
	struct report_request r = {.form = REPORT_HTML};
	enum outcome outcome = OUTCOME_COMPLETE;
	if (!prepare(o, &r, &zone, &d))
		outcome = OUTCOME_USAGE;
	else if (!make(o, &r, &d))
		outcome = OUTCOME_NOTHING;
	if (d.set) {
		struct text what = {0}, hint = {0};
		message_lines(&what, d.what);
		message_lines(&hint, d.hint);
		message_append(messages, DIAG_ERROR, what.at, hint.at);
		text_release(&what);
		text_release(&hint);
	}
	zone_free(zone);
	return outcome;
}
