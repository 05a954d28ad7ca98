/* jsonline: hand-written lines, and jansson's tree as the other implementation for random ones. */
#include "line/jsonline.h"

#include <jansson.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/memory.h"
#include "unit.h"

static const struct {
	enum field field;
	const char *path;
} paths[] = {
	{FIELD_TIMESTAMP, "time"}, {FIELD_TIMESTAMP, "ts"},        {FIELD_TIMESTAMP, "@timestamp"},
	{FIELD_SEVERITY, "level"}, {FIELD_MESSAGE, "msg"},         {FIELD_MESSAGE, "message"},
	{FIELD_STATUS, "res.statusCode"}, {FIELD_STATUS, "http.status"}, {FIELD_ERROR_CODE, "err.code"},
	{FIELD_ERROR_MESSAGE, "err.message"}, {FIELD_ERROR_MESSAGE, "err"}, {FIELD_USER, "a.b.c"}, {FIELD_PID, "pid"},
	{FIELD_THREAD, "msg"},
};

static struct jsonkeys *keys_new(void)
{
	struct jsonkeys *keys = jsonkeys_new();
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		jsonkeys_add(keys, paths[i].field, span_of(paths[i].path));
	return keys;
}

/* Scans a copy that ends where the line does, so that a sanitizer sees a byte read too many. What was found, as text. */
static void tell(struct text *out, const struct jsonkeys *keys, struct span line, struct json_scratch *s)
{
	static const char *const results[] = {"ok", "not object", "bad", "missing"};
	struct record r;
	char *copy = malloc(line.len ? line.len : 1);
	memcpy(copy, line.at, line.len);
	record_clear(&r);
	text_clear(out);
	enum json_result result = jsonline_scan(keys, (struct span){copy, line.len}, s, &r);
	text_append_string(out, results[result]);
	for (int i = 0; i < FIELD_COUNT && result == JSON_OK; i++) {
		if (!record_has(&r, (enum field)i))
			continue;
		text_append_byte(out, ' ');
		text_append_string(out, field_name((enum field)i));
		text_append_byte(out, '=');
		text_append(out, r.field[i]);
	}
	free(copy);
}

struct json_case {
	const char *name, *line, *expected;
};

static const struct json_case cases[] = {
	{"strings and numbers are taken as printed", "{\"level\":30,\"time\":\"2026\",\"pid\":-1.50e+3}",
	 "ok timestamp=2026 severity_text=30 process.pid=-1.50e+3"},
	{"blanks are allowed everywhere", " { \"level\" :\t30 , \"pid\" : [ 1 , 2 ] } \r", "ok severity_text=30 process.pid=[ 1 , 2 ]"},
	{"true and false are values, null is none", "{\"level\":true,\"pid\":false,\"ts\":null}",
	 "ok severity_text=true process.pid=false"},
	{"NaN and Infinity are none", "{\"level\":NaN,\"pid\":-Infinity,\"ts\":1}", "ok timestamp=1"},
	{"one path may mean two fields", "{\"msg\":\"x\"}", "ok message=x thread.name=x"},
	{"the path that was added first wins, before", "{\"time\":1,\"ts\":2}", "ok timestamp=1"},
	{"the path that was added first wins, after", "{\"ts\":2,\"time\":1}", "ok timestamp=1"},
	{"a null leaves the field to another path", "{\"time\":null,\"ts\":2}", "ok timestamp=2"},
	{"of duplicate keys the first wins", "{\"pid\":1,\"pid\":2}", "ok process.pid=1"},
	{"of duplicate objects the first wins", "{\"err\":{\"code\":1},\"err\":{\"code\":2}}",
	 "ok exception.message={\"code\":1} error.code=1"},
	{"nested keys are found", "{\"res\":{\"x\":{\"statusCode\":1},\"statusCode\":503}}", "ok http.response.status_code=503"},
	{"keys with dots are found", "{\"res.statusCode\":503}", "ok http.response.status_code=503"},
	{"keys with dots and nesting are mixed", "{\"a.b\":{\"c\":1}}", "ok user.name=1"},
	{"nesting and keys with dots are mixed", "{\"a\":{\"b.c\":1}}", "ok user.name=1"},
	{"a part of a path is not the path", "{\"a\":{\"c\":1},\"b\":{\"c\":2},\"a.b\":3,\"c\":4}", "ok"},
	{"an object under a path is its text", "{\"err\":{\"x\":[{}]}}", "ok exception.message={\"x\":[{}]}"},
	{"an object's own path loses to one added before it", "{\"err\":{\"message\":\"boom\"}}", "ok exception.message=boom"},
	{"a string under the same path", "{\"err\":\"boom\"}", "ok exception.message=boom"},
	{"keys inside arrays are not taken", "{\"x\":[{\"pid\":1,\"msg\":\"y\"}],\"err\":[{\"code\":1}]}",
	 "ok exception.message=[{\"code\":1}]"},
	{"escapes are undone", "{\"message\":\"a\\\"b\\\\c\\/d\\b\\f\\n\\r\\t\"}", "ok message=a\"b\\c/d\b\f\n\r\t"},
	{"\\u is UTF-8", "{\"message\":\"\\u0041\\u00e9\\u20AC\"}", "ok message=A\xc3\xa9\xe2\x82\xac"},
	{"surrogate pairs are one character", "{\"message\":\"\\ud83d\\ude00\"}", "ok message=\xf0\x9f\x98\x80"},
	{"a lone high surrogate is U+FFFD", "{\"message\":\"\\ud83dx\"}", "ok message=\xef\xbf\xbdx"},
	{"a lone low surrogate is U+FFFD", "{\"message\":\"\\ude00\"}", "ok message=\xef\xbf\xbd"},
	{"two high surrogates are two U+FFFD", "{\"message\":\"\\ud83d\\ud83d\"}", "ok message=\xef\xbf\xbd\xef\xbf\xbd"},
	{"nginx's \\xHH is a byte", "{\"message\":\"\\x22GET\\x22\"}", "ok message=\"GET\""},
	{"an unknown escape stays", "{\"message\":\"\\q \\u12 \\x\"}", "ok message=\\q \\u12 \\x"},
	{"an escaped key is the key", "{\"m\\u0073g\":\"x\",\"\\u0070id\":1}", "ok message=x process.pid=1 thread.name=x"},
	{"a key that ends like another is not it", "{\"xpid\":1,\"pid\\\"\":2}", "ok"},
	{"an escaped backslash does not hide the quote", "{\"message\":\"\\\\\",\"pid\":1}", "ok message=\\ process.pid=1"},
	{"quotes and brackets in strings are text", "{\"x\":\"}\\\"{[\",\"pid\":1}", "ok process.pid=1"},
	{"raw control characters are let in", "{\"message\":\"a\tb\"}", "ok message=a\tb"},
	{"an empty string is a value", "{\"message\":\"\"}", "ok message="},
	{"an empty object has nothing", "{}", "ok"},
	{"an empty key is no path", "{\"\":1}", "ok"},

	{"an empty line is no object", "", "not object"},
	{"text is no object", "Error: x", "not object"},
	{"an array is no object", "[{\"pid\":1}]", "not object"},
	{"text after the object is bad", "{\"pid\":1} x", "bad"},
	{"a second object is bad", "{\"pid\":1}{}", "bad"},
	{"a cut object is bad", "{\"pid\":1", "bad"},
	{"a cut string is bad", "{\"message\":\"abc", "bad"},
	{"a string cut in an escape is bad", "{\"message\":\"abc\\", "bad"},
	{"a cut key is bad", "{\"pid", "bad"},
	{"a missing colon is bad", "{\"pid\" 1}", "bad"},
	{"a missing value is bad", "{\"pid\":}", "bad"},
	{"a missing comma is bad", "{\"pid\":1 \"x\":2}", "bad"},
	{"a comma before the end is bad", "{\"pid\":1,}", "bad"},
	{"a comma in an array before the end is bad", "{\"pid\":[1,]}", "bad"},
	{"a bare key is bad", "{pid:1}", "bad"},
	{"a single-quoted string is bad", "{'pid':1}", "bad"},
	{"brackets that do not pair are bad", "{\"pid\":[1}", "bad"},
	{"a bare word is bad", "{\"pid\":yes}", "bad"},
	{"a word that runs on is bad", "{\"pid\":nullx}", "bad"},
	{"a number without digits is bad", "{\"pid\":-}", "bad"},
	{"a number with two points is bad", "{\"pid\":1.2.3}", "bad"},
	{"a number with a bare exponent is bad", "{\"pid\":1e}", "bad"},
	{"a number with a bare point is bad", "{\"pid\":1.}", "bad"},
	{"a plus sign is bad", "{\"pid\":+1}", "bad"},
};

static void test_cases(void)
{
	struct jsonkeys *keys = keys_new();
	struct json_scratch *warm = json_scratch_new();
	struct text got = {0};
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
			struct json_scratch *cold = json_scratch_new();
			tell(&got, keys, span_of(cases[i].line), round ? warm : cold);
			if (!FACT(!strcmp(got.at, cases[i].expected), cases[i].name))
				printf("\t%s\n", got.at);
			for (size_t cut = 0; cut < strlen(cases[i].line); cut++)
				tell(&got, keys, span_head(span_of(cases[i].line), cut), warm);
			json_scratch_free(cold);
		}
	}
	text_release(&got);
	json_scratch_free(warm);
	jsonkeys_free(keys);
}

static void test_required(void)
{
	struct jsonkeys *keys = keys_new(), *other = jsonkeys_new();
	struct json_scratch *s = json_scratch_new();
	struct text got = {0};
	jsonkeys_require(keys, SPAN("time"));
	jsonkeys_require(keys, SPAN("req.id"));
	jsonkeys_require(keys, SPAN("req.id"));
	jsonkeys_add(other, FIELD_PID, SPAN("time"));
	tell(&got, keys, SPAN("{\"time\":1,\"req\":{\"id\":2}}"), s);
	FACT(!strcmp(got.at, "ok timestamp=1"), "an object with all required paths is taken");
	tell(&got, keys, SPAN("{\"time\":1,\"req\":{\"i\":2}}"), s);
	FACT(!strcmp(got.at, "missing"), "an object without a required path is not");
	tell(&got, keys, SPAN("{\"time\":1,\"time\":2,\"time\":3}"), s);
	FACT(!strcmp(got.at, "missing"), "duplicates of one required path are not two paths");
	tell(&got, keys, SPAN("{\"time\":null,\"req.id\":{}}"), s);
	FACT(!strcmp(got.at, "ok"), "a required path may be null or empty");
	tell(&got, other, SPAN("{\"time\":1,\"req\":{\"id\":2}}"), s);
	FACT(!strcmp(got.at, "ok process.pid=1"), "one scratch serves two sets of keys");
	tell(&got, keys, SPAN("{\"time\":1,\"req\":{\"id\":2}}"), s);
	FACT(!strcmp(got.at, "ok timestamp=1"), "and the first again");
	text_release(&got);
	json_scratch_free(s);
	jsonkeys_free(keys);
	jsonkeys_free(other);
	jsonkeys_free(NULL);
	json_scratch_free(NULL);
}

static void test_limits(void)
{
	struct jsonkeys *keys = keys_new();
	struct json_scratch *s = json_scratch_new();
	struct text line = {0}, got = {0};
	for (int deep = LIMIT_JSON_DEPTH - 1; deep <= LIMIT_JSON_DEPTH; deep++) {
		text_clear(&line);
		text_append_string(&line, "{\"pid\":");
		for (int i = 0; i < deep; i++)
			text_append_string(&line, i + 1 < deep ? "[" : "[1");
		for (int i = 0; i < deep; i++)
			text_append_byte(&line, ']');
		text_append_byte(&line, '}');
		tell(&got, keys, text_span(&line), s);
		FACT(span_starts(text_span(&got), SPAN("ok")) == (deep < LIMIT_JSON_DEPTH),
		     "LIMIT_JSON_DEPTH levels are read, not one more");
	}
	text_clear(&line);
	text_append_string(&line, "{\"pid\":");
	for (int i = 0; i < 1000000; i++)
		text_append_byte(&line, '[');
	tell(&got, keys, text_span(&line), s);
	FACT(!strcmp(got.at, "bad"), "a million brackets are bad");

	text_clear(&line);
	text_append_string(&line, "{\"message\":\"");
	for (int i = 0; i < 100000; i++)
		text_append_string(&line, "\\u20ac");
	text_append_string(&line, "\",\"err\":{\"message\":\"\\n\"}}");
	tell(&got, keys, text_span(&line), s);
	FACT(got.len == strlen("ok message= exception.message=") + 3 * 100000 + 1, "long strings are undone whole");

	text_clear(&line);
	text_append_byte(&line, '{');
	for (int i = 0; i < 20000; i++)
		text_format(&line, "\"key%d\":%d,", i, i);
	text_append_string(&line, "\"pid\":1}");
	for (int i = 0; i < 3; i++)
		tell(&got, keys, text_span(&line), s);
	FACT(!strcmp(got.at, "ok process.pid=1"), "more keys than are remembered");

	/* 200 bytes of key under a nested path, and a path longer than the room for joined ones */
	text_clear(&line);
	for (int i = 0; i < 300; i++)
		text_append_byte(&line, 'k');
	struct text path = {0}, object = {0};
	text_append_string(&path, "err.");
	text_append(&path, text_span(&line));
	jsonkeys_add(keys, FIELD_HOST, text_span(&path));
	text_format(&object, "{\"err\":{\"%s\":1},\"pid\":2}", line.at);
	tell(&got, keys, text_span(&object), s);
	FACT(span_find(text_span(&got), SPAN("process.pid=2")) > 0, "a very long key does no harm");
	text_release(&path);
	text_release(&object);
	text_release(&line);
	text_release(&got);
	json_scratch_free(s);
	jsonkeys_free(keys);
}

/* ---- the other implementation ---- */

static uint64_t random_state = 11;
static unsigned random_below(unsigned n)
{
	random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)((random_state >> 33) % n);
}

static void random_string(struct text *out)
{
	static const char *const pieces[] = {"a", "\\\"", "\\\\", "\\n", "\\u00e9", "\\ud83d\\ude00", "{", "}", ",", ":",
					     "long text without end ", "\xc3\xa9"};
	text_append_byte(out, '"');
	for (unsigned i = random_below(5); i > 0; i--)
		text_append_string(out, pieces[random_below(sizeof(pieces) / sizeof(pieces[0]))]);
	text_append_byte(out, '"');
}

static void random_value(struct text *out, unsigned depth);

static void random_object(struct text *out, unsigned depth)
{
	static const char *const names[] = {"time", "ts", "level", "msg", "message", "res", "statusCode", "http", "status", "err",
					    "code", "pid", "a", "b", "c", "other", "err.code", "b.c", "a.b", "m\\u0073g"};
	bool used[sizeof(names) / sizeof(names[0])] = {false};
	text_append_byte(out, '{');
	for (unsigned i = random_below(6), n = 0; i > 0; i--) {
		unsigned name = random_below(sizeof(names) / sizeof(names[0]));
		if (used[name] || (name == 19 && used[3]) || (name == 3 && used[19]))
			continue;
		used[name] = true;
		text_append_string(out, n++ ? "," : "");
		text_format(out, "\"%s\"%s:%s", names[name], random_below(9) ? "" : " ", random_below(9) ? "" : " ");
		random_value(out, depth + 1);
	}
	text_append_byte(out, '}');
}

static void random_value(struct text *out, unsigned depth)
{
	static const char *const plain[] = {"0", "-1", "12.5", "1e3", "true", "false", "null", "[]", "[1,\"]\"]", "{}"};
	unsigned kind = random_below(depth < 4 ? 6 : 4);
	if (kind < 2)
		random_string(out);
	else if (kind < 4)
		text_append_string(out, plain[random_below(sizeof(plain) / sizeof(plain[0]))]);
	else
		random_object(out, depth);
}

/* All readings of a dotted path, depth first; the scalar found as text. */
static bool tree_find(json_t *object, const char *path, struct text *out, unsigned *ways)
{
	const char *key;
	json_t *value;
	bool found = false;
	json_object_foreach(object, key, value) {
		size_t len = strlen(key);
		if (strncmp(path, key, len))
			continue;
		if (path[len] == '.' && json_is_object(value))
			found |= tree_find(value, path + len + 1, out, ways);
		if (path[len])
			continue;
		(*ways)++;
		if (json_is_string(value)) {
			text_clear(out);
			text_append(out, (struct span){json_string_value(value), json_string_length(value)});
			found = true;
		}
	}
	return found;
}

/* Only strings under paths with one reading in this object: numbers are printed in other ways by jansson, and of two
 * readings the order of the text decides. */
static void test_tree(void)
{
	struct jsonkeys *keys = keys_new();
	struct json_scratch *s = json_scratch_new();
	struct text line = {0}, expected = {0};
	bool accepted = true, equal = true, refused = true;
	unsigned compared = 0;
	for (int i = 0; i < 60000; i++) {
		struct record r;
		json_error_t error;
		text_clear(&line);
		random_object(&line, 0);
		bool broken = random_below(3) == 0;
		if (broken && line.len > 2)
			line.at[random_below((unsigned)line.len)] = "\"{}[],:x1\\"[random_below(10)];
		record_clear(&r);
		enum json_result result = jsonline_scan(keys, text_span(&line), s, &r);
		json_t *tree = json_loadb(line.at, line.len, JSON_ALLOW_NUL, &error);
		accepted = accepted && (!json_is_object(tree) || result == JSON_OK);
		/* jansson refuses unknown escapes, lone surrogates and bytes that are not UTF-8 inside strings. */
		if (!tree && result == JSON_OK)
			refused = refused && (strstr(error.text, "escape") || strstr(error.text, "surrogate") ||
					      strstr(error.text, "Unicode") || strstr(error.text, "unable to decode"));
		for (size_t p = 0; p < sizeof(paths) / sizeof(paths[0]) && tree && result == JSON_OK; p++) {
			unsigned ways = 0, rivals = 0;
			struct text ignored = {0};
			for (size_t q = 0; q < sizeof(paths) / sizeof(paths[0]); q++) {
				if (paths[q].field == paths[p].field)
					tree_find(tree, paths[q].path, &ignored, &rivals);
			}
			text_release(&ignored);
			if (rivals == 1 && tree_find(tree, paths[p].path, &expected, &ways)) {
				compared++;
				equal = equal && span_equal(record_get(&r, paths[p].field), text_span(&expected));
			}
		}
		json_decref(tree);
	}
	FACT(accepted, "what jansson reads is read");
	FACT(refused, "what jansson refuses is refused, but for escapes and bytes inside strings");
	FACT(equal && compared > 10000, "values are those of jansson's tree");
	text_release(&line);
	text_release(&expected);
	json_scratch_free(s);
	jsonkeys_free(keys);
}

int main(void)
{
	test_cases();
	test_required();
	test_limits();
	test_tree();
	return unit_done();
}
