#include "split/apacheerror.h"

#include "line/access.h"

/* "[...] " or "[...]" at the start of `*rest`: what is inside; moves behind it. */
static bool take_brackets(struct span *rest, struct span *inside)
{
	if (!rest->len || rest->at[0] != '[')
		return false;
	ptrdiff_t close = span_find_byte(*rest, ']');
	if (close < 0)
		return false;
	*inside = (struct span){rest->at + 1, (size_t)close - 1};
	*rest = span_from(*rest, (size_t)close + 1);
	while (span_take_byte(rest, ' '))
		;
	return true;
}

/* "Mon Dec 26 16:15:55.103522 2016", as ctime() has it, in the order that stamps have elsewhere. */
static bool read_ctime(struct span s, struct stamp_cache *cache, struct stamp *out)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char text[32] = {0};
	if (s.len < 24 || s.len > 31 || s.at[3] != ' ' || s.at[7] != ' ' || s.at[10] != ' ' || s.at[s.len - 5] != ' ')
		return false;
	int month = 0;
	while (month < 12 && memcmp(months + (ptrdiff_t)3 * month, s.at + 4, 3))
		month++;
	if (month == 12)
		return false;
	memcpy(text, s.at + s.len - 4, 4);
	text[4] = text[7] = '-';
	text[5] = (char)('0' + (month + 1) / 10);
	text[6] = (char)('0' + (month + 1) % 10);
	text[8] = s.at[8] == ' ' ? '0' : s.at[8];
	text[9] = s.at[9];
	text[10] = ' ';
	size_t len = s.len - 16;
	memcpy(text + 11, s.at + 11, len);
	return stamp_parse((struct span){text, 11 + len}, cache, out) && out->zone == STAMP_NONE;
}

static bool set_stamp(struct span value, struct stamp_cache *cache, struct record *r)
{
	struct stamp stamp;
	if (!read_ctime(value, cache, &stamp) && !(value.len > 15 && stamp_scan(value, cache, &stamp) == value.len))
		return false;
	stamp_apply(&stamp, r);
	record_set(r, FIELD_TIMESTAMP, value);
	return true;
}

/* "error", "core:error", ":error", "-:error". */
static bool set_level(struct span inside, struct record *r)
{
	ptrdiff_t colon = span_find_byte(inside, ':');
	struct span level = colon < 0 ? inside : span_from(inside, (size_t)colon + 1);
	/* Modules of others have other levels, or none. */
	if (!severity_of(level) || level.len < 3)
		return false;
	record_set(r, FIELD_SEVERITY, level);
	if (colon > 0)
		access_field(FIELD_LOGGER, span_head(inside, (size_t)colon), r);
	return true;
}

/* "35708:tid 4328636416" */
static void set_process(struct span value, struct record *r)
{
	struct span rest = value, pid = span_cut(&rest, ':');
	access_field(FIELD_PID, pid, r);
	if (span_starts(rest, SPAN("tid ")))
		access_field(FIELD_THREAD_ID, span_from(rest, 4), r);
}

/* "127.0.0.1", "127.0.0.1:1234", "::1:58619". Before 2.4 there was no port: of an IPv6 address the last group is a port only in an entry
 * that has a process. */
static void set_peer(struct span value, struct record *r)
{
	size_t digits = 0;
	while (digits < value.len && is_digit(value.at[value.len - 1 - digits]))
		digits++;
	ptrdiff_t first = span_find_byte(value, ':');
	bool port = first >= 0 && digits && digits + 1 < value.len && value.at[value.len - 1 - digits] == ':' &&
		    ((size_t)first == value.len - 1 - digits || record_has(r, FIELD_PID));
	access_field(FIELD_CLIENT, port ? span_head(value, value.len - digits - 1) : value, r);
	if (port && !span_equal(span_from(value, value.len - digits), SPAN("0")))
		access_field(FIELD_CLIENT_PORT, span_from(value, value.len - digits), r);
}

/* "mod_x.c(470): " moves behind it. */
static bool take_file(struct span *rest)
{
	size_t n = 0;
	while (n < rest->len && n < 64 && rest->at[n] != ' ' && rest->at[n] != '(')
		n++;
	size_t open = n++;
	if (open < 3 || open >= rest->len || rest->at[open] != '(' || !span_ends(span_head(*rest, open), SPAN(".c")))
		return false;
	while (n < rest->len && is_digit(rest->at[n]))
		n++;
	if (n == open + 1 || !span_starts(span_from(*rest, n), SPAN("): ")))
		return false;
	*rest = span_from(*rest, n + 3);
	return true;
}

/* "(13)Permission denied: ", "(OS 10038)...", "(EAI 2)...": its number. What follows may be the peer, then this text is passed. */
static void take_errno(struct span *rest, struct record *r)
{
	size_t at = 1, end;
	if (!rest->len || rest->at[0] != '(')
		return;
	if (span_starts(*rest, SPAN("(OS ")))
		at = 4;
	else if (span_starts(*rest, SPAN("(EAI ")))
		at = 5;
	for (end = at; end < rest->len && is_digit(rest->at[end]); end++)
		;
	if (end == at || end >= rest->len || rest->at[end] != ')')
		return;
	record_set(r, FIELD_ERRNO, (struct span){rest->at + at, end - at});
	static const char *const peers[] = {"[client ", "[remote "};
	for (size_t i = 0; i < 2; i++) {
		struct span line = *rest, head = span_cut(&line, '\n');
		ptrdiff_t peer = span_find(head, span_of(peers[i]));
		if (peer > 0 && head.at[peer - 1] == ' ') {
			*rest = span_from(*rest, (size_t)peer);
			return;
		}
	}
}

/* "AH01075: " in front, or behind APR's error. */
static void set_code(struct span message, struct record *r)
{
	struct span rest = message;
	if (span_starts(message, SPAN("("))) {
		ptrdiff_t at = span_find(message, SPAN(": AH"));
		rest = at < 0 ? SPAN_NONE : span_from(message, (size_t)at + 2);
	}
	size_t n = 2;
	while (n < rest.len && is_digit(rest.at[n]))
		n++;
	if (span_starts(rest, SPAN("AH")) && n == 7 && n < rest.len && rest.at[n] == ':')
		record_set(r, FIELD_ERROR_CODE, span_head(rest, n));
}

static void set_message(struct span message, struct record *r)
{
	static const struct span name = {", referer: ", 11};
	record_set(r, FIELD_MESSAGE, message);
	set_code(message, r);
	ptrdiff_t last = -1;
	for (ptrdiff_t at; (at = span_find(span_from(message, (size_t)(last + 1)), name)) >= 0;)
		last += 1 + at;
	if (last >= 0)
		access_field(FIELD_REFERER, span_from(message, (size_t)last + name.len), r);
}

bool apacheerror_scan(struct span entry, struct scanner_room *room, struct record *r)
{
	struct span rest = entry, inside, level;
	if (!take_brackets(&rest, &inside) || !set_stamp(inside, &room->stamps, r) || !take_brackets(&rest, &level) || !set_level(level, r))
		return false;
	for (bool more = true; more;) {
		struct span before = rest;
		more = take_brackets(&rest, &inside);
		if (more && span_starts(inside, SPAN("pid ")))
			set_process(span_from(inside, 4), r);
		else if (more && span_starts(inside, SPAN("tid ")))
			access_field(FIELD_THREAD_ID, span_from(inside, 4), r);
		else if (more && (span_starts(inside, SPAN("client ")) || span_starts(inside, SPAN("remote "))))
			set_peer(span_from(inside, 7), r);
		else if (more)
			more = false, rest = before;
		if (!more && (take_file(&rest) || rest.at != before.at))
			more = true;
		if (!more && !record_has(r, FIELD_ERRNO) && !record_has(r, FIELD_CLIENT)) {
			take_errno(&rest, r);
			more = rest.at != before.at;
		}
	}
	set_message(rest, r);
	return true;
}
