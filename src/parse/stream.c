#include "parse/stream.h"

#include "line/dump.h"
#include "split/w3c.h"

enum line_kind { LINE_NONE, LINE_START, LINE_ATTACHMENT, LINE_DUMP, LINE_CONTINUES, LINE_UNPARSED, LINE_BLANK, LINE_QUOTES };

void stream_init(struct stream *st, struct writer *writer, const struct stream_room *room, bool shared)
{
	*st = (struct stream){.writer = writer, .room = room, .in.lines = 1, .next = NEXT_UNKNOWN};
	st->current = &st->entries[0];
	st->behind = &st->entries[1];
	st->current->scratch = room->scratch[0];
	st->behind->scratch = room->scratch[1];
	st->current->shared = st->behind->shared = shared;
}

/* ---- one line ---- */

static inline bool has_dumps(const struct format *f)
{
	return f->kind == FORMAT_JSON || f->tier == TIER_APP || f->kind == FORMAT_CARRIED;
}

/* Where a dump may begin: in JSON lines anything that is none, in an application's text what would go on with a record. */
static bool begins_dump(const struct stream *st, const struct format *f, const struct pushed *p, const struct entry *open)
{
	bool alone = f->kind == FORMAT_JSON || f->multiline == MULTILINE_NO;
	bool timed = st->writer->untimed.known || (p->carried && p->carried->has_stamp);
	return timed && has_dumps(f) &&
	       dump_begins(p->line.text, open && open->dump ? DUMP_INSIDE : alone ? DUMP_ALONE : DUMP_BEHIND);
}

/* The innermost carrier but colours. */
static enum carrier carrier_of_line(const struct carried *c)
{
	enum carrier carrier = CARRIER_NONE;
	for (size_t i = 0; i < c->depth; i++) {
		if (c->chain[i] != CARRIER_ANSI)
			carrier = c->chain[i];
	}
	return carrier;
}

/* What the carrier says of a text that no format knows. */
static enum line_kind classify_carried(struct stream *st, const struct pushed *p, struct entry *e, struct record *r)
{
	enum carrier carrier = carrier_of_line(p->carried);
	if (!st->room->carriers[carrier])
		return LINE_UNPARSED;
	entry_begin(e, st->room->carriers[carrier], p);
	return entry_parse(e, e->text, r) == PARSE_OK ? LINE_START : LINE_UNPARSED;
}

/* RFC 5424: a message may be all header (its text is optional, section 6.4). */
static inline bool says_without_text(const struct pushed *p)
{
	return p->carried && p->carried->version.len > 0;
}

/* A line that no format in force takes. `open`: the entry before it, which may go on; `refused`: what its format said of the line,
 * or the first one in force. */
static enum line_kind classify_rest(struct stream *st, const struct pushed *p, const struct entry *open, struct entry *e,
				    enum parse_result refused, struct record *r)
{
	const struct format *f = open ? open->format : redetect_format(&st->writer->formats);
	enum line_kind kind = LINE_UNPARSED;
	unsigned char first = (unsigned char)p->line.text.at[0];
	if (!f)
		return p->carried ? classify_carried(st, p, e, r) : LINE_UNPARSED;
	if (f->kind == FORMAT_W3C && first == '#') {
		struct span names = w3c_header(p->line.text);
		if (names.len)
			redetect_columns(&st->writer->formats, names);
		return LINE_BLANK;
	}
	if (f->kind != FORMAT_JSON && f->multiline != MULTILINE_NO && refused == PARSE_NO && !(f->starts_known && f->starts[first]) &&
	    (f->multiline == MULTILINE_ANY || first == ' ' || first == '\t'))
		kind = LINE_CONTINUES;
	if (begins_dump(st, f, p, open)) {
		entry_begin(e, f, p);
		return LINE_DUMP;
	}
	if (open && p->how == PARTS_LINE && kind == LINE_UNPARSED)
		return LINE_CONTINUES;
	if (open && open->dump)
		kind = !open->full && dump_goes_on(p->line.text) ? LINE_CONTINUES : LINE_UNPARSED;
	if (p->carried && (kind == LINE_UNPARSED || !open))
		return classify_carried(st, p, e, r);
	return kind;
}

/* A record of the format can start with the line. */
static inline bool may_start(const struct format *f, struct span text)
{
	return f->starts_known ? f->starts[(unsigned char)text.at[0]] : f->kind != FORMAT_JSON || text.at[0] == '{';
}

/* The line, which is `kind` so far, is put aside: a look at what is behind it may find its format. */
static bool holds(struct stream *st, const struct pushed *p, const struct entry *open, const struct entry *e, enum line_kind kind)
{
	bool joins = kind == LINE_CONTINUES && open;
	bool strange = kind == LINE_UNPARSED || kind == LINE_CONTINUES || (kind == LINE_START && e->format->rank == RANK_CARRIED);
	if (!strange || p->how != PARTS_NONE || p->line.text.at[0] == ' ' || p->line.text.at[0] == '\t' || (joins && open->dump) ||
	    p->line.number == st->held || p == &st->first || !redetect_holds(&st->writer->formats, p->line.text, p->line.offset, joins))
		return false;
	st->held = p->line.number;
	if (p == &st->replayed)
		replay_untake(&st->again);
	else
		replay_only(&st->again, p);
	return true;
}

/* What a line is that the formats before `from` have refused; `refused`: with what the one did whose continuation it may be. LINE_START
 * and LINE_ATTACHMENT fill the record and the entry; nothing is counted here. LINE_NONE: it was put aside. */
static enum line_kind classify_from(struct stream *st, const struct pushed *p, const struct entry *open, struct entry *e,
				    struct record *r, size_t from, enum parse_result refused)
{
	const struct redetect *in = &st->writer->formats;
	const struct format *own = open ? open->format : redetect_format(in);
	if (!p->line.text.len) {
		bool joins = own && ((own->multiline != MULTILINE_NO && own->kind != FORMAT_JSON) || (open && open->dump));
		if (says_without_text(p) && (!joins || own->kind == FORMAT_CARRIED))
			return classify_carried(st, p, e, r);
		return joins ? LINE_CONTINUES : LINE_BLANK;
	}
	for (size_t i = from; i < in->n; i++) {
		const struct format *f = in->list[i];
		struct span text = entry_text_for(f, p);
		if (!may_start(f, text))
			continue;
		entry_begin(e, f, p);
		enum parse_result result = entry_parse(e, text, r);
		if (result == PARSE_OK)
			return record_is_attachment(r) ? LINE_ATTACHMENT : LINE_START;
		if (result == PARSE_PARTIAL) {
			st->quoted_at = i;
			return LINE_QUOTES;
		}
		if (f == own)
			refused = result;
	}
	enum line_kind kind = classify_rest(st, p, open, e, refused, r);
	return holds(st, p, open, e, kind) ? LINE_NONE : kind;
}

/* The same of a line of which the first format has said `result`; the entry is to be begun. */
static enum line_kind classify_behind(struct stream *st, const struct pushed *p, const struct entry *open, struct entry *e,
				      struct record *r, enum parse_result result)
{
	const struct format *f = st->writer->formats.list[0];
	entry_begin(e, f, p);
	if (result == PARSE_OK)
		return record_is_attachment(r) ? LINE_ATTACHMENT : LINE_START;
	if (result == PARSE_PARTIAL) {
		st->quoted_at = 0;
		return LINE_QUOTES;
	}
	return classify_from(st, p, open, e, r, 1, open && open->format != f ? PARSE_NO : result);
}

/* What the first format says of a line. False: not a word. */
static inline bool ask_first(const struct stream *st, const struct pushed *p, const struct entry *e, struct record *r,
			     enum parse_result *result)
{
	const struct redetect *in = &st->writer->formats;
	if (!in->n || !p->line.text.len)
		return false;
	const struct format *f = in->list[0];
	struct span text = entry_text_for(f, p);
	if (!may_start(f, text))
		return false;
	if (e->shared)
		format_scratch_carried(e->scratch, p->carried);
	*result = format_parse(f, text, e->scratch, r);
	return true;
}

/* The same of any line. */
static inline enum line_kind classify(struct stream *st, const struct pushed *p, const struct entry *open, struct entry *e,
				      struct record *r)
{
	enum parse_result result;
	if (ask_first(st, p, e, r, &result))
		return classify_behind(st, p, open, e, r, result);
	return classify_from(st, p, open, e, r, st->writer->formats.n > 0, PARSE_NO);
}

/* The next line at hand; NULL: there is none. */
static inline const struct pushed *next_line(struct stream *st)
{
	if (replay_has(&st->again)) {
		replay_take(&st->again, &st->replayed);
		return &st->replayed;
	}
	if (!st->has)
		return NULL;
	st->has = false;
	return &st->in;
}

/* Lines up to the end of the open quote, or to where it turns out to be none. */
static enum line_kind close_quote(struct stream *st, const struct entry *open, struct entry *e, struct record *r)
{
	while (st->quoted.open) {
		const struct pushed *p = next_line(st);
		if (!p && !st->ended)
			return LINE_NONE;
		enum quoted_result result = p ? quoted_add(&st->quoted, p, e, r) : quoted_end(&st->quoted, e, r);
		if (result == QUOTED_OPEN)
			continue;
		if (result == QUOTED_CLOSED)
			return record_is_attachment(r) ? LINE_ATTACHMENT : LINE_START;
		quoted_give_back(&st->quoted, &st->again, e, &st->first);
		st->now = &st->first;
	}
	for (;;) {
		const struct format *own = open ? open->format : redetect_format(&st->writer->formats);
		enum parse_result refused = st->writer->formats.list[st->quoted_at] == own ? PARSE_PARTIAL : PARSE_NO;
		enum line_kind kind = classify_from(st, st->now, open, e, r, st->quoted_at + 1, refused);
		if (kind != LINE_QUOTES)
			return kind;
	}
}

static enum line_kind open_quote(struct stream *st, const struct entry *open, struct entry *e, struct record *r)
{
	quoted_begin(&st->quoted, st->now, st->now->carried ? st->bytes : st->now->line.offset, e);
	return close_quote(st, open, e, r);
}

/* What the next line is, which is st->now; LINE_NONE: it is not at hand, or whether its quote closes is not known yet. */
static enum line_kind next_kind(struct stream *st, const struct entry *open, struct entry *e, struct record *r)
{
	if (st->quoted.open)
		return close_quote(st, open, e, r);
	st->now = next_line(st);
	if (!st->now)
		return LINE_NONE;
	if (open && st->now->how == PARTS_WORD)
		return LINE_CONTINUES;
	enum line_kind kind = classify(st, st->now, open, e, r);
	return kind == LINE_QUOTES ? open_quote(st, open, e, r) : kind;
}

/* Counts a line that neither begins what is given nor continues what is open. */
static void settle(struct stream *st, enum line_kind kind, const struct entry *e)
{
	const struct pushed *p = st->now;
	struct ledger *ledger = st->writer->ledger;
	if (kind == LINE_BLANK || (kind == LINE_CONTINUES && !p->line.text.len)) {
		ledger_blank(ledger, &p->line, p->lines);
	} else if (kind == LINE_CONTINUES && !ledger->counts.records) {
		ledger_head(ledger, &p->line, p->lines);
	} else {
		/* An orphan of several lines: each of them is unparsed. */
		ledger_unparsed(ledger, &p->line, kind == LINE_ATTACHMENT ? e->lines : p->lines);
		redetect_miss(&st->writer->formats, p->line.offset);
		redetect_doubt(&st->writer->formats, p->line.text);
	}
}

/* A line that is no record becomes one, without a time. An orphan keeps what its format read. */
static void begin_foreign(struct stream *st, enum line_kind kind, struct record *r, struct entry *e)
{
	const struct pushed *p = st->now;
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
	e->attachment = kind == LINE_ATTACHMENT && st->now->how != PARTS_STRAY &&
			attach_finds(&st->writer->attach, r, st->writer->ledger->counts.records > 0);
	e->dump = kind == LINE_DUMP;
	if (e->attachment || e->dump)
		return true;
	e->foreign = false;
	settle(st, kind, e);
	if (!st->room->all || (!st->now->line.text.len && !says_without_text(st->now)))
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
	return may_go_on(e->format, replay_has(&st->again) ? replay_next_byte(&st->again) : st->next);
}

/* The first lines of what is given are counted. Once a line: a call would cost as much as it does. */
static inline __attribute__((always_inline)) void begun(struct stream *st, const struct entry *e, struct record *r)
{
	struct writer *w = st->writer;
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
		untimed_after(&w->untimed, r, has_dumps(e->format));
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
	untimed_fill(&st->writer->untimed, st->ahead && !next->dump && !next->attachment ? &next->record : NULL, r);
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
	return e->foreign && !e->format ? foreign_goes_on(e, kind, st->now) : kind == LINE_CONTINUES;
}

/* Adds the lines that continue the open entry; the first one that does not is counted, or kept as the next record. False: whether
 * more lines do is not known. */
static bool join_lines(struct stream *st)
{
	struct entry *e = st->current, *next = st->behind;
	enum line_kind kind;
	while ((kind = next_kind(st, st->over || !e->format ? NULL : e, next, &next->record)) != LINE_NONE) {
		const struct pushed *p = st->now;
		if (!st->over && joins(st, kind)) {
			entry_join(e, p, p->how == PARTS_WORD && e->format ? SPAN("") : SPAN("\n"));
			if (e->foreign)
				settle(st, kind, next);
			else
				ledger_joined(st->ledger, &p->line, p->lines);
			if (p->how == PARTS_NONE && p->line.text.len && p->line.text.at[0] != ' ' && p->line.text.at[0] != '\t')
				redetect_doubt(&st->writer->formats, p->line.text);
			st->over = e->dump && dump_ends(p->line.text);
			continue;
		}
		st->ahead = is_given(st, kind, &next->record, next);
		if (st->ahead)
			return true;
		st->over = e->dump && !st->writer->formats.due;
		if (!st->over)
			return true;
	}
	return st->ended;
}

/* Finds what is given next: the current entry is then its first line, or lines. `kind`: what the line now is. */
static inline bool find_start(struct stream *st, enum line_kind kind, struct record *r)
{
	struct entry *e = st->current;
	for (; kind != LINE_NONE; kind = next_kind(st, NULL, e, r)) {
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

/* The open entry, once all of its lines are there. */
static bool take_open(struct stream *st, struct record *r)
{
	struct entry *e = st->current;
	if (!join_lines(st)) {
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
	entry_own(e, &e->record);
	st->ledger = st->writer->ledger;
	st->open_len = e->text.len;
	st->open = true;
	st->over = false;
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
		return take_open(st, r);
	}
	record_copy(r, &e->record);
	give(st, e, r);
	return true;
}

/* The line that was pushed is a whole record, as the one before it: nearly all are. Nothing is kept of it. */
static inline void take_whole(struct stream *st, const struct format *f, struct record *r)
{
	const struct pushed *p = &st->in;
	struct writer *w = st->writer;
	redetect_hit(&w->formats);
	ledger_given(w->ledger, p->lines, false);
	w->ledger->counts.cut += p->line.cut;
	if (f->kind == FORMAT_POSTGRESQL)
		attach_record(&w->attach, r);
	untimed_after(&w->untimed, r, has_dumps(f));
	st->given = f;
	st->at_hand = false;
	r->stream = (uint16_t)w->outlet;
	r->line = p->line.number;
	r->offset = p->line.offset;
	r->length = p->line.length;
	r->lines = p->lines;
	r->raw = entry_text_for(f, p);
}

/* What the next line is; when the first format has been asked of the one that was pushed, and it is whole, that is all: `taken`. */
static inline enum line_kind next_start(struct stream *st, struct record *r, bool *taken)
{
	const struct writer *w = st->writer;
	enum parse_result result;
	*taken = false;
	if (!st->has || st->quoted.open || replay_has(&st->again) || !ask_first(st, &st->in, st->current, r, &result))
		return next_kind(st, NULL, st->current, r);
	const struct format *f = w->formats.list[0];
	st->has = false;
	if (result == PARSE_OK && f == w->format && f->rank == RANK_KNOWN && !may_go_on(f, st->next) && !record_is_attachment(r)) {
		take_whole(st, f, r);
		*taken = true;
		return LINE_START;
	}
	st->now = &st->in;
	enum line_kind kind = classify_behind(st, st->now, NULL, st->current, r, result);
	if (kind != LINE_QUOTES)
		return kind;
	return open_quote(st, NULL, st->current, r);
}

bool stream_take(struct stream *st, struct record *r)
{
	bool taken;
	if (st->open)
		return take_open(st, r);
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
		return take_open(st, r);
	}
	st->at_hand = replay_has(&st->again);
	give(st, e, r);
	return true;
}

uint64_t stream_waits(const struct stream *st)
{
	if (st->open)
		return st->current->number;
	if (st->quoted.open)
		return st->quoted.tried.lines[0].line.number;
	if (st->ahead)
		return st->behind->number;
	if (replay_has(&st->again))
		return st->again.lines[st->again.next].line.number;
	return st->has ? st->in.line.number : 0;
}

size_t stream_holds(const struct stream *st)
{
	size_t n = st->open ? st->current->joined.len : 0;
	if (st->quoted.open)
		n += st->behind->joined.len + st->quoted.tried.text.len;
	return replay_has(&st->again) ? n + st->again.text.len : n;
}

static void trim(struct text *t)
{
	if (t->cap > STREAM_ROOM_BYTES)
		text_release(t);
}

void stream_trim(struct stream *st)
{
	trim(&st->current->joined);
	trim(&st->current->aside);
	trim(&st->behind->joined);
	trim(&st->behind->aside);
	if (st->quoted.tried.text.cap > STREAM_ROOM_BYTES)
		replay_release(&st->quoted.tried);
	if (st->again.text.cap > STREAM_ROOM_BYTES)
		replay_release(&st->again);
}

void stream_release(struct stream *st)
{
	entry_release(&st->entries[0]);
	entry_release(&st->entries[1]);
	quoted_release(&st->quoted);
	replay_release(&st->again);
}
