/* keep: copies that outlive the line: what carries it, extras, a record's spans that lie elsewhere. */
#include "parse/keep.h"

#include "unit.h"

int main(void)
{
	struct kept k = {0};
	struct carried c;
	char line[] = "host proc 77", other[] = "value";
	struct extras extras = {0};
	carried_init(&c, span_of(line));
	carried_by(&c, CARRIER_SYSLOG, span_from(span_of(line), 5));
	c.host = span_head(span_of(line), 4);
	c.process = span_head(span_from(span_of(line), 5), 4);
	extras_clear(&extras);
	extras_add(&extras, SPAN("name"), span_of(other));
	c.extras = &extras;
	keep(&k, &c);
	memset(line, '#', sizeof line - 1);
	memset(other, '#', sizeof other - 1);
	FACT(span_equal(k.carried.host, SPAN("host")) && span_equal(k.carried.process, SPAN("proc")), "who wrote the line is kept when the line is gone");
	FACT(!k.carried.text.len && !k.carried.headed.len, "its text is not");
	FACT(k.carried.depth == 1 && k.carried.chain[0] == CARRIER_SYSLOG && !k.carried.container.len, "nor what was not said");
	FACT(k.carried.extras != &extras && k.carried.extras->n == 1 && span_equal(k.carried.extras->items[0].value, SPAN("value")), "extras are copied");
	keep_release(&k);

	char own[] = "own message", cache[] = "+02:00", room[] = "far";
	struct record r;
	struct text aside = {0};
	record_clear(&r);
	record_set(&r, FIELD_MESSAGE, span_from(span_of(own), 4));
	record_set(&r, FIELD_HOST, span_of(room));
	r.zone_text = span_of(cache);
	char moved[] = "own message";
	keep_moved(&r, span_of(own), moved);
	FACT(record_get(&r, FIELD_MESSAGE).at == moved + 4, "what lies in the record's bytes moves with them");
	FACT(record_get(&r, FIELD_HOST).at == room, "what does not stays where it is");
	keep_spans(&r, span_of(moved), &aside);
	memset(room, '#', sizeof room - 1);
	memset(cache, '#', sizeof cache - 1);
	FACT(span_equal(record_get(&r, FIELD_HOST), SPAN("far")) && span_equal(r.zone_text, SPAN("+02:00")), "until it is copied aside");
	FACT(record_get(&r, FIELD_MESSAGE).at == moved + 4, "the record's own bytes are not copied twice");
	text_release(&aside);
	return unit_done();
}
