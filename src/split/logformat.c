#include "split/logformat.h"

#include "base/memory.h"

enum { MAX_TEXT_BYTES = 4096 };

/* The formats that HAProxy has names for (doc/configuration.txt 8.2.2 to 8.2.4). */
static const struct {
	const char *name, *text;
} known[] = {
	{"tcplog", "%ci:%cp [%t] %ft %b/%s %Tw/%Tc/%Tt %B %ts %ac/%fc/%bc/%sc/%rc %sq/%bq"},
	{"httplog", "%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc %ac/%fc/%bc/%sc/%rc %sq/%bq %hr %hs "
		    "%{+Q}r"},
	{"httpslog", "%ci:%cp [%tr] %ft %b/%s %TR/%Tw/%Tc/%Tr/%Ta %ST %B %CC %CS %tsc %ac/%fc/%bc/%sc/%rc %sq/%bq %hr %hs "
		     "%{+Q}r %[fc_err]/%[ssl_fc_err,hex]/%[ssl_c_err]/%[ssl_c_ca_err]/%[ssl_fc_is_resumed] "
		     "%[ssl_fc_sni]/%sslv/%sslc"},
	{"clf", "%{+Q}o %{-Q}ci - - [%trg] %r %ST %B \"\" \"\" %cp %ms %ft %b %s %TR %Tw %Tc %Tr %Ta %tsc %ac %fc %bc %sc %rc "
		"%sq %bq %CC %CS %hrl %hsl"},
};

struct name {
	const char *name;
	unsigned char shape, means, which, len;
};

#define IS(shape, means, which) LOGFORMAT_##shape, LOGFORMAT_##means, which, 0
#define STAMP(means, len) LOGFORMAT_STAMP, LOGFORMAT_##means, 0, len
#define TIMER(which) LOGFORMAT_NUMBER, LOGFORMAT_TIMER, TIMER_##which, 0
#define METRIC(which) LOGFORMAT_NUMBER, LOGFORMAT_METRIC, METRIC_LB_##which, 0

/* doc/configuration.txt 8.2.6, all versions from 1.5 on. */
static const struct name aliases[] = {
	{"B", IS(NUMBER, BYTES, 0)},
	{"CC", IS(TEXT, IGNORED, 0)},
	{"CS", IS(TEXT, IGNORED, 0)},
	{"H", IS(TEXT, FIELD, FIELD_HOST)},
	{"HM", IS(TEXT, FIELD, FIELD_METHOD)},
	{"HP", IS(TEXT, FIELD, FIELD_PATH)},
	{"HPO", IS(TEXT, FIELD, FIELD_PATH)},
	{"HQ", IS(TEXT, QUERY, 0)},
	{"HU", IS(TEXT, FIELD, FIELD_PATH)},
	{"HV", IS(TEXT, VERSION, 0)},
	{"ID", IS(TEXT, FIELD, FIELD_REQUEST_ID)},
	{"OG", IS(TEXT, IGNORED, 0)},
	{"ST", IS(NUMBER, STATUS, 0)},
	{"T", STAMP(ACCEPTED, 26)},
	{"TR", TIMER(TR)},
	{"Ta", TIMER(TA)},
	{"Tc", TIMER(TC)},
	{"Td", TIMER(TD)},
	{"Th", TIMER(TH)},
	{"Ti", TIMER(TI)},
	{"Tl", STAMP(ACCEPTED, 26)},
	{"Tq", TIMER(TQ)},
	{"Tr", TIMER(RESPONSE)},
	{"Ts", IS(NUMBER, ACCEPTED, 0)},
	{"Tt", TIMER(TT)},
	{"Tu", TIMER(TU)},
	{"Tw", TIMER(TW)},
	{"U", IS(NUMBER, IGNORED, 0)},
	{"ac", METRIC(CONNECTIONS)},
	{"b", IS(TEXT, BACKEND, 0)},
	{"bc", METRIC(BACKEND_CONNECTIONS)},
	{"bi", IS(TEXT, IGNORED, 0)},
	{"bp", IS(NUMBER, IGNORED, 0)},
	{"bq", METRIC(BACKEND_QUEUE)},
	{"ci", IS(TEXT, FIELD, FIELD_CLIENT)},
	{"cp", IS(NUMBER, FIELD, FIELD_CLIENT_PORT)},
	{"f", IS(TEXT, FIELD, FIELD_FRONTEND)},
	{"fc", METRIC(FRONTEND_CONNECTIONS)},
	{"fi", IS(TEXT, FIELD, FIELD_LOCAL_ADDRESS)},
	{"fp", IS(NUMBER, FIELD, FIELD_LOCAL_PORT)},
	{"ft", IS(TEXT, FIELD, FIELD_FRONTEND)},
	{"hr", IS(BRACES, CAPTURES, 0)},
	{"hrl", IS(LIST, CAPTURES, 0)},
	{"hs", IS(BRACES, IGNORED, 0)},
	{"hsl", IS(LIST, IGNORED, 0)},
	{"lc", IS(NUMBER, IGNORED, 0)},
	{"ms", IS(NUMBER, ACCEPTED_MS, 0)},
	{"pid", IS(NUMBER, FIELD, FIELD_PID)},
	{"r", IS(TEXT, REQUEST, 0)},
	{"rc", METRIC(RETRIES)},
	{"rt", IS(NUMBER, IGNORED, 0)},
	{"s", IS(TEXT, SERVER, 0)},
	{"sc", METRIC(SERVER_CONNECTIONS)},
	{"si", IS(TEXT, FIELD, FIELD_PEER_ADDRESS)},
	{"sp", IS(NUMBER, FIELD, FIELD_PEER_PORT)},
	{"sq", METRIC(SERVER_QUEUE)},
	{"sslc", IS(TEXT, IGNORED, 0)},
	{"sslv", IS(TEXT, IGNORED, 0)},
	{"t", STAMP(ACCEPTED, 24)},
	{"tr", STAMP(REQUESTED, 24)},
	{"trg", STAMP(REQUESTED, 26)},
	{"trl", STAMP(REQUESTED, 26)},
	{"ts", IS(TEXT, FIELD, FIELD_ERROR_CODE)},
	{"tsc", IS(TEXT, FIELD, FIELD_ERROR_CODE)},
	{"tail", IS(TAIL, IGNORED, 0)},
};

/* Sample expressions without converters: the alternatives to the aliases (same section, 3.x), and headers with a meaning. */
static const struct name expressions[] = {
	{"accept_date", IS(NUMBER, ACCEPTED, 0)},
	{"accept_date(ms)", IS(NUMBER, ACCEPTED, 0)},
	{"accept_date(us)", IS(NUMBER, ACCEPTED, 0)},
	{"act_conn", METRIC(CONNECTIONS)},
	{"bc.timer.connect", TIMER(TC)},
	{"be_name", IS(TEXT, BACKEND, 0)},
	{"bytes_out", IS(NUMBER, BYTES, 0)},
	{"res.bytes_in", IS(NUMBER, BYTES, 0)},
	{"date", IS(NUMBER, LOGGED, 0)},
	{"date(0,ms)", IS(NUMBER, LOGGED, 0)},
	{"date(0,us)", IS(NUMBER, LOGGED, 0)},
	{"fc.timer.handshake", TIMER(TH)},
	{"fc.timer.total", TIMER(TT)},
	{"fe_name", IS(TEXT, FIELD, FIELD_FRONTEND)},
	{"hostname", IS(TEXT, FIELD, FIELD_HOST)},
	{"method", IS(TEXT, FIELD, FIELD_METHOD)},
	{"capture.req.method", IS(TEXT, FIELD, FIELD_METHOD)},
	{"path", IS(TEXT, FIELD, FIELD_PATH)},
	{"pathq", IS(TEXT, FIELD, FIELD_PATH)},
	{"url", IS(TEXT, FIELD, FIELD_PATH)},
	{"capture.req.uri", IS(TEXT, FIELD, FIELD_PATH)},
	{"pid", IS(NUMBER, FIELD, FIELD_PID)},
	{"capture.req.ver", IS(TEXT, VERSION, 0)},
	{"req.ver", IS(TEXT, VERSION, 0)},
	{"request_date", IS(NUMBER, REQUESTED, 0)},
	{"request_date(ms)", IS(NUMBER, REQUESTED, 0)},
	{"request_date(us)", IS(NUMBER, REQUESTED, 0)},
	{"req.timer.hdr", TIMER(TR)},
	{"req.timer.idle", TIMER(TI)},
	{"req.timer.queue", TIMER(TW)},
	{"req.timer.tq", TIMER(TQ)},
	{"res.timer.data", TIMER(TD)},
	{"res.timer.hdr", TIMER(RESPONSE)},
	{"src", IS(TEXT, FIELD, FIELD_CLIENT)},
	{"src_port", IS(NUMBER, FIELD, FIELD_CLIENT_PORT)},
	{"dst", IS(TEXT, FIELD, FIELD_LOCAL_ADDRESS)},
	{"srv_name", IS(TEXT, SERVER, 0)},
	{"status", IS(NUMBER, STATUS, 0)},
	{"txn.status", IS(NUMBER, STATUS, 0)},
	{"txn.conn_retries", METRIC(RETRIES)},
	{"txn.sess_term_state", IS(TEXT, FIELD, FIELD_ERROR_CODE)},
	{"txn.timer.total", TIMER(TA)},
	{"txn.timer.user", TIMER(TU)},
	{"unique-id", IS(TEXT, FIELD, FIELD_REQUEST_ID)},
};

/* The header of "req.hdr(NAME)", "req.fhdr(NAME)", "hdr(NAME)". */
static const struct name headers[] = {
	{"host", IS(TEXT, FIELD, FIELD_HTTP_HOST)},
	{"referer", IS(TEXT, FIELD, FIELD_REFERER)},
	{"user-agent", IS(TEXT, FIELD, FIELD_USER_AGENT)},
	{"x-correlation-id", IS(TEXT, FIELD, FIELD_REQUEST_ID)},
	{"x-request-id", IS(TEXT, FIELD, FIELD_REQUEST_ID)},
};

static const struct name *find(const struct name *names, size_t n, struct span name, bool nocase)
{
	for (size_t i = 0; i < n; i++) {
		struct span it = span_of(names[i].name);
		if (nocase ? span_equal_nocase(name, it) : span_equal(name, it))
			return &names[i];
	}
	return NULL;
}
#define FIND(names, name, nocase) find(names, sizeof(names) / sizeof *(names), name, nocase)

/* Converters that leave a value what it is. */
static bool keeps_value(struct span converters)
{
	while (converters.len) {
		struct span one = span_trim(span_cut(&converters, ','));
		if (!span_equal(one, SPAN("lower")) && !span_equal(one, SPAN("upper")))
			return false;
	}
	return true;
}

/* The converters follow the first comma outside of parentheses. */
static const struct name *expression(struct span text)
{
	static const char *const fetches[] = {"req.hdr(", "req.fhdr(", "hdr(", "req.hdrs("};
	size_t depth = 0, n = 0;
	for (; n < text.len && (depth || text.at[n] != ','); n++) {
		depth += text.at[n] == '(';
		depth -= depth && text.at[n] == ')';
	}
	struct span fetch = span_trim(span_head(text, n));
	if (!keeps_value(span_from(text, n < text.len ? n + 1 : n)))
		return NULL;
	const struct name *found = FIND(expressions, fetch, false);
	for (size_t i = 0; !found && i < sizeof fetches / sizeof *fetches; i++) {
		struct span start = span_of(fetches[i]);
		if (!span_starts(fetch, start) || !span_ends(fetch, SPAN(")")))
			continue;
		struct span name = span_from(span_head(fetch, fetch.len - 1), start.len);
		struct span header = span_cut(&name, ','); /* an occurrence may follow */
		found = FIND(headers, header, true);
	}
	return found;
}

/* ---- reading ---- */

struct flags {
	bool quoted, escaped, hex;
};

struct compiler {
	struct logformat *lf;
	struct span source;
	size_t at;
	struct flags global;
	struct text texts;    /* all texts between values, one behind the other */
	size_t start_of[LOGFORMAT_STEPS + 1], len_of[LOGFORMAT_STEPS + 1]; /* [0]: before the first value */
	bool blank;           /* the last byte written is a blank, or nothing is written yet */
	struct diag *d;
};

static bool fail(struct compiler *c, size_t at, const char *what, const char *hint)
{
	c->at = at;
	diag_set(c->d, "%s", what);
	diag_hint(c->d, "%s", hint);
	return false;
}

static inline bool is_alnum(char c)
{
	return (unsigned char)((c | 0x20) - 'a') < 26 || (unsigned char)(c - '0') < 10;
}

/* "{+Q,-E}" */
static bool read_flags(struct compiler *c, struct flags *flags)
{
	size_t close = c->at;
	while (close < c->source.len && c->source.at[close] != '}')
		close++;
	if (close == c->source.len)
		return fail(c, c->at, "log-format has a \"{\" without its \"}\"", "Flags stand in braces: %{+Q}r.");
	struct span list = {c->source.at + c->at + 1, close - c->at - 1};
	c->at = close + 1;
	while (list.len) {
		struct span flag = span_trim(span_cut(&list, ','));
		if (flag.len < 2 || (flag.at[0] != '+' && flag.at[0] != '-'))
			continue;
		bool on = flag.at[0] == '+';
		flag = span_from(flag, 1);
		if (span_equal(flag, SPAN("Q")))
			flags->quoted = on;
		else if (span_equal(flag, SPAN("E")))
			flags->escaped = on;
		else if (span_equal(flag, SPAN("X")))
			flags->hex = on;
		else if (on && (span_equal(flag, SPAN("json")) || span_equal(flag, SPAN("cbor"))))
			return fail(c, close, "log-format makes JSON or CBOR", "JSON logs need no log-format: see patterns/README.md.");
	}
	return true;
}

/* "%...": one value, at its "%". `*value` is false for %o, which prints nothing. */
static bool read_item(struct compiler *c, struct logformat_step *step, bool *value)
{
	struct flags flags = c->global;
	const struct span s = c->source;
	size_t start = c->at++;
	if (c->at < s.len && s.at[c->at] == '(') {
		while (c->at < s.len && s.at[c->at] != ')')
			c->at++;
		c->at += c->at < s.len;
	}
	if (c->at < s.len && s.at[c->at] == '{' && !read_flags(c, &flags))
		return false;
	*value = true;
	*step = (struct logformat_step){.shape = LOGFORMAT_TEXT, .name = start};
	const struct name *found;
	bool is_expression = c->at < s.len && s.at[c->at] == '[';
	if (is_expression) {
		size_t open = ++c->at, depth = 1;
		for (; c->at < s.len; c->at++) {
			depth += s.at[c->at] == '[';
			depth -= s.at[c->at] == ']';
			if (!depth)
				break;
		}
		if (c->at == s.len)
			return fail(c, start, "log-format has a \"[\" without its \"]\"", "An expression is %[req.hdr(host)].");
		found = expression((struct span){s.at + open, c->at - open});
		c->at++;
	} else {
		size_t from = c->at;
		while (c->at < s.len && is_alnum(s.at[c->at]))
			c->at++;
		struct span name = {s.at + from, c->at - from};
		if (span_equal(name, SPAN("o"))) {
			c->global = flags;
			*value = false;
			return true;
		}
		found = FIND(aliases, name, false);
		if (!found)
			return fail(c, start, "log-format has a \"%\" without a name that HAProxy knows",
				    "Its manual lists them under \"Custom log format\"; %% is a percent sign.");
	}
	if (found) {
		step->shape = found->shape;
		step->means = found->means;
		step->which = found->which;
		step->len = found->len;
	}
	/* Hexadecimal addresses, ports, pids and epochs are for ids, not for reading. */
	bool number = step->shape == LOGFORMAT_NUMBER;
	bool address = step->which == FIELD_CLIENT || step->which == FIELD_LOCAL_ADDRESS || step->which == FIELD_PEER_ADDRESS;
	if (flags.hex && ((step->means == LOGFORMAT_FIELD && (number || address)) ||
			  (number && (step->means == LOGFORMAT_ACCEPTED || step->means == LOGFORMAT_ACCEPTED_MS ||
				      step->means == LOGFORMAT_IGNORED)))) {
		step->shape = LOGFORMAT_TEXT;
		step->means = LOGFORMAT_IGNORED;
	}
	step->quoted = flags.quoted;
	step->escaped = flags.escaped;
	step->name_len = c->at - start;
	return true;
}

static void add_byte(struct compiler *c, char byte)
{
	bool blank = byte == ' ' || byte == '\t';
	if (blank && c->blank)
		return;
	text_append_byte(&c->texts, blank ? ' ' : byte);
	c->len_of[c->lf->n]++;
	c->blank = blank;
}

static bool read_all(struct compiler *c)
{
	struct logformat *lf = c->lf;
	const struct span s = c->source;
	c->blank = true;
	while (c->at < s.len) {
		char byte = s.at[c->at];
		bool percent = byte == '%';
		if (percent && c->at + 1 < s.len && s.at[c->at + 1] == '%') {
			add_byte(c, '%');
			c->at += 2;
			continue;
		}
		if (!percent) {
			bool escape = byte == '\\' && c->at + 1 < s.len && strchr(" \"'\\#", s.at[c->at + 1]);
			c->at += escape;
			add_byte(c, s.at[c->at++]);
			continue;
		}
		bool value;
		if (lf->n == LOGFORMAT_STEPS)
			return fail(c, c->at, "log-format has too many values", "80 are enough for every one that was seen.");
		struct logformat_step *step = &lf->steps[lf->n];
		size_t len = c->len_of[lf->n];
		if (!read_item(c, step, &value))
			return false;
		if (!value)
			continue;
		step->blank_before = !c->texts.len || (len && c->texts.at[c->texts.len - 1] == ' ');
		c->blank = false;
		/* "%HP%HQ" prints a URL in one piece. */
		struct logformat_step *last = lf->n ? step - 1 : NULL;
		if (step->means == LOGFORMAT_QUERY && last && !len && last->means == LOGFORMAT_FIELD && last->which == FIELD_PATH) {
			last->name_len = c->at - last->name;
			continue;
		}
		lf->n++;
		c->start_of[lf->n] = c->texts.len;
	}
	return true;
}

/* The length of the value is known, or its end can be seen. */
static bool ends_itself(const struct logformat_step *step)
{
	return step->shape == LOGFORMAT_STAMP || step->shape == LOGFORMAT_BRACES || step->quoted || step->epoch_ms;
}

static bool link_steps(struct compiler *c)
{
	struct logformat *lf = c->lf;
	for (size_t i = 0; i < lf->n; i++) {
		struct logformat_step *step = &lf->steps[i], *next = i + 1 < lf->n ? step + 1 : NULL;
		step->after = lf->text + c->start_of[i + 1];
		step->after_len = c->len_of[i + 1];
		step->after_head = hop_text_of(step->after, step->after_len);
		step->plain = step->shape == LOGFORMAT_NUMBER && !step->quoted && next && step->after_len == 1 &&
			      (step->means == LOGFORMAT_TIMER || step->means == LOGFORMAT_METRIC);
		if (step->shape == LOGFORMAT_TAIL && (next || step->after_len))
			return fail(c, step->name, "%tail must be the last value", "It takes whatever follows.");
		if (step->after_len || !next || next->shape == LOGFORMAT_TAIL)
			continue;
		if (step->means == LOGFORMAT_ACCEPTED && step->shape == LOGFORMAT_NUMBER &&
		    next->means == LOGFORMAT_ACCEPTED_MS) {
			/* One number; the milliseconds take what stands behind it. */
			step->epoch_ms = true;
			continue;
		}
		if (!ends_itself(step))
			return fail(c, next->name, "two values without text between them cannot be told apart",
				    "Put a blank between them in haproxy.cfg; for old logs, use a regex format.");
	}
	for (size_t i = 0; i + 1 < lf->n; i++) {
		struct logformat_step *step = &lf->steps[i];
		bool port = step->shape == LOGFORMAT_TEXT && step->after_len == 1 && step->after[0] == ':' && !step->quoted &&
			    lf->steps[i + 1].shape == LOGFORMAT_NUMBER;
		const struct logformat_step *behind = &lf->steps[i + 1];
		if (port && (!behind->after_len ? i + 2 == lf->n : behind->after[0] != ':'))
			step->shape = LOGFORMAT_ADDRESS;
	}
	return true;
}

static bool check(struct compiler *c)
{
	struct logformat *lf = c->lf;
	bool says = false;
	for (size_t i = 0; i < lf->n; i++) {
		const struct logformat_step *step = &lf->steps[i];
		bool path = step->means == LOGFORMAT_FIELD && (step->which == FIELD_PATH || step->which == FIELD_METHOD);
		bool state = step->means == LOGFORMAT_FIELD && step->which == FIELD_ERROR_CODE;
		lf->is_http |= path || step->means == LOGFORMAT_STATUS || step->means == LOGFORMAT_REQUEST;
		says |= state || lf->is_http;
		if (step->shape != LOGFORMAT_BRACES && step->shape != LOGFORMAT_LIST && step->shape != LOGFORMAT_TAIL)
			lf->optional_from = i + 1;
	}
	return says || fail(c, 0, "log-format has no %ST, %r, %ts or %tsc", "Without them a line does not say how it ended.");
}

struct logformat *logformat_new(struct span text, struct diag *d, size_t *column)
{
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (span_equal(span_trim(text), span_of(known[i].name)))
			text = span_of(known[i].text);
	}
	*column = 0;
	if (text.len > MAX_TEXT_BYTES) {
		diag_set(d, "log-format is longer than %d bytes", MAX_TEXT_BYTES);
		return NULL;
	}
	struct compiler *c = memory_new(1, sizeof *c);
	struct logformat *lf = memory_new(1, sizeof *lf);
	lf->source = span_copy(text);
	*c = (struct compiler){.lf = lf, .source = {lf->source, text.len}, .d = d};
	bool fine = read_all(c);
	lf->text = span_copy(text_span(&c->texts));
	lf->before = (struct span){lf->text, c->len_of[0]};
	fine = fine && link_steps(c) && check(c);
	*column = fine ? 0 : c->at;
	text_release(&c->texts);
	memory_free(c);
	if (fine)
		return lf;
	logformat_free(lf);
	return NULL;
}

void logformat_free(struct logformat *lf)
{
	if (!lf)
		return;
	memory_free(lf->text);
	memory_free(lf->source);
	memory_free(lf);
}
