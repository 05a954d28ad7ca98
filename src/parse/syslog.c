#include "parse/syslog.h"

#include "parse/syslog5424.h"

static inline bool is_digit(char c)
{
	return (unsigned char)(c - '0') < 10;
}
static inline bool is_letter(char c)
{
	return (unsigned char)((c | 0x20) - 'a') < 26;
}
static inline bool is_capital(char c)
{
	return (unsigned char)(c - 'A') < 26;
}

static void clear(struct syslog_header *h)
{
	h->level = h->priority = -1;
	h->has_stamp = false;
	h->stamp_text = h->host = h->process = h->pid = h->version = h->msgid = h->structured = SPAN_NONE;
}

/* "<134>": facility * 8 + level, at most 191, no leading zeros. Returns its bytes, 0 when there is none. */
static size_t priority(struct span line, struct syslog_header *h)
{
	size_t n = 1;
	int value = 0;
	while (n < line.len && n < 4 && is_digit(line.at[n]))
		value = value * 10 + (line.at[n++] - '0');
	if (n == 1 || n >= line.len || line.at[n] != '>' || value > 191 || (line.at[1] == '0' && n > 2))
		return 0;
	h->priority = value;
	h->level = value & 7;
	return n + 1;
}

/* Up to the next blank or the line's end; *at behind the blank. */
static struct span word_at(struct span line, size_t *at)
{
	size_t from = *at < line.len ? *at : line.len, n = from;
	while (n < line.len && line.at[n] != ' ')
		n++;
	*at = n + 1;
	return (struct span){line.at + from, n - from};
}

/* What stands behind the priority in RFC 5424. Without a priority (some servers leave it out of their files) the version must be 1 and the stamp be
 * there. */
static bool scan_5424(struct span line, struct stamp_cache *cache, struct syslog_header *h)
{
	struct syslog5424 m;
	if (!syslog5424_scan(line, cache, &m) || (h->priority < 0 && (!m.has_stamp || !span_equal(m.version, SPAN("1")))))
		return false;
	h->version = m.version;
	h->has_stamp = m.has_stamp;
	h->stamp = m.stamp;
	h->stamp_text = m.stamp_text;
	h->host = m.host;
	h->process = m.process;
	h->pid = m.pid;
	h->msgid = m.msgid;
	h->structured = m.structured;
	h->message = m.message;
	return true;
}

/* ---- tags ---- */

/* "[1234]" or "[web.1]" at the end of a tag: where it opens, 0 when there is none. */
static size_t pid_opens(struct span tag)
{
	if (tag.len < 4 || tag.at[tag.len - 1] != ']')
		return 0;
	size_t open = tag.len - 2;
	while (open > 0 && (is_digit(tag.at[open]) || is_letter(tag.at[open]) || strchr("._-/#", tag.at[open])))
		open--;
	return tag.at[open] == '[' && open + 2 < tag.len ? open : 0;
}

/* "tag:" or "tag[pid]:", the colon at the word's end (systemd's tags may have none behind a pid). `first`: nothing stands
 * before it, so that it could be a host: an address with a colon at its end has more of them ("2001:db8::"). */
static bool is_tag(struct span word, bool first, struct syslog_header *h)
{
	if (word.len < 2 || word.at[0] == '[' || word.at[0] == '(')
		return false;
	bool colon = word.at[word.len - 1] == ':';
	struct span name = {word.at, word.len - colon};
	size_t open = pid_opens(name);
	if (open && (colon || is_digit(name.at[open + 1]))) {
		h->pid = (struct span){name.at + open + 1, name.len - open - 2};
		h->process = span_head(name, open);
		return true;
	}
	if (!colon || (first && span_find_byte(name, ':') >= 0))
		return false;
	h->process = name;
	h->pid = SPAN_NONE;
	return true;
}

/* macOS: a program's name has blanks, "Google Chrome[85294]:", or launchd says for whom: "launchd[1] (com.apple.quicklook[22292]):". Bytes
 * of it down to the colon, 0 when it is none. Only words with a capital, at most 6, may stand before the pid. */
static size_t blank_tag(struct span s, struct syslog_header *h)
{
	size_t at = 0;
	struct span word = word_at(s, &at);
	size_t open = pid_opens(word);
	if (open && is_digit(word.at[open + 1]) && at < s.len && s.at[at] == '(') {
		struct span label = word_at(s, &at);
		if (label.len < 4 || !span_ends(label, SPAN("):")))
			return 0;
		h->process = (struct span){s.at, (size_t)(label.at + label.len - 1 - s.at)};
		h->pid = SPAN_NONE;
		return h->process.len + 1;
	}
	for (int words = 1; words <= 6 && word.len && is_capital(word.at[0]); words++) {
		bool colon = word.at[word.len - 1] == ':';
		struct span name = {s.at, (size_t)(word.at + word.len - colon - s.at)};
		if (colon) {
			open = pid_opens(name);
			if (!open || !is_digit(name.at[open + 1]))
				return 0;
			h->process = span_head(name, open);
			h->pid = (struct span){name.at + open + 1, name.len - open - 2};
			return name.len + 1;
		}
		if (at >= s.len)
			return 0;
		word = word_at(s, &at);
	}
	return 0;
}

/* A name or an address; bracketed addresses; rsyslog and syslog-ng write relays with '/' and '@'. */
static bool is_host(struct span word)
{
	if (!word.len || word.len > 255)
		return false;
	size_t from = word.at[0] == '[' ? 1 : 0, to = word.len;
	if (from && (word.len < 4 || word.at[word.len - 1] != ']' || span_find_byte(word, ':') < 0))
		return false;
	to -= from;
	for (size_t i = from; i < to; i++) {
		char c = word.at[i];
		if (!is_letter(c) && !is_digit(c) && !(c && strchr("._-:/@%", c)) && (unsigned char)c < 0x80)
			return false;
	}
	return severity_of(word) == SEVERITY_UNKNOWN;
}

/* A word that can hardly be anything but a host: it has a digit, a dot or a hyphen inside. */
static bool is_surely_host(struct span word)
{
	if (!is_host(word) || word.at[word.len - 1] == ':')
		return false;
	for (size_t i = 0; i < word.len; i++) {
		if (is_digit(word.at[i]) || ((word.at[i] == '.' || word.at[i] == '-') && i && i + 1 < word.len))
			return true;
	}
	return false;
}

/* syslogd's own words stand behind the host without a tag. */
static bool is_repeat(struct span text)
{
	return span_starts(text, SPAN("last message repeated ")) || span_starts(text, SPAN("--- last message repeated ")) ||
	       span_starts(text, SPAN("message repeated "));
}

/* "[Tue Jun 08 11:54:08": Apache's error log sent through a pipe has a tag without a colon before that. */
static bool is_dated(struct span text)
{
	return text.len > 20 && text.at[0] == '[' && is_capital(text.at[1]) && text.at[4] == ' ' && is_capital(text.at[5]) &&
	       text.at[8] == ' ' && is_digit(text.at[10]) && text.at[11] == ' ' && text.at[14] == ':';
}

/* Where the message begins: behind the tag and one blank (rsyslog and journald write one; more belong to the message, but for the sake of
 * "tag:  text", as sudo writes it, nobody counts on them). */
static void message_behind(struct span line, size_t at, struct syslog_header *h)
{
	h->message = span_from(line, at);
	if (h->message.len && h->message.at[0] == ' ')
		h->message = span_from(h->message, 1);
}

enum header { HEADER_NONE, HEADER_TAG, HEADER_HOST_TAG, HEADER_HOST };

/* What stands at line[at], behind a stamp. */
static enum header tag_or_host(struct span line, size_t at, struct syslog_header *h)
{
	size_t next = at;
	h->message = span_from(line, at);
	struct span first = word_at(line, &next);
	if (!first.len) { /* syslogd knows no host: "Feb  9 21:20:08  sshd[8317]: ..." */
		at = next;
		first = word_at(line, &next);
	}
	if (!first.len)
		return HEADER_NONE;
	size_t behind = at + first.len;
	struct span rest = span_from(line, behind + 1);
	/* Cisco writes a colon behind the host: "asa1: %ASA-6-302013: Built ..." */
	if (first.len > 1 && first.at[first.len - 1] == ':' && rest.len && rest.at[0] == '%') {
		size_t end = 0;
		struct span tag = word_at(rest, &end);
		if (is_tag(tag, false, h)) {
			h->host = span_head(first, first.len - 1);
			message_behind(line, behind + 1 + tag.len, h);
			return HEADER_HOST_TAG;
		}
	}
	if (is_tag(first, true, h) && !(rest.len && rest.at[0] == '(' && first.at[first.len - 1] == ']')) {
		message_behind(line, behind, h);
		return HEADER_TAG;
	}
	if (is_repeat(span_from(line, at))) {
		h->message = span_from(line, at);
		return HEADER_TAG;
	}
	if (behind >= line.len)
		return HEADER_NONE;
	size_t second_at = behind + 1, second_end = second_at;
	struct span second = word_at(line, &second_end);
	size_t with_blanks = blank_tag(rest, h);
	if (with_blanks) {
		message_behind(line, second_at + with_blanks, h);
	} else if (is_tag(second, false, h)) {
		message_behind(line, second_at + second.len, h);
	} else if (h->priority >= 0 && is_dated(span_from(line, second_end)) && is_host(second)) {
		h->process = second;
		h->message = span_from(line, second_end);
	} else if (is_repeat(rest)) {
		h->message = rest;
	} else {
		return HEADER_NONE;
	}
	h->host = first;
	return HEADER_HOST_TAG;
}

/* ---- stamps ---- */

/* "Nov 2 11:52:43", "Nov 22 2026 11:52:43", "Nov  2 2026 11:52:43.803": shapes of RFC 3164's stamp that no other log has. Bytes of it, 0 for
 * none. */
static size_t month_stamp(struct span s, struct stamp_cache *cache, struct stamp *out)
{
	size_t n = stamp_scan(s, cache, out);
	if (n || s.len < 14)
		return n;
	size_t at = 4, years = 0;
	if (s.at[at] == ' ')
		at++;
	if (!is_digit(s.at[at]))
		return 0;
	char day[2] = {' ', s.at[at++]};
	if (is_digit(s.at[at])) {
		day[0] = day[1];
		day[1] = s.at[at++];
	}
	if (s.at[at++] != ' ')
		return 0;
	while (years < 4 && at + years < s.len && is_digit(s.at[at + years]))
		years++;
	bool year = years == 4 && at + 5 < s.len && s.at[at + 4] == ' ';
	size_t clock = year ? at + 5 : at, end = clock + 8;
	if (end > s.len)
		return 0;
	while (end < s.len && end - clock < 18 && (is_digit(s.at[end]) || s.at[end] == '.'))
		end++;
	char text[48];
	size_t len = 0;
	if (year) { /* "22 Nov 2026 11:52:43" */
		text[len++] = day[0] == ' ' ? '0' : day[0];
		text[len++] = day[1];
		text[len++] = ' ';
		memcpy(text + len, s.at, 3);
		len += 3;
		text[len++] = ' ';
		memcpy(text + len, s.at + at, 4);
		len += 4;
	} else {
		memcpy(text, s.at, 4);
		len = 4;
		text[len++] = day[0];
		text[len++] = day[1];
	}
	text[len++] = ' ';
	memcpy(text + len, s.at + clock, end - clock);
	len += end - clock;
	if (stamp_scan((struct span){text, len}, NULL, out) != len)
		return 0;
	out->zone_text = SPAN_NONE; /* it has none, and the text is ours */
	return end;
}

/* "Sun 2026-11-22 11:52:43 UTC": journald prints the abbreviation of the zone, whatever it is called. */
static size_t weekday_stamp(struct span s, struct stamp_cache *cache, struct stamp *out)
{
	size_t n = stamp_scan(span_from(s, 4), cache, out);
	if (n < 19)
		return 0;
	n += 4;
	if (out->zone_text.len)
		return n;
	size_t at = n + 1;
	struct span zone = word_at(s, &at);
	return zone.len && zone.len < 8 ? n + 1 + zone.len : 0;
}

/* "1795348363.803123": seconds and six decimals. */
static size_t unix_stamp(struct span s, struct stamp_cache *cache, struct stamp *out)
{
	size_t at = 0;
	struct span word = word_at(span_head(s, 20), &at);
	return word.len == 17 && word.at[10] == '.' && stamp_parse(word, cache, out) ? word.len : 0;
}

enum shape { SHAPE_NONE, SHAPE_MONTH, SHAPE_ISO, SHAPE_WEEKDAY, SHAPE_UNIX };

static inline enum shape shape_of(struct span s)
{
	if (s.len < 16)
		return SHAPE_NONE;
	if (is_digit(s.at[0])) {
		if (!is_digit(s.at[3])) /* a VERSION has three digits at most */
			return SHAPE_NONE;
		if (s.at[4] == '-' && s.at[10] == 'T')
			return SHAPE_ISO;
		return s.at[10] == '.' ? SHAPE_UNIX : SHAPE_NONE;
	}
	if (!is_capital(s.at[0]) || s.at[3] != ' ')
		return SHAPE_NONE;
	return s.len > 23 && s.at[8] == '-' && s.at[14] == ' ' && is_digit(s.at[4]) ? SHAPE_WEEKDAY : SHAPE_MONTH;
}

/* The stamp at the start of `s`, and the blank behind it (some devices write a colon before that): bytes of both, or 0. */
static size_t stamp_at(struct span s, enum shape shape, struct stamp_cache *cache, struct syslog_header *h)
{
	size_t n = 0;
	switch (shape) {
	case SHAPE_NONE:
		return 0;
	case SHAPE_MONTH:
		n = month_stamp(s, cache, &h->stamp);
		break;
	case SHAPE_ISO:
		n = stamp_scan(s, cache, &h->stamp);
		break;
	case SHAPE_WEEKDAY:
		n = weekday_stamp(s, cache, &h->stamp);
		break;
	case SHAPE_UNIX:
		n = unix_stamp(s, cache, &h->stamp);
		break;
	}
	if (!n)
		return 0;
	h->stamp_text = span_head(s, n);
	h->has_stamp = true;
	if (n < s.len && s.at[n] == ':' && shape == SHAPE_MONTH)
		n++;
	if (n >= s.len || s.at[n] != ' ')
		return 0;
	return n + 1;
}

/* ESXi 8 writes a level and the priority where the host should be: "In(14)", "Er(11)[+]". */
static bool esxi_level(struct span word, struct syslog_header *h)
{
	static const char levels[] = "EmAlCrErWaNoInDb";
	if (span_ends(word, SPAN("[+]")))
		word.len -= 3;
	if (word.len < 5 || word.len > 7 || word.at[2] != '(' || word.at[word.len - 1] != ')')
		return false;
	int value = 0;
	for (size_t i = 3; i + 1 < word.len; i++) {
		if (!is_digit(word.at[i]))
			return false;
		value = value * 10 + (word.at[i] - '0');
	}
	for (int i = 0; i < 8; i++) {
		if (value <= 191 && !memcmp(word.at, levels + (size_t)i * 2, 2)) {
			h->priority = value;
			h->level = i;
			return true;
		}
	}
	return false;
}

bool syslog_unwrap(struct span line, struct stamp_cache *cache, struct syslog_header *h)
{
	clear(h);
	struct span rest = line;
	if (rest.len && rest.at[0] == '<') {
		size_t n = priority(rest, h);
		if (!n)
			return false;
		rest = span_from(rest, n);
	}
	bool stated = h->priority >= 0;
	if (rest.len < 2 || (!is_digit(rest.at[0]) && !is_capital(rest.at[0])))
		return false;
	enum shape shape = shape_of(rest);
	if (is_digit(rest.at[0]) && shape == SHAPE_NONE)
		return scan_5424(rest, cache, h);
	size_t at = stamp_at(rest, shape, cache, h);
	if (!at)
		return false;
	size_t next = at;
	struct span first = word_at(rest, &next);
	if (shape == SHAPE_ISO && esxi_level(first, h)) {
		struct span behind = span_from(rest, next);
		size_t end = 0;
		struct span tag = word_at(behind, &end);
		h->message = behind;
		if (is_tag(tag, true, h))
			message_behind(behind, tag.len, h);
		return true;
	}
	switch (tag_or_host(rest, at, h)) {
	case HEADER_TAG:
		/* Without a priority a line of a program's own may look so: "2026-11-22T11:15:12Z ERROR: ...". */
		return stated || is_repeat(h->message) || h->pid.len || (shape == SHAPE_MONTH && severity_of(h->process) == SEVERITY_UNKNOWN);
	case HEADER_HOST_TAG:
		return stated || is_host(h->host);
	default:
		break;
	}
	if (!(stated ? is_host(first) : shape == SHAPE_MONTH && is_surely_host(first)) || next >= rest.len)
		return false;
	h->host = first;
	h->message = span_from(rest, next);
	return true;
}

void syslog_scan(struct span line, struct stamp_cache *cache, struct syslog_header *h)
{
	clear(h);
	h->message = line;
	struct span rest = line;
	if (rest.len && rest.at[0] == '<')
		rest = span_from(rest, priority(rest, h));
	h->message = rest;
	if (rest.len < 16)
		return;
	if (rest.at[0] == '1' && rest.at[1] == ' ') {
		int kept = h->priority;
		if (scan_5424(rest, cache, h))
			return;
		clear(h);
		h->priority = kept;
		h->level = kept < 0 ? kept : kept & 7;
		h->message = rest;
		return;
	}
	size_t at = stamp_at(rest, shape_of(rest), cache, h);
	if (at) {
		tag_or_host(rest, at, h);
		return;
	}
	h->has_stamp = false;
	h->stamp_text = SPAN_NONE;
}

enum severity syslog_severity(int level)
{
	static const enum severity levels[] = {SEVERITY_FATAL, SEVERITY_ALERT,  SEVERITY_CRITICAL, SEVERITY_ERROR,
					       SEVERITY_WARN,  SEVERITY_NOTICE, SEVERITY_INFO,     SEVERITY_DEBUG};
	return level >= 0 && level < 8 ? levels[level] : SEVERITY_UNKNOWN;
}
