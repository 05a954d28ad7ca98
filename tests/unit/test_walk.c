#include "verify/walk.h"

#include "unit.h"

/* The places of all values, a blank behind each; those in the member "skip" are passed over. */
static const char *places(const char *json)
{
	static struct text out;
	struct diag d = {0};
	struct json_t *root = value_read(span_of(json), "t.json", &d);
	struct walk w;
	text_clear(&out);
	walk_begin(&w, root);
	while (walk_next(&w)) {
		walk_place(&w, &out);
		text_append_byte(&out, ' ');
		if (span_equal(walk_key(&w), SPAN("skip")))
			walk_skip(&w);
	}
	walk_release(&w);
	value_free(root);
	return out.at ? out.at : "";
}

int main(void)
{
	TEXT_IS(places("{}"), "", "nothing in nothing");
	TEXT_IS(places("{\"a\": 1, \"b\": {\"c\": [2, {\"d\": 3}]}, \"e\": []}"), "a b b.c b.c[0] b.c[1] b.c[1].d e ", "in the order of the text");
	TEXT_IS(places("{\"l\": [{\"id\": \"3f2a\", \"n\": 1}]}"), "l l[3f2a] l[3f2a].id l[3f2a].n ", "an element goes by its id");
	TEXT_IS(places("{\"skip\": [1, 2], \"b\": 1}"), "skip b ", "what is in a value may be passed over");
	TEXT_IS(places("{\"a\\u001b\": 1}"), "a\\x1B ", "keys of strangers are escaped");
	struct text deep = {0};
	for (int i = 0; i < 2000; i++)
		text_append_string(&deep, "{\"abcdefghi\":");
	text_append_byte(&deep, '1');
	for (int i = 0; i < 2000; i++)
		text_append_byte(&deep, '}');
	const char *said = places(deep.at);
	FACT(strlen(said) < 2001 * (WALK_PLACE_BYTES + 5) && strstr(said, "....abcdefghi.abcdefghi"), "of a long place the tail is kept");
	text_release(&deep);
	return unit_done();
}
