#include "split/haproxy.h"

#include "line/access.h"

struct values {
	const char *stop;          /* where the line does not fit, and at which step */
	size_t step;
	struct haproxytime time;
	bool cut;
	bool says;                 /* a status or a state was read: what may be cut off behind it is not missed */
	struct span backend, server, query;
};

void haproxy_scratch_release(struct haproxy_scratch *s)
{
	text_release(&s->upstream);
	text_release(&s->request);
	text_release(&s->path);
}

/* ---- values ---- */

/* Of a number that is too long: leading zeros count as nothing, further digits are left out. */
static uint64_t first_digits(const char *at, const char *end)
{
	uint64_t value = 0;
	for (; at < end && value < UINT64_C(100000000000000000); at++)
		value = value * 10 + (uint64_t)(*at - '0');
	return value;
}

/* "[+-]123"; *n stays below 10^18. Returns its end, NULL when no number stands at `at`. */
static inline const char *read_number(const char *at, const char *end, int64_t *n, bool *plus)
{
	bool minus = at < end && *at == '-';
	*plus = at < end && *at == '+';
	at += minus || *plus;
	const char *first = at;
	uint64_t value = 0;
	for (; at < end && is_digit(*at); at++)
		value = value * 10 + (uint64_t)(*at - '0');
	if (at - first > 18)
		value = first_digits(first, at);
	*n = minus ? -(int64_t)value : (int64_t)value;
	/* "-" alone: there is no such address, so it has no port. */
	if (at == first) {
		*n = -1;
		return minus ? at : NULL;
	}
	return at;
}

static inline bool after_is(const struct logformat_step *step, const char *at, const char *end)
{
	return hop_is(at, end, step->after_head, step->after, step->after_len);
}

/* The next place of the text behind the value; NULL when it does not come. */
static inline const char *find_after(const struct logformat_step *step, const char *at, const char *end, bool escaped)
{
	for (;;) {
		const char *hit = hop_to(at, end, step->after[0]);
		if (!hit)
			return NULL;
		bool skip = escaped && hit > at && hit[-1] == '\\';
		if (!skip && after_is(step, hit, end))
			return hit;
		at = hit + 1;
	}
}

/* Where a value ends whose quote stands before `at`; NULL when no quote closes it. `last`: nothing need come behind it. */
static const char *quoted_end(const struct logformat_step *step, bool last, const char *at, const char *end)
{
	const char *any = NULL;
	for (const char *hit = at; (hit = hop_to(hit, end, '"')); hit++) {
		if (step->escaped && hit > at && hit[-1] == '\\')
			continue;
		any = hit;
		if ((step->after_len && after_is(step, hit + 1, end)) || (last && hit + 1 == end))
			return hit;
	}
	/* Before %tail anything may follow. */
	return step->after_len ? NULL : any;
}

/* A request line has blanks; its protocol has none. "<BADREQ>" has no protocol. */
static const char *request_end(const struct logformat_step *step, const char *at, const char *end)
{
	struct span rest = {at, (size_t)(end - at)};
	ptrdiff_t protocol = at < end && *at != '<' ? span_find(rest, SPAN(" HTTP/")) : -1;
	return find_after(step, protocol >= 0 ? at + protocol + 1 : at, end, step->escaped);
}

/* Captures as CLF prints them: "a" "b" or a - b; what follows them begins with neither. */
static const char *list_end(const char *at, const char *end)
{
	for (;;) {
		const char *value = at;
		if (at < end && *at == '"') {
			at = hop_to(at + 1, end, '"');
			if (!at)
				return end;
			at++;
		} else {
			while (at < end && *at != ' ')
				at++;
		}
		if (at + 1 >= end || *at != ' ' || at == value || (at[1] != '"' && at[1] != '-'))
			return at;
		at++;
	}
}

static inline void set_once(struct record *r, enum field field, struct span value)
{
	if (!access_is_absent(value) && !record_has(r, field))
		record_set(r, field, value);
}

static inline int hex_digit(char c)
{
	return is_digit(c) ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* "#22" for a quote: HAProxy writes every '#' so, nothing is ambiguous. What was cut stays as it is. */
static struct span unescaped(struct span value, struct text *to)
{
	ptrdiff_t first = span_find_byte(value, '#');
	if (first < 0)
		return value;
	text_clear(to);
	for (size_t i = 0; i < value.len; i++) {
		bool whole = value.at[i] == '#' && i + 2 < value.len;
		int high = whole ? hex_digit(value.at[i + 1]) : -1, low = whole ? hex_digit(value.at[i + 2]) : -1;
		if (high >= 0 && low >= 0) {
			text_append_byte(to, (char)(high << 4 | low));
			i += 2;
		} else {
			text_append_byte(to, value.at[i]);
		}
	}
	return text_span(to);
}

static void set_version(struct span value, struct record *r)
{
	if (span_starts(value, SPAN("HTTP/")))
		value = span_from(value, 5);
	set_once(r, FIELD_PROTOCOL_VERSION, value);
}

static void set_request(struct span value, struct haproxy_scratch *s, struct record *r)
{
	value = unescaped(value, &s->request);
	access_request(value, r);
	struct span path = record_get(r, FIELD_PATH);
	if (path.len && path.at >= value.at && path.at + path.len < value.at + value.len)
		set_version(span_from(value, (size_t)(path.at + path.len + 1 - value.at)), r);
}

/* An id of 16 to 32 hexadecimal digits, or a UUID. */
static bool is_id(struct span value)
{
	static const bool is_hex[256] = {['0'] = 1, ['1'] = 1, ['2'] = 1, ['3'] = 1, ['4'] = 1, ['5'] = 1, ['6'] = 1, ['7'] = 1,
					 ['8'] = 1, ['9'] = 1, ['a'] = 1, ['b'] = 1, ['c'] = 1, ['d'] = 1, ['e'] = 1, ['f'] = 1,
					 ['A'] = 1, ['B'] = 1, ['C'] = 1, ['D'] = 1, ['E'] = 1, ['F'] = 1};
	if (value.len < 16 || value.len > 36)
		return false;
	for (size_t i = 0; i < value.len; i++) {
		bool hyphen = value.len == 36 && (i == 8 || i == 13 || i == 18 || i == 23);
		if (hyphen ? value.at[i] != '-' : !is_hex[(unsigned char)value.at[i]])
			return false;
	}
	return value.len <= 32 || value.len == 36;
}

/* Captured headers have no names: only what cannot be anything else is taken. */
static void set_captures(struct span value, char between, struct record *r)
{
	while (value.len) {
		struct span one = span_cut(&value, between);
		if (one.len > 1 && one.at[0] == '"' && one.at[one.len - 1] == '"')
			one = (struct span){one.at + 1, one.len - 2};
		if (is_id(one))
			set_once(r, FIELD_REQUEST_ID, one);
		else if (span_starts(one, SPAN("Mozilla/")))
			set_once(r, FIELD_USER_AGENT, one);
	}
}

/* "----", "sH", "SC--". */
static bool is_state(struct span value)
{
	if (value.len != 2 && value.len != 4)
		return false;
	for (size_t i = 0; i < value.len; i++) {
		if (value.at[i] != '-' && (unsigned char)((value.at[i] | 0x20) - 'a') >= 26)
			return false;
	}
	return true;
}

static bool set_field(enum field field, struct span value, struct values *v, struct haproxy_scratch *s, struct record *r)
{
	if (field == FIELD_ERROR_CODE) {
		v->says = true;
		record_set(r, field, value);
		return is_state(value);
	}
	if (field == FIELD_CLIENT && value.len > 2 && value.at[0] == '[' && value.at[value.len - 1] == ']')
		value = (struct span){value.at + 1, value.len - 2};
	if (field == FIELD_PATH)
		value = unescaped(value, &s->path);
	set_once(r, field, value);
	return true;
}

static inline void keep_number(const struct logformat_step *step, int64_t n, bool plus, struct values *v, struct record *r)
{
	if (step->means == LOGFORMAT_METRIC) {
		if (n >= 0)
			record_metric(r, (enum metric)step->which, n);
		return;
	}
	v->time.timer[step->which] = n;
	v->time.timers |= 1u << step->which;
	v->time.running |= plus;
}

/* False when the value cannot be one of the step's kind. Inline by force: it runs for each value of a line. */
static inline __attribute__((always_inline)) bool take(const struct logformat_step *step, struct span value, int64_t n, bool plus,
						       struct values *v, struct haproxy_scratch *s, struct record *r)
{
	switch ((enum logformat_means)step->means) {
	case LOGFORMAT_IGNORED:
		break;
	case LOGFORMAT_FIELD:
		return set_field((enum field)step->which, value, v, s, r);
	case LOGFORMAT_REQUEST:
		set_request(value, s, r);
		break;
	case LOGFORMAT_QUERY:
		v->query = value;
		break;
	case LOGFORMAT_VERSION:
		set_version(value, r);
		break;
	case LOGFORMAT_STATUS:
		v->says = true;
		if (n >= 100 && n <= 999) {
			r->status = (int)n;
			record_set(r, FIELD_STATUS, value);
		}
		break;
	case LOGFORMAT_BYTES:
		if (!plus)
			set_once(r, FIELD_BODY_SIZE, value);
		v->time.running |= plus;
		break;
	case LOGFORMAT_BACKEND:
		v->backend = value;
		set_once(r, FIELD_BACKEND, value);
		break;
	case LOGFORMAT_SERVER:
		v->server = value;
		set_once(r, FIELD_BACKEND_SERVER, value);
		break;
	case LOGFORMAT_ACCEPTED:
		haproxytime_add(&v->time.accepted, value, &s->stamps);
		break;
	case LOGFORMAT_REQUESTED:
		haproxytime_add(&v->time.requested, value, &s->stamps);
		break;
	case LOGFORMAT_LOGGED:
		haproxytime_add(&v->time.logged, value, &s->stamps);
		break;
	case LOGFORMAT_ACCEPTED_MS:
		v->time.accepted_ms = n >= 0 && n < 1000 ? n : -1;
		break;
	case LOGFORMAT_TIMER:
	case LOGFORMAT_METRIC:
		keep_number(step, n, plus, v, r);
		break;
	case LOGFORMAT_CAPTURES:
		set_captures(value, step->shape == LOGFORMAT_BRACES ? '|' : ' ', r);
		break;
	}
	return true;
}

/* ---- the walk over the line ---- */

/* The last value of a line that is cut off. */
static __attribute__((noinline)) bool take_rest(const struct logformat_step *step, struct span rest, int64_t n, bool plus,
						struct values *v, struct haproxy_scratch *s, struct record *r)
{
	v->cut = true;
	take(step, rest, n, plus, v, s, r);
	return true;
}

static bool stops(struct values *v, size_t step, const char *at)
{
	v->step = step;
	v->stop = at;
	return false;
}

/* The colon before the port; NULL when there is none. */
static inline const char *address_end(const struct logformat_step *step, const char *at, const char *end)
{
	const char *stop = end;
	if (step[1].after_len && !(stop = hop_to(at, end, step[1].after[0])))
		return NULL;
	while (stop > at && is_digit(stop[-1]))
		stop--;
	stop -= stop > at && stop[-1] == '-';
	return stop <= at || stop[-1] != ':' ? NULL : stop - 1;
}

/* `optional`: the line may end behind it; `last`: no value comes behind it. NULL: it does not end in the line. */
static inline const char *text_end(const struct logformat_step *step, bool quote, bool optional, bool last, const char *at,
				   const char *end)
{
	if (quote)
		return quoted_end(step, optional, at, end);
	if (step->means == LOGFORMAT_REQUEST && step->after_len)
		return request_end(step, at, end);
	if (step->after_len)
		return find_after(step, at, end, step->escaped);
	const char *blank = last ? NULL : hop_to(at, end, ' '); /* %tail is next */
	return blank ? blank : end;
}

static bool walk(const struct logformat *lf, struct span line, struct haproxy_scratch *s, struct values *v, struct record *r)
{
	const char *at = line.at, *end = line.at + line.len;
	if (!span_starts(line, lf->before))
		return stops(v, 0, at);
	at += lf->before.len;
	for (size_t i = 0; i < lf->n; i++) {
		const struct logformat_step *step = &lf->steps[i];
		const char *stop = NULL;
		struct span value;
		int64_t n = -1;
		bool plus = false, absent = false;
		/* Half of all values: no more to do than to keep the number. */
		for (; step->plain; step++, i++) {
			const char *behind = read_number(at, end, &n, &plus);
			if (!behind || behind == end || *behind != step->after[0])
				break;
			keep_number(step, n, plus, v, r);
			at = behind + 1;
		}
		if (at == end && i >= lf->optional_from)
			return true;
		bool quote = step->quoted && at < end && *at == '"' && step->shape != LOGFORMAT_LIST;
		at += quote;
		switch ((enum logformat_shape)step->shape) {
		case LOGFORMAT_NUMBER:
			stop = read_number(at, end, &n, &plus);
			if (!stop)
				return stops(v, i, at);
			break;
		case LOGFORMAT_STAMP:
			stop = at + step->len;
			if (end - at < step->len)
				return stops(v, i, at);
			break;
		case LOGFORMAT_ADDRESS:
			stop = address_end(step, at, end);
			if (!stop)
				return stops(v, i, at);
			break;
		case LOGFORMAT_BRACES:
			if (at == end || *at != '{') {
				absent = true;
				stop = at;
				break;
			}
			at++;
			stop = hop_to(at, end, '}');
			quote = true; /* one byte closes it too */
			break;
		case LOGFORMAT_LIST:
			absent = at == end || (*at != '"' && *at != '-');
			stop = absent ? at : list_end(at, end);
			break;
		case LOGFORMAT_TEXT:
			stop = text_end(step, quote, i + 1 >= lf->optional_from, i + 1 >= lf->n, at, end);
			break;
		case LOGFORMAT_TAIL:
			return true;
		}
		if (!stop) {
			/* Cut off, unless its quote is closed and something else was wanted behind it. */
			if (!v->says || (quote && step->shape == LOGFORMAT_TEXT && hop_to(at, end, '"')))
				return stops(v, i, at);
			return take_rest(step, (struct span){at, (size_t)(end - at)}, n, plus, v, s, r);
		}
		value = (struct span){at, (size_t)(stop - at)};
		if (!absent && !take(step, value, n, plus, v, s, r))
			return stops(v, i, at);
		at = stop + (quote && stop < end);
		const struct logformat_step *behind = step->epoch_ms ? &lf->steps[++i] : step;
		/* Nothing was printed: the blank before it stands for the one behind it. */
		bool merged = absent && step->blank_before && behind->after_len && behind->after[0] == ' ';
		const char *from = at - merged;
		if (!after_is(behind, from, end)) {
			if (from == end && i + 1 >= lf->optional_from && behind->after_len == 1)
				return true;
			return stops(v, i, at);
		}
		at = from + behind->after_len;
	}
	while (at < end && *at == ' ')
		at++;
	return at == end || stops(v, lf->n, at);
}

/* ---- from values to the record ---- */

static void set_metrics(const struct values *v, struct record *r)
{
	static const struct {
		enum logformat_timer timer;
		enum metric metric;
	} timers[] = {{TIMER_TQ, METRIC_LB_REQUEST_TIME}, {TIMER_TR, METRIC_LB_REQUEST_TIME},
		      {TIMER_TW, METRIC_LB_QUEUE_TIME},   {TIMER_TC, METRIC_LB_CONNECT_TIME},
		      {TIMER_RESPONSE, METRIC_LB_RESPONSE_TIME}};
	for (size_t i = 0; i < sizeof timers / sizeof *timers; i++) {
		int64_t us = haproxytime_timer(&v->time, timers[i].timer);
		if (us >= 0)
			record_metric(r, timers[i].metric, us);
	}
	/* Of no server ("<NOSRV>", "<STATS>") there are no connections and no queue. */
	if (!v->server.len || v->server.at[0] == '<')
		r->metrics &= ~(UINT32_C(1) << METRIC_LB_SERVER_CONNECTIONS | UINT32_C(1) << METRIC_LB_SERVER_QUEUE);
}

static void set_upstream(const struct values *v, struct haproxy_scratch *s, struct record *r)
{
	if (access_is_absent(v->backend) || access_is_absent(v->server))
		return;
	const char *between = v->backend.at + v->backend.len;
	if (v->server.at == between + 1 && *between == '/') {
		record_set(r, FIELD_UPSTREAM_ADDRESS, (struct span){v->backend.at, v->backend.len + 1 + v->server.len});
		return;
	}
	text_clear(&s->upstream);
	text_append(&s->upstream, v->backend);
	text_append_byte(&s->upstream, '/');
	text_append(&s->upstream, v->server);
	record_set(r, FIELD_UPSTREAM_ADDRESS, text_span(&s->upstream));
}

/* %HP and %HQ are the two halves of a URL. */
static void set_query(const struct values *v, struct haproxy_scratch *s, struct record *r)
{
	struct span path = record_get(r, FIELD_PATH);
	if (!path.len || v->query.len < 2 || v->query.at[0] != '?' || span_find_byte(path, '?') >= 0)
		return;
	struct text whole = {0};
	if (path.at != s->path.at) {
		text_clear(&s->path);
		text_append(&s->path, path);
	}
	text_append(&s->path, unescaped(v->query, &whole));
	text_release(&whole);
	record_set(r, FIELD_PATH, text_span(&s->path));
}

bool haproxy_scan(const struct logformat *lf, const struct syslog_header *h, struct haproxy_scratch *s, struct record *r)
{
	struct values v;
	haproxytime_clear(&v.time);
	v.cut = v.says = false;
	v.backend = v.server = v.query = SPAN_NONE;
	r->resolution_us = 0;
	if (!walk(lf, h->message, s, &v, r))
		return false;
	set_upstream(&v, s, r);
	if (v.query.len)
		set_query(&v, s, r);
	set_metrics(&v, r);
	haproxytime_set(&v.time, lf->is_http, h, r);
	set_once(r, FIELD_HOST, h->host);
	set_once(r, FIELD_PROCESS, h->process);
	set_once(r, FIELD_PID, h->pid);
	return true;
}

/* ---- for people ---- */

bool haproxy_reach(const struct logformat *lf, const struct syslog_header *h, size_t *at, struct text *wanted)
{
	struct haproxy_scratch scratch = {0};
	struct values v = {.time = {.accepted_ms = -1}, .stop = h->message.at};
	struct record r;
	record_clear(&r);
	bool fits = walk(lf, h->message, &scratch, &v, &r);
	haproxy_scratch_release(&scratch);
	*at = fits ? h->message.len : (size_t)(v.stop - h->message.at);
	if (fits)
		return true;
	if (v.step == lf->n) {
		text_append_string(wanted, "the end of the line");
		return false;
	}
	const struct logformat_step *step = &lf->steps[v.step];
	text_append(wanted, (struct span){lf->source + step->name, step->name_len});
	if (step->after_len) {
		text_append_string(wanted, " and then \"");
		text_append(wanted, (struct span){step->after, step->after_len});
		text_append_byte(wanted, '"');
	}
	return false;
}
