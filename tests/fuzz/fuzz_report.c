/* report: any bytes, in all forms. What is made is UTF-8 without an element, control or mark of others. */
#include "promise.h"
#include "report/report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	for (int form = 0; form < REPORT_FORMS + 2; form++) {
		struct report_input in = {{(const char *)data, size}, "fuzz"};
		struct report_request r = {.form = form ? REPORT_MARKDOWN : REPORT_HTML, .draft = in, .kept = in};
		struct text out = {0};
		struct diag d = {0};
		r.template = form ? (enum markdown_template)(form - 1) : MARKDOWN_GOOGLE;
		bool made = report_make(&r, &out, &d);
		must(made != d.set);
		must(made || !out.len);
		must(!made || span_is_utf8(text_span(&out)));
		/* Markdown quotes log lines as code, where these are words. */
		must(form || (span_find(text_span(&out), SPAN("<script")) < 0 && span_find(text_span(&out), SPAN("<img")) < 0));
		must(span_find(text_span(&out), SPAN("\x1B")) < 0 && span_find(text_span(&out), SPAN("\xE2\x80\xAE")) < 0);
		text_release(&out);
	}
	return 0;
}
