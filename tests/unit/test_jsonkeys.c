/* jsonkeys: paths, the nodes they make, and the two ways to write a path that has a dot. */
#include "line/jsonkeys.h"

#include "unit.h"

static uint16_t child(const struct jsonkeys *keys, uint16_t parent, const char *key)
{
	return jsonkeys_child(keys, parent, span_of(key));
}

static void test_paths(void)
{
	struct jsonkeys *keys = jsonkeys_new();
	FACT(child(keys, JSONKEYS_ROOT, "a") == JSONKEYS_NONE, "no path, no node");
	jsonkeys_add(keys, FIELD_USER, SPAN("a.b.c"));
	uint16_t a = child(keys, JSONKEYS_ROOT, "a"), ab = child(keys, a, "b"), abc = child(keys, ab, "c");
	FACT(a != JSONKEYS_NONE && ab != JSONKEYS_NONE && abc != JSONKEYS_NONE, "each start of a path has a node");
	FACT(child(keys, a, "b.c") == abc && child(keys, JSONKEYS_ROOT, "a.b.c") == abc &&
	     child(keys, child(keys, JSONKEYS_ROOT, "a.b"), "c") == abc, "dots and nesting meet in one node");
	FACT(keys->nodes[a].deeper && keys->nodes[ab].deeper && !keys->nodes[abc].deeper, "what is longer is known at each start");
	FACT(keys->nodes[a].uses < 0 && keys->uses[keys->nodes[abc].uses].field == FIELD_USER, "the whole path has the meaning");
	FACT(child(keys, JSONKEYS_ROOT, "c") == JSONKEYS_NONE && child(keys, a, "c") == JSONKEYS_NONE, "the end of a path is none");
	FACT(child(keys, JSONKEYS_ROOT, "") == JSONKEYS_NONE && child(keys, a, "") == JSONKEYS_NONE, "an empty key leads nowhere");
	jsonkeys_free(keys);
}

static void test_meanings(void)
{
	struct jsonkeys *keys = jsonkeys_new(), *same = jsonkeys_new();
	jsonkeys_add(keys, FIELD_MESSAGE, SPAN("msg"));
	jsonkeys_add(keys, FIELD_THREAD, SPAN("msg"));
	const struct jsonkeys_node *node = &keys->nodes[child(keys, JSONKEYS_ROOT, "msg")];
	const struct jsonkeys_use *last = &keys->uses[node->uses], *first = &keys->uses[last->next];
	FACT(first->field == FIELD_MESSAGE && last->field == FIELD_THREAD && first->next < 0, "one path may mean two fields");
	FACT(first->rank < last->rank, "what was added first ranks before");
	jsonkeys_add(same, FIELD_MESSAGE, SPAN("msg"));
	FACT(keys->print != same->print, "other keys, other print");
	jsonkeys_add(same, FIELD_THREAD, SPAN("msg"));
	FACT(keys->print == same->print, "equal keys, equal print");
	jsonkeys_require(keys, SPAN("req.id"));
	jsonkeys_require(keys, SPAN("req.id"));
	FACT(keys->required_n == 1 && !keys->nodes[child(keys, JSONKEYS_ROOT, "req")].required, "required is the path, once");
	FACT(keys->print != same->print, "what is required is part of the print");
	jsonkeys_free(keys);
	jsonkeys_free(same);
	jsonkeys_free(NULL);
}

static void test_hostile(void)
{
	struct jsonkeys *keys = jsonkeys_new();
	struct text path = {0};
	jsonkeys_add(keys, FIELD_MESSAGE, SPAN(""));
	FACT(keys->nodes_n == 1 && !keys->uses_n, "an empty path means nothing");
	for (int i = 0; i < 5000; i++) {
		text_clear(&path);
		text_format(&path, "key%d", i);
		jsonkeys_add(keys, FIELD_MESSAGE, text_span(&path));
	}
	FACT(keys->nodes_n <= 4096 && keys->nodes_n > 4000, "a file of too many paths ends at a bound");
	text_release(&path);
	jsonkeys_free(keys);
}

int main(void)
{
	test_paths();
	test_meanings();
	test_hostile();
	return unit_done();
}
