#include "parse/reader.h"

#include "base/memory.h"
#include "parse/stream.h"

struct reader {
	struct lines *lines;
	struct outlets outlets;
	struct stream_room room;
	struct writer writer;        /* of the lines that nobody carries */
	struct stream plain;         /* its lines */
	struct candidates candidates;
	struct format_scratch *looks; /* owned: what looks parse in */
	const struct format *given;  /* of the record just given */
	bool gave;
	struct ledger_counts *total; /* owned */
};

struct reader *reader_new(struct lines *lines, const struct format_set *set, const struct format *stated)
{
	struct reader *rd = memory_new(1, sizeof(*rd));
	rd->lines = lines;
	rd->total = memory_new(1, sizeof(*rd->total));
	outlets_init(&rd->outlets);
	stream_room_init(&rd->room, set);
	rd->looks = format_scratch_new();
	writer_init(&rd->writer, SPAN_NONE, &rd->outlets);
	redetect_init(&rd->writer.formats, set, stated, DETECT_KNOWN | DETECT_STAMPED);
	candidates_of(&rd->candidates, span_head(lines_peek(lines), LIMIT_DETECT_BYTES));
	redetect_first(&rd->writer.formats, &rd->candidates, rd->looks);
	writer_found(&rd->writer);
	stream_init(&rd->plain, &rd->writer, &rd->room);
	return rd;
}

void reader_give_all(struct reader *rd)
{
	rd->room.all = true;
	format_scratch_extras(rd->room.scratch[0]);
	format_scratch_extras(rd->room.scratch[1]);
}

void reader_ask(struct reader *rd, const struct ledger_ask *ask)
{
	outlets_ask(&rd->outlets, ask);
}

/* The first byte of the line behind the one at hand, when it is at hand too. */
static inline int byte_behind(const struct lines *lines)
{
	return lines_buffered(lines) ? (unsigned char)lines->buffer[lines->start] : NEXT_UNKNOWN;
}

/* Other formats are looked for, where that is wanted. */
static void look_again(struct reader *rd)
{
	struct redetect *formats = &rd->writer.formats;
	bool found = formats->doubtful && redetect_look_back(formats, NULL, rd->looks);
	if (formats->due) {
		candidates_of(&rd->candidates, span_head(lines_peek(rd->lines), LIMIT_DETECT_BYTES));
		found |= redetect_look(formats, &rd->candidates, rd->lines->offset, rd->looks);
	}
	if (found)
		writer_found(&rd->writer);
}

bool reader_next(struct reader *rd, struct record *r)
{
	struct stream *st = &rd->plain;
	while (!st->at_hand || !stream_take(st, r)) {
		if (st->ended)
			return false;
		if ((rd->writer.formats.due | rd->writer.formats.doubtful) && !st->quoted.open)
			look_again(rd);
		if (!lines_next(rd->lines, &st->in.line)) {
			stream_end(st);
			continue;
		}
		st->next = byte_behind(rd->lines);
		stream_pushed(st);
	}
	rd->given = st->given;
	rd->gave = true;
	return true;
}

/* ---- what was found ---- */

const struct format *reader_format(const struct reader *rd)
{
	return rd->gave ? rd->given : redetect_format(&rd->writer.formats);
}

const struct detection *reader_detection(const struct reader *rd)
{
	return &rd->writer.formats.detection;
}

const struct ledger_counts *reader_counts(const struct reader *rd)
{
	struct ledger_counts *t = rd->total;
	*t = (struct ledger_counts){0};
	for (size_t i = 0; i < rd->outlets.n; i++)
		ledger_add(t, &rd->outlets.all[i]->ledger.counts);
	return t;
}

struct ledger_head reader_head(const struct reader *rd)
{
	return rd->outlets.all[0]->ledger.head;
}

size_t reader_samples(const struct reader *rd, const struct ledger_sample **samples)
{
	*samples = rd->outlets.all[0]->ledger.samples;
	return rd->outlets.all[0]->ledger.samples_n;
}

size_t reader_streams(const struct reader *rd)
{
	return rd->outlets.n;
}

struct reader_stream reader_stream(const struct reader *rd, size_t i)
{
	const struct outlet *o = rd->outlets.all[i];
	const struct detection *detection = i ? &o->detection : reader_detection(rd);
	return (struct reader_stream){
		.name = o->name.at ? o->name.at : "",
		.tier = detection->format ? detection->format->tier : TIER_UNKNOWN,
		.format = detection->format,
		.detection = detection,
		.format_changes = i ? o->changes : rd->writer.formats.again,
		.counts = &o->ledger.counts,
		.head = o->ledger.head,
		.samples = o->ledger.samples,
		.samples_n = o->ledger.samples_n,
	};
}

void reader_free(struct reader *rd)
{
	if (!rd)
		return;
	stream_release(&rd->plain);
	writer_release(&rd->writer);
	stream_room_release(&rd->room);
	format_scratch_free(rd->looks);
	outlets_release(&rd->outlets);
	memory_free(rd->total);
	memory_free(rd);
}
