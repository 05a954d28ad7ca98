#include "split/apachetime.h"

#define DIRECTIVE(letter) ((char)((letter) | 0x80))

/* Our own letters, for what mod_log_config knows beside strftime. */
enum { EPOCH_S = 's', EPOCH_MS = '1', EPOCH_US = '2', FRACTION_MS = '3', FRACTION_US = '6' };

bool apachetime_is_end(struct span *argument)
{
	static const char *const names[] = {"begin", "end"};
	for (int i = 0; i < 2; i++) {
		struct span name = span_of(names[i]), rest = span_from(*argument, name.len);
		if (!span_starts(*argument, name) || (rest.len && rest.at[0] != ':'))
			continue;
		*argument = span_from(rest, 1);
		return i;
	}
	return false;
}

/* One directive of strftime, or what it stands for. */
static bool append_directive(char letter, struct text *steps)
{
	static const struct {
		char letter;
		const char *means;
	} compound[] = {{'T', "%H:%M:%S"}, {'F', "%Y-%m-%d"}, {'D', "%m/%d/%y"}, {'x', "%m/%d/%y"}, {'X', "%H:%M:%S"},
		       {'R', "%H:%M"},    {'r', "%I:%M:%S %p"}, {'c', "%a %b %e %H:%M:%S %Y"}};
	for (size_t i = 0; i < sizeof compound / sizeof *compound; i++) {
		if (compound[i].letter != letter)
			continue;
		for (const char *c = compound[i].means; *c; c++)
			text_append_byte(steps, *c == '%' ? DIRECTIVE(*++c) : *c);
		return true;
	}
	if (letter == '%' || letter == 't' || letter == 'n') {
		text_append_byte(steps, letter == '%' ? '%' : letter == 't' ? '\t' : '\n');
		return letter != 'n';
	}
	if (letter == 'h')
		letter = 'b';
	if (!strchr("YymdeHkIlMSbBaAjpzZs", letter))
		return false;
	text_append_byte(steps, DIRECTIVE(letter));
	return true;
}

bool apachetime_steps(struct span argument, struct text *steps)
{
	static const struct {
		const char *word;
		char letter;
	} words[] = {{"sec", EPOCH_S}, {"msec", EPOCH_MS}, {"usec", EPOCH_US}, {"msec_frac", FRACTION_MS}, {"usec_frac", FRACTION_US}};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (span_equal(argument, span_of(words[i].word))) {
			text_append_byte(steps, DIRECTIVE(words[i].letter));
			return true;
		}
	}
	if (!argument.len)
		argument = SPAN("[%d/%b/%Y:%H:%M:%S %z]");
	for (size_t i = 0; i < argument.len; i++) {
		char c = argument.at[i];
		if ((c == '%' && (++i == argument.len || !argument.at[i] || !append_directive(argument.at[i], steps))) || c & 0x80)
			return false;
		if (c != '%')
			text_append_byte(steps, c);
	}
	return true;
}

bool apachetime_add(struct apachetime *t, bool end, struct span steps)
{
	if (t->n == APACHETIME_PIECES)
		return false;
	t->pieces[t->n++] = (struct apachetime_piece){.end = end,
						      .padded = steps.len && strchr("ekl", steps.at[0] & 0x7F) && steps.at[0] & 0x80,
						      .start = t->steps.len,
						      .len = steps.len};
	text_append(&t->steps, steps);
	return true;
}

/* Which directives the pieces of one moment have. */
static bool has_any(const struct apachetime *t, bool end, const char *letters)
{
	for (size_t i = 0; i < t->n; i++) {
		for (size_t k = 0; k < t->pieces[i].len && t->pieces[i].end == end; k++) {
			char c = t->steps.at[t->pieces[i].start + k];
			if (c & 0x80 && strchr(letters, c & 0x7F))
				return true;
		}
	}
	return false;
}

static bool is_whole(const struct apachetime *t, bool end)
{
	if (has_any(t, end, "s12"))
		return true;
	bool date = (has_any(t, end, "m") || has_any(t, end, "bB")) && has_any(t, end, "de");
	bool time = (has_any(t, end, "Hk") || (has_any(t, end, "Il") && has_any(t, end, "p"))) && has_any(t, end, "M");
	return (date || (has_any(t, end, "j") && has_any(t, end, "Yy"))) && time;
}

void apachetime_finish(struct apachetime *t)
{
	t->whole_begin = is_whole(t, false);
	t->whole_end = is_whole(t, true);
}

void apachetime_release(struct apachetime *t)
{
	text_release(&t->steps);
	*t = (struct apachetime){.n = 0};
}

/* ---- lines ---- */

/* What the pieces of a line say so far. */
struct moment {
	int year, month, day, hour, minute, second, yday; /* -1: not said */
	int half;                     /* 0 AM, 1 PM */
	int64_t epoch_us, fraction_us, resolution_us;
	bool has_epoch;
	struct span zone;
};

/* `least` to `most` digits at *at. */
static bool number(struct span value, size_t *at, size_t least, size_t most, int64_t *out)
{
	size_t n = 0;
	int64_t result = 0;
	while (n < most && *at + n < value.len && (unsigned char)(value.at[*at + n] - '0') < 10)
		result = result * 10 + (value.at[*at + n++] - '0');
	*at += n;
	*out = result;
	return n >= least;
}

/* The name at *at: its place in `names`, which are `n` words of at least three letters; -1. */
static int name(struct span value, size_t *at, const char *const *names, int n, bool whole)
{
	for (int i = 0; i < n; i++) {
		struct span word = whole ? span_of(names[i]) : span_head(span_of(names[i]), 3);
		if (span_equal_nocase(span_head(span_from(value, *at), word.len), word)) {
			*at += word.len;
			return i;
		}
	}
	return -1;
}

static const char *const months[] = {"January", "February", "March", "April", "May", "June", "July",
				     "August", "September", "October", "November", "December"};
static const char *const days[] = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};

/* A zone: "+0100", "+01:00", "Z", or an abbreviation; to the last byte that one can have. */
static bool zone(struct span value, size_t *at, struct span *out)
{
	size_t from = *at;
	while (*at < value.len && ((unsigned char)((value.at[*at] | 0x20) - 'a') < 26 || (unsigned char)(value.at[*at] - '0') < 10 ||
				   value.at[*at] == '+' || value.at[*at] == '-' || value.at[*at] == ':'))
		++*at;
	*out = (struct span){value.at + from, *at - from};
	return *at > from;
}

static bool fraction(struct span value, size_t *at, size_t digits, int64_t unit_us, struct moment *m)
{
	int64_t n;
	if (!number(value, at, digits, digits, &n))
		return false;
	/* of two the finer one */
	if (unit_us < m->resolution_us) {
		m->fraction_us = n * unit_us;
		m->resolution_us = unit_us;
	}
	return true;
}

static bool epoch(struct span value, size_t *at, int64_t unit_us, struct moment *m)
{
	int64_t n;
	if (!number(value, at, 1, 18, &n) || n > INT64_MAX / 4 / unit_us)
		return false;
	if (!m->has_epoch || unit_us < m->resolution_us)
		m->epoch_us = n * unit_us;
	if (unit_us < m->resolution_us)
		m->resolution_us = unit_us;
	m->has_epoch = true;
	return true;
}

static bool directive(char letter, struct span value, size_t *at, struct moment *m)
{
	int64_t n = 0;
	bool fine;
	switch (letter) {
	case 'Y':
		fine = number(value, at, 4, 4, &n);
		m->year = (int)n;
		return fine;
	case 'y': /* POSIX: 69 to 99 are of the century before */
		fine = number(value, at, 2, 2, &n);
		if (m->year < 0)
			m->year = (int)(n < 69 ? 2000 + n : 1900 + n);
		return fine;
	case 'm':
		fine = number(value, at, 2, 2, &n);
		m->month = (int)n;
		return fine;
	case 'd':
	case 'e':
		fine = number(value, at, 1, 2, &n);
		m->day = (int)n;
		return fine;
	case 'H':
	case 'k':
	case 'I':
	case 'l':
		fine = number(value, at, 1, 2, &n);
		if (letter == 'H' || letter == 'k' || m->hour < 0)
			m->hour = (int)n;
		return fine;
	case 'M':
		fine = number(value, at, 2, 2, &n);
		m->minute = (int)n;
		return fine;
	case 'S':
		fine = number(value, at, 2, 2, &n);
		m->second = (int)n;
		return fine;
	case 'j':
		fine = number(value, at, 3, 3, &n);
		m->yday = (int)n;
		return fine;
	case 'b':
	case 'B':
		return (m->month = name(value, at, months, 12, letter == 'B') + 1) > 0;
	case 'a':
	case 'A':
		return name(value, at, days, 7, letter == 'A') >= 0;
	case 'p':
		if (value.len < *at + 2 || (value.at[*at + 1] | 0x20) != 'm')
			return false;
		m->half = (value.at[*at] | 0x20) == 'p';
		*at += 2;
		return m->half || (value.at[*at - 2] | 0x20) == 'a';
	case 'z':
	case 'Z': {
		struct span found;
		fine = zone(value, at, &found);
		/* an offset says more than a name */
		if (letter == 'z' || !m->zone.len)
			m->zone = found;
		return fine;
	}
	case EPOCH_S:
		return epoch(value, at, SECOND_US, m);
	case EPOCH_MS:
		return epoch(value, at, 1000, m);
	case EPOCH_US:
		return epoch(value, at, 1, m);
	case FRACTION_MS:
		return fraction(value, at, 3, 1000, m);
	case FRACTION_US:
		return fraction(value, at, 6, 1, m);
	default:
		return false;
	}
}

static bool read_piece(struct span steps, bool padded, struct span value, struct moment *m)
{
	size_t at = 0;
	while (padded && at < value.len && value.at[at] == ' ')
		at++;
	for (size_t i = 0; i < steps.len; i++) {
		char c = steps.at[i];
		if (c & 0x80) {
			if (!directive((char)(c & 0x7F), value, &at, m))
				return false;
		} else if (at == value.len || value.at[at++] != c) {
			return false;
		}
	}
	return at == value.len;
}

static char *digits(char *to, int value, int n)
{
	for (int i = n; i-- > 0; value /= 10)
		to[i] = (char)('0' + value % 10);
	return to + n;
}

/* A civil time, written as stamp_parse() knows it: that module says what a zone's name means, and keeps the last second. */
static bool civil(const struct moment *m, struct stamp_cache *cache, struct stamp *out)
{
	char text[64], *to = text;
	int year = m->year < 0 ? 2000 : m->year, month = m->month, day = m->day, hour = m->hour;
	if (m->yday > 0 && month < 0) {
		struct civil c;
		if (m->yday > 366)
			return false;
		instant_to_civil((instant_days(year, 1, 1) + m->yday - 1) * DAY_US, &c);
		month = c.month;
		day = c.day;
	}
	if (m->half >= 0)
		hour = hour % 12 + 12 * m->half;
	if (month < 1 || day < 1 || hour < 0 || hour > 99 || m->minute < 0)
		return false;
	to = digits(to, year, 4);
	*to++ = '-';
	to = digits(to, month, 2);
	*to++ = '-';
	to = digits(to, day, 2);
	*to++ = ' ';
	to = digits(to, hour, 2);
	*to++ = ':';
	to = digits(to, m->minute, 2);
	*to++ = ':';
	to = digits(to, m->second < 0 ? 0 : m->second, 2);
	if (m->zone.len && m->zone.len < 12) {
		if (m->zone.at[0] != '+' && m->zone.at[0] != '-')
			*to++ = ' ';
		memcpy(to, m->zone.at, m->zone.len);
		to += m->zone.len;
	}
	if (!stamp_parse((struct span){text, (size_t)(to - text)}, cache, out)) {
		/* a zone that is no known one says nothing */
		if (!m->zone.len || !stamp_parse((struct span){text, 19}, cache, out))
			return false;
	}
	out->zone_text = m->zone;
	out->yearless = m->year < 0;
	out->resolution_us = m->second < 0 ? MINUTE_US : m->resolution_us;
	out->time_us += m->second < 0 ? 0 : m->fraction_us;
	return true;
}

bool apachetime_read(const struct apachetime *t, const struct span values[APACHETIME_PIECES], struct stamp_cache *cache,
		     struct stamp *out)
{
	struct moment m = {-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, SECOND_US, false, SPAN_NONE};
	for (size_t i = 0; i < t->n; i++) {
		const struct apachetime_piece *piece = &t->pieces[i];
		struct span steps = {t->steps.at + piece->start, piece->len};
		if (piece->end == t->whole_end && !read_piece(steps, piece->padded, values[i], &m))
			return false;
	}
	if (!m.has_epoch)
		return civil(&m, cache, out);
	*out = (struct stamp){.time_us = m.epoch_us, .resolution_us = m.resolution_us, .zone = STAMP_EXPLICIT};
	/* The fraction of an epoch in seconds; a finer epoch has it already. */
	if (m.epoch_us % SECOND_US == 0)
		out->time_us += m.fraction_us;
	return true;
}
