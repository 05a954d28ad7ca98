/* standin: a format made for the test, and bytes handed out in pieces of a chosen size, stand in for format.c, detect.c and inflate.c:
 * what a reader makes of lines is seen without the formats that servers have. What came out is told as text, so that two ways can
 * be compared. */
#ifndef ONSET_STANDIN_H
#define ONSET_STANDIN_H

#include "parse/reader.h"

#include <stdlib.h>

#include "base/memory.h"
#include "parse/detect.h"
#include "pieces.h"
#include "unit.h"

/* ---- the stand-ins ---- */

struct format_scratch {
	char unescaped[16]; /* the last record's user lies here, as an unescaped JSON string would */
};

struct format_scratch *format_scratch_new(void)
{
	return memory_new(1, sizeof(struct format_scratch));
}

void format_scratch_free(struct format_scratch *s)
{
	memory_free(s);
}

struct format *format_of_layout(const struct format *base, struct span layout, struct diag *d, size_t *column)
{
	(void)base, (void)layout, (void)d, (void)column;
	return NULL;
}

bool format_prefer_layout(struct format *f, struct span layout, struct diag *d, size_t *column)
{
	(void)f, (void)layout, (void)d, (void)column;
	return false;
}

void format_free(struct format *f)
{
	memory_free(f);
}

void format_scratch_extras(struct format_scratch *s)
{
	(void)s;
}

void format_scratch_carried(struct format_scratch *s, const struct carried *carried)
{
	(void)s, (void)carried;
}

bool format_carried(const struct carried *carried, struct record *r)
{
	(void)carried, (void)r;
	return false;
}

void format_foreign(struct span line, struct format_scratch *s, struct record *r)
{
	(void)s;
	record_set(r, FIELD_MESSAGE, line);
}

void format_continue(struct span entry, struct span rest, struct record *r)
{
	(void)rest;
	record_set(r, FIELD_MESSAGE, entry);
}

bool record_is_attachment(const struct record *r)
{
	return record_has(r, FIELD_DETAIL);
}

/* "@PID MESSAGE", "@ MESSAGE", "@PID +DETAIL"; "!" anywhere: does not split; "?" anywhere: no stamp; an odd number of quotes
 * in a csv: goes on. JSON lines start with "{" instead. */
enum parse_result format_parse(const struct format *f, struct span entry, struct format_scratch *s, struct record *r)
{
	size_t quotes = 0;
	record_clear(r);
	if (!entry.len || entry.at[0] != (f->kind == FORMAT_JSON ? '{' : '@') || span_find_byte(entry, '!') >= 0)
		return PARSE_NO;
	if (span_find_byte(entry, '?') >= 0)
		return PARSE_NOT_TIME;
	for (size_t i = 0; i < entry.len; i++)
		quotes += entry.at[i] == '"';
	if (f->kind == FORMAT_CSV && quotes % 2)
		return PARSE_PARTIAL;
	struct span rest = span_from(entry, 1), pid = span_cut(&rest, ' ');
	if (f->kind == FORMAT_POSTGRESQL && pid.len)
		record_set(r, FIELD_PID, pid);
	if (f->kind == FORMAT_POSTGRESQL && rest.len && rest.at[0] == '+')
		record_set(r, FIELD_DETAIL, rest);
	else
		record_set(r, FIELD_MESSAGE, rest);
	size_t kept = pid.len < sizeof(s->unescaped) ? pid.len : sizeof(s->unescaped);
	memcpy(s->unescaped, pid.at, kept);
	record_set(r, FIELD_USER, (struct span){s->unescaped, kept});
	ptrdiff_t first = span_find_byte(entry, '\n');
	r->time_us = first < 0 ? (int64_t)entry.len : first;
	r->resolution_us = 1;
	r->zone = STAMP_EXPLICIT;
	r->zone_text = span_head(entry, 1);
	return PARSE_OK;
}

enum parse_result format_parse_line(const struct format *f, struct span line, struct format_scratch *s, struct record *r)
{
	return format_parse(f, line, s, r);
}

enum parse_result format_parse_cut(const struct format *f, struct span entry, struct format_scratch *s, struct record *r)
{
	return format_parse(f, entry, s, r) == PARSE_OK ? PARSE_OK : PARSE_NO;
}

static struct format detected_first = {.name = (char *)"first", .kind = FORMAT_NGINX, .starts_known = true, .starts = {['@'] = true}};
static struct format detected_later = {.name = (char *)"later", .kind = FORMAT_JSON, .starts_known = true, .starts = {['{'] = true}};

/* The bytes say it themselves, at their start. */
size_t detect(const struct format_set *set, const struct candidates *c, unsigned ranks, struct format_scratch *s,
	      struct detection found[DETECT_FORMATS])
{
	(void)set, (void)s, (void)ranks;
	struct detection *d = &found[0];
	*d = (struct detection){.lines = 1};
	if (span_starts(c->head, SPAN("@")))
		d->format = &detected_first;
	if (span_starts(c->head, SPAN("{")))
		d->format = &detected_later;
	if (span_starts(c->head, SPAN("own"))) {
		d->own = memory_new(1, sizeof(*d->own));
		*d->own = detected_first;
		d->own->name = (char *)"own";
		d->own->layout = (char *)"learned";
		d->format = d->own;
	}
	return d->format != NULL;
}

/* Beside "first" there may be "later". */
bool detect_another(const struct format_set *set, const struct candidates *c, const struct format *const *but, size_t n,
		    unsigned least, struct format_scratch *s, struct detection *found)
{
	size_t taken = 0;
	(void)set, (void)s;
	for (size_t i = 0; i < c->n; i++)
		taken += c->lines[i].at[0] == '{';
	*found = (struct detection){.format = &detected_later, .taken = (unsigned)taken, .lines = (unsigned)c->n};
	return n == 1 && but[0] == &detected_first && taken >= least && 2 * taken >= c->n;
}

/* A stated format is what it is. */
void detect_layout(const struct format *stated, const struct candidates *c, struct format_scratch *s, struct detection *d)
{
	(void)c, (void)s;
	*d = (struct detection){.format = stated};
}

/* ---- what came out, as text, so that two ways can be compared ---- */

static inline void tell_record(struct text *out, const struct record *r)
{
	text_format(out, "%s %lu at %lu len %lu lines %lu [", record_is_attachment(r) ? "attached" : "record",
		    (unsigned long)r->line, (unsigned long)r->offset, (unsigned long)r->length, (unsigned long)r->lines);
	text_append(out, r->raw);
	text_append_string(out, "] message [");
	text_append(out, record_get(r, record_is_attachment(r) ? FIELD_DETAIL : FIELD_MESSAGE));
	text_append_string(out, "] user [");
	text_append(out, record_get(r, FIELD_USER));
	text_append_string(out, "]");
	if (r->untimed)
		text_format(out, " of %ld to %ld zone [%.*s]", (long)r->time_us, (long)(r->time_us + r->resolution_us),
			    (int)r->zone_text.len, r->zone_text.at);
	text_append_string(out, "\n");
}

static inline void tell_head(struct text *out, const struct ledger_head *head)
{
	if (!head->line)
		return;
	text_format(out, "head %lu at %lu len %lu [", (unsigned long)head->line, (unsigned long)head->offset,
		    (unsigned long)head->length);
	text_append(out, head->text);
	text_append_string(out, "]\n");
}

static inline void tell_counts(struct text *out, const struct ledger_counts *c)
{
	text_format(out, "lines %lu records %lu joined %lu attached %lu head %lu unparsed %lu blank %lu\n",
		    (unsigned long)c->lines, (unsigned long)c->records, (unsigned long)c->joined, (unsigned long)c->attached,
		    (unsigned long)c->head, (unsigned long)c->unparsed, (unsigned long)c->blank);
}

static inline bool adds_up(const struct ledger_counts *c)
{
	return c->lines == c->records + c->joined + c->attached + c->head + c->unparsed + c->blank;
}

static inline void run(struct text *out, const struct format *stated, struct span bytes, size_t step, bool *sums)
{
	struct inflate z = {bytes, step};
	struct lines lines;
	struct record r;
	lines_init(&lines, &z);
	struct reader *rd = reader_new(&lines, NULL, stated);
	*sums = true;
	while (reader_next(rd, &r)) {
		tell_record(out, &r);
		*sums = *sums && adds_up(reader_counts(rd));
	}
	*sums = *sums && adds_up(reader_counts(rd)) && reader_counts(rd)->lines == lines.number;
	tell_counts(out, reader_counts(rd));
	struct ledger_head head = reader_head(rd);
	tell_head(out, &head);
	const struct ledger_sample *samples;
	size_t n = reader_samples(rd, &samples);
	for (size_t i = 0; i < n; i++)
		text_format(out, "sample %lu at %lu len %lu [%s]\n", (unsigned long)samples[i].line,
			    (unsigned long)samples[i].offset, (unsigned long)samples[i].length, samples[i].excerpt);
	reader_free(rd);
	lines_release(&lines);
}

#endif
