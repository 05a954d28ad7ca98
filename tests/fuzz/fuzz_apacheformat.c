/* apacheformat: the first line is Apache's LogFormat, the others are lines of it, read with and without what is told beside the fields. A
 * line that fits for people fits the scanner, and has a time when the format has one. */
#include "split/template.h"
#include "promise.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = {(const char *)data, size};
	struct span text = span_cut(&rest, '\n');
	struct diag d = {0};
	size_t column = 0;
	struct template *t = template_new_apache(text, &d, &column);
	must((t == NULL) == d.set && column <= text.len);
	struct extras extras = {.n = 0};
	struct template_scratch s = {.undone = NULL};
	while (t && rest.len) {
		struct span line = span_cut(&rest, '\n');
		struct record r;
		record_clear(&r);
		s.extras = line.len & 1 ? &extras : NULL;
		extras_clear(&extras);
		bool fits = template_scan(t, line, &s, &r);
		if (fits)
			must_be_record(&r);
		for (size_t i = 0; fits && i < extras.n; i++) {
			must_be_readable(extras.items[i].name);
			must_be_readable(extras.items[i].value);
		}
		size_t at = 0;
		struct text wanted = {.len = 0};
		must(!template_reach(t, line, &at, &wanted) || fits);
		must(at <= line.len);
		text_release(&wanted);
	}
	template_scratch_release(&s);
	template_free(t);
	return 0;
}
