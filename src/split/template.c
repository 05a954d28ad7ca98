#include "split/template.h"

#include "base/memory.h"
#include "line/hop.h"
#include "line/jsonescape.h"

struct template {
	struct nginxformat format;
	struct apachetime time; /* of Apache's; no pieces: the stamp is one value */
	bool starts;            /* the stamp is when the request began */
	bool picky;             /* values are padded, or must have their shape */
};

struct template *template_new(struct span text, bool stream, struct diag *d, size_t *column)
{
	struct template *t = memory_new(1, sizeof *t);
	if (!nginxformat_compile(&t->format, text, stream, d, column)) {
		template_free(t);
		return NULL;
	}
	return t;
}

struct template *template_new_apache(struct span text, struct diag *d, size_t *column)
{
	struct template *t = memory_new(1, sizeof *t);
	struct apacheformat f;
	bool fine = apacheformat_compile(&f, text, d, column);
	t->format = f.steps;
	t->time = f.time;
	t->starts = f.starts;
	for (size_t i = 0; i < t->format.n; i++)
		t->picky |= t->format.steps[i].padded || t->format.steps[i].strict;
	if (fine)
		return t;
	template_free(t);
	return NULL;
}

void template_free(struct template *t)
{
	if (!t)
		return;
	nginxformat_release(&t->format);
	apachetime_release(&t->time);
	memory_free(t);
}

bool template_moves(const struct template *t)
{
	return t->starts;
}

bool template_is_stream(const struct template *t)
{
	return t->format.stream;
}

void template_scratch_release(struct template_scratch *s)
{
	memory_free(s->undone);
	*s = (struct template_scratch){0};
}

/* ---- the fast way: the first separator is the one ---- */

/* Where the text behind the value begins; NULL when it does not come. */
static inline __attribute__((always_inline)) const char *find_after(const struct nginxformat_step *step, const char *start, const char *end)
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
static inline bool same_stamp(const struct nginxformat_step *step, const struct access_scratch *s, const char *at,
			      const char *end)
{
	return s->len && (size_t)(end - at) >= s->len + step->after_len && hop_same(at, s->text, s->len) &&
	       hop_is(at + s->len, end, step->after_head, step->after, step->after_len);
}

/* Other servers' lines fit everywhere but here. "-" is a value of each shape. */
static inline bool has_shape(enum access_shape shape, const char *at, const char *stop)
{
	size_t dots = 0;
	if (stop - at == 1 && *at == '-')
		return true;
	if (shape == SHAPE_WORD)
		return !hop_to(at, stop, ' ');
	/* Envoy's status is 0 when there was no answer. */
	if (at == stop || (shape == SHAPE_STATUS && stop - at != 3 && (stop - at != 1 || *at != '0')))
		return false;
	for (; at < stop; at++) {
		dots += *at == '.';
		if ((unsigned char)(*at - '0') > 9 && (*at != '.' || shape != SHAPE_DECIMAL || dots > 1))
			return false;
	}
	return true;
}

/* Compiled twice: nginx's own lines, which are the many, are not asked at each step what only others need. */
static inline __attribute__((always_inline)) bool scan(const struct nginxformat *f, bool picky, struct span line,
						       struct template_scratch *s, struct record *r)
{
	const char *at = line.at, *end = line.at + line.len;
	r->resolution_us = 0;
	for (size_t i = 0; i < f->n; i++) {
		const struct nginxformat_step *step = &f->steps[i];
		if (step->is_text) {
			if ((size_t)(end - at) < step->after_len || memcmp(at, step->after, step->after_len))
				return false;
			at += step->after_len;
			continue;
		}
		if (picky)
			at += step->padded && at < end && *at == ' ';
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
		if (picky && step->strict && !has_shape((enum access_shape)step->meaning.shape, at, stop))
			return false;
		access_set(step->meaning, (struct span){at, (size_t)(stop - at)}, &s->access, r);
		at = stop + step->after_len;
	}
	return at == end;
}

static __attribute__((noinline)) bool scan_picky(const struct nginxformat *f, struct span line, struct template_scratch *s,
						 struct record *r)
{
	return scan(f, true, line, s, r);
}

/* ---- the careful way: the shortest values with which the whole line fits ---- */

enum { WORK_PER_BYTE = 64, BYTES_PER_WORK = 16 /* where one byte is looked for, many bytes at a time */ };

/* How far a line was followed, for people too. */
struct path {
	const char *end, *furthest;
	size_t furthest_step, work;
	const char *start[NGINXFORMAT_STEPS], *stop[NGINXFORMAT_STEPS];
};

static size_t digits_at(const char *at, const char *end)
{
	const char *p = at;
	while (p < end && is_digit(*p))
		p++;
	return (size_t)(p - at);
}

/* The only end that a value of this shape can have; NULL: it is none of them, or there are several (`*several`). */
static const char *only_end(enum access_shape shape, const char *at, const char *end, bool *several)
{
	struct stamp stamp;
	size_t len = (size_t)(end - at), n = digits_at(at, end);
	*several = false;
	if (len && *at == '-' && (shape == SHAPE_DIGITS || shape == SHAPE_DECIMAL))
		return at + 1;
	switch (shape) {
	case SHAPE_DIGITS:
		return at + n;
	case SHAPE_DECIMAL:
		return n < len && at[n] == '.' ? at + n + 1 + digits_at(at + n + 1, end) : at + n;
	case SHAPE_STATUS:
		return n == 3 ? at + 3 : len > 3 && n > 3 ? at + 3 : NULL;
	case SHAPE_STAMP:
		if ((n = stamp_scan((struct span){at, len}, NULL, &stamp)) > 0)
			return at + n;
		n = digits_at(at, end);
		n += n && n < len && at[n] == '.' ? 1 + digits_at(at + n + 1, end) : 0;
		return n ? at + n : NULL;
	case SHAPE_TRANSPORT:
		return len >= 3 && (!memcmp(at, "TCP", 3) || !memcmp(at, "UDP", 3)) ? at + 3 : NULL;
	case SHAPE_ANY:
	case SHAPE_WORD:
	case SHAPE_PATH:
	case SHAPE_NUMBERS:
	case SHAPE_WORDS:
		break;
	}
	*several = true;
	return NULL;
}

static bool is_url(const char *at, const char *end)
{
	struct span s = {at, (size_t)(end - at)};
	return span_starts(s, SPAN("http://")) || span_starts(s, SPAN("https://"));
}

/* How far a value of one of the other shapes can reach at most. */
static const char *reach_of(enum access_shape shape, const char *at, const char *end)
{
	const char *p = at;
	switch (shape) {
	case SHAPE_WORD:
		return (p = hop_to(at, end, ' ')) ? p : end;
	case SHAPE_WORDS:
		return tail_bare(at, end);
	case SHAPE_NUMBERS:
		while (p < end && (is_digit(*p) || *p == '.' || *p == ',' || *p == ':' || *p == ' ' || *p == '-'))
			p++;
		return p > at && (is_digit(*at) || *at == '-') ? p : at;
	case SHAPE_PATH:
		return at < end && (*at == '/' || *at == '-' || *at == '*' || is_url(at, end)) ? end : at;
	default:
		return end;
	}
}

/* A list does not end in the middle of a separator; at its end " : " may stand with nothing behind it. */
static bool ends_list(const char *at, const char *stop)
{
	const ptrdiff_t len = stop - at;
	if (len && stop[-1] == ' ')
		return len >= 3 && stop[-2] == ':' && stop[-3] == ' ';
	return !len || !(stop[-1] == ',' || (stop[-1] == ':' && len >= 2 && stop[-2] == ' '));
}

/* find_after() without its speed: that one has one caller and is inlined there. */
static const char *search_after(const struct nginxformat_step *step, const char *start, const char *end)
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

/* The next end at or behind `from` of a value that starts at `at`; NULL when there is none. */
static const char *next_stop(const struct nginxformat *f, size_t index, const char *at, const char *from,
			     struct path *path)
{
	const struct nginxformat_step *step = &f->steps[index];
	const bool last = index + 1 == f->n && !step->after_len;
	const enum access_shape shape = (enum access_shape)step->meaning.shape;
	const char *end = path->end;
	from += step->padded && from == at && from < end && *from == ' ';
	bool several, is_list = shape == SHAPE_NUMBERS || shape == SHAPE_WORDS;
	if (step->in_quotes && shape != SHAPE_STAMP)
		return from > at ? NULL : search_after(step, at, end);
	const char *stop = only_end(shape, at, end, &several);
	if (!several) {
		bool here = stop && from <= stop &&
			    (last ? stop == end : hop_is(stop, end, step->after_head, step->after, step->after_len));
		return here ? stop : NULL;
	}
	const char *most = reach_of(shape, at, end), *quote = f->escaped ? tail_quote(at, end) : NULL;
	/* A quote in a value would be escaped. */
	if (quote && quote < most)
		most = quote;
	path->work += (size_t)((quote ? quote : end) - at) / BYTES_PER_WORK;
	if (last)
		return most == end && from <= end && (!is_list || ends_list(at, end)) ? end : NULL;
	for (stop = from; stop <= most; stop++) {
		if (step->after_len) {
			const char *hit = hop_to(stop, end, step->after[0]);
			path->work += (size_t)((hit ? hit : end) - stop);
			if (!hit || hit > most)
				return NULL;
			stop = hit;
		}
		path->work++;
		if (hop_is(stop, end, step->after_head, step->after, step->after_len) && (!is_list || ends_list(at, stop)))
			return stop;
	}
	return NULL;
}

/* Fills path->start and stop of each step. */
static bool find_path(const struct nginxformat *f, struct span line, struct path *path)
{
	const char *at = line.at, *from = at;
	size_t i = 0;
	path->end = line.at + line.len;
	path->furthest = at;
	path->furthest_step = 0;
	path->work = 0;
	while (i < f->n || at != path->end) {
		const struct nginxformat_step *step = i < f->n ? &f->steps[i] : NULL;
		const char *stop = NULL;
		if (at > path->furthest) {
			path->furthest = at;
			path->furthest_step = i;
		}
		if (step && step->meaning.what == ACCESS_TAIL) {
			path->start[i] = at;
			return true;
		}
		if (step && step->is_text)
			stop = from == at && hop_is(at, path->end, step->after_head, step->after, step->after_len) ? at : NULL;
		else if (step)
			stop = next_stop(f, i, at, from, path);
		if (stop) {
			path->start[i] = at;
			path->stop[i++] = stop;
			at = from = stop + step->after_len;
			continue;
		}
		if (!i-- || path->work > WORK_PER_BYTE * (line.len + WORK_PER_BYTE))
			return false;
		at = path->start[i];
		from = path->stop[i] + 1;
	}
	return true;
}

static __attribute__((noinline)) bool scan_carefully(const struct nginxformat *f, struct span line, struct template_scratch *s, struct record *r)
{
	struct path path;
	r->resolution_us = 0;
	if (!find_path(f, line, &path))
		return false;
	for (size_t i = 0; i < f->n; i++) {
		const struct nginxformat_step *step = &f->steps[i];
		const struct span rest = {path.start[i], (size_t)(path.end - path.start[i])};
		if (step->meaning.what == ACCESS_TAIL)
			return tail_scan(rest, step->agents, &s->tail, &s->access, r);
		if (!step->is_text)
			access_set(step->meaning, span_head(rest, (size_t)(path.stop[i] - path.start[i])), &s->access, r);
	}
	return true;
}

/* What a line says beside the fields: it is followed once more, which costs nothing where nobody asks. */
static __attribute__((noinline)) void give_extras(const struct nginxformat *f, struct span line, struct extras *extras)
{
	struct path path;
	if (!find_path(f, line, &path))
		return;
	for (size_t i = 0; i < f->n && f->steps[i].meaning.what != ACCESS_TAIL; i++) {
		struct span name = nginxformat_extra(f, i), value = {path.start[i], (size_t)(path.stop[i] - path.start[i])};
		if (name.len && !f->steps[i].is_text && !access_is_absent(value))
			extras_add(extras, name, value);
	}
}

/* ---- both ---- */

/* Copies each field with a backslash to the scratch, its escapes undone. */
static void undo_escapes(struct span line, struct template_scratch *s, struct record *r)
{
	/* No byte of a line is in more than two fields: of the request, in the path too. */
	if (s->undone_cap < 2 * line.len)
		s->undone = memory_grow(s->undone, &s->undone_cap, 2 * line.len, 1);
	char *to = s->undone;
	for (uint64_t bits = r->has; bits; bits &= bits - 1) {
		struct span *value = &r->field[__builtin_ctzll(bits)];
		if (!value->len || !memchr(value->at, '\\', value->len))
			continue;
		size_t len = jsonescape_undo(*value, to);
		*value = (struct span){to, len};
		to += len;
	}
}

/* The time that a line says in pieces. */
static __attribute__((noinline)) void put_together(const struct template *t, struct template_scratch *s, struct record *r)
{
	struct stamp stamp;
	if (!apachetime_read(&t->time, s->access.pieces, &s->access.cache, &stamp))
		return;
	stamp_apply(&stamp, r);
	/* A part of it, so that it is known where the time stands. */
	record_set(r, FIELD_TIMESTAMP, s->access.pieces[0]);
}

static void move_to_end(struct record *r)
{
	if (r->resolution_us && r->duration_us > 0 && r->time_us < INT64_MAX / 2 && r->duration_us < INT64_MAX / 4)
		r->time_us += r->duration_us;
}

bool template_scan(const struct template *t, struct span line, struct template_scratch *s, struct record *r)
{
	const struct nginxformat *f = &t->format;
	bool splits = !f->loose && (t->picky ? scan_picky(f, line, s, r) : scan(f, false, line, s, r));
	if (splits && t->time.n)
		put_together(t, s, r);
	if (!splits || !r->resolution_us) {
		record_clear(r);
		/* A line that splits but has no stamp is told from one that does not split. */
		if (!scan_carefully(f, line, s, r))
			return splits;
		if (t->time.n)
			put_together(t, s, r);
	}
	if (t->starts)
		move_to_end(r);
	if (s->extras)
		give_extras(f, line, s->extras);
	if (f->escaped && line.len && memchr(line.at, '\\', line.len))
		undo_escapes(line, s, r);
	return true;
}

/* ---- for people ---- */

static void want_text(struct text *wanted, const struct nginxformat_step *step)
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

/* Where the value of a step ends; NULL when the text behind it does not come. */
static const char *value_end(const struct nginxformat_step *step, const char *at, const char *end)
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

/* Whether what follows from `from` on is read by $tail. */
static bool reach_tail(const struct nginxformat_step *step, struct span line, const char *from, size_t *at, struct text *wanted)
{
	struct template_scratch scratch = {0};
	struct record r;
	const char *end = line.at + line.len;
	record_clear(&r);
	if (tail_scan((struct span){from, (size_t)(end - from)}, step->agents, &scratch.tail, &scratch.access, &r))
		return true;
	*at = (size_t)(last_quote(from, end) - line.at);
	text_append_string(wanted, "a quote that closes this one");
	return false;
}

/* As template_reach(). `*unread`: where the first stamp begins that cannot be read; NULL when there is none. */
static bool reach(const struct nginxformat *f, struct span line, size_t *at, struct text *wanted, const char **unread)
{
	const char *from = line.at, *end = line.at + line.len;
	for (size_t i = 0; i < f->n; i++) {
		const struct nginxformat_step *step = &f->steps[i];
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
			if (!reach_tail(step, line, from, at, wanted))
				return false;
			from = end;
			break;
		}
		const char *stop = value_end(step, from, end);
		struct span name = nginxformat_name(f, i);
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
		if (step->strict && !has_shape((enum access_shape)step->meaning.shape, from, stop)) {
			*at = (size_t)(from - line.at);
			text_append_string(wanted, "a value of ");
			text_append(wanted, name);
			return false;
		}
		struct stamp stamp;
		const struct span value = {from, (size_t)(stop - from)};
		if (step->meaning.what == ACCESS_STAMP && !stamp_parse(value, NULL, &stamp))
			*unread = *unread ? *unread : from;
		from = stop + step->after_len;
	}
	*at = (size_t)(from - line.at);
	if (from < end)
		text_append_string(wanted, "the end of the line");
	return from == end;
}

/* The same for a format whose values only their shapes tell apart. */
static bool reach_carefully(const struct nginxformat *f, struct span line, size_t *at, struct text *wanted)
{
	struct path path;
	bool fits = find_path(f, line, &path);
	*at = fits ? line.len : (size_t)(path.furthest - line.at);
	if (fits) {
		const struct nginxformat_step *last = &f->steps[f->n - 1];
		return last->meaning.what != ACCESS_TAIL || reach_tail(last, line, path.start[f->n - 1], at, wanted);
	}
	const struct nginxformat_step *step = path.furthest_step < f->n ? &f->steps[path.furthest_step] : NULL;
	if (!step) {
		text_append_string(wanted, "the end of the line");
	} else if (step->is_text) {
		want_text(wanted, step);
	} else {
		text_append_string(wanted, "a value of ");
		text_append(wanted, nginxformat_name(f, path.furthest_step));
		if (step->after_len) {
			text_append_string(wanted, " and then ");
			want_text(wanted, step);
		}
	}
	return false;
}

bool template_reach(const struct template *t, struct span line, size_t *at, struct text *wanted)
{
	const struct nginxformat *f = &t->format;
	if (f->loose)
		return reach_carefully(f, line, at, wanted);
	const char *unread = NULL;
	size_t kept = wanted->len;
	bool fits = reach(f, line, at, wanted, &unread);
	if (!unread)
		return fits;
	/* The scanner looks at stamps last, but for people this is where the line is another one. */
	*at = (size_t)(unread - line.at);
	wanted->len = kept;
	text_append_string(wanted, "a time stamp");
	return false;
}
