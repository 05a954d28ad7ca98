/* eventfile: any bytes. Each event is where it says, and its texts can be written to JSON. */
#include "config/eventfile.h"
#include "promise.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct event_file file = {.n = 0};
	struct diag d = {0};
	struct span bytes = {(const char *)data, size};
	bool ok = eventfile_read(bytes, 0, "events.jsonl", &file, &d);
	must(ok != d.set && (ok || !file.n));
	uint64_t line = 0;
	for (size_t i = 0; i < file.n; i++) {
		const struct stated_event *e = &file.items[i];
		must(e->kind < EVENT_KIND_COUNT && e->text[0] && e->resolution_us > 0 && e->line >= line);
		line = e->line;
		must(e->offset <= size && e->length <= size - e->offset);
		must(span_is_utf8(span_of(e->text)) && span_is_utf8(span_of(e->service)) && span_is_utf8(span_of(e->version)) &&
		     span_is_utf8(span_of(e->by)));
		must(span_equal(span_of(e->raw), span_head(span_from(bytes, e->offset), e->length)));
	}
	eventfile_release(&file);
	return 0;
}
