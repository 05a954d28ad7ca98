#include "config/nginxformat.h"

#include "base/memory.h"
#include "config/nginxconf.h"
#include "config/nginxtoken.h"

/* ngx_http_log_combined_fmt, the format that nginx has when none is configured. */
static const char combined[] = "$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent "
			       "\"$http_referer\" \"$http_user_agent\"";

enum { MAX_TEXT_BYTES = 8192 };

/* Reads "$name" or "${name}" at *at; moves *at behind it. False when no name is there. */
static bool read_variable(struct span text, size_t *at, struct span *name)
{
	size_t i = *at + 1;
	bool braced = i < text.len && text.at[i] == '{';
	i += braced;
	size_t start = i;
	while (i < text.len && nginxtoken_is_name(text.at[i]))
		i++;
	*name = (struct span){text.at + start, i - start};
	if (!name->len || (braced && (i == text.len || text.at[i] != '}')))
		return false;
	*at = i + braced;
	return true;
}

/* ---- the text as somebody has it ---- */

/* 'a' 'b' and nothing else: the pieces of nginx.conf. A format that is meant to write single quotes itself has
 * something else between them too. */
static bool is_pieces(struct span text)
{
	size_t i = 0, pieces = 0;
	while (i < text.len) {
		if (nginxtoken_is_blank(text.at[i]) || (pieces && text.at[i] == ';')) {
			i++;
			continue;
		}
		if (text.at[i] != '\'')
			return false;
		for (i++; i < text.len && text.at[i] != '\''; i++)
			i += text.at[i] == '\\';
		if (i++ >= text.len)
			return false;
		pieces++;
	}
	return pieces > 0;
}

/* "escape=json " at the start: moves behind it. */
static bool take_escape(struct span *text, bool *escaped)
{
	static const char *const names[] = {"escape=default", "escape=json", "escape=none"};
	for (size_t i = 0; i < 3; i++) {
		struct span name = span_of(names[i]);
		if (span_starts(*text, name) && text->len > name.len && nginxtoken_is_blank(text->at[name.len])) {
			*text = span_from(*text, name.len);
			while (text->len && nginxtoken_is_blank(text->at[0]))
				*text = span_from(*text, 1);
			*escaped = i < 2;
			return true;
		}
	}
	return false;
}

/* The text that nginx would make of the pieces, owned; NULL with `d` when they are none. */
static char *join_pieces(struct span text, bool is_directive, struct diag *d)
{
	struct text directive = {0};
	struct nginxconf conf;
	struct diag inner = {0};
	struct diag_list warnings = {0};
	if (!is_directive)
		text_append_string(&directive, "log_format x ");
	text_append(&directive, text);
	text_append_byte(&directive, ';');
	bool ends = span_ends(span_trim(text), SPAN(";"));
	const struct span whole = span_head(text_span(&directive), directive.len - ends);
	bool fine = nginxconf_read(&conf, "log_format", whole, NULL, &warnings, &inner);
	/* The first one is "combined". */
	char *joined = fine && conf.formats_n == 2 ? span_copy(span_of(conf.formats[1].format)) : NULL;
	if (!joined) {
		diag_set(d, "these are no pieces of a log_format%s%s", inner.set ? ": " : "", inner.what);
		diag_hint(d, "%s", "Write the format as in nginx.conf, or without its quotes.");
	}
	nginxconf_release(&conf);
	diag_release(&warnings);
	text_release(&directive);
	return joined;
}

/* ---- steps ---- */

static bool is_open_quote(const struct nginxformat *f, size_t index)
{
	const struct nginxformat_step *before = index ? &f->steps[index - 1] : NULL;
	return before && before->after_len && before->after[before->after_len - 1] == '"';
}

/* May the text behind a value stand in it? `has_blank`: one of the shape STAMP has a blank inside. The name of a user
 * is never searched for " [", nor what users put between brackets for "]": layouts that everybody has would not be
 * read at full speed. */
static bool is_loose(const struct nginxformat_step *step, bool last, bool has_blank)
{
	bool user = step->meaning.field == FIELD_USER && step->after_len && step->after[0] == ' ';
	bool bracket = user || (step->after_len && step->after[0] == ']');
	bool blank = step->after_len && step->after[0] == ' ';
	switch ((enum access_shape)step->meaning.shape) {
	case SHAPE_ANY:
		return !last && !step->in_quotes && !bracket;
	case SHAPE_PATH:
		return !last && !step->in_quotes && !blank;
	case SHAPE_WORD:
	case SHAPE_WORDS:
	case SHAPE_NUMBERS:
	case SHAPE_STAMP:
		return !last && !step->in_quotes && step->after_len && (step->after[0] == ':' || step->after[0] == ',' ||
			step->after[0] == '-' || step->after[0] == '.' || (blank && has_blank));
	case SHAPE_TRANSPORT:
		return true;
	case SHAPE_DIGITS:
	case SHAPE_DECIMAL:
	case SHAPE_STATUS:
		break;
	}
	return false;
}

static void describe(struct nginxformat *f, struct nginxformat_step *step, bool is_list, bool agents)
{
	const unsigned char what = step->meaning.what, field = step->meaning.field;
	step->after_head = hop_text_of(step->after, step->after_len);
	step->in_quotes = f->escaped && step->after_len && step->after[0] == '"' && is_open_quote(f, f->n - 1);
	step->no_blank = !step->in_quotes && what == ACCESS_FIELD && (field == FIELD_CLIENT || field == FIELD_SERVER || field == FIELD_LOCAL_ADDRESS);
	step->no_blank |= what == ACCESS_STATUS;
	step->is_list = is_list && !step->in_quotes && step->after_len && step->after[0] == ' ';
	step->agents = what == ACCESS_TAIL && agents;
}

/* The variables before and behind a place without text. */
static bool tells_apart(const struct nginxformat_step *a, const struct nginxformat_step *b)
{
	return a->meaning.shape != SHAPE_ANY || b->meaning.shape != SHAPE_ANY ||
	       (a->meaning.what == ACCESS_IGNORED && b->meaning.what == ACCESS_IGNORED);
}

static bool refuse(struct diag *d, const char *what, const char *hint)
{
	diag_set(d, "%s", what);
	diag_hint(d, "%s", hint);
	return false;
}

static bool compile(struct nginxformat *f, struct span text, struct diag *d, size_t *column)
{
	bool has_status_or_request = false, has_stamp = false, has_agents = false;
	for (size_t at = 0; at < text.len;) {
		*column = at;
		if (f->n == NGINXFORMAT_STEPS)
			return refuse(d, "log_format has more than 128 variables", "nginx's own has eight.");
		struct nginxformat_step *step = &f->steps[f->n++];
		*step = (struct nginxformat_step){.is_text = text.at[at] != '$'};
		bool is_list = false, has_blank = false;
		if (!step->is_text) {
			struct span name;
			if (!read_variable(text, &at, &name))
				return refuse(d, "log_format has a \"$\" without a name",
					      "Write the format as in nginx.conf, without its quotes.");
			step->meaning = access_variable(name);
			is_list = step->meaning.shape == SHAPE_NUMBERS || step->meaning.shape == SHAPE_WORDS;
			f->stream |= step->meaning.shape == SHAPE_TRANSPORT || span_equal(name, SPAN("session_time")) ||
				     span_equal(name, SPAN("bytes_received"));
			has_blank = span_equal(name, SPAN("time_local"));
			has_stamp |= step->meaning.what == ACCESS_STAMP;
			has_status_or_request |= step->meaning.what == ACCESS_STATUS || step->meaning.what == ACCESS_REQUEST;
		}
		size_t start = at;
		while (at < text.len && text.at[at] != '$')
			at++;
		step->after = text.at + start;
		step->after_len = at - start;
		describe(f, step, is_list, !has_agents);
		has_agents |= step->meaning.field == FIELD_REFERER || step->meaning.field == FIELD_USER_AGENT;
		step->to_blank = !step->after_len && span_equal(span_from(text, at), SPAN("$tail"));
		if (at < text.len && step->meaning.what == ACCESS_TAIL && !step->is_text) {
			*column = at;
			return refuse(d, "$tail must be the last variable", "It takes whatever follows.");
		}
		const struct nginxformat_step *before = f->n > 1 ? step - 1 : NULL;
		if (before && !before->is_text && !before->after_len && !before->to_blank && !tells_apart(before, step)) {
			return refuse(d, "two variables without text between them cannot be told apart",
				      "Put a blank or a quote between them in nginx.conf; for old logs, use a regex format.");
		}
		bool last = at == text.len, glued = !step->after_len && !last && !step->to_blank;
		f->loose |= !step->is_text && (glued || is_loose(step, last, has_blank));
	}
	*column = 0;
	if (has_stamp && has_status_or_request)
		return true;
	return refuse(d, has_stamp ? "log_format has no $status and no $request" :
				     "log_format has no $time_local, $time_iso8601 or $msec",
		      "Without them a line says neither when nor what.");
}

/* What $status means to a stream. */
static void make_stream(struct nginxformat *f)
{
	for (size_t i = 0; i < f->n; i++) {
		if (f->steps[i].meaning.what == ACCESS_STATUS)
			f->steps[i].meaning.what = ACCESS_SESSION;
	}
	f->loose = true; /* the shapes are all that tells these lines from others */
}

bool nginxformat_compile(struct nginxformat *f, struct span text, bool stream, struct diag *d, size_t *column)
{
	*f = (struct nginxformat){.escaped = true, .stream = stream};
	*column = 0;
	struct span whole = text;
	bool is_directive = span_starts(text, SPAN("log_format "));
	char *joined = NULL;
	if (!is_directive)
		take_escape(&whole, &f->escaped);
	bool pasted = is_directive || is_pieces(whole);
	if (pasted) {
		joined = join_pieces(is_directive ? text : whole, is_directive, d);
		if (!joined)
			return false;
		whole = span_of(joined);
		take_escape(&whole, &f->escaped);
	}
	/* Where a pasted text is wrong is said by the words around it. */
	size_t skipped = pasted ? 0 : (size_t)(whole.at - text.at);
	if (span_equal(span_trim(whole), SPAN("combined")))
		whole = SPAN(combined);
	if (whole.len > MAX_TEXT_BYTES) {
		memory_free(joined);
		return refuse(d, "log_format is longer than 8192 bytes", "nginx's own has 130.");
	}
	ptrdiff_t newline = span_find_byte(whole, '\n');
	f->text = span_copy(whole);
	size_t len = whole.len;
	memory_free(joined);
	if (newline >= 0) {
		*column = pasted ? 0 : skipped + (size_t)newline;
		return refuse(d, "log_format has a line break: each entry takes several lines", "Such logs cannot be read.");
	}
	bool fine = compile(f, (struct span){f->text, len}, d, column);
	*column = pasted ? 0 : *column + skipped;
	if (fine && f->stream)
		make_stream(f);
	return fine;
}

void nginxformat_release(struct nginxformat *f)
{
	memory_free(f->text);
	f->text = NULL;
	f->n = 0;
}

struct span nginxformat_name(const struct nginxformat *f, size_t index)
{
	const struct nginxformat_step *before = index ? &f->steps[index - 1] : NULL;
	const char *from = before ? before->after + before->after_len : f->text;
	return (struct span){from, (size_t)(f->steps[index].after - from)};
}

struct span nginxformat_extra(const struct nginxformat *f, size_t index)
{
	const struct nginxformat_step *step = &f->steps[index];
	if (step->is_text || step->meaning.what != ACCESS_IGNORED || f->extras[index].at)
		return f->extras[index];
	struct span name = nginxformat_name(f, index);
	span_take_byte(&name, '$');
	if (span_take_byte(&name, '{') && name.len)
		name.len--;
	return name;
}
