/* rule: one way to tell that a record is of a (signal, class).
 *
 * Takes  the entries of one rule of a signal file (pattern.h says the syntax); records.
 * Gives  whether the rule's conditions hold, for a record or for one line of its text.
 * Holds  its regex; every span points into the pattern file, which must outlive the rule.
 * Never  looks at the raw line, at statements, URLs, DETAIL or HINT; never reads more than RULE_LINE_BYTES of one line.
 *
 * The *subjects* of a record are the lines of its message, exception message, exception type and exception stack text: the
 * root cause of a chained traceback may be its first exception. `starts` looks at the first line of the message and of the
 * exception message, `ends` at the first line of the message; `contains` and `regex` must hold on one and the same subject.
 */
#ifndef ONSET_RULE_H
#define ONSET_RULE_H

#include "line/record.h"
#include "parse/pattern.h"

enum {
	RULE_LINE_BYTES = 16 << 10, /* of a subject: messages say what they mean at their start; bounds a regex's work */
	RULE_STATUS_RANGES = 8,
};

enum rule_gate {
	GATE_FAILING, /* WARN or worse, or no level */
	GATE_ANY,
	GATE_LEVEL,   /* at least `least` */
};
/* What makes it worth while to try the rule. */
enum rule_trigger { TRIGGER_STATUS, TRIGGER_DURATION, TRIGGER_CODE, TRIGGER_EDGE /* starts, ends */, TRIGGER_CONTAINS };

struct span_list {
	struct span *items;
	size_t n, cap;
};

struct rule {
	struct span id, class;
	unsigned tiers; /* bit 1 << enum tier; 0: all. A source of unknown tier may be of any */
	enum rule_gate gate;
	enum severity least;
	int status_low[RULE_STATUS_RANGES], status_high[RULE_STATUS_RANGES];
	size_t status_n;
	int64_t duration_us; /* -1: no condition */
	struct span_list codes, servers, starts, ends, contains, except;
	struct regex *regex;
	struct text literal; /* that every match of `regex` contains; empty when none is known */
	size_t entry, entries; /* of the file: the "rule" line, and one behind the rule's last */
};

/* Reads the rule that begins at entry `first` of the file. False with `d`; the rule is released then. */
bool rule_read(struct rule *rule, const struct pattern_file *file, size_t first, struct diag *d);
void rule_release(struct rule *rule);
enum rule_trigger rule_trigger(const struct rule *rule);

/* The severity is one that the rule looks at. */
bool rule_admits(const struct rule *rule, enum severity severity);
static inline bool severity_is_failing(enum severity severity)
{
	return severity == SEVERITY_UNKNOWN || severity >= SEVERITY_WARN;
}
/* All conditions but those on text. */
bool rule_holds(const struct rule *rule, enum tier tier, const struct record *r);
/* The conditions on one subject: contains and regex. True when there are none. `from`: where what it contains is looked for first. */
bool rule_holds_on(const struct rule *rule, struct span subject, size_t from, struct regex_scratch *scratch);
/* None of the `except` texts is in a subject of the record. */
bool rule_not_excepted(const struct rule *rule, const struct record *r);
/* Everything, the slow way: each subject is tried. signal.c gives the same answers with tables before it. */
bool rule_matches(const struct rule *rule, enum tier tier, const struct record *r, struct regex_scratch *scratch);

/* Cuts the next subject off `*rest`: one line, without "\r" at its end, at most RULE_LINE_BYTES of it. */
struct span subject_cut(struct span *rest);

#endif
