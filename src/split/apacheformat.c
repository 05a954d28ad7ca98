#include "split/apacheformat.h"

#include "base/memory.h"
#include "split/apachedirective.h"

enum { MAX_TEXT_BYTES = 8192 };

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

/* ---- steps ---- */

struct emitter {
	struct apacheformat *f;
	struct text text;      /* of the format: names and what stands between them; never grows */
	struct text pieces;    /* of a time that is being put together */
	size_t time_at;        /* where in the format's source it stands */
	struct span time_source;
	bool time_end;
	const struct apachedirective *of[NGINXFORMAT_STEPS]; /* what each step came from; NULL: text, or a piece of time */
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
static bool gather_time(struct emitter *e, const struct apachedirective *item)
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

static bool emit(struct emitter *e, const struct apachedirectives *items, const struct apachechoice *c, bool simple_time, size_t *column, struct span text)
{
	for (size_t i = 0; i < items->n; i++) {
		const struct apachedirective *item = &items->list[i];
		*column = (size_t)(item->source.at - text.at);
		bool time = item->letter == 't', fine;
		if (!time && e->pieces.len && !put_time(e))
			return false;
		if (!item->letter) {
			fine = put_text(e, item->source);
		} else if (time && simple_time) {
			put_byte(e, '[');
			fine = put_value(e, ((struct access_meaning){ACCESS_STAMP, FIELD_TIMESTAMP, SHAPE_STAMP}), item->source) && put_byte(e, ']');
		} else if (time && !item->conditional) {
			fine = gather_time(e, item);
		} else if (time) {
			fine = put_value(e, (struct access_meaning){ACCESS_IGNORED, FIELD_IGNORED, SHAPE_ANY}, item->source);
		} else if (item->letter == 'q' && is_path(e)) {
			fine = true; /* %U%q is one value */
		} else {
			fine = put_value(e, apachedirective_meaning(item, c), item->source);
			e->of[e->f->steps.n - 1] = fine ? item : NULL;
		}
		if (!fine)
			return false;
	}
	return !e->pieces.len || put_time(e);
}

static void name_extras(struct emitter *e)
{
	for (size_t i = 0; i < e->f->steps.n; i++) {
		struct span *extra = &e->f->steps.extras[i];
		size_t from = e->text.len;
		/* NULL would ask for the name as it is written. */
		*extra = (struct span){e->text.at + from, 0};
		if (!e->of[i] || e->f->steps.steps[i].meaning.what != ACCESS_IGNORED)
			continue;
		apachedirective_name(e->of[i], &e->text);
		extra->len = e->text.len - from;
	}
}

static bool compile(struct apacheformat *f, struct span text, struct diag *d, size_t *column)
{
	struct apachedirectives *items = memory_new(1, sizeof *items);
	struct apachechoice choice;
	struct emitter e = {.f = f, .d = d};
	bool says_what = false, simple_time = true, noted = false;
	size_t times = 0;
	bool fine = apachedirective_read(text, items, d, column);
	apachedirective_choose(items, &choice);
	for (size_t i = 0; fine && i < items->n; i++) {
		const struct apachedirective *item = &items->list[i];
		says_what |= item == choice.status || item->letter == 'r' || item->letter == 'm' || item->letter == 'U' ||
			     (item->letter == 'n' && (span_equal(item->argument, SPAN("http.response.status_code")) ||
						      span_equal(item->argument, SPAN("request"))));
		noted |= item->letter == 'n' && span_equal(item->argument, SPAN("timestamp"));
		if (item->letter == 't')
			simple_time = !times++ && !item->argument.len && !item->conditional && !item->end;
	}
	/* Room for all names and texts: pointers into it stay. %{%c}t is the longest for its letters. */
	e.text.at = memory_grow(NULL, &e.text.cap, 16 * text.len + 64, 1);
	fine = fine && emit(&e, items, &choice, simple_time, column, text);
	if (fine)
		name_extras(&e);
	f->steps.text = e.text.at;
	f->steps.escaped = true;
	text_release(&e.pieces);
	memory_free(items);
	if (!fine)
		return false;
	*column = 0;
	apachetime_finish(&f->time);
	f->starts = times && !noted && !f->time.whole_end;
	if (times && !noted && !simple_time && !f->time.whole_begin && !f->time.whole_end)
		return refuse(d, "LogFormat has no whole time: date and time of the day", "Leave out %t altogether where a carrier has the time.");
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
