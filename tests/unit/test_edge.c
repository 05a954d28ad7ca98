#include <stdlib.h>

#include "base/memory.h"
#include "tally/edge.h"

#include "unit.h"

static void facts(void)
{
	struct tail t;
	struct record r;
	struct place p = {7000, 5, 3, 60, 200};
	tail_init(&t);
	struct file_edge e = tail_freeze(&t);
	FACT(e.at_us == INSTANT_NONE && !*e.message && !*e.text && !e.length, "a file without records has an empty tail");
	memory_free(e.message);
	memory_free(e.text);
	record_clear(&r);
	r.severity = SEVERITY_ERROR;
	r.lines = 3;
	record_set(&r, FIELD_MESSAGE, SPAN("failed: password=geheim"));
	r.raw = SPAN("2026 ERROR failed: password=geheim\nTraceback\n  File x");
	tail_note(&t, &p, 7000000005, &r);
	e = tail_freeze(&t);
	FACT(e.at_us == 7000000005 && e.line == 3 && e.length == 60 && e.offset == 200 && e.severity == SEVERITY_ERROR, "the last record's place");
	TEXT_IS(e.message, "failed: password=***", "its message, masked");
	TEXT_IS(e.text, "Traceback\n  File x", "the lines that continue it");
	memory_free(e.message);
	memory_free(e.text);
	r.status = 200;
	r.lines = 1;
	tail_note(&t, &p, 7000000005, &r);
	e = tail_freeze(&t);
	FACT(!*e.message && !*e.text, "an access record is continued by nothing: no text");
	memory_free(e.message);
	memory_free(e.text);
	tail_release(&t);
	char *noise = memory_new(3 * LIMIT_EDGE_BYTES, 1);
	memset(noise, 0xE2, 3 * LIMIT_EDGE_BYTES);
	struct text scratch = {0};
	char *text = edge_text((struct span){noise, 3 * LIMIT_EDGE_BYTES}, &scratch);
	FACT(strlen(text) <= LIMIT_EDGE_BYTES && span_is_utf8(span_of(text)), "noise gives valid UTF-8 within the limit");
	memory_free(text);
	memory_free(noise);
	text_release(&scratch);
}

int main(void)
{
	facts();
	return unit_done();
}
