#include "parse/reader.h"

#include "base/hash.h"
#include "base/memory.h"
#include "parse/dump.h"
#include "parse/replay.h"

enum {
	/* Formats that may follow one another in one file; a file that changes more often is hostile, and each one may be
	 * a learned one that has to be kept until the end. */
	FORMATS_MAX = 64,
	/* Bytes from one look for a format to the next. A look takes some 200 lines, which are about as many bytes: with
	 * longer steps a log behind a page of chatter could end unseen. A look takes a millisecond: a file that keeps
	 * missing gets longer steps. */
	DETECT_STEP = 32 << 10,
	DETECT_LOOKS = 64,
	/* Bytes that joins which came to nothing may look at, per byte of the file (and LIMIT_JOIN_BYTES times as many at
	 * its start): a real csvlog has none, a hostile one would make each line look at LIMIT_JOIN_BYTES. */
	WASTE_PER_BYTE = 4,
	ZONE_BYTES = 16, /* of a zone as printed */
};

/* Nothing tells more about when a dump was written: a program that logs nothing for an hour has another reason. */
static const int64_t dump_span_us = 3600 * SECOND_US;

enum line_kind { LINE_START, LINE_ATTACHMENT, LINE_DUMP, LINE_CONTINUES, LINE_UNPARSED, LINE_BLANK };

/* One log entry: where it stands in the file, and its lines joined by "\n". */
struct entry {
	const struct format *format;
	struct span text;  /* in the lines' buffer, or in the text of its desk */
	bool owned;        /* the latter */
	bool full;         /* LIMIT_JOIN_BYTES reached: further lines are only counted */
	bool attachment;   /* DETAIL and the like that found their record */
	bool dump;
	uint64_t number, offset, end, lines;
};

/* What one record needs while it is parsed. There are two: to know whether a record goes on, the next line may have to be
 * parsed while the record's spans must stay. */
struct desk {
	struct format_scratch *scratch;
	struct text text;
};

/* The time of the record given last: a dump has no other. */
struct last_time {
	int64_t time_us, resolution_us;
	enum stamp_zone zone;
	bool known, yearless;
	char zone_text[ZONE_BYTES];
	size_t zone_len;
};

struct reader {
	struct lines *lines;
	const struct format_set *set;
	const struct format *format; /* in force; NULL when unknown */
	bool stated, starts_known;   /* starts_known: the format in force tells starts by their first byte */
	const struct format *given;  /* of the record just given */
	struct detection detection;
	struct format *owned[FORMATS_MAX];
	size_t owned_n, changes;

	struct desk desk[2];
	unsigned at;          /* the desk of the current record */
	bool ahead;           /* the next record's first entry is parsed: at the other desk */
	struct entry ahead_entry;
	struct record ahead_record;
	struct last_time last;

	struct replay replay;
	uint64_t wasted;      /* bytes looked at by joins that came to nothing */
	unsigned misses;      /* unparsed lines in a row */
	uint64_t detect_from; /* no detection before this offset */
	unsigned looks;
	bool detect_due;

	uint64_t pids[LIMIT_OPEN_RECORDS]; /* hashes of the last records' pids, a ring */
	size_t pids_n;
	struct reader_head head;
	struct text head_text;
	uint64_t head_blank;  /* blank lines since the last head line */
	bool head_over;       /* a line came that is no head line */
	struct reader_counts counts;
	struct reader_sample samples[LIMIT_UNPARSED_SAMPLES];
	size_t samples_n;
};

/* ---- the format in force ---- */

static void use_format(struct reader *rd, const struct format *format)
{
	rd->format = format;
	rd->starts_known = false;
	for (size_t i = 0; format && i < sizeof(format->starts); i++)
		rd->starts_known |= format->starts[i];
}

struct reader *reader_new(struct lines *lines, const struct format_set *set, const struct format *stated)
{
	struct reader *rd = memory_new(1, sizeof(*rd));
	rd->lines = lines;
	rd->set = set;
	for (int i = 0; i < 2; i++)
		rd->desk[i].scratch = format_scratch_new();
	struct span head = span_head(lines_peek(lines), LIMIT_DETECT_BYTES);
	rd->stated = stated;
	if (stated)
		format_detect_layout(stated, head, rd->desk[0].scratch, &rd->detection);
	else
		format_detect(set, head, rd->desk[0].scratch, &rd->detection);
	if (rd->detection.own)
		rd->owned[rd->owned_n++] = rd->detection.own;
	use_format(rd, rd->detection.format);
	return rd;
}

static bool same_format(const struct format *a, const struct format *b)
{
	return a == b || (a && b && !strcmp(a->name, b->name) && a->layout && b->layout && !strcmp(a->layout, b->layout));
}

/* Many lines in a row did not parse: another look at what comes now. */
static void detect_again(struct reader *rd)
{
	struct span head = span_head(lines_peek(rd->lines), LIMIT_DETECT_BYTES);
	struct detection found = {0};
	rd->detect_due = false;
	rd->misses = 0;
	rd->detect_from = rd->lines->offset + (rd->looks++ < DETECT_LOOKS ? DETECT_STEP : LIMIT_DETECT_BYTES);
	format_detect(rd->set, head, rd->desk[rd->at].scratch, &found);
	if (!found.format || same_format(found.format, rd->format)) {
		format_free(found.own);
		return;
	}
	if (found.own)
		rd->owned[rd->owned_n++] = found.own;
	/* What stood before the first known format is no log (the NULs of a log that was truncated while it was written,
	 * an installer's chatter): the file is what follows. */
	if (!rd->detection.format)
		rd->detection = found;
	rd->changes++;
	rd->detect_from = 0; /* a new format gets its own chance to miss */
	use_format(rd, found.format);
}

/* ---- what did not parse ---- */

static void keep_sample(struct reader *rd, const struct line *line)
{
	if (rd->samples_n == LIMIT_UNPARSED_SAMPLES)
		return;
	rd->samples[rd->samples_n++] = (struct reader_sample){line->number, line->offset, line->length,
							     span_copy(span_head(line->text, LIMIT_EXCERPT_BYTES))};
}

static void count_unparsed(struct reader *rd, const struct line *line)
{
	rd->counts.lines++;
	rd->counts.unparsed++;
	keep_sample(rd, line);
	rd->misses++;
	/* Where no format is known, nothing is lost by looking again as soon as there are bytes that were not looked at. */
	bool missed = rd->misses >= LIMIT_DETECT_AGAIN || (!rd->format && line->offset >= DETECT_STEP);
	if (missed && !rd->stated && rd->changes < FORMATS_MAX - 1 && line->offset >= rd->detect_from)
		rd->detect_due = true;
}

/* ---- attachments ---- */

static uint64_t pid_of(const struct record *r)
{
	struct span pid = record_get(r, FIELD_PID);
	return pid.len ? hash_bytes(pid) | 1 : 0;
}

static bool has_record(const struct reader *rd, uint64_t pid)
{
	if (!pid)
		return rd->counts.records > 0;
	size_t n = rd->pids_n < LIMIT_OPEN_RECORDS ? rd->pids_n : LIMIT_OPEN_RECORDS;
	for (size_t i = 0; i < n; i++) {
		if (rd->pids[i] == pid)
			return true;
	}
	return false;
}

/* ---- one line ---- */

static size_t count_quotes(struct span s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.len; i++)
		n += s.at[i] == '"';
	return n;
}

static enum parse_result parse(const struct reader *rd, struct span text, struct desk *desk, struct record *r)
{
	record_clear(r);
	return format_parse(rd->format, text, desk->scratch, r);
}

/* The file ends inside a quote. The entry is its last record, unless a line of it would be a record by itself: then the quote is
 * a stray one. */
static bool cut_by_end(struct reader *rd, const struct replay *tried, struct desk *desk, struct record *r)
{
	size_t at = tried->lines[0].text.len;
	for (size_t i = 1; i < tried->n; i++) {
		struct span line = {tried->text.at + at, tried->lines[i].text.len};
		at += line.len;
		if (line.len && parse(rd, line, desk, r) == PARSE_OK)
			return false;
	}
	text_append_byte(&desk->text, '"');
	bool found = format_parse_cut(rd->format, text_span(&desk->text), desk->scratch, r) == PARSE_OK;
	desk->text.len--; /* the byte stays: spans end before it */
	return found;
}

/* The first line ends in an open quote: lines are added until it closes. False when it never does: then the other lines
 * are to be read again, and line->text is the first line's copy. */
static bool join_quoted(struct reader *rd, struct line *line, struct desk *desk, struct record *r, struct entry *e)
{
	struct replay tried = {0};
	struct line next;
	enum parse_result result = PARSE_PARTIAL;
	text_clear(&desk->text);
	text_append(&desk->text, line->text);
	line->text = text_span(&desk->text);
	replay_push(&tried, line);
	if (rd->wasted / WASTE_PER_BYTE > line->offset + LIMIT_JOIN_BYTES)
		result = PARSE_NO;
	bool ended = false;
	while (result == PARSE_PARTIAL && !(ended = !replay_line(&rd->replay, rd->lines, &next))) {
		replay_push(&tried, &next);
		if (desk->text.len + 1 + next.text.len > LIMIT_JOIN_BYTES)
			break;
		text_append_byte(&desk->text, '\n');
		text_append(&desk->text, next.text);
		/* Inside quotes an even number of them ("" is one that is meant) leaves the field open. */
		if (count_quotes(next.text) % 2) {
			result = parse(rd, text_span(&desk->text), desk, r);
			rd->wasted += desk->text.len;
		}
	}
	if (ended && result == PARSE_PARTIAL && cut_by_end(rd, &tried, desk, r))
		result = PARSE_OK;
	line->text = span_head(text_span(&desk->text), line->text.len);
	if (result == PARSE_OK) {
		rd->wasted -= desk->text.len < rd->wasted ? desk->text.len : rd->wasted;
		e->text = text_span(&desk->text);
		e->owned = true;
		e->lines = tried.n;
		e->end = tried.lines[tried.n - 1].offset + tried.lines[tried.n - 1].length;
		replay_release(&tried);
		return true;
	}
	replay_put_back(&rd->replay, &tried);
	rd->wasted += desk->text.len + rd->replay.text.len + rd->replay.n;
	return false;
}

/* Where a dump may begin: in JSON lines anything that is none, in an application's text what would go on with a record. */
static bool begins_dump(const struct reader *rd, struct span line, const struct entry *open)
{
	const struct format *f = rd->format;
	bool json = f->kind == FORMAT_JSON;
	if (!rd->last.known || (!json && f->tier != TIER_APP))
		return false;
	return dump_begins(line, open && open->dump ? DUMP_INSIDE : json || f->multiline == MULTILINE_NO ? DUMP_ALONE : DUMP_BEHIND);
}

/* A line that is no record, nor anything else but `other`. `open`: the entry before it, which may go on. */
static enum line_kind classify_rest(const struct reader *rd, struct span line, const struct entry *open,
				    enum line_kind other)
{
	if (begins_dump(rd, line, open))
		return LINE_DUMP;
	if (open && open->dump)
		return !open->full && dump_goes_on(line) ? LINE_CONTINUES : LINE_UNPARSED;
	return other;
}

/* What a line is. LINE_START and LINE_ATTACHMENT fill the record and the entry; nothing is counted here. line->text may
 * be moved to a copy. */
static enum line_kind classify(struct reader *rd, struct line *line, const struct entry *open, struct desk *desk,
			       struct record *r, struct entry *e)
{
	const struct format *f = rd->format;
	bool json = f && f->kind == FORMAT_JSON;
	if (!line->text.len)
		return f && ((f->multiline != MULTILINE_NO && !json) || (open && open->dump)) ? LINE_CONTINUES : LINE_BLANK;
	if (!f)
		return LINE_UNPARSED;
	char first = line->text.at[0];
	*e = (struct entry){.format = f, .text = line->text, .number = line->number, .offset = line->offset,
			    .end = line->offset + line->length, .lines = 1};
	if (json && first != '{')
		return classify_rest(rd, line->text, open, LINE_UNPARSED);
	if (!rd->starts_known || f->starts[(unsigned char)first]) {
		enum parse_result result = parse(rd, line->text, desk, r);
		if (result == PARSE_PARTIAL && join_quoted(rd, line, desk, r, e))
			result = PARSE_OK;
		if (result == PARSE_OK)
			return record_is_attachment(r) ? LINE_ATTACHMENT : LINE_START;
		if (result != PARSE_NO || rd->starts_known)
			return classify_rest(rd, line->text, open, LINE_UNPARSED);
	}
	if (json || f->multiline == MULTILINE_NO)
		return classify_rest(rd, line->text, open, LINE_UNPARSED);
	bool joins = f->multiline == MULTILINE_ANY || first == ' ' || first == '\t';
	return classify_rest(rd, line->text, open, joins ? LINE_CONTINUES : LINE_UNPARSED);
}

/* A continuation before the first record. */
static void keep_head(struct reader *rd, const struct line *line)
{
	struct reader_head *head = &rd->head;
	if (rd->head_over)
		return;
	if (!head->line) {
		head->line = line->number;
		head->offset = line->offset;
	} else {
		for (uint64_t i = 0; i <= rd->head_blank && rd->head_text.len < LIMIT_EDGE_BYTES; i++)
			text_append_byte(&rd->head_text, '\n');
	}
	rd->head_blank = 0;
	head->length = line->offset + line->length - head->offset;
	text_append(&rd->head_text, span_head(line->text, LIMIT_EDGE_BYTES - rd->head_text.len));
}

/* Counts a line that neither begins a record, is attached to one nor continues one that is open. */
static void settle(struct reader *rd, enum line_kind kind, const struct line *line, const struct entry *e)
{
	rd->counts.cut += line->cut;
	if (kind == LINE_BLANK || (kind == LINE_CONTINUES && !line->text.len)) {
		rd->counts.lines++;
		rd->counts.blank++;
		rd->head_blank++;
		return;
	}
	if (kind == LINE_CONTINUES && !rd->counts.records) {
		rd->counts.lines++;
		rd->counts.head++;
		keep_head(rd, line);
		return;
	}
	/* An orphan of several lines: each of them is unparsed. */
	for (uint64_t i = 1; kind == LINE_ATTACHMENT && i < e->lines; i++) {
		rd->counts.lines++;
		rd->counts.unparsed++;
	}
	count_unparsed(rd, line);
	rd->head_over = true;
}

/* The line begins something that is given: a record, or an attachment that found its record. */
static bool is_given(const struct reader *rd, enum line_kind kind, const struct record *r, struct entry *e)
{
	e->attachment = kind == LINE_ATTACHMENT && has_record(rd, pid_of(r));
	e->dump = kind == LINE_DUMP;
	return kind == LINE_START || e->attachment || e->dump;
}

/* ---- records ---- */

static inline void move_span(struct span *s, struct span from, const char *to)
{
	if ((uintptr_t)s->at - (uintptr_t)from.at <= from.len)
		s->at = to + (s->at - from.at);
}

/* Copies the entry's text to its desk, and points the record's spans there. */
static void own_entry(struct reader *rd, struct entry *e, struct record *r)
{
	struct desk *desk = &rd->desk[rd->at];
	struct span from = e->text;
	if (e->owned)
		return;
	text_clear(&desk->text);
	text_append(&desk->text, from);
	e->text = text_span(&desk->text);
	e->owned = true;
	for (uint64_t has = r->has; has; has &= has - 1)
		move_span(&r->field[__builtin_ctzll(has)], from, e->text.at);
	move_span(&r->zone_text, from, e->text.at);
}

/* A line with this first byte could belong to an open record. */
static bool could_continue(const struct reader *rd, int byte)
{
	if (byte < 0)
		return false;
	if (byte == '\n' || byte == '\r' || !rd->starts_known)
		return true;
	if (rd->format->starts[byte])
		return false;
	return rd->format->multiline == MULTILINE_ANY || byte == ' ' || byte == '\t';
}

static void join_line(struct reader *rd, struct entry *e, const struct line *line)
{
	struct text *text = &rd->desk[rd->at].text;
	rd->counts.lines++;
	rd->counts.joined++;
	rd->counts.cut += line->cut;
	e->lines++;
	e->end = line->offset + line->length;
	if (e->full || text->len + 1 + line->text.len > LIMIT_JOIN_BYTES) {
		e->full = true;
		return;
	}
	text_append_byte(text, '\n');
	text_append(text, line->text);
}

/* Adds the lines that continue the entry; the first one that does not is counted, or kept as the next record. */
static void join_lines(struct reader *rd, struct entry *e, struct record *r)
{
	struct line line;
	struct desk *desk = &rd->desk[rd->at];
	size_t first_len = e->text.len;
	bool ended = false; /* a dump: what comes behind it is looked for the time of the next record */
	while (replay_line(&rd->replay, rd->lines, &line)) {
		enum line_kind kind = classify(rd, &line, ended ? NULL : e, &rd->desk[!rd->at], &rd->ahead_record, &rd->ahead_entry);
		if (kind == LINE_CONTINUES && !ended) {
			join_line(rd, e, &line);
			ended = e->dump && dump_ends(line.text);
			continue;
		}
		if (is_given(rd, kind, &rd->ahead_record, &rd->ahead_entry)) {
			rd->ahead = true;
			rd->counts.cut += line.cut;
		} else {
			settle(rd, kind, &line, &rd->ahead_entry);
			ended = e->dump && !rd->detect_due;
			if (ended)
				continue;
		}
		break;
	}
	e->text = text_span(&desk->text);
	if (e->text.len == first_len || e->dump)
		return;
	/* The fields that run to the end of the entry have grown. A line that was a record stays one when the joined text
	 * is too much for the format (a regex limit). */
	if (parse(rd, e->text, desk, r) != PARSE_OK)
		parse(rd, span_head(e->text, first_len), desk, r);
}

/* The entry that begins what is given next: parsed before, or the next one that is found. */
static bool next_start(struct reader *rd, struct record *r, struct entry *e)
{
	if (rd->ahead) {
		rd->ahead = false;
		rd->at = !rd->at;
		*r = rd->ahead_record;
		*e = rd->ahead_entry;
		return true;
	}
	struct line line;
	for (;;) {
		if (rd->detect_due && !replay_has(&rd->replay))
			detect_again(rd);
		if (!replay_line(&rd->replay, rd->lines, &line))
			return false;
		enum line_kind kind = classify(rd, &line, NULL, &rd->desk[rd->at], r, e);
		if (is_given(rd, kind, r, e)) {
			rd->counts.cut += line.cut;
			return true;
		}
		settle(rd, kind, &line, e);
	}
}

static void keep_time(struct last_time *last, const struct record *r)
{
	last->known = true;
	last->time_us = r->time_us;
	last->resolution_us = r->resolution_us;
	last->zone = r->zone;
	last->yearless = r->yearless;
	last->zone_len = r->zone_text.len <= ZONE_BYTES ? r->zone_text.len : 0;
	memcpy(last->zone_text, r->zone_text.at ? r->zone_text.at : "", last->zone_len);
}

/* The record of a dump: written at or after the record before it, and before the one behind it. */
static void fill_dump(const struct reader *rd, const struct entry *e, struct record *r)
{
	const struct last_time *last = &rd->last;
	bool next_known = rd->ahead && !rd->ahead_entry.dump && !rd->ahead_entry.attachment;
	int64_t until_us = next_known ? rd->ahead_record.time_us : last->time_us + dump_span_us;
	dump_record(e->text, r);
	r->untimed = true;
	r->time_us = last->time_us;
	r->resolution_us = last->resolution_us;
	if (until_us > last->time_us + r->resolution_us)
		r->resolution_us = until_us - last->time_us < dump_span_us ? until_us - last->time_us : dump_span_us;
	r->zone = last->zone;
	r->yearless = last->yearless;
	r->zone_text = (struct span){last->zone_text, last->zone_len};
}

/* Adds what continues the entry. */
static void complete(struct reader *rd, struct entry *e, struct record *r)
{
	const struct format *f = e->format;
	if (e->dump) {
		record_clear(r);
		own_entry(rd, e, r);
		join_lines(rd, e, r);
		fill_dump(rd, e, r);
	} else if (f->multiline != MULTILINE_NO && f->kind != FORMAT_JSON) {
		if (!replay_at_hand(&rd->replay, rd->lines))
			own_entry(rd, e, r);
		if (could_continue(rd, replay_next_byte(&rd->replay, rd->lines))) {
			own_entry(rd, e, r);
			join_lines(rd, e, r);
		}
	}
}

bool reader_next(struct reader *rd, struct record *r)
{
	struct entry e;
	if (!next_start(rd, r, &e))
		return false;
	const struct format *f = rd->given = e.format;
	rd->misses = 0;
	rd->detect_due = false;
	rd->head_over = true;
	rd->counts.lines += e.lines;
	rd->counts.joined += e.lines - 1;
	rd->counts.records += !e.attachment;
	rd->counts.attached += e.attachment;
	if (f->kind == FORMAT_POSTGRESQL && !e.attachment)
		rd->pids[rd->pids_n++ % LIMIT_OPEN_RECORDS] = pid_of(r);
	if (!e.dump && !e.attachment)
		keep_time(&rd->last, r);
	complete(rd, &e, r);
	r->line = e.number;
	r->offset = e.offset;
	r->length = e.end - e.offset;
	r->lines = e.lines;
	r->raw = e.text;
	return true;
}

/* ---- what was found ---- */

const struct format *reader_format(const struct reader *rd)
{
	return rd->given ? rd->given : rd->format;
}

const struct detection *reader_detection(const struct reader *rd)
{
	return &rd->detection;
}

const struct reader_counts *reader_counts(const struct reader *rd)
{
	return &rd->counts;
}

struct reader_head reader_head(const struct reader *rd)
{
	struct reader_head head = rd->head;
	head.text = text_span(&rd->head_text);
	return head;
}

size_t reader_samples(const struct reader *rd, const struct reader_sample **samples)
{
	*samples = rd->samples;
	return rd->samples_n;
}

void reader_free(struct reader *rd)
{
	if (!rd)
		return;
	for (int i = 0; i < 2; i++) {
		format_scratch_free(rd->desk[i].scratch);
		text_release(&rd->desk[i].text);
	}
	for (size_t i = 0; i < rd->owned_n; i++)
		format_free(rd->owned[i]);
	for (size_t i = 0; i < rd->samples_n; i++)
		memory_free(rd->samples[i].excerpt);
	replay_release(&rd->replay);
	text_release(&rd->head_text);
	memory_free(rd);
}
