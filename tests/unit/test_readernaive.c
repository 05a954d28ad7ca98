/* reader beside a naive second implementation of the words of reader.h, on random texts in pieces of random sizes. */
#include "random.h"
#include "standin.h"

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

static unsigned random_below(unsigned n)
{
	return (unsigned)((random_next() >> 33) % n);
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

int main(void)
{
	test_random();
	return unit_done();
}
