/* prefix: the first line is a log_line_prefix, the others are lines of it. With and without a cache the same is read. */
#include "split/prefix.h"
#include "promise.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = {(const char *)data, size};
	struct span text = span_cut(&rest, '\n');
	struct diag d = {0};
	size_t column = 0;
	struct prefix *p = prefix_new(text, &d, &column);
	must((p == NULL) == d.set && column <= text.len);
	struct stamp_cache cache = {.len = 0};
	while (p && rest.len) {
		struct span line = span_cut(&rest, '\n');
		struct record warm, cold;
		record_clear(&warm);
		record_clear(&cold);
		struct stamp_cache empty = {.len = 0};
		enum prefix_result result = prefix_scan(p, line, &cache, &warm);
		must(prefix_scan(p, line, &empty, &cold) == result);
		if (result == PREFIX_OK) {
			must(warm.has == cold.has && warm.time_us == cold.time_us);
			must_be_record(&warm);
			postgresql_message(&warm);
			must_be_record(&warm);
		}
		size_t at = 0;
		struct text wanted = {.len = 0};
		must(prefix_reach(p, line, &at, &wanted) == (result != PREFIX_NO));
		must(at <= line.len);
		text_release(&wanted);
	}
	prefix_free(p);
	return 0;
}
