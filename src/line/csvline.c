#include "line/csvline.h"

#include "base/memory.h"

/* The end of a quoted value that starts at `at`: the first '"' that is not doubled; NULL when the quote stays open. */
static const char *closing_quote(const char *at, const char *end, bool *doubled)
{
	*doubled = false;
	while (at < end) {
		const char *quote = memchr(at, '"', (size_t)(end - at));
		if (!quote || quote + 1 == end || quote[1] != '"')
			return quote;
		*doubled = true;
		at = quote + 2;
	}
	return NULL;
}

/* Copies a value with "" made " to the scratch; the scratch holds a whole line, so it never moves within one. */
static struct span undouble(struct span value, char **out)
{
	struct span result = {*out, 0};
	for (size_t i = 0; i < value.len; i++) {
		*(*out)++ = value.at[i];
		i += value.at[i] == '"';
	}
	result.len = (size_t)(*out - result.at);
	return result;
}

enum csv_result csvline_scan(struct csvline *csv, struct span line)
{
	csv->n = 0;
	if (csv->cap < line.len)
		csv->text = memory_grow(csv->text, &csv->cap, line.len, 1);
	char *out = csv->text;
	const char *at = line.at, *end = line.at + line.len;
	for (;;) {
		if (csv->n == CSVLINE_COLUMNS)
			return CSV_BAD;
		struct span *column = &csv->columns[csv->n++];
		if (at < end && *at == '"') {
			bool doubled;
			const char *quote = closing_quote(at + 1, end, &doubled);
			if (!quote)
				return CSV_OPEN;
			*column = (struct span){at + 1, (size_t)(quote - at - 1)};
			if (doubled)
				*column = undouble(*column, &out);
			at = quote + 1;
			if (at < end && *at != ',')
				return CSV_BAD;
		} else {
			const char *comma = at < end ? memchr(at, ',', (size_t)(end - at)) : NULL;
			const char *stop = comma ? comma : end;
			*column = (struct span){at, (size_t)(stop - at)};
			at = stop;
		}
		if (at == end)
			return CSV_OK;
		at++;
	}
}

void csvline_release(struct csvline *csv)
{
	memory_free(csv->text);
	*csv = (struct csvline){0};
}
