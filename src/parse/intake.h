/* intake: the lines that come into a stream, in their order, and what each of them is.
 *
 * Takes  lines, pushed one by one; the writer (formats in force); the entry that is open, which a line may go on with.
 * Gives  the kind of the next line, and the record of one that begins something.
 * Holds  the line that was pushed; the lines of a quote that is still open (quoted.h); lines to be read again (replay.h).
 * Never  counts: a line is counted by who gives it, or leaves it (stream.h).
 */
#ifndef ONSET_INTAKE_H
#define ONSET_INTAKE_H

#include "parse/quoted.h"
#include "parse/streamroom.h"
#include "parse/writer.h"

enum line_kind {
	LINE_NONE,       /* not at hand, or not known yet */
	LINE_START,      /* a record begins */
	LINE_ATTACHMENT, /* DETAIL and the like */
	LINE_DUMP,
	LINE_CONTINUES,  /* it may go on with what is open; nothing is said of whether something is */
	LINE_UNPARSED,
	LINE_BLANK,
	LINE_QUOTES,     /* a quote opens; never given to others */
};

struct intake {
	struct writer *writer;          /* borrowed */
	const struct stream_room *room; /* borrowed */
	struct pushed in;               /* the line that was pushed */
	int next;                       /* first byte of the line behind it, or NEXT_NONE, NEXT_UNKNOWN */
	bool has;                       /* it was not read yet */
	bool ended;                     /* no line will come */

	struct quoted quoted;
	size_t quoted_at;               /* in the list of formats: the one whose quote is open */
	struct replay again;
	const struct pushed *now;       /* the line that is looked at: `in`, or one of these */
	struct pushed replayed, first;
	uint64_t bytes;                 /* of a carried stream: of its lines so far */
	uint64_t held;                  /* number of the line that was held last: it is the next one of `again`, until it is settled */
};

/* What the next line is, which is it->now. LINE_START and LINE_ATTACHMENT fill the record and the entry. LINE_NONE: the line is not
 * at hand, it was put aside (intake_holds_line()), or whether its quote closes is not known yet. */
enum line_kind intake_next(struct intake *it, const struct entry *open, struct entry *e, struct record *r);

/* A line that no format in force takes was put aside: a look for further formats may find its own (redetect.h: `ahead`). */
static inline bool intake_holds_line(const struct intake *it)
{
	return it->writer->formats.ahead && it->held && replay_has(&it->again);
}
/* That line. */
static inline void intake_held(struct intake *it, struct pushed *p)
{
	replay_take(&it->again, p);
	replay_untake(&it->again);
}

/* A record of the format can start with the line. */
static inline bool intake_may_start(const struct format *f, struct span text)
{
	return f->starts_known ? f->starts[(unsigned char)text.at[0]] : f->kind != FORMAT_JSON || text.at[0] == '{';
}
/* Nearly all lines are a whole record of the first format in force, and are that here, without a call: what it says of the line `p`,
 * which it->in is or will be. False: not a word. */
static inline bool intake_ask_first(const struct intake *it, const struct pushed *p, const struct entry *e, struct record *r,
				    enum parse_result *result)
{
	const struct redetect *in = &it->writer->formats;
	if (!in->n || !p->line.text.len)
		return false;
	const struct format *f = in->list[0];
	struct span text = entry_text_for(f, p);
	if (!intake_may_start(f, text))
		return false;
	if (e->shared)
		format_scratch_carried(e->scratch, p->carried);
	/* What is carried may have newlines. */
	*result = p->carried ? format_parse(f, text, e->scratch, r) : format_parse_line(f, text, e->scratch, r);
	return true;
}
/* intake_next() of the line that was pushed, once the first format was asked; `result` is what it said. */
enum line_kind intake_next_asked(struct intake *it, const struct entry *open, struct entry *e, struct record *r, enum parse_result result);

/* Dumps may stand among the format's records. */
static inline bool intake_has_dumps(const struct format *f)
{
	return f->kind == FORMAT_JSON || f->tier == TIER_APP || f->kind == FORMAT_CARRIED;
}
/* RFC 5424: a message may be all header (its text is optional, section 6.4). */
static inline bool intake_says_without_text(const struct pushed *p)
{
	return p->carried && p->carried->version.len > 0;
}

/* Number of the next line that was not given yet, but for those of an open quote; 0: there is none. */
uint64_t intake_waits(const struct intake *it);
/* Gives back room that little text needs. Nothing may wait. */
enum { INTAKE_ROOM_BYTES = 16 << 10 };
void intake_trim(struct intake *it);
void intake_release(struct intake *it);

#endif
