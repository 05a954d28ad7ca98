/* pattern: any bytes are a pattern file or say where they are not one; options files have the same syntax. A format that they
 * make reads its own samples without breaking a promise. */
#include "parse/format.h"
#include "promise.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pattern_file file = {.n = 0};
	struct diag d = {0};
	if (!pattern_file_parse(&file, "formats/fuzz.pattern", (struct span){(const char *)data, size}, &d)) {
		must(d.set);
		pattern_file_release(&file);
		return 0;
	}
	for (size_t i = 0; i < file.n; i++) {
		struct diag place = {0};
		must_be_readable(file.entries[i].key);
		must_be_readable(file.entries[i].value);
		pattern_error(&file, &file.entries[i], file.entries[i].value.len, &place, "here", NULL);
		must(place.set);
	}
	struct format_set set = {.n = 0};
	struct diag_list failures = {0};
	if (format_set_add(&set, &file, &d))
		format_set_check(&set, &failures);
	else {
		must(d.set);
		pattern_file_release(&file);
	}
	format_set_release(&set);
	diag_release(&failures);
	return 0;
}
