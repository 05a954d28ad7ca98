/* Any bytes as a log, with all built-in patterns: each line is counted once, in one stream; no two streams have one name; records come in
 * the order of their first lines; and all of it is the same however the bytes are read. */
#include <string.h>

#include "../unit/builtin.h"
#include "base/hash.h"
#include "parse/reader.h"
#include "promise.h"
#include "source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct told {
	uint64_t hash;
	struct ledger_counts counts;
};

static void count(const struct reader *rd, const struct lines *lines)
{
	struct ledger_counts sums = {0};
	for (size_t i = 0; i < reader_streams(rd); i++) {
		struct reader_stream s = reader_stream(rd, i);
		const struct ledger_counts *c = s.counts;
		check(c->lines == c->records + c->joined + c->attached + c->head + c->unparsed + c->blank, "a stream's lines add up");
		ledger_add(&sums, c);
		for (size_t k = 0; k < i; k++)
			check(strcmp(reader_stream(rd, k).name, s.name) != 0, "no two streams have one name");
	}
	check(!memcmp(&sums, reader_counts(rd), sizeof sums), "the streams are the file");
	check(sums.lines == lines->number, "each line is counted");
}

static struct told read_all(struct input in, const struct format_set *set, bool all)
{
	struct told told = {0};
	struct inflate *z = inflate_new(&in);
	struct lines lines;
	struct record r;
	uint64_t last = 0;
	lines_init(&lines, z);
	struct reader *rd = reader_new(&lines, set, NULL);
	if (all)
		reader_give_all(rd);
	while (reader_next(rd, &r)) {
		const struct format *f = reader_format(rd);
		check(r.line > last, "records come in the order of their first lines");
		last = r.line;
		const uint64_t say[] = {told.hash, r.line, r.lines, r.offset, r.length, (uint64_t)r.time_us, r.has, r.stream};
		told.hash = hash_bytes((struct span){(const char *)say, sizeof say});
		told.hash ^= f ? hash_bytes(span_of(f->name)) : 0;
		for (int i = 0; i < FIELD_COUNT; i++) {
			if (!record_has(&r, (enum field)i))
				continue;
			must_be_readable(r.field[i]);
			told.hash = told.hash * 31 + hash_bytes(r.field[i]);
		}
	}
	count(rd, &lines);
	told.counts = *reader_counts(rd);
	reader_free(rd);
	lines_release(&lines);
	inflate_free(z);
	input_close(&in);
	return told;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct patterns patterns; /* loaded once: that takes longer than a run */
	if (!patterns.formats.n)
		patterns = builtin_load();
	for (int all = 0; all < 2; all++) {
		struct told whole = read_all(source_file(data, size), &patterns.formats, all);
		if (size > SOURCE_PIECES_MAX_BYTES)
			continue;
		struct told pieces = read_all(source_pieces(data, size), &patterns.formats, all);
		check(whole.hash == pieces.hash && !memcmp(&whole.counts, &pieces.counts, sizeof whole.counts), "pieces are the whole");
	}
	return 0;
}
