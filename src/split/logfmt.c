#include "split/logfmt.h"

#include "line/pairs.h"

enum { STAMP_LEAST = 9 }; /* bytes of a stamp: an epoch in seconds after 1973 */

struct pair {
	struct span key, value; /* value.at NULL: the key stands alone */
	bool escaped;           /* value: backslashes in it mean something */
};

static inline bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static void skip_blanks(struct span *s)
{
	size_t n = 0;
	while (n < s->len && is_blank(s->at[n]))
		n++;
	*s = span_from(*s, n);
}

/* The value in quotes at the start of `s`, which begins with '"'. */
static bool take_quoted(struct span *s, struct pair *p)
{
	size_t i = 1;
	for (; i < s->len && s->at[i] != '"'; i++) {
		if (s->at[i] == '\\') {
			p->escaped = true;
			i++;
		}
	}
	if (i >= s->len || (i + 1 < s->len && !is_blank(s->at[i + 1])))
		return false;
	p->value = (struct span){s->at + 1, i - 1};
	*s = span_from(*s, i + 1);
	return true;
}

/* The next pair of the line. `s` begins with no blank and is not empty. */
static bool take_pair(struct span *s, struct pair *p)
{
	size_t n = 0;
	*p = (struct pair){.value = SPAN_NONE};
	while (n < s->len && s->at[n] != '=' && !is_blank(s->at[n])) {
		if (s->at[n] == '\n')
			return false;
		n++;
	}
	bool alone = n >= s->len || s->at[n] != '=';
	if (!n && !alone) { /* "=(key)" */
		while (n < s->len && !is_blank(s->at[n]) && s->at[n] != '\n')
			n++;
		alone = true;
	}
	p->key = span_head(*s, n);
	*s = span_from(*s, n);
	if (alone)
		return span_find_byte(p->key, '"') < 0;
	*s = span_from(*s, 1);
	if (s->len && s->at[0] == '"')
		return take_quoted(s, p);
	for (n = 0; n < s->len && !is_blank(s->at[n]); n++) {
		if (s->at[n] == '\n' || s->at[n] == '"')
			return false;
	}
	p->value = span_head(*s, n);
	*s = span_from(*s, n);
	return true;
}

/* ---- fields ---- */

enum role { ROLE_NONE, ROLE_TIME, ROLE_LEVEL, ROLE_AT, ROLE_MESSAGE, ROLE_DESCRIPTION, ROLE_FIELD };

#define KEY(text) text, sizeof(text) - 1
static const struct {
	const char *key;
	size_t len;
	enum role role;
	enum field field;
} keys[] = {
	{KEY("time"), ROLE_TIME, FIELD_TIMESTAMP},
	{KEY("ts"), ROLE_TIME, FIELD_TIMESTAMP},
	{KEY("t"), ROLE_TIME, FIELD_TIMESTAMP},
	{KEY("timestamp"), ROLE_TIME, FIELD_TIMESTAMP},
	{KEY("@timestamp"), ROLE_TIME, FIELD_TIMESTAMP},
	{KEY("datetime"), ROLE_TIME, FIELD_TIMESTAMP},
	{KEY("level"), ROLE_LEVEL, FIELD_SEVERITY},
	{KEY("lvl"), ROLE_LEVEL, FIELD_SEVERITY},
	{KEY("severity"), ROLE_LEVEL, FIELD_SEVERITY},
	{KEY("loglevel"), ROLE_LEVEL, FIELD_SEVERITY},
	{KEY("at"), ROLE_AT, FIELD_SEVERITY},              /* Heroku's router: at=error */
	{KEY("msg"), ROLE_MESSAGE, FIELD_MESSAGE},
	{KEY("message"), ROLE_MESSAGE, FIELD_MESSAGE},
	{KEY("event"), ROLE_MESSAGE, FIELD_MESSAGE},       /* structlog's */
	{KEY("desc"), ROLE_DESCRIPTION, FIELD_MESSAGE},    /* Heroku: desc="Request timeout" */
	{KEY("code"), ROLE_FIELD, FIELD_ERROR_CODE},
	{KEY("logger"), ROLE_FIELD, FIELD_LOGGER},
	{KEY("component"), ROLE_FIELD, FIELD_LOGGER},
	{KEY("thread"), ROLE_FIELD, FIELD_THREAD},
	{KEY("user"), ROLE_FIELD, FIELD_USER},
	{KEY("username"), ROLE_FIELD, FIELD_USER},
	{KEY("remote_addr"), ROLE_FIELD, FIELD_CLIENT},
	{KEY("client_ip"), ROLE_FIELD, FIELD_CLIENT},
	{KEY("fwd"), ROLE_FIELD, FIELD_CLIENT},            /* Heroku */
	{KEY("bytes"), ROLE_FIELD, FIELD_BODY_SIZE},
	{KEY("stack"), ROLE_FIELD, FIELD_STACK},
	{KEY("stacktrace"), ROLE_FIELD, FIELD_STACK},
};
#undef KEY

static size_t key_of(struct span key)
{
	size_t i = 0, n = sizeof keys / sizeof *keys;
	if (!key.len)
		return n;
	while (i < n && (keys[i].len != key.len || (keys[i].key[0] | 0x20) != (key.at[0] | 0x20) ||
			 !span_equal_nocase(key, (struct span){keys[i].key, key.len})))
		i++;
	return i;
}

/* Where unescaped values of an entry go, twice: never more bytes than twice the entry's. */
struct sink {
	struct text *text;
	struct span entry;
	char *at;
};

static void open_sink(struct sink *sink)
{
	if (sink->at)
		return;
	text_clear(sink->text);
	text_append(sink->text, sink->entry);
	text_append(sink->text, sink->entry);
	sink->at = sink->text->at;
}

/* The value with its \" as '"', and else as printed. */
static struct span unquoted(struct span value, struct sink *sink)
{
	open_sink(sink);
	struct span out = {sink->at, 0};
	for (size_t i = 0; i < value.len; i++) {
		bool quote = value.at[i] == '\\' && i + 1 < value.len && value.at[i + 1] == '"';
		if (value.at[i] == '\\' && !quote && i + 1 < value.len)
			*sink->at++ = value.at[i++];
		*sink->at++ = value.at[quote ? ++i : i];
	}
	out.len = (size_t)(sink->at - out.at);
	return out;
}

static struct span unescaped(struct span value, struct sink *sink)
{
	open_sink(sink);
	struct span out = {sink->at, 0};
	for (size_t i = 0; i < value.len; i++) {
		char c = value.at[i];
		if (c == '\\' && i + 1 < value.len) {
			char next = value.at[++i];
			c = next == 'n' ? '\n' : next == 't' ? '\t' : next == 'r' ? '\r' : next;
			if (c == next && next != '"' && next != '\\' && next != '/')
				*sink->at++ = '\\';
		}
		*sink->at++ = c;
	}
	out.len = (size_t)(sink->at - out.at);
	return out;
}

static void set_field(const struct pair *p, size_t i, struct record *r)
{
	if (i >= sizeof keys / sizeof *keys) {
		pairs_set(p->key, p->value, r);
		return;
	}
	switch (keys[i].role) {
	case ROLE_AT:
		if (!record_has(r, FIELD_SEVERITY) && severity_of(p->value))
			record_set(r, FIELD_SEVERITY, p->value);
		break;
	case ROLE_TIME: /* a short number is no epoch */
		if (p->value.len >= STAMP_LEAST && !record_has(r, FIELD_TIMESTAMP))
			record_set(r, FIELD_TIMESTAMP, p->value);
		break;
	case ROLE_MESSAGE: /* before a description, whatever their order */
		record_set(r, FIELD_MESSAGE, p->value);
		break;
	default:
		if (p->value.len && !record_has(r, keys[i].field))
			record_set(r, keys[i].field, p->value);
	}
}

static bool scan(struct span entry, struct scanner_room *room, struct record *r)
{
	struct span s = entry;
	struct sink sink = {.text = &room->text, .entry = entry};
	struct pair p;
	unsigned pairs = 0, roles = 0;
	skip_blanks(&s);
	while (s.len) {
		if (!take_pair(&s, &p))
			break;
		if (room->extras)
			extras_add(room->extras, p.key, !p.value.at ? SPAN("true") : p.escaped ? unquoted(p.value, &sink) : p.value);
		skip_blanks(&s);
		pairs += p.value.at != NULL;
		/* Prose that begins with a pair costs no more than its first words. */
		if (!p.value.at && !pairs)
			break;
		if (!p.value.at)
			continue;
		size_t i = key_of(p.key);
		roles |= 1u << (i < sizeof keys / sizeof *keys ? keys[i].role : ROLE_NONE);
		if (p.escaped)
			p.value = unescaped(p.value, &sink);
		set_field(&p, i, r);
	}
	bool known = roles & (1u << ROLE_LEVEL | 1u << ROLE_MESSAGE | 1u << ROLE_AT);
	if (!s.len && pairs >= 2 && known)
		return true;
	record_clear(r);
	extras_clear(room->extras);
	return false;
}

static bool is_router(struct span entry)
{
	return span_starts(entry, SPAN("at=")) && span_find(entry, SPAN(" dyno=")) > 0 && span_find(entry, SPAN(" connect=")) > 0;
}

bool logfmt_scan(struct span entry, struct scanner_room *room, struct record *r)
{
	return !is_router(entry) && scan(entry, room, r);
}

bool heroku_router_scan(struct span entry, struct scanner_room *room, struct record *r)
{
	return is_router(entry) && scan(entry, room, r);
}

bool logfmt_extras(struct span text, struct extras *extras)
{
	struct span s = text;
	struct pair p;
	size_t words = 0, values = 0;
	skip_blanks(&s);
	for (; s.len; skip_blanks(&s), words++) {
		if (!take_pair(&s, &p))
			return false;
		values += p.value.at != NULL;
	}
	/* "I am not a pair=1" is prose. */
	if (!values || words > values * 2)
		return false;
	s = text;
	skip_blanks(&s);
	for (; s.len && take_pair(&s, &p); skip_blanks(&s))
		extras_add(extras, p.key, p.value.at ? p.value : SPAN("true"));
	return true;
}
