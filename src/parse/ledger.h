/* ledger: what each line of a file was, and what is kept of the lines that were no record.
 *
 * Takes  lines that are no record and belong to none; the numbers of lines that do.
 * Gives  counts that add up to the lines of the file; the head lines; samples of what did not parse.
 * Holds  LIMIT_UNPARSED_SAMPLES excerpts, LIMIT_EDGE_BYTES of head lines.
 * Never  judges what a line is: that is the reader's.
 */
#ifndef ONSET_LEDGER_H
#define ONSET_LEDGER_H

#include "base/limits.h"
#include "read/lines.h"

struct ledger_counts {
	uint64_t lines;     /* all lines of the file */
	uint64_t records;
	uint64_t joined;    /* continuation lines joined to a record */
	uint64_t attached;  /* DETAIL and the like that found their record */
	uint64_t head;      /* continuations before the first record */
	uint64_t unparsed;  /* lines that are nothing of the above, foreign text and orphans included */
	uint64_t blank;     /* empty lines outside of records */
	uint64_t cut;       /* lines over LIMIT_LINE_BYTES */
	uint64_t refusals;  /* of the first LIMIT_UNPARSED_ASKED unparsed ones: those of which ledger_ask says so */
	/* lines = records' first lines + joined + attached + head + unparsed + blank, always */
};

/* Whether a line that is no record says that a connection was refused: somebody above who knows signals. */
struct ledger_ask {
	bool (*refuses)(void *who, struct span line);
	void *who;
};

struct ledger_sample {
	uint64_t line, offset, length;
	char *excerpt; /* owned; at most LIMIT_EXCERPT_BYTES raw bytes, not yet masked or escaped */
};

/* The head lines up to the first line that is a record, attached or unparsed, with the blank ones between them. line 0: there
 * are none. */
struct ledger_head {
	uint64_t line, offset, length; /* of the first one; bytes from its start to the end of the last one */
	struct span text;              /* at most LIMIT_EDGE_BYTES of them joined by "\n"; owned by the ledger */
};

/* Zeroed is empty. */
struct ledger {
	struct ledger_counts counts;
	struct ledger_sample samples[LIMIT_UNPARSED_SAMPLES];
	size_t samples_n;
	struct ledger_head head; /* its text is head_text */
	struct text head_text;
	uint64_t head_blank;     /* blank lines since the last head line */
	bool head_over;          /* a line came that is no head line */
	const struct ledger_ask *ask; /* borrowed; NULL: nobody is asked */
	uint32_t asked;
};

/* A record or an attachment begins, of `lines` lines so far. */
static inline void ledger_given(struct ledger *l, uint64_t lines, bool attachment)
{
	l->counts.lines += lines;
	l->counts.joined += lines - 1;
	l->counts.records += !attachment;
	l->counts.attached += attachment;
	l->head_over = true;
}
/* `lines` of the file are this one, which is the first of them. */
void ledger_joined(struct ledger *l, const struct line *line, uint64_t lines);
void ledger_blank(struct ledger *l, const struct line *line, uint64_t lines);
/* A continuation before the first record. */
void ledger_head(struct ledger *l, const struct line *line, uint64_t lines);
void ledger_unparsed(struct ledger *l, const struct line *line, uint64_t lines);
/* The sums of two. */
void ledger_add(struct ledger_counts *to, const struct ledger_counts *counts);
void ledger_release(struct ledger *l);

#endif
