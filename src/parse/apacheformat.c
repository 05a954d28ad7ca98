#include "parse/apacheformat.h"

#include "base/memory.h"

enum { MAX_TEXT_BYTES = 8192, ITEMS = 2 * NGINXFORMAT_STEPS };

/* One directive, or text between two. */
struct item {
	struct span source;   /* as written */
	struct span argument; /* of %{...}x */
	char letter;          /* 0: text */
	char caret;           /* of "^FB", "^FU", "^ti", "^to": the second letter */
	char want;            /* '<', '>' or 0 */
	bool conditional;     /* only for some statuses, else "-" */
	bool end;             /* of %t: when the request ended */
};

struct items {
	struct item list[ITEMS];
	size_t n;
};

static bool refuse(struct diag *d, const char *what, const char *hint)
{
	diag_set(d, "%s", what);
	diag_hint(d, "%s", hint);
	return false;
}

/* ---- the text as somebody has it ---- */

static const struct {
	const char *name, *text;
} known[] = {
	{"common", "%h %l %u %t \"%r\" %>s %b"},
	{"combined", "%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\""},
	{"combinedio", "%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\" %I %O"},
	/* Debian's */
	{"vhost_combined", "%v:%p %h %l %u %t \"%r\" %>s %O \"%{Referer}i\" \"%{User-Agent}i\""},
};

/* A word of httpd.conf in quotes, and all behind it: what is between the quotes; `text` when it is none. */
static struct span between_quotes(struct span text)
{
	if (!text.len || (text.at[0] != '"' && text.at[0] != '\''))
		return text;
	size_t i = 1;
	for (; i < text.len && text.at[i] != text.at[0]; i++)
		i += text.at[i] == '\\';
	/* Behind it at most the name. */
	struct span rest = i < text.len ? span_trim(span_from(text, i + 1)) : SPAN_NONE;
	bool is_word = i < text.len && span_find_byte(rest, '%') < 0 && span_find_byte(rest, '"') < 0;
	return is_word ? (struct span){text.at + 1, i - 1} : text;
}

/* `*named`: it is a text of ours. */
static struct span meant_text(struct span text, bool *named)
{
	struct span rest = text;
	*named = false;
	if (span_starts(text, SPAN("LogFormat ")) || span_starts(text, SPAN("LogFormat\t"))) {
		rest = span_trim(span_from(text, 10));
	} else if (span_starts(text, SPAN("\"")) && span_find(text, SPAN("\\\"")) < 0) {
		/* "%r" in quotes: only where quotes inside are escaped are the outer ones the configuration's. */
		size_t quotes = 0;
		for (size_t i = 0; i < text.len; i++)
			quotes += text.at[i] == '"';
		if (quotes > 2)
			return text;
	}
	rest = between_quotes(rest);
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (!span_equal(span_trim(rest), span_of(known[i].name)))
			continue;
		*named = true;
		return span_of(known[i].text);
	}
	return rest;
}

/* ---- directives ---- */

static bool read_directive(struct span text, size_t *at, struct item *item, struct diag *d)
{
	size_t i = *at + 1;
	*item = (struct item){.source = span_from(text, *at)};
	for (;; i++) {
		if (i >= text.len)
			return refuse(d, "LogFormat ends inside a directive", "A percent sign itself is written %%.");
		char c = text.at[i];
		if (c == '<' || c == '>') {
			item->want = c;
		} else if ((unsigned char)(c - '0') < 10) {
			item->conditional = true;
		} else if (c == '{') {
			ptrdiff_t brace = span_find_byte(span_from(text, i), '}');
			if (brace < 0)
				return refuse(d, "a \"{\" in LogFormat does not close", "As in %{Referer}i.");
			item->argument = (struct span){text.at + i + 1, (size_t)brace - 1};
			i += (size_t)brace;
		} else if (c != '!' && c != ',') {
			break;
		}
	}
	item->letter = text.at[i++];
	if (item->letter == '^') {
		static const char *const names[] = {"FB", "FU", "ti", "to"};
		for (size_t k = 0; k < 4 && !item->caret; k++)
			item->caret = span_starts(span_from(text, i), span_of(names[k])) ? names[k][1] : 0;
		if (!item->caret)
			return refuse(d, "there is no such LogFormat directive", "mod_log_config knows %^FB, %^FU, %^ti and %^to.");
		i += 2;
	}
	if (!strchr("aAbBCDefFhHiIklLmnoOpPqrRsStTuUvVXcx^", item->letter))
		return refuse(d, "there is no such LogFormat directive", "See mod_log_config's documentation.");
	if (item->letter == 't')
		item->end = apachetime_is_end(&item->argument);
	item->source.len = i - *at;
	*at = i;
	return true;
}

static bool read_items(struct span text, struct items *items, struct diag *d, size_t *column)
{
	for (size_t at = 0; at < text.len;) {
		*column = at;
		if (items->n == ITEMS)
			return refuse(d, "LogFormat has more than 256 parts", "Apache's own has nine.");
		struct item *item = &items->list[items->n++];
		if (text.at[at] == '%' && !(at + 1 < text.len && text.at[at + 1] == '%')) {
			if (!read_directive(text, &at, item, d))
				return false;
			continue;
		}
		size_t from = at;
		do
			at += 1 + (text.at[at] == '%');
		while (at < text.len && (text.at[at] != '%' || (at + 1 < text.len && text.at[at + 1] == '%')));
		*item = (struct item){.source = {text.at + from, at - from}};
	}
	return true;
}

/* ---- what they mean ---- */

#define MEANS(what, field, shape) ((struct access_meaning){ACCESS_##what, FIELD_##field, SHAPE_##shape})
#define NOTHING(shape) MEANS(IGNORED, IGNORED, shape)

/* Of the items the one that counts most of those that say the same. */
struct choice {
	const struct item *status, *duration, *client;
	bool end; /* the time that counts is the end's */
};

static int duration_rank(const struct item *item)
{
	if (item->conditional)
		return 0;
	if (item->letter == 'D')
		return 4;
	if (item->letter != 'T')
		return 0;
	if (!item->argument.len || span_equal_nocase(item->argument, SPAN("s")))
		return 1;
	return span_equal_nocase(item->argument, SPAN("ms")) ? 2 : span_equal_nocase(item->argument, SPAN("us")) ? 3 : 0;
}

static int status_rank(const struct item *item)
{
	return item->letter != 's' || item->conditional ? 0 : item->want == '>' ? 3 : item->want ? 1 : 2;
}

/* Behind a proxy the client stands in a header, and %h is the proxy: but who writes %h means it. */
static int client_rank(const struct item *item)
{
	static const char *const headers[] = {"X-Forwarded-For", "X-Real-IP", "True-Client-IP", "CF-Connecting-IP", "X-Client-IP"};
	if (item->conditional)
		return 0;
	if (item->letter == 'n')
		return span_equal(item->argument, SPAN("client")) ? 5 : 0;
	if (item->letter == 'a' || item->letter == 'h')
		return span_equal(item->argument, SPAN("c")) ? 2 : item->letter == 'a' ? 4 : 3;
	for (size_t i = 0; i < sizeof headers / sizeof *headers && item->letter == 'i'; i++) {
		if (span_equal_nocase(item->argument, span_of(headers[i])))
			return 1;
	}
	return 0;
}

static void choose(const struct items *items, struct choice *c)
{
	*c = (struct choice){NULL, NULL, NULL, false};
	for (size_t i = 0; i < items->n; i++) {
		const struct item *item = &items->list[i];
		if (status_rank(item) > (c->status ? status_rank(c->status) : 0))
			c->status = item;
		if (duration_rank(item) > (c->duration ? duration_rank(c->duration) : 0))
			c->duration = item;
		if (client_rank(item) > (c->client ? client_rank(c->client) : 0))
			c->client = item;
	}
}

static struct access_meaning header_meaning(struct span name, bool request)
{
	static const struct {
		const char *name;
		bool request, response;
		enum field field;
	} headers[] = {
		{"Referer", true, false, FIELD_REFERER}, {"User-Agent", true, false, FIELD_USER_AGENT}, {"Host", true, false, FIELD_HTTP_HOST},
		{"X-Forwarded-Host", true, false, FIELD_SERVER}, {"X-Request-Id", true, true, FIELD_REQUEST_ID},
		{"X-Correlation-Id", true, true, FIELD_REQUEST_ID}, {"X-Amzn-Trace-Id", true, false, FIELD_REQUEST_ID},
	};
	for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
		if (span_equal_nocase(name, span_of(headers[i].name)) && (request ? headers[i].request : headers[i].response))
			return (struct access_meaning){ACCESS_FIELD, (unsigned char)headers[i].field, SHAPE_ANY};
	}
	return NOTHING(ANY);
}

static struct access_meaning port_meaning(struct span argument)
{
	return span_equal_nocase(argument, SPAN("remote")) ? MEANS(FIELD, CLIENT_PORT, DIGITS) : NOTHING(DIGITS);
}

static struct access_meaning process_meaning(struct span argument)
{
	if (!argument.len || span_equal_nocase(argument, SPAN("pid")))
		return MEANS(FIELD, PID, DIGITS);
	return span_equal_nocase(argument, SPAN("tid")) ? MEANS(FIELD, THREAD_ID, DIGITS) : MEANS(FIELD, THREAD_ID, WORD);
}

/* A note may be a field of ours: its name says which. */
static struct access_meaning note_meaning(struct span name)
{
	enum field field;
	if (span_equal(name, SPAN("upstream")))
		return MEANS(UPSTREAM, UPSTREAM_ADDRESS, ANY);
	if (span_equal(name, SPAN("number")))
		return NOTHING(DIGITS);
	if (span_equal(name, SPAN("word")))
		return NOTHING(WORD);
	if (!field_of(name, &field) || field == FIELD_IGNORED)
		return NOTHING(ANY);
	if (field == FIELD_TIMESTAMP)
		return MEANS(STAMP, TIMESTAMP, STAMP);
	if (field == FIELD_STATUS)
		return MEANS(STATUS, STATUS, STATUS);
	if (field == FIELD_REQUEST)
		return MEANS(REQUEST, REQUEST, ANY);
	if (field == FIELD_DURATION)
		return MEANS(DURATION, DURATION, DECIMAL);
	if (field == FIELD_BODY_SIZE || field == FIELD_CLIENT_PORT)
		return (struct access_meaning){ACCESS_FIELD, (unsigned char)field, SHAPE_DIGITS};
	bool is_word = field == FIELD_CLIENT || field == FIELD_SERVER || field == FIELD_METHOD || field == FIELD_ERROR_CODE;
	return (struct access_meaning){ACCESS_FIELD, (unsigned char)field, is_word ? SHAPE_WORD : SHAPE_ANY};
}

static struct access_meaning duration_meaning(const struct item *item)
{
	switch (duration_rank(item)) {
	case 1:
		return MEANS(DURATION, DURATION, DECIMAL);
	case 2:
		return MEANS(DURATION_MS, DURATION, DECIMAL);
	default:
		return MEANS(DURATION_US, DURATION, DIGITS);
	}
}

/* Also of one that is conditional: then "-" may stand there, which no field takes. */
static struct access_meaning meaning_of(const struct item *item, const struct choice *c)
{
	if (item == c->client)
		return item->letter == 'i' ? MEANS(FIRST, CLIENT, WORDS) :
		       item->letter == 'n' ? MEANS(PEER, CLIENT, WORD) : MEANS(FIELD, CLIENT, WORD);
	switch (item->letter) {
	case 'b':
	case 'B':
		return MEANS(FIELD, BODY_SIZE, DIGITS);
	case 'D':
	case 'T':
		return item == c->duration ? duration_meaning(item) : NOTHING(WORD);
	case 's':
		return item == c->status ? MEANS(STATUS, STATUS, STATUS) : NOTHING(WORD);
	case 'e':
		return span_equal(item->argument, SPAN("UNIQUE_ID")) ? MEANS(FIELD, REQUEST_ID, WORD) : NOTHING(ANY);
	case 'H':
		return MEANS(PROTOCOL, PROTOCOL_VERSION, WORD);
	case 'i':
	case 'o':
		return header_meaning(item->argument, item->letter == 'i');
	case 'L':
		return item->argument.len ? NOTHING(WORD) : MEANS(FIELD, REQUEST_ID, WORD);
	case 'm':
		return MEANS(FIELD, METHOD, WORD);
	case 'n':
		return note_meaning(item->argument);
	case 'p':
		return port_meaning(item->argument);
	case 'P':
		return process_meaning(item->argument);
	case 'r':
		return MEANS(REQUEST, REQUEST, ANY);
	case 'u':
		return MEANS(USER, USER, ANY);
	case 'U':
		return MEANS(FIELD, PATH, PATH);
	case 'v':
	case 'V':
		return MEANS(FIELD, SERVER, WORD);
	case '^':
		return item->caret == 'B' || item->caret == 'U' ? NOTHING(DIGITS) : NOTHING(ANY);
	case 'I':
	case 'O':
	case 'S':
	case 'k':
		return NOTHING(DIGITS);
	case 'a':
	case 'A':
	case 'h':
	case 'l':
	case 'F':
	case 'X':
		return NOTHING(WORD);
	default: /* C, c, f, q, R, x */
		return NOTHING(ANY);
	}
}

/* ---- steps ---- */

struct emitter {
	struct apacheformat *f;
	struct text text;      /* of the format: names and what stands between them; never grows */
	struct text pieces;    /* of a time that is being put together */
	size_t time_at;        /* where in the format's source it stands */
	struct span time_source;
	bool time_end;
	struct diag *d;
};

static struct nginxformat_step *new_step(struct emitter *e)
{
	struct nginxformat *f = &e->f->steps;
	if (f->n == NGINXFORMAT_STEPS) {
		refuse(e->d, "LogFormat has more than 128 directives", "Apache's own has nine.");
		return NULL;
	}
	struct nginxformat_step *step = &f->steps[f->n++];
	*step = (struct nginxformat_step){.is_text = true};
	return step;
}

/* `source`: what people see as its name. */
static bool put_value(struct emitter *e, struct access_meaning meaning, struct span source)
{
	struct nginxformat_step *step = new_step(e);
	if (!step)
		return false;
	text_append(&e->text, source);
	step->is_text = false;
	step->meaning = meaning;
	step->after = e->text.at + e->text.len;
	return true;
}

static bool put_byte(struct emitter *e, char c)
{
	struct nginxformat *f = &e->f->steps;
	if (!f->n) {
		struct nginxformat_step *step = new_step(e);
		step->after = e->text.at;
	}
	text_append_byte(&e->text, c);
	f->steps[f->n - 1].after_len++;
	return true;
}

/* Text as mod_log_config and, before it, httpd.conf's words say it. */
static bool put_text(struct emitter *e, struct span text)
{
	static const char escapes[] = "\\\"nrt", means[] = "\\\"\n\r\t";
	for (size_t i = 0; i < text.len; i++) {
		const char *escape = text.at[i] == '\\' && i + 1 < text.len && text.at[i + 1] ? strchr(escapes, text.at[i + 1]) : NULL;
		if (escape)
			i++;
		i += text.at[i] == '%' && !escape; /* %% */
		put_byte(e, escape ? means[escape - escapes] : text.at[i]);
	}
	return true;
}

/* The pieces that were gathered, one value for each word. */
static bool put_time(struct emitter *e)
{
	struct span rest = text_span(&e->pieces);
	bool first = true, fine = true, ends_blank = span_ends(rest, SPAN(" "));
	while (fine && (rest.len || first)) {
		struct span piece = span_cut(&rest, ' ');
		if (!first)
			put_byte(e, ' ');
		first = false;
		/* two blanks in a row */
		if (!piece.len && rest.len)
			continue;
		struct access_meaning m = {ACCESS_PIECE, (unsigned char)e->f->time.n, SHAPE_WORD};
		fine = (apachetime_add(&e->f->time, e->time_end, piece) ||
			refuse(e->d, "LogFormat has more than 12 pieces of time", "Two make a whole one.")) &&
		       put_value(e, m, e->time_source);
	}
	if (ends_blank)
		put_byte(e, ' ');
	text_clear(&e->pieces);
	return fine;
}

/* A time next to others without text between goes on with the same value. */
static bool gather_time(struct emitter *e, const struct item *item)
{
	if (e->pieces.len && e->time_end != item->end && !put_time(e))
		return false;
	e->time_source = item->source;
	e->time_end = item->end;
	return apachetime_steps(item->argument, &e->pieces) ||
	       refuse(e->d, "a time in LogFormat has a directive that is not known", "strftime's numbers, and names in English, are.");
}

/* ---- ends of values ---- */

static bool is_loose(const struct nginxformat_step *step, bool last)
{
	const char after = step->after_len ? step->after[0] : 0;
	if (last || step->in_quotes || step->is_text)
		return false;
	if (!after)
		return true;
	switch ((enum access_shape)step->meaning.shape) {
	case SHAPE_ANY: /* as in nginxformat.c: a user's name is not searched for " [", nor what stands in brackets for "]" */
		return after != ']' && !(step->meaning.what == ACCESS_USER && after == ' ');
	case SHAPE_PATH: /* %U is what the client's escapes mean: it may have blanks */
		return true;
	case SHAPE_WORDS:
		return after == ',' || after == ':';
	case SHAPE_WORD: /* an address has colons; a host's name has none */
		return after == ':' && step->meaning.field != FIELD_SERVER && step->meaning.what != ACCESS_PIECE;
	default:
		return false;
	}
}

static bool tells_apart(const struct nginxformat_step *a, const struct nginxformat_step *b)
{
	return a->is_text || a->after_len || a->meaning.shape != SHAPE_ANY || b->meaning.shape != SHAPE_ANY ||
	       (a->meaning.what == ACCESS_IGNORED && b->meaning.what == ACCESS_IGNORED);
}

static bool finish(struct nginxformat *f, const struct apachetime *time, struct diag *d)
{
	for (size_t i = 0; i < f->n; i++) {
		struct nginxformat_step *step = &f->steps[i];
		const struct nginxformat_step *before = i ? step - 1 : NULL;
		bool open = before && before->after_len && before->after[before->after_len - 1] == '"';
		step->after_head = hop_text_of(step->after, step->after_len);
		step->in_quotes = open && step->after_len && step->after[0] == '"';
		step->padded = step->meaning.what == ACCESS_PIECE && !step->is_text && time->pieces[step->meaning.field].padded;
		step->is_list = step->meaning.shape == SHAPE_WORDS && !step->in_quotes && step->after_len && step->after[0] == ' ';
		step->no_blank = !step->in_quotes && !step->is_text &&
				 (step->meaning.what == ACCESS_STATUS ||
				  (step->meaning.shape == SHAPE_WORD && step->meaning.what == ACCESS_FIELD));
		const enum access_shape shape = (enum access_shape)step->meaning.shape;
		step->strict = !step->is_text && (shape == SHAPE_DIGITS || shape == SHAPE_DECIMAL || shape == SHAPE_STATUS ||
						  (shape == SHAPE_WORD && !(step->after_len && step->after[0] == ' ')));
		f->loose |= is_loose(step, i + 1 == f->n);
		if (before && !tells_apart(before, step))
			return refuse(d, "two directives without text between them cannot be told apart", "Put a blank or a quote between them.");
	}
	return true;
}

static bool is_path(const struct emitter *e)
{
	const struct nginxformat *f = &e->f->steps;
	return f->n && !f->steps[f->n - 1].after_len && f->steps[f->n - 1].meaning.field == FIELD_PATH;
}

static bool emit(struct emitter *e, const struct items *items, const struct choice *c, bool simple_time, size_t *column, struct span text)
{
	for (size_t i = 0; i < items->n; i++) {
		const struct item *item = &items->list[i];
		*column = (size_t)(item->source.at - text.at);
		bool time = item->letter == 't', fine;
		if (!time && e->pieces.len && !put_time(e))
			return false;
		if (!item->letter) {
			fine = put_text(e, item->source);
		} else if (time && simple_time) {
			put_byte(e, '[');
			fine = put_value(e, MEANS(STAMP, TIMESTAMP, STAMP), item->source) && put_byte(e, ']');
		} else if (time && !item->conditional) {
			fine = gather_time(e, item);
		} else if (time) {
			fine = put_value(e, NOTHING(ANY), item->source);
		} else if (item->letter == 'q' && is_path(e)) {
			fine = true; /* %U%q is one value */
		} else {
			fine = put_value(e, meaning_of(item, c), item->source);
		}
		if (!fine)
			return false;
	}
	return !e->pieces.len || put_time(e);
}

static bool compile(struct apacheformat *f, struct span text, struct diag *d, size_t *column)
{
	struct items *items = memory_new(1, sizeof *items);
	struct choice choice;
	struct emitter e = {.f = f, .d = d};
	bool says_what = false, simple_time = true, noted = false;
	size_t times = 0;
	bool fine = read_items(text, items, d, column);
	choose(items, &choice);
	for (size_t i = 0; fine && i < items->n; i++) {
		const struct item *item = &items->list[i];
		says_what |= item == choice.status || item->letter == 'r' || item->letter == 'm' || item->letter == 'U' ||
			     (item->letter == 'n' && (note_meaning(item->argument).field == FIELD_STATUS ||
						      note_meaning(item->argument).field == FIELD_REQUEST));
		noted |= item->letter == 'n' && span_equal(item->argument, SPAN("timestamp"));
		if (item->letter == 't')
			simple_time = !times++ && !item->argument.len && !item->conditional && !item->end;
	}
	/* Room for all names and texts: pointers into it stay. %{%c}t is the longest for its letters. */
	e.text.at = memory_grow(NULL, &e.text.cap, 16 * text.len + 64, 1);
	fine = fine && emit(&e, items, &choice, simple_time, column, text);
	f->steps.text = e.text.at;
	f->steps.escaped = true;
	text_release(&e.pieces);
	memory_free(items);
	if (!fine)
		return false;
	*column = 0;
	apachetime_finish(&f->time);
	f->starts = !noted && !f->time.whole_end;
	if ((!times && !noted) || (!noted && !simple_time && !f->time.whole_begin && !f->time.whole_end))
		return refuse(d, times ? "LogFormat has no whole time: date and time of the day" : "LogFormat has no %t",
			      "Without it a line does not say when.");
	if (!says_what)
		return refuse(d, "LogFormat has no status and no request", "Without %>s or \"%r\" a line does not say what.");
	return finish(&f->steps, &f->time, d);
}

bool apacheformat_compile(struct apacheformat *f, struct span text, struct diag *d, size_t *column)
{
	*f = (struct apacheformat){.starts = true};
	*column = 0;
	bool named;
	struct span meant = meant_text(text, &named);
	size_t skipped = named ? 0 : (size_t)(meant.at - text.at);
	if (meant.len > MAX_TEXT_BYTES)
		return refuse(d, "LogFormat is longer than 8192 bytes", "Apache's own has 30.");
	ptrdiff_t newline = span_find_byte(meant, '\n');
	if (newline >= 0) {
		*column = skipped + (size_t)newline;
		return refuse(d, "LogFormat has a line break: each entry takes several lines", "Such logs cannot be read.");
	}
	bool fine = compile(f, meant, d, column);
	*column += skipped;
	return fine;
}

void apacheformat_release(struct apacheformat *f)
{
	memory_free(f->steps.text);
	apachetime_release(&f->time);
	*f = (struct apacheformat){.starts = false};
}
