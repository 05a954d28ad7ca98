#include "parse/share.h"

#include "base/memory.h"
#include "line/dump.h"
#include "split/prefixlearn.h"
#include "split/scanner.h"
#include "split/w3c.h"
#include "parse/oddity.h"

enum {
	DETECT_JOIN_BYTES = 64 << 10, /* of a record whose quote is open */
	DETECT_GO_ON = 50,            /* lines that may go on with a record without saying anything against the format, on average */
};

bool share_is_better(struct share a, struct share b)
{
	return (uint64_t)a.taken * b.lines > (uint64_t)b.taken * a.lines || (a.taken && !b.lines);
}

bool share_is_equal(struct share a, struct share b)
{
	return a.taken && b.taken && (uint64_t)a.taken * b.lines == (uint64_t)b.taken * a.lines;
}

/* Between layouts of one format: names with blanks are rare, what stands between two of the prefix's fields is not. A layout that
 * lacks a field gives it to the name before. */
static bool tidier(struct share a, struct share b)
{
	return share_is_better(a, b) || (share_is_equal(a, b) && a.torn < b.torn);
}

static bool is_torn(const struct record *r)
{
	return span_find_byte(record_get(r, FIELD_USER), ' ') >= 0 || span_find_byte(record_get(r, FIELD_DATABASE), ' ') >= 0;
}

/* A record whose quote is open at the line's end: longer, line by line. Returns where it ends, NULL when it never
 * parses; `open`: because it goes on behind what is looked at. */
static const char *close_record(const struct format *f, struct span line, const char *end, struct format_scratch *s,
				struct record *r, bool *open)
{
	for (;;) {
		const char *from = line.at + line.len;
		*open = from >= end || line.len > DETECT_JOIN_BYTES;
		if (*open)
			return NULL;
		const char *newline = memchr(from + 1, '\n', (size_t)(end - from - 1));
		line.len = (size_t)((newline ? newline : end) - line.at);
		enum parse_result result = format_parse(f, line, s, r);
		if (result == PARSE_OK)
			return line.at + line.len;
		if (result != PARSE_PARTIAL)
			return NULL;
	}
}

/* The line begins what is no record and still says nothing against a format: a trace, a dump. */
static bool begins_trace(const struct format *f, struct span line)
{
	if (f->kind == FORMAT_JSON || f->tier == TIER_APP)
		return dump_begins(line, DUMP_ALONE);
	return f->multiline == MULTILINE_ANY && span_starts(line, SPAN("Traceback ("));
}

/* nginx logs what an application wrote to standard error between quotes, with its newlines. */
static bool opens_stderr(struct span line)
{
	return span_find(line, SPAN(" sent in stderr: \"")) >= 0 && span_find(line, SPAN(", client: ")) < 0;
}

/* Entries of this format are blocks of lines, and the line does not begin one. */
static bool goes_on(const struct format *f, struct span line)
{
	return f->kind == FORMAT_SCANNER && f->scanner->goes_on && f->scanner->goes_on(line);
}

/* With `more` lines that it all takes it would still take a smaller share than `floor`. */
static bool is_hopeless(struct share share, size_t more, struct share floor)
{
	share.taken += (unsigned)more;
	share.lines += (unsigned)more;
	return share_is_better(floor, share);
}

static struct share count(const struct format *f, const struct candidates *c, struct format_scratch *s, struct share floor, bool *missed)
{
	struct share share = {0};
	const char *joined_to = NULL;
	bool in_trace = false;
	unsigned on = 0; /* lines that go on with one */
	struct record r;
	for (size_t i = 0; i < c->n; i++) {
		struct span line = candidates_line(c, i, f->headed);
		if (missed)
			missed[i] = false;
		if (joined_to && c->lines[i].at < joined_to)
			continue;
		enum parse_result result = format_parse(f, line, s, &r);
		if (result == PARSE_PARTIAL) {
			bool open;
			joined_to = close_record(f, line, c->head.at + c->head.len, s, &r, &open);
			result = joined_to ? PARSE_OK : PARSE_NO;
			/* The lines of a statement longer than what is looked at say nothing against those before it. */
			if (open && share.taken)
				break;
		}
		/* The header of a W3C log says what its columns are. */
		if (f->kind == FORMAT_W3C && line.at[0] == '#')
			continue;
		/* What HAProxy writes to standard error has no stamp: that says nothing against the lines that have one. */
		if (result == PARSE_NOT_TIME && f->kind == FORMAT_HAPROXY)
			continue;
		if (result == PARSE_OK) {
			in_trace = f->meaning.message == MESSAGE_NGINX && opens_stderr(line);
			share.taken++;
			share.torn += is_torn(&r);
			share.odd += oddity_is(f->kind, &r);
			share.read += (unsigned)__builtin_popcountll(r.has);
		} else if (share.taken) {
			/* The unindented lines of a trace are no record starts. */
			in_trace |= begins_trace(f, line);
			bool on_it = !in_trace && goes_on(f, line) && on++ < share.taken * DETECT_GO_ON;
			if (on_it && missed)
				missed[i] = true; /* but another format may take it */
			if (in_trace || on_it)
				continue;
		}
		share.lines++;
		if (missed)
			missed[i] = result != PARSE_OK;
		else if (result != PARSE_OK && is_hopeless(share, c->n - i - 1, floor))
			break;
	}
	return share;
}

struct share share_of(const struct format *f, const struct candidates *c, struct format_scratch *s, struct share floor)
{
	return count(f, c, s, floor, NULL);
}

void share_missed(const struct format *f, const struct candidates *c, struct format_scratch *s, bool missed[CANDIDATES])
{
	for (size_t i = 0; i < c->n; i++)
		missed[i] = false; /* where counting ends early nothing is held against it */
	count(f, c, s, (struct share){0}, missed);
}

/* Layouts that take as many lines as the best one are all kept, in their order: in the first lines after a start
 * nothing tells "%q%u@%d " from "%q%u@%d/%a ". */
static struct format *with_layouts(const struct format *base, const struct share *shares, struct share best)
{
	struct format *f = NULL;
	for (size_t i = 0; i < base->layouts_n; i++) {
		struct diag d = {0};
		size_t column;
		struct span text = span_of(base->layouts[i].text);
		if (!share_is_equal(shares[i], best) || shares[i].torn != best.torn)
			continue;
		if (f)
			format_add_layout(f, text, &d, &column);
		else
			f = format_of_layout(base, text, &d, &column);
	}
	return f;
}

/* The columns that "#Fields:" lines name: a layout for each, when they are of the base's program. NULL when there is none. */
static struct format *with_headers(const struct format *base, const struct candidates *c)
{
	struct format *f = NULL;
	for (size_t i = 0; i < c->n; i++) {
		struct diag d = {0};
		size_t column;
		struct span names = w3c_header(c->lines[i]);
		struct w3c *w = names.len ? w3c_new(names, &d, &column) : NULL;
		if (w && w3c_kin(w) == w3c_kin(base->layouts[0].w3c)) {
			if (!f)
				f = format_of_layout(base, names, &d, &column);
			else
				format_add_layout(f, names, &d, &column);
		}
		w3c_free(w);
	}
	return f;
}

struct format *share_layout(const struct format *base, const struct candidates *c, struct format_scratch *s, struct share floor,
			    struct share *best)
{
	struct share *shares = memory_new(base->layouts_n, sizeof *shares);
	*best = (struct share){0};
	for (size_t i = 0; i < base->layouts_n; i++) {
		/* The format seen through one of its layouts only: borrowed, never freed. */
		struct format one = *base;
		one.layouts = &base->layouts[i];
		one.layouts_n = 1;
		shares[i] = share_of(&one, c, s, share_is_better(*best, floor) ? *best : floor);
		if (tidier(shares[i], *best))
			*best = shares[i];
	}
	struct format *chosen = best->taken ? with_layouts(base, shares, *best) : NULL;
	memory_free(shares);
	if (base->kind == FORMAT_W3C) {
		struct format *own = with_headers(base, c);
		struct share share = own ? share_of(own, c, s, floor) : (struct share){0};
		if (!own || !share.taken)
			return format_free(own), chosen;
		/* Where the lines name their columns, nothing else says them. */
		format_free(chosen);
		*best = share;
		return own;
	}
	struct text learned = {0};
	struct span pid = c->carried ? c->carried->pid : SPAN_NONE;
	if (base->kind == FORMAT_POSTGRESQL && (best->taken < c->n || best->torn) && prefix_learn(c->lines, c->n, pid, &learned)) {
		struct diag d = {0};
		size_t column;
		struct format *own = format_of_layout(base, text_span(&learned), &d, &column);
		struct share share = own ? share_of(own, c, s, floor) : (struct share){0};
		if (own && tidier(share, *best)) {
			*best = share;
			best->learned = true;
			format_free(chosen);
			chosen = own;
		} else {
			format_free(own);
		}
	}
	text_release(&learned);
	return chosen;
}
