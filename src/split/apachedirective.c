#include "split/apachedirective.h"

#include "split/apachetime.h"

static bool refuse(struct diag *d, const char *what, const char *hint)
{
	diag_set(d, "%s", what);
	diag_hint(d, "%s", hint);
	return false;
}

static bool read_directive(struct span text, size_t *at, struct apachedirective *item, struct diag *d)
{
	size_t i = *at + 1;
	*item = (struct apachedirective){.source = span_from(text, *at)};
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

bool apachedirective_read(struct span text, struct apachedirectives *items, struct diag *d, size_t *column)
{
	for (size_t at = 0; at < text.len;) {
		*column = at;
		if (items->n == APACHEDIRECTIVES)
			return refuse(d, "LogFormat has more than 256 parts", "Apache's own has nine.");
		struct apachedirective *item = &items->list[items->n++];
		if (text.at[at] == '%' && !(at + 1 < text.len && text.at[at + 1] == '%')) {
			if (!read_directive(text, &at, item, d))
				return false;
			continue;
		}
		size_t from = at;
		do
			at += 1 + (text.at[at] == '%');
		while (at < text.len && (text.at[at] != '%' || (at + 1 < text.len && text.at[at + 1] == '%')));
		*item = (struct apachedirective){.source = {text.at + from, at - from}};
	}
	return true;
}

/* ---- what they mean ---- */

#define MEANS(what, field, shape) ((struct access_meaning){ACCESS_##what, FIELD_##field, SHAPE_##shape})
#define NOTHING(shape) MEANS(IGNORED, IGNORED, shape)

static int duration_rank(const struct apachedirective *item)
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

static int status_rank(const struct apachedirective *item)
{
	return item->letter != 's' || item->conditional ? 0 : item->want == '>' ? 3 : item->want ? 1 : 2;
}

/* Behind a proxy the client stands in a header, and %h is the proxy: but who writes %h means it. */
static int client_rank(const struct apachedirective *item)
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

void apachedirective_choose(const struct apachedirectives *items, struct apachechoice *c)
{
	*c = (struct apachechoice){NULL, NULL, NULL};
	for (size_t i = 0; i < items->n; i++) {
		const struct apachedirective *item = &items->list[i];
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
struct access_meaning apachedirective_note(struct span name)
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

static struct access_meaning duration_meaning(const struct apachedirective *item)
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

struct access_meaning apachedirective_meaning(const struct apachedirective *item, const struct apachechoice *c)
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
		return apachedirective_note(item->argument);
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

void apachedirective_name(const struct apachedirective *item, struct text *to)
{
	static const struct {
		char letter;
		const char *name;
	} names[] = {{'l', "http.ident"}, {'I', "http.request.size"}, {'O', "http.response.size"}, {'p', "server.port"}, {'A', "server.ip"},
		     {'f', "file.path"},  {'R', "apache.handler"},    {'X', "apache.connection_status"}, {'k', "apache.keepalives"},
		     {'q', "url.query"}};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (names[i].letter == item->letter)
			text_append_string(to, names[i].name);
	}
	if (item->letter == 'i' || item->letter == 'o') {
		text_append_string(to, item->letter == 'i' ? "http.request.header." : "http.response.header.");
		for (size_t i = 0; i < item->argument.len; i++) {
			char c = item->argument.at[i];
			text_append_byte(to, (char)((unsigned char)(c - 'A') < 26 ? c | 0x20 : c));
		}
	} else if (item->letter == 'n' || item->letter == 'x' || item->letter == 'e' || item->letter == 'C') {
		bool passed = item->letter == 'n' && (span_equal(item->argument, SPAN("word")) || span_equal(item->argument, SPAN("number")) ||
						      span_equal(item->argument, SPAN("rest")));
		text_append(to, passed ? SPAN_NONE : item->argument);
	}
}
