#include "parse/intake.h"

#include "line/dump.h"
#include "split/w3c.h"

/* Where a dump may begin: in JSON lines anything that is none, in an application's text what would go on with a record. */
static bool begins_dump(const struct intake *it, const struct format *f, const struct pushed *p, const struct entry *open)
{
	bool alone = f->kind == FORMAT_JSON || f->multiline == MULTILINE_NO;
	bool timed = it->writer->untimed.known || (p->carried && p->carried->has_stamp);
	return timed && intake_has_dumps(f) &&
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
static enum line_kind classify_carried(struct intake *it, const struct pushed *p, struct entry *e, struct record *r)
{
	enum carrier carrier = carrier_of_line(p->carried);
	if (!it->room->carriers[carrier])
		return LINE_UNPARSED;
	entry_begin(e, it->room->carriers[carrier], p);
	return entry_parse(e, e->text, r) == PARSE_OK ? LINE_START : LINE_UNPARSED;
}

/* A line that no format in force takes. `open`: the entry before it, which may go on; `refused`: what its format said of the line,
 * or the first one in force. */
static enum line_kind classify_rest(struct intake *it, const struct pushed *p, const struct entry *open, struct entry *e,
				    enum parse_result refused, struct record *r)
{
	const struct format *f = open ? open->format : redetect_format(&it->writer->formats);
	enum line_kind kind = LINE_UNPARSED;
	unsigned char first = (unsigned char)p->line.text.at[0];
	if (!f)
		return p->carried ? classify_carried(it, p, e, r) : LINE_UNPARSED;
	if (f->kind == FORMAT_W3C && first == '#') {
		struct span names = w3c_header(p->line.text);
		if (names.len)
			redetect_columns(&it->writer->formats, names);
		return LINE_BLANK;
	}
	if (f->kind != FORMAT_JSON && f->multiline != MULTILINE_NO && refused == PARSE_NO && !(f->starts_known && f->starts[first]) &&
	    (f->multiline == MULTILINE_ANY || first == ' ' || first == '\t'))
		kind = LINE_CONTINUES;
	if (begins_dump(it, f, p, open)) {
		entry_begin(e, f, p);
		return LINE_DUMP;
	}
	if (open && p->how == PARTS_LINE && kind == LINE_UNPARSED)
		return LINE_CONTINUES;
	if (open && open->dump)
		kind = !open->full && dump_goes_on(p->line.text) ? LINE_CONTINUES : LINE_UNPARSED;
	if (p->carried && (kind == LINE_UNPARSED || !open))
		return classify_carried(it, p, e, r);
	return kind;
}

/* The line, which is `kind` so far, is put aside: a look at what is behind it may find its format. */
static bool holds(struct intake *it, const struct pushed *p, const struct entry *open, const struct entry *e, enum line_kind kind)
{
	bool joins = kind == LINE_CONTINUES && open;
	bool strange = kind == LINE_UNPARSED || kind == LINE_CONTINUES || (kind == LINE_START && e->format->rank == RANK_CARRIED);
	if (!strange || p->how != PARTS_NONE || p->line.text.at[0] == ' ' || p->line.text.at[0] == '\t' || (joins && open->dump) ||
	    p->line.number == it->held || p == &it->first || !redetect_holds(&it->writer->formats, p->line.text, p->line.offset, joins))
		return false;
	it->held = p->line.number;
	if (p == &it->replayed)
		replay_untake(&it->again);
	else
		replay_only(&it->again, p);
	return true;
}

/* What a line is that the formats before `from` have refused; `refused`: with what the one did whose continuation it may be. LINE_START
 * and LINE_ATTACHMENT fill the record and the entry; nothing is counted here. LINE_NONE: it was put aside. */
static enum line_kind classify_from(struct intake *it, const struct pushed *p, const struct entry *open, struct entry *e,
				    struct record *r, size_t from, enum parse_result refused)
{
	const struct redetect *in = &it->writer->formats;
	const struct format *own = open ? open->format : redetect_format(in);
	if (!p->line.text.len) {
		bool joins = own && ((own->multiline != MULTILINE_NO && own->kind != FORMAT_JSON) || (open && open->dump));
		if (intake_says_without_text(p) && (!joins || own->kind == FORMAT_CARRIED))
			return classify_carried(it, p, e, r);
		return joins ? LINE_CONTINUES : LINE_BLANK;
	}
	for (size_t i = from; i < in->n; i++) {
		const struct format *f = in->list[i];
		struct span text = entry_text_for(f, p);
		if (!intake_may_start(f, text))
			continue;
		entry_begin(e, f, p);
		enum parse_result result = entry_parse(e, text, r);
		if (result == PARSE_OK)
			return record_is_attachment(r) ? LINE_ATTACHMENT : LINE_START;
		if (result == PARSE_PARTIAL) {
			it->quoted_at = i;
			return LINE_QUOTES;
		}
		if (f == own)
			refused = result;
	}
	enum line_kind kind = classify_rest(it, p, open, e, refused, r);
	return holds(it, p, open, e, kind) ? LINE_NONE : kind;
}

/* The same of a line of which the first format has said `result`; the entry is to be begun. */
static enum line_kind classify_first(struct intake *it, const struct pushed *p, const struct entry *open, struct entry *e,
				     struct record *r, enum parse_result result)
{
	const struct format *f = it->writer->formats.list[0];
	entry_begin(e, f, p);
	if (result == PARSE_OK)
		return record_is_attachment(r) ? LINE_ATTACHMENT : LINE_START;
	if (result == PARSE_PARTIAL) {
		it->quoted_at = 0;
		return LINE_QUOTES;
	}
	return classify_from(it, p, open, e, r, 1, open && open->format != f ? PARSE_NO : result);
}

/* The same of any line. */
static enum line_kind classify(struct intake *it, const struct pushed *p, const struct entry *open, struct entry *e,
			       struct record *r)
{
	enum parse_result result;
	if (intake_ask_first(it, p, e, r, &result))
		return classify_first(it, p, open, e, r, result);
	return classify_from(it, p, open, e, r, it->writer->formats.n > 0, PARSE_NO);
}

/* The next line at hand; NULL: there is none. */
static inline const struct pushed *next_line(struct intake *it)
{
	if (replay_has(&it->again)) {
		replay_take(&it->again, &it->replayed);
		return &it->replayed;
	}
	if (!it->has)
		return NULL;
	it->has = false;
	return &it->in;
}

/* Lines up to the end of the open quote, or to where it turns out to be none. */
static enum line_kind close_quote(struct intake *it, const struct entry *open, struct entry *e, struct record *r)
{
	while (it->quoted.open) {
		const struct pushed *p = next_line(it);
		if (!p && !it->ended)
			return LINE_NONE;
		enum quoted_result result = p ? quoted_add(&it->quoted, p, e, r) : quoted_end(&it->quoted, e, r);
		if (result == QUOTED_OPEN)
			continue;
		if (result == QUOTED_CLOSED)
			return record_is_attachment(r) ? LINE_ATTACHMENT : LINE_START;
		quoted_give_back(&it->quoted, &it->again, e, &it->first);
		it->now = &it->first;
	}
	for (;;) {
		const struct format *own = open ? open->format : redetect_format(&it->writer->formats);
		enum parse_result refused = it->writer->formats.list[it->quoted_at] == own ? PARSE_PARTIAL : PARSE_NO;
		enum line_kind kind = classify_from(it, it->now, open, e, r, it->quoted_at + 1, refused);
		if (kind != LINE_QUOTES)
			return kind;
	}
}

static enum line_kind open_quote(struct intake *it, const struct entry *open, struct entry *e, struct record *r)
{
	quoted_begin(&it->quoted, it->now, it->now->carried ? it->bytes : it->now->line.offset, e);
	return close_quote(it, open, e, r);
}

enum line_kind intake_next(struct intake *it, const struct entry *open, struct entry *e, struct record *r)
{
	if (it->quoted.open)
		return close_quote(it, open, e, r);
	it->now = next_line(it);
	if (!it->now)
		return LINE_NONE;
	if (open && it->now->how == PARTS_WORD)
		return LINE_CONTINUES;
	enum line_kind kind = classify(it, it->now, open, e, r);
	return kind == LINE_QUOTES ? open_quote(it, open, e, r) : kind;
}

enum line_kind intake_next_asked(struct intake *it, const struct entry *open, struct entry *e, struct record *r, enum parse_result result)
{
	it->has = false;
	it->now = &it->in;
	enum line_kind kind = classify_first(it, it->now, open, e, r, result);
	return kind == LINE_QUOTES ? open_quote(it, open, e, r) : kind;
}

uint64_t intake_waits(const struct intake *it)
{
	if (replay_has(&it->again))
		return it->again.lines[it->again.next].line.number;
	return it->has ? it->in.line.number : 0;
}

void intake_trim(struct intake *it)
{
	if (it->quoted.tried.text.cap > INTAKE_ROOM_BYTES)
		replay_release(&it->quoted.tried);
	if (it->again.text.cap > INTAKE_ROOM_BYTES)
		replay_release(&it->again);
}

void intake_release(struct intake *it)
{
	quoted_release(&it->quoted);
	replay_release(&it->again);
}
