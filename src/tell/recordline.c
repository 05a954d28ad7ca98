#include "tell/recordline.h"

#include "line/extras.h"
#include "tally/mask.h"

static void append_key(struct text *out, const char *key)
{
	if (out->at[out->len - 1] != '{')
		text_append_byte(out, ',');
	text_append_byte(out, '"');
	text_append_string(out, key);
	text_append(out, SPAN("\":"));
}

/* RFC 8259 section 7: what must be escaped; and what a terminal would obey or nobody would see. Runs without any are appended at
 * once. */
static void append_escaped(struct text *out, struct span valid)
{
	static const char digits[] = "0123456789abcdef";
	size_t start = 0;
	for (size_t i = 0; i < valid.len; i++) {
		unsigned char c = (unsigned char)valid.at[i];
		if (c >= ' ' && c < 0x7F && c != '"' && c != '\\')
			continue;
		size_t len = 1;
		if (c >= 0x7F && span_begins_seen(span_from(valid, i), &len)) {
			i += len - 1;
			continue;
		}
		text_append(out, (struct span){valid.at + start, i - start});
		start = i + len;
		if (c >= 0x7F) {
			text_append_json_rune(out, span_from(valid, i));
			i += len - 1;
			continue;
		}
		text_append_byte(out, '\\');
		if (c == '"' || c == '\\') {
			text_append_byte(out, (char)c);
		} else if (c == '\n' || c == '\t' || c == '\r') {
			text_append_byte(out, c == '\n' ? 'n' : c == '\t' ? 't' : 'r');
		} else {
			text_append(out, SPAN("u00"));
			text_append_byte(out, digits[c >> 4]);
			text_append_byte(out, digits[c & 15]);
		}
	}
	text_append(out, span_from(valid, start));
}

static void append_string(struct recordline *l, struct text *out, struct span value)
{
	text_append_byte(out, '"');
	if (!span_is_utf8(value)) {
		text_clear(&l->valid);
		text_append_utf8(&l->valid, value);
		value = text_span(&l->valid);
	}
	append_escaped(out, value);
	text_append_byte(out, '"');
}

static void put_span(struct recordline *l, struct text *out, const char *key, struct span value)
{
	append_key(out, key);
	append_string(l, out, value);
}

/* The same with a name that stood in the log. */
static void put_pair(struct recordline *l, struct text *out, struct span key, struct span value)
{
	if (out->at[out->len - 1] != '{')
		text_append_byte(out, ',');
	append_string(l, out, key);
	text_append_byte(out, ':');
	append_string(l, out, value);
}

static void put_int(struct text *out, const char *key, int64_t n)
{
	append_key(out, key);
	text_append_int(out, n);
}

static void put_count(struct text *out, const char *key, uint64_t n)
{
	put_int(out, key, n > INT64_MAX ? INT64_MAX : (int64_t)n);
}

static void put_null(struct text *out, const char *key)
{
	append_key(out, key);
	text_append(out, SPAN("null"));
}

static void put_time(struct recordline *l, struct text *out, const struct record *r)
{
	char text[32];
	if (r->time_us == INSTANT_NONE) {
		put_null(out, "timestamp");
		return;
	}
	struct span stamp = span_of(instant_format(r->time_us, text));
	if (r->zone != STAMP_EXPLICIT && span_ends(stamp, SPAN("Z")))
		stamp.len--;
	put_span(l, out, "timestamp", stamp);
	put_int(out, "timestamp_resolution_us", r->resolution_us);
	if (r->zone != STAMP_EXPLICIT)
		put_null(out, "zone");
	if (r->yearless)
		put_null(out, "year");
	if (record_has(r, FIELD_TIMESTAMP))
		put_span(l, out, "timestamp_text", r->field[FIELD_TIMESTAMP]);
}

/* Free text as it may be shown: valid until the next one. */
static struct span shown(struct recordline *l, struct span text)
{
	if (l->unmasked)
		return text;
	mask_text(text, &l->masked);
	return text_span(&l->masked);
}

/* What people and programs write as they like: there a secret may stand. */
static bool is_free_text(enum field field)
{
	switch (field) {
	case FIELD_MESSAGE:
	case FIELD_REQUEST:
	case FIELD_PATH:
	case FIELD_USER_AGENT:
	case FIELD_REFERER:
	case FIELD_DETAIL:
	case FIELD_HINT:
	case FIELD_CONTEXT:
	case FIELD_STATEMENT:
	case FIELD_ERROR_MESSAGE:
	case FIELD_STACK:
		return true;
	default:
		return false;
	}
}

/* Numbers or nothing: what is no number there ("-", "abc") is left out, so that the column stays one of integers. A
 * pid is a name in some logs, and stays a string then. */
static bool is_number(enum field field)
{
	return field == FIELD_BODY_SIZE || field == FIELD_CLIENT_PORT;
}

static void put_field(struct recordline *l, struct text *out, const struct record *r, enum field field)
{
	struct span value = r->field[field];
	int64_t n;
	if (is_number(field) || field == FIELD_PID) {
		if (span_to_int(value, &n))
			put_int(out, field_name(field), n);
		else if (field == FIELD_PID)
			put_span(l, out, field_name(field), value);
		return;
	}
	put_span(l, out, field_name(field), is_free_text(field) ? shown(l, value) : value);
}

static void put_fields(struct recordline *l, struct text *out, const struct record *r)
{
	for (uint64_t bits = r->has; bits; bits &= bits - 1) {
		enum field field = (enum field)__builtin_ctzll(bits);
		/* Given above, under the same name or as duration_us. */
		if (field != FIELD_TIMESTAMP && field != FIELD_SEVERITY && field != FIELD_DURATION && field != FIELD_STATUS &&
		    field != FIELD_IGNORED)
			put_field(l, out, r, field);
	}
}

/* What a server printed about itself: microseconds, bytes, counts (line/record.h has the units). */
static void put_metrics(struct text *out, const struct record *r)
{
	for (uint32_t bits = r->metrics; bits; bits &= bits - 1) {
		enum metric metric = (enum metric)__builtin_ctz(bits);
		put_int(out, metric_name(metric), r->metric[metric]);
	}
}

/* A name that stands more than once has its values behind one another, as HTTP does it: no member stands twice. */
static void put_attribute(struct recordline *l, struct text *out, const struct extras *e, size_t at)
{
	struct span name = e->items[at].name;
	bool secret = !l->unmasked && mask_is_secret_name(name);
	for (size_t i = 0; i < at; i++)
		if (span_equal(e->items[i].name, name))
			return;
	text_clear(&l->joined);
	for (size_t i = at; i < e->n; i++) {
		if (!span_equal(e->items[i].name, name))
			continue;
		if (i > at)
			text_append_byte(&l->joined, ',');
		text_append(&l->joined, secret ? SPAN("***") : shown(l, e->items[i].value));
	}
	put_pair(l, out, name, text_span(&l->joined));
}

/* What the line says beside the fields: free text, under the names that stand there. */
static void put_attributes(struct recordline *l, struct text *out, const struct extras *e)
{
	if (!e || !e->n)
		return;
	append_key(out, "attributes");
	text_append_byte(out, '{');
	for (size_t i = 0; i < e->n; i++)
		put_attribute(l, out, e, i);
	text_append_byte(out, '}');
	if (e->more)
		put_count(out, "attributes_left_out", e->more);
}

static void put_signals(struct recordline *l, struct text *out, const struct record_origin *from)
{
	append_key(out, "signals");
	text_append_byte(out, '[');
	for (size_t i = 0; i < from->kinds_n; i++) {
		const struct signal_kind *kind = signal_kind(from->signals, from->kinds[i]);
		text_append_string(out, i ? ",{" : "{");
		put_span(l, out, "signal", span_of(kind->signal->name));
		put_span(l, out, "class", span_of(kind->class));
		text_append_byte(out, '}');
	}
	text_append_byte(out, ']');
}

void recordline_append(struct recordline *l, const struct record_origin *from, const struct record *r, struct text *out)
{
	text_append_byte(out, '{');
	put_span(l, out, "path", from->path);
	put_count(out, "line", r->line);
	put_count(out, "offset", r->offset);
	put_count(out, "length", r->length);
	put_count(out, "lines", r->lines);
	if (from->stream && *from->stream)
		put_span(l, out, "stream", span_of(from->stream));
	if (from->format)
		put_span(l, out, "format", span_of(from->format));
	else
		put_null(out, "format");
	put_span(l, out, "tier", span_of(tier_name(from->tier)));
	put_time(l, out, r);
	if (record_has(r, FIELD_SEVERITY))
		put_span(l, out, "severity_text", r->field[FIELD_SEVERITY]);
	if (r->severity != SEVERITY_UNKNOWN)
		put_int(out, "severity_number", r->severity);
	if (r->duration_us >= 0)
		put_int(out, "duration_us", r->duration_us);
	if (r->status)
		put_int(out, field_name(FIELD_STATUS), r->status);
	put_fields(l, out, r);
	put_metrics(out, r);
	put_attributes(l, out, r->extras);
	put_signals(l, out, from);
	text_append(out, SPAN("}\n"));
}

void recordline_release(struct recordline *l)
{
	text_release(&l->joined);
	text_release(&l->masked);
	text_release(&l->valid);
}
