#include "split/prefix.h"

#include "base/memory.h"
#include "line/hop.h"

enum {
	MAX_STEPS = 40,
	MAX_TEXT_BYTES = 1024,
	MAX_SPLITS = 64, /* of one line: names that hold the separator are rare, and hold it once or twice */
	MAX_SOURCE_BYTES = 64, /* a source file's name and line */
	MAX_NAME_BYTES = 256, /* NAMEDATALEN is 64 bytes; %r and %b are short; an application name is cut at 64 */
};

/* What a value looks like: that tells where it ends without looking for the separator. */
enum shape {
	SHAPE_TEXT,      /* anything up to the separator */
	SHAPE_STAMP,     /* stamp_scan() */
	SHAPE_EPOCH,     /* %n: 1795348363.816 */
	SHAPE_DIGITS,
	SHAPE_SESSION,   /* 6b02d786.3e61 */
	SHAPE_VIRTUAL,   /* 3/0 or nothing */
	SHAPE_QUIT,      /* %q: processes without a session stop here */
	SHAPE_LITERAL,   /* no value: the text before the first escape */
};

enum part { PART_IGNORED, PART_FIELD, PART_STAMP, PART_REMOTE /* %r: host(port) */ };

struct escape {
	char letter;
	enum shape shape;
	enum part part;
	enum field field;
};

/* %P (the leader of a parallel worker), %s (when the session began) and %Q (the statement's number) say nothing that is
 * asked for. */
static const struct escape escapes[] = {
	{'a', SHAPE_TEXT, PART_FIELD, FIELD_APPLICATION},
	{'u', SHAPE_TEXT, PART_FIELD, FIELD_USER},
	{'d', SHAPE_TEXT, PART_FIELD, FIELD_DATABASE},
	{'r', SHAPE_TEXT, PART_REMOTE, FIELD_CLIENT},
	{'h', SHAPE_TEXT, PART_FIELD, FIELD_CLIENT},
	{'L', SHAPE_TEXT, PART_FIELD, FIELD_LOCAL_ADDRESS},
	{'b', SHAPE_TEXT, PART_FIELD, FIELD_BACKEND_TYPE},
	{'p', SHAPE_DIGITS, PART_FIELD, FIELD_PID},
	{'P', SHAPE_DIGITS, PART_IGNORED, FIELD_IGNORED},
	{'t', SHAPE_STAMP, PART_STAMP, FIELD_TIMESTAMP},
	{'m', SHAPE_STAMP, PART_STAMP, FIELD_TIMESTAMP},
	{'n', SHAPE_EPOCH, PART_STAMP, FIELD_TIMESTAMP},
	{'i', SHAPE_TEXT, PART_FIELD, FIELD_COMMAND_TAG},
	{'e', SHAPE_TEXT, PART_FIELD, FIELD_SQLSTATE},
	{'c', SHAPE_SESSION, PART_FIELD, FIELD_SESSION},
	{'l', SHAPE_DIGITS, PART_FIELD, FIELD_SESSION_LINE},
	{'s', SHAPE_STAMP, PART_IGNORED, FIELD_IGNORED},
	{'v', SHAPE_VIRTUAL, PART_FIELD, FIELD_VIRTUAL_TRANSACTION},
	{'x', SHAPE_DIGITS, PART_FIELD, FIELD_TRANSACTION},
	{'Q', SHAPE_DIGITS, PART_IGNORED, FIELD_IGNORED},
	{'q', SHAPE_QUIT, PART_IGNORED, FIELD_IGNORED},
};

struct step {
	char letter; /* of the escape; 0: none */
	enum shape shape;
	enum part part;
	enum field field;
	unsigned width;   /* of padding: the value takes at least so many bytes */
	bool pad_behind;  /* "%-5p": blanks behind the value; else before it */
	const char *after; /* the text behind the value; borrowed from prefix.text */
	size_t after_len;
	struct hop_text after_head;
};

struct prefix {
	struct step steps[MAX_STEPS];
	size_t n;
	bool timed;  /* it has %m, %t or %n */
	bool scanty; /* neither a time nor "name=": the two blanks behind the colon must be there */
	char *text;  /* owned: literals with "%%" made "%" */
};

/* ---- compiling ---- */

static const struct escape *escape_of(char letter)
{
	for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++) {
		if (escapes[i].letter == letter)
			return &escapes[i];
	}
	return NULL;
}

/* Reads one escape at text[*at]; false with `d`. */
static bool read_escape(struct span text, size_t *at, struct step *step, struct diag *d)
{
	size_t i = *at + 1;
	step->pad_behind = i < text.len && text.at[i] == '-';
	i += step->pad_behind;
	for (; i < text.len && (unsigned char)(text.at[i] - '0') < 10; i++)
		step->width = step->width < 1000 ? step->width * 10 + (unsigned)(text.at[i] - '0') : step->width;
	const struct escape *escape = i < text.len ? escape_of(text.at[i]) : NULL;
	if (!escape) {
		diag_set(d, "log_line_prefix has an unknown escape \"%.*s\"",
			 (int)(i + 1 - *at < 8 ? i + 1 - *at : 8) - (i == text.len), text.at + *at);
		diag_hint(d, "Write the prefix as \"SHOW log_line_prefix\" prints it.");
		return false;
	}
	step->letter = escape->letter;
	step->shape = escape->shape;
	/* "%0i": passed over (prefix.h). */
	bool nothing = i > *at + 1 && text.at[i - 1] == '0' && !step->width && escape->part != PART_STAMP;
	step->part = nothing ? PART_IGNORED : escape->part;
	step->field = nothing ? FIELD_IGNORED : escape->field;
	*at = i + 1;
	return true;
}

static bool compile(struct prefix *p, struct span text, struct diag *d, size_t *column)
{
	char *out = p->text;
	for (size_t at = 0; at < text.len;) {
		*column = at;
		if (p->n == MAX_STEPS) {
			diag_set(d, "log_line_prefix has more than %d escapes", MAX_STEPS);
			return false;
		}
		struct step *step = &p->steps[p->n++];
		step->shape = SHAPE_LITERAL;
		bool percent = at + 1 < text.len && text.at[at] == '%' && text.at[at + 1] == '%';
		if (text.at[at] == '%' && !percent && !read_escape(text, &at, step, d))
			return false;
		p->timed |= step->part == PART_STAMP;
		step->after = out;
		while (at < text.len) {
			if (text.at[at] == '%') {
				if (at + 1 >= text.len || text.at[at + 1] != '%')
					break;
				at++;
			}
			*out++ = text.at[at++];
		}
		step->after_len = (size_t)(out - step->after);
	}
	*column = 0;
	p->scanty = !p->timed && !memchr(p->text, '=', (size_t)(out - p->text));
	/* Editors and shells lose blanks at the end; the scanner passes over them anyway. */
	struct step *last = p->n ? &p->steps[p->n - 1] : NULL;
	while (last && last->after_len && last->after[last->after_len - 1] == ' ')
		last->after_len--;
	for (size_t i = 0; i < p->n; i++)
		p->steps[i].after_head = hop_text_of(p->steps[i].after, p->steps[i].after_len);
	return true;
}

struct prefix *prefix_new(struct span text, struct diag *d, size_t *column)
{
	*column = 0;
	if (text.len > MAX_TEXT_BYTES) {
		diag_set(d, "log_line_prefix is longer than %d bytes", MAX_TEXT_BYTES);
		return NULL;
	}
	struct prefix *p = memory_new(1, sizeof *p);
	p->text = memory_new(text.len + 1, 1);
	if (!compile(p, text, d, column)) {
		prefix_free(p);
		return NULL;
	}
	return p;
}

void prefix_free(struct prefix *p)
{
	if (!p)
		return;
	memory_free(p->text);
	memory_free(p);
}

bool prefix_is_timed(const struct prefix *p)
{
	return p->timed;
}

void prefix_starts(const struct prefix *p, bool starts[256])
{
	const struct step *first = &p->steps[0];
	memset(starts, 0, 256 * sizeof *starts);
	if (!p->n) {
		/* A severity word: a capital, or UTF-8. */
		for (int c = 'A'; c < 256; c++)
			starts[c] = c <= 'Z' || c >= 0x80;
		return;
	}
	if (first->shape == SHAPE_LITERAL && first->after_len) {
		starts[(unsigned char)first->after[0]] = true;
		return;
	}
	bool is_number = first->shape == SHAPE_STAMP || first->shape == SHAPE_EPOCH || first->shape == SHAPE_DIGITS;
	/* %P is empty for most processes. */
	if (!is_number || first->width || first->letter == 'P')
		return;
	for (int c = '0'; c <= '9'; c++)
		starts[c] = true;
	starts['-'] = first->letter == 'Q';
}

/* ---- scanning ---- */

struct walk {
	const struct prefix *prefix;
	struct span line; /* the first line of the entry */
	struct stamp_cache *cache;
	struct record *record;
	bool timed;
};

static size_t digits_len(struct span s)
{
	size_t n = 0;
	while (n < s.len && (unsigned char)(s.at[n] - '0') < 10)
		n++;
	return n;
}

static size_t hex_len(struct span s)
{
	size_t n = 0;
	while (n < s.len && ((unsigned char)(s.at[n] - '0') < 10 || (unsigned char)((s.at[n] | 0x20) - 'a') < 6))
		n++;
	return n;
}

/* The server prints a zone behind every %m and %t, which tells its log from others that write "ERROR: ". An
 * abbreviation that stamp.c does not know is still one. */
static size_t stamp_len(struct span s, struct stamp_cache *cache, struct stamp *stamp)
{
	size_t n = stamp_scan(s, cache, stamp);
	if (!n || stamp->zone_text.len)
		return n;
	size_t letters = 0;
	while (n + 1 + letters < s.len && (unsigned char)(s.at[n + 1 + letters] - 'A') < 26)
		letters++;
	if (n == s.len || s.at[n] != ' ' || letters < 2 || letters > 6 ||
	    (n + 1 + letters < s.len && s.at[n + 1 + letters] == ':' && n + 2 + letters < s.len &&
	     s.at[n + 2 + letters] == ' '))
		return 0;
	stamp->zone_text = (struct span){s.at + n + 1, letters};
	return n + 1 + letters;
}

/* Bytes of a value of a shape that ends by itself; -1 when it is not there. Empty is right where the server may have
 * none. */
static ptrdiff_t shape_len(struct span s, const struct step *step, struct stamp_cache *cache, struct stamp *stamp)
{
	size_t n;
	switch (step->shape) {
	case SHAPE_STAMP:
		n = stamp_len(s, step->part == PART_STAMP ? cache : NULL, stamp);
		return n || step->part != PART_STAMP ? (ptrdiff_t)n : -1;
	case SHAPE_EPOCH:
		n = digits_len(s);
		if (n && n < s.len && s.at[n] == '.')
			n += 1 + digits_len(span_from(s, n + 1));
		return n && stamp_parse(span_head(s, n), NULL, stamp) ? (ptrdiff_t)n : -1;
	case SHAPE_DIGITS:
		n = s.len && s.at[0] == '-';
		return (ptrdiff_t)(n + digits_len(span_from(s, n)));
	case SHAPE_SESSION:
		n = hex_len(s);
		return n && n < s.len && s.at[n] == '.' ? (ptrdiff_t)(n + 1 + hex_len(span_from(s, n + 1))) : -1;
	case SHAPE_VIRTUAL:
		n = s.len && s.at[0] == '-';
		n += digits_len(span_from(s, n));
		return n && n < s.len && s.at[n] == '/' ? (ptrdiff_t)(n + 1 + digits_len(span_from(s, n + 1)))
							: (ptrdiff_t)0;
	case SHAPE_TEXT:
	case SHAPE_QUIT:
	case SHAPE_LITERAL:
		break;
	}
	return 0;
}

/* "127.0.0.1(5432)", "host.name(5432)", "[local]". */
static void set_remote(struct span value, struct record *r)
{
	ptrdiff_t open = value.len && value.at[value.len - 1] == ')' ? span_find_byte(value, '(') : -1;
	if (open < 0) {
		record_set(r, FIELD_CLIENT, value);
		return;
	}
	record_set(r, FIELD_CLIENT, span_head(value, (size_t)open));
	record_set(r, FIELD_CLIENT_PORT, (struct span){value.at + open + 1, value.len - (size_t)open - 2});
}

/* A process without a client (18: %L). */
static inline bool is_none(char letter, struct span value)
{
	return letter == 'L' && span_equal(value, SPAN("[none]"));
}

/* What a name or address of a host may be made of: tells a prefix with %h from one with something else at that place. */
static bool may_be_host(struct span s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];
		bool fits = (unsigned char)((c | 0x20) - 'a') < 26 || (unsigned char)(c - '0') < 10 || c >= 0x80 ||
			    memchr("-._:%()?", c, 8);
		if (!fits)
			/* Or their beginning: the next separator may be the right one. */
			return span_starts(SPAN("[local]"), s) || span_starts(SPAN("[unknown]"), s);
	}
	return true;
}

static void set_value(struct walk *w, const struct step *step, struct span value, const struct stamp *stamp)
{
	while (step->width && value.len && value.at[value.len - 1] == ' ')
		value.len--;
	struct record *r = w->record;
	/* A name that was made longer is set again: the last split holds. */
	if (step->part == PART_FIELD || step->part == PART_REMOTE)
		record_unset(r, step->field);
	if (!postgresql_is_value(value) || is_none(step->letter, value))
		return;
	if (step->part == PART_FIELD) {
		record_set(r, step->field, value);
	} else if (step->part == PART_REMOTE) {
		record_unset(r, FIELD_CLIENT_PORT);
		set_remote(value, r);
	} else if (step->part == PART_STAMP && (!w->timed || stamp->resolution_us < r->resolution_us)) {
		stamp_apply(stamp, r);
		record_set(r, FIELD_TIMESTAMP, value);
		w->timed = true;
	}
}

static inline bool after_is(const struct step *step, struct span line, size_t at)
{
	return !step->after_len || (at <= line.len && hop_is(line.at + at, line.at + line.len, step->after_head,
							     step->after, step->after_len));
}

/* Where the text behind a name begins, from `at` on; -1 when it does not come in time. */
static ptrdiff_t find_after(const struct step *step, struct span line, size_t at)
{
	size_t limit = at + MAX_NAME_BYTES + step->after_len;
	const char *end = line.at + (limit < line.len ? limit : line.len);
	const char *from = line.at + at;
	while ((from = from < end ? hop_to(from, end, step->after[0]) : NULL)) {
		if (hop_is(from, end, step->after_head, step->after, step->after_len))
			return from - line.at;
		from++;
	}
	return -1;
}

/* elog.c writes two blanks behind the colon, and no message begins with one ("INFO:     " is a web server's). Where the message begins
 * with a word that is longer than a part in syslog, the first part ends between the two (parse/parts.h). */
static bool has_two_blanks(struct span line, size_t end)
{
	bool over = end >= line.len;
	return line.at[end - 1] == ' ' && (line.at[end - 2] == ' ' ? over || line.at[end] != ' ' : over);
}

static bool word_here(const struct walk *w, size_t at, struct postgresql_word *word)
{
	struct span line = w->line;
	while (at < line.len && line.at[at] == ' ')
		at++;
	if (!postgresql_word_at(span_from(line, at), word))
		return false;
	word->len += at;
	return !w->prefix->scanty || has_two_blanks(line, word->len);
}

/* One value at line[at] and the text behind it. Returns where the next step starts, -1 when it does not fit. `search`:
 * where to look for the text behind a name. */
static inline __attribute__((always_inline)) ptrdiff_t take(struct walk *w, size_t i, size_t at, size_t search)
{
	const struct step *step = &w->prefix->steps[i];
	struct span line = w->line;
	struct stamp stamp;
	size_t start = at;
	if (step->width && !step->pad_behind) {
		/* A value of no bytes is all padding; the blank behind it is no part of it. */
		while (start < line.len && start < at + step->width && line.at[start] == ' ')
			start++;
	}
	size_t end = start;
	if (step->shape == SHAPE_TEXT) {
		end = search > start ? search : start;
		if (end < at + step->width)
			end = at + step->width;
		if (end > line.len)
			return -1;
		if (step->after_len) {
			ptrdiff_t hit = find_after(step, line, end);
			if (hit < 0)
				return -1;
			end = (size_t)hit;
		} else if (i + 1 == w->prefix->n) {
			/* The prefix ends with a name: it runs to the severity word. */
			struct postgresql_word word;
			ptrdiff_t hit = postgresql_word_find(span_head(span_from(line, end), MAX_NAME_BYTES), &word);
			if (hit < 0)
				return -1;
			end += (size_t)hit;
			while (end > start && line.at[end - 1] == ' ')
				end--;
		} else {
			/* Two escapes without text between them: the first takes what is no blank. */
			while (end < line.len && line.at[end] != ' ')
				end++;
		}
	} else if (step->shape != SHAPE_LITERAL && step->shape != SHAPE_QUIT) {
		ptrdiff_t len = shape_len(span_from(line, start), step, w->cache, &stamp);
		if (len < 0)
			return -1;
		end = start + (size_t)len;
		for (size_t pad = at + step->width;
		     step->pad_behind && end < pad && end < line.len && line.at[end] == ' ';)
			end++;
	}
	if (end - start > MAX_NAME_BYTES || (step->shape != SHAPE_TEXT && !after_is(step, line, end)))
		return -1;
	struct span value = {line.at + start, end - start};
	if ((step->letter == 'h' || step->letter == 'r') && !may_be_host(span_trim(value)))
		return -1;
	set_value(w, step, value, &stamp);
	return (ptrdiff_t)(end + step->after_len);
}

/* The furthest place at which a split did not fit. */
struct far {
	size_t at, step;
};

/* Where the text behind the prefix starts (in word->len), over all splits of names. `far` may be NULL. */
static inline __attribute__((always_inline)) bool split(struct walk *w, struct postgresql_word *word, struct far *far)
{
	size_t starts[MAX_STEPS + 1], search[MAX_STEPS];
	size_t i = 0, n = w->prefix->n;
	starts[0] = 0;
	search[0] = 0;
	for (unsigned tries = 0; tries < MAX_SPLITS + MAX_STEPS; tries++) {
		const struct step *step = &w->prefix->steps[i];
		bool fits = true;
		if (i == n) {
			if (word_here(w, starts[n], word))
				return true;
			fits = false;
		} else if (step->shape == SHAPE_QUIT && word_here(w, starts[i], word)) {
			return true;
		} else {
			ptrdiff_t next = take(w, i, starts[i], search[i]);
			fits = next >= 0;
			if (fits) {
				starts[++i] = (size_t)next;
				if (i < n)
					search[i] = starts[i];
			}
		}
		if (fits)
			continue;
		if (far && starts[i] >= far->at)
			*far = (struct far){starts[i], i};
		/* Back to the last name before here, which is then made longer: past the separator that it ended at. */
		do {
			if (i-- == 0)
				return false;
			step = &w->prefix->steps[i];
		} while (step->shape != SHAPE_TEXT || !step->after_len);
		search[i] = starts[i + 1] - step->after_len + 1;
	}
	return false;
}

/* Of lines behind an entry's first. */
static __attribute__((noinline)) bool split_another(struct walk *w, struct postgresql_word *word)
{
	return split(w, word, NULL);
}

/* log_error_verbosity = verbose: "LOG:  00000: message". Returns the text behind the code. */
static struct span verbose_code(struct span text, struct record *r)
{
	if (text.len < 7 || text.at[5] != ':' || text.at[6] != ' ')
		return text;
	for (size_t i = 0; i < 5; i++) {
		if ((unsigned char)(text.at[i] - '0') > 9 && (unsigned char)(text.at[i] - 'A') > 25)
			return text;
	}
	/* A word of five capitals is no code: every class begins with a digit but F0, HV, P0 and XX. */
	if ((unsigned char)(text.at[0] - '0') > 9 && !span_starts(text, SPAN("F0")) && !span_starts(text, SPAN("HV")) &&
	    !span_starts(text, SPAN("P0")) && !span_starts(text, SPAN("XX")))
		return text;
	record_set(r, FIELD_SQLSTATE, span_head(text, 5));
	return span_from(text, 7);
}

/* AlloyDB writes where in the source it stands: "[xlog.c:6388]  message". */
static struct span without_source(struct span text)
{
	size_t n = 1;
	if (!text.len || text.at[0] != '[')
		return text;
	while (n < text.len && n < MAX_SOURCE_BYTES && text.at[n] != ']' && text.at[n] != ' ')
		n++;
	ptrdiff_t dot = span_find(span_head(text, n), SPAN(".c:"));
	return dot > 0 && digits_len(span_from(text, (size_t)dot + 3)) && span_starts(span_from(text, n), SPAN("]  ")) ?
		       span_from(text, n + 3) : text;
}

static void set_text(struct record *r, enum field field, const char *start, const char *end)
{
	while (end > start && end[-1] == '\n')
		end--;
	struct span text = {start, (size_t)(end - start)};
	/* LOCATION comes behind CONTEXT and says less; STATEMENT comes behind QUERY and says more. */
	if (field == FIELD_MESSAGE)
		record_set(r, field, without_source(verbose_code(text, r)));
	else if (!record_has(r, field) || field == FIELD_STATEMENT)
		record_set(r, field, text);
}

/* An entry of several lines may hold attachments too: what syslog or a cloud's export carries is all that the server wrote at once.
 * Its lines begin with the prefix, those that go on with a text begin with a tab. */
static void set_texts(const struct walk *w, const struct postgresql_word *word, struct span entry)
{
	enum field field = word->attachment ? word->field : FIELD_MESSAGE;
	const char *start = entry.at + word->len, *end = entry.at + entry.len, *newline = start;
	struct record other;
	while ((newline = newline < end ? memchr(newline, '\n', (size_t)(end - newline)) : NULL)) {
		struct span rest = {newline + 1, (size_t)(end - newline - 1)};
		struct walk line = {w->prefix, span_cut(&rest, '\n'), w->cache, &other, false};
		struct postgresql_word attached;
		record_clear(&other);
		if (line.line.len && line.line.at[0] != '\t' && split_another(&line, &attached) && attached.attachment) {
			set_text(w->record, field, start, newline);
			field = attached.field;
			start = newline + 1 + attached.len;
		}
		newline++;
	}
	set_text(w->record, field, start, end);
}

static inline __attribute__((always_inline)) enum prefix_result scan(const struct prefix *p, struct span entry, struct stamp_cache *cache, struct record *r,
			       struct far *far)
{
	struct walk w = {p, entry, cache, r, false};
	const char *newline = entry.len ? memchr(entry.at, '\n', entry.len) : NULL;
	if (newline)
		w.line.len = (size_t)(newline - entry.at);
	struct postgresql_word word;
	if (!split(&w, &word, far))
		return PREFIX_NO;
	r->severity = word.severity;
	record_set(r, FIELD_SEVERITY, word.word);
	if (newline) {
		set_texts(&w, &word, entry);
	} else {
		const char *end = entry.at + entry.len;
		set_text(r, word.attachment ? word.field : FIELD_MESSAGE, entry.at + word.len, end);
	}
	return w.timed ? PREFIX_OK : PREFIX_NOT_TIME;
}

enum prefix_result prefix_scan(const struct prefix *p, struct span entry, struct stamp_cache *cache, struct record *r)
{
	return scan(p, entry, cache, r, NULL);
}

bool prefix_reach(const struct prefix *p, struct span line, size_t *at, struct text *wanted)
{
	struct record r;
	struct far far = {0, 0};
	record_clear(&r);
	if (scan(p, line, NULL, &r, &far) != PREFIX_NO)
		return true;
	*at = far.at < line.len ? far.at : line.len;
	if (far.step == p->n) {
		while (*at < line.len && line.at[*at] == ' ')
			++*at;
		text_append_string(wanted, "a severity word and a colon (LOG:, ERROR:, FATAL:) behind the prefix");
		return false;
	}
	const struct step *step = &p->steps[far.step];
	if (step->letter) {
		text_append_byte(wanted, '%');
		text_append_byte(wanted, step->letter);
	}
	if (step->after_len) {
		text_append_string(wanted, step->letter ? " and then \"" : "\"");
		text_append(wanted, (struct span){step->after, step->after_len});
		text_append_byte(wanted, '"');
	}
	return false;
}
