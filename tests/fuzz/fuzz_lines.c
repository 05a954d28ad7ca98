/* Any bytes as lines: they are those of the definition (split at "\n", drop one "\r" before it), however they are read. */
#include <string.h>

#include "base/limits.h"
#include "read/lines.h"
#include "source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void compare(struct input in, struct span bytes, bool ask_next)
{
	struct inflate *z = inflate_new(&in);
	struct lines lines;
	struct line line;
	size_t at = 0;
	uint64_t number = 0;
	lines_init(&lines, z);
	if (!ask_next) {
		struct span head = lines_peek(&lines);
		check(head.len >= (bytes.len < LIMIT_DETECT_BYTES ? bytes.len : LIMIT_DETECT_BYTES) &&
			      span_equal(head, span_head(bytes, head.len)),
		      "the peek is the head");
	}
	while (lines_next(&lines, &line)) {
		struct span rest = span_from(bytes, at);
		struct span want = span_cut(&rest, '\n');
		bool ended = at + want.len < bytes.len;
		check(at < bytes.len && line.offset == at && line.number == ++number && line.unterminated == !ended, "place");
		at += want.len + ended;
		if (ended && span_ends(want, SPAN("\r")))
			want.len--;
		check(line.length == want.len && line.cut == (want.len > LIMIT_LINE_BYTES), "length");
		check(span_equal(line.text, span_head(want, LIMIT_LINE_BYTES)), "text");
		if (ask_next)
			check(lines_next_byte(&lines) == (at < bytes.len ? (unsigned char)bytes.at[at] : -1), "next byte");
	}
	check(at == bytes.len, "all bytes are in lines");
	lines_release(&lines);
	inflate_free(z);
	input_close(&in);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span bytes = {(const char *)data, size};
	if (span_starts(bytes, SPAN("\x1F\x8B")))
		return 0; /* containers are fuzz_inflate's */
	compare(source_file(data, size), bytes, false);
	if (size <= SOURCE_PIECES_MAX_BYTES) {
		compare(source_pieces(data, size), bytes, true);
		compare(source_pieces(data, size), bytes, false);
	}
	return 0;
}
