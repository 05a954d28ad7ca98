#include "parse/stream.h"

#include "line/dump.h"

void stream_init(struct stream *st, struct writer *writer, const struct stream_room *room, bool shared)
{
	*st = (struct stream){.intake = {.writer = writer, .room = room, .in.lines = 1, .next = NEXT_UNKNOWN}};
	st->current = &st->entries[0];
	st->behind = &st->entries[1];
	st->current->scratch = room->scratch[0];
	st->behind->scratch = room->scratch[1];
	st->current->shared = st->behind->shared = shared;
}

/* Counts a line that neither begins what is given nor continues what is open. */
static void settle(struct stream *st, enum line_kind kind, const struct entry *e)
{
	const struct pushed *p = st->intake.now;
	struct ledger *ledger = st->intake.writer->ledger;
	if (kind == LINE_BLANK || (kind == LINE_CONTINUES && !p->line.text.len)) {
		ledger_blank(ledger, &p->line, p->lines);
	} else if (kind == LINE_CONTINUES && !ledger->counts.records) {
		ledger_head(ledger, &p->line, p->lines);
	} else {
		/* An orphan of several lines: each of them is unparsed. */
		ledger_unparsed(ledger, &p->line, kind == LINE_ATTACHMENT ? e->lines : p->lines);
		redetect_miss(&st->intake.writer->formats, p->line.offset);
		redetect_doubt(&st->intake.writer->formats, p->line.text);
	}
}

/* A line that is no record becomes one, without a time. An orphan keeps what its format read. */
static void begin_foreign(struct stream *st, enum line_kind kind, struct record *r, struct entry *e)
{
	const struct pushed *p = st->intake.now;
	if (kind != LINE_ATTACHMENT) {
		entry_begin(e, NULL, p);
		e->dump = trace_begins(&e->trace, e->text);
		record_clear(r);
		r->time_us = INSTANT_NONE;
		r->resolution_us = 0;
		format_scratch_carried(e->scratch, p->carried);
		format_foreign(e->text, e->scratch, r);
		if (p->carried)
			format_carried(p->carried, r);
	}
	e->foreign = true;
}

/* The line begins something that is given: a record, or an attachment that found its record. Else it is counted. */
static inline bool is_given(struct stream *st, enum line_kind kind, struct record *r, struct entry *e)
{
	if (kind == LINE_START) /* nearly always; a new entry is neither */
		return true;
	e->attachment = kind == LINE_ATTACHMENT && st->intake.now->how != PARTS_STRAY &&
			attach_finds(&st->intake.writer->attach, r, st->intake.writer->ledger->counts.records > 0);
	e->dump = kind == LINE_DUMP;
	if (e->attachment || e->dump)
		return true;
	e->foreign = false;
	settle(st, kind, e);
	if (!st->intake.room->all || (!st->intake.now->line.text.len && !intake_says_without_text(st->intake.now)))
		return false; /* what the entry was before says nothing */
	begin_foreign(st, kind, r, e);
	return true;
}

/* ---- records ---- */

/* Lines may go on with a record of the format; `byte`: the first one of the line behind. */
static inline bool may_go_on(const struct format *f, int byte)
{
	if (f->multiline == MULTILINE_NO || f->kind == FORMAT_JSON)
		return false;
	if (byte < 0)
		return byte == NEXT_UNKNOWN;
	if (byte == '\n' || byte == '\r' || !f->starts_known)
		return true;
	if (f->starts[byte])
		return false;
	return f->multiline == MULTILINE_ANY || byte == ' ' || byte == '\t';
}

/* More lines may belong to the entry. */
static bool goes_on(const struct stream *st, const struct entry *e)
{
	if (e->dump || !e->format)
		return true;
	return may_go_on(e->format, replay_has(&st->intake.again) ? replay_next_byte(&st->intake.again) : st->intake.next);
}

/* The first lines of what is given are counted. Once a line: a call would cost as much as it does. */
static inline __attribute__((always_inline)) void begun(struct stream *st, const struct entry *e, struct record *r)
{
	struct writer *w = st->intake.writer;
	r->stream = (uint16_t)w->outlet;
	if (e->foreign)
		return;
	if (e->format != w->format)
		writer_turn(w, e->format);
	if (e->format->rank == RANK_KNOWN) {
		redetect_hit(&w->formats);
	} else if (e->format->rank == RANK_STAMPED) {
		redetect_weak(&w->formats, e->offset);
	} else {
		redetect_miss(&w->formats, e->offset);
		redetect_doubt(&w->formats, e->text);
	}
	ledger_given(w->ledger, e->lines, e->attachment);
	w->ledger->counts.cut += e->cut;
	if (e->format->kind == FORMAT_POSTGRESQL && !e->attachment)
		attach_record(&w->attach, r);
	if (!e->dump && !e->attachment)
		untimed_after(&w->untimed, r, intake_has_dumps(e->format));
	r->stream = (uint16_t)w->outlet;
}

/* The same of the line that was pushed, which begins a record of the known format that is in force: nearly all do. */
static inline void begun_known(struct stream *st, const struct format *f, struct record *r)
{
	const struct pushed *p = &st->intake.in;
	struct writer *w = st->intake.writer;
	redetect_hit(&w->formats);
	ledger_given(w->ledger, p->lines, false);
	w->ledger->counts.cut += p->line.cut;
	if (f->kind == FORMAT_POSTGRESQL)
		attach_record(&w->attach, r);
	untimed_after(&w->untimed, r, intake_has_dumps(f));
	r->stream = (uint16_t)w->outlet;
}

/* What the entry is with all its lines: the fields that run to its end have grown. */
static void parse_joined(struct entry *e, size_t first_len, struct record *r)
{
	entry_joined(e);
	if (e->text.len == first_len || e->dump)
		return;
	if (!e->format) {
		record_set(r, FIELD_MESSAGE, span_head(e->text, first_len));
		format_continue(e->text, span_from(e->text, first_len + 1), r);
		return;
	}
	/* A line that was a record stays one when the joined text is too much for the format (a regex limit). */
	if (entry_parse(e, e->text, r) != PARSE_OK)
		entry_parse(e, span_head(e->text, first_len), r);
}

/* The time of a dump is its carrier's, or what stands before and behind it says it. */
static void finish_dump(struct stream *st, struct entry *e, struct record *r)
{
	const struct entry *next = st->behind;
	dump_record(e->text, r);
	struct span language = trace_language(e->text);
	if (language.len)
		record_set(r, FIELD_LANGUAGE, language);
	if (e->foreign) {
		r->time_us = INSTANT_NONE;
		r->resolution_us = 0;
	}
	if ((e->carried && format_carried(e->carried, r)) || e->foreign)
		return;
	untimed_fill(&st->intake.writer->untimed, st->ahead && !next->dump && !next->attachment ? &next->record : NULL, r);
}

/* A line that is no record goes on with one that is none. */
static bool foreign_goes_on(struct entry *e, enum line_kind kind, const struct pushed *p)
{
	struct span line = p->line.text;
	if (kind != LINE_CONTINUES && kind != LINE_UNPARSED && kind != LINE_BLANK)
		return false;
	if (e->dump)
		return !e->full && trace_takes(&e->trace, line);
	return line.len && (line.at[0] == ' ' || line.at[0] == '\t');
}

/* The next line goes on with the open entry. */
static bool joins(struct stream *st, enum line_kind kind)
{
	struct entry *e = st->current;
	return e->foreign && !e->format ? foreign_goes_on(e, kind, st->intake.now) : kind == LINE_CONTINUES;
}

static enum line_kind next_behind(struct stream *st)
{
	const struct entry *open = st->over || !st->current->format ? NULL : st->current;
	return intake_next(&st->intake, open, st->behind, &st->behind->record);
}

/* Adds the lines that continue the open entry, of which the first is `kind`; the first one that does not is counted, or kept as the next
 * record. False: whether more lines do is not known. */
static bool join_lines(struct stream *st, enum line_kind kind)
{
	struct entry *e = st->current, *next = st->behind;
	for (; kind != LINE_NONE; kind = next_behind(st)) {
		const struct pushed *p = st->intake.now;
		if (!st->over && joins(st, kind)) {
			entry_join(e, p, p->how == PARTS_WORD && e->format ? SPAN("") : SPAN("\n"));
			if (e->foreign)
				settle(st, kind, next);
			else
				ledger_joined(st->ledger, &p->line, p->lines);
			if (p->how == PARTS_NONE && p->line.text.len && p->line.text.at[0] != ' ' && p->line.text.at[0] != '\t')
				redetect_doubt(&st->intake.writer->formats, p->line.text);
			st->over = e->dump && dump_ends(p->line.text);
			continue;
		}
		st->ahead = is_given(st, kind, &next->record, next);
		if (st->ahead)
			return true;
		st->over = e->dump && !st->intake.writer->formats.due;
		if (!st->over)
			return true;
	}
	return st->intake.ended;
}

/* Finds what is given next: the current entry is then its first line, or lines. `kind`: what the line now is. */
static inline bool find_start(struct stream *st, enum line_kind kind, struct record *r)
{
	struct entry *e = st->current;
	for (; kind != LINE_NONE; kind = intake_next(&st->intake, NULL, e, r)) {
		if (is_given(st, kind, r, e))
			return true;
	}
	return false;
}

static inline void give(struct stream *st, const struct entry *e, struct record *r)
{
	st->given = e->format;
	r->line = e->number;
	r->offset = e->offset;
	r->length = e->end - e->offset;
	r->lines = e->lines;
	r->raw = e->text;
}

/* The open entry, once all of its lines are there; `kind`: what the line behind it is. */
static bool take_open(struct stream *st, enum line_kind kind, struct record *r)
{
	struct entry *e = st->current;
	if (!join_lines(st, kind)) {
		st->at_hand = false;
		return false;
	}
	st->open = false;
	parse_joined(e, st->open_len, &e->record);
	if (e->dump)
		finish_dump(st, e, &e->record);
	record_copy(r, &e->record);
	give(st, e, r);
	return true;
}

/* The entry is not whole yet; `r` is its record. */
static void leave_open(struct stream *st, struct entry *e, const struct record *r)
{
	if (r != &e->record)
		record_copy(&e->record, r);
	if (e->dump)
		record_clear(&e->record);
	st->lies = !e->shared && !e->owned && !e->dump && !e->foreign && st->intake.now == &st->intake.in;
	if (!st->lies)
		entry_own(e, &e->record);
	st->ledger = st->intake.writer->ledger;
	st->open_len = e->text.len;
	st->open = true;
	st->over = false;
}

/* The line that was pushed begins the next record, as nearly all do: the one before it is given as it lies there. */
static inline void take_followed(struct stream *st, const struct format *f, struct record *r)
{
	struct intake *it = &st->intake;
	struct writer *w = it->writer;
	struct entry *e = st->current, *next = st->behind;
	it->has = false;
	it->now = &it->in;
	entry_begin(next, f, &it->in);
	record_copy(r, &e->record);
	give(st, e, r);
	if (f != w->format || f->rank != RANK_KNOWN || !may_go_on(f, it->next)) {
		st->open = false;
		st->ahead = true;
		return;
	}
	st->current = next;
	st->behind = e;
	begun_known(st, f, &next->record);
	st->open_len = next->text.len;
	st->at_hand = false;
}

/* The open entry, as soon as it is whole. */
static bool take_when_whole(struct stream *st, struct record *r)
{
	struct intake *it = &st->intake;
	struct entry *e = st->current, *next = st->behind;
	const struct format *f = redetect_format(&it->writer->formats);
	enum parse_result result;
	if (!st->lies)
		return take_open(st, next_behind(st), r);
	if (!it->has && !it->ended && !replay_has(&it->again)) { /* it may lie there until the next line is at hand */
		st->at_hand = false;
		return false;
	}
	bool asked = e->format == f && it->has && !it->quoted.open && !replay_has(&it->again) &&
		     intake_ask_first(it, &it->in, next, &next->record, &result);
	if (asked && result == PARSE_OK && !record_is_attachment(&next->record)) {
		take_followed(st, f, r);
		return true;
	}
	st->lies = false;
	entry_own(e, &e->record);
	return take_open(st, asked ? intake_next_asked(it, e, next, &next->record, result) : next_behind(st), r);
}

/* The entry behind the one given last. */
static bool take_ahead(struct stream *st, struct record *r)
{
	struct entry *e = st->behind;
	st->behind = st->current;
	st->current = e;
	st->ahead = false;
	begun(st, e, &e->record);
	if (goes_on(st, e)) {
		leave_open(st, e, &e->record);
		return take_when_whole(st, r);
	}
	record_copy(r, &e->record);
	give(st, e, r);
	return true;
}

/* The line that was pushed is a whole record, as the one before it: nearly all are. Nothing is kept of it. */
static inline void take_whole(struct stream *st, const struct format *f, struct record *r)
{
	const struct pushed *p = &st->intake.in;
	begun_known(st, f, r);
	st->given = f;
	st->at_hand = false;
	r->line = p->line.number;
	r->offset = p->line.offset;
	r->length = p->line.length;
	r->lines = p->lines;
	r->raw = entry_text_for(f, p);
}

/* What the next line is; when the first format has been asked of the one that was pushed, and it is whole, that is all: `taken`. */
static inline enum line_kind next_start(struct stream *st, struct record *r, bool *taken)
{
	struct intake *it = &st->intake;
	enum parse_result result;
	*taken = false;
	if (!it->has || it->quoted.open || replay_has(&it->again) || !intake_ask_first(it, &it->in, st->current, r, &result))
		return intake_next(it, NULL, st->current, r);
	const struct format *f = it->writer->formats.list[0];
	if (result == PARSE_OK && f == it->writer->format && f->rank == RANK_KNOWN && !may_go_on(f, it->next) &&
	    !record_is_attachment(r)) {
		it->has = false;
		take_whole(st, f, r);
		*taken = true;
		return LINE_START;
	}
	return intake_next_asked(it, NULL, st->current, r, result);
}

bool stream_take(struct stream *st, struct record *r)
{
	bool taken;
	if (st->open)
		return take_when_whole(st, r);
	if (st->ahead)
		return take_ahead(st, r);
	enum line_kind kind = next_start(st, r, &taken);
	if (taken)
		return true;
	if (!find_start(st, kind, r)) {
		st->at_hand = false;
		return false;
	}
	struct entry *e = st->current;
	begun(st, e, r);
	if (goes_on(st, e)) {
		leave_open(st, e, r);
		return take_when_whole(st, r);
	}
	st->at_hand = replay_has(&st->intake.again);
	give(st, e, r);
	return true;
}

uint64_t stream_waits(const struct stream *st)
{
	if (st->open)
		return st->current->number;
	if (st->intake.quoted.open)
		return st->intake.quoted.tried.lines[0].line.number;
	if (st->ahead)
		return st->behind->number;
	return intake_waits(&st->intake);
}

size_t stream_holds(const struct stream *st)
{
	size_t n = st->open ? st->current->joined.len : 0;
	if (st->intake.quoted.open)
		n += st->behind->joined.len + st->intake.quoted.tried.text.len;
	return replay_has(&st->intake.again) ? n + st->intake.again.text.len : n;
}

static void trim(struct text *t)
{
	if (t->cap > INTAKE_ROOM_BYTES)
		text_release(t);
}

void stream_trim(struct stream *st)
{
	trim(&st->current->joined);
	trim(&st->current->aside);
	trim(&st->behind->joined);
	trim(&st->behind->aside);
	intake_trim(&st->intake);
}

void stream_release(struct stream *st)
{
	entry_release(&st->entries[0]);
	entry_release(&st->entries[1]);
	intake_release(&st->intake);
}
