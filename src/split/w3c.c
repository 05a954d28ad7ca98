#include "split/w3c.h"

#include "base/memory.h"
#include "line/access.h"

enum what {
	COLUMN_IGNORED,
	COLUMN_DATE,
	COLUMN_TIME,
	COLUMN_FIELD,
	COLUMN_TEXT,     /* a header: '+' is a blank */
	COLUMN_STATUS,
	COLUMN_PROTOCOL,
	COLUMN_NUMBER,   /* a field or an extra that must be one */
	COLUMN_DURATION,
};

struct column {
	unsigned char what, field;
	struct span name; /* in w3c.text; of an extra: ours */
};

struct w3c {
	struct column columns[W3C_COLUMNS];
	size_t n;
	bool seconds; /* durations are seconds */
	enum w3c_kin kin;
	char *text;   /* owned */
};

struct known {
	const char *name;
	unsigned char what, field;
	const char *extra; /* instead of a field */
};
#define FIELD(what, field) COLUMN_##what, FIELD_##field, NULL
#define EXTRA(what, name) COLUMN_##what, FIELD_IGNORED, name

static const struct known columns[] = {
	{"date", FIELD(DATE, TIMESTAMP)},
	{"time", FIELD(TIME, TIMESTAMP)},
	{"c-ip", FIELD(FIELD, CLIENT)},
	{"c-port", FIELD(NUMBER, CLIENT_PORT)},
	{"s-ip", EXTRA(FIELD, "server.ip")},
	{"s-port", EXTRA(NUMBER, "server.port")},
	{"s-computername", FIELD(FIELD, HOST)},
	{"s-sitename", EXTRA(FIELD, "iis.site")},
	{"s-siteid", EXTRA(FIELD, "iis.site")},
	{"s-reason", FIELD(FIELD, ERROR_CODE)},
	{"s-queuename", FIELD(FIELD, APPLICATION)},
	{"cs-method", FIELD(FIELD, METHOD)},
	{"cs-uri-stem", FIELD(FIELD, PATH)},
	{"cs-uri", FIELD(FIELD, PATH)},
	{"cs-uri-query", EXTRA(FIELD, "url.query")},
	{"cs-username", FIELD(FIELD, USER)},
	{"cs-version", FIELD(PROTOCOL, PROTOCOL_VERSION)},
	{"cs-protocol-version", FIELD(PROTOCOL, PROTOCOL_VERSION)},
	{"cs-protocol", EXTRA(FIELD, "url.scheme")},
	{"cs-host", FIELD(FIELD, HTTP_HOST)},
	{"cs(Host)", FIELD(FIELD, HTTP_HOST)},
	{"x-host-header", FIELD(FIELD, SERVER)},
	{"cs(User-Agent)", FIELD(TEXT, USER_AGENT)},
	{"cs(Referer)", FIELD(TEXT, REFERER)},
	{"cs(Cookie)", FIELD(IGNORED, IGNORED)},
	{"sc-status", FIELD(STATUS, STATUS)},
	{"sc-substatus", EXTRA(NUMBER, "iis.substatus")},
	{"sc-win32-status", EXTRA(NUMBER, "iis.win32_status")},
	{"sc-bytes", FIELD(NUMBER, BODY_SIZE)},
	{"cs-bytes", EXTRA(NUMBER, "http.request.size")},
	{"time-taken", FIELD(DURATION, DURATION)},
	{"x-forwarded-for", EXTRA(FIELD, "http.request.header.x-forwarded-for")},
	{"x-edge-location", EXTRA(FIELD, "aws.cloudfront.x_edge_location")},
	{"x-edge-result-type", EXTRA(FIELD, "aws.cloudfront.x_edge_result_type")},
	{"x-edge-detailed-result-type", EXTRA(FIELD, "aws.cloudfront.x_edge_detailed_result_type")},
	{"x-edge-request-id", FIELD(FIELD, REQUEST_ID)},
	{"ssl-protocol", EXTRA(FIELD, "tls.protocol")},
	{"ssl-cipher", EXTRA(FIELD, "tls.cipher")},
	{"sc-content-type", EXTRA(FIELD, "http.response.header.content-type")},
	{"sc-content-len", EXTRA(FIELD, "http.response.header.content-length")},
	{"time-to-first-byte", EXTRA(FIELD, "aws.cloudfront.time_to_first_byte")},
};

struct span w3c_header(struct span line)
{
	static const struct span name = {"#Fields:", 8};
	return span_starts(line, name) ? span_trim(span_from(line, name.len)) : SPAN_NONE;
}

static void read_name(struct w3c *w, struct span name)
{
	struct column *column = &w->columns[w->n++];
	*column = (struct column){COLUMN_FIELD, FIELD_IGNORED, name};
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
		if (!span_equal_nocase(name, span_of(columns[i].name)))
			continue;
		*column = (struct column){columns[i].what, columns[i].field, columns[i].extra ? span_of(columns[i].extra) : name};
	}
	if (span_starts(name, SPAN("x-edge-"))) {
		w->kin = W3C_CLOUDFRONT;
		w->seconds = true;
	} else if (span_equal(name, SPAN("s-reason"))) {
		w->kin = W3C_ERRORS;
	}
}

static bool has(const struct w3c *w, enum what what)
{
	for (size_t i = 0; i < w->n; i++) {
		if (w->columns[i].what == what)
			return true;
	}
	return false;
}

struct w3c *w3c_new(struct span text, struct diag *d, size_t *column)
{
	struct w3c *w = memory_new(1, sizeof *w);
	w->text = span_copy(text);
	struct span rest = {w->text, text.len};
	*column = 0;
	while (rest.len) {
		size_t n = 0;
		while (n < rest.len && rest.at[n] != ' ' && rest.at[n] != '\t')
			n++;
		if (n && w->n == W3C_COLUMNS) {
			*column = (size_t)(rest.at - w->text);
			diag_set(d, "more than 64 columns");
			diag_hint(d, "IIS has 22 of its own.");
			w3c_free(w);
			return NULL;
		}
		if (n)
			read_name(w, span_head(rest, n));
		rest = span_from(rest, n + 1);
	}
	if (has(w, COLUMN_DATE) && has(w, COLUMN_TIME) && (has(w, COLUMN_STATUS) || has(w, COLUMN_PROTOCOL)))
		return w;
	diag_set(d, "the columns lack %s", has(w, COLUMN_STATUS) || has(w, COLUMN_PROTOCOL) ? "date or time" : "sc-status");
	diag_hint(d, "Write what stands behind \"#Fields:\" in the log.");
	w3c_free(w);
	return NULL;
}

void w3c_free(struct w3c *w)
{
	if (!w)
		return;
	memory_free(w->text);
	memory_free(w);
}

enum w3c_kin w3c_kin(const struct w3c *w)
{
	return w->kin;
}

/* ---- lines ---- */

static bool is_number(struct span value)
{
	for (size_t i = value.len > 1 && value.at[0] == '-'; i < value.len; i++) {
		if ((unsigned char)(value.at[i] - '0') > 9)
			return false;
	}
	return value.len > 0;
}

/* '+' as blanks. In HTTP/1 a header's own '+' cannot be told from them. */
static struct span blanks_of(struct span value, struct w3c_scratch *s)
{
	if (span_find_byte(value, '+') < 0)
		return value;
	size_t from = s->text.len;
	text_append(&s->text, value);
	for (size_t i = from; i < s->text.len; i++) {
		if (s->text.at[i] == '+')
			s->text.at[i] = ' ';
	}
	return (struct span){s->text.at + from, s->text.len - from};
}

static bool set_column(const struct w3c *w, const struct column *column, struct span value, struct w3c_scratch *s, struct record *r)
{
	const enum field field = (enum field)column->field;
	int64_t us;
	if (access_is_absent(value))
		return column->what != COLUMN_DATE && column->what != COLUMN_TIME;
	switch ((enum what)column->what) {
	case COLUMN_IGNORED:
	case COLUMN_DATE:
	case COLUMN_TIME:
		return true;
	case COLUMN_NUMBER:
		if (!is_number(value))
			return false;
		break;
	case COLUMN_STATUS:
		/* CloudFront's is 000 when the viewer left before there was an answer. */
		if (value.len != 3 || value.at[0] == '-' || !is_number(value))
			return false;
		if (value.at[0] == '0')
			return true;
		r->status = (value.at[0] - '0') * 100 + (value.at[1] - '0') * 10 + (value.at[2] - '0');
		break;
	case COLUMN_PROTOCOL:
		if (span_starts(value, SPAN("HTTP/")))
			value = span_from(value, 5);
		break;
	case COLUMN_TEXT:
		value = blanks_of(value, s);
		break;
	case COLUMN_DURATION:
		if (!span_to_duration(value, w->seconds ? SECOND_US : 1000, &us))
			return false;
		r->duration_us = us;
		break;
	case COLUMN_FIELD:
		break;
	}
	if (field == FIELD_IGNORED)
		extras_add(s->extras, column->name, value);
	else
		access_field(field, value, r);
	return true;
}

/* "2018-12-31" and "12:02:53", which may stand apart. */
static void set_stamp(struct span date, struct span time, struct w3c_scratch *s, struct record *r)
{
	char text[32];
	struct stamp stamp;
	if (date.len != 10 || time.len < 8 || time.len > 16)
		return;
	memcpy(text, date.at, 10);
	text[10] = ' ';
	memcpy(text + 11, time.at, time.len);
	if (!stamp_parse((struct span){text, 11 + time.len}, &s->stamps, &stamp))
		return;
	stamp.zone = STAMP_EXPLICIT;
	stamp.zone_text = SPAN_NONE;
	stamp_apply(&stamp, r);
	/* As it is printed, when the two stand side by side. */
	record_set(r, FIELD_TIMESTAMP, time.at == date.at + 11 ? (struct span){date.at, 11 + time.len} : date);
}

bool w3c_scan(const struct w3c *w, struct span line, struct w3c_scratch *s, struct record *r)
{
	struct span values[W3C_COLUMNS], date = SPAN_NONE, time = SPAN_NONE;
	const char *at = line.at, *end = line.at + line.len;
	char separator = span_find_byte(span_head(line, 16), '\t') >= 0 ? '\t' : ' ';
	r->resolution_us = 0;
	for (size_t i = 0; i < w->n; i++) {
		const char *stop = hop_to(at, end, separator);
		if ((stop == NULL) != (i + 1 == w->n))
			return false;
		values[i] = (struct span){at, (size_t)((stop ? stop : end) - at)};
		if (!values[i].len)
			return false;
		at = stop ? stop + 1 : end;
	}
	/* Values lie in the text: it must not move while they are made. */
	text_clear(&s->text);
	if (s->text.cap <= line.len)
		s->text.at = memory_grow(s->text.at, &s->text.cap, line.len + 1, 1);
	for (size_t i = 0; i < w->n; i++) {
		date = w->columns[i].what == COLUMN_DATE ? values[i] : date;
		time = w->columns[i].what == COLUMN_TIME ? values[i] : time;
		if (!set_column(w, &w->columns[i], values[i], s, r))
			return false;
	}
	set_stamp(date, time, s, r);
	return true;
}
