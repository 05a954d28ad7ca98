#include "config/postgresqlconf.h"

#include <stdlib.h>

#include "base/memory.h"

enum {
	MAX_DEPTH = 10,        /* CONF_FILE_MAX_DEPTH: includes below the first file */
	SHOWN_BYTES = 60,      /* of a token or value in an error */
	MOST_CONNECTIONS = 0x3FFFF, /* MAX_BACKENDS */
};

enum kind { KIND_TEXT, KIND_BOOL, KIND_INTEGER, KIND_MILLISECONDS };

static const struct setting {
	const char *name, *standard;
	enum kind kind;
} settings[POSTGRESQLCONF_COUNT] = {
#define X(suffix, name, kind, standard) [POSTGRESQLCONF_##suffix] = {name, standard, KIND_##kind},
	POSTGRESQLCONF_SETTINGS(X)
#undef X
};

/* An open file, and the files of the include_dir that it is at. */
struct frame {
	struct text path, bytes;
	size_t at;
	unsigned line;
	struct text folder;  /* paths of an include_dir, each with its NUL */
	size_t folder_at;
};

struct walk {
	struct postgresqlconf *conf;
	const struct postgresqlconf_files *files;
	struct frame frames[MAX_DEPTH + 1];
	size_t depth; /* open frames */
	struct diag *d;
};

const char *postgresqlconf_name(enum postgresqlconf_setting setting)
{
	return settings[setting].name;
}

const char *postgresqlconf_default(enum postgresqlconf_setting setting)
{
	return settings[setting].standard;
}

struct span postgresqlconf_text(const struct postgresqlconf *conf, enum postgresqlconf_setting setting)
{
	const struct postgresqlconf_value *value = &conf->values[setting];
	return value->stated ? text_span(&value->text) : span_of(settings[setting].standard);
}

void postgresqlconf_release(struct postgresqlconf *conf)
{
	for (size_t i = 0; i < POSTGRESQLCONF_COUNT; i++) {
		text_release(&conf->values[i].text);
		text_release(&conf->values[i].file);
	}
	*conf = (struct postgresqlconf){0};
}

/* ---- tokens (guc-file.l) ---- */

enum token_kind { TOKEN_END, TOKEN_LINE, TOKEN_ID, TOKEN_QUALIFIED, TOKEN_STRING, TOKEN_WORD, TOKEN_NUMBER, TOKEN_EQUALS,
		  TOKEN_BAD };

static inline bool begins_identifier(char c)
{
	return is_letter(c) || c == '_' || (unsigned char)c >= 0x80;
}
static inline bool is_hex(char c)
{
	return is_digit(c) || (unsigned char)((c | 0x20) - 'a') < 6;
}

/* The server takes the longest of an integer with unit letters and a real. 0: neither. */
static size_t number_len(struct span s)
{
	size_t sign = s.len && (s.at[0] == '-' || s.at[0] == '+'), n = sign, integer, real = 0;
	while (n < s.len && is_digit(s.at[n]))
		n++;
	integer = n > sign ? n : 0;
	if (n < s.len && s.at[n] == '.') {
		for (real = n + 1; real < s.len && is_digit(s.at[real]);)
			real++;
		size_t e = real + 1;
		e += e < s.len && (s.at[e] == '-' || s.at[e] == '+');
		if (e < s.len && (s.at[real] | 0x20) == 'e' && is_digit(s.at[e])) {
			for (real = e; real < s.len && is_digit(s.at[real]);)
				real++;
		}
	}
	if (integer == sign + 1 && s.at[sign] == '0' && n + 1 < s.len && s.at[n] == 'x' && is_hex(s.at[n + 1])) {
		for (integer = n + 1; integer < s.len && is_hex(s.at[integer]);)
			integer++;
	}
	while (integer && integer < s.len && (unsigned char)((s.at[integer] | 0x20) - 'a') < 26)
		integer++;
	return integer > real ? integer : real;
}

/* Bytes up to the last quote that can end the string; 0: it stays open. */
static size_t string_len(struct span s)
{
	size_t end = 0;
	for (size_t i = 1; i < s.len && s.at[i] != '\n'; i++) {
		if (s.at[i] == '\\') {
			if (++i == s.len || s.at[i] == '\n')
				break;
		} else if (s.at[i] == '\'') {
			end = i + 1;
			if (end == s.len || s.at[end] != '\'')
				break;
			i++;
		}
	}
	return end;
}

static enum token_kind word_kind(struct span word)
{
	size_t dots = 0, others = 0;
	for (size_t i = 0; i < word.len; i++) {
		dots += word.at[i] == '.';
		others += word.at[i] != '.' && !begins_identifier(word.at[i]) && !is_digit(word.at[i]);
	}
	ptrdiff_t dot = span_find_byte(word, '.');
	if (!dots && !others)
		return TOKEN_ID;
	bool two = dots == 1 && !others && (size_t)dot + 1 < word.len && begins_identifier(word.at[dot + 1]);
	return two ? TOKEN_QUALIFIED : TOKEN_WORD;
}

static enum token_kind next_token(struct frame *f, struct span *token)
{
	struct span rest = span_from(text_span(&f->bytes), f->at);
	size_t n = 0;
	while (n < rest.len && (rest.at[n] == ' ' || rest.at[n] == '\t' || rest.at[n] == '\r'))
		n++;
	if (n < rest.len && rest.at[n] == '#') {
		while (n < rest.len && rest.at[n] != '\n')
			n++;
	}
	f->at += n;
	rest = span_from(rest, n);
	*token = span_head(rest, 1);
	if (!rest.len)
		return TOKEN_END;
	enum token_kind kind = TOKEN_BAD;
	size_t len = 1;
	if (rest.at[0] == '\n') {
		f->line++;
		kind = TOKEN_LINE;
	} else if (rest.at[0] == '=') {
		kind = TOKEN_EQUALS;
	} else if (rest.at[0] == '\'') {
		len = string_len(rest);
		kind = len ? TOKEN_STRING : TOKEN_BAD;
	} else if (begins_identifier(rest.at[0])) {
		while (len < rest.len && (begins_identifier(rest.at[len]) || is_digit(rest.at[len]) ||
					  (rest.at[len] && strchr("-._:/", rest.at[len]))))
			len++;
		kind = word_kind(span_head(rest, len));
	} else if ((len = number_len(rest))) {
		kind = TOKEN_NUMBER;
	}
	*token = span_head(rest, len ? len : 1);
	f->at += token->len;
	return kind;
}

/* A quoted value's text: '' is ', backslashes as in C (DeescapeQuotedString). */
static void unquote(struct span quoted, struct text *out)
{
	struct span s = {quoted.at + 1, quoted.len - 2};
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];
		if (c == '\\' && i + 1 < s.len) {
			static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
			c = s.at[++i];
			const char *known = c ? strchr(from, c) : NULL;
			if (known) {
				c = to[known - from];
			} else if (c >= '0' && c <= '7') {
				unsigned octal = 0, digits = 0;
				for (; digits < 3 && i < s.len && s.at[i] >= '0' && s.at[i] <= '7'; digits++, i++)
					octal = octal * 8 + (unsigned)(s.at[i] - '0');
				i--;
				c = (char)octal;
			}
		} else if (c == '\'') {
			i++;
		}
		/* The server's strings end at a NUL. */
		if (!c)
			return;
		text_append_byte(out, c);
	}
}

/* ---- values ---- */

/* Octal and hexadecimal as strtol() with base 0. Bytes taken. */
static size_t read_based(struct span s, int64_t *millionths, bool *fits)
{
	bool hex = s.len > 2 && (s.at[1] | 0x20) == 'x' && is_hex(s.at[2]);
	int base = hex ? 16 : 8;
	size_t n = hex ? 2 : 0;
	int64_t value = 0;
	for (; n < s.len && is_hex(s.at[n]); n++) {
		int digit = is_digit(s.at[n]) ? s.at[n] - '0' : (s.at[n] | 0x20) - 'a' + 10;
		if (digit >= base)
			break;
		*fits = *fits && !__builtin_mul_overflow(value, base, &value) && !__builtin_add_overflow(value, digit, &value);
	}
	*fits = *fits && !__builtin_mul_overflow(value, 1000000, millionths);
	return n;
}

/* "12", "12.5", ".5", "1e3". Bytes taken; 0: no number. */
static size_t read_decimal(struct span s, int64_t *millionths, bool *fits)
{
	int64_t value = 0, scale = 1000000;
	size_t n = 0, digits = 0;
	for (; n < s.len && is_digit(s.at[n]); n++, digits++)
		*fits = *fits && !__builtin_mul_overflow(value, 10, &value) &&
			!__builtin_add_overflow(value, s.at[n] - '0', &value);
	*fits = *fits && !__builtin_mul_overflow(value, scale, &value);
	if (n < s.len && s.at[n] == '.') {
		for (n++; n < s.len && is_digit(s.at[n]); n++, digits++) {
			scale /= 10;
			*fits = *fits && !__builtin_add_overflow(value, scale * (s.at[n] - '0'), &value);
		}
	}
	size_t e = n + 1;
	bool down = e < s.len && s.at[e] == '-';
	e += e < s.len && (s.at[e] == '-' || s.at[e] == '+');
	if (digits && e < s.len && (s.at[n] | 0x20) == 'e' && is_digit(s.at[e])) {
		int power = 0;
		for (n = e; n < s.len && is_digit(s.at[n]); n++)
			power = power < 100 ? power * 10 + (s.at[n] - '0') : power;
		for (; power > 0 && value && *fits; power--) {
			if (down)
				value /= 10;
			else
				*fits = !__builtin_mul_overflow(value, 10, &value);
		}
	}
	*millionths = value;
	return digits ? n : 0;
}

/* A number in millionths; `*s` moves to what stands behind it. */
static bool read_number(struct span *s, int64_t *millionths)
{
	bool fits = true;
	*s = span_trim(*s);
	bool negative = s->len && s->at[0] == '-';
	if (negative || (s->len && s->at[0] == '+'))
		*s = span_from(*s, 1);
	size_t digits = 0;
	while (digits < s->len && is_digit(s->at[digits]))
		digits++;
	bool real = digits < s->len && (s->at[digits] == '.' || (s->at[digits] | 0x20) == 'e');
	size_t n = digits && s->at[0] == '0' && !real ? read_based(*s, millionths, &fits)
						      : read_decimal(*s, millionths, &fits);
	*s = span_trim(span_from(*s, n));
	if (negative)
		*millionths = -*millionths;
	return n && fits;
}

/* To the nearest multiple of `unit`, halves to even: the server's rint(). */
static int64_t round_to(int64_t value, int64_t unit)
{
	int64_t low = value / unit - (value % unit < 0), rest = value - low * unit;
	return low + (2 * rest > unit || (2 * rest == unit && low % 2));
}

static bool to_integer(struct span s, int64_t *number)
{
	int64_t millionths;
	if (!read_number(&s, &millionths) || s.len)
		return false;
	*number = round_to(millionths, 1000000);
	return true;
}

/* A fraction is rounded to the next smaller unit first (convert_to_base_unit). */
static bool to_milliseconds(struct span s, int64_t *number)
{
	static const struct {
		const char *name;
		int64_t us, smaller_us;
	} units[] = {
		{"us", 1, 1}, {"ms", 1000, 1}, {"s", 1000000, 1000}, {"min", 60000000, 1000000},
		{"h", INT64_C(3600000000), 60000000}, {"d", INT64_C(86400000000), INT64_C(3600000000)},
	};
	int64_t value;
	if (!read_number(&s, &value))
		return false;
	if (!s.len)
		s = SPAN("ms");
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		/* One smaller unit in millionths of this one is no whole number for each: the value is taken apart. */
		if (!span_equal(s, span_of(units[i].name)))
			continue;
		int64_t whole = value / 1000000, part = value % 1000000, us;
		if (__builtin_mul_overflow(whole, units[i].us, &us))
			return false;
		us += part * (units[i].us / units[i].smaller_us) / 1000000 * units[i].smaller_us;
		int64_t left = part * (units[i].us / units[i].smaller_us) % 1000000;
		us += (2 * left > 1000000) * units[i].smaller_us - (2 * left < -1000000) * units[i].smaller_us;
		*number = round_to(us, 1000);
		return true;
	}
	return false;
}

/* Any prefix of the words that no other word shares (parse_bool). */
static bool to_bool(struct span s, int64_t *number)
{
	static const struct {
		const char *word;
		size_t least;
		int64_t value;
	} words[] = {{"true", 1, 1}, {"false", 1, 0}, {"yes", 1, 1}, {"no", 1, 0}, {"on", 2, 1}, {"off", 2, 0}, {"1", 1, 1}, {"0", 1, 0}};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (s.len >= words[i].least && span_equal_nocase(s, span_head(span_of(words[i].word), s.len))) {
			*number = words[i].value;
			return true;
		}
	}
	return false;
}

static bool to_number(enum kind kind, struct span text, int64_t *number)
{
	*number = 0;
	return kind == KIND_TEXT || (kind == KIND_BOOL ? to_bool(text, number) :
				     kind == KIND_INTEGER ? to_integer(text, number) : to_milliseconds(text, number));
}

/* ---- statements ---- */

/* False always: the error stands in w->d. `about` is quoted. */
static bool failed(struct walk *w, unsigned line, const char *what, struct span about, const char *hint)
{
	about = span_head(about, SHOWN_BYTES);
	diag_set(w->d, "%s:%u: %s \"%.*s\"", w->frames[w->depth - 1].path.at, line, what, (int)about.len,
		 about.at ? about.at : "");
	diag_hint(w->d, "%s", hint);
	return false;
}

static bool set_value(struct walk *w, size_t i, struct span text, unsigned line)
{
	static const char *const hints[] = {
		[KIND_TEXT] = "",
		[KIND_BOOL] = "The server takes on, off, true, false, yes, no, 1 and 0.",
		[KIND_INTEGER] = "The server takes an integer without a unit, from 0 (max_connections: 1) to 262143.",
		[KIND_MILLISECONDS] = "The server takes milliseconds, or a number with us, ms, s, min, h or d; -1 is off.",
	};
	const struct setting *setting = &settings[i];
	int64_t number;
	bool fine = to_number(setting->kind, text, &number);
	int64_t least = setting->kind == KIND_MILLISECONDS ? -1 : i == POSTGRESQLCONF_MAX_CONNECTIONS;
	int64_t most = setting->kind == KIND_MILLISECONDS ? INT32_MAX : MOST_CONNECTIONS;
	if (!fine || (setting->kind != KIND_TEXT && (number < least || number > most))) {
		char what[80] = "the server takes no such ";
		strcat(what, setting->name);
		return failed(w, line, what, text, hints[setting->kind]);
	}
	struct postgresqlconf_value *value = &w->conf->values[i];
	value->stated = true;
	value->number = number;
	value->line = line;
	text_clear(&value->text);
	text_append(&value->text, text);
	text_clear(&value->file);
	text_append(&value->file, text_span(&w->frames[w->depth - 1].path));
	return true;
}

/* `path` as the including file means it. */
static struct text place_of(const struct walk *w, struct span path)
{
	struct span from = text_span(&w->frames[w->depth - 1].path);
	struct text whole = {0};
	while (from.len && from.at[from.len - 1] != '/')
		from.len--;
	if (!path.len || path.at[0] != '/')
		text_append(&whole, from);
	text_append(&whole, path);
	return whole;
}

/* Makes `path` the file that is read next; takes it over. `line` of the including file, 0 when there is none. */
static bool push(struct walk *w, struct text path, unsigned line, bool must_be_there)
{
	struct diag why = {0};
	struct text bytes = {0};
	bool deep = w->depth > MAX_DEPTH, many = w->conf->files >= POSTGRESQLCONF_FILES_MOST;
	bool itself = w->depth && span_equal(text_span(&path), text_span(&w->frames[w->depth - 1].path));
	if (!deep && !many && !itself && w->files->read(w->files->context, path.at, &bytes, &why)) {
		w->conf->files++;
		w->frames[w->depth++] = (struct frame){.path = path, .bytes = bytes, .line = 1};
		return true;
	}
	text_release(&bytes);
	if (deep)
		failed(w, line, "files include one another too deeply, at", text_span(&path), "The server follows 10 includes.");
	else if (many)
		failed(w, line, "too many files are included, at", text_span(&path), "At most 1000 are read.");
	else if (itself)
		failed(w, line, "the file includes itself:", text_span(&path), "Remove the include.");
	else if (must_be_there && w->depth)
		diag_set(w->d, "%s:%u: %s", w->frames[w->depth - 1].path.at, line, why.what);
	else if (must_be_there)
		diag_set(w->d, "%s", why.what);
	diag_hint(w->d, "%s", must_be_there ? why.hint : "");
	text_release(&path);
	return !w->d->set;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Notes the folder's files in the order in which the server reads them. */
static bool open_folder(struct walk *w, struct text folder, unsigned line)
{
	struct text names = {0};
	struct frame *f = &w->frames[w->depth - 1];
	const char **sorted = NULL;
	size_t n = 0, cap = 0;
	bool fine = w->files->list(w->files->context, folder.at, &names, w->d);
	if (!fine)
		failed(w, line, "could not list the folder", text_span(&folder), "include_dir wants a folder that can be read.");
	for (size_t at = 0; fine && at < names.len; at += strlen(names.at + at) + 1) {
		struct span name = span_of(names.at + at);
		if (name.len < 6 || name.at[0] == '.' || !span_ends(name, SPAN(".conf")))
			continue;
		sorted = memory_grow(sorted, &cap, n + 1, sizeof *sorted);
		sorted[n++] = name.at;
	}
	if (n)
		qsort(sorted, n, sizeof *sorted, compare_names);
	text_clear(&f->folder);
	f->folder_at = 0;
	for (size_t i = 0; i < n; i++) {
		text_append(&f->folder, text_span(&folder));
		if (folder.len && folder.at[folder.len - 1] != '/')
			text_append_byte(&f->folder, '/');
		text_append_string(&f->folder, sorted[i]);
		text_append_byte(&f->folder, '\0');
	}
	memory_free(sorted);
	text_release(&names);
	text_release(&folder);
	return fine;
}

/* `name` has the value `text`, on `line`. */
static bool state(struct walk *w, struct span name, struct span text, unsigned line)
{
	bool folder = span_equal_nocase(name, SPAN("include_dir"));
	bool perhaps = span_equal_nocase(name, SPAN("include_if_exists"));
	if (folder || perhaps || span_equal_nocase(name, SPAN("include"))) {
		if (!text.len)
			return failed(w, line, "there is no name behind", name, "Write the file or folder in quotes.");
		struct text place = place_of(w, text);
		return folder ? open_folder(w, place, line) : push(w, place, line, !perhaps);
	}
	for (size_t i = 0; i < POSTGRESQLCONF_COUNT; i++) {
		if (span_equal_nocase(name, span_of(settings[i].name)))
			return set_value(w, i, text, line);
	}
	return true;
}

/* One line of the file on top. False with the error; `*over` at its end. */
static bool one_line(struct walk *w, bool *over)
{
	static const char hint[] = "A line is name = value; a value with anything but letters, digits and -._:/ stands in 'quotes'.";
	struct frame *f = &w->frames[w->depth - 1];
	struct span name, token, end;
	unsigned line = f->line;
	enum token_kind kind = next_token(f, &name);
	*over = kind == TOKEN_END;
	if (kind == TOKEN_LINE || kind == TOKEN_END)
		return true;
	if (kind != TOKEN_ID && kind != TOKEN_QUALIFIED)
		return failed(w, line, "syntax error near", name, hint);
	kind = next_token(f, &token);
	if (kind == TOKEN_EQUALS)
		kind = next_token(f, &token);
	if (kind == TOKEN_LINE || kind == TOKEN_END)
		return failed(w, line, "there is no value behind", name, hint);
	if (kind != TOKEN_ID && kind != TOKEN_STRING && kind != TOKEN_NUMBER && kind != TOKEN_WORD)
		return failed(w, line, "syntax error near", token, hint);
	enum token_kind last = next_token(f, &end);
	if (last != TOKEN_LINE && last != TOKEN_END)
		return failed(w, line, "syntax error near", end, hint);
	struct text text = {0};
	if (kind == TOKEN_STRING)
		unquote(token, &text);
	else
		text_append(&text, token);
	bool fine = state(w, name, text_span(&text), line);
	text_release(&text);
	return fine;
}

static void frame_release(struct frame *f)
{
	text_release(&f->path);
	text_release(&f->bytes);
	text_release(&f->folder);
}

bool postgresqlconf_read(struct postgresqlconf *conf, const char *path, const struct postgresqlconf_files *files,
			 struct diag *d)
{
	struct walk w = {.conf = conf, .files = files, .d = d};
	struct text first = {0};
	text_append_string(&first, path);
	bool fine = push(&w, first, 0, true);
	while (fine && w.depth) {
		struct frame *f = &w.frames[w.depth - 1];
		bool over = false;
		if (f->folder_at < f->folder.len) {
			struct text next = {0};
			text_append_string(&next, f->folder.at + f->folder_at);
			f->folder_at += next.len + 1;
			fine = push(&w, next, f->line, true);
		} else {
			fine = one_line(&w, &over);
		}
		if (over)
			frame_release(&w.frames[--w.depth]);
	}
	while (w.depth)
		frame_release(&w.frames[--w.depth]);
	return fine;
}
