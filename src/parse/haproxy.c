#include "parse/haproxy.h"

#include "parse/access.h"

enum { MILLISECOND_US = 1000 };
#define ZONE_STEP_US (15 * MINUTE_US)
#define ZONE_MOST_US (14 * 60 * MINUTE_US)
#define ZONE_SLACK_US (5 * MINUTE_US) /* of a stamp written elsewhere; less than half a step */

/* One moment, printed up to twice: finely without a zone, and with one. */
struct moment {
	struct stamp finest, zoned;
	struct span text; /* of the finest */
	bool has, has_zoned;
};

struct values {
	const char *stop;          /* where the line does not fit, and at which step */
	size_t step;
	struct moment accepted, requested, logged;
	int64_t accepted_ms;       /* -1: not printed */
	int64_t timer[TIMER_COUNT];
	unsigned timers;           /* bit 1 << enum logformat_timer: printed, be it as -1 */
	bool running;              /* "+": it is not over */
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

static inline bool is_digit(char c)
{
	return (unsigned char)(c - '0') < 10;
}

/* "[+-]123"; *n stays below 10^18. Returns its end, NULL when no number stands at `at`. */
static inline const char *read_number(const char *at, const char *end, int64_t *n, bool *plus)
{
	bool minus = at < end && *at == '-';
	*plus = at < end && *at == '+';
	at += minus || *plus;
	const char *first = at;
	int64_t value = 0;
	for (; at < end && is_digit(*at); at++) {
		if (value < INT64_C(100000000000000000))
			value = value * 10 + (*at - '0');
	}
	*n = minus ? -value : value;
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

static void add_moment(struct moment *m, struct span value, struct haproxy_scratch *s)
{
	struct stamp stamp;
	if (!stamp_parse(value, &s->stamps, &stamp))
		return;
	if (stamp.zone == STAMP_EXPLICIT && (!m->has_zoned || stamp.resolution_us < m->zoned.resolution_us)) {
		m->zoned = stamp;
		m->has_zoned = true;
	}
	if (!m->has || stamp.resolution_us < m->finest.resolution_us) {
		m->finest = stamp;
		m->text = value;
		m->has = true;
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
	size_t digits = 0;
	for (size_t i = 0; i < value.len && value.len <= 36; i++) {
		char c = value.at[i] | 0x20;
		if (value.len == 36 && value.at[i] == '-' && (i == 8 || i == 13 || i == 18 || i == 23))
			continue;
		if (!is_digit(value.at[i]) && (c < 'a' || c > 'f'))
			return false;
		digits++;
	}
	return digits == 32 || (digits >= 16 && digits == value.len);
}

/* Captured headers have no names: only what cannot be anything else is taken. */
static void set_captures(struct span value, char between, struct record *r)
{
	while (value.len) {
		struct span one = span_cut(&value, between);
		if (one.len > 1 && one.at[0] == '"' && one.at[one.len - 1] == '"')
			one = (struct span){one.at + 1, one.len - 2};
		if (one.len >= 16 && is_id(one))
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

/* False when the value cannot be one of the step's kind. */
static inline bool take(const struct logformat_step *step, struct span value, int64_t n, bool plus, struct values *v,
			struct haproxy_scratch *s, struct record *r)
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
		v->running |= plus;
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
		add_moment(&v->accepted, value, s);
		break;
	case LOGFORMAT_REQUESTED:
		add_moment(&v->requested, value, s);
		break;
	case LOGFORMAT_LOGGED:
		add_moment(&v->logged, value, s);
		break;
	case LOGFORMAT_ACCEPTED_MS:
		v->accepted_ms = n >= 0 && n < 1000 ? n : -1;
		break;
	case LOGFORMAT_TIMER:
		v->timer[step->which] = n;
		v->timers |= 1u << step->which;
		v->running |= plus;
		break;
	case LOGFORMAT_METRIC:
		if (n >= 0)
			record_metric(r, (enum metric)step->which, n);
		break;
	case LOGFORMAT_CAPTURES:
		set_captures(value, step->shape == LOGFORMAT_BRACES ? '|' : ' ', r);
		break;
	}
	return true;
}

/* ---- the walk over the line ---- */

static bool stops(struct values *v, size_t step, const char *at)
{
	v->step = step;
	v->stop = at;
	return false;
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
		if (i >= lf->optional_from && at == end)
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
			stop = end;
			if (step[1].after_len && !(stop = hop_to(at, end, step[1].after[0])))
				return stops(v, i, at);
			while (stop > at && is_digit(stop[-1]))
				stop--;
			stop -= stop > at && stop[-1] == '-';
			if (stop <= at || stop[-1] != ':')
				return stops(v, i, at);
			stop--;
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
			if (quote)
				stop = quoted_end(step, i + 1 >= lf->optional_from, at, end);
			else if (step->means == LOGFORMAT_REQUEST && step->after_len)
				stop = request_end(step, at, end);
			else
				stop = step->after_len ? find_after(step, at, end, step->escaped) : end;
			/* %tail is next. */
			if (!quote && !step->after_len && i + 1 < lf->n && hop_to(at, end, ' '))
				stop = hop_to(at, end, ' ');
			break;
		case LOGFORMAT_TAIL:
			return true;
		}
		if (!stop) {
			/* Cut off, unless its quote is closed and something else was wanted behind it. */
			if (!v->says || (quote && step->shape == LOGFORMAT_TEXT && hop_to(at, end, '"')))
				return stops(v, i, at);
			v->cut = true;
			take(step, (struct span){at, (size_t)(end - at)}, n, plus, v, s, r);
			return true;
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

static inline bool printed(const struct values *v, enum logformat_timer timer)
{
	return v->timers >> timer & 1;
}
static inline bool known(const struct values *v, enum logformat_timer timer)
{
	return printed(v, timer) && v->timer[timer] >= 0;
}

/* How long the connection waited for the request's first byte: Th + Ti; HAProxy counts neither when nothing came. */
static bool idle_ms(const struct values *v, int64_t *ms)
{
	if (printed(v, TIMER_TI) && printed(v, TIMER_TH))
		*ms = v->timer[TIMER_TI] >= 0 ? v->timer[TIMER_TI] + v->timer[TIMER_TH] : 0;
	else if (known(v, TIMER_TQ) && known(v, TIMER_TR))
		*ms = v->timer[TIMER_TQ] - v->timer[TIMER_TR];
	else
		return false;
	return true;
}

/* First byte to end; -1 when it cannot be told. */
static int64_t active_ms(const struct values *v)
{
	int64_t idle;
	if (known(v, TIMER_TA))
		return v->timer[TIMER_TA];
	if (known(v, TIMER_TT) && idle_ms(v, &idle) && v->timer[TIMER_TT] >= idle)
		return v->timer[TIMER_TT] - idle;
	return -1;
}

/* Accept to end. */
static int64_t total_ms(const struct values *v)
{
	int64_t idle;
	if (known(v, TIMER_TT))
		return v->timer[TIMER_TT];
	return known(v, TIMER_TA) && idle_ms(v, &idle) ? v->timer[TIMER_TA] + idle : -1;
}

/* The instant of a civil time that is known to lie next to `near_us` (UTC). */
static bool zoned(int64_t civil_us, int64_t near_us, int64_t *utc_us)
{
	int64_t off = civil_us - near_us;
	if (off > ZONE_MOST_US + ZONE_SLACK_US || off < -ZONE_MOST_US - ZONE_SLACK_US)
		return false;
	int64_t half = off >= 0 ? ZONE_STEP_US / 2 : -(ZONE_STEP_US / 2);
	int64_t offset = (off + half) / ZONE_STEP_US * ZONE_STEP_US;
	*utc_us = civil_us - offset;
	return off - offset <= ZONE_SLACK_US && offset - off <= ZONE_SLACK_US;
}

/* The finest stamp of the moment, in UTC when another one says so. */
static struct stamp moment_stamp(const struct moment *m)
{
	struct stamp stamp = m->finest;
	int64_t utc_us;
	if (stamp.zone == STAMP_EXPLICIT || !m->has_zoned)
		return stamp;
	if (!zoned(stamp.time_us, m->zoned.time_us, &utc_us))
		return m->zoned;
	stamp.time_us = utc_us;
	stamp.zone = STAMP_EXPLICIT;
	stamp.zone_text = SPAN_NONE;
	return stamp;
}

static void use(const struct stamp *stamp, struct span text, struct record *r)
{
	record_set(r, FIELD_TIMESTAMP, text);
	stamp_apply(stamp, r);
}

static void set_time(const struct values *v, const struct syslog_header *h, struct record *r)
{
	int64_t active = active_ms(v), total = total_ms(v), passed = -1;
	const struct moment *start = v->requested.has ? &v->requested : &v->accepted;
	if (v->requested.has && active >= 0)
		passed = active;
	else if (v->accepted.has && total >= 0)
		passed = total, start = &v->accepted;
	bool is_end = start->has && passed >= 0 && !v->running;
	if (!is_end && v->logged.has) {
		struct stamp stamp = moment_stamp(&v->logged);
		use(&stamp, v->logged.text, r);
		return;
	}
	if (!start->has || (!is_end && h->has_stamp)) {
		if (h->has_stamp)
			use(&h->stamp, h->stamp_text, r);
		return;
	}
	struct stamp stamp = moment_stamp(start);
	if (start == &v->accepted && v->accepted_ms >= 0 && stamp.resolution_us == SECOND_US) {
		stamp.time_us += v->accepted_ms * MILLISECOND_US;
		stamp.resolution_us = MILLISECOND_US;
	}
	if (passed < 0)
		passed = known(v, TIMER_TA) ? v->timer[TIMER_TA] : known(v, TIMER_TT) ? v->timer[TIMER_TT] : 0;
	/* Timers of more than 3,000 years are none. */
	stamp.time_us += passed < INT64_C(100000000000000) ? passed * MILLISECOND_US : 0;
	if (stamp.zone != STAMP_EXPLICIT && h->has_stamp && h->stamp.zone == STAMP_EXPLICIT) {
		int64_t utc_us;
		if (!zoned(stamp.time_us, h->stamp.time_us, &utc_us)) {
			use(&h->stamp, h->stamp_text, r);
			return;
		}
		stamp.time_us = utc_us;
		stamp.zone = STAMP_EXPLICIT;
	}
	use(&stamp, start->text, r);
}

static void set_duration(const struct logformat *lf, const struct values *v, struct record *r)
{
	int64_t active = active_ms(v), total = total_ms(v);
	int64_t ms = lf->is_http && active >= 0 ? active : total >= 0 ? total : active;
	/* Before 1.7 a line had Tq and Tt only: what a kept connection was idle is part of both, so a request counts from where
	 * it was complete. */
	if (lf->is_http && active < 0 && total >= 0 && known(v, TIMER_TQ) && v->timer[TIMER_TQ] <= total)
		ms = total - v->timer[TIMER_TQ];
	if (ms >= 0 && !v->running && ms < INT64_C(100000000000000))
		r->duration_us = ms * MILLISECOND_US;
}

static void set_metrics(const struct values *v, struct record *r)
{
	static const struct {
		enum logformat_timer timer;
		enum metric metric;
	} timers[] = {{TIMER_TQ, METRIC_LB_REQUEST_TIME}, {TIMER_TR, METRIC_LB_REQUEST_TIME},
		      {TIMER_TW, METRIC_LB_QUEUE_TIME},   {TIMER_TC, METRIC_LB_CONNECT_TIME},
		      {TIMER_RESPONSE, METRIC_LB_RESPONSE_TIME}};
	for (size_t i = 0; i < sizeof timers / sizeof *timers; i++) {
		if (known(v, timers[i].timer) && v->timer[timers[i].timer] < INT64_C(100000000000000))
			record_metric(r, timers[i].metric, v->timer[timers[i].timer] * MILLISECOND_US);
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
	v.accepted.has = v.accepted.has_zoned = v.requested.has = v.requested.has_zoned = false;
	v.logged.has = v.logged.has_zoned = v.running = v.cut = v.says = false;
	v.accepted_ms = -1;
	v.timers = 0;
	v.backend = v.server = v.query = SPAN_NONE;
	r->resolution_us = 0;
	if (!walk(lf, h->message, s, &v, r))
		return false;
	set_upstream(&v, s, r);
	if (v.query.len)
		set_query(&v, s, r);
	set_metrics(&v, r);
	set_duration(lf, &v, r);
	set_time(&v, h, r);
	set_once(r, FIELD_HOST, h->host);
	set_once(r, FIELD_PROCESS, h->process);
	set_once(r, FIELD_PID, h->pid);
	return true;
}

/* ---- for people ---- */

bool haproxy_reach(const struct logformat *lf, const struct syslog_header *h, size_t *at, struct text *wanted)
{
	struct haproxy_scratch scratch = {0};
	struct values v = {.accepted_ms = -1, .stop = h->message.at};
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
