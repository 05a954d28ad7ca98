#include "verify/around.h"

#include "feed.h"
#include "unit.h"

static const char *around(const char *file, uint64_t start, const struct claim_line *lines, size_t n)
{
	static struct text out;
	const struct claim_line *pointers[4];
	struct feed f;
	for (size_t i = 0; i < n; i++)
		pointers[i] = &lines[i];
	text_clear(&out);
	feed_open(&f, file, strlen(file), 0);
	around_append(&f.in, start, strlen(file) - start, pointers, n, &out);
	feed_close(&f);
	return out.at ? out.at : "";
}

int main(void)
{
	static const char file[] = "1\n2\n3\n4\n5\n6\n7\n8\n9\nA\nB\nC\nD\nE\nF\n";
	struct claim_line fifth = {.line = 5, .offset = 8, .length = 1}, both[] = {{.line = 1, .offset = 0, .length = 3}, {.line = 15, .offset = 28, .length = 1}},
			  near[] = {{.line = 5, .offset = 8, .length = 1}, {.line = 9, .offset = 16, .length = 1}};
	TEXT_IS(around(file, 0, &fifth, 1), "         2  2\n         3  3\n         4  4\n>        5  5\n         6  6\n         7  7\n         8  8\n", "three lines before, three behind");
	TEXT_IS(around(file, 0, both, 2),
		">        1  1\n>        2  2\n         3  3\n         4  4\n         5  5\n        ...\n        12  C\n        13  D\n        14  E\n>       15  F\n",
		"a record of two lines, and the ends of the file");
	TEXT_IS(around(file, 0, near, 2),
		"         2  2\n         3  3\n         4  4\n>        5  5\n         6  6\n         7  7\n         8  8\n>        9  9\n        10  A\n        11  B\n        12  C\n",
		"what lies between two places is shown once");
	TEXT_IS(around(file, 8, both, 1), ">        1  5\n>        2  6\n         3  7\n         4  8\n         5  9\n", "in a stretch of a file lines count from its beginning");
	TEXT_IS(around("\x1B[2J\xE2\x80\xAE\r\nb", 0, both, 1), ">        1  \\x1B[2J\\u{202E}\n         2  b\n", "nothing drives the terminal");
	return unit_done();
}
