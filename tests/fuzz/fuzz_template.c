/* template: the first line is nginx's log_format, the others are lines of it. A line that fits for people fits the scanner, and has a
 * time. */
#include "split/template.h"
#include "promise.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = {(const char *)data, size};
	struct span text = span_cut(&rest, '\n');
	struct diag d = {0};
	size_t column = 0;
	struct template *t = template_new(text, size & 1, &d, &column);
	must((t == NULL) == d.set && column <= text.len);
	struct template_scratch s = {.undone = NULL};
	while (t && rest.len) {
		struct span line = span_cut(&rest, '\n');
		struct record r;
		record_clear(&r);
		bool fits = template_scan(t, line, &s, &r);
		if (fits)
			must_be_record(&r);
		size_t at = 0;
		struct text wanted = {.len = 0};
		must(!template_reach(t, line, &at, &wanted) || (fits && r.resolution_us));
		must(at <= line.len);
		text_release(&wanted);
	}
	template_scratch_release(&s);
	template_free(t);
	return 0;
}
