/* carriers: what carriers say of a line, in words, for tests.
 *
 * Takes  a line.
 * Gives  "chain by WRITER pid PID STREAM at TIME LEVEL partial continues word cut|TEXT"; "!" before it when nothing but
 *        colours carries; "?" behind a time without a zone.
 * Holds  nothing.
 * Never  outlives a test program.
 */
#ifndef ONSET_TEST_CARRIERS_H
#define ONSET_TEST_CARRIERS_H

#include "base/memory.h"
#include "carry/carrier.h"
#include "patterns.h"
#include "unit.h"

static inline void carriers_describe(struct span line, struct carrier_room *room, struct text *t)
{
	struct carried c;
	struct text writer = {0};
	char time[32];
	text_clear(t);
	bool carried = carrier_unwrap(line, room, NULL, NULL, &c);
	text_append_string(t, carried ? "" : "!");
	for (size_t i = 0; i < c.depth; i++)
		text_format(t, "%s%s", i ? ">" : "", carrier_name(c.chain[i]));
	carrier_writer(&c, &writer);
	if (writer.len)
		text_format(t, " by %s", writer.at);
	if (c.pid.len)
		text_format(t, " pid %.*s", (int)c.pid.len, c.pid.at);
	if (c.iostream.len)
		text_format(t, " %.*s", (int)c.iostream.len, c.iostream.at);
	if (c.has_stamp)
		text_format(t, " at %s%s", instant_format(c.stamp.time_us, time), c.stamp.zone == STAMP_EXPLICIT ? "" : "?");
	if (c.severity != SEVERITY_UNKNOWN)
		text_format(t, " %s", severity_name(c.severity));
	text_format(t, "%s%s%s%s|", c.partial ? " partial" : "", c.continues ? " continues" : "", c.continues_word ? " word" : "",
		    c.cut ? " cut" : "");
	text_append(t, c.text);
	text_release(&writer);
}

struct carriers_row {
	const char *name, *line, *wanted;
};

/* Each row, and each line cut at each byte: no more text than there is. */
static inline void carriers_rows(const struct carriers_row *rows, size_t n)
{
	struct carrier_room *room = carrier_room_new();
	struct text t = {0};
	for (size_t i = 0; i < n; i++) {
		struct span line = span_of(rows[i].line);
		carriers_describe(patterns_kept(line), room, &t);
		TEXT_IS(t.at, rows[i].wanted, rows[i].name);
		FACT(carrier_may(line) || rows[i].wanted[0] == '!', rows[i].name);
		bool inside = true;
		for (size_t len = 0; len < line.len; len++) {
			struct carried c;
			struct span cut = patterns_exact(span_head(line, len));
			carrier_unwrap(cut, room, NULL, NULL, &c);
			inside &= c.text.len <= len;
			memory_free((void *)cut.at);
		}
		FACT(inside, "a cut line carries no more than it has");
	}
	text_release(&t);
	carrier_room_free(room);
}

#endif
