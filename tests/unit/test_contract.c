#include "unit.h"

#include "report/contract.h"

static const char least[] = "{\"schema\": \"urn:onset:timeline:1\", \"generator\": {}, \"window\": {}, \"summary\": {}, \"incidents\": [], \"bursts\": [], "
			    "\"timeline\": [], \"sources\": [], \"series\": []";

/* What is said of the least draft with `more` behind it; "" when it is one. */
static const char *said(const char *more)
{
	static struct diag d;
	struct text json = {0};
	d = (struct diag){0};
	text_format(&json, "%s%s}", least, more);
	struct json_t *root = value_read(text_span(&json), "t.json", &d);
	if (root)
		contract_is_draft(root, "t.json", &d);
	value_free(root);
	text_release(&json);
	return d.what;
}

static const char *read(const char *json)
{
	static struct diag d;
	d = (struct diag){0};
	struct json_t *root = value_read(span_of(json), "t.json", &d);
	if (root)
		contract_is_draft(root, "t.json", &d);
	value_free(root);
	return d.what;
}

static void test_shape(void)
{
	static const struct {
		const char *name, *more, *said;
	} rows[] = {
		{"the least draft is one", "", ""},
		{"what a later version adds is no harm", ", \"later\": {\"a\": [1, 2.5]}", ""},
		{"findings are not asked for, but have a kind", ", \"findings\": 7", "\"t.json\" is no draft: findings is an integer, not an array"},
		{"an element is named by its number", ", \"unknowns\": [{}, {}, 7]", "\"t.json\" is no draft: unknowns[2] is an integer, not an object"},
		{"asked may be null", ", \"asked\": null", ""},
		{"asked may be an object", ", \"asked\": {}", ""},
		{"asked may not be a string", ", \"asked\": \"\"", "\"t.json\" is no draft: asked is a string of another form, not an object or null"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		TEXT_IS(said(rows[i].more), rows[i].said, rows[i].name);
}

static void test_places(void)
{
	TEXT_IS(read("{\"schema\": \"urn:onset:timeline:1\", \"generator\": {}, \"window\": {}, \"summary\": {}, \"incidents\": [{\"id\": \"a\", \"title\": \"b\", "
		     "\"onset\": {}, \"end\": {}}, {\"id\": \"a\", \"title\": \"b\", \"onset\": {}, \"end\": {}, \"causes\": [{\"cause\": \"none\"}, {}]}]}"),
		"\"t.json\" is no draft: incidents[1].causes[1].cause is missing, not a string",
		"a member that is missing in an array in an array has both numbers");
	TEXT_IS(read("{\"schema\": \"urn:onset:timeline:1\", \"generator\": {}, \"window\": {\"start\": \"2026-02-30T00:00:00Z\"}}"),
		"\"t.json\" is no draft: window.start is a string of another form, not an instant (RFC 3339) or null", "a day that there is none of is no instant");
	TEXT_IS(read("{\"schema\": \"urn:onset:timeline:9\"}"),
		"\"t.json\" is no draft that is known here: its schema is \"urn:onset:timeline:9\", not \"urn:onset:timeline:1\"", "another version is named");
	TEXT_IS(read("[]"), "\"t.json\" is no draft: its `schema` is not \"urn:onset:timeline:1\"", "an array is no draft");
	TEXT_IS(read("{\"a\": 1, \"a\": 2}"), "\"t.json\" is no JSON: line 1, column 12: duplicate object key near '\"a\"'", "a member that stands twice is no JSON of ours");
	FACT(strstr(read("{\n\"a\": tru\n}"), "line 2, column 8"), "what is no JSON has its line and column");
}

static void test_value(void)
{
	struct diag d = {0};
	int64_t n = 7;
	struct json_t *root = value_read(SPAN("{\"n\": 5, \"s\": \"x\\u00e9\", \"a\": [1, null, true], \"r\": 1.5, \"o\": {\"k\": \"v\"}}"), "t", &d);
	FACT(value_kind(root) == VALUE_OBJECT && value_kind(NULL) == VALUE_NONE && value_kind(value_get(root, "zzz")) == VALUE_NONE, "what is not there is none");
	FACT(value_member_int(root, "n") == 5 && value_member_int(root, "s") == 0, "an integer, and 0 of anything else");
	FACT(!value_int(value_get(root, "r"), &n) && n == 0 && value_kind(value_get(root, "r")) == VALUE_REAL, "a real number is no integer");
	TEXT_IS(value_member_text(root, "s").at, "x\xC3\xA9", "a string is UTF-8");
	FACT(value_member_text(root, "n").len == 0 && value_text(NULL).len == 0, "anything else is no text");
	FACT(value_count(value_get(root, "a")) == 3 && value_count(root) == 0 && value_count(NULL) == 0, "elements of an array, none of anything else");
	FACT(value_is_true(value_at(value_get(root, "a"), 2)) && !value_is_true(value_at(value_get(root, "a"), 3)) && value_at(NULL, 0) == NULL,
	     "behind the last element is none");
	TEXT_IS(value_member_text(value_get(root, "o"), "k").at, "v", "a member of a member");
	value_free(root);
}

int main(void)
{
	test_shape();
	test_places();
	test_value();
	return unit_done();
}
