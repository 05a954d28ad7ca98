#include "parse/syslog.h"

static inline bool is_digit(char c)
{
	return (unsigned char)(c - '0') < 10;
}

/* "<134>": facility * 8 + level, at most 191. Returns its bytes, 0 when there is none. */
static size_t priority(struct span line, int *level)
{
	size_t n = 1;
	unsigned value = 0;
	while (n < line.len && n < 5 && is_digit(line.at[n]))
		value = value * 10 + (unsigned)(line.at[n++] - '0');
	if (n == 1 || n >= line.len || line.at[n] != '>' || value > 191)
		return 0;
	*level = (int)(value & 7);
	return n + 1;
}

/* Up to the next blank; *at behind that. Empty when there is none, or at the line's end. */
static struct span word_at(struct span line, size_t *at)
{
	size_t n = *at;
	while (n < line.len && line.at[n] != ' ')
		n++;
	struct span word = {line.at + *at, n - *at};
	if (n == line.len)
		return SPAN_NONE;
	*at = n + 1;
	return word;
}

static inline struct span unless_nil(struct span word)
{
	return word.len == 1 && word.at[0] == '-' ? SPAN_NONE : word;
}

/* Structured data: "-" or elements in brackets, in which only quoted values hold blanks and "]" (RFC 5424 section 6.3). */
static bool structured_data(struct span line, size_t *at)
{
	size_t i = *at;
	if (i < line.len && line.at[i] == '-') {
		i++;
	} else {
		if (i >= line.len || line.at[i] != '[')
			return false;
		bool quoted = false;
		while (i < line.len && (quoted || line.at[i] == '[')) {
			for (i++; i < line.len && (quoted || line.at[i] != ']'); i++) {
				if (quoted && line.at[i] == '\\')
					i++;
				else if (i < line.len && line.at[i] == '"')
					quoted = !quoted;
			}
			if (i >= line.len)
				return false;
			i++;
		}
	}
	if (i < line.len && line.at[i] != ' ')
		return false;
	*at = i < line.len ? i + 1 : i;
	return true;
}

/* What stands behind "1 STAMP ". */
static bool scan_5424(struct span line, size_t at, struct syslog_header *h)
{
	struct span host = word_at(line, &at), process = word_at(line, &at), pid = word_at(line, &at),
		    id = word_at(line, &at);
	if (!host.len || !process.len || !pid.len || !id.len || !structured_data(line, &at))
		return false;
	h->host = unless_nil(host);
	h->process = unless_nil(process);
	h->pid = unless_nil(pid);
	h->message = span_from(line, at);
	if (span_starts(h->message, SPAN("\xEF\xBB\xBF")))
		h->message = span_from(h->message, 3);
	return true;
}

/* "tag:" or "tag[pid]:", the colon at the word's end (systemd's tags may have none behind a pid). */
static bool is_tag(struct span word, struct span *process, struct span *pid)
{
	if (word.len < 2 || word.at[0] == '[' || word.at[0] == '(')
		return false;
	bool colon = word.at[word.len - 1] == ':';
	struct span name = {word.at, word.len - colon};
	*pid = SPAN_NONE;
	if (name.len > 3 && name.at[name.len - 1] == ']') {
		size_t open = name.len - 2;
		while (open > 0 && is_digit(name.at[open]))
			open--;
		if (open && name.at[open] == '[' && open < name.len - 2) {
			*pid = (struct span){name.at + open + 1, name.len - open - 2};
			*process = span_head(name, open);
			return true;
		}
	}
	*process = name;
	/* An address with its port is no tag: "2001:db8::" has a colon at its end, and more. */
	return colon && span_find_byte(name, ':') < 0;
}

static void tag_or_host(struct span line, size_t at, struct syslog_header *h)
{
	size_t first_end = at, second_end;
	struct span first = word_at(line, &first_end), process, pid;
	h->message = span_from(line, at);
	if (!first.len)
		return;
	if (is_tag(first, &process, &pid)) {
		h->process = process;
		h->pid = pid;
		h->message = span_from(line, first_end);
		return;
	}
	second_end = first_end;
	struct span second = word_at(line, &second_end);
	if (!second.len || !is_tag(second, &process, &pid))
		return;
	h->host = first;
	h->process = process;
	h->pid = pid;
	h->message = span_from(line, second_end);
}

void syslog_scan(struct span line, struct stamp_cache *cache, struct syslog_header *h)
{
	h->level = -1;
	h->has_stamp = false;
	h->stamp_text = h->host = h->process = h->pid = SPAN_NONE;
	h->message = line;
	struct span rest = line;
	if (rest.len && rest.at[0] == '<')
		rest = span_from(rest, priority(rest, &h->level));
	h->message = rest;
	if (rest.len < 16)
		return;
	/* A header begins with a month's name or a year. */
	bool new_style = rest.at[0] == '1' && rest.at[1] == ' ';
	struct span dated = span_from(rest, new_style ? 2 : 0);
	bool month = (unsigned char)(dated.at[0] - 'A') < 26 && dated.at[3] == ' ';
	bool iso = is_digit(dated.at[0]) && dated.len > 10 && dated.at[4] == '-' && dated.at[10] == 'T';
	if (!month && !iso)
		return;
	size_t n = stamp_scan(dated, cache, &h->stamp);
	if (!n || n >= dated.len || dated.at[n] != ' ')
		return;
	struct span text = span_head(dated, n);
	size_t at = (size_t)(dated.at + n + 1 - rest.at);
	if (new_style && !scan_5424(rest, at, h))
		return;
	h->has_stamp = true;
	h->stamp_text = text;
	if (!new_style)
		tag_or_host(rest, at, h);
}

enum severity syslog_severity(int level)
{
	static const enum severity levels[] = {SEVERITY_FATAL, SEVERITY_ALERT,  SEVERITY_CRITICAL, SEVERITY_ERROR,
					       SEVERITY_WARN,  SEVERITY_NOTICE, SEVERITY_INFO,     SEVERITY_DEBUG};
	return level >= 0 && level < 8 ? levels[level] : SEVERITY_UNKNOWN;
}
