/* regex: the first line is a regex, the others are subjects. What is matched by steps is matched by PCRE2, group for group. */
#include "../unit/sameanswer.h"
#include "promise.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* PCRE2's own work on a source is not bounded by its length. */
enum { MAX_SOURCE = 300, MAX_SUBJECTS = 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = {(const char *)data, size};
	struct span source = span_cut(&rest, '\n');
	struct two_matchers two;
	if (source.len > MAX_SOURCE)
		return 0;
	if (two_matchers_init(&two, source)) {
		must(same_names(&two));
		for (int i = 0; i < MAX_SUBJECTS && rest.len; i++)
			must(same_answer(&two, span_cut(&rest, '\n')));
		must(same_answer(&two, (struct span){(const char *)data, size}));
	}
	two_matchers_release(&two);
	return 0;
}
