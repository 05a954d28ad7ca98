#include "parse/reader.h"

#include "base/memory.h"
#include "parse/crowd.h"

struct reader {
	struct lines *lines;
	struct outlets outlets;
	struct stream_room room;
	struct writer writer;        /* of the lines that nobody carries */
	struct stream plain;         /* its lines */
	struct candidates candidates;
	const struct format_set *set; /* borrowed, as `stated` */
	const struct format *stated;
	bool carried;                /* the file has the lines of others: once `plain` has ended, the crowd reads it */
	struct detection carriers;   /* that it is so */
	struct text chain;           /* which carriers, one in another (carrier_chain()) */
	struct crowd *crowd;         /* owned; NULL until then */
	struct format_scratch *looks; /* owned: what looks parse in */
	const struct format *given;  /* of the record just given */
	bool gave;
	struct ledger_counts *total; /* owned */
};

/* ---- carried or not ---- */

/* What carriers say of the candidates. */
struct carriers {
	enum carrier most;  /* CARRIER_NONE: nobody carries any; CARRIER_ANSI: they are but coloured */
	unsigned lines;     /* that are carried, or coloured */
	struct candidates *inside; /* the texts of those */
	struct text text;
	struct kept first;
	struct text chain;  /* of the first line that `most` carries */
};

static void look_inside(struct reader *rd, struct carriers *found)
{
	struct carrier_room *room = carrier_room_new();
	struct stamp_cache stamps = {0};
	unsigned by[CARRIER_COUNT] = {0};
	struct text chains[CARRIER_COUNT] = {{0}};
	*found = (struct carriers){.inside = memory_new(1, sizeof *found->inside)};
	for (size_t i = 0; i < rd->candidates.n; i++) {
		struct carried c;
		enum carrier inner = CARRIER_NONE;
		carrier_unwrap(rd->candidates.lines[i], room, &stamps, NULL, &c);
		if (!c.depth)
			continue;
		for (size_t k = 0; k < c.depth; k++) {
			if (c.chain[k] != CARRIER_ANSI || inner == CARRIER_NONE)
				inner = c.chain[k];
		}
		if (!found->lines++)
			keep(&found->first, &c);
		if (inner != CARRIER_ANSI && (found->most <= CARRIER_ANSI || by[inner] + 1 > by[found->most]))
			found->most = inner;
		if (found->most == CARRIER_NONE)
			found->most = inner;
		if (!by[inner]++)
			carrier_chain(&c, &chains[inner]);
		text_append(&found->text, c.text);
		if (!c.partial)
			text_append_byte(&found->text, '\n');
	}
	candidates_of(found->inside, text_span(&found->text));
	found->inside->carried = &found->first.carried;
	carrier_room_free(room);
	text_append(&found->chain, text_span(&chains[found->most]));
	text_append_string(&found->chain, "");
	for (size_t i = 0; i < CARRIER_COUNT; i++)
		text_release(&chains[i]);
}

/* A known format takes half of the texts; `headless`: one that does not read the syslog header. */
static bool is_known_inside(struct reader *rd, const struct carriers *found, unsigned ranks, bool headless)
{
	struct detection inside[DETECT_FORMATS];
	size_t n = detect(rd->set, found->inside, ranks, rd->looks, inside);
	bool is = n && !(headless && inside[0].format->headed);
	for (size_t i = 0; i < n; i++)
		format_free(inside[i].own);
	return is;
}

/* Carriers take at least half of the candidates, and
 *  - no known format takes half of them as they stand; or
 *  - the one that does reads the syslog header itself (HAProxy), but others write there, too: a twentieth of the lines, more than a few; or
 *  - a known format takes half of the texts inside: then the other one took the carrier's words for something else.
 * Where lines are only coloured a format must be inside. */
static bool worth_unwrapping(struct reader *rd, const struct carriers *found)
{
	const struct redetect *raw = &rd->writer.formats;
	if (!found->lines || 2 * (size_t)found->lines < rd->candidates.n)
		return false;
	if (rd->stated)
		return !raw->best.taken;
	if (found->most == CARRIER_ANSI && (!raw->best.known || raw->best.taken < found->lines))
		return is_known_inside(rd, found, DETECT_KNOWN | DETECT_STAMPED, false);
	if (found->most == CARRIER_ANSI)
		return false;
	if (!raw->best.known)
		return true;
	if (is_known_inside(rd, found, DETECT_KNOWN, raw->best.headed))
		return true;
	if (!raw->best.headed)
		return false;
	unsigned others = found->lines > raw->best.taken ? found->lines - raw->best.taken : 0;
	return others >= DETECT_FEW && 20 * others >= found->lines;
}

static bool is_carried(struct reader *rd)
{
	struct carriers found;
	look_inside(rd, &found);
	bool is = worth_unwrapping(rd, &found);
	rd->carriers = (struct detection){
		.format = rd->room.carriers[found.most], .taken = found.lines, .lines = (unsigned)rd->candidates.n};
	text_clear(&rd->chain);
	text_append(&rd->chain, text_span(&found.chain));
	text_release(&found.chain);
	text_release(&found.text);
	keep_release(&found.first);
	memory_free(found.inside);
	return is;
}

/* From now on the file is carried: what was found in its lines as they stand says nothing. */
static void turn(struct reader *rd)
{
	rd->carried = true;
	redetect_forget(&rd->writer.formats);
	writer_found(&rd->writer);
	stream_end(&rd->plain);
}

struct reader *reader_new(struct lines *lines, const struct format_set *set, const struct format *stated)
{
	struct reader *rd = memory_new(1, sizeof(*rd));
	rd->lines = lines;
	rd->set = set;
	rd->stated = stated;
	rd->total = memory_new(1, sizeof(*rd->total));
	outlets_init(&rd->outlets);
	stream_room_init(&rd->room, set);
	rd->looks = format_scratch_new();
	writer_init(&rd->writer, SPAN_NONE, &rd->outlets);
	redetect_init(&rd->writer.formats, set, stated, DETECT_KNOWN | DETECT_STAMPED);
	candidates_of(&rd->candidates, span_head(lines_peek(lines), LIMIT_DETECT_BYTES));
	redetect_first(&rd->writer.formats, &rd->candidates, rd->looks);
	stream_init(&rd->plain, &rd->writer, &rd->room, false);
	if (is_carried(rd))
		turn(rd);
	else
		writer_found(&rd->writer);
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
		if (is_carried(rd)) {
			turn(rd);
			return;
		}
	}
	if (found)
		writer_found(&rd->writer);
}

/* The lines in `bytes` that no format in force takes, behind the one in `text`; no more than are looked at. */
static void gather_missed(struct reader *rd, struct span bytes, struct text *text)
{
	size_t n = 1;
	while (bytes.len && n < CANDIDATES) {
		struct span line = span_cut(&bytes, '\n');
		if (line.len && line.at[line.len - 1] == '\r')
			line.len--;
		if (!line.len || line.at[0] == ' ' || line.at[0] == '\t' || text->len + line.len + 1 >= LIMIT_DETECT_BYTES ||
		    redetect_takes(&rd->writer.formats, line, SPAN_NONE, NULL, rd->looks))
			continue;
		text_append(text, line);
		text_append_byte(text, '\n');
		n++;
	}
}

/* The line that is held may be of a format that is not in force yet. */
static void look_ahead(struct reader *rd)
{
	struct redetect *formats = &rd->writer.formats;
	struct text text = {0};
	struct pushed held;
	intake_held(&rd->plain.intake, &held);
	text_append(&text, held.line.text);
	text_append_byte(&text, '\n');
	candidates_of(&rd->candidates, text_span(&text));
	if (redetect_ask(formats, &rd->candidates, rd->looks)) {
		gather_missed(rd, candidates_bytes(lines_peek(rd->lines)), &text);
		candidates_of(&rd->candidates, text_span(&text));
		if (redetect_look_ahead(formats, &rd->candidates, rd->lines->offset, rd->looks))
			writer_found(&rd->writer);
	}
	text_release(&text);
	stream_looked(&rd->plain);
}

static bool plain_next(struct reader *rd, struct record *r)
{
	struct stream *st = &rd->plain;
	while (!st->at_hand || !stream_take(st, r)) {
		if (intake_holds_line(&st->intake)) {
			look_ahead(rd);
			continue;
		}
		if (st->intake.ended)
			return false;
		if ((rd->writer.formats.due | rd->writer.formats.doubtful) && !st->intake.quoted.open)
			look_again(rd);
		if (st->intake.ended)
			continue;
		if (!lines_next(rd->lines, &st->intake.in.line)) {
			stream_end(st);
			continue;
		}
		st->intake.next = byte_behind(rd->lines);
		stream_pushed(st);
	}
	rd->given = st->given;
	return true;
}

static bool crowd_of_next(struct reader *rd, struct record *r)
{
	if (!rd->crowd) {
		rd->crowd = memory_new(1, sizeof(*rd->crowd));
		crowd_init(rd->crowd, rd->lines, &rd->writer, &rd->room, rd->set, rd->stated, &rd->outlets, rd->looks);
	}
	if (!crowd_next(rd->crowd, r))
		return false;
	rd->given = rd->crowd->given;
	return true;
}

bool reader_next(struct reader *rd, struct record *r)
{
	bool next = (!rd->crowd && plain_next(rd, r)) || (rd->carried && crowd_of_next(rd, r));
	rd->gave |= next;
	return next;
}

/* ---- what was found ---- */

const struct format *reader_format(const struct reader *rd)
{
	return rd->gave ? rd->given : reader_detection(rd)->format;
}

bool reader_unwraps(const struct reader *rd)
{
	return rd->carried;
}

const struct detection *reader_detection(const struct reader *rd)
{
	const struct detection *first = &rd->outlets.all[0]->detection;
	if (!rd->carried)
		return &rd->writer.formats.detection;
	return first->format ? first : &rd->carriers;
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
		.carriers = i ? o->carriers.at ? o->carriers.at : "" : rd->carried ? rd->chain.at : "",
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
	if (rd->crowd)
		crowd_release(rd->crowd);
	memory_free(rd->crowd);
	stream_release(&rd->plain);
	writer_release(&rd->writer);
	stream_room_release(&rd->room);
	format_scratch_free(rd->looks);
	outlets_release(&rd->outlets);
	memory_free(rd->total);
	text_release(&rd->chain);
	memory_free(rd);
}
