/* jsonline: any bytes. A line is read the same with and without the memory of lines before it, and every value lies in the
 * line or in the scratch. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "line/jsonline.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int holds)
{
	if (!holds)
		abort();
}

static struct jsonkeys *keys_new(void)
{
	struct jsonkeys *keys = jsonkeys_new();
	jsonkeys_add(keys, FIELD_TIMESTAMP, SPAN("time"));
	jsonkeys_add(keys, FIELD_TIMESTAMP, SPAN("ts"));
	jsonkeys_add(keys, FIELD_SEVERITY, SPAN("level"));
	jsonkeys_add(keys, FIELD_MESSAGE, SPAN("msg"));
	jsonkeys_add(keys, FIELD_STATUS, SPAN("res.statusCode"));
	jsonkeys_add(keys, FIELD_ERROR_CODE, SPAN("err.code"));
	jsonkeys_add(keys, FIELD_ERROR_MESSAGE, SPAN("err.message"));
	jsonkeys_add(keys, FIELD_STACK, SPAN("err"));
	jsonkeys_add(keys, FIELD_USER, SPAN("a.b.c"));
	jsonkeys_require(keys, SPAN("level"));
	return keys;
}

static void compare(const struct record *a, const struct record *b)
{
	must(a->has == b->has);
	for (int i = 0; i < FIELD_COUNT; i++)
		must(!record_has(a, (enum field)i) || span_equal(a->field[i], b->field[i]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct jsonkeys *keys = keys_new();
	struct json_scratch *warm = json_scratch_new();
	struct span rest = {(const char *)data, size};
	while (rest.len) {
		struct span line = span_cut(&rest, '\n');
		struct json_scratch *cold = json_scratch_new();
		struct record a, b;
		record_clear(&a);
		record_clear(&b);
		enum json_result result = jsonline_scan(keys, line, warm, &a);
		must(result == jsonline_scan(keys, line, cold, &b));
		if (result == JSON_OK)
			compare(&a, &b);
		must(result != JSON_BAD || !a.has);
		json_scratch_free(cold);
	}
	json_scratch_free(warm);
	jsonkeys_free(keys);
	return 0;
}
