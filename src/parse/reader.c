#include "parse/reader.h"

#include "base/memory.h"
#include "parse/attach.h"
#include "parse/dump.h"
#include "parse/entry.h"
#include "parse/quoted.h"
#include "parse/redetect.h"
#include "parse/replay.h"
#include "parse/untimed.h"

enum line_kind { LINE_START, LINE_ATTACHMENT, LINE_DUMP, LINE_CONTINUES, LINE_UNPARSED, LINE_BLANK };

struct reader {
	struct replay lines;
	struct redetect formats;
	const struct format *given;  /* of the record just given */

	/* To know whether a record goes on, the next line may have to be parsed while the record's spans must stay. */
	struct entry entries[2];
	unsigned at;                 /* the current one */
	bool ahead;                  /* the other one has begun, and ahead_record is its record */
	struct record ahead_record;

	struct quoted quoted;
	struct attach attach;
	struct untimed untimed;
	struct ledger ledger;
};

struct reader *reader_new(struct lines *lines, const struct format_set *set, const struct format *stated)
{
	struct reader *rd = memory_new(1, sizeof(*rd));
	rd->lines.from = lines;
	for (int i = 0; i < 2; i++)
		entry_init(&rd->entries[i]);
	redetect_init(&rd->formats, set, stated, span_head(lines_peek(lines), LIMIT_DETECT_BYTES), rd->entries[0].scratch);
	return rd;
}

/* ---- one line ---- */

static inline bool has_dumps(const struct format *f)
{
	return f->kind == FORMAT_JSON || f->tier == TIER_APP;
}

/* Where a dump may begin: in JSON lines anything that is none, in an application's text what would go on with a record. */
static bool begins_dump(const struct reader *rd, struct span line, const struct entry *open)
{
	const struct format *f = rd->formats.format;
	bool json = f->kind == FORMAT_JSON;
	if (!rd->untimed.known || !has_dumps(f))
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
static enum line_kind classify(struct reader *rd, struct line *line, const struct entry *open, struct entry *e,
			       struct record *r)
{
	const struct format *f = rd->formats.format;
	bool json = f && f->kind == FORMAT_JSON;
	if (!line->text.len)
		return f && ((f->multiline != MULTILINE_NO && !json) || (open && open->dump)) ? LINE_CONTINUES : LINE_BLANK;
	if (!f)
		return LINE_UNPARSED;
	char first = line->text.at[0];
	entry_begin(e, f, line);
	if (json && first != '{')
		return classify_rest(rd, line->text, open, LINE_UNPARSED);
	if (!rd->formats.starts_known || f->starts[(unsigned char)first]) {
		enum parse_result result = entry_parse(e, line->text, r);
		if (result == PARSE_PARTIAL && quoted_join(&rd->quoted, &rd->lines, line, e, r))
			result = PARSE_OK;
		if (result == PARSE_OK)
			return record_is_attachment(r) ? LINE_ATTACHMENT : LINE_START;
		if (result != PARSE_NO || rd->formats.starts_known)
			return classify_rest(rd, line->text, open, LINE_UNPARSED);
	}
	if (json || f->multiline == MULTILINE_NO)
		return classify_rest(rd, line->text, open, LINE_UNPARSED);
	bool joins = f->multiline == MULTILINE_ANY || first == ' ' || first == '\t';
	return classify_rest(rd, line->text, open, joins ? LINE_CONTINUES : LINE_UNPARSED);
}

/* Counts a line that neither begins what is given nor continues what is open. */
static void settle(struct reader *rd, enum line_kind kind, const struct line *line, const struct entry *e)
{
	if (kind == LINE_BLANK || (kind == LINE_CONTINUES && !line->text.len)) {
		ledger_blank(&rd->ledger, line);
	} else if (kind == LINE_CONTINUES && !rd->ledger.counts.records) {
		ledger_head(&rd->ledger, line);
	} else {
		/* An orphan of several lines: each of them is unparsed. */
		ledger_unparsed(&rd->ledger, line, kind == LINE_ATTACHMENT ? e->lines : 1);
		redetect_miss(&rd->formats, line->offset);
	}
}

/* The line begins something that is given: a record, or an attachment that found its record. */
static inline bool is_given(const struct reader *rd, enum line_kind kind, const struct record *r, struct entry *e)
{
	if (kind == LINE_START) /* nearly always; a new entry is neither */
		return true;
	e->attachment = kind == LINE_ATTACHMENT && attach_finds(&rd->attach, r, rd->ledger.counts.records > 0);
	e->dump = kind == LINE_DUMP;
	return e->attachment || e->dump;
}

/* ---- records ---- */

/* A line with this first byte could belong to an open record. */
static bool could_continue(const struct reader *rd, int byte)
{
	if (byte < 0)
		return false;
	if (byte == '\n' || byte == '\r' || !rd->formats.starts_known)
		return true;
	if (rd->formats.format->starts[byte])
		return false;
	return rd->formats.format->multiline == MULTILINE_ANY || byte == ' ' || byte == '\t';
}

/* What the entry is with all its lines: the fields that run to its end have grown. */
static void parse_joined(struct entry *e, size_t first_len, struct record *r)
{
	entry_joined(e);
	if (e->text.len == first_len || e->dump)
		return;
	/* A line that was a record stays one when the joined text is too much for the format (a regex limit). */
	if (entry_parse(e, e->text, r) != PARSE_OK)
		entry_parse(e, span_head(e->text, first_len), r);
}

/* Adds the lines that continue the entry; the first one that does not is counted, or kept as the next record. */
static void join_lines(struct reader *rd, struct entry *e, struct record *r)
{
	struct line line;
	struct entry *next = &rd->entries[!rd->at];
	size_t first_len = e->text.len;
	bool ended = false; /* a dump: what comes behind it is looked for the time of the next record */
	while (replay_line(&rd->lines, &line)) {
		enum line_kind kind = classify(rd, &line, ended ? NULL : e, next, &rd->ahead_record);
		if (kind == LINE_CONTINUES && !ended) {
			entry_join(e, &line);
			ledger_joined(&rd->ledger, &line);
			ended = e->dump && dump_ends(line.text);
			continue;
		}
		rd->ahead = is_given(rd, kind, &rd->ahead_record, next);
		if (rd->ahead) {
			rd->ledger.counts.cut += line.cut;
			break;
		}
		settle(rd, kind, &line, next);
		ended = e->dump && !rd->formats.due;
		if (!ended)
			break;
	}
	parse_joined(e, first_len, r);
}

/* Finds what is given next: the current entry is then its first line, or lines. */
static bool next_start(struct reader *rd, struct record *r)
{
	if (rd->ahead) {
		rd->ahead = false;
		rd->at = !rd->at;
		*r = rd->ahead_record;
		return true;
	}
	struct line line;
	struct entry *e = &rd->entries[rd->at];
	for (;;) {
		if (rd->formats.due && !replay_has(&rd->lines))
			redetect_look(&rd->formats, span_head(lines_peek(rd->lines.from), LIMIT_DETECT_BYTES),
				      rd->lines.from->offset, e->scratch);
		if (!replay_line(&rd->lines, &line))
			return false;
		enum line_kind kind = classify(rd, &line, NULL, e, r);
		if (is_given(rd, kind, r, e)) {
			rd->ledger.counts.cut += line.cut;
			return true;
		}
		settle(rd, kind, &line, e);
	}
}

/* A dump: its lines, and what stands behind it for its time. */
static void complete_dump(struct reader *rd, struct entry *e, struct record *r)
{
	const struct entry *next = &rd->entries[!rd->at];
	record_clear(r);
	entry_own(e, r);
	join_lines(rd, e, r);
	dump_record(e->text, r);
	untimed_fill(&rd->untimed, rd->ahead && !next->dump && !next->attachment ? &rd->ahead_record : NULL, r);
}

/* Adds what continues the entry. */
static void complete(struct reader *rd, struct entry *e, struct record *r)
{
	const struct format *f = e->format;
	if (e->dump) {
		complete_dump(rd, e, r);
	} else if (f->multiline != MULTILINE_NO && f->kind != FORMAT_JSON) {
		if (!replay_at_hand(&rd->lines))
			entry_own(e, r);
		if (could_continue(rd, replay_next_byte(&rd->lines))) {
			entry_own(e, r);
			join_lines(rd, e, r);
		}
	}
}

bool reader_next(struct reader *rd, struct record *r)
{
	if (!next_start(rd, r))
		return false;
	struct entry *e = &rd->entries[rd->at];
	rd->given = e->format;
	redetect_hit(&rd->formats);
	ledger_given(&rd->ledger, e->lines, e->attachment);
	if (e->format->kind == FORMAT_POSTGRESQL && !e->attachment)
		attach_record(&rd->attach, r);
	if (!e->dump && !e->attachment)
		untimed_after(&rd->untimed, r, has_dumps(e->format));
	complete(rd, e, r);
	r->line = e->number;
	r->offset = e->offset;
	r->length = e->end - e->offset;
	r->lines = e->lines;
	r->raw = e->text;
	r->stream = 0;
	return true;
}

/* ---- what was found ---- */

const struct format *reader_format(const struct reader *rd)
{
	return rd->given ? rd->given : rd->formats.format;
}

const struct detection *reader_detection(const struct reader *rd)
{
	return &rd->formats.detection;
}

const struct ledger_counts *reader_counts(const struct reader *rd)
{
	return &rd->ledger.counts;
}

struct ledger_head reader_head(const struct reader *rd)
{
	return rd->ledger.head;
}

size_t reader_samples(const struct reader *rd, const struct ledger_sample **samples)
{
	*samples = rd->ledger.samples;
	return rd->ledger.samples_n;
}

size_t reader_streams(const struct reader *rd)
{
	(void)rd;
	return 1;
}

struct reader_stream reader_stream(const struct reader *rd, size_t i)
{
	(void)i;
	const struct format *format = rd->formats.detection.format;
	return (struct reader_stream){
		.name = "",
		.tier = format ? format->tier : TIER_UNKNOWN,
		.format = format,
		.detection = &rd->formats.detection,
		.format_changes = rd->formats.again,
		.counts = &rd->ledger.counts,
		.head = rd->ledger.head,
		.samples = rd->ledger.samples,
		.samples_n = rd->ledger.samples_n,
	};
}

void reader_free(struct reader *rd)
{
	if (!rd)
		return;
	for (int i = 0; i < 2; i++)
		entry_release(&rd->entries[i]);
	redetect_release(&rd->formats);
	replay_release(&rd->lines);
	ledger_release(&rd->ledger);
	memory_free(rd);
}
