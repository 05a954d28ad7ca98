/* crowd: files that carry the lines of several programs. What must come out is known: the records of each program's own file, which
 * is wrapped here line by line in each carrier, in any order of the writers. */
#include <stdlib.h>

#include "base/memory.h"
#include "builtin.h"
#include "parse/reader.h"
#include "pieces.h"
#include "random.h"
#include "unit.h"

/* ---- the programs ---- */

enum program { NGINX, PYTHON, POSTGRESQL, POOLER, NODE, PROGRAMS };
static const char *const names[PROGRAMS] = {"web", "billing", "postgres", "pgbouncer", "api"};

/* One entry, lines ended by "\n". */
static void write_entry(enum program program, int i, struct text *out)
{
	int s = i % 60, ms = i * 37 % 1000;
	switch (program) {
	case NGINX:
		if (i % 7 == 6)
			text_format(out, "2026/11/22 11:15:%02d [error] 7#7: *%d connect() failed (111: Connection refused) while connecting to "
					 "upstream, client: 192.0.2.%d, server: shop, request: \"GET /a/%d HTTP/1.1\", upstream: "
					 "\"http://10.0.0.1:80/\", host: \"shop\"\n", s, i, i % 250, i);
		else
			text_format(out, "192.0.2.%d - - [22/Nov/2026:11:15:%02d +0000] \"GET /a/%d HTTP/1.1\" %d %d \"-\" \"curl/8\"\n", i % 250, s, i,
				    i % 3 ? 200 : 502, 100 + i);
		break;
	case PYTHON:
		text_format(out, "[2026-11-22 11:15:%02d +0000] [%d] [%s] worker %d\n", s, 100 + i, i % 5 ? "INFO" : "ERROR", i);
		if (i % 5 == 0)
			text_format(out, "Traceback (most recent call last):\n  File \"a.py\", line %d, in f\n    g()\nValueError: bad %d\n", i, i);
		break;
	case POSTGRESQL:
		text_format(out, "2026-11-22 11:15:%02d.%03d UTC [%d] app@shop/api ERROR:  relation %d does not exist\n", s, ms, 500 + i % 9, i);
		if (i % 4 == 0)
			text_format(out, "2026-11-22 11:15:%02d.%03d UTC [%d] app@shop/api STATEMENT:  select *\n\tfrom t%d\n\twhere x\n", s, ms, 500 + i % 9, i);
		break;
	case POOLER:
		text_format(out, "2026-11-22 11:15:%02d.%03d UTC [77] LOG C-0x55d0: shop/app@10.0.0.%d:5%d login attempt: db=shop user=app tls=no\n", s, ms,
			    i % 250, i % 9000 + 1000);
		break;
	default:
		text_format(out, "{\"level\":%d,\"time\":%lld,\"pid\":7,\"hostname\":\"h\",\"msg\":\"request %d\"}\n", i % 6 ? 30 : 50,
			    1795346180955ll + i * 1000, i);
	}
}

static void write_log(enum program program, int entries, struct text *out)
{
	for (int i = 0; i < entries; i++)
		write_entry(program, i, out);
}

/* ---- the carriers ---- */

enum way { DOCKER, CRI, CRI_PARTS, COMPOSE, COMPOSE_TIMED, SYSLOG, RFC5424, JOURNAL, COMPOSE_IN_CRI_PARTS, DOCKER_PARTS, WAYS };
static const char *const ways[WAYS] = {"docker", "cri", "cri in parts", "compose", "compose -t", "syslog", "RFC 5424", "journal", "compose in cri in parts", "docker in parts"};

static void append_json(struct text *out, struct span s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.at[i] == '"' || s.at[i] == '\\')
			text_append_byte(out, '\\');
		if (s.at[i] == '\t')
			text_append_string(out, "\\t");
		else
			text_append_byte(out, s.at[i]);
	}
}

/* `n`: of the lines so far, for the time. */
static void wrap(enum way way, const char *name, struct span line, int n, struct text *out)
{
	int ms = n % 1000, s = n / 1000 % 60;
	switch (way) {
	case DOCKER_PARTS:
		for (; line.len > 40; line = span_from(line, 40)) {
			text_append_string(out, "{\"log\":\"");
			append_json(out, span_head(line, 40));
			text_format(out, "\",\"stream\":\"stdout\",\"attrs\":{\"tag\":\"%s\"},\"time\":\"2026-11-22T11:15:%02d.%03dZ\"}\n", name, s, ms);
		}
		/* fall through */
	case DOCKER:
		text_append_string(out, "{\"log\":\"");
		append_json(out, line);
		text_format(out, "\\n\",\"stream\":\"stdout\",\"attrs\":{\"tag\":\"%s\"},\"time\":\"2026-11-22T11:15:%02d.%03dZ\"}\n", name, s, ms);
		break;
	case COMPOSE_IN_CRI_PARTS: {
		struct text inner = {0};
		text_format(&inner, "%-10s | %.*s", name, (int)line.len, line.at);
		wrap(n % 3 ? CRI : CRI_PARTS, name, text_span(&inner), n, out); /* who writes lines that are whole, too */
		text_release(&inner);
		break;
	}
	case CRI_PARTS:
		for (; line.len > 10; line = span_from(line, 10))
			text_format(out, "2026-11-22T11:15:%02d.%03d456789Z stdout P %.10s\n", s, ms, line.at);
		/* fall through */
	case CRI:
		text_format(out, "2026-11-22T11:15:%02d.%03d456789Z stdout F %.*s\n", s, ms, (int)line.len, line.at);
		break;
	case COMPOSE:
		text_format(out, "%-10s | %.*s\n", name, (int)line.len, line.at);
		break;
	case COMPOSE_TIMED:
		text_format(out, "%-10s | 2026-11-22T11:15:%02d.%03d456789Z %.*s\n", name, s, ms, (int)line.len, line.at);
		break;
	case SYSLOG:
		text_format(out, "Nov 22 11:15:%02d host1 %s[77]: %.*s\n", s, name, (int)line.len, line.at);
		break;
	case RFC5424:
		text_format(out, "<30>1 2026-11-22T11:15:%02d.%03dZ host1 %s 77 - - %.*s\n", s, ms, name, (int)line.len, line.at);
		break;
	default:
		text_format(out, "{\"__REALTIME_TIMESTAMP\":\"%lld\",\"_HOSTNAME\":\"host1\",\"SYSLOG_IDENTIFIER\":\"%s\",\"_PID\":\"77\",\"PRIORITY\":\"6\","
				 "\"MESSAGE\":\"", 1795346180000000ll + n * 1000ll, name);
		append_json(out, line);
		text_append_string(out, "\"}\n");
	}
}

/* The lines of the logs in any order, each log's in its own. */
static void wrap_all(enum way way, const struct text *logs, const bool *of, struct text *out)
{
	struct span rest[PROGRAMS];
	size_t left = 0;
	for (int p = 0; p < PROGRAMS; p++) {
		rest[p] = of[p] ? text_span(&logs[p]) : SPAN_NONE;
		left += rest[p].len > 0;
	}
	for (int n = 0; left; n++) {
		unsigned p = (unsigned)(random_next() % PROGRAMS);
		while (!rest[p].len)
			p = (p + 1) % PROGRAMS;
		struct span line = span_cut(&rest[p], '\n');
		left -= !rest[p].len;
		wrap(way, names[p], line, n, out);
	}
}

/* ---- what comes out ---- */

static bool is_carriers(enum field f)
{
	return f == FIELD_HOST || f == FIELD_PROCESS || f == FIELD_CONTAINER || f == FIELD_IOSTREAM || f == FIELD_PRIORITY;
}

static void tell(struct text *out, const struct format *f, const struct record *r, bool pid)
{
	/* A stamp without a zone gives way to the carrier's. */
	bool timed = !f || strcmp(f->name, "nginx_error");
	text_format(out, "%s%s", f ? f->name : "none", record_is_attachment(r) ? " attached" : "");
	if (timed)
		text_format(out, " %lld+%lld zone %d", (long long)r->time_us, (long long)r->resolution_us, r->zone);
	text_format(out, " severity %d status %d took %lld", r->severity, r->status, (long long)r->duration_us);
	for (int i = 0; i < FIELD_COUNT; i++) {
		if (!record_has(r, (enum field)i) || is_carriers((enum field)i) || (i == FIELD_PID && !pid) || (i == FIELD_TIMESTAMP && !timed))
			continue;
		text_format(out, " %s=[", field_name((enum field)i));
		text_append(out, r->field[i]);
		text_append_byte(out, ']');
	}
	text_append_byte(out, '\n');
}

/* What is told of each format's records, and of the file. */
struct told {
	struct text of[PROGRAMS + 2]; /* by program; nginx's error log; anything else */
	struct ledger_counts counts, sums;
	size_t streams;
	uint64_t lines;
	bool in_order, named;
};

static struct text *told_of(struct told *t, const struct format *f)
{
	static const char *const formats[] = {"nginx_access", "python_logging", "postgresql", "pgbouncer", "app_json", "nginx_error"};
	for (size_t i = 0; f && i < sizeof formats / sizeof *formats; i++) {
		if (!strcmp(f->name, formats[i]))
			return &t->of[i];
	}
	return &t->of[PROGRAMS + 1];
}

static void read_file(const struct format_set *set, struct span bytes, size_t step, bool all, struct told *t)
{
	struct inflate z = {bytes, step};
	struct lines lines;
	struct record r;
	uint64_t last = 0;
	*t = (struct told){.in_order = true, .named = true};
	lines_init(&lines, &z);
	struct reader *rd = reader_new(&lines, set, NULL);
	if (all)
		reader_give_all(rd);
	while (reader_next(rd, &r)) {
		const struct format *f = reader_format(rd);
		/* Two of the programs print no pid. */
		tell(told_of(t, f), f, &r, !f || (strcmp(f->name, "nginx_access") && strcmp(f->name, "nginx_error")));
		t->in_order &= r.line > last;
		last = r.line;
		t->lines += r.lines;
	}
	t->counts = *reader_counts(rd);
	t->streams = reader_streams(rd);
	for (size_t i = 0; i < t->streams; i++) {
		struct reader_stream s = reader_stream(rd, i);
		const struct ledger_counts *c = s.counts;
		ledger_add(&t->sums, c);
		t->in_order &= c->lines == c->records + c->joined + c->attached + c->head + c->unparsed + c->blank;
		t->named &= !i == !*s.name;
		for (size_t k = 0; k < i; k++)
			t->named &= strcmp(reader_stream(rd, k).name, s.name) != 0;
	}
	t->in_order &= t->counts.lines == lines.number;
	reader_free(rd);
	lines_release(&lines);
}

static void told_release(struct told *t)
{
	for (int i = 0; i < PROGRAMS + 2; i++)
		text_release(&t->of[i]);
}

static size_t first_difference(struct span a, struct span b)
{
	size_t n = 0;
	while (n < a.len && n < b.len && a.at[n] == b.at[n])
		n++;
	while (n && a.at[n - 1] != '\n')
		n--;
	return n;
}

/* The records of a carried file are those of the plain files. */
static void same_records(const struct format_set *set, enum way way, const struct text *logs, const bool *of, size_t step)
{
	struct text bytes = {0}, claim = {0};
	struct told got, want[PROGRAMS];
	text_format(&claim, "%s, steps of %zu:", ways[way], step);
	for (int p = 0; p < PROGRAMS; p++) {
		if (of[p])
			text_format(&claim, " %s", names[p]);
	}
	wrap_all(way, logs, of, &bytes);
	read_file(set, text_span(&bytes), step, false, &got);
	bool same = true;
	for (int p = 0; p < PROGRAMS; p++) {
		if (!of[p])
			continue;
		read_file(set, text_span(&logs[p]), 1 << 20, false, &want[p]);
		for (int i = 0; i < PROGRAMS + 2; i++) {
			struct span a = text_span(&want[p].of[i]), b = text_span(&got.of[i]);
			if (!a.len || span_equal(a, b))
				continue;
			same = false;
			size_t at = first_difference(a, b);
			printf("%s\nwant %.*s\ngot  %.*s\n", claim.at, (int)(a.len - at < 400 ? a.len - at : 400), a.at + at,
			       (int)(b.len - at < 400 ? b.len - at : 400), b.at + at);
		}
		told_release(&want[p]);
	}
	FACT(same, claim.at);
	FACT(!got.of[PROGRAMS + 1].len && !got.counts.unparsed, "no line is of the carrier alone");
	FACT(got.in_order, "records come in the order of their first lines, and the counts add up");
	FACT(got.named, "stream 0 has no name, each other one has its own");
	FACT(!memcmp(&got.counts, &got.sums, sizeof got.sums), "the streams' counts are the file's");
	told_release(&got);
	text_release(&bytes);
	text_release(&claim);
}

static void test_programs(const struct format_set *set)
{
	static const size_t steps[] = {61, 4096, 1 << 20};
	struct text logs[PROGRAMS] = {{0}};
	for (int p = 0; p < PROGRAMS; p++)
		write_log((enum program)p, 120, &logs[p]);
	for (int way = 0; way < WAYS; way++) {
		/* A container's own log has one writer; so have CRI's. */
		bool alone = way == DOCKER || way == CRI || way == CRI_PARTS || way == DOCKER_PARTS;
		for (int p = 0; p < PROGRAMS; p++) {
			bool of[PROGRAMS] = {false};
			of[p] = true;
			same_records(set, (enum way)way, logs, of, steps[(way + p) % 3]);
			of[(p + 1) % PROGRAMS] = true;
			if (!alone)
				same_records(set, (enum way)way, logs, of, 4096);
		}
		bool all[PROGRAMS] = {true, true, true, true, true};
		for (size_t i = 0; !alone && i < sizeof steps / sizeof *steps; i++)
			same_records(set, (enum way)way, logs, all, steps[i]);
	}
	for (int p = 0; p < PROGRAMS; p++)
		text_release(&logs[p]);
}

/* ---- what no format knows, what is cut, what is hostile ---- */

static void gives(const struct format_set *set, const char *bytes, bool all, const char *part, const char *claim)
{
	struct told t;
	read_file(set, span_of(bytes), 4096, all, &t);
	bool found = false;
	for (int i = 0; i < PROGRAMS + 2; i++)
		found |= t.of[i].at && strstr(t.of[i].at, part);
	FACT(found && t.in_order, claim);
	for (int i = 0; !found && i < PROGRAMS + 2; i++)
		printf("%s", t.of[i].at ? t.of[i].at : "");
	told_release(&t);
}

static void test_unknown(const struct format_set *set)
{
	gives(set, "Nov 22 11:15:10 h sshd[1]: Accepted publickey\nNov 22 11:15:11 h CRON[2]: (root) CMD (x)\n", false, "message=[(root) CMD (x)]",
	      "what no format knows is the carrier's own");
	gives(set, "2026-11-22T11:15:10.1Z stdout F Started\n2026-11-22T11:15:10.2Z stderr P half \n2026-11-22T11:15:10.3Z stdout F between\n"
		   "2026-11-22T11:15:10.4Z stderr F whole\n",
	      false, "message=[half whole]", "parts are joined by what they were written to");
	gives(set, "2016-12-05T20:47:42-08:00 h postgres[93]: [4-2] STATEMENT:  update x\n", false, "syslog 1480999662000000+1000000",
	      "a message whose beginning is not there is the carrier's own");
	gives(set, "web-1  | hello\nweb-1  | world\n", true, "none -9223372036854775808+0", "without any time a line is given when everything is");
}

/* Twice as many lines take about twice the work: counted in bytes that pass, which cannot be asked here; so in time, far from any limit. */
static void pathological(const struct format_set *set, void (*write)(struct text *out, int lines), const char *claim)
{
	struct text bytes = {0};
	struct told t;
	write(&bytes, 60000);
	read_file(set, text_span(&bytes), 1 << 20, false, &t);
	FACT(t.in_order, claim);
	FACT(!memcmp(&t.counts, &t.sums, sizeof t.sums), claim);
	told_release(&t);
	text_release(&bytes);
}

static void many_writers(struct text *out, int lines)
{
	for (int i = 0; i < lines; i++)
		text_format(out, "Nov 22 11:15:10 h%d p%d[%d]: text %d\n", i % 700, i % 13, i % 3000, i);
}
static void endless_parts(struct text *out, int lines)
{
	for (int i = 0; i < lines; i++)
		text_format(out, "2026-11-22T11:15:10.123456789Z stdout P a part of %d that has no end\n", i);
}
static void alternating(struct text *out, int lines)
{
	for (int i = 0; i < lines; i++)
		wrap(COMPOSE, i % 2 ? "a" : "b", i % 3 ? SPAN("2026-11-22 11:15:10.123 UTC [7] LOG:  x") :
			     i % 5 ? SPAN("{\"time\":1795346180955,\"level\":30,\"msg\":\"x\"}") :
				     SPAN("2026/11/22 11:15:10 [error] 7#7: *1 x, client: 192.0.2.1, server: s, request: \"GET / HTTP/1.1\""), i, out);
}
static void open_quotes(struct text *out, int lines)
{
	for (int i = 0; i < lines; i++)
		wrap(COMPOSE, i % 2 ? "a" : "b", i < 20 ? SPAN("2026-11-22 11:15:10.123 UTC,\"a\",\"b\",1,\"[local]\",1.2,3,\"SELECT\",2026-11-22 11:15:10 "
								"UTC,3/0,0,ERROR,42601,\"x\",,,,,,\"y\",,,\"psql\"") :
							SPAN("2026-11-22 11:15:10.123 UTC,\"a\",\"b\",1,\"[local]\",1.2,3,\"SELECT\",2026-11-22 11:15:10 "
							     "UTC,3/0,0,ERROR,42601,\"x"), i, out);
}
static void one_goes_on(struct text *out, int lines)
{
	for (int i = 0; i < lines; i++)
		wrap(COMPOSE, i % 2 ? "a" : "b", i % 2 && i > 99 ? SPAN("  goes on and on") : SPAN("[2026-11-22 11:15:10 +0000] [7] [INFO] x"), i, out);
}

/* Each file begins with a part of a message whose begin is in another file. */
static void parts_that_go_on(struct text *out, int lines)
{
	for (int i = 0; i < lines; i++)
		text_format(out, "2026-11-22T11:15:12-08:00 db%d postgres[%d]: [%d-2] STATEMENT:  select %d\n", i % 9, i % 7, i, i);
}

/* ---- a second format that comes late ---- */

static size_t lines_in(const struct text *t)
{
	size_t n = 0;
	for (size_t i = 0; i < t->len; i++)
		n += t->at[i] == '\n';
	return n;
}

/* Lines of `first` long enough that no look at the start sees the others; then `others` of `second`, `apart` lines between them. The
 * file as it is, and carried. */
static void comes_late(const struct format_set *set, const char *first, const char *second, int others, int apart, int at, const char *claim)
{
	static const size_t steps[] = {61, 4096, 1 << 20};
	struct text plain = {0}, carried = {0};
	int lines = 400, n = 0;
	for (int i = 0; i < lines; i++)
		text_format(&plain, "%s\n", first);
	for (int k = 0; k < others; k++, lines += apart) {
		text_format(&plain, "%s\n", second);
		for (int i = 0; i < apart; i++)
			text_format(&plain, "%s\n", first);
	}
	for (struct span rest = text_span(&plain), line; rest.len;) {
		line = span_cut(&rest, '\n');
		wrap(COMPOSE_TIMED, "web", line, n++, &carried);
	}
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		for (int way = 0; way < 2; way++) {
			struct told t;
			read_file(set, text_span(way ? &carried : &plain), steps[i], false, &t);
			FACT(t.counts.records == (uint64_t)(lines + others) && !t.counts.unparsed && !t.counts.joined && t.in_order &&
				     lines_in(&t.of[at]) == (size_t)others,
			     claim);
			told_release(&t);
		}
	}
	text_release(&plain);
	text_release(&carried);
}

static void test_late(const struct format_set *set)
{
	const char *access = "192.0.2.1 - - [22/Nov/2026:11:15:10 +0000] \"GET /a HTTP/1.1\" 200 10 \"-\" \"curl/8\"";
	const char *error = "2026/11/22 11:15:10 [error] 7#7: *1 connect() failed (111: Connection refused) while connecting to upstream, client: "
			    "192.0.2.1, server: shop, request: \"GET /a HTTP/1.1\", upstream: \"http://10.0.0.1:80/\", host: \"shop\"";
	comes_late(set, access, error, 100, 3, 5, "nginx's error log among its access log, from the first line");
	comes_late(set, access, error, 1, 0, 5, "one error, the last line of the file");
	comes_late(set, access, error, 4, 6000, 5, "an error every half a megabyte, from the first");
	comes_late(set, "2026-11-22 11:15:10.123 UTC [500] app@shop/api ERROR:  relation does not exist",
		   "2026-11-22 11:15:10.123 UTC [77] LOG C-0x55d0: shop/app@10.0.0.1:51234 login attempt: db=shop user=app tls=no", 100, 3, POOLER,
		   "PgBouncer among PostgreSQL");
	comes_late(set, "{\"level\":30,\"time\":1795346180955,\"pid\":7,\"hostname\":\"h\",\"msg\":\"request\"}",
		   "[2026-11-22 11:15:10 +0000] [7] [ERROR] worker", 100, 3, PYTHON, "a Python worker's text among JSON");
}

/* Nothing takes every tenth line, and no two of them are alike. */
static void strange_lines(struct text *out, int lines)
{
	for (int i = 0; i < lines; i++) {
		if (i % 10) {
			text_append_string(out, "192.0.2.1 - - [22/Nov/2026:11:15:10 +0000] \"GET /a HTTP/1.1\" 200 10 \"-\" \"curl/8\"\n");
			continue;
		}
		for (int k = 0; k < 16; k++)
			text_append_byte(out, i >> k & 1 ? '#' : '+');
		text_append_byte(out, '\n');
	}
}

int main(void)
{
	struct patterns patterns = builtin_load();
	test_programs(&patterns.formats);
	test_unknown(&patterns.formats);
	test_late(&patterns.formats);
	pathological(&patterns.formats, strange_lines, "lines of no format, each unlike the others");
	pathological(&patterns.formats, many_writers, "more writers than are told apart");
	pathological(&patterns.formats, endless_parts, "a line in parts that never ends");
	pathological(&patterns.formats, alternating, "formats that alternate without end");
	pathological(&patterns.formats, open_quotes, "quotes that never close, of two writers");
	pathological(&patterns.formats, parts_that_go_on, "nothing but parts that go on");
	pathological(&patterns.formats, one_goes_on, "a record that never ends beside others that do");
	builtin_release(&patterns);
	return unit_done();
}
