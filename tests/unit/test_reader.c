/* reader: a format made for the test (below) and bytes handed out in pieces of a chosen size stand in for format.c and
 * inflate.c; a naive second implementation of the words of reader.h says what must come out. */
#include "parse/reader.h"

#include <stdlib.h>

#include "base/memory.h"
#include "parse/detect.h"
#include "unit.h"

/* ---- the stand-ins ---- */

struct inflate {
	struct span bytes;
	size_t step;
};

size_t inflate_read(struct inflate *z, void *buffer, size_t cap)
{
	size_t n = z->step < cap ? z->step : cap;
	n = n < z->bytes.len ? n : z->bytes.len;
	if (n)
		memcpy(buffer, z->bytes.at, n);
	z->bytes = span_from(z->bytes, n);
	return n;
}

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

static void tell_record(struct text *out, const struct record *r)
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

static void tell_head(struct text *out, const struct ledger_head *head)
{
	if (!head->line)
		return;
	text_format(out, "head %lu at %lu len %lu [", (unsigned long)head->line, (unsigned long)head->offset,
		    (unsigned long)head->length);
	text_append(out, head->text);
	text_append_string(out, "]\n");
}

static void tell_counts(struct text *out, const struct ledger_counts *c)
{
	text_format(out, "lines %lu records %lu joined %lu attached %lu head %lu unparsed %lu blank %lu\n",
		    (unsigned long)c->lines, (unsigned long)c->records, (unsigned long)c->joined, (unsigned long)c->attached,
		    (unsigned long)c->head, (unsigned long)c->unparsed, (unsigned long)c->blank);
}

static bool adds_up(const struct ledger_counts *c)
{
	return c->lines == c->records + c->joined + c->attached + c->head + c->unparsed + c->blank;
}

static void run(struct text *out, const struct format *stated, struct span bytes, size_t step, bool *sums)
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

/* ---- the naive way: all lines in memory, no look-ahead, every join parsed from its start ---- */

enum { NAIVE_LINES = 4000 };

struct naive {
	const struct format *format;
	struct span line[NAIVE_LINES];
	size_t offset[NAIVE_LINES], n;
	struct ledger_counts counts;
	struct text samples, joined;
	size_t samples_n;
	struct format_scratch scratch;
	struct span pids[NAIVE_LINES];
	int64_t last_us; /* of the record given last */
	size_t cut;      /* number of the start that the end of the file cuts; 0: none */
};

static void naive_split(struct naive *v, struct span bytes)
{
	size_t at = 0;
	while (at < bytes.len) {
		const char *end = memchr(bytes.at + at, '\n', bytes.len - at);
		size_t len = end ? (size_t)(end - bytes.at) - at : bytes.len - at;
		v->offset[v->n] = at;
		v->line[v->n] = (struct span){bytes.at + at, len};
		if (end && len && bytes.at[at + len - 1] == '\r')
			v->line[v->n].len--;
		v->n++;
		at += len + 1;
	}
}

static enum parse_result naive_parse(struct naive *v, size_t from, size_t n, struct record *r)
{
	text_clear(&v->joined);
	for (size_t i = 0; i < n; i++) {
		if (i)
			text_append_byte(&v->joined, '\n');
		text_append(&v->joined, v->line[from + i]);
	}
	record_clear(r);
	return format_parse(v->format, text_span(&v->joined), &v->scratch, r);
}

static bool naive_continues(struct naive *v, struct span line)
{
	const struct format *f = v->format;
	bool known = false;
	for (int i = 0; i < 256; i++)
		known |= f->starts[i];
	if (f->kind == FORMAT_JSON || f->multiline == MULTILINE_NO)
		return false;
	if (!line.len)
		return true;
	struct record r;
	record_clear(&r);
	if (known ? f->starts[(unsigned char)line.at[0]]
		  : format_parse(f, line, &v->scratch, &r) != PARSE_NO)
		return false;
	return f->multiline == MULTILINE_ANY || line.at[0] == ' ' || line.at[0] == '\t';
}

static void naive_unparsed(struct naive *v, size_t i)
{
	v->counts.unparsed++;
	if (v->samples_n == LIMIT_UNPARSED_SAMPLES)
		return;
	v->samples_n++;
	text_format(&v->samples, "sample %zu at %zu len %zu [%.*s]\n", i + 1, v->offset[i], v->line[i].len, (int)v->line[i].len,
		    v->line[i].at);
}

/* How many lines of quoted text the start at `i` has; 0 when it is no start. */
static size_t naive_start(struct naive *v, size_t i, struct record *r)
{
	size_t n = 1;
	if (!v->line[i].len || (v->format->kind == FORMAT_JSON && v->line[i].at[0] != '{'))
		return 0;
	enum parse_result result = naive_parse(v, i, n, r);
	while (result == PARSE_PARTIAL && i + n < v->n)
		result = naive_parse(v, i, ++n, r);
	if (result == PARSE_PARTIAL) {
		/* Cut by the end of the file, if none of its lines is a record. */
		for (size_t k = i + 1; k < i + n; k++) {
			struct record other;
			record_clear(&other);
			if (v->line[k].len && format_parse(v->format, v->line[k], &v->scratch, &other) == PARSE_OK)
				return 0;
		}
		naive_parse(v, i, n, r);
		text_append_byte(&v->joined, '"');
		record_clear(r);
		result = format_parse(v->format, text_span(&v->joined), &v->scratch, r);
		v->joined.len--;
		v->cut = i + 1;
	}
	return result == PARSE_OK ? n : 0;
}

static bool naive_attached(const struct naive *v, struct span pid)
{
	size_t records = v->counts.records, first = records > LIMIT_OPEN_RECORDS ? records - LIMIT_OPEN_RECORDS : 0;
	for (size_t i = first; i < records; i++) {
		if (pid.len && span_equal(v->pids[i], pid))
			return true;
	}
	return !pid.len && records;
}

/* `kind` of head: 'p' begins a dump wherever one may begin, 't' not inside another dump nor behind a record that has traces. */
static char naive_dump(const struct naive *v, size_t i)
{
	const struct format *f = v->format;
	struct span line = v->line[i];
	if (!v->counts.records || (f->kind != FORMAT_JSON && f->tier != TIER_APP))
		return 0;
	return span_starts(line, SPAN("panic: ")) ? 'p' : span_starts(line, SPAN("Traceback (most recent call last):")) ? 't' : 0;
}

/* The time of the next record that is given from line `i` on, when it is no attachment; else an hour behind the last one. */
static int64_t naive_next_time(struct naive *v, size_t i)
{
	struct record r;
	for (size_t n; i < v->n; i++) {
		struct span line = v->line[i];
		n = naive_start(v, i, &r);
		if (n && !record_is_attachment(&r))
			return r.time_us;
		if (n && naive_attached(v, span_head(span_from(line, 1), record_get(&r, FIELD_PID).len)))
			break;
		if (!n && naive_dump(v, i) && (naive_dump(v, i) == 'p' || v->format->kind == FORMAT_JSON ||
					       v->format->multiline == MULTILINE_NO))
			break;
	}
	return v->last_us + INT64_C(3600000000);
}

/* The dump that begins at line `i`. Returns the line behind it. */
static size_t naive_dumped(struct text *out, struct naive *v, size_t first)
{
	struct record r;
	size_t i = first + 1;
	bool ended = false;
	for (; i < v->n && !ended; i++) {
		struct span line = v->line[i];
		if (naive_start(v, i, &r) || naive_dump(v, i) == 'p' || span_starts(line, SPAN("2026-")))
			break;
		ended = span_starts(line, SPAN("Node.js v2"));
		v->counts.joined++;
	}
	int64_t until = naive_next_time(v, i);
	text_clear(&v->joined);
	for (size_t k = first; k < i; k++) {
		if (k > first)
			text_append_byte(&v->joined, '\n');
		text_append(&v->joined, v->line[k]);
	}
	record_clear(&r);
	record_set(&r, FIELD_MESSAGE, v->line[first]);
	r.untimed = true;
	r.time_us = v->last_us;
	r.resolution_us = until > v->last_us + 1 ? until - v->last_us : 1;
	r.zone_text = SPAN("@");
	if (v->format->kind == FORMAT_JSON)
		r.zone_text = SPAN("{");
	r.raw = text_span(&v->joined);
	r.line = first + 1;
	r.offset = v->offset[first];
	r.length = v->offset[i - 1] + v->line[i - 1].len - v->offset[first];
	r.lines = i - first;
	tell_record(out, &r);
	v->counts.records++;
	return i;
}

/* The head lines are those from the first of them to `end`, where the first line stands that is none. */
static void naive_head(struct text *out, const struct naive *v, size_t end)
{
	size_t first = 0;
	while (end && !v->line[end - 1].len)
		end--;
	while (first < end && !v->line[first].len)
		first++;
	if (first == end)
		return;
	struct text joined = {0};
	for (size_t i = first; i < end; i++) {
		if (i > first)
			text_append_byte(&joined, '\n');
		text_append(&joined, v->line[i]);
	}
	struct ledger_head head = {first + 1, v->offset[first], v->offset[end - 1] + v->line[end - 1].len - v->offset[first],
				   span_head(text_span(&joined), LIMIT_EDGE_BYTES)};
	tell_head(out, &head);
	text_release(&joined);
}

/* The start at `first`, `n` lines of text in open quotes, with what continues it. Returns the line behind it. */
static size_t naive_given(struct text *out, struct naive *v, size_t first, size_t n)
{
	struct record r;
	size_t start_len = v->joined.len, i = first + n;
	bool alone = v->format->kind == FORMAT_JSON || v->format->multiline == MULTILINE_NO;
	for (v->counts.joined += n - 1; i < v->n && naive_continues(v, v->line[i]); i++, n++) {
		char dump = naive_dump(v, i);
		if (dump == 'p' || (dump && alone))
			break;
		v->counts.joined++;
	}
	bool whole = naive_parse(v, first, n, &r) == PARSE_OK;
	r.raw = text_span(&v->joined);
	if (!whole && v->cut == first + 1) {
		text_append_byte(&v->joined, '"');
		record_clear(&r);
		whole = format_parse(v->format, text_span(&v->joined), &v->scratch, &r) == PARSE_OK;
		r.raw = span_head(text_span(&v->joined), v->joined.len - 1);
	}
	if (!whole) {
		record_clear(&r);
		format_parse(v->format, span_head(r.raw, start_len), &v->scratch, &r);
	}
	r.line = first + 1;
	r.offset = v->offset[first];
	r.length = v->offset[first + n - 1] + v->line[first + n - 1].len - v->offset[first];
	r.lines = n;
	tell_record(out, &r);
	if (!record_is_attachment(&r))
		v->last_us = r.time_us;
	return i;
}

static void naive_run(struct text *out, const struct format *format, struct span bytes)
{
	struct naive *v = memory_new(1, sizeof(*v));
	struct record r;
	size_t head_end = SIZE_MAX;
	v->format = format;
	naive_split(v, bytes);
	for (size_t i = 0; i < v->n;) {
		size_t n = naive_start(v, i, &r);
		bool attachment = n && record_is_attachment(&r);
		struct span line = v->line[i], pid = span_head(span_from(line, 1), n ? record_get(&r, FIELD_PID).len : 0);
		bool head = !n && naive_continues(v, line) && !v->counts.records;
		if (line.len && !head && head_end == SIZE_MAX)
			head_end = i;
		if (n && (!attachment || naive_attached(v, pid))) {
			if (attachment)
				v->counts.attached++;
			else
				v->pids[v->counts.records++] = pid;
			i = naive_given(out, v, i, n);
			continue;
		}
		char dump = n ? 0 : naive_dump(v, i);
		if (dump == 'p' || (dump && (format->kind == FORMAT_JSON || format->multiline == MULTILINE_NO))) {
			i = naive_dumped(out, v, i);
			continue;
		}
		if (!line.len)
			v->counts.blank++;
		else if (head)
			v->counts.head++;
		else
			naive_unparsed(v, i);
		i++;
	}
	v->counts.lines = v->n;
	tell_counts(out, &v->counts);
	naive_head(out, v, head_end < v->n ? head_end : v->n);
	text_append(out, text_span(&v->samples));
	text_release(&v->samples);
	text_release(&v->joined);
	memory_free(v);
}

/* ---- random texts ---- */

static uint64_t random_state = 42;
static unsigned random_below(unsigned n)
{
	random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)((random_state >> 33) % n);
}

static void random_text(struct text *out, size_t lines)
{
	static const char *const pieces[] = {
		"@1 a",   "@2 bb",     "@3 ccc",  "@ none",    "@1 +d",     "@2 +dd", "@9 +orphan", "@ +free", "\tcontinued",
		"  blank", "",          "rubbish", "@1 !",      "@2 ?",      "{1 json", "{2 ! bad",  "}",        "@7 \"open",
		"close\"", "@8 \"x\" y", "\"",      "in \"\" it", "@5 \"a\"\"", "@6 \r",   "\r",         "@",        "!\"",
		"panic: x", "Traceback (most recent call last):", "Node.js v20.1.0", "2026-11-22 11:15:10 x",
	};
	unsigned last = random_below(4);
	for (size_t i = 0; i < lines; i++) {
		text_append_string(out, pieces[random_below(sizeof(pieces) / sizeof(pieces[0]))]);
		text_append_string(out, i + 1 == lines && !last ? "" : random_below(8) ? "\n" : "\r\n");
	}
}

static void test_random(void)
{
	static const size_t steps[] = {1, 7, 4096, 1 << 20};
	bool equal = true, sums = true;
	for (int round = 0; round < 1200; round++) {
		struct format f = {.name = (char *)"random"};
		static const enum format_kind kinds[] = {FORMAT_NGINX, FORMAT_POSTGRESQL, FORMAT_JSON, FORMAT_CSV,
							 FORMAT_REGEX};
		f.kind = kinds[round % 5];
		f.multiline = (enum format_multiline)(round / 5 % 3);
		f.tier = round / 30 % 2 ? TIER_APP : TIER_DB;
		if (round / 15 % 2)
			f.starts_known = f.starts[f.kind == FORMAT_JSON ? '{' : '@'] = true;
		struct text bytes = {0}, expected = {0};
		random_text(&bytes, 1 + random_below(round % 10 ? 12 : 300));
		naive_run(&expected, &f, text_span(&bytes));
		for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
			struct text got = {0};
			bool right;
			run(&got, &f, text_span(&bytes), steps[i], &right);
			sums = sums && right;
			bool same = span_equal(text_span(&got), text_span(&expected));
			if (!same && equal)
				printf("kind %d multiline %d starts %d step %zu\n--- text\n%s\n--- expected\n%s--- got\n%s",
				       (int)f.kind, (int)f.multiline, round / 15 % 2, steps[i], bytes.at, expected.at,
				       got.at);
			equal = equal && same;
			text_release(&got);
		}
		text_release(&bytes);
		text_release(&expected);
	}
	FACT(equal, "random texts give what the naive way gives, in pieces of 1, 7, 4096 and 1 MiB bytes");
	FACT(sums, "lines are the sum of what they were counted as, after every record");
}

/* ---- cases written by hand ---- */

static const struct format plain = {.name = (char *)"plain", .kind = FORMAT_NGINX, .starts_known = true, .starts = {['@'] = true}};
static const struct format python = {
	.name = (char *)"python", .kind = FORMAT_REGEX, .multiline = MULTILINE_ANY, .starts_known = true, .starts = {['@'] = true}};
static const struct format postgresql = {
	.name = (char *)"postgresql", .kind = FORMAT_POSTGRESQL, .multiline = MULTILINE_INDENT, .starts_known = true, .starts = {['@'] = true}};
static const struct format csv = {.name = (char *)"csv", .kind = FORMAT_CSV, .starts_known = true, .starts = {['@'] = true}};

static void gives(const struct format *f, const char *bytes, const char *expected, const char *name)
{
	struct text got = {0};
	bool sums;
	run(&got, f, span_of(bytes), 4096, &sums);
	if (!FACT(got.at && !strcmp(got.at, expected) && sums, name))
		printf("%s", got.at);
	text_release(&got);
}

static void test_cases(void)
{
	gives(&plain, "", "lines 0 records 0 joined 0 attached 0 head 0 unparsed 0 blank 0\n", "an empty file has nothing");
	gives(&plain, "@1 a\r\n@2 b",
	      "record 1 at 0 len 4 lines 1 [@1 a] message [a] user [1]\nrecord 2 at 6 len 4 lines 1 [@2 b] message [b] user [2]\n"
	      "lines 2 records 2 joined 0 attached 0 head 0 unparsed 0 blank 0\n",
	      "a last line without a newline is a record");
	gives(&python, "Traceback\n@1 a\nTraceback:\n  File\n\nError: x\n@2 b\n",
	      "record 2 at 10 len 32 lines 5 [@1 a\nTraceback:\n  File\n\nError: x] message [a\nTraceback:\n  File\n\nError: x] user [1]\n"
	      "record 7 at 43 len 4 lines 1 [@2 b] message [b] user [2]\n"
	      "lines 7 records 2 joined 4 attached 0 head 1 unparsed 0 blank 0\nhead 1 at 0 len 9 [Traceback]\n",
	      "a traceback is joined whole; one before the first record is the file's head");
	gives(&python, "@1 a\nmore\n@ !\nmore\n@2 b\n",
	      "record 1 at 0 len 9 lines 2 [@1 a\nmore] message [a\nmore] user [1]\n"
	      "record 5 at 19 len 4 lines 1 [@2 b] message [b] user [2]\n"
	      "lines 5 records 2 joined 1 attached 0 head 0 unparsed 2 blank 0\n"
	      "sample 3 at 10 len 3 [@ !]\nsample 4 at 14 len 4 [more]\n",
	      "a line that looks like a start but does not parse ends the record before it");
	gives(&postgresql, "@7 +lost\n@1 error\n@2 other\n@1 +detail\n\tline\n@3 x\n\tjoined\n@9 +who\n\tnobody\n",
	      "record 2 at 9 len 8 lines 1 [@1 error] message [error] user [1]\n"
	      "record 3 at 18 len 8 lines 1 [@2 other] message [other] user [2]\n"
	      "attached 4 at 27 len 16 lines 2 [@1 +detail\n\tline] message [+detail\n\tline] user [1]\n"
	      "record 6 at 44 len 12 lines 2 [@3 x\n\tjoined] message [x\n\tjoined] user [3]\n"
	      "lines 9 records 3 joined 2 attached 1 head 0 unparsed 3 blank 0\n"
	      "sample 1 at 0 len 8 [@7 +lost]\nsample 8 at 57 len 7 [@9 +who]\nsample 9 at 65 len 7 [\tnobody]\n",
	      "a detail is given with its lines when it finds the record of its pid, an orphan is unparsed with what continues it");
	gives(&postgresql, "\n\n\tof before\n\n\tthis\r\n\n@1 x\n",
	      "record 7 at 22 len 4 lines 1 [@1 x] message [x] user [1]\n"
	      "lines 7 records 1 joined 0 attached 0 head 2 unparsed 0 blank 4\nhead 3 at 2 len 17 [\tof before\n\n\tthis]\n",
	      "the head is what goes on from the file before, the blank lines in it too");
	gives(&postgresql, "\tof before\n@1 !\n\tof that\n@1 x\n",
	      "record 4 at 25 len 4 lines 1 [@1 x] message [x] user [1]\n"
	      "lines 4 records 1 joined 0 attached 0 head 2 unparsed 1 blank 0\nhead 1 at 0 len 10 [\tof before]\n"
	      "sample 2 at 11 len 4 [@1 !]\n",
	      "behind a line that does not parse nothing goes on from the file before");
	gives(&csv, "@1 \"a\nb \"\"c\"\"\nd\"\n@2 x\n",
	      "record 1 at 0 len 16 lines 3 [@1 \"a\nb \"\"c\"\"\nd\"] message [\"a\nb \"\"c\"\"\nd\"] user [1]\n"
	      "record 4 at 17 len 4 lines 1 [@2 x] message [x] user [2]\n"
	      "lines 4 records 2 joined 2 attached 0 head 0 unparsed 0 blank 0\n",
	      "a quoted newline does not end a csv record");
	gives(&csv, "@1 x\n@2 \"a\nb",
	      "record 1 at 0 len 4 lines 1 [@1 x] message [x] user [1]\n"
	      "record 2 at 5 len 7 lines 2 [@2 \"a\nb] message [\"a\nb\"] user [2]\n"
	      "lines 3 records 2 joined 1 attached 0 head 0 unparsed 0 blank 0\n",
	      "a csv record that the end of the file cuts inside a quote is given with what there is of it");
	gives(&csv, "@1 \"a\n@2 x\n@5 !\n",
	      "record 2 at 6 len 4 lines 1 [@2 x] message [x] user [2]\n"
	      "lines 3 records 1 joined 0 attached 0 head 0 unparsed 2 blank 0\n"
	      "sample 1 at 0 len 5 [@1 \"a]\nsample 3 at 11 len 4 [@5 !]\n",
	      "a quote that never closes makes one line unparsed and reading goes on behind it");
}

static const struct format json = {.name = (char *)"json", .kind = FORMAT_JSON, .tier = TIER_APP, .starts_known = true, .starts = {['{'] = true}};
static const struct format text_app = {
	.name = (char *)"app", .kind = FORMAT_REGEX, .tier = TIER_APP, .multiline = MULTILINE_ANY, .starts_known = true, .starts = {['@'] = true}};

static void test_dumps(void)
{
	gives(&json, "panic: early\n{1 a\nnpm ERR!\nnode:events:502\n      throw er;\n\nerror: x\n    at f (a.js:1:2)\n{ a: '!' }\n\n"
		     "Node.js v20.20.2\n\nnpm ERR!\n{1 bbbbb\n",
	      "record 2 at 13 len 4 lines 1 [{1 a] message [a] user [1]\n"
	      "record 4 at 27 len 90 lines 8 [node:events:502\n      throw er;\n\nerror: x\n    at f (a.js:1:2)\n{ a: '!' }\n\n"
	      "Node.js v20.20.2] message [node:events:502] user [] of 4 to 8 zone [{]\n"
	      "record 14 at 128 len 8 lines 1 [{1 bbbbb] message [bbbbb] user [1]\n"
	      "lines 14 records 3 joined 7 attached 0 head 0 unparsed 3 blank 1\n"
	      "sample 1 at 0 len 12 [panic: early]\nsample 3 at 18 len 8 [npm ERR!]\nsample 13 at 119 len 8 [npm ERR!]\n",
	      "a dump in JSON lines is a record of its own, of the time from the record before it to the next one; other text is not");
	gives(&json, "{1 a\npanic: x\n\ngoroutine 1:\n2026-11-22 11:15:10 other log",
	      "record 1 at 0 len 4 lines 1 [{1 a] message [a] user [1]\n"
	      "record 2 at 5 len 22 lines 3 [panic: x\n\ngoroutine 1:] message [panic: x] user [] of 4 to 3600000004 zone [{]\n"
	      "lines 5 records 2 joined 2 attached 0 head 0 unparsed 1 blank 0\n"
	      "sample 5 at 28 len 29 [2026-11-22 11:15:10 other log]\n",
	      "a dump ends where a line has a stamp; without a next record it may have been written within an hour");
	gives(&text_app, "@1 a\nTraceback (most recent call last):\n@2 bb\npanic: x\n\ngoroutine",
	      "record 1 at 0 len 39 lines 2 [@1 a\nTraceback (most recent call last):] message [a\nTraceback (most recent call last):] "
	      "user [1]\n"
	      "record 3 at 40 len 5 lines 1 [@2 bb] message [bb] user [2]\n"
	      "record 4 at 46 len 19 lines 3 [panic: x\n\ngoroutine] message [panic: x] user [] of 5 to 3600000005 zone [@]\n"
	      "lines 6 records 3 joined 3 attached 0 head 0 unparsed 0 blank 0\n",
	      "in a text log a traceback belongs to the record before it, a panic to none");
}

static void test_pids(void)
{
	struct text bytes = {0}, got = {0};
	bool sums;
	for (int i = 0; i < LIMIT_OPEN_RECORDS + 1; i++)
		text_format(&bytes, "@%d x\n", 100 + i);
	text_append_string(&bytes, "@100 +too late\n@101 +in time\n");
	run(&got, &postgresql, text_span(&bytes), 4096, &sums);
	FACT(span_find(text_span(&got), SPAN("attached 1 head 0 unparsed 1")) >= 0,
	     "only the last 64 records are looked back for");
	text_release(&bytes);
	text_release(&got);
}

/* ---- everything is given ---- */

static void run_all(struct text *out, const struct format *stated, struct span bytes, size_t step)
{
	struct inflate z = {bytes, step};
	struct lines lines;
	struct record r;
	lines_init(&lines, &z);
	struct reader *rd = reader_new(&lines, NULL, stated);
	reader_give_all(rd);
	while (reader_next(rd, &r)) {
		tell_record(out, &r);
		if (r.time_us == INSTANT_NONE)
			text_format(out, "of no time, format %s\n", reader_format(rd) ? reader_format(rd)->name : "none");
	}
	tell_counts(out, reader_counts(rd));
	reader_free(rd);
	lines_release(&lines);
}

static void gives_all(const struct format *f, const char *bytes, const char *expected, const char *claim)
{
	for (size_t step = 1; step < 10000; step *= 97) {
		struct text got = {0};
		run_all(&got, f, span_of(bytes), step);
		FACT(span_equal(text_span(&got), span_of(expected)), claim);
		if (!span_equal(text_span(&got), span_of(expected)))
			printf("got:\n%s", got.at);
		text_release(&got);
	}
}

static void test_all(void)
{
	gives_all(&plain, "zzz\n@1 a\n\n@2 !\n  more\n@3 b\n",
		  "record 1 at 0 len 3 lines 1 [zzz] message [zzz] user []\nof no time, format none\n"
		  "record 2 at 4 len 4 lines 1 [@1 a] message [a] user [1]\n"
		  "record 4 at 10 len 11 lines 2 [@2 !\n  more] message [@2 !\n  more] user []\nof no time, format none\n"
		  "record 6 at 22 len 4 lines 1 [@3 b] message [b] user [3]\n"
		  "lines 6 records 2 joined 0 attached 0 head 0 unparsed 3 blank 1\n",
		  "a line that no format takes is given without a time, with the indented ones behind it, and counted as unparsed");
	gives_all(NULL, "a\npanic: x\n\ngoroutine 1\n\tf()\n",
		  "record 1 at 0 len 1 lines 1 [a] message [a] user []\nof no time, format none\n"
		  "record 2 at 2 len 26 lines 4 [panic: x\n\ngoroutine 1\n\tf()] message [panic: x] user []\nof no time, format none\n"
		  "lines 5 records 0 joined 0 attached 0 head 0 unparsed 4 blank 1\n",
		  "so is all of a file of no known format, a dump being one record");
	gives_all(&postgresql, "\thead\n@9 +who\n\tmore\n@1 x\n",
		  "record 1 at 0 len 5 lines 1 [\thead] message [\thead] user []\nof no time, format none\n"
		  "attached 2 at 6 len 13 lines 2 [@9 +who\n\tmore] message [+who\n\tmore] user [9]\n"
		  "record 4 at 20 len 4 lines 1 [@1 x] message [x] user [1]\n"
		  "lines 4 records 1 joined 0 attached 0 head 2 unparsed 1 blank 0\n",
		  "what goes on from the file before is given, and an orphan as its format reads it");
}

static void append_many(struct text *t, char c, size_t n)
{
	for (size_t i = 0; i < n; i++)
		text_append_byte(t, c);
}

static struct ledger_counts counts_of(const struct format *f, struct span bytes, size_t step, struct record *last,
				      size_t *raw_len)
{
	struct inflate z = {bytes, step};
	struct lines lines;
	lines_init(&lines, &z);
	struct reader *rd = reader_new(&lines, NULL, f);
	*raw_len = 0;
	while (reader_next(rd, last))
		*raw_len = last->raw.len;
	struct ledger_counts counts = *reader_counts(rd);
	reader_free(rd);
	lines_release(&lines);
	return counts;
}

static void test_limits(void)
{
	struct text bytes = {0};
	struct record r;
	size_t raw_len;
	text_append_string(&bytes, "@1 start\n");
	for (int i = 0; i < 10; i++) {
		append_many(&bytes, 'x', 50000);
		text_append_byte(&bytes, '\n');
	}
	text_append_string(&bytes, "short\n");
	struct ledger_counts c = counts_of(&python, text_span(&bytes), 4096, &r, &raw_len);
	FACT(c.joined == 11 && r.lines == 12, "lines over LIMIT_JOIN_BYTES are counted");
	FACT(raw_len == 8 + 5 * 50001, "lines over LIMIT_JOIN_BYTES are not kept, nor shorter ones after them");
	FACT(r.length == bytes.len - 1, "the length spans all of the record's lines");

	text_clear(&bytes);
	text_append_string(&bytes, "@1 ");
	append_many(&bytes, 'y', LIMIT_LINE_BYTES + 5);
	text_append_string(&bytes, "\n\ttail\n");
	c = counts_of(&python, text_span(&bytes), 4096, &r, &raw_len);
	FACT(c.cut == 1 && c.records == 1 && c.joined == 1 && raw_len == LIMIT_LINE_BYTES,
	     "a line over the limit is cut, and still a record");

	text_clear(&bytes);
	for (int i = 0; i < 900; i++)
		text_append_string(&bytes, "\tnine\n\n\n");
	struct inflate z = {text_span(&bytes), 4096};
	struct lines lines;
	lines_init(&lines, &z);
	struct reader *rd = reader_new(&lines, NULL, &python);
	FACT(!reader_next(rd, &r) && reader_head(rd).length == bytes.len - 3, "the head spans all of its lines");
	FACT(reader_head(rd).text.len == LIMIT_EDGE_BYTES, "its text is cut at LIMIT_EDGE_BYTES");
	FACT(reader_counts(rd)->head == 900 && reader_counts(rd)->blank == 1800, "its lines are all counted");
	reader_free(rd);
	lines_release(&lines);

	text_clear(&bytes);
	text_append_string(&bytes, "@1 \"open\n");
	for (int i = 0; i < 30000; i++)
		text_append_string(&bytes, "@2 twelve by\n");
	c = counts_of(&csv, text_span(&bytes), 1 << 20, &r, &raw_len);
	FACT(c.unparsed == 1 && c.records == 30000, "an open quote that does not close within LIMIT_JOIN_BYTES costs one line");

	text_clear(&bytes);
	for (int i = 0; i < 100000; i++)
		text_append_string(&bytes, "@ \"\"\"\n\"a\"\n");
	c = counts_of(&csv, text_span(&bytes), 1 << 20, &r, &raw_len);
	FACT(adds_up(&c), "a file of quotes that never close ends in bounded time");
	text_release(&bytes);
}

/* A second format beside the one in force. */
static void test_two_formats(void)
{
	struct text bytes = {0};
	struct record r;
	size_t raw_len;
	for (int i = 0; i < 40; i++)
		text_append_string(&bytes, i % 4 < 3 ? "@1 a\n" : "{1 b\n");
	for (size_t step = 1; step < 100000; step *= 9) {
		struct ledger_counts c = counts_of(NULL, text_span(&bytes), step, &r, &raw_len);
		FACT(c.records == 40 && !c.unparsed, "another format is in force beside the first from its first line");
	}
	text_clear(&bytes);
	for (int i = 0; i < 400; i++)
		text_append_string(&bytes, i % 4 < 3 ? "@1 a\n" : i % 8 < 4 ? "zzz\n" : "{1 b\n");
	struct ledger_counts c = counts_of(NULL, text_span(&bytes), 4096, &r, &raw_len);
	FACT(c.records == 300 + 50 && c.unparsed == 50, "lines of no format do not hide it");
	text_release(&bytes);
}

static void test_detection(void)
{
	struct text bytes = {0};
	struct record r;
	size_t raw_len;
	text_append_string(&bytes, "@1 a\n");
	for (int i = 0; i < LIMIT_DETECT_AGAIN; i++)
		text_append_string(&bytes, "zzz\n\n");
	text_append_string(&bytes, "{1 json\n{2 json\n");
	struct ledger_counts c = counts_of(NULL, text_span(&bytes), 7, &r, &raw_len);
	FACT(c.records == 3, "two lines at the end are of the format that takes both");
	bytes.len -= strlen("\n{1 json\n{2 json\n");
	text_append_string(&bytes, "{1 json\n{2 json\n");
	for (size_t step = 1; step < 100000; step *= 9) {
		c = counts_of(NULL, text_span(&bytes), step, &r, &raw_len);
		FACT(c.records == 3 && c.unparsed == LIMIT_DETECT_AGAIN && c.blank == LIMIT_DETECT_AGAIN - 1,
		     "after 50 misses the format of what follows is taken; lines counted stay counted");
	}
	c = counts_of(&plain, text_span(&bytes), 4096, &r, &raw_len);
	FACT(c.records == 1 && c.unparsed == LIMIT_DETECT_AGAIN + 2, "a stated format stays in force");

	text_clear(&bytes);
	for (int i = 0; i < 3000; i++)
		text_append_string(&bytes, "own\n");
	c = counts_of(NULL, text_span(&bytes), 4096, &r, &raw_len);
	FACT(c.unparsed == 3000, "a learned format that is learned again is not kept twice");

	text_clear(&bytes);
	for (int i = 0; i < 300000; i++)
		text_append_string(&bytes, i / 60 % 2 ? "{ a\n" : "@ b\n");
	c = counts_of(NULL, text_span(&bytes), 4096, &r, &raw_len);
	FACT(adds_up(&c) && !c.unparsed, "two formats may follow one another as often as they like");

	struct inflate z = {SPAN("@1 a\n"), 4096};
	struct lines lines;
	lines_init(&lines, &z);
	struct reader *rd = reader_new(&lines, NULL, NULL);
	FACT(reader_format(rd) == &detected_first && reader_detection(rd)->format == &detected_first,
	     "the format is known before the first record");
	reader_free(rd);
	lines_release(&lines);
	reader_free(NULL);

	text_clear(&bytes);
	for (int i = 0; i < LIMIT_DETECT_BYTES; i++)
		text_append_byte(&bytes, '\0');
	text_append_string(&bytes, "@1 a\nzzz\n@2 b\n@3 c\n");
	z = (struct inflate){text_span(&bytes), 4096};
	lines_init(&lines, &z);
	rd = reader_new(&lines, NULL, NULL);
	while (reader_next(rd, &r))
		;
	FACT(reader_counts(rd)->records == 2 && reader_counts(rd)->unparsed == 2,
	     "behind a head of NULs (truncated while it was written) detection does not wait for 50 misses");
	FACT(reader_detection(rd)->format == &detected_first, "a file is what its first known format says");
	FACT(reader_streams(rd) == 1 && reader_stream(rd, 0).counts->records == 2 &&
		     reader_stream(rd, 0).format == &detected_first && !*reader_stream(rd, 0).name,
	     "a file without carriers is one stream without a name");
	reader_free(rd);
	lines_release(&lines);
	text_release(&bytes);
}

int main(void)
{
	test_cases();
	test_dumps();
	test_pids();
	test_all();
	test_limits();
	test_detection();
	test_two_formats();
	test_random();
	return unit_done();
}
