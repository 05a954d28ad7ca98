#include "parse/template.h"

#include "base/memory.h"
#include "parse/hop.h"

/* ngx_http_log_combined_fmt, the format that nginx has when none is configured. */
static const char combined[] = "$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent "
			       "\"$http_referer\" \"$http_user_agent\"";

enum { MAX_STEPS = 64, MAX_TEXT_BYTES = 4096 };

/* A variable and the text behind it. The first step may have text only. */
struct step {
	struct access_meaning meaning;
	bool is_text;          /* no variable: the text stands here */
	bool no_blank;         /* an address, a host name or a number, not in quotes */
	bool is_list;          /* of upstreams, not in quotes: its blanks are not the one behind it */
	bool in_quotes;        /* the text begins with '"', and one stands before the value */
	bool agents;           /* of ACCESS_TAIL: referer and user agent are still to come */
	bool to_blank;         /* $tail follows at once: the value ends at a blank or at the end of the line */
	const char *after;     /* the text behind the value; borrowed from template.text */
	size_t after_len;
	struct hop_text after_head;
};

struct template {
	struct step steps[MAX_STEPS];
	size_t n;
	char *text; /* owned */
};

static inline bool is_name_byte(char c)
{
	return (unsigned char)((c | 0x20) - 'a') < 26 || (unsigned char)(c - '0') < 10 || c == '_';
}

/* Reads "$name" or "${name}" at *at; moves *at behind it. False when no name is there. */
static bool read_variable(struct span text, size_t *at, struct span *name)
{
	size_t i = *at + 1;
	bool braced = i < text.len && text.at[i] == '{';
	i += braced;
	size_t start = i;
	while (i < text.len && is_name_byte(text.at[i]))
		i++;
	*name = (struct span){text.at + start, i - start};
	if (!name->len || (braced && (i == text.len || text.at[i] != '}')))
		return false;
	*at = i + braced;
	return true;
}

static bool is_open_quote(const struct template *t, size_t index)
{
	const struct step *before = index ? &t->steps[index - 1] : NULL;
	return before && before->after_len && before->after[before->after_len - 1] == '"';
}

static struct step *add_step(struct template *t, struct diag *d)
{
	if (t->n == MAX_STEPS) {
		diag_set(d, "log_format has more than %d variables", MAX_STEPS);
		return NULL;
	}
	return &t->steps[t->n++];
}

static bool compile(struct template *t, struct span text, struct diag *d, size_t *column)
{
	bool has_status_or_request = false, has_stamp = false, has_agents = false;
	for (size_t at = 0; at < text.len;) {
		*column = at;
		struct step *step = add_step(t, d);
		if (!step)
			return false;
		*step = (struct step){0};
		step->is_text = text.at[at] != '$';
		bool is_list = false;
		if (!step->is_text) {
			struct span name;
			if (!read_variable(text, &at, &name)) {
				diag_set(d, "log_format has a \"$\" without a name");
				diag_hint(d, "Write the format as in nginx.conf, without its quotes.");
				return false;
			}
			step->meaning = access_variable(name);
			is_list = span_starts(name, SPAN("upstream_"));
			step->agents = step->meaning.what == ACCESS_TAIL && !has_agents;
			has_agents |= step->meaning.field == FIELD_REFERER || step->meaning.field == FIELD_USER_AGENT;
			has_stamp |= step->meaning.what == ACCESS_STAMP;
			has_status_or_request |=
				step->meaning.what == ACCESS_STATUS || step->meaning.what == ACCESS_REQUEST;
		}
		size_t start = at;
		while (at < text.len && text.at[at] != '$')
			at++;
		step->after = text.at + start;
		step->after_len = at - start;
		step->after_head = hop_text_of(step->after, step->after_len);
		step->in_quotes = step->after_len && step->after[0] == '"' && is_open_quote(t, t->n - 1);
		step->no_blank = !step->in_quotes && step->meaning.what == ACCESS_FIELD &&
				 (step->meaning.field == FIELD_CLIENT || step->meaning.field == FIELD_SERVER);
		step->no_blank |= step->meaning.what == ACCESS_STATUS;
		step->is_list = is_list && !step->in_quotes && step->after_len && step->after[0] == ' ';
		bool is_tail = step->meaning.what == ACCESS_TAIL && !step->is_text;
		step->to_blank = !step->after_len && span_equal(span_from(text, at), SPAN("$tail"));
		if (at < text.len && (is_tail || (!step->after_len && !step->to_blank))) {
			*column = at;
			diag_set(d, is_tail ? "$tail must be the last variable" :
					      "two variables without text between them cannot be told apart");
			diag_hint(
				d,
				"Put a blank or a quote between them in nginx.conf; for old logs, use a regex format.");
			return false;
		}
	}
	*column = 0;
	if (!has_stamp || !has_status_or_request) {
		diag_set(d, "log_format has no %s", has_stamp ? "$status and no $request" :
								 "$time_local, $time_iso8601 or $msec");
		diag_hint(d, "Without them a line says neither when nor what.");
		return false;
	}
	return true;
}

struct template *template_new(struct span text, struct diag *d, size_t *column)
{
	*column = 0;
	if (span_equal(span_trim(text), SPAN("combined")))
		text = SPAN(combined);
	if (text.len > MAX_TEXT_BYTES) {
		diag_set(d, "log_format is longer than %d bytes", MAX_TEXT_BYTES);
		return NULL;
	}
	struct template *t = memory_new(1, sizeof *t);
	t->text = span_copy(text);
	if (!compile(t, (struct span){t->text, text.len}, d, column)) {
		template_free(t);
		return NULL;
	}
	return t;
}

void template_free(struct template *t)
{
	if (!t)
		return;
	memory_free(t->text);
	memory_free(t);
}

/* Where the text behind the value begins; NULL when it does not come. */
static inline const char *find_after(const struct step *step, const char *start, const char *end)
{
	for (const char *at = start;;) {
		const char *hit = hop_to(at, end, step->after[0]);
		if (!hit || (size_t)(end - hit) < step->after_len)
			return NULL;
		bool escaped = step->in_quotes && hit > start && hit[-1] == '\\';
		if (escaped) {
			const char *slash = hit;
			while (slash > start && slash[-1] == '\\')
				slash--;
			escaped = (hit - slash) % 2 != 0;
		}
		if (!escaped &&
		    (step->after_len == 1 || hop_is(hit, end, step->after_head, step->after, step->after_len)))
			return hit;
		if (step->no_blank && *hit == ' ')
			return NULL;
		at = hit + 1;
	}
}

/* The last line's stamp again, with the text behind it: then there is nothing to search. */
static inline bool same_stamp(const struct step *step, const struct access_scratch *s, const char *at, const char *end)
{
	return s->len && (size_t)(end - at) >= s->len + step->after_len && hop_same(at, s->text, s->len) &&
	       hop_is(at + s->len, end, step->after_head, step->after, step->after_len);
}

bool template_scan(const struct template *t, struct span line, struct template_scratch *s, struct record *r)
{
	const char *at = line.at, *end = line.at + line.len;
	r->resolution_us = 0;
	for (size_t i = 0; i < t->n; i++) {
		const struct step *step = &t->steps[i];
		if (step->is_text) {
			if ((size_t)(end - at) < step->after_len || memcmp(at, step->after, step->after_len))
				return false;
			at += step->after_len;
			continue;
		}
		if (step->meaning.what == ACCESS_TAIL)
			return tail_scan((struct span){at, (size_t)(end - at)}, step->agents, &s->tail, &s->access, r);
		const char *stop = end;
		if (step->meaning.what == ACCESS_STAMP && step->after_len && same_stamp(step, &s->access, at, end))
			stop = at + s->access.len;
		else if (step->is_list)
			stop = tail_bare(at, end);
		else if (step->to_blank)
			stop = (stop = hop_to(at, end, ' ')) ? stop : end;
		else if (step->after_len && !(stop = find_after(step, at, end)))
			return false;
		if (step->is_list && !hop_is(stop, end, step->after_head, step->after, step->after_len))
			return false;
		access_set(step->meaning, (struct span){at, (size_t)(stop - at)}, &s->access, r);
		at = stop + step->after_len;
	}
	return at == end;
}

/* ---- for people ---- */

/* A variable as the format writes it: what stands between the texts before and behind it. */
static struct span step_name(const struct template *t, size_t index)
{
	const struct step *before = index ? &t->steps[index - 1] : NULL;
	const char *from = before ? before->after + before->after_len : t->text;
	return (struct span){from, (size_t)(t->steps[index].after - from)};
}

static void want_text(struct text *wanted, const struct step *step)
{
	text_append_string(wanted, "\"");
	text_append(wanted, (struct span){step->after, step->after_len});
	text_append_string(wanted, "\"");
}

/* Where the last quote is that could begin a value: behind it no other closes it. */
static const char *last_quote(const char *at, const char *end)
{
	const char *last = at;
	for (const char *p = at; p < end; p++)
		if (*p == '"' && (p == at || p[-1] != '\\'))
			last = p;
	return last;
}

/* find_after() without its speed: that one has one caller and is inlined there. */
static const char *search_after(const struct step *step, const char *start, const char *end)
{
	const struct span after = {step->after, step->after_len};
	for (const char *hit = start; (size_t)(end - hit) >= after.len; hit++) {
		bool here = span_starts((struct span){hit, (size_t)(end - hit)}, after);
		const char *slash = hit;
		while (here && step->in_quotes && slash > start && slash[-1] == '\\')
			slash--;
		if (here && (hit - slash) % 2 == 0)
			return hit;
		if (step->no_blank && *hit == ' ')
			return NULL;
	}
	return NULL;
}

/* Where the value of a step ends; NULL when the text behind it does not come. */
static const char *value_end(const struct step *step, const char *at, const char *end)
{
	const char *stop = end;
	if (step->is_list) {
		stop = tail_bare(at, end);
		return hop_is(stop, end, step->after_head, step->after, step->after_len) ? stop : NULL;
	}
	if (step->to_blank)
		return (stop = hop_to(at, end, ' ')) ? stop : end;
	return step->after_len ? search_after(step, at, end) : end;
}

/* As template_reach(). `*unread`: where the first stamp begins that cannot be read; NULL when there is none. */
static bool reach(const struct template *t, struct span line, size_t *at, struct text *wanted, const char **unread)
{
	const char *from = line.at, *end = line.at + line.len;
	for (size_t i = 0; i < t->n; i++) {
		const struct step *step = &t->steps[i];
		size_t same = 0;
		if (step->is_text) {
			while (same < step->after_len && from + same < end && from[same] == step->after[same])
				same++;
			if (same < step->after_len) {
				*at = (size_t)(from - line.at) + same;
				want_text(wanted, step);
				return false;
			}
			from += same;
			continue;
		}
		if (step->meaning.what == ACCESS_TAIL) {
			struct template_scratch scratch = {0};
			struct record r;
			record_clear(&r);
			if (!tail_scan((struct span){from, (size_t)(end - from)}, step->agents, &scratch.tail, &scratch.access, &r)) {
				*at = (size_t)(last_quote(from, end) - line.at);
				text_append_string(wanted, "a quote that closes this one");
				return false;
			}
			from = end;
			break;
		}
		const char *stop = value_end(step, from, end);
		struct span name = step_name(t, i);
		if (!stop) {
			const char *blank = step->no_blank ? hop_to(from, end, ' ') : NULL;
			*at = (size_t)((blank ? blank : step->no_blank ? end : from) - line.at);
			if (!step->no_blank) {
				text_append(wanted, name);
				text_append_string(wanted, " and then ");
			}
			want_text(wanted, step);
			text_append_string(wanted, step->no_blank ? " behind " : "");
			text_append(wanted, step->no_blank ? name : SPAN_NONE);
			return false;
		}
		struct stamp stamp;
		if (step->meaning.what == ACCESS_STAMP && !stamp_parse((struct span){from, (size_t)(stop - from)}, NULL, &stamp))
			*unread = *unread ? *unread : from;
		from = stop + step->after_len;
	}
	*at = (size_t)(from - line.at);
	if (from < end)
		text_append_string(wanted, "the end of the line");
	return from == end;
}

bool template_reach(const struct template *t, struct span line, size_t *at, struct text *wanted)
{
	const char *unread = NULL;
	size_t kept = wanted->len;
	bool fits = reach(t, line, at, wanted, &unread);
	if (!unread)
		return fits;
	/* The scanner looks at stamps last, but for people this is where the line is another one. */
	*at = (size_t)(unread - line.at);
	wanted->len = kept;
	text_append_string(wanted, "a time stamp");
	return false;
}
