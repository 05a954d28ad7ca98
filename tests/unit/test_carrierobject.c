#include "carry/carrierobject.h"

#include "base/limits.h"
#include "base/memory.h"
#include "patterns.h"
#include "unit.h"

/* "key=kind:value key=kind:value"; "!" when it is no object. Kinds: s string, S with escapes, o, a, l. */
static void describe(const char *json, bool whole, struct text *t)
{
	static const char kinds[] = "-soal";
	struct span line = span_of(json), exact = patterns_exact(line);
	struct carrier_object *o = memory_new(1, sizeof *o);
	text_clear(t);
	if (!carrier_object_scan(exact, whole, o))
		text_append_byte(t, '!');
	else
		for (size_t i = 0; i < o->n; i++)
			text_format(t, "%s%.*s=%c:%.*s", i ? " " : "", (int)o->key[i].len, o->key[i].at,
				    o->value[i].escaped ? 'S' : kinds[o->value[i].kind], (int)o->value[i].text.len, o->value[i].text.at);
	memory_free(o);
	memory_free((void *)(uintptr_t)exact.at);
}

static const struct {
	const char *name, *json, *wanted;
} rows[] = {
	{"nothing", "{}", ""},
	{"white space (RFC 8259 section 2)", "{ \t\"a\" :\r\"b\"\n, \"c\": 1 } \n", "a=s:b c=l:1"},
	{"all kinds", "{\"a\":\"b\",\"c\":{\"d\":[{}]},\"e\":[1,\"]\"],\"f\":null,\"g\":-1.5e3}", "a=s:b c=o:{\"d\":[{}]} e=a:[1,\"]\"] f=l:null g=l:-1.5e3"},
	{"escapes", "{\"a\":\"\\\"\\\\\",\"b\\n\":\"\"}", "a=S:\\\"\\\\ b\\n=s:"},
	{"a long string", "{\"a\":\"0123456789abcdef0123456789abcdef\\\"0123456789abcdef\"}", "a=S:0123456789abcdef0123456789abcdef\\\"0123456789abcdef"},
	{"no object", "[]", "!"},
	{"no end", "{\"a\":1", "!"},
	{"an end too much", "{\"a\":1}}", "!"},
	{"a comma at the end", "{\"a\":1,}", "!"},
	{"no comma", "{\"a\":1 \"b\":2}", "!"},
	{"no colon", "{\"a\" 1}", "!"},
	{"no value", "{\"a\":}", "!"},
	{"a key that is none", "{a:1}", "!"},
	{"brackets that do not pair", "{\"a\":[}", "!"},
	{"brackets that cross", "{\"a\":[{]}}", "!"},
	{"a string without its end", "{\"a\":\"b}", "!"},
	{"a backslash at the end", "{\"a\":\"\\", "!"},
};

int main(void)
{
	struct text t = {0};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		describe(rows[i].json, true, &t);
		TEXT_IS(t.at, rows[i].wanted, rows[i].name);
	}
	describe("{\"time\":1,\"level\":2,\"log\":3}", false, &t);
	TEXT_IS(t.at, "!", "a program's own object is left at its second key");
	describe("{\"time\":1,\"NM_DEVICE\":2,\"level\":3}", false, &t);
	TEXT_IS(t.at, "time=l:1 NM_DEVICE=l:2 level=l:3", "not the journal's, nor at the third");

	struct carrier_object *o = memory_new(1, sizeof *o);
	FACT(carrier_object_scan(SPAN("{\"log\":1,\"x\":2,\"log\":\"b\"}"), true, o) && o->unknown == 1 &&
		     span_equal(carrier_object_get(o, CARRIER_KEY_LOG, CARRIER_STRING).text, SPAN("b")),
	     "of two members of one name the last counts");
	FACT(carrier_object_get(o, CARRIER_KEY_LOG, CARRIER_OBJECT).kind == CARRIER_ABSENT &&
		     carrier_object_get(o, CARRIER_KEY_TIME, CARRIER_STRING).kind == CARRIER_ABSENT,
	     "another kind, or none, is absent");

	struct text many = {0}, deep = {0};
	for (int i = 0; i < CARRIER_MEMBERS + 10; i++)
		text_format(&many, "%c\"k%d\":%d", i ? ',' : '{', i, i);
	text_append_string(&many, ",\"log\":\"x\"}");
	FACT(carrier_object_scan(text_span(&many), true, o) && o->n == CARRIER_MEMBERS && o->has[CARRIER_KEY_LOG],
	     "of many members the known ones are found");
	text_append_string(&deep, "{\"a\":");
	for (int i = 0; i < LIMIT_JSON_DEPTH + 1; i++)
		text_append_byte(&deep, '[');
	for (int i = 0; i < LIMIT_JSON_DEPTH + 1; i++)
		text_append_byte(&deep, ']');
	text_append_byte(&deep, '}');
	FACT(!carrier_object_scan(text_span(&deep), true, o), "too deep is none");

	struct carrier_value v;
	size_t at = 0, n = 0;
	struct span array = SPAN("[1, \"a\" ,[2],{}]");
	while (carrier_array_next(array, &at, &v))
		n++;
	FACT(n == 4 && array.at[at] == ']', "the elements of an array");
	at = 0;
	FACT(!carrier_array_next(SPAN("[]"), &at, &v) && !carrier_array_next(SPAN("["), &at, &v), "an empty one, and none");

	/* Every key is found by its name: they stand by length, or the search would miss some. */
	static const char *const names[] = {
#define X(suffix, key) key,
		CARRIER_KEYS(X)
#undef X
	};
	bool found = true;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		found &= carrier_key_of(span_of(names[i])) == (enum carrier_key)(i + 1);
		found &= !i || strlen(names[i - 1]) <= strlen(names[i]);
	}
	FACT(found, "every key is found by its name");
	FACT(carrier_key_of(SPAN("")) == CARRIER_KEY_UNKNOWN && carrier_key_of(SPAN("msg")) == CARRIER_KEY_UNKNOWN &&
		     carrier_key_of(SPAN("a key that is longer than any that is known")) == CARRIER_KEY_UNKNOWN,
	     "others are not");
	memory_free(o);
	text_release(&many);
	text_release(&deep);
	text_release(&t);
	return unit_done();
}
