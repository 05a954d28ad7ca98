#include "config/jsoncut.h"

#include "unit.h"

static void test_values(void)
{
	static const struct {
		const char *text, *value, *rest;
	} cases[] = {
		{" \r\n\t{\"a\":[1,{\"b\":\"}\"}]} x", "{\"a\":[1,{\"b\":\"}\"}]}", " x"},
		{"[\"\\\"]\", \"\\\\\"],", "[\"\\\"]\", \"\\\\\"]", ","},
		{"\"a, b\"]", "\"a, b\"", "]"},
		{"-1.5e3}", "-1.5e3", "}"},
		{"null", "null", ""},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct span rest = span_of(cases[i].text), value;
		FACT(jsoncut_value(&rest, &value) && span_equal(value, span_of(cases[i].value)) && span_equal(rest, span_of(cases[i].rest)),
		     cases[i].text);
	}
	static const char *const open[] = {"", "  ", "{\"a\": 1", "[[1]", "\"abc", "{\"a\": \"}", "{\"a\\\"}", ","};
	for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
		struct span rest = span_of(open[i]), value;
		FACT(!jsoncut_value(&rest, &value) && span_equal(rest, span_of(open[i])), open[i]);
	}
}

static void test_elements(void)
{
	static const struct {
		const char *text;
		size_t n;
		bool ended;
	} cases[] = {
		{"[]", 0, true},         {" [ ]", 0, true},      {"[{\"a\":1}, {\"b\":[2]}\n]", 2, true}, {"[[1],[2],3]", 3, true},
		{"[1,2", 2, false},      {"[{} {}]", 1, false},  {"[{}, {", 1, false},                   {"", 0, false},
		{"[1,2] more", 2, false}, {"{\"a\":1}", 0, false},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct span rest = span_of(cases[i].text), element;
		size_t n = 0;
		while (jsoncut_element(&rest, &element))
			n++;
		FACT(n == cases[i].n && jsoncut_ended(rest) == cases[i].ended, cases[i].text);
	}
}

int main(void)
{
	test_values();
	test_elements();
	return unit_done();
}
