#include "fold/rotation.h"

#include "base/memory.h"
#include "cause/callee.h"
#include "feed.h"
#include "fold/fold.h"
#include "handmade.h"
#include "story/story.h"

#include "builtin.h"
#include "unit.h"

/* What a shop writes (psycopg2 2.9 under Python's logging): a refusal with its traceback, which ends in the server's words. */
static const char refused[] =
	"%s ERROR shop.api unhandled exception while handling GET /report\n"
	"Traceback (most recent call last):\n"
	"  File \"/srv/shop/app.py\", line 41, in report\n"
	"    with psycopg2.connect(DSN) as db:\n"
	"         ^^^^^^^^^^^^^^^^^^^^\n"
	"psycopg2.OperationalError: connection to server at \"127.0.0.1\", port 5432 failed: FATAL:  sorry, too many clients already\n"
	"\n"
	"During handling of the above exception, another exception occurred:\n"
	"\n"
	"Traceback (most recent call last):\n"
	"  File \"/srv/shop/app.py\", line 44, in report\n"
	"    raise Unavailable(\"report\") from error\n"
	"shop.errors.Unavailable: report\n";

static void append_stamp(struct text *t, int i)
{
	text_format(t, "2026-11-22 11:%02d:%02d,%03d", 15 + i / 60, i % 60, i * 7 % 1000);
}

/* Ten quiet records, twenty refusals, ten quiet ones; a second apart. The classes of the chained ones are left to the patterns. */
static struct text log_of(bool chained)
{
	struct text t = {0};
	for (int i = 0; i < 40; i++) {
		struct text stamp = {0};
		append_stamp(&stamp, i);
		if (i < 10 || i >= 30)
			text_format(&t, "%s INFO shop.api request served\n", stamp.at);
		else if (chained && i % 3)
			text_format(&t, refused, stamp.at);
		else
			text_format(&t,
				    "%s ERROR shop.api unhandled exception while handling GET /report\nTraceback (most recent call last):\n"
				    "  File \"/srv/shop/app.py\", line 41, in report\n    with psycopg2.connect(DSN) as db:\n"
				    "psycopg2.OperationalError: connection to server at \"127.0.0.1\", port 5432 failed: FATAL:  sorry, too many "
				    "clients already\n",
				    stamp.at);
		text_release(&stamp);
	}
	return t;
}

static void add(struct tally *tally, const struct patterns *all, struct span bytes, const char *key, const char *path)
{
	struct feed f;
	struct location where = {0};
	feed_open(&f, bytes.at, bytes.len, 0);
	struct scanned scanned;
	scan_file(&f.in, all, NULL, &where, NULL, NULL, &scanned);
	feed_close(&f);
	for (size_t i = 0; i < scanned.n; i++) {
		handmade_add(tally, scanned.parts[i], key, path);
		scanned.parts[i] = NULL;
	}
	scanned_release(&scanned);
}

/* Which addresses how many records call: those that the parts count, and those of joined records. */
static void append_calls(struct text *t, const struct fold *f)
{
	struct callee_list list;
	callee_find(f, &list);
	for (size_t i = 0; i < list.n; i++)
		text_format(t, "%s calls %s %llu, failed %llu\n", f->sources[list.items[i].caller].key, list.items[i].address,
			    (unsigned long long)list.items[i].records, (unsigned long long)list.items[i].failed);
	callee_release(&list);
}

/* Signals, classes and how often, and where the first and last event lie; whom its records call; the source's counts of lines. */
static struct text told(const struct tally *tally, const struct patterns *all, uint64_t *joined)
{
	struct story_options options = {0};
	struct diag_list trouble = {0};
	struct text t = {0};
	struct fold *f = fold_new(tally, all->signals, &options, &trouble);
	*joined = 0;
	for (size_t i = 0; i < f->n; i++) {
		const struct fold_source *s = &f->sources[i];
		*joined += s->joined_over_rotation;
		for (size_t k = 0; k < s->series_n; k++) {
			const struct fold_series *series = &s->series[k];
			if (!strcmp(series->signal, "records") || !series->n)
				continue;
			const struct bin *first = &series->bins[0].bin, *last = &series->bins[series->n - 1].bin;
			text_format(&t, "%s %s %s %d %llu from %u.%06u to %u.%06u\n", s->key, series->signal, series->class, (int)series->facet,
				    (unsigned long long)series->total, first->start_s, first->first_us, last->start_s, last->last_us);
		}
	}
	append_calls(&t, f);
	fold_free(f);
	diag_release(&trouble);
	return t;
}

/* Of a chained traceback only the last exception is asked whom it called; what a file's end cut off has another last one. */
static void without_calls(struct text *t, bool chained)
{
	char *calls = chained ? strstr(t->at, "app.log calls ") : NULL;
	if (calls)
		*calls = '\0';
}

/* A log that a rotation cuts at each of its lines means what the whole one means. */
static void every_line(const struct patterns *all, bool chained)
{
	struct text log = log_of(chained), whole;
	struct tally tally = {0};
	uint64_t joined;
	unsigned cuts = 0, joins = 0, wrong = 0, uncounted = 0;
	add(&tally, all, text_span(&log), "app.log", "app.log");
	whole = told(&tally, all, &joined);
	handmade_release(&tally);
	if (!chained)
		FACT(strstr(whole.at, "calls 127.0.0.1:5432 20, failed 20\n") != NULL, "twenty name whom they called");
	without_calls(&whole, chained);
	FACT(strstr(whole.at, "db.connections.exhausted db.max_connections 0 20 ") && !joined, "twenty refusals in the whole log");
	for (size_t at = 0; at < log.len; at++) {
		if (!at || log.at[at - 1] != '\n')
			continue;
		struct span before = span_head(text_span(&log), at), after = span_from(text_span(&log), at);
		bool inside = after.at[0] != '2';
		add(&tally, all, before, "app.log", "app.log.1");
		add(&tally, all, after, "app.log", "app.log");
		uint64_t head = 0;
		for (size_t i = 0; i < tally.n; i++)
			head += tally.entries[i].part->counts.head;
		struct text cut = told(&tally, all, &joined);
		without_calls(&cut, chained);
		if (strcmp(cut.at, whole.at)) {
			if (!wrong++)
				printf("cut before \"%.60s\":\n%snot\n%s", after.at, cut.at, whole.at);
		}
		uncounted += joined != head || (inside && after.at[0] != '\n' && !joined);
		cuts++;
		joins += joined > 0;
		text_release(&cut);
		handmade_release(&tally);
	}
	FACT(!wrong, chained ? "cut at any line of chained tracebacks: the same counts, times and places" :
			       "cut at any line of a traceback: the same counts, times and places");
	FACT(!uncounted && joins > 70 && cuts > joins, "the lines that were joined are counted");
	text_release(&whole);
	text_release(&log);
}

/* ---- which file goes on with which ---- */

/* A file of 1,000 + n bytes that ends in an open record at `tail_s` (INT64_MIN: in none) and may begin with `head`. */
static struct part *file(uint64_t n, double first_s, double last_s, const char *tail, const char *head)
{
	struct part *p = handmade_part("python_logging", TIER_APP, 1000 + n, T0, T0);
	p->first_us = T0 * SECOND_US + (int64_t)(first_s * 1e6);
	p->last_us = T0 * SECOND_US + (int64_t)(last_s * 1e6);
	p->counts.head = head ? 1 : 0;
	p->head = (struct file_edge){.at_us = INSTANT_NONE, .line = 1, .length = head ? (uint32_t)strlen(head) : 0,
				     .message = span_copy(SPAN("")), .text = span_copy(span_of(head))};
	p->tail = (struct file_edge){.at_us = tail ? p->last_us : INSTANT_NONE, .line = 50, .offset = 900,
				     .length = tail ? (uint32_t)(p->bytes - 901) : 0, .severity = SEVERITY_ERROR,
				     .message = span_copy(span_of(tail)), .text = span_copy(SPAN("Traceback (most recent call last):"))};
	return p;
}

static const char head_text[] = "psycopg2.OperationalError: FATAL:  sorry, too many clients already";

/* How many refusals the joins of up to four files of one source find, and how many lines were joined. */
static void expect(const struct patterns *all, struct part *const parts[4], const char *refusals, uint64_t lines, const char *name)
{
	static const char *const paths[] = {"app.log.3", "app.log.2", "app.log.1", "app.log"};
	struct tally tally = {0};
	uint64_t joined;
	for (size_t i = 0; i < 4; i++)
		if (parts[i])
			handmade_add(&tally, parts[i], "app.log", paths[i]);
	struct text t = told(&tally, all, &joined);
	if (!FACT(joined == lines && (*refusals ? t.at && strstr(t.at, refusals) : !t.len), name))
		printf("%llu lines, %s\n", (unsigned long long)joined, t.at ? t.at : "");
	text_release(&t);
	handmade_release(&tally);
}

static void which_file(const struct patterns *all)
{
	const char *h = head_text;
	expect(all, (struct part *[4]){file(1, 0, 100, "failed", NULL), file(2, 130, 200, NULL, h)}, "db.max_connections 0 1 from 1700000100.", 1,
	       "the tail is 30 s before: joined, counted at the tail's time");
	expect(all, (struct part *[4]){file(1, 0, 100, "failed", NULL), file(2, 160, 200, NULL, h)}, "db.max_connections 0 1 ", 1, "60 s are near enough");
	expect(all, (struct part *[4]){file(1, 0, 100, "failed", NULL), file(2, 160.001, 200, NULL, h)}, "", 0, "more than 60 s are not");
	expect(all, (struct part *[4]){file(1, 150, 200, "failed", NULL), file(2, 0, 100, NULL, h)}, "", 0, "a file that follows is none before");
	expect(all, (struct part *[4]){file(1, 0, 100, "failed", NULL), file(2, 100, 100.5, "failed", h), file(3, 101, 200, NULL, h)},
	       "db.max_connections 0 2 from 1700000100.000000 to 1700000100.500000", 2, "three files, two records: each tail its own head");
	expect(all, (struct part *[4]){file(1, 0, 100, "failed", NULL), file(2, 99, 100, "failed", NULL), file(3, 101, 200, NULL, h)},
	       "db.max_connections 0 1 ", 1, "two tails of one time: of the file that began later");
	expect(all, (struct part *[4]){file(1, 99, 100, "failed", NULL), file(2, 99, 100, "failed", NULL), file(3, 101, 200, NULL, h)}, "", 0,
	       "two tails of files that began together: one cannot tell");
	expect(all, (struct part *[4]){file(1, 0, 100, "failed", NULL), file(2, 101, 130, NULL, h), file(3, 101, 120, NULL, h)}, "", 0,
	       "two heads that begin together: neither");
	expect(all, (struct part *[4]){file(1, 0, 100, "failed", NULL), file(2, 101, 110, NULL, h), file(3, 111, 120, NULL, h)},
	       "db.max_connections 0 1 ", 1, "two heads that want one tail: the first");
	expect(all, (struct part *[4]){file(1, 100, 200, "failed", h)}, "", 0, "never with itself");
	expect(all, (struct part *[4]){file(1, 0, 3600, "failed", NULL), file(2, 10, 3599, "failed", NULL), file(3, 3601, 7200, NULL, h)}, "", 0,
	       "files that run side by side: which one goes on is not known");

	struct part *other = file(1, 0, 100, "failed", NULL);
	memory_free(other->format);
	other->format = span_copy(SPAN("app_json"));
	expect(all, (struct part *[4]){other, file(2, 101, 200, NULL, h)}, "", 0, "another format: its record has no such lines");
	other = file(1, 0, 100, "failed", NULL);
	other->bytes += 30;
	expect(all, (struct part *[4]){other, file(2, 101, 200, NULL, h)}, "", 0, "what did not parse stands behind the last record: it is not open");
	other = file(1, 0, 100, "Sorry, too many clients already: FATAL:  sorry, too many clients already", NULL);
	struct series *s = handmade_series(other, "db.connections.exhausted", "db.max_connections", FACET_NONE, "", 1);
	handmade_bin(s, T0 + 100, 3, 0, 0);
	s->bins[0].last_line = 50;
	s->bins[0].last_offset = 900;
	expect(all, (struct part *[4]){other, file(2, 101, 200, NULL, h)}, "db.max_connections 0 3 ", 1, "what the first half was is not counted again");
}

/* A signal that the first half has, and the whole has not: what it was taken for is taken back, in its facets too. */
static void taken_back(void)
{
	static const char bytes[] = "signal = app.half\ntitle = half\nrole = symptom\nhealth = zero\nvisible = yes\nstrength = states\n"
				    "sentence = {count} halves\nmeasure = none\n\nrule = half\nclass = half\ncontains = failed at once\n"
				    "except = too many clients\nsample = app ERROR | failed at once\n";
	struct patterns all = builtin_load();
	struct pattern_file pattern = {0};
	struct diag d = {0};
	struct signal_set *set = signal_set_new();
	FACT(pattern_file_parse(&pattern, "app.half.signal", SPAN(bytes), &d) && signal_set_add(set, &pattern, &d) && signal_set_finish(set, &d),
	     "the signal is fine");
	signal_set_free(all.signals);
	all.signals = set;
	static const struct {
		uint32_t n;
		const char *told, *name;
	} cases[] = {
		{1, "", "the only event of its second: the second is gone"},
		{3, "app.log app.half half 0 2 from 1700000050.000000 to 1700000100.500000\napp.log app.half half 1 2 from 1700000050.000000 to 1700000100.500000\n",
		 "one of several: one less, to the last one known"},
	};
	for (size_t i = 0; i < 2; i++) {
		struct part *p = file(1, 0, 100.9, "failed at once", NULL);
		for (int facet = 0; facet < 2; facet++) {
			struct series *s = handmade_series(p, "app.half", "half", facet ? FACET_USER : FACET_NONE, facet ? "shop" : "", 1);
			if (cases[i].n > 1)
				handmade_bin(s, T0 + 50, 1, 0, 0);
			struct bin *b = handmade_bin(s, T0 + 100, cases[i].n > 1 ? cases[i].n - 1 : 1, cases[i].n > 1 ? 500000 : 900000, 900000);
			b->last_line = 50;
			b->last_offset = 900;
			if (cases[i].n == 1) {
				b->first_line = 50;
				b->first_offset = 900;
			}
		}
		struct tally tally = {0};
		uint64_t joined;
		handmade_add(&tally, p, "app.log", "app.log.1");
		handmade_add(&tally, file(2, 101, 200, NULL, head_text), "app.log", "app.log");
		struct text t = told(&tally, &all, &joined);
		TEXT_IS(t.at, cases[i].told, cases[i].name);
		text_release(&t);
		handmade_release(&tally);
	}
	builtin_release(&all);
}

static void damaged(const struct patterns *all)
{
	for (int whole = 0; whole < 2; whole++) {
		struct tally tally = {0};
		uint64_t joined;
		handmade_add(&tally, file(1, 0, 100, "failed", NULL), "app.log", "app.log.1.gz");
		tally.entries[0].locations[0].damage.kind = DAMAGE_TRUNCATED;
		if (whole)
			handmade_add(&tally, tally.entries[0].part, "app.log", "copy/app.log.1");
		handmade_add(&tally, file(2, 101, 200, NULL, head_text), "app.log", "app.log");
		struct text t = told(&tally, all, &joined);
		FACT(joined == (uint64_t)whole, whole ? "an undamaged copy of it has its end" : "a file that is cut off does not end in its last record");
		text_release(&t);
		handmade_release(&tally);
	}
}

/* The draft's lines add up, and a head without a tail stays one. */
static void in_the_draft(const struct patterns *all)
{
	for (int lone = 0; lone < 2; lone++) {
		struct tally tally = {0};
		struct story_options options = {0};
		struct diag_list trouble = {0};
		handmade_add(&tally, file(1, 0, lone ? 30 : 100, "failed", NULL), "app.log", "app.log.1");
		handmade_add(&tally, file(2, 101, 200, NULL, head_text), "app.log", "app.log");
		struct draft *d = story_tell(&tally, all->signals, &options, &trouble);
		FACT(d->sources_n == 1 && d->sources[0].joined_over_rotation == (uint64_t)!lone && d->sources[0].head == (uint64_t)lone,
		     lone ? "lines that find no record stay head lines" : "lines that found their record are no head lines");
		draft_free(d);
		diag_release(&trouble);
		handmade_release(&tally);
	}
}

int main(void)
{
	struct patterns all = builtin_load();
	every_line(&all, false);
	every_line(&all, true);
	which_file(&all);
	taken_back();
	damaged(&all);
	in_the_draft(&all);
	builtin_release(&all);
	return unit_done();
}
