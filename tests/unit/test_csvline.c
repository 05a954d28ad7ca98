#include "line/csvline.h"

#include "patterns.h"
#include "unit.h"

static enum csv_result scan(struct csvline *csv, const char *line, size_t len)
{
	struct span copy = patterns_kept((struct span){line, len});
	return csvline_scan(csv, copy);
}

static bool column_is(const struct csvline *csv, size_t i, const char *value)
{
	return i < csv->n && span_equal(csv->columns[i], span_of(value));
}

int main(void)
{
	struct csvline csv = {0};
	FACT(scan(&csv, "a,,\"b,c\",\"\"", 11) == CSV_OK && csv.n == 4, "columns are counted, empty ones too");
	FACT(column_is(&csv, 0, "a") && column_is(&csv, 1, "") && column_is(&csv, 2, "b,c") && column_is(&csv, 3, ""),
	     "quotes are removed and hide commas");
	FACT(scan(&csv, "\"say \"\"hi\"\"\",\"\"\"\",x", 19) == CSV_OK && column_is(&csv, 0, "say \"hi\"") &&
		     column_is(&csv, 1, "\"") && column_is(&csv, 2, "x"),
	     "doubled quotes become one");
	FACT(scan(&csv, "\"two\nlines\",2", 13) == CSV_OK && column_is(&csv, 0, "two\nlines"), "a newline in quotes is text");
	FACT(scan(&csv, "a,\"open", 7) == CSV_OPEN, "an open quote is told");
	FACT(scan(&csv, "a,\"open \"\"", 10) == CSV_OPEN, "a doubled quote at the end leaves it open");
	FACT(scan(&csv, "a,\"x\"y,b", 8) == CSV_BAD, "text behind a closing quote is bad");
	FACT(scan(&csv, "a,b\"c\",d", 8) == CSV_OK && column_is(&csv, 1, "b\"c\""), "a quote inside a bare value is text");
	FACT(scan(&csv, "", 0) == CSV_OK && csv.n == 1 && column_is(&csv, 0, ""), "an empty line has one empty column");
	FACT(scan(&csv, "a,", 2) == CSV_OK && csv.n == 2 && column_is(&csv, 1, ""), "a comma at the end opens a column");
	FACT(scan(&csv, "\"", 1) == CSV_OPEN, "a quote alone is open");
	char many[CSVLINE_COLUMNS * 2];
	for (size_t i = 0; i < sizeof many; i++)
		many[i] = ',';
	FACT(scan(&csv, many, CSVLINE_COLUMNS - 1) == CSV_OK && csv.n == CSVLINE_COLUMNS, "64 columns are read");
	FACT(scan(&csv, many, CSVLINE_COLUMNS) == CSV_BAD, "65 are not");
	FACT(csvline_scan(&csv, SPAN_NONE) == CSV_OK, "no bytes at all");
	csvline_release(&csv);
	csvline_release(&csv);
	return unit_done();
}
