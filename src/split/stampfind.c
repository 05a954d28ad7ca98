#include "split/stampfind.h"

#include "base/zone.h"

static size_t digits_at(struct span s, size_t at)
{
	size_t n = 0;
	while (at + n < s.len && n < 20 && is_digit(s.at[at + n]))
		n++;
	return n;
}

static bool opens(char c)
{
	return c == ' ' || c == '\t' || c == '[' || c == '(' || c == '{' || c == '<' || c == '"' || c == '\'' || c == '|' ||
	       c == '=' || c == ',' || c == ';' || c == '>' || c == ':';
}

/* The name before the "=" or ":" at line[at] is one of a time. */
static bool names_time(struct span line, size_t at)
{
	static const char *const names[] = {"time",  "timestamp", "ts",        "date", "datetime",  "when", "timemillis", "eventtime",
					    "$date", "asctime",   "localtime", "at",   "starttime", "_time", "logtime"};
	size_t end = at;
	while (end && (line.at[end - 1] == '"' || line.at[end - 1] == '\''))
		end--;
	size_t from = end;
	while (from && end - from < 16 && (is_letter(line.at[from - 1]) || line.at[from - 1] == '_' || line.at[from - 1] == '$'))
		from--;
	struct span name = {line.at + from, end - from};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (span_equal_nocase(name, span_of(names[i])))
			return true;
	/* WD-1234_TIME="..." */
	return name.len > 5 && span_equal_nocase(span_from(name, name.len - 5), SPAN("_time"));
}

/* Where a number may be a time: behind a bracket, or the name of one. */
static bool invites_number(struct span line, size_t at)
{
	if (!at || line.at[at - 1] == '[' || line.at[at - 1] == '(')
		return true;
	size_t before = at - 1;
	while (before && (line.at[before] == '"' || line.at[before] == ' '))
		before--;
	return (line.at[before] == '=' || line.at[before] == ':') && names_time(line, before);
}

/* A time since 1970 at line[at]; its length, 0. */
static size_t epoch_at(struct span line, size_t at, struct stamp *out)
{
	size_t n = digits_at(line, at), len = n;
	if ((n != 10 && n != 13 && n != 16 && n != 19) || !invites_number(line, at))
		return 0;
	if (at + n + 1 < line.len && line.at[at + n] == '.' && is_digit(line.at[at + n + 1])) {
		size_t decimals = digits_at(line, at + n + 1);
		if (decimals > 9)
			return 0;
		len += 1 + decimals;
	}
	char behind = at + len < line.len ? line.at[at + len] : ' ';
	bool bare = !at;
	if (bare && behind != ' ' && behind != '\t' && behind != ',' && behind != '|' && behind != ':')
		return 0;
	if (is_letter(behind) || is_digit(behind) || behind == '.' || behind == '-' || behind == '_')
		return 0;
	if (!stamp_parse((struct span){line.at + at, len}, NULL, out))
		return 0;
	return out->time_us >= INT64_C(1000000000) * SECOND_US && out->time_us < INT64_C(4102444800) * SECOND_US ? len : 0;
}

/* "3/4/2026", "03-04-26": a date whose order must be known, with a time behind it. */
static bool is_numeric_date(struct span line, size_t at)
{
	size_t first = digits_at(line, at), i = at + first;
	if (!first || first > 2 || i >= line.len || (line.at[i] != '/' && line.at[i] != '-'))
		return false;
	char separator = line.at[i];
	size_t second = digits_at(line, i + 1);
	i += 1 + second;
	if (!second || second > 2 || i >= line.len || line.at[i] != separator)
		return false;
	size_t third = digits_at(line, i + 1);
	i += 1 + third;
	return (third == 4 || third == 2) && i < line.len && (line.at[i] == ' ' || line.at[i] == '-' || line.at[i] == ',' || line.at[i] == ':');
}

/* "11:15:12", "1:15:12". */
static bool is_clock(struct span line)
{
	size_t n = digits_at(line, 0);
	return n && n <= 2 && line.len > n + 5 && line.at[n] == ':' && digits_at(line, n + 1) == 2 && line.at[n + 3] == ':' &&
	       digits_at(line, n + 4) == 2;
}

/* Three letters that a weekday or a month begins with. */
static bool may_begin_name(struct span line, size_t at)
{
	static const char names[] = "jan feb mar apr may jun jul aug sep oct nov dec mon tue wed thu fri sat sun ";
	char word[4];
	if (at + 8 > line.len)
		return false;
	for (int i = 0; i < 3; i++)
		word[i] = line.at[at + (size_t)i] | 0x20;
	for (const char *name = names; *name; name += 4)
		if (!memcmp(word, name, 3))
			return true;
	return false;
}

/* glog's "W210503 15:04:25.849080": the date is of the level's word. */
static bool is_glued(struct span line)
{
	return line.len > 16 && strchr("IWEFDV", line.at[0]) && digits_at(line, 1) == 6 && line.at[7] == ' ';
}

/* " HDT" behind a stamp without a year: in syslog a host could be of this name, here it is none. */
static size_t zone_behind(struct span line, size_t at, struct stamp *stamp)
{
	if (!stamp->yearless || stamp->zone_text.len || at >= line.len || line.at[at] != ' ')
		return 0;
	struct span rest = span_from(line, at + 1), word = span_cut(&rest, ' ');
	int32_t offset_s;
	if (word.len < 3 || !zone_is_abbreviation(word))
		return 0;
	stamp->zone_text = word;
	if (zone_abbreviation(word, &offset_s)) {
		stamp->zone = STAMP_EXPLICIT;
		stamp->time_us -= offset_s * SECOND_US;
	}
	return 1 + word.len;
}

/* How the head may go on. */
struct head {
	size_t words, prose;
	bool in_word;
	size_t word_at;
};

/* The word line[from, to) is one of prose. */
static bool is_prose(struct span word)
{
	while (word.len && (word.at[word.len - 1] == ',' || word.at[word.len - 1] == '.'))
		word.len--;
	if (word.len < 2 || word.at[0] < 'a' || word.at[0] > 'z')
		return false;
	for (size_t i = 1; i < word.len; i++)
		if (!is_letter(word.at[i]))
			return false;
	return !severity_of(word);
}

/* False: here the head ends. */
static bool goes_on(struct head *h, struct span line, size_t at)
{
	char c = line.at[at];
	bool blank = c == ' ' || c == '\t';
	if (blank && h->in_word) {
		h->in_word = false;
		h->words++;
		h->prose += is_prose((struct span){line.at + h->word_at, at - h->word_at});
	} else if (!blank && !h->in_word) {
		h->in_word = true;
		h->word_at = at;
	}
	return h->words <= STAMPFIND_WORDS && h->prose <= STAMPFIND_PROSE;
}

/* Behind the quote at line[at] that opens a value; at when it opens none. */
static size_t behind_value(struct span line, size_t at)
{
	char before = at ? line.at[at - 1] : ' ';
	if (before != '=' && before != ':' && before != '{' && before != ',')
		return at;
	for (size_t i = at + 1; i < line.len; i++) {
		if (line.at[i] == '\\')
			i++;
		else if (line.at[i] == '"')
			return i;
	}
	return at;
}

enum stampfind_why stampfind_scan(struct span line, enum date_order order, struct stamp_cache *cache, struct stampfind *out)
{
	struct head head = {0};
	if (!line.len || line.at[0] == ' ' || line.at[0] == '\t')
		return STAMPFIND_NONE;
	if (is_clock(line))
		return STAMPFIND_TIME_ALONE;
	*out = (struct stampfind){.at = is_glued(line)};
	for (size_t i = out->at; i < line.len && i <= STAMPFIND_BYTES; i++) {
		char c = line.at[i];
		bool begins = i == out->at || opens(line.at[i - 1]);
		struct span rest = span_from(line, i);
		if (begins && (is_digit(c) || (is_letter(c) && may_begin_name(line, i)))) {
			size_t len = stamp_scan(rest, cache, &out->stamp);
			if (!len)
				len = epoch_at(line, i, &out->stamp);
			out->numeric = !len && is_numeric_date(line, i);
			if (out->numeric) {
				len = order ? stamp_scan_ordered(rest, order, &out->stamp) : 0;
				if (!len)
					return STAMPFIND_ORDER;
			}
			if (len) {
				out->at = i;
				out->len = len + zone_behind(line, i + len, &out->stamp);
				return STAMPFIND_FOUND;
			}
		}
		if (!goes_on(&head, line, i))
			break;
		if (c == '"' && is_letter(i + 1 < line.len ? line.at[i + 1] : ' ')) {
			size_t behind = behind_value(line, i);
			if (behind == i)
				break;
			if (!(is_digit(line.at[i + 1]) || may_begin_name(line, i + 1)))
				i = behind;
		}
	}
	return STAMPFIND_NONE;
}

const char *stampfind_reason(struct span line)
{
	struct stampfind found;
	switch (stampfind_scan(line, DATE_ORDER_UNKNOWN, NULL, &found)) {
	case STAMPFIND_TIME_ALONE:
		return "it begins with a time without a date, which tells no instant";
	case STAMPFIND_ORDER:
		return "its date may be of two orders, month/day or day/month";
	case STAMPFIND_FOUND:
	case STAMPFIND_NONE:
		break;
	}
	return NULL;
}
