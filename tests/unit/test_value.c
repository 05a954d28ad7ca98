#include "unit.h"

#include "base/memory.h"
#include "fold/draft.h"
#include "tell/value.h"

/* Without the blanks and newlines of the indent (no string here has any): what any JSON writer would give. */
static bool is(const struct json_t *root, const char *wanted)
{
	struct text text = {0}, bare = {0};
	value_append(root, &text);
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] != ' ' && text.at[i] != '\n')
			text_append_byte(&bare, text.at[i]);
	bool same = span_equal(text_span(&bare), span_of(wanted));
	if (!same)
		printf("%s\n%s\n", bare.at, wanted);
	text_release(&text);
	text_release(&bare);
	return same;
}

static void test_order(void)
{
	struct json_t *root = value_new();
	value_put_int(root, "z", INT64_MIN);
	value_put_object(root, "o");
	value_put_null(value_add_object(value_put_array(root, "a")), "n");
	value_put_bool(root, "b", true);
	FACT(is(root, "{\"z\":-9223372036854775808,\"o\":{},\"a\":[{\"n\":null}],\"b\":true}"),
	     "members stand in the order in which they were put");
	value_free(root);
}

static void test_numbers(void)
{
	struct json_t *root = value_new();
	value_put_count(root, "n", UINT64_MAX);
	value_put_duration(root, "d_us", INSTANT_NONE);
	value_put_instant(root, "t", INSTANT_NONE);
	value_put_instant(root, "epoch", 0);
	FACT(is(root, "{\"n\":9223372036854775807,\"d_us\":null,\"t\":null,\"epoch\":\"1970-01-01T00:00:00.000000Z\"}"),
	     "counts are held at the largest integer, what is not known is null");
	value_free(root);
}

static void test_strings(void)
{
	/* RFC 8259 section 7: quotation mark, reverse solidus and control characters must be escaped. */
	struct json_t *root = value_new();
	value_put_string(root, "s", "\"\\\x01\xC3\xA4\xFF");
	value_put_string(root, "none", NULL);
	char *two[] = {"a", "\xED\xA0\x80"};
	value_put_strings(root, "l", two, 2);
	FACT(is(root, "{\"s\":\"\\\"\\\\\\u0001\xC3\xA4\xEF\xBF\xBD\",\"none\":null,"
		      "\"l\":[\"a\",\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"]}"),
	     "strings are escaped, and each byte that is not UTF-8 (a surrogate's three too) is U+FFFD");
	value_free(root);
}

static void test_structs(void)
{
	struct json_t *root = value_new();
	value_put_known(root, "k", &(struct known){true, 3, NULL});
	value_put_known(root, "u", &(struct known){false, 3, NULL});
	value_put_moment(root, "m", &(struct moment){0, INSTANT_NONE, INSTANT_NONE, NULL});
	value_put_moment(root, "x", &(struct moment){INSTANT_NONE, INSTANT_NONE, INSTANT_NONE, "why"});
	value_put_fingerprint(root, "f", 12, 0xBEEF);
	FACT(is(root, "{\"k\":3,\"u\":null,\"u_reason\":\"notdetermined\","
		      "\"m\":{\"at\":\"1970-01-01T00:00:00.000000Z\",\"lower\":null,\"upper\":null},"
		      "\"x\":{\"at\":null,\"lower\":null,\"upper\":null,\"reason\":\"why\"},\"f\":\"12-0000beef\"}"),
	     "what is not known has its reason beside it");
	value_free(root);
}

int main(void)
{
	test_order();
	test_numbers();
	test_strings();
	test_structs();
	return unit_done();
}
