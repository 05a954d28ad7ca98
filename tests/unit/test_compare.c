#include "verify/compare.h"

#include "unit.h"

/* What is said of two trees: the troubles, a line each. */
static const char *said(const char *told, const char *again)
{
	static struct text out;
	struct result r = {0};
	struct diag d = {0};
	struct json_t *x = value_read(span_of(told), "told", &d), *y = value_read(span_of(again), "again", &d);
	compare_drafts(x, y, &r);
	text_clear(&out);
	text_format(&out, "%llu", (unsigned long long)r.n[RESULT_VALUES][RESULT_HOLDS]);
	for (size_t i = 0; i < r.notes_n; i++)
		text_format(&out, "\n%s", r.notes[i].text);
	result_release(&r);
	value_free(x);
	value_free(y);
	return out.at;
}

int main(void)
{
	static const struct {
		const char *name, *told, *again, *said;
	} rows[] = {
		{"equal trees", "{\"a\": [1, null, true, \"x\"], \"b\": {}}", "{\"a\": [1, null, true, \"x\"], \"b\": {}}", "4"},
		{"a number", "{\"a\": {\"n\": 1}}", "{\"a\": {\"n\": 2}}", "0\na.n: told 1, recounted 2"},
		{"a kind", "{\"a\": 1}", "{\"a\": \"1\"}", "0\na: told 1, recounted \"1\""},
		{"a value that is null now", "{\"a\": 1}", "{\"a\": null}", "0\na: told 1, recounted null"},
		{"false is not null", "{\"a\": false}", "{\"a\": null}", "0\na: told false, recounted null"},
		{"a member that is not recounted", "{\"a\": 1, \"b\": 2}", "{\"a\": 1}", "1\nb: told 2, not found when recounted"},
		{"a member that is not told", "{\"a\": 1}", "{\"a\": 1, \"b\": 2}", "1\nb: recounted, not told: 2"},
		{"people's notes are theirs", "{\"a\": [{\"id\": \"x\", \"note\": \"hm\"}]}", "{\"a\": [{\"id\": \"x\"}]}", "1"},
		{"how it was made is no claim", "{\"generator\": 1}", "{\"generator\": 2}", "0"},
		{"but only at the top", "{\"a\": {\"generator\": 1}}", "{\"a\": {\"generator\": 2}}", "0\na.generator: told 1, recounted 2"},
		{"elements go by id, in any order", "[{\"id\": \"x\", \"n\": 1}, {\"id\": \"y\", \"n\": 2}]", "[{\"id\": \"y\", \"n\": 2}, {\"id\": \"x\", \"n\": 3}]",
		 "3\n[x].n: told 1, recounted 3"},
		{"an element more, and one less", "{\"l\": [{\"id\": \"x\"}, {\"id\": \"y\"}]}", "{\"l\": [{\"id\": \"y\"}, {\"id\": \"z\"}]}",
		 "1\nl[x]: told an object, not found when recounted\nl[z]: recounted, not told: an object"},
		{"an id that comes twice is recounted once", "{\"l\": [{\"id\": \"x\"}, {\"id\": \"x\"}]}", "{\"l\": [{\"id\": \"x\"}]}",
		 "1\nl[x]: told an object, not found when recounted"},
		{"elements without ids go by number", "{\"l\": [1, 2, 3]}", "{\"l\": [1, 3]}", "1\nl[1]: told 2, recounted 3\nl[2]: told 3, not found when recounted"},
		{"a longer list", "{\"l\": [1]}", "{\"l\": [1, 2]}", "1\nl[1]: recounted, not told: 2"},
		{"a list is no object", "{\"l\": []}", "{\"l\": {}}", "0\nl: told a list of 0, recounted an object"},
		{"of long texts, where they part", "{\"t\": \"the quick brown fox jumps over the lazy dog, once\"}", "{\"t\": \"the quick brown fox jumps over the lazy dog, twice\"}",
		 "0\nt: told \"... the lazy dog, once\", recounted \"... the lazy dog, twice\""},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		TEXT_IS(said(rows[i].told, rows[i].again), rows[i].said, rows[i].name);
	return unit_done();
}
