#include "cmd/check_verb.h"

#include <stdlib.h>

#include "base/memory.h"
#include "cmd/attend.h"
#include "cmd/explain_verb.h"
#include "cmd/gather.h"
#include "cmd/output.h"
#include "cmd/records_verb.h"
#include "fold/sentence.h"
#include "fold/years.h"
#include "line/yearof.h"
#include "parse/signalcheck.h"

enum { SHOWN_BYTES = 120 }; /* of a line that did not parse, or of a layout */

static void label(struct text *out, const char *name)
{
	text_format(out, "  %-10s", name);
}

/* Log text: escaped, and cut at a character. */
static void append_shown(struct text *out, struct span s)
{
	size_t kept = s.len < SHOWN_BYTES ? s.len : SHOWN_BYTES;
	while (kept && kept < s.len && ((unsigned char)s.at[kept] & 0xC0) == 0x80)
		kept--;
	text_append_printable(out, span_head(s, kept));
	if (kept < s.len)
		text_append_string(out, "...");
}

static void describe_format(const struct part *part, struct text *out)
{
	if (*part->carriers) {
		label(out, "carried");
		text_append_string(out, "by ");
		append_shown(out, span_of(part->carriers));
		text_append_byte(out, '\n');
	}
	label(out, "format");
	if (!*part->format) {
		text_append_string(out, part->counts.lines ? "unknown\n" : "none: the file is empty\n");
		return;
	}
	if (part->rank == RANK_STAMPED)
		text_format(out, "%s: no known format; read by its time stamps", part->format);
	else if (part->rank == RANK_CARRIED)
		text_format(out, "%s: lines of other programs, of no known format", part->format);
	else
		text_format(out, "%s (%s)", part->format, sentence_tier(part->tier));
	if (part->stated)
		text_append_string(out, ", as stated");
	if (part->detect_lines) {
		text_append_string(out, ", takes ");
		sentence_count(out, part->detect_taken);
		text_append_string(out, " of the first ");
		sentence_counted(out, part->detect_lines, "line");
	}
	text_append_byte(out, '\n');
	if (*part->also) {
		label(out, "ambiguous");
		text_format(out, "%s takes as many; to choose: --format\n", part->also);
	}
	if (part->layout && *part->layout) {
		label(out, "layout");
		append_shown(out, span_of(part->layout));
		text_append_byte(out, '\n');
	}
	if (part->format_changes) {
		label(out, "changes");
		text_append_string(out, "the format changes ");
		sentence_counted(out, part->format_changes, "time");
		text_append_byte(out, '\n');
	}
}

/* What is known of a file's times beside what it prints. */
struct known_times {
	const struct zone *zone; /* stated for it; NULL */
	struct year_known year;
};

static void append_stamp(struct text *out, const struct part *part, const struct known_times *known, int64_t us)
{
	struct civil c;
	int64_t later_us;
	if (known->year.year)
		us = yearof_move(us, known->year.year - YEAROF_YEARLESS);
	if (known->zone && part->zone != STAMP_EXPLICIT)
		zone_to_utc(known->zone, us, &us, &later_us);
	instant_to_civil(us, &c);
	if (part->yearless && !known->year.year)
		text_format(out, "%02d-%02d ", c.month, c.day);
	else
		text_format(out, "%04d-%02d-%02d ", c.year, c.month, c.day);
	sentence_time(out, us);
	if (part->resolution_us < SECOND_US)
		text_format(out, ".%06d", c.us);
}

static void describe_year(const struct part *part, const struct year_known *year, struct text *out)
{
	if (!part->yearless)
		return;
	label(out, "year");
	const char *how = year->how ? year->how : "";
	if (!year->year)
		text_append_string(out, "not printed; a draft asks the other logs, --year states it\n");
	else
		text_format(out, "%d, %s\n", year->year, !strcmp(how, "option") ? "as stated" : !strcmp(how, "name") ? "by the date in the name" :
			    !strcmp(how, "container") ? "by the time in the gzip header" : "by other files of its source");
}

static void describe_time(const struct part *part, const struct known_times *known, struct text *out)
{
	if (part->first_us == INSTANT_NONE)
		return;
	bool printed = part->zone == STAMP_EXPLICIT, utc = printed || known->zone;
	label(out, "zone");
	if (!printed && known->zone)
		text_format(out, "%s, as stated", zone_name(known->zone));
	else
		text_append_string(out, printed ? "printed" : "not printed; a draft assumes one, --zone states it");
	if (part->zone_text && *part->zone_text) {
		text_append_string(out, printed ? ": " : "; the log says ");
		append_shown(out, span_of(part->zone_text));
	}
	if (part->zone_mixed) {
		text_append_string(out, "; ");
		sentence_counted(out, part->zone_mixed, "record");
		text_append_string(out, printed ? " without: as the others" : " without");
	}
	text_append_byte(out, '\n');
	describe_year(part, &known->year, out);
	label(out, "time");
	append_stamp(out, part, known, part->first_us);
	text_append_string(out, " to ");
	append_stamp(out, part, known, part->last_us);
	text_append_string(out, utc ? " UTC\n" : " as printed\n");
}

/* "; 12 joined" when there are any. */
static void append_counted(struct text *out, uint64_t n, const char *what)
{
	if (!n)
		return;
	text_append_string(out, ", ");
	sentence_count(out, n);
	text_format(out, " %s", what);
}

static int64_t ppm_of(uint64_t n, uint64_t of)
{
	/* Below 2^44 lines nothing overflows; a longer log is counted in millions. */
	if (of >> 44)
		return (int64_t)(n / (of / 1000000));
	return of ? (int64_t)(n * 1000000 / of) : 0;
}

static void describe_counts(const struct part *part, struct text *out)
{
	const struct ledger_counts *c = &part->counts;
	label(out, "lines");
	sentence_count(out, c->lines);
	text_append_string(out, ": ");
	sentence_counted(out, c->records, "record");
	append_counted(out, c->joined, "joined");
	append_counted(out, c->attached, "attached");
	append_counted(out, c->head, "before the first record");
	append_counted(out, c->blank, "blank");
	append_counted(out, c->cut, "cut at 1 MiB");
	append_counted(out, part->implausible, "with an implausible time");
	append_counted(out, part->disorder, "out of order");
	text_append_byte(out, '\n');
	if (!c->unparsed)
		return;
	label(out, "unparsed");
	sentence_counted(out, c->unparsed, "line");
	text_append_string(out, ", ");
	sentence_share(out, ppm_of(c->unparsed, c->lines));
	text_append_byte(out, '\n');
	for (size_t i = 0; i < part->samples_n; i++) {
		text_format(out, "    line %llu: ", (unsigned long long)part->samples[i].line);
		append_shown(out, span_of(part->samples[i].excerpt));
		text_append_byte(out, '\n');
	}
}

static void describe_container(const struct location *where, struct text *out)
{
	static const char *const words[] = {[DAMAGE_NONE] = "",
					    [DAMAGE_TRUNCATED] = "compressed data ends early",
					    [DAMAGE_CORRUPT] = "compressed data is damaged",
					    [DAMAGE_TRAILING] = "something else follows the compressed data",
					    [DAMAGE_READ] = "reading failed",
					    [DAMAGE_WIDE] = "compressed with a window of more than 128 MiB"};
	const struct damage_report *damage = &where->damage;
	if (damage->kind == DAMAGE_NONE)
		return;
	label(out, "damage");
	text_format(out, "%s at byte %lld, uncompressed byte %lld", words[damage->kind],
		    (long long)damage->compressed_offset, (long long)damage->uncompressed_offset);
	append_counted(out, (uint64_t)damage->more, "more behind it");
	text_append_byte(out, '\n');
}

/* Whose lines these are, in a file that has several writers or tiers. */
static void describe_stream(const struct part *part, size_t streams, struct text *out)
{
	if (streams < 2 && !*part->stream)
		return;
	label(out, "stream");
	if (*part->stream)
		text_append_printable(out, span_of(part->stream));
	else
		text_append_string(out, "what is of no other stream");
	if (streams > 1) {
		text_append_string(out, "; the file has ");
		sentence_count(out, streams);
	}
	text_append_byte(out, '\n');
}

/* The block of one file, or of one of its streams, without I/O. `where` says under which name. */
static void describe(const struct part *part, size_t streams, const struct location *where, const struct known_times *known,
		     struct text *out)
{
	text_append_printable(out, span_of(where->path));
	text_append_byte(out, '\n');
	label(out, "source");
	text_append_printable(out, span_of(where->key));
	text_append_string(out, where->container == CONTAINER_PLAIN ? "\n" : ", ");
	if (where->container != CONTAINER_PLAIN)
		text_format(out, "%s\n", container_name(where->container));
	describe_stream(part, streams, out);
	describe_format(part, out);
	describe_time(part, known, out);
	describe_counts(part, out);
	describe_container(where, out);
}

/* Blocks in the order of their paths: entries lie in the order of their content. */
struct block {
	const struct part *part;
	size_t streams; /* of the file */
	const struct location *where;
	struct known_times known;
};

static int compare_blocks(const void *a, const void *b)
{
	const struct block *x = a, *y = b;
	int order = strcmp(x->where->path, y->where->path);
	return order ? order : part_compare(x->part, y->part);
}

static const struct zone *zone_stated(const struct story_options *options, const struct location *where, const char *stream)
{
	for (size_t z = options->zones_n; z-- > 0;)
		if (tally_matches(span_of(options->zones[z].glob), where, stream))
			return options->zones[z].zone;
	return NULL;
}

static void describe_all(const struct tally *tally, const struct story_options *options, struct text *out)
{
	struct years years;
	years_init(&years, tally, options);
	struct block *blocks = NULL;
	size_t n = 0, cap = 0;
	for (size_t i = 0; i < tally->n; i++) {
		const struct part *part = tally->entries[i].part;
		size_t from = i, to = i + 1;
		while (from && !part_compare_files(tally->entries[from - 1].part, part))
			from--;
		while (to < tally->n && !part_compare_files(tally->entries[to].part, part))
			to++;
		for (size_t k = 0; k < tally->entries[i].n; k++) {
			blocks = memory_grow(blocks, &cap, n + 1, sizeof *blocks);
			const struct location *where = &tally->entries[i].locations[k];
			blocks[n++] = (struct block){part, part->bytes ? to - from : 1, where,
						     {zone_stated(options, where, part->stream), years.of[i]}};
		}
	}
	if (n)
		qsort(blocks, n, sizeof *blocks, compare_blocks);
	for (size_t i = 0; i < n; i++) {
		text_append_string(out, i ? "\n" : "");
		describe(blocks[i].part, blocks[i].streams, blocks[i].where, &blocks[i].known, out);
	}
	memory_free(blocks);
	years_release(&years);
}

static enum outcome check_files(const struct options *o, const struct library *lib, struct diag_list *trouble,
				struct diag *d)
{
	struct tally tally = {0};
	struct text out = {0};
	struct attend attend;
	tally_init(&tally, lib->patterns.hash);
	attend_begin(&attend);
	enum outcome outcome = gather(o, lib, &(struct watcher){attend_look, &attend}, &tally, trouble, d);
	if (attend_end(&attend)) {
		diag_set(d, "interrupted; nothing was written");
		outcome = OUTCOME_NOTHING;
	}
	describe_all(&tally, &lib->story, &out);
	if (!attend.ended_by && out.len && !output_write(NULL, text_span(&out), OUTPUT_COMMON, d))
		outcome = OUTCOME_NOTHING;
	text_release(&out);
	tally_release(&tally);
	return outcome == OUTCOME_COMPLETE && trouble->incomplete ? OUTCOME_INCOMPLETE : outcome;
}

static enum outcome check_patterns(const struct library *lib, struct diag_list *trouble, struct diag *d)
{
	struct diag_list failures = {0};
	size_t formats = format_set_check(&lib->patterns.formats, &failures);
	size_t signals = signal_check(lib->patterns.signals, &failures);
	size_t run = formats + signals, failed = failures.n < run ? failures.n : run;
	struct text out = {0};
	for (size_t i = 0; i < lib->patterns.formats.n; i++)
		text_format(&out, "  %-24s %s\n", lib->patterns.formats.formats[i]->name,
			    lib->patterns.formats.formats[i]->title ? lib->patterns.formats.formats[i]->title : "");
	text_format(&out, "%zu formats, %zu samples\n", lib->patterns.formats.n, formats);
	text_format(&out, "%zu signals, %zu samples\n", signal_count(lib->patterns.signals), signals);
	text_format(&out, "%zu passed, %zu failed\n", run - failed, failures.n);
	bool fine = output_write(NULL, text_span(&out), OUTPUT_COMMON, d);
	fine = fine && !failures.n;
	diag_merge(trouble, &failures);
	text_release(&out);
	return fine ? OUTCOME_COMPLETE : OUTCOME_NOTHING;
}

enum outcome check_verb(const struct options *o, const struct library *lib, struct diag_list *trouble)
{
	if (o->explain.len)
		return explain_verb(o, lib, trouble);
	if (o->records)
		return records_verb(o, lib, trouble);
	struct diag d = {0};
	enum outcome outcome = o->paths_n ? check_files(o, lib, trouble, &d) : check_patterns(lib, trouble, &d);
	if (d.set)
		diag_add(trouble, DIAG_ERROR, d.hint[0] ? d.hint : NULL, "%s", d.what);
	return outcome;
}
