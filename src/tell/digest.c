#include "tell/digest.h"

#include <stdlib.h>

#include "base/memory.h"
#include "fold/sentence.h"

enum {
	LABEL_COLUMNS = 11,
	WHOLE_BYTES = 600, /* of the impact, and of the cause with its nearest changes */
	LONG_BYTES = 240,  /* of another sentence that carries the story */
	SHORT_BYTES = 150, /* of one that only points into the draft */
	OTHERS = 2,
	CHANGES = 3,
};

/* What all lines share. */
struct digest {
	struct text *out;
	size_t columns;
	const struct digest_pen *pen; /* NULL: none */
	struct span folder; /* where all logs lie: said once, left out of the sentences; may be empty */
};

/* Code points, which is columns for the scripts that logs and paths are mostly in. */
static size_t columns_of(struct span s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.len; i++)
		n += ((unsigned char)s.at[i] & 0xC0) != 0x80;
	return n;
}

/* Cuts at the end of a clause, else of a word, else of a character, at most `most` bytes. All of it stands in the
 * draft. */
static struct span cut_clause(struct span s, size_t most)
{
	if (s.len <= most)
		return s;
	size_t word = 0, clause = 0;
	for (size_t i = 1; i < most; i++)
		if (s.at[i] == ' ') {
			word = i;
			clause = s.at[i - 1] == ';' || s.at[i - 1] == '.' ? i : clause;
		}
	size_t len = clause > most / 2 ? clause : word ? word : most;
	while (len && ((unsigned char)s.at[len] & 0xC0) == 0x80)
		len--;
	return span_head(s, len);
}

/* The sentence without the folder's name, safe for a terminal. */
static void append_safe(const struct digest *g, struct text *safe, struct span what, size_t most)
{
	struct text shorter = {0};
	for (ptrdiff_t at = 0; g->folder.len && (at = span_find(what, g->folder)) >= 0;) {
		text_append(&shorter, span_head(what, (size_t)at));
		what = span_from(what, (size_t)at + g->folder.len);
	}
	text_append(&shorter, what);
	if (g->pen) {
		struct text written = {0};
		g->pen->write(g->pen->context, text_span(&shorter), &written);
		text_release(&shorter);
		shorter = written;
	}
	struct span kept = cut_clause(text_span(&shorter), most);
	text_append_printable(safe, kept);
	if (kept.len < shorter.len)
		text_append_string(safe, " ...");
	text_release(&shorter);
}

/* A label, then `what` in the column beside it, broken at blanks. A word longer than a line (a path) stays whole: so it
 * can be copied. */
static void put_line(const struct digest *g, const char *label, struct span what, size_t most)
{
	if (!what.len)
		return;
	struct text safe = {0};
	append_safe(g, &safe, what, most);
	text_format(g->out, "  %-*s", LABEL_COLUMNS - 2, label);
	size_t column = LABEL_COLUMNS;
	bool first = true;
	for (struct span rest = text_span(&safe); rest.len;) {
		struct span word = span_cut(&rest, ' ');
		size_t wide = columns_of(word);
		if (!wide)
			continue;
		if (!first && column + 1 + wide > g->columns) {
			text_format(g->out, "\n%*s", LABEL_COLUMNS, "");
			column = LABEL_COLUMNS;
			first = true;
		}
		if (!first)
			text_append_byte(g->out, ' ');
		text_append(g->out, word);
		column += wide + !first;
		first = false;
	}
	text_append_byte(g->out, '\n');
	text_release(&safe);
}

static void put_string(const struct digest *g, const char *label, const char *what, size_t most)
{
	put_line(g, label, span_of(what), most);
}

static void put_text(const struct digest *g, const char *label, struct text *what, size_t most)
{
	put_line(g, label, text_span(what), most);
	text_release(what);
}

static bool same_day(int64_t a_us, int64_t b_us)
{
	struct civil a, b;
	instant_to_civil(a_us, &a);
	instant_to_civil(b_us, &b);
	return a.year == b.year && a.month == b.month && a.day == b.day;
}

/* "2026-11-22 11:15:26.510"; the date only when it is another than that of `beside_us`; its year when that is known. */
static void append_instant(struct text *t, int64_t us, int64_t beside_us, bool year)
{
	struct civil c;
	instant_to_civil(us, &c);
	if (beside_us == INSTANT_NONE || !same_day(us, beside_us)) {
		sentence_date(t, us, year);
		text_append_byte(t, ' ');
	}
	sentence_time(t, us);
	text_format(t, ".%03d", c.us / 1000);
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

static void put_times(const struct digest *g, const struct draft *d, const struct incident *in)
{
	struct text t = {0};
	int64_t onset = d->summary.onset.at_us, end = d->summary.end.at_us;
	bool censored = in && in->censored_start, ongoing = in && in->ongoing;
	if (onset == INSTANT_NONE)
		text_append_string(&t, "from an unknown time");
	else
		append_instant(&t, onset, INSTANT_NONE, !d->year_unknown);
	if (onset != INSTANT_NONE && censored)
		text_append_string(&t, in->gap_before ? " or earlier (the log has a gap before it)" : " or earlier (the log begins here)");
	else if (onset != INSTANT_NONE)
		append_width(&t, &d->summary.onset);
	if (end != INSTANT_NONE) {
		text_append_string(&t, ongoing ? " to at least " : " to ");
		append_instant(&t, end, onset, !d->year_unknown);
	}
	text_append_string(&t, d->year_unknown ? " UTC of an unknown year (state it: --year)" : " UTC");
	if (d->summary.duration_us.known) {
		text_append_string(&t, censored || ongoing ? ": at least " : ": ");
		sentence_duration(&t, d->summary.duration_us.value);
	}
	text_append_string(&t, ongoing ? "; the logs end too early to tell when it was over" : "");
	put_text(g, "when", &t, LONG_BYTES);
}

/* The first alert that people stated. */
static void put_noticed(const struct digest *g, const struct draft *d)
{
	struct text t = {0};
	if (d->summary.detected.at_us == INSTANT_NONE || !d->summary.detection_gap_us.known)
		return;
	append_instant(&t, d->summary.detected.at_us, d->summary.onset.at_us, true);
	append_width(&t, &d->summary.detected);
	text_append_string(&t, " UTC by the first alert, ");
	if (d->summary.detection_gap_us.value) {
		sentence_duration(&t, d->summary.detection_gap_us.value);
		text_append_string(&t, " after the onset");
	} else {
		text_append_string(&t, "as far as its stamp tells with the onset");
	}
	put_text(g, "noticed", &t, LONG_BYTES);
}

/* What the user asked to be told. */
static void put_asked(const struct digest *g, const struct draft *d)
{
	struct text t = {0};
	if (!d->asked.any)
		return;
	if (d->asked.since_us != INSTANT_NONE)
		append_instant(&t, d->asked.since_us, INSTANT_NONE, true);
	text_append_string(&t, d->asked.until_us == INSTANT_NONE ? " or later" : d->asked.since_us == INSTANT_NONE ? "before " : " to ");
	if (d->asked.until_us != INSTANT_NONE)
		append_instant(&t, d->asked.until_us, d->asked.since_us, true);
	text_append_string(&t, " UTC");
	if (!d->asked.covered)
		text_append_string(&t, ", which no log covers");
	if (d->asked.incidents) {
		text_append_string(&t, "; outside of it ");
		sentence_counted(&t, d->asked.incidents, "incident");
	}
	put_text(g, "asked", &t, LONG_BYTES);
}

static void put_others(const struct digest *g, const struct draft *d)
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
		text_append_string(&t, in->title ? in->title : in->id);
	}
	if (others > told) {
		text_append_string(&t, "; and ");
		sentence_count(&t, others - told);
		text_append_string(&t, " more");
	}
	put_text(g, "also", &t, LONG_BYTES);
}

/* Without an incident: what was done all the same. */
static void put_changes(const struct digest *g, const struct draft *d)
{
	static const char *const kinds[] = {"deploy", "rollback", "restart", "crash", "failover", "migration", "reload"};
	struct text t = {0};
	size_t told = 0, n = 0;
	for (size_t i = 0; i < d->timeline_n; i++)
		for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
			const struct entry *e = &d->timeline[i];
			if (!e->kind || !e->summary || strcmp(e->kind, kinds[k]) || n++ >= CHANGES)
				continue;
			text_append_string(&t, told++ ? " " : "");
			text_append_string(&t, e->summary);
		}
	if (n > told) {
		text_append_string(&t, " And ");
		sentence_count(&t, n - told);
		text_append_string(&t, " more.");
	}
	put_text(g, "changes", &t, WHOLE_BYTES);
}

/* Names of files; those of several writers are named by several sources. Zeroed is empty. */
struct names {
	const char **items;
	size_t n, cap;
};

static void names_add(struct names *names, const char *path)
{
	names->items = memory_grow(names->items, &names->cap, names->n + 1, sizeof *names->items);
	names->items[names->n++] = path;
}

static int name_order(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;
	return strcmp(*x, *y);
}

/* How many different ones; gives them back. */
static uint64_t names_count(struct names *names)
{
	uint64_t different = 0;
	if (names->n)
		qsort(names->items, names->n, sizeof *names->items, name_order);
	for (size_t i = 0; i < names->n; i++)
		different += !i || strcmp(names->items[i - 1], names->items[i]);
	memory_free(names->items);
	return different;
}

static void put_coverage(const struct digest *g, const struct draft *d)
{
	struct text t = {0};
	struct names read = {0}, broken = {0};
	uint64_t lines = 0, unparsed = 0;
	for (size_t i = 0; i < d->sources_n; i++) {
		const struct source *s = &d->sources[i];
		lines += s->lines;
		unparsed += s->unparsed;
		for (size_t k = 0; k < s->paths_n; k++)
			names_add(&read, s->paths[k]);
		for (size_t k = 0; k < s->truncated_n; k++)
			names_add(&broken, s->truncated[k].path);
	}
	uint64_t damaged = names_count(&broken);
	sentence_counted(&t, names_count(&read), "file");
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
		append_instant(&t, d->window_start_us, INSTANT_NONE, !d->year_unknown);
		text_append_string(&t, " to ");
		append_instant(&t, d->window_end_us, d->window_start_us, !d->year_unknown);
		text_append_string(&t, " UTC");
	}
	put_text(g, "read", &t, LONG_BYTES);
}

static void put_unknowns(const struct digest *g, const struct draft *d)
{
	if (!d->unknowns_n)
		return;
	struct text t = {0};
	const struct unknown *u = &d->unknowns[0];
	/* Cut by itself: how many there are stands behind it. */
	struct text first = {0};
	append_safe(g, &first, span_of(u->what), SHORT_BYTES);
	text_append(&t, text_span(&first));
	text_release(&first);
	if (d->unknowns_n > 1) {
		text_append_string(&t, "; and ");
		sentence_count(&t, d->unknowns_n - 1);
		text_append_string(&t, " more");
	}
	text_append_string(&t, " (the draft says which log setting would tell)");
	put_text(g, "unknown", &t, 2 * LONG_BYTES);
}

/* The folder that all sources lie in, with its slash: "" when there is none or only one source. */
static struct span folder_of(const struct draft *d)
{
	if (!d->sources_n)
		return SPAN_NONE;
	struct span folder = span_of(d->sources[0].key);
	for (size_t i = 0; i < d->sources_n; i++) {
		struct span key = span_of(d->sources[i].key);
		size_t n = 0, of_stream = d->sources[i].stream ? strlen(d->sources[i].stream) + 1 : 0;
		key.len -= of_stream < key.len ? of_stream : 0; /* it has slashes of its own */
		while (n < folder.len && n < key.len && folder.at[n] == key.at[n])
			n++;
		folder.len = n;
	}
	while (folder.len && folder.at[folder.len - 1] != '/')
		folder.len--;
	/* A lone slash stands in URLs as well. */
	return folder.len > 1 ? folder : SPAN_NONE;
}

void digest_from_draft(const struct draft *d, size_t columns, const struct digest_pen *pen, struct text *out)
{
	struct digest g = {out, columns < DIGEST_LEAST ? DIGEST_LEAST : columns > DIGEST_MOST ? DIGEST_MOST : columns,
			   pen, folder_of(d)};
	struct text title = {0};
	if (d->summary.incident)
		text_append_string(&title, d->summary.title ? d->summary.title : "an incident");
	else
		text_format(&title, "no incident: %s", d->summary.reason ? d->summary.reason : "nothing stands out");
	put_text(&g, "what", &title, LONG_BYTES);
	if (d->summary.incident) {
		put_times(&g, d, main_incident(d));
		put_noticed(&g, d);
		put_string(&g, "began", d->summary.began, LONG_BYTES);
		put_string(&g, "spread", d->summary.spread, LONG_BYTES);
		put_string(&g, "impact", d->summary.impact, WHOLE_BYTES);
		put_string(&g, "cause", d->summary.cause, WHOLE_BYTES);
		put_string(&g, "consider", d->summary.measure, SHORT_BYTES);
	}
	if (!d->summary.incident)
		put_changes(&g, d);
	put_others(&g, d);
	put_asked(&g, d);
	put_coverage(&g, d);
	put_unknowns(&g, d);
}
