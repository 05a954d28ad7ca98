#include "report/report.h"

#include "redact/redact.h"
#include "report/document.h"
#include "report/html.h"
#include "report/notes.h"
#include "report/contract.h"

bool report_form_named(struct span name, enum report_form *form)
{
	static const char *const names[REPORT_FORMS] = {[REPORT_HTML] = "html", [REPORT_MARKDOWN] = "markdown"};
	for (enum report_form i = 0; i < REPORT_FORMS; i++)
		if (span_equal(name, span_of(names[i]))) {
			*form = i;
			return true;
		}
	return false;
}

/* NULL with `d`. */
static struct json_t *read_draft(const struct report_input *in, struct diag *d)
{
	struct json_t *root = value_read(in->bytes, in->name, d);
	if (!root || contract_is_draft(root, in->name, d))
		return root;
	value_free(root);
	return NULL;
}

bool report_make(const struct report_request *r, struct text *out, struct diag *d)
{
	struct json_t *root = read_draft(&r->draft, d), *kept = NULL;
	bool fine = root && (!r->kept.name || (kept = read_draft(&r->kept, d)));
	if (fine) {
		struct redact *redact = redact_document(root, r->redact);
		redact_also(redact, kept);
		struct document doc;
		struct notes notes;
		document_init(&doc, root, kept, r->zone);
		notes_init(&notes, root, kept);
		if (r->form == REPORT_HTML)
			html_append(out, &doc, &notes);
		else
			markdown_append(out, &doc, &notes, r->template);
		notes_release(&notes);
		document_release(&doc);
		redact_free(redact);
	}
	value_free(root);
	value_free(kept);
	return fine;
}
