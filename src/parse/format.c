#include "parse/format.h"

#include "base/memory.h"
#include "line/access.h"
#include "line/bare.h"
#include "line/csvline.h"
#include "line/exception.h"
#include "line/jsonline.h"
#include "line/pairs.h"
#include "line/trace.h"
#include "split/auth.h"
#include "split/haproxy.h"
#include "split/haproxynotice.h"
#include "split/logfmt.h"
#include "split/mysqlslow.h"
#include "split/nginxerror.h"
#include "split/postgresql.h"
#include "split/prefix.h"
#include "split/scanner.h"
#include "split/template.h"
#include "split/w3c.h"

struct format_scratch {
	struct template_scratch template;
	struct stamp_cache stamps;
	struct csvline csv;
	struct scanner_room scanner;
	struct w3c_scratch w3c;
	struct haproxy_scratch haproxy;
	struct json_scratch *json;
	struct regex_scratch *regex;
	const struct carried *carried; /* borrowed; NULL: the lines are the file's own */
	struct extras *extras;         /* owned; NULL: not asked for */
	struct carrier_room *room;     /* owned; NULL until a carrier's own line is parsed with its carrier */
	bool line;                     /* what is parsed has no newline */
};

struct format_scratch *format_scratch_new(void)
{
	struct format_scratch *s = memory_new(1, sizeof *s);
	s->json = json_scratch_new();
	s->regex = regex_scratch_new();
	return s;
}

void format_scratch_free(struct format_scratch *s)
{
	if (!s)
		return;
	template_scratch_release(&s->template);
	json_scratch_free(s->json);
	regex_scratch_free(s->regex);
	csvline_release(&s->csv);
	text_release(&s->scanner.text);
	text_release(&s->w3c.text);
	haproxy_scratch_release(&s->haproxy);
	memory_free(s->extras);
	carrier_room_free(s->room);
	memory_free(s);
}

void format_scratch_carried(struct format_scratch *s, const struct carried *carried)
{
	s->carried = carried;
}

void format_scratch_extras(struct format_scratch *s)
{
	if (!s->extras)
		s->extras = memory_new(1, sizeof *s->extras);
	s->scanner.extras = s->extras;
	s->template.extras = s->extras;
	s->w3c.extras = s->extras;
}

void format_scratch_detects(struct format_scratch *s, bool detects)
{
	regex_scratch_interprets(s->regex, detects);
}

/* ---- the kinds ---- */

static enum parse_result parse_nginx(const struct format *f, struct span entry, struct format_scratch *s,
				     struct record *r)
{
	for (size_t i = 0; i < f->layouts_n; i++) {
		if (template_scan(f->layouts[i].template, entry, &s->template, r))
			return r->resolution_us ? PARSE_OK : PARSE_NOT_TIME;
		record_clear(r);
	}
	return PARSE_NO;
}

static enum parse_result parse_w3c(const struct format *f, struct span entry, struct format_scratch *s, struct record *r)
{
	for (size_t i = 0; i < f->layouts_n; i++) {
		if (w3c_scan(f->layouts[i].w3c, entry, &s->w3c, r))
			return r->resolution_us ? PARSE_OK : PARSE_NOT_TIME;
		record_clear(r);
	}
	return PARSE_NO;
}

/* A prefix without a time, which a carrier says, has read a time: as the begin of a name. */
static bool names_a_time(struct span entry, struct format_scratch *s, const struct record *r)
{
	struct stamp stamp;
	return s->carried && !record_has(r, FIELD_TIMESTAMP) && entry.len && is_digit(entry.at[0]) && stamp_scan(entry, &s->stamps, &stamp);
}

static enum parse_result parse_postgresql(const struct format *f, struct span entry, struct format_scratch *s,
					  struct record *r)
{
	for (size_t i = 0; i < f->layouts_n; i++) {
		enum prefix_result result = prefix_scan(f->layouts[i].prefix, entry, &s->stamps, r);
		if (result != PREFIX_NO && (result == PREFIX_OK || !names_a_time(entry, s, r))) {
			postgresql_message(r);
			return result == PREFIX_OK ? PARSE_OK : PARSE_NOT_TIME;
		}
		record_clear(r);
	}
	return PARSE_NO;
}

static enum parse_result parse_haproxy(const struct format *f, struct span entry, struct format_scratch *s,
				       struct record *r)
{
	struct syslog_header header;
	syslog_scan(entry, &s->haproxy.header, &header);
	for (size_t i = 0; i < f->layouts_n; i++) {
		if (haproxy_scan(f->layouts[i].logformat, &header, &s->haproxy, r))
			return r->resolution_us ? PARSE_OK : PARSE_NOT_TIME;
		record_clear(r);
	}
	if (haproxynotice_scan(&header, &s->haproxy.stamps, r))
		return r->resolution_us ? PARSE_OK : PARSE_NOT_TIME;
	record_clear(r);
	return PARSE_NO;
}

/* A header that is an array of its values ("User-Agent":["curl/8.5"]): the first. Its escapes stay. */
static void first_of_array(enum field field, struct record *r)
{
	struct span value = r->field[field];
	if (value.len < 2 || value.at[0] != '[' || value.at[1] != '"')
		return;
	struct span rest = span_from(value, 2);
	record_set(r, field, span_cut(&rest, '"'));
}

/* What servers' JSON logs say in other words than others do: headers as arrays, addresses with ports, of a list of addresses the one that
 * the nearest proxy saw, "HTTP/1.1", an upstream's URL. */
static void tidy_request(struct record *r)
{
	const uint64_t headers = UINT64_C(1) << FIELD_USER_AGENT | UINT64_C(1) << FIELD_REFERER | UINT64_C(1) << FIELD_HTTP_HOST |
				 UINT64_C(1) << FIELD_REQUEST_ID;
	for (uint64_t bits = r->has & headers; bits; bits &= bits - 1)
		first_of_array((enum field)__builtin_ctzll(bits), r);
	struct span client = record_get(r, FIELD_CLIENT), version = record_get(r, FIELD_PROTOCOL_VERSION);
	if (client.len && (span_find_byte(client, ':') >= 0 || span_find_byte(client, ',') >= 0)) {
		while (span_find_byte(client, ',') >= 0)
			span_cut(&client, ',');
		record_unset(r, FIELD_CLIENT);
		access_peer(span_trim(client), r);
	}
	if (version.len && span_starts(version, SPAN("HTTP/")))
		record_set(r, FIELD_PROTOCOL_VERSION, span_from(version, 5));
	if (record_has(r, FIELD_UPSTREAM_ADDRESS))
		record_set(r, FIELD_UPSTREAM_ADDRESS, access_host_of(r->field[FIELD_UPSTREAM_ADDRESS]));
}

static enum parse_result parse_json(const struct format *f, struct span entry, struct format_scratch *s,
				    struct record *r)
{
	/* FIELD_IGNORED is where the paths of json-without lead. */
	if (jsonline_scan(f->keys, entry, s->json, r) != JSON_OK || record_has(r, FIELD_IGNORED))
		return PARSE_NO;
	if (record_has(r, FIELD_STATUS))
		tidy_request(r);
	return derive(&f->meaning, &s->stamps, s->carried, r);
}

static enum parse_result parse_csv(const struct format *f, struct span entry, unsigned at_least, struct format_scratch *s,
				   struct record *r)
{
	/* A line in the middle of a quoted statement must not be taken for one whose quote is open. */
	struct stamp stamp;
	if (f->csv_field[0] == FIELD_TIMESTAMP && !stamp_scan(entry, NULL, &stamp))
		return PARSE_NO;
	enum csv_result result = csvline_scan(&s->csv, entry);
	if (result == CSV_OPEN)
		return PARSE_PARTIAL;
	if (result == CSV_BAD || s->csv.n < at_least || s->csv.n > f->csv_columns)
		return PARSE_NO;
	for (size_t i = 0; i < s->csv.n; i++) {
		if (f->csv_field[i] != FIELD_IGNORED && s->csv.columns[i].len)
			record_set(r, (enum field)f->csv_field[i], s->csv.columns[i]);
	}
	return derive(&f->meaning, &s->stamps, s->carried, r);
}

/* java.util.logging says when and where in one line and "LEVEL: message" in the next. */
static void second_line(struct span *rest, struct record *r)
{
	struct span after = *rest, message = span_cut(&after, '\n'), word = span_cut(&message, ':');
	enum severity severity = severity_of(word);
	if (!severity || !span_take_byte(&message, ' '))
		return;
	r->severity = severity;
	record_set(r, FIELD_SEVERITY, word);
	record_set(r, FIELD_MESSAGE, message);
	*rest = after;
}

/* What follows an entry's first line: a trace is apart from the message, anything else goes on with it. */
static void continued(struct span entry, struct span rest, struct record *r)
{
	if (!record_has(r, FIELD_MESSAGE) && !record_has(r, FIELD_SEVERITY))
		second_line(&rest, r);
	struct span message = record_get(r, FIELD_MESSAGE);
	if (rest.len && exception_is_trace(rest)) {
		record_set(r, FIELD_STACK, rest);
	} else if (message.at && message.at + message.len + 1 == rest.at) {
		message.len = (size_t)(entry.at + entry.len - message.at);
		while (message.len && (message.at[message.len - 1] == '\n' || message.at[message.len - 1] == ' '))
			message.len--;
		record_set(r, FIELD_MESSAGE, message);
	}
}

/* What nginx appends to the message stands behind its last line. */
static void cut_tail(struct span entry, struct record *r)
{
	static const enum field texts[] = {FIELD_MESSAGE, FIELD_STACK};
	struct span text = record_get(r, FIELD_MESSAGE);
	if (!text.at)
		return;
	text.len = (size_t)(entry.at + entry.len - text.at);
	const char *end = text.at + nginxerror_scan(text, r);
	for (size_t i = 0; i < 2; i++) {
		struct span *value = &r->field[texts[i]];
		if (record_has(r, texts[i]) && value->at < end && value->at + value->len > end)
			value->len = (size_t)(end - value->at);
	}
}

/* Cuts an entry of several lines behind the first. */
static inline struct span first_line(const struct format *f, struct span entry, const struct format_scratch *s, struct span *rest)
{
	ptrdiff_t newline = s->line || f->multiline == MULTILINE_NO ? -1 : span_find_byte(entry, '\n');
	*rest = newline < 0 ? SPAN_NONE : span_from(entry, (size_t)newline + 1);
	return newline < 0 ? entry : span_head(entry, (size_t)newline);
}

static enum parse_result parse_scanner(const struct format *f, struct span entry, struct format_scratch *s, struct record *r)
{
	struct span rest = SPAN_NONE, subject = f->scanner->whole ? entry : first_line(f, entry, s, &rest);
	if (!f->scanner->scan(subject, &s->scanner, r))
		return f->scanner->unfinished && f->scanner->unfinished(subject) ? PARSE_PARTIAL : PARSE_NO;
	enum parse_result result = derive(&f->meaning, &s->stamps, s->carried, r);
	if (result == PARSE_OK && rest.len)
		format_continue(entry, rest, r);
	return result;
}

static enum parse_result parse_regex(const struct format *f, struct span entry, struct format_scratch *s,
				     struct record *r)
{
	struct span rest, subject = first_line(f, entry, s, &rest);
	if (regex_match(f->regex, subject, s->regex) != REGEX_MATCH)
		return PARSE_NO;
	uint64_t took;
	const size_t *ends = regex_ends(s->regex, &took);
	const unsigned char *fields = group_fields_of(f->groups, f->regex);
	for (took &= took - 1; took; took &= took - 1) { /* but for group 0 */
		unsigned i = (unsigned)__builtin_ctzll(took);
		size_t start = ends[2 * i], end = ends[2 * i + 1];
		enum field field = (enum field)fields[i];
		if (field == FIELD_IGNORED || record_has(r, field))
			continue;
		if (end > start || field == FIELD_MESSAGE)
			record_set(r, field, (struct span){subject.at + start, end - start});
	}
	enum parse_result result = derive(&f->meaning, &s->stamps, s->carried, r);
	struct span message = record_get(r, FIELD_MESSAGE);
	if (result == PARSE_OK && f->meaning.message == MESSAGE_PAIRS && message.at) {
		/* A message that is a pair itself (msg="...") stands among others. */
		struct span before = span_head(subject, (size_t)(message.at - subject.at));
		if (span_ends(before, SPAN("=")) || span_ends(before, SPAN("=\"")))
			pairs_scan(before, r);
		pairs_scan(span_from(subject, before.len + message.len), r);
	}
	if (result == PARSE_OK && rest.len) {
		continued(entry, rest, r);
		if (record_has(r, FIELD_STACK))
			derive_exception(r);
	}
	if (result == PARSE_OK && f->meaning.message == MESSAGE_NGINX)
		cut_tail(entry, r);
	return result;
}

#define TEN(tens) tens "0", tens "1", tens "2", tens "3", tens "4", tens "5", tens "6", tens "7", tens "8", tens "9"
static struct span priority_text(int priority)
{
	static const char *const texts[] = {TEN(""),  TEN("1"),  TEN("2"),  TEN("3"),  TEN("4"),  TEN("5"),  TEN("6"),
					    TEN("7"), TEN("8"),  TEN("9"),  TEN("10"), TEN("11"), TEN("12"), TEN("13"),
					    TEN("14"), TEN("15"), TEN("16"), TEN("17"), TEN("18"), TEN("19")};
	return priority >= 0 && (size_t)priority < sizeof texts / sizeof *texts ? span_of(texts[priority]) : SPAN_NONE;
}
#undef TEN

static void set_absent(struct record *r, enum field field, struct span value)
{
	if (value.len && !record_has(r, field))
		record_set(r, field, value);
}

bool format_carried(const struct carried *c, struct record *r)
{
	bool timed = r->resolution_us > 0;
	if (c->has_stamp && (!timed || (r->zone == STAMP_NONE && c->stamp.zone == STAMP_EXPLICIT))) {
		stamp_apply(&c->stamp, r);
		record_set(r, FIELD_TIMESTAMP, c->stamp_text);
		timed = true;
	}
	/* Servers and journald say "info" or "notice" of all that they are not told the level of. */
	if (r->severity == SEVERITY_UNKNOWN && c->severity >= SEVERITY_WARN) {
		r->severity = c->severity;
		set_absent(r, FIELD_SEVERITY, c->severity_text);
	}
	set_absent(r, FIELD_HOST, c->host);
	set_absent(r, FIELD_PROCESS, c->process);
	set_absent(r, FIELD_PID, c->pid);
	set_absent(r, FIELD_CONTAINER, c->container);
	set_absent(r, FIELD_IOSTREAM, c->iostream);
	set_absent(r, FIELD_MSGID, c->msgid);
	set_absent(r, FIELD_PRIORITY, priority_text(c->priority));
	return timed;
}

/* A carrier's own record: the text as it is, with the level that stands at its start when the carrier says none. */
static enum parse_result parse_carrier(const struct format *f, struct span entry, struct format_scratch *s, struct record *r)
{
	struct carried own;
	const struct carried *c = s->carried;
	if (!c) {
		if (!s->room)
			s->room = carrier_room_new();
		if (!carrier_unwrap(entry, s->room, &s->stamps, s->extras, &own) || own.chain[own.depth - 1] != f->carrier)
			return PARSE_NO;
		c = &own;
		entry = own.text;
	}
	struct span rest = entry, message = span_cut(&rest, '\n');
	record_set(r, FIELD_MESSAGE, message);
	if (!format_carried(c, r))
		return PARSE_NOT_TIME;
	if (r->severity == SEVERITY_UNKNOWN)
		bare_read(r);
	if (r->severity == SEVERITY_UNKNOWN) {
		r->severity = c->severity;
		set_absent(r, FIELD_SEVERITY, c->severity_text);
	}
	record_set(r, FIELD_MESSAGE, message);
	if (f->meaning.message == MESSAGE_AUTH)
		auth_read(r);
	if (rest.len)
		format_continue(entry, rest, r);
	return PARSE_OK;
}

void format_continue(struct span entry, struct span rest, struct record *r)
{
	continued(entry, rest, r);
	if (record_has(r, FIELD_STACK))
		derive_exception(r);
}

/* Two stamps on one line: the carrier's local time beside a time whose zone is known. */
static void note_header(const struct carried *c, struct record *r)
{
	if (!c->has_stamp || c->stamp.zone != STAMP_NONE || c->stamp.zone_text.len || r->zone != STAMP_EXPLICIT)
		return;
	int64_t apart_us = (c->stamp.time_us - r->time_us) % DAY_US;
	r->headed = true;
	r->headed_us = apart_us >= DAY_US / 2 ? apart_us - DAY_US : apart_us < -DAY_US / 2 ? apart_us + DAY_US : apart_us;
}

/* The record of a carried line. What a text prints as its time but cannot be one (a time of day alone) says nothing. */
static enum parse_result parse_carried(const struct format *f, enum parse_result result, struct format_scratch *s, struct record *r)
{
	if (result != PARSE_OK && result != PARSE_NOT_TIME)
		return result;
	if (result == PARSE_NOT_TIME)
		r->resolution_us = 0;
	enum stamp_zone zone = r->zone;
	if (result == PARSE_OK && !f->headed)
		note_header(s->carried, r);
	/* A format that reads the syslog header has made of the two stamps what there is to make. */
	if (f->headed && result == PARSE_OK)
		r->zone = STAMP_EXPLICIT;
	bool timed = format_carried(s->carried, r);
	if (f->headed && result == PARSE_OK)
		r->zone = zone;
	return timed ? PARSE_OK : PARSE_NOT_TIME;
}

/* What the carriers say comes first. */
static void begin_extras(struct format_scratch *s)
{
	extras_clear(s->extras);
	if (s->carried && s->carried->extras)
		*s->extras = *s->carried->extras;
}

static void add_extras(const struct format *f, struct span entry, struct format_scratch *s, struct record *r)
{
	if (record_has(r, FIELD_STACK))
		set_absent(r, FIELD_LANGUAGE, trace_language(r->field[FIELD_STACK]));
	if (f->rank == RANK_STAMPED)
		logfmt_extras(entry, s->extras);
}

enum parse_result format_parse(const struct format *f, struct span entry, struct format_scratch *s, struct record *r)
{
	enum parse_result result = PARSE_NO;
	record_clear(r);
	r->resolution_us = 0;
	r->raw = entry;
	r->extras = s->extras;
	if (s->extras)
		begin_extras(s);
	switch (f->kind) {
	case FORMAT_NGINX:
	case FORMAT_APACHE:
		result = parse_nginx(f, entry, s, r);
		break;
	case FORMAT_W3C:
		result = parse_w3c(f, entry, s, r);
		break;
	case FORMAT_POSTGRESQL:
		result = parse_postgresql(f, entry, s, r);
		break;
	case FORMAT_HAPROXY:
		result = parse_haproxy(f, entry, s, r);
		break;
	case FORMAT_JSON:
		result = parse_json(f, entry, s, r);
		break;
	case FORMAT_CSV:
		result = parse_csv(f, entry, f->csv_at_least, s, r);
		break;
	case FORMAT_REGEX:
		result = parse_regex(f, entry, s, r);
		break;
	case FORMAT_SCANNER:
		result = parse_scanner(f, entry, s, r);
		break;
	case FORMAT_CARRIED:
		return parse_carrier(f, entry, s, r);
	}
	if (s->carried)
		result = parse_carried(f, result, s, r);
	if (f->stamp_is_start && result == PARSE_OK && r->duration_us > 0 && r->time_us < INT64_MAX / 2 &&
	    r->duration_us < INT64_MAX / 4)
		r->time_us += r->duration_us;
	if (s->extras && result == PARSE_OK) /* a scan does not ask */
		add_extras(f, entry, s, r);
	return result;
}

enum parse_result format_parse_line(const struct format *f, struct span line, struct format_scratch *s, struct record *r)
{
	s->line = true;
	enum parse_result result = format_parse(f, line, s, r);
	s->line = false;
	return result;
}

enum parse_result format_parse_cut(const struct format *f, struct span entry, struct format_scratch *s, struct record *r)
{
	record_clear(r);
	r->raw = entry;
	enum parse_result result = f->kind == FORMAT_CSV ? parse_csv(f, entry, 1, s, r) : PARSE_NO;
	return result == PARSE_OK && record_has(r, FIELD_MESSAGE) ? PARSE_OK : PARSE_NO;
}

void format_foreign(struct span line, struct format_scratch *s, struct record *r)
{
	r->extras = s->extras;
	record_set(r, FIELD_MESSAGE, line);
	if (!s->extras)
		return;
	begin_extras(s);
	auth_read_bare(r);
	if (!mysqlslow_columns(line, &s->scanner, r))
		trace_frame(line, s->extras);
}

bool record_is_attachment(const struct record *r)
{
	const uint64_t texts = UINT64_C(1) << FIELD_DETAIL | UINT64_C(1) << FIELD_HINT | UINT64_C(1) << FIELD_CONTEXT |
			       UINT64_C(1) << FIELD_STATEMENT;
	return (r->has & texts) && !record_has(r, FIELD_MESSAGE) && r->severity == SEVERITY_UNKNOWN &&
	       record_has(r, FIELD_SEVERITY);
}
