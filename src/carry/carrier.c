#include "carry/carrier.h"

#include "carry/carrierexport.h"
#include "carry/carrierjson.h"
#include "carry/carriertext.h"
#include "carry/syslog.h"
#include "carry/syslog5424.h"

/* rsyslog and syslog-ng write a control character as "#" and three octal digits. Undone are those that logs hold: tab,
 * newline, carriage return, escape; not "&#011;". */
static char octal_of(struct span s, size_t at)
{
	if (at + 4 > s.len || s.at[at + 1] != '0' || (at + 4 < s.len && s.at[at + 4] == ';'))
		return 0;
	if (s.at[at + 2] == '1')
		return s.at[at + 3] == '1' ? '\t' : s.at[at + 3] == '2' ? '\n' : s.at[at + 3] == '5' ? '\r' : 0;
	return s.at[at + 2] == '3' && s.at[at + 3] == '3' ? '\x1B' : 0;
}

static void undo_octals(struct carried *c, struct carrier_room *room)
{
	struct span s = c->text;
	size_t at = 0, len = 0;
	for (; at < s.len; at++) {
		const char *hash = memchr(s.at + at, '#', s.len - at);
		if (!hash)
			return;
		at = (size_t)(hash - s.at);
		if (octal_of(s, at))
			break;
	}
	char *to = at < s.len ? carrier_room_take(room, s.len) : NULL;
	if (!to)
		return;
	memcpy(to, s.at, at);
	for (len = at; at < s.len; at++) {
		char octal = s.at[at] == '#' ? octal_of(s, at) : 0;
		to[len++] = octal ? octal : s.at[at];
		at += octal ? 3 : 0;
	}
	carrier_room_give_back(room, s.len - len);
	c->text = (struct span){to, len};
}

static size_t digits(struct span s, size_t at)
{
	size_t n = at;
	while (n < s.len && n - at < 20 && is_digit(s.at[n]))
		n++;
	return n;
}

enum { PART_CLIPPED = 3 /* bytes less when the cut would be inside a character (pg_mbcliplen) */ };

static bool is_white(char byte)
{
	return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

/* As long as parts can be, and no place to cut it at. */
static bool is_cut_in_word(struct span text)
{
	if (text.len > CARRIED_PART_BYTES || text.len < CARRIED_PART_BYTES - PART_CLIPPED)
		return false;
	for (size_t i = text.len - 1; i > 0; i--) {
		if (is_white(text.at[i]))
			return false;
	}
	return true;
}

/* Of digits; modulo 2^64. */
static uint64_t number_of(struct span s, size_t from, size_t end)
{
	uint64_t value = 0;
	for (size_t i = from; i < end; i++)
		value = value * 10 + (uint64_t)(s.at[i] - '0');
	return value;
}

/* PostgreSQL sends a message in parts (elog.c, write_syslog()): one for each line, and one for each 900 bytes of a line, cut
 * before a blank where there is one: that blank begins the next part. Before each stands "[3-1] ": a number of the message,
 * and of the part; without syslog_sequence_numbers only "[1] ", the number of the part. An empty line is not sent. With
 * syslog_split_messages off a message is one piece, and "[3] " the number of the message. */
static void postgresql_part(struct carried *c)
{
	struct span s = c->text;
	if (c->depth && c->chain[c->depth - 1] == CARRIER_EXPORT) { /* Heroku: "[DATABASE] [3-1]  sql_error_code = ..." */
		ptrdiff_t name = s.len && s.at[0] == '[' ? span_find_byte(s, ']') : -1;
		if (name < 2 || is_digit(s.at[1]))
			return;
		s = span_from(s, (size_t)name + 2);
	}
	if (s.len < 4 || s.at[0] != '[' || !is_digit(s.at[1]))
		return;
	size_t first_end = digits(s, 1), from = 1, end = first_end;
	if (first_end < s.len && s.at[first_end] == '-') {
		from = first_end + 1;
		end = digits(s, from);
	} else if (!span_starts(c->process, SPAN("postgres"))) {
		return;
	}
	if (end == from || end + 1 >= s.len || s.at[end] != ']' || s.at[end + 1] != ' ')
		return;
	uint64_t part = number_of(s, from, end);
	if (part == 0 || part > UINT32_MAX)
		return;
	c->part = (uint32_t)part;
	c->message = from > 1 ? number_of(s, 1, first_end) : 0;
	c->text = span_from(s, end + 2);
	c->cut = is_cut_in_word(c->text);
	c->continues = c->part > 1 && (c->message || (c->text.len && (c->text.at[0] == ' ' || c->text.at[0] == '\t')));
	/* A log_line_prefix that begins with a blank, as Heroku's does, makes no cut of a line; eight blanks are a tab as
	 * journalctl prints it. */
	c->continues_word = c->continues && span_starts(c->text, SPAN(" ")) && !span_starts(c->text, SPAN("        ")) &&
			    !span_starts(c->text, SPAN(" sql_error_code = ")) && !span_starts(c->text, SPAN(" database = "));
}

/* A number of at most three digits, in the room. */
static struct span number(int value, struct carrier_room *room)
{
	char digit[4];
	size_t n = 0;
	do
		digit[n++] = (char)('0' + value % 10);
	while ((value /= 10) && n < sizeof(digit));
	char *to = carrier_room_take(room, n);
	for (size_t i = 0; to && i < n; i++)
		to[i] = digit[n - 1 - i];
	return (struct span){to, to ? n : 0};
}

/* Joined with dots: "sd.exampleSDID@32473.iut". */
static struct span dotted(struct span id, struct span name, struct carrier_room *room)
{
	char *to = carrier_room_take(room, id.len + name.len + 4);
	if (!to)
		return SPAN_NONE;
	memcpy(to, "sd.", 3);
	memcpy(to + 3, id.at, id.len);
	to[3 + id.len] = '.';
	memcpy(to + 4 + id.len, name.at, name.len);
	return (struct span){to, 4 + id.len + name.len};
}

/* A value without the backslashes before '"', '\\' and ']'. */
static struct span unescaped(struct span value, struct carrier_room *room)
{
	if (span_find_byte(value, '\\') < 0)
		return value;
	char *to = carrier_room_take(room, value.len);
	size_t len = 0;
	for (size_t i = 0; to && i < value.len; i++) {
		i += value.at[i] == '\\' && i + 1 < value.len;
		to[len++] = value.at[i];
	}
	return (struct span){to, len};
}

static void syslog_extras(const struct syslog_header *h, struct carrier_room *room, struct extras *extras)
{
	struct span id = SPAN_NONE, name, value;
	size_t at = 0;
	if (h->version.len)
		extras_add(extras, SPAN("syslog.version"), h->version);
	if (h->priority >= 0) {
		extras_add(extras, SPAN("syslog.facility.code"), number(h->priority >> 3, room));
		extras_add(extras, SPAN("syslog.severity.code"), number(h->priority & 7, room));
	}
	while (extras->n < LIMIT_EXTRAS && syslog5424_parameter(h->structured, &at, &id, &name, &value)) {
		struct span full = name.len ? dotted(id, name, room) : SPAN_NONE;
		if (full.len)
			extras_add(extras, full, unescaped(value, room));
	}
}

static bool syslog_take(struct carried *c, struct carrier_room *room, struct stamp_cache *cache, struct extras *extras)
{
	struct syslog_header h;
	struct span line = c->text;
	if (is_digit(line.at[0])) { /* "83 <40>1 ...": the octet counting of RFC 6587; frames need not end where lines do */
		size_t n = digits(line, 0);
		if (n < 7 && n + 1 < line.len && line.at[n] == ' ' && line.at[n + 1] == '<')
			line = span_from(line, n + 1);
	}
	if (!syslog_unwrap(line, cache, &h))
		return false;
	carried_by(c, CARRIER_SYSLOG, h.message);
	c->headed = line;
	carried_say(&c->host, h.host);
	carried_say(&c->process, h.process);
	c->pid = h.pid;
	if (h.has_stamp)
		carried_at(c, &h.stamp, h.stamp_text);
	if (h.priority >= 0) {
		c->priority = h.priority;
		c->severity = syslog_severity(h.level);
	}
	c->version = h.version;
	c->msgid = h.msgid;
	c->structured = h.structured;
	if (extras)
		syslog_extras(&h, room, extras);
	undo_octals(c, room);
	postgresql_part(c);
	return true;
}

static bool object_take(struct carried *c, struct carrier_room *room, struct stamp_cache *cache, struct extras *extras)
{
	struct carrier_object o;
	size_t used = carrier_room_used(room);
	if (!carrier_object_scan(c->text, false, &o))
		return false;
	if (carrierjson_docker(c, &o, room, cache))
		return true;
	if (carrierjson_journal(c, &o, room, extras)) {
		postgresql_part(c);
		return true;
	}
	carrier_room_rewind(room, used);
	return carrierexport_unwrap(c, &o, room, cache, extras);
}

/* What may stand at the start of a text. */
enum { MAY_JSON = 1, MAY_SYSLOG = 2, MAY_STAMP = 4, MAY_NAME = 8, MAY_BRACKET = 16, MAY_FRAME = 32 };
enum {
	NAME_BYTES = 96,  /* compose's and stern's names, and what fills them up, end here */
	STAMP_BYTES = 40, /* a stamp ends here */
};

/* Compose's bar, or a word of 16 bytes and more with a hyphen where stern's pods have one. */
static unsigned may_be_named(struct span s)
{
	struct span head = span_head(s, NAME_BYTES);
	if (memchr(head.at, '|', head.len))
		return MAY_NAME;
	const char *blank = (unsigned char)(s.at[0] - 'A') < 26 ? NULL : memchr(head.at, ' ', head.len);
	return blank && blank - s.at >= 16 && blank[-6] == '-' ? MAY_NAME : 0;
}

/* The words that most programs' own lines have behind their stamp: no server is called so. */
static bool is_plain_level(struct span s)
{
	return span_starts(s, SPAN("INFO ")) || span_starts(s, SPAN("WARN ")) || span_starts(s, SPAN("ERROR ")) ||
	       span_starts(s, SPAN("DEBUG ")) || span_starts(s, SPAN("TRACE "));
}

/* "2026-11-22T11:15:12 ...", by what stands behind it: what is neither of nine decimals nor followed by a word that is no level is a program's own. */
static unsigned may_be_stamped(struct span s)
{
	if (s.len > 30 && s.at[19] == '.' && is_digit(s.at[26]) && is_digit(s.at[28]))
		return MAY_STAMP | MAY_SYSLOG;
	struct span head = span_head(s, STAMP_BYTES);
	const char *blank = head.len > 19 ? memchr(head.at + 19, ' ', head.len - 19) : NULL;
	size_t at = blank ? (size_t)(blank - s.at) + 1 : s.len;
	return at >= s.len || s.at[at] == ' ' || is_plain_level(span_from(s, at)) ? 0 : MAY_STAMP | MAY_SYSLOG;
}

static unsigned may_be_counted(struct span s)
{
	size_t n = 1;
	while (n < s.len && n < 7 && is_digit(s.at[n]))
		n++;
	/* An octet count before a priority; RFC 5424's version without one. */
	return n + 1 < s.len && s.at[n] == ' ' && (s.at[n + 1] == '<' || (n == 1 && is_digit(s.at[2]))) ? MAY_SYSLOG : 0;
}

/* By the first bytes: most lines end here. */
static unsigned may_be(struct span s)
{
	unsigned char c = (unsigned char)s.at[0];
	if (c == '{')
		return MAY_JSON;
	if (c == '<')
		return MAY_SYSLOG;
	if (c == '[')
		return span_starts(s, SPAN("[pod/")) ? MAY_BRACKET : 0;
	if (c == 0x1E) /* journalctl -o json-seq (RFC 7464) */
		return MAY_FRAME;
	if (is_digit((char)c)) {
		if (s.len > 20 && s.at[4] == '-' && s.at[10] == 'T')
			return may_be_stamped(s);
		if (s.len > 18 && s.at[10] == '.' && s.at[17] == ' ')
			return MAY_SYSLOG;
		return may_be_counted(s) | may_be_named(s);
	}
	if ((unsigned char)(c - 'A') < 26)
		return s.len > 15 && s.at[3] == ' ' && (is_digit(s.at[5]) || is_digit(s.at[4]) || s.at[7] == ' ') ?
			       MAY_SYSLOG | may_be_named(s) : may_be_named(s);
	if ((unsigned char)(c - 'a') >= 26)
		return 0;
	return may_be_named(s) | (c == 'd' && span_starts(s, SPAN("data: {")) ? MAY_FRAME : 0);
}

bool carrier_may(struct span line)
{
	return line.len && (may_be(line) || memchr(line.at, '\x1B', line.len));
}

static bool stamped_take(struct carried *c, struct stamp_cache *cache)
{
	if (!carriertext_stamped(c, cache))
		return false;
	if (c->chain[c->depth - 1] == CARRIER_EXPORT && c->pid.len)
		postgresql_part(c);
	return true;
}

/* The journal's object behind a byte, or behind "data: ". */
static bool journal_frame(struct carried *c, struct carrier_room *room, struct extras *extras)
{
	struct carrier_object o;
	struct span text = c->text;
	text = span_from(text, text.at[0] == 0x1E ? 1 : span_starts(text, SPAN("data: {")) ? 6 : text.len);
	if (!text.len || !carrier_object_scan(text, false, &o) || !carrierjson_journal(c, &o, room, extras))
		return false;
	postgresql_part(c);
	return true;
}

static bool unwrap_once(struct carried *c, struct carrier_room *room, struct stamp_cache *cache, struct extras *extras)
{
	if (!c->text.len)
		return false;
	unsigned kinds = may_be(c->text);
	if (kinds & MAY_JSON)
		return object_take(c, room, cache, extras);
	return ((kinds & MAY_FRAME) && journal_frame(c, room, extras)) ||
	       ((kinds & MAY_BRACKET) && carriertext_bracketed(c)) ||
	       ((kinds & MAY_STAMP) && stamped_take(c, cache)) ||
	       ((kinds & MAY_SYSLOG) && syslog_take(c, room, cache, extras)) ||
	       ((kinds & MAY_NAME) && carriertext_named(c, cache));
}

static bool may_have_parts(const struct carried *c)
{
	enum carrier by = c->chain[c->depth - 1];
	return by == CARRIER_DOCKER || by == CARRIER_CRI || by == CARRIER_JOURNAL || by == CARRIER_EXPORT;
}

static bool unwrap(struct carried *c, bool outer, struct carrier_room *room, struct stamp_cache *cache, struct extras *extras)
{
	bool carried = false;
	carrier_room_begin(room, c->text.len);
	while (c->depth < CARRIER_DEPTH) {
		if (carriertext_ansi(c, room))
			continue;
		if (!unwrap_once(c, room, cache, extras))
			break;
		carried = true;
		if (c->partial || (outer && may_have_parts(c)))
			break;
	}
	return carried;
}

bool carrier_unwrap(struct span line, struct carrier_room *room, struct stamp_cache *cache, struct extras *extras,
		    struct carried *out)
{
	carried_init(out, line);
	return unwrap(out, false, room, cache, extras);
}

bool carrier_unwrap_outer(struct span line, struct carrier_room *room, struct stamp_cache *cache, struct extras *extras,
			  struct carried *out)
{
	carried_init(out, line);
	return unwrap(out, true, room, cache, extras);
}

bool carrier_unwrap_whole(struct carried *c, struct carrier_room *room, struct stamp_cache *cache)
{
	c->partial = false;
	return unwrap(c, false, room, cache, NULL);
}
