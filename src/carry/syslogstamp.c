#include "carry/syslogstamp.h"

static inline bool is_capital(char c)
{
	return (unsigned char)(c - 'A') < 26;
}

enum syslog_shape syslogstamp_shape(struct span s)
{
	if (s.len < 16)
		return SYSLOG_NONE;
	if (is_digit(s.at[0])) {
		if (!is_digit(s.at[3])) /* RFC 5424's VERSION has three digits at most */
			return SYSLOG_NONE;
		if (s.at[4] == '-' && s.at[10] == 'T')
			return SYSLOG_ISO;
		return s.at[10] == '.' ? SYSLOG_UNIX : SYSLOG_NONE;
	}
	if (!is_capital(s.at[0]) || s.at[3] != ' ' || s.at[5] == ',' || s.at[6] == ',')
		return SYSLOG_NONE;
	if (s.len > 23 && is_digit(s.at[4]) && s.at[8] == '-' && s.at[14] == ' ')
		return SYSLOG_WEEKDAY;
	return s.len > 23 && is_capital(s.at[4]) && s.at[7] == ' ' ? SYSLOG_CTIME : SYSLOG_MONTH;
}

/* Four digits, a year of this age, and a blank behind them. */
static bool is_year(struct span s, size_t at)
{
	if (at + 5 > s.len || s.at[at + 4] != ' ')
		return false;
	for (size_t i = at; i < at + 4; i++) {
		if (!is_digit(s.at[i]))
			return false;
	}
	return !memcmp(s.at + at, "19", 2) || !memcmp(s.at + at, "20", 2);
}

/* The parts of a stamp put into an order that stamp.h knows. What is in `text` is ours: the stamp has no zone. */
struct parts {
	struct span month, year, clock;
	char day[2];
};

static bool put_together(const struct parts *p, struct stamp *out)
{
	char text[48];
	size_t len = 0;
	if (p->clock.len > 18)
		return false;
	if (p->year.len) { /* "22 Nov 2026 11:52:43" */
		text[len++] = p->day[0] == ' ' ? '0' : p->day[0];
		text[len++] = p->day[1];
		text[len++] = ' ';
		memcpy(text + len, p->month.at, 3);
		text[len + 3] = ' ';
		memcpy(text + len + 4, p->year.at, 4);
		len += 8;
	} else { /* "Nov 22 11:52:43" */
		memcpy(text, p->month.at, 3);
		text[3] = ' ';
		text[4] = p->day[0];
		text[5] = p->day[1];
		len = 6;
	}
	text[len++] = ' ';
	memcpy(text + len, p->clock.at, p->clock.len);
	len += p->clock.len;
	if (stamp_scan((struct span){text, len}, NULL, out) != len)
		return false;
	out->zone_text = SPAN_NONE;
	return true;
}

/* "Nov 22 11:52:43" and what else begins with a month. */
static size_t month_scan(struct span s, struct stamp_cache *cache, struct stamp *out)
{
	size_t n = s.at[6] == ' ' && s.len > 15 && s.at[9] == ':' ? stamp_scan(s, cache, out) : 0;
	if (n && !(n < s.len && s.at[n] == ' ' && is_year(s, n + 1)))
		return n;
	struct parts p = {.month = span_head(s, 3)};
	size_t at = s.at[4] == ' ' ? 5 : 4;
	if (!is_digit(s.at[at]))
		return 0;
	p.day[0] = ' ';
	p.day[1] = s.at[at++];
	if (is_digit(s.at[at])) {
		p.day[0] = p.day[1];
		p.day[1] = s.at[at++];
	}
	if (s.at[at++] != ' ')
		return 0;
	if (is_year(s, at)) {
		p.year = (struct span){s.at + at, 4};
		at += 5;
	}
	size_t end = at;
	while (end < s.len && end - at < 18 && (is_digit(s.at[end]) || s.at[end] == ':' || s.at[end] == '.'))
		end++;
	if (end > at && s.at[end - 1] == ':')
		end--;
	p.clock = (struct span){s.at + at, end - at};
	if (!p.year.len && end < s.len && s.at[end] == ' ' && is_year(s, end + 1)) {
		p.year = (struct span){s.at + end + 1, 4};
		end += 5;
	}
	return put_together(&p, out) ? end : 0;
}

/* "Sun 2026-11-22 11:52:43 UTC" */
static size_t weekday_scan(struct span s, struct stamp_cache *cache, struct stamp *out)
{
	size_t n = stamp_scan(span_from(s, 4), cache, out), end;
	if (n < 19)
		return 0;
	n += 4;
	if (out->zone_text.len)
		return n;
	for (end = n + 1; end < s.len && s.at[end] != ' ' && end - n < 8;)
		end++;
	return n < s.len && s.at[n] == ' ' && end > n + 2 && end < s.len && s.at[end] == ' ' ? end : 0;
}

static size_t ctime_scan(struct span s, struct stamp *out)
{
	struct parts p = {
		.month = {s.at + 4, 3}, .year = {s.at + 20, 4}, .clock = {s.at + 11, 8}, .day = {s.at[8], s.at[9]}};
	return s.len > 24 && s.at[10] == ' ' && s.at[19] == ' ' && is_year(s, 20) && put_together(&p, out) ? 24 : 0;
}

static size_t unix_scan(struct span s, struct stamp_cache *cache, struct stamp *out)
{
	return s.len > 17 && s.at[17] == ' ' && stamp_parse(span_head(s, 17), cache, out) ? 17 : 0;
}

size_t syslogstamp_scan(struct span s, enum syslog_shape shape, struct stamp_cache *cache, struct stamp *out)
{
	switch (shape) {
	case SYSLOG_NONE:
		break;
	case SYSLOG_MONTH:
		return month_scan(s, cache, out);
	case SYSLOG_ISO:
		return stamp_scan(s, cache, out);
	case SYSLOG_WEEKDAY:
		return weekday_scan(s, cache, out);
	case SYSLOG_CTIME:
		return ctime_scan(s, out);
	case SYSLOG_UNIX:
		return unix_scan(s, cache, out);
	}
	return 0;
}
