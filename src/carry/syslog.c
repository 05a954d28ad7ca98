#include "carry/syslog.h"

#include "carry/syslog5424.h"
#include "carry/syslogstamp.h"

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

/* What stands behind the priority in RFC 5424. Without a priority (some servers leave it out of their files) the version
 * must be 1 and the stamp be there. */
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
	while (open > 0 && is_digit(tag.at[open])) /* nearly always */
		open--;
	while (open > 0 && (is_digit(tag.at[open]) || is_letter(tag.at[open]) || memchr("._-/#", tag.at[open], 5)))
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

/* What a program's name is made of. */
static bool is_name(struct span word)
{
	for (size_t i = 0; i < word.len; i++) {
		char c = word.at[i];
		if (!is_letter(c) && !is_digit(c) && !memchr("._-/%@", c, 6))
			return false;
	}
	return word.len > 0;
}

/* macOS: a program's name has blanks, "Google Chrome[85294]:", or launchd says for whom: "launchd[1]
 * (com.apple.quicklook[22292]):". Bytes of it down to the colon, 0 when it is none. Only words with a capital, at most 6,
 * may stand before the pid; of a program that calls itself "my worker[17]:" one more word of any kind. */
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
	bool small = word.len && !is_capital(word.at[0]);
	if (small && !is_name(word))
		return 0;
	for (int words = 1; words <= (small ? 2 : 6) && word.len && (small || is_capital(word.at[0])); words++) {
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
	bool level = (word.at[0] | 0x20) == 'd'; /* "DEBUG1" is the only kind of level with a digit */
	bool letters = true;
	for (size_t i = from; i < to; i++) {
		char c = word.at[i];
		if (is_letter(c))
			continue;
		letters = false;
		if (!is_digit(c) && !memchr("._-:/@%", c, 7) && (unsigned char)c < 0x80)
			return false;
	}
	return !(letters || level) || severity_of(word) == SEVERITY_UNKNOWN;
}

/* A word that can hardly be anything but a host: it has a digit, a dot or a hyphen inside. */
static bool is_surely_host(struct span word)
{
	if (!is_host(word) || word.at[word.len - 1] == ':')
		return false;
	bool digit = false, letter = false, inner = false;
	for (size_t i = 0; i < word.len; i++) {
		digit |= is_digit(word.at[i]);
		letter |= is_letter(word.at[i]);
		inner |= (word.at[i] == '.' || word.at[i] == '-' || word.at[i] == ':') && i && i + 1 < word.len;
	}
	return inner || (digit && letter);
}

/* Capitals only. */
static bool is_shouted(struct span word)
{
	for (size_t i = 0; i < word.len; i++) {
		if (!is_capital(word.at[i]))
			return false;
	}
	return true;
}

/* syslogd's own words stand behind the host without a tag. */
static bool is_repeat(struct span text)
{
	if (text.len < 17 || (text.at[0] != 'l' && text.at[0] != '-' && text.at[0] != 'm'))
		return false;
	return span_starts(text, SPAN("last message repeated ")) || span_starts(text, SPAN("--- last message repeated ")) ||
	       span_starts(text, SPAN("message repeated "));
}

/* "[Tue Jun 08 11:54:08": Apache's error log sent through a pipe has a tag without a colon before that. */
static bool is_dated(struct span text)
{
	return text.len > 20 && text.at[0] == '[' && is_capital(text.at[1]) && text.at[4] == ' ' && is_capital(text.at[5]) &&
	       text.at[8] == ' ' && is_digit(text.at[10]) && text.at[11] == ' ' && text.at[14] == ':';
}

/* Where the message begins: behind the tag and one blank (rsyslog and journald write one; more belong to the message, but
 * for the sake of
 * "tag:  text", as sudo writes it, nobody counts on them). */
static void message_behind(struct span line, size_t at, struct syslog_header *h)
{
	h->message = span_from(line, at);
	if (h->message.len && h->message.at[0] == ' ')
		h->message = span_from(h->message, 1);
}

#define TEXT(literal) {(literal), sizeof(literal) - 1}
/* "user.warn": BusyBox's syslogd writes it behind the host, OpenWrt's logread behind the stamp. */
static bool facility_level(struct span word, struct syslog_header *h)
{
	static const struct span levels[] = {TEXT("emerg"), TEXT("alert"),  TEXT("crit"), TEXT("err"),
					     TEXT("warn"),  TEXT("notice"), TEXT("info"), TEXT("debug")};
	static const char *const facilities[] = {
		"kern", "user",  "mail",  "daemon", "auth",   "syslog", "lpr",    "news",   "uucp",   "cron",   "authpriv", "ftp",
		"ntp",  "audit", "alert", "clock",  "local0", "local1", "local2", "local3", "local4", "local5", "local6",   "local7"};
	/* They end in letters: most tags and many hosts do not. */
	if (word.len > 16 || word.len < 7 || !is_letter(word.at[word.len - 1]))
		return false;
	ptrdiff_t dot = span_find_byte(word, '.');
	if (dot < 3)
		return false;
	struct span name = span_head(word, (size_t)dot), level = span_from(word, (size_t)dot + 1);
	int l = 0, f = 0;
	while (l < 8 && !span_equal(level, levels[l]))
		l++;
	while (l < 8 && f < 24 && !span_equal(name, span_of(facilities[f])))
		f++;
	if (l == 8 || f == 24)
		return false;
	h->priority = f * 8 + l;
	h->level = l;
	return true;
}

enum header { HEADER_NONE, HEADER_TAG, HEADER_HOST_TAG };

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
	if (h->priority < 0 && facility_level(first, h)) {
		at = next;
		first = word_at(line, &next);
		h->message = span_from(line, at);
		if (!first.len)
			return HEADER_TAG;
	}
	size_t behind = at + first.len;
	struct span rest = span_from(line, behind + 1);
	/* Cisco writes a colon behind the host: "asa1: %ASA-6-302013: Built ...", "asa1 : %ASA-6-302013: Built ..." */
	bool colon = first.len > 1 && first.at[first.len - 1] == ':';
	struct span cisco = colon ? rest : span_starts(rest, SPAN(": %")) ? span_from(rest, 2) : SPAN_NONE;
	if (cisco.len && cisco.at[0] == '%') {
		size_t end = 0;
		struct span tag = word_at(cisco, &end);
		if (is_tag(tag, false, h)) {
			h->host = span_head(first, first.len - colon);
			message_behind(cisco, tag.len, h);
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
	if (h->priority < 0 && facility_level(second, h)) {
		second_at = second_end;
		rest = span_from(line, second_at);
		second = word_at(line, &second_end);
		h->message = rest;
	}
	bool plain = second.len > 1 && second.at[second.len - 1] == ':';
	size_t with_blanks = plain ? 0 : blank_tag(rest, h);
	if (with_blanks) {
		message_behind(line, second_at + with_blanks, h);
	} else if (is_tag(second, false, h)) {
		message_behind(line, second_at + second.len, h);
	} else if (h->priority >= 0 && is_dated(span_from(line, second_end)) && is_host(second)) {
		h->process = second;
		h->message = span_from(line, second_end);
	} else if (is_repeat(rest)) {
		h->message = rest;
	} else if (h->message.at != rest.at) {
		return HEADER_NONE;
	}
	h->host = first;
	return HEADER_HOST_TAG;
}

/* The stamp at the start of `s`, and the blank behind it (some devices write a colon before that): bytes of both, or 0. */
static size_t stamp_at(struct span s, enum syslog_shape shape, struct stamp_cache *cache, struct syslog_header *h)
{
	size_t n = syslogstamp_scan(s, shape, cache, &h->stamp);
	if (!n)
		return 0;
	h->stamp_text = span_head(s, n);
	h->has_stamp = true;
	if (n < s.len && s.at[n] == ':' && shape == SYSLOG_MONTH)
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

/* Whether a line without a priority has a server's header: a program's own line may have a time, a word and a word with a
 * colon. */
static bool is_servers(const struct syslog_header *h, enum syslog_shape shape, enum header found)
{
	struct span text = h->stamp_text, zone = h->stamp.zone_text;
	bool by_pid = h->pid.len && is_digit(h->pid.at[0]);
	if (found == HEADER_HOST_TAG && !is_host(h->host))
		return false;
	if (shape == SYSLOG_MONTH) {
		/* "Nov 16 2020 13:41:29 GMT: INFO ..." is a program's: with a year a host is asked for, or Cisco's "%". */
		bool yearless = h->stamp.yearless || h->process.len == 0 || h->process.at[0] == '%';
		return found == HEADER_HOST_TAG || by_pid || is_repeat(h->message) ||
		       (yearless && severity_of(h->process) == SEVERITY_UNKNOWN);
	}
	if (shape != SYSLOG_ISO)
		return true; /* journald's */
	/* Nine decimals: rsyslog and journald write six. */
	if (text.len > 26 && is_digit(text.at[23]) && is_digit(text.at[26]))
		return false;
	if (by_pid)
		return true;
	if (found != HEADER_HOST_TAG || !is_name(h->process) || severity_of(h->process) != SEVERITY_UNKNOWN)
		return h->pid.len || is_repeat(h->message);
	if (!zone.len) /* 2019-06-14T10:40:20.912134 host sudo: */
		return h->stamp.resolution_us == 1;
	if (zone.len == 5) /* journald's short-iso: what has no pid there is the kernel */
		return span_equal(h->process, SPAN("kernel"));
	return zone.len != 1 || !is_shouted(h->host); /* "2019-06-16T14:09:08Z DDEBUG timer: ..." */
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
	enum syslog_shape shape = syslogstamp_shape(rest);
	if (is_digit(rest.at[0]) && shape == SYSLOG_NONE)
		return scan_5424(rest, cache, h);
	size_t at = stamp_at(rest, shape, cache, h);
	if (!at)
		return false;
	size_t next = at;
	struct span first = word_at(rest, &next);
	if (shape == SYSLOG_ISO && esxi_level(first, h)) {
		struct span behind = span_from(rest, next);
		size_t end = 0;
		struct span tag = word_at(behind, &end);
		h->message = behind;
		if (is_tag(tag, true, h))
			message_behind(behind, tag.len, h);
		return true;
	}
	enum header found = tag_or_host(rest, at, h);
	if (found != HEADER_NONE)
		return stated || h->priority >= 0 || is_servers(h, shape, found);
	bool host = stated ? shape != SYSLOG_CTIME && is_host(first) : shape == SYSLOG_MONTH && is_surely_host(first);
	if (!host || next >= rest.len)
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
	size_t at = stamp_at(rest, syslogstamp_shape(rest), cache, h);
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
