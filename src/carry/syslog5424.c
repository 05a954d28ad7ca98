#include "carry/syslog5424.h"

/* Most bytes of a name, section 6. */
enum { STAMP = 32, HOSTNAME = 255, APP_NAME = 48, PROCID = 128, MSGID = 32, SD_NAME = 32 };

/* NILVALUE or 1 to `most` printable bytes, and a blank behind them. */
static bool nil_or_name(struct span line, size_t *at, size_t most, struct span *name)
{
	size_t n = *at;
	while (n < line.len && line.at[n] > ' ' && line.at[n] < 0x7F)
		n++;
	*name = (struct span){line.at + *at, n - *at};
	if (!name->len || name->len > most || n >= line.len || line.at[n] != ' ')
		return false;
	*at = n + 1;
	if (name->len == 1 && name->at[0] == '-')
		*name = SPAN_NONE;
	return true;
}

/* SD-NAME: 1 to 32 printable bytes but '=', ']' and '"'. */
static bool sd_name(struct span s, size_t *at, struct span *name)
{
	size_t n = *at;
	while (n < s.len && s.at[n] > ' ' && s.at[n] < 0x7F && s.at[n] != '=' && s.at[n] != ']' && s.at[n] != '"')
		n++;
	*name = (struct span){s.at + *at, n - *at};
	*at = n;
	return name->len > 0 && name->len <= SD_NAME;
}

/* PARAM-NAME "=" quoted value, in which '"', '\' and ']' stand behind a '\' (others may not: "]" alone is wrong). Blanks
 * before the quote, and words without quotes, are what some devices write: they are no more ambiguous than what is right. */
static bool sd_parameter(struct span s, size_t *at, struct span *name, struct span *value)
{
	if (!sd_name(s, at, name) || *at + 1 >= s.len || s.at[*at] != '=')
		return false;
	size_t from = *at + 1;
	while (from < s.len && s.at[from] == ' ')
		from++;
	size_t n = from;
	while (n < s.len && (is_letter(s.at[n]) || is_digit(s.at[n])))
		n++;
	if (n > from && n < s.len && (s.at[n] == ']' || s.at[n] == ' ')) {
		*value = (struct span){s.at + from, n - from};
		*at = n;
		return true;
	}
	if (from >= s.len || s.at[from] != '"')
		return false;
	n = ++from;
	for (; n < s.len && s.at[n] != '"'; n++) {
		if (s.at[n] == ']')
			return false;
		if (s.at[n] == '\\') {
			n++;
			if (n >= s.len || (s.at[n] != '"' && s.at[n] != '\\' && s.at[n] != ']'))
				return false;
		}
	}
	if (n >= s.len)
		return false;
	*value = (struct span){s.at + from, n - from};
	*at = n + 1;
	return true;
}

enum { ELEMENTS = 32 }; /* of one message whose names are compared with each other */

/* "-" or elements in brackets, no two of one name, then a blank or the line's end; *at behind it (not the blank). */
static bool structured_data(struct span line, size_t *at, struct span *structured)
{
	size_t from = *at, i = from, elements = 0;
	struct span name, value, known[ELEMENTS];
	*structured = SPAN_NONE;
	if (i < line.len && line.at[i] == '-') {
		i++;
	} else {
		while (i < line.len && line.at[i] == '[') {
			i++;
			if (!sd_name(line, &i, &name))
				return false;
			for (size_t k = 0; k < elements; k++) {
				if (span_equal(name, known[k]))
					return false;
			}
			if (elements < ELEMENTS)
				known[elements++] = name;
			while (i < line.len && line.at[i] == ' ') {
				i++;
				if (!sd_parameter(line, &i, &name, &value))
					return false;
			}
			if (i >= line.len || line.at[i] != ']')
				return false;
			i++;
		}
		if (i == from)
			return false;
		*structured = (struct span){line.at + from, i - from};
	}
	*at = i;
	return i >= line.len || line.at[i] == ' ';
}

bool syslog5424_parameter(struct span s, size_t *at, struct span *id, struct span *name, struct span *value)
{
	size_t i = *at;
	*name = *value = SPAN_NONE;
	if (i < s.len && s.at[i] == ']')
		i++;
	if (i >= s.len)
		return false;
	bool opens = s.at[i] == '[';
	i++;
	if (opens && !sd_name(s, &i, id))
		return false;
	if (opens && i < s.len && s.at[i] == ' ')
		i++;
	else if (opens) {
		*at = i;
		return true;
	}
	bool found = sd_parameter(s, &i, name, value);
	*at = i;
	return found;
}

/* FULL-DATE "T" FULL-TIME: capital T and Z, at most 6 decimals, behind '.', an offset with its colon. (Leap seconds it
 * forbids; servers write them.) */
static bool is_stamp(struct span s)
{
	size_t n = 19;
	if (s.len < 20 || s.at[10] != 'T')
		return false;
	if (s.at[n] == '.') {
		n++;
		while (n < s.len && is_digit(s.at[n]))
			n++;
		if (n == 20 || n > 26)
			return false;
	}
	return (n + 1 == s.len && s.at[n] == 'Z') || (n + 6 == s.len && s.at[n + 3] == ':');
}

bool syslog5424_scan(struct span line, struct stamp_cache *cache, struct syslog5424 *m)
{
	size_t n = 0, at;
	while (n < line.len && n < 4 && is_digit(line.at[n]))
		n++;
	if (!n || n > 3 || line.at[0] == '0' || n >= line.len || line.at[n] != ' ')
		return false;
	m->version = span_head(line, n);
	m->has_stamp = false;
	at = n + 1;
	if (!nil_or_name(line, &at, STAMP, &m->stamp_text))
		return false;
	if (m->stamp_text.len) {
		if (!is_stamp(m->stamp_text) || stamp_scan(m->stamp_text, cache, &m->stamp) != m->stamp_text.len ||
		    m->stamp.zone != STAMP_EXPLICIT)
			return false;
		m->has_stamp = true;
	}
	if (!nil_or_name(line, &at, HOSTNAME, &m->host) || !nil_or_name(line, &at, APP_NAME, &m->process) ||
	    !nil_or_name(line, &at, PROCID, &m->pid) || !nil_or_name(line, &at, MSGID, &m->msgid))
		return false;
	m->structured = SPAN_NONE;
	if (at < line.len && (line.at[at] == '-' || line.at[at] == '[')) {
		if (!structured_data(line, &at, &m->structured))
			return false;
		at++;
	} else if (!m->host.len || !m->process.len || m->msgid.len || !m->has_stamp || at >= line.len) {
		return false; /* Heroku's logplex leaves the structured data out, and never has an id */
	}
	m->message = span_from(line, at);
	if (span_starts(m->message, SPAN("\xEF\xBB\xBF")))
		m->message = span_from(m->message, 3);
	return true;
}
