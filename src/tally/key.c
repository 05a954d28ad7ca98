/* From a path to the key of its source: what rotation adds to a name is taken off, and nothing else. */
#include "base/memory.h"
#include "tally/tally.h"

static bool is_separator(char c)
{
	return c == '-' || c == '_' || c == '.';
}

static unsigned number_at(struct span s, size_t i, size_t digits)
{
	unsigned value = 0;
	for (size_t k = i; k < i + digits; k++) {
		if (k >= s.len || !is_digit(s.at[k]))
			return UINT32_MAX;
		value = value * 10 + (unsigned)(s.at[k] - '0');
	}
	return value;
}

/* Is all of `s` a date, perhaps with a time and an index: 20261122, 2026-11-22, 2026_11_22_1114, 2026-11-22_111409.1,
 * 2026-11? */
static bool is_date(struct span s)
{
	unsigned year = number_at(s, 0, 4);
	if (year < 1980 || year > 2099 || s.len > 32)
		return false;
	size_t i = 4;
	bool parted = i < s.len && is_separator(s.at[i]);
	i += parted;
	unsigned month = number_at(s, i, 2);
	if (month < 1 || month > 12)
		return false;
	i += 2;
	if (i == s.len)
		return parted; /* 202611 may be any number */
	if (parted && s.at[i++] != s.at[4])
		return false;
	unsigned day = number_at(s, i, 2);
	if (day < 1 || day > 31)
		return false;
	for (i += 2; i < s.len; i++)
		if (!is_digit(s.at[i]) && !is_separator(s.at[i]) && !strchr("T:Z+", s.at[i] ? s.at[i] : ' '))
			return false;
	return true;
}

/* Where a rotation date begins that reaches to the end of `s`, its separator included; s.len when there is none. */
static size_t date_start(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (is_separator(s.at[i]) && is_date(span_from(s, i + 1)))
			return i;
	return s.len;
}

/* Where the last suffix (".log") begins: a dot and letters; s.len when there is none. */
static size_t suffix_start(struct span s)
{
	size_t i = s.len;
	while (i && is_letter(s.at[i - 1]))
		i--;
	return i > 1 && i < s.len && s.at[i - 1] == '.' ? i - 1 : s.len;
}

static struct span without_compression(struct span s)
{
	static const char *const suffixes[] = {".gz", ".zst", ".Z", ".bz2", ".xz", ".lz4"};
	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
		struct span suffix = span_of(suffixes[i]);
		if (s.len > suffix.len && span_ends(s, suffix))
			return span_head(s, s.len - suffix.len);
	}
	return s;
}

/* ".1" behind anything that is no number itself (web01.2 and 10.0.0.1 are names); "-1" and "-1732233600" (logrotate's
 * %s) only behind a suffix (access.log-1), because shop-api-1 is a name. */
static struct span without_number(struct span s)
{
	size_t i = s.len;
	while (i && is_digit(s.at[i - 1]))
		i--;
	size_t digits = s.len - i;
	if (!digits || i < 2)
		return s;
	struct span base = span_head(s, i - 1);
	bool has_suffix = suffix_start(base) < base.len;
	if (s.at[i - 1] == '.' && digits <= 4 && (has_suffix || !is_digit(base.at[base.len - 1])))
		return base;
	if ((s.at[i - 1] == '-' || s.at[i - 1] == '.') && has_suffix && (digits <= 3 || digits == 10))
		return base;
	return s;
}

/* PostgreSQL's log_filename = 'postgresql-%a.log': one file for each day of the week. */
static size_t weekday_start(struct span s)
{
	static const char *const days[] = {"-Mon", "-Tue", "-Wed", "-Thu", "-Fri", "-Sat", "-Sun"};
	for (size_t i = 0; i < sizeof days / sizeof *days; i++)
		if (s.len > 4 && span_ends(s, span_of(days[i])))
			return s.len - 4;
	return s.len;
}

static void append_name(struct text *key, struct span name)
{
	struct span whole = name;
	name = without_compression(name);
	for (int round = 0; round < 4; round++) { /* app.log.2026-11-22.1 */
		size_t date = date_start(name);
		struct span shorter = date && date < name.len ? span_head(name, date) : without_number(name);
		if (shorter.len == name.len)
			break;
		name = shorter;
	}
	struct span suffix = span_from(name, suffix_start(name)), stem = span_head(name, name.len - suffix.len);
	if (suffix.len) {
		stem = span_head(stem, date_start(stem));
		stem = span_head(stem, weekday_start(stem));
		if (is_date(stem)) /* 2026-11-22.log: nothing is left of the name */
			stem = SPAN("*");
	}
	if (!stem.len && !suffix.len) {
		text_append(key, whole);
		return;
	}
	text_append(key, stem);
	text_append(key, suffix);
}

/* Appends the folders of a path without ".", empty ones and "x/.."; ".." at the start of a relative path stays. */
static void append_folders(struct text *key, struct span path)
{
	size_t root = key->len;
	if (path.len && path.at[0] == '/')
		text_append_byte(key, '/');
	size_t floor = key->len; /* nothing before this is taken back */
	while (path.len) {
		struct span part = span_cut(&path, '/');
		if (!part.len || span_equal(part, SPAN(".")))
			continue;
		if (!span_equal(part, SPAN(".."))) {
			text_append(key, part);
			text_append_byte(key, '/');
			continue;
		}
		if (key->len > floor) {
			key->len--;
			while (key->len > floor && key->at[key->len - 1] != '/')
				key->len--;
		} else if (floor == root) {
			text_append(key, SPAN("../"));
			root = floor = key->len;
		}
	}
}

char *tally_source_key(const char *name, const char *path)
{
	struct text key = {0};
	struct span whole = span_of(path);
	if (name && *name) {
		text_append_string(&key, name);
		text_append_byte(&key, ':');
	}
	size_t slash = whole.len;
	while (slash && whole.at[slash - 1] != '/')
		slash--;
	append_folders(&key, span_head(whole, slash));
	append_name(&key, span_from(whole, slash));
	char *copy = span_copy(text_span(&key));
	text_release(&key);
	return copy;
}

char *tally_stream_key(const char *key, const char *stream)
{
	struct text joined = {0};
	text_append_string(&joined, key);
	if (*stream)
		text_append_byte(&joined, '#');
	text_append_string(&joined, stream);
	char *copy = span_copy(text_span(&joined));
	text_release(&joined);
	return copy;
}

bool tally_matches(struct span glob, const struct location *where, const char *stream)
{
	struct span path = span_of(where->path), key = span_of(where->key), name = span_of(stream);
	if (glob_match(glob, path))
		return true;
	if (name.len && key.len > name.len && span_ends(key, name) && key.at[key.len - name.len - 1] == '#')
		key = span_head(key, key.len - name.len - 1);
	for (size_t i = 0; i < glob.len; i++) {
		struct span file = span_head(glob, i), of_file = span_from(glob, i + 1);
		if (glob.at[i] == '#' && (glob_match(file, path) || glob_match(file, key)) && glob_match(of_file, name))
			return true;
	}
	return false;
}
