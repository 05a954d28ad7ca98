#include "tell/digest.h"

#include "story/sentence.h"

enum { LABEL_COLUMNS = 10, SENTENCE_BYTES = 320, OTHERS = 2 };

/* Code points, which is columns for the scripts that logs and paths are mostly in. */
static size_t columns_of(struct span s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.len; i++)
		n += ((unsigned char)s.at[i] & 0xC0) != 0x80;
	return n;
}

/* A label, then `what` in the column beside it, broken at blanks. A word longer than a line (a path) stays whole: it can then
 * be copied. Long sentences are cut: all of it stands in the draft. */
static void put_line(struct text *out, const char *label, struct span what)
{
	if (!what.len)
		return;
	size_t kept = what.len > SENTENCE_BYTES ? SENTENCE_BYTES : what.len;
	while (kept && kept < what.len && ((unsigned char)what.at[kept] & 0xC0) == 0x80)
		kept--;
	struct text safe = {0};
	text_append_printable(&safe, span_head(what, kept));
	if (kept < what.len)
		text_append_string(&safe, "...");
	text_format(out, "  %-*s", LABEL_COLUMNS - 2, label);
	size_t column = LABEL_COLUMNS;
	bool first = true;
	for (struct span rest = text_span(&safe); rest.len;) {
		struct span word = span_cut(&rest, ' ');
		size_t wide = columns_of(word);
		if (!wide)
			continue;
		if (!first && column + 1 + wide > DIGEST_COLUMNS) {
			text_format(out, "\n%*s", LABEL_COLUMNS, "");
			column = LABEL_COLUMNS;
			first = true;
		}
		if (!first)
			text_append_byte(out, ' ');
		text_append(out, word);
		column += wide + !first;
		first = false;
	}
	text_append_byte(out, '\n');
	text_release(&safe);
}

static void put_string(struct text *out, const char *label, const char *what)
{
	put_line(out, label, span_of(what));
}

static void put_text(struct text *out, const char *label, struct text *what)
{
	put_line(out, label, text_span(what));
	text_release(what);
}

static bool same_day(int64_t a_us, int64_t b_us)
{
	struct civil a, b;
	instant_to_civil(a_us, &a);
	instant_to_civil(b_us, &b);
	return a.year == b.year && a.month == b.month && a.day == b.day;
}

/* "2026-11-22 11:15:26.510 UTC"; the date only when it is another than that of `beside_us`. */
static void append_instant(struct text *t, int64_t us, int64_t beside_us)
{
	struct civil c;
	instant_to_civil(us, &c);
	if (beside_us == INSTANT_NONE || !same_day(us, beside_us)) {
		sentence_date(t, us);
		text_append_byte(t, ' ');
	}
	sentence_time(t, us);
	text_format(t, ".%03d UTC", c.us / 1000);
}

/* " (known to 20 ms)": how wide the interval is that holds the truth. */
static void append_width(struct text *t, const struct moment *m)
{
	if (m->lower_us == INSTANT_NONE || m->upper_us == INSTANT_NONE || m->upper_us <= m->lower_us)
		return;
	text_append_string(t, " (known to ");
	sentence_duration(t, m->upper_us - m->lower_us);
	text_append_byte(t, ')');
}

static const struct incident *main_incident(const struct draft *d)
{
	for (size_t i = 0; d->summary.incident && i < d->incidents_n; i++)
		if (!strcmp(d->incidents[i].id, d->summary.incident))
			return &d->incidents[i];
	return NULL;
}

static void put_times(struct text *out, const struct draft *d, const struct incident *in)
{
	struct text from = {0}, until = {0};
	int64_t onset = d->summary.onset.at_us, end = d->summary.end.at_us;
	if (onset != INSTANT_NONE) {
		append_instant(&from, onset, INSTANT_NONE);
		append_width(&from, &d->summary.onset);
	}
	if (d->summary.onset.reason)
		text_format(&from, "%s%s", from.len ? "; " : "not known: ", d->summary.onset.reason);
	put_text(out, "from", &from);
	if (in && in->ongoing)
		text_append_string(&until, "not over when the logs end");
	if (end != INSTANT_NONE) {
		text_append_string(&until, until.len ? "; last seen " : "");
		append_instant(&until, end, onset);
	}
	if (d->summary.duration_us.known) {
		text_append_string(&until, ", after ");
		sentence_duration(&until, d->summary.duration_us.value);
	}
	if (end == INSTANT_NONE && d->summary.end.reason)
		text_format(&until, "%s%s", until.len ? ": " : "not known: ", d->summary.end.reason);
	put_text(out, "until", &until);
}

static void put_changes(struct text *out, const struct incident *in)
{
	struct text t = {0};
	for (size_t i = 0; i < in->changes_n && i < OTHERS; i++) {
		const struct change *c = &in->changes[i];
		text_append_string(&t, i ? "; " : "");
		if (c->at.at_us != INSTANT_NONE) {
			sentence_time(&t, c->at.at_us);
			text_append_byte(&t, ' ');
		}
		text_append_string(&t, c->summary ? c->summary : c->kind);
	}
	if (in->changes_n > OTHERS) {
		text_append_string(&t, "; and ");
		sentence_count(&t, in->changes_n - OTHERS);
		text_append_string(&t, " more");
	}
	put_text(out, "changes", &t);
}

static void put_others(struct text *out, const struct draft *d)
{
	struct text t = {0};
	size_t told = 0, others = 0;
	for (size_t i = 0; i < d->incidents_n; i++) {
		const struct incident *in = &d->incidents[i];
		if (d->summary.incident && !strcmp(in->id, d->summary.incident))
			continue;
		others++;
		if (told == OTHERS)
			continue;
		text_append_string(&t, told++ ? "; " : "");
		sentence_time(&t, in->onset.at_us);
		text_format(&t, " %s", in->title ? in->title : "");
	}
	if (others > told) {
		text_append_string(&t, "; and ");
		sentence_count(&t, others - told);
		text_append_string(&t, " more");
	}
	put_text(out, "also", &t);
}

static void put_coverage(struct text *out, const struct draft *d)
{
	struct text t = {0};
	uint64_t lines = 0, unparsed = 0, files = 0, damaged = 0;
	for (size_t i = 0; i < d->sources_n; i++) {
		lines += d->sources[i].lines;
		unparsed += d->sources[i].unparsed;
		files += d->sources[i].paths_n;
		damaged += d->sources[i].truncated_n;
	}
	sentence_counted(&t, files, "file");
	text_append_string(&t, " of ");
	sentence_counted(&t, d->sources_n, "source");
	text_append_string(&t, ", ");
	sentence_counted(&t, lines, "line");
	if (unparsed) {
		text_append_string(&t, " (");
		sentence_count(&t, unparsed);
		text_append_string(&t, " not understood)");
	}
	if (damaged) {
		text_append_string(&t, ", ");
		sentence_count(&t, damaged);
		text_append_string(&t, " damaged");
	}
	if (d->window_start_us != INSTANT_NONE && d->window_end_us != INSTANT_NONE) {
		text_append_string(&t, ", ");
		append_instant(&t, d->window_start_us, INSTANT_NONE);
		text_append_string(&t, " to ");
		append_instant(&t, d->window_end_us, d->window_start_us);
	}
	put_text(out, "read", &t);
}

static void put_unknowns(struct text *out, const struct draft *d)
{
	if (!d->unknowns_n)
		return;
	struct text t = {0};
	const struct unknown *u = &d->unknowns[0];
	text_format(&t, "%s: %s", u->what ? u->what : "", u->why ? u->why : "");
	if (u->setting)
		text_format(&t, " (%s would tell)", u->setting);
	if (d->unknowns_n > 1) {
		text_append_string(&t, "; and ");
		sentence_count(&t, d->unknowns_n - 1);
		text_append_string(&t, " more in the draft");
	}
	put_text(out, "unknown", &t);
}

void digest_from_draft(const struct draft *d, struct text *out)
{
	const struct incident *in = main_incident(d);
	struct text title = {0};
	if (d->summary.incident)
		text_append_string(&title, d->summary.title ? d->summary.title : "an incident");
	else
		text_format(&title, "no incident: %s", d->summary.reason ? d->summary.reason : "nothing stands out");
	put_text(out, "what", &title);
	if (d->summary.incident) {
		put_times(out, d, in);
		put_string(out, "began", d->summary.began);
		put_string(out, "spread", d->summary.spread);
		put_string(out, "impact", d->summary.impact);
		put_string(out, "cause", d->summary.cause);
		put_string(out, "consider", d->summary.measure);
	}
	if (in)
		put_changes(out, in);
	put_others(out, d);
	put_coverage(out, d);
	put_unknowns(out, d);
}
