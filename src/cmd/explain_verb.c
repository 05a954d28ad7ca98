#include "cmd/explain_verb.h"

#include <stdlib.h>

#include "base/memory.h"
#include "carry/carrier.h"
#include "cmd/output.h"
#include "cmd/remarks.h"
#include "fold/sentence.h"
#include "parse/explain.h"
#include "parse/reader.h"
#include "split/stampfind.h"

enum {
	BEFORE_BYTES = 60, /* shown before the caret, and at least so many behind it */
	SHOWN_BYTES = 100,
};

/* A file that is read from its start, twice. */
struct pass {
	struct input in;
	struct inflate *inflate;
	struct lines lines;
};

static bool pass_begin(struct pass *p, const char *path, struct diag *d)
{
	if (!input_open(&p->in, path, d))
		return false;
	/* Standard input may be a file whose bytes the first pass has taken. */
	if (!strcmp(path, "-"))
		p->in.size = -1;
	if (p->in.size < 0 || tally_is(input_peek(&p->in))) {
		diag_set(d, p->in.size < 0 ? "\"%s\" cannot be read twice" : "\"%s\" is a tally: it has no lines", path);
		diag_hint(d, "Name a log, gzipped or not.");
		input_close(&p->in);
		return false;
	}
	if (!packed_is_read(input_peek(&p->in), path, d)) {
		input_close(&p->in);
		return false;
	}
	p->inflate = inflate_new(&p->in);
	lines_init(&p->lines, p->inflate);
	return true;
}

static void pass_end(struct pass *p)
{
	lines_release(&p->lines);
	inflate_free(p->inflate);
	input_close(&p->in);
}

/* Copies the line to `out`. False with `d`: the file has no such line. */
static bool fetch_line(const char *path, uint64_t number, struct text *out, struct diag_list *trouble, struct diag *d)
{
	struct pass p;
	struct line line;
	bool found = false;
	uint64_t n = 0;
	if (!pass_begin(&p, path, d))
		return false;
	while (!found && lines_next(&p.lines, &line)) {
		n = line.number;
		found = n == number;
	}
	if (found) {
		text_append(out, line.text);
	} else {
		remarks_damage(path, inflate_damage(p.inflate), trouble);
		diag_set(d, "\"%s\" has no line %llu: it has %llu", path, (unsigned long long)number, (unsigned long long)n);
	}
	pass_end(&p);
	return found;
}

/* ---- what became of the line ---- */

static void label(struct text *out, const char *name)
{
	text_format(out, "  %-10s", name);
}

static void tell_near(struct text *out, const struct rule *rule, unsigned why, enum tier tier, const struct record *r)
{
	const char *between = "";
	struct span code = record_get(r, record_has(r, FIELD_SQLSTATE) ? FIELD_SQLSTATE : FIELD_ERROR_CODE);
	text_append_string(out, ": its text is there, but ");
	if (why & NEAR_TIER) {
		text_format(out, "it is not looked for in tier %s", tier_name(tier));
		between = ", ";
	}
	if (why & NEAR_SEVERITY) {
		text_format(out, "%s%s%s", between, r->severity ? "it is only of severity " : "it has no severity",
			    severity_name(r->severity));
		between = ", ";
	}
	if (why & NEAR_STATUS) {
		text_format(out, r->status ? "%sthe status is %d" : "%sthere is no HTTP status", between, r->status);
		between = ", ";
	}
	if (why & NEAR_DURATION) {
		text_format(out, "%s%s", between, r->duration_us < 0 ? "there is no duration" : "it took not long enough");
		between = ", ";
	}
	if (why & NEAR_CODE) {
		text_format(out, "%s%s", between, code.len ? "the code is " : "there is no code");
		text_append_printable(out, code);
		between = ", ";
	}
	if (why & NEAR_EXCEPT) {
		text_format(out, "%sso is the text \"", between);
		text_append_printable(out, rule->except.items[0]);
		text_append_string(out, rule->except.n > 1 ? "\" (or another that excepts it)" : "\" that excepts it");
	}
	text_append_byte(out, '\n');
}

static void tell_signals(struct text *out, const struct signal_set *set, enum tier tier, const struct record *r)
{
	struct regex_scratch *scratch = regex_scratch_new();
	uint16_t kinds[SIGNAL_MAX];
	size_t n = signal_match(set, tier, r, scratch, kinds), kind;
	for (size_t i = 0; i < n; i++) {
		label(out, "signal");
		text_format(out, "%s, class %s\n", signal_kind(set, kinds[i])->signal->name, signal_kind(set, kinds[i])->class);
	}
	if (!n) {
		label(out, "signal");
		text_append_string(out, "none\n");
	}
	const struct rule *rule;
	for (size_t i = 0; (rule = signal_rule(set, i, &kind)); i++) {
		unsigned why = explain_near(rule, tier, r, scratch);
		if (!why)
			continue;
		label(out, "near");
		text_format(out, "%s, class %s", signal_kind(set, kind)->signal->name, signal_kind(set, kind)->class);
		tell_near(out, rule, why, tier, r);
	}
	regex_scratch_free(scratch);
}

static void tell_format(struct text *out, const struct format *f)
{
	label(out, "in force");
	if (f)
		text_format(out, "%s (%s)\n", f->name, sentence_tier(f->tier));
	else
		text_append_string(out, "none: no format was known here\n");
}

/* A line outside of records. */
static void tell_stray(struct text *out, const struct format *f, bool first, struct span line)
{
	struct format_scratch *scratch = format_scratch_new();
	struct record r;
	label(out, "is");
	if (!line.len)
		text_append_string(out, "a blank line\n");
	else if (f && format_parse(f, line, scratch, &r) == PARSE_OK && record_is_attachment(&r))
		text_append_string(out, "DETAIL, HINT or the like, but no record of its process is near: unparsed\n");
	else if (first)
		text_append_string(out, "in no record: none begins before it\n");
	else
		text_append_string(out, "in no record: unparsed\n");
	format_scratch_free(scratch);
}

/* Reads the file as every verb does, up to the line. Returns the format in force there: the reader's. */
static const struct format *tell_place(struct reader *reader, const struct library *lib, uint64_t number,
				       struct span line, struct text *out)
{
	const struct format *in_force = reader_format(reader);
	struct record r = {0};
	bool first = true, more;
	while ((more = reader_next(reader, &r)) && r.line + r.lines <= number) {
		in_force = reader_format(reader);
		first = false;
	}
	bool covered = more && r.line <= number;
	if (covered)
		in_force = reader_format(reader);
	tell_format(out, in_force);
	if (!covered) {
		tell_stray(out, in_force, first, line);
		return in_force;
	}
	bool attached = record_is_attachment(&r);
	label(out, "is");
	if (r.lines > 1)
		text_format(out, "line %llu of %llu of the %s that begins in line %llu\n",
			    (unsigned long long)(number - r.line + 1), (unsigned long long)r.lines,
			    attached ? "attachment (DETAIL, HINT or the like)" : "record", (unsigned long long)r.line);
	else
		text_append_string(out, attached ? "DETAIL, HINT or the like of a record before it\n" : "a record\n");
	if (!attached)
		tell_signals(out, lib->patterns.signals, in_force->tier, &r);
	return in_force;
}

/* ---- how far each format got ---- */

static size_t columns_of(const struct text *t, size_t from)
{
	size_t n = 0;
	for (size_t i = from; i < t->len; i++)
		n += ((unsigned char)t->at[i] & 0xC0) != 0x80;
	return n;
}

/* The line around the caret, and the caret's own line up to its sentence. */
static void append_caret(struct text *out, struct span line, size_t at)
{
	size_t start = at > BEFORE_BYTES + 20 ? at - BEFORE_BYTES : 0;
	while (start && start < line.len && ((unsigned char)line.at[start] & 0xC0) == 0x80)
		start--;
	struct span shown = span_head(span_from(line, start), SHOWN_BYTES);
	while (shown.at + shown.len < line.at + line.len && shown.len && ((unsigned char)shown.at[shown.len] & 0xC0) == 0x80)
		shown.len--;
	text_append_string(out, "    ");
	size_t from = out->len;
	text_append_string(out, start ? "..." : "");
	text_append_printable(out, span_head(shown, at - start));
	size_t column = columns_of(out, from);
	text_append_printable(out, span_from(shown, at - start));
	text_append_string(out, shown.at + shown.len < line.at + line.len ? "...\n" : "\n");
	text_format(out, "    %*s^ ", (int)column, "");
}

/* Layouts of one format that say the same are told together. */
static bool says_the_same(const struct explanation *a, const struct explanation *b)
{
	return a->how == b->how && a->at == b->at && span_equal(text_span(&a->wanted), text_span(&b->wanted));
}

static void tell_explanation(struct text *out, const struct explanation *e)
{
	if (e->how == EXPLAIN_TAKES) {
		text_append_string(out, "    takes the line\n");
		return;
	}
	if (e->how == EXPLAIN_STOPS)
		append_caret(out, e->line, e->at);
	text_append_string(out, e->how == EXPLAIN_STOPS ? "wanted " : "    does not take it: ");
	text_append_printable(out, text_span(&e->wanted));
	text_append_byte(out, '\n');
}

/* The explanations of one format: they lie one behind the other. */
struct group {
	const struct explanation *items;
	size_t n, furthest;
	bool in_force;
};

static int compare_groups(const void *a, const void *b)
{
	const struct group *x = a, *y = b;
	if (x->in_force != y->in_force)
		return x->in_force ? -1 : 1;
	if (x->furthest != y->furthest)
		return x->furthest > y->furthest ? -1 : 1;
	return x->items < y->items ? -1 : x->items > y->items;
}

static void tell_group(struct text *out, const struct group *g)
{
	text_format(out, "\n%s%s\n", g->items[0].format->name, g->in_force ? ", in force" : "");
	for (size_t i = 0; i < g->n; i++) {
		bool told = false;
		for (size_t k = 0; k < i && !told; k++)
			told = says_the_same(&g->items[k], &g->items[i]);
		for (size_t k = i; k < g->n && !told; k++) {
			if (!g->items[k].layout || !says_the_same(&g->items[k], &g->items[i]))
				continue;
			text_append_string(out, "  ");
			text_append_printable(out, span_of(g->items[k].layout));
			text_append_byte(out, '\n');
		}
		if (!told)
			tell_explanation(out, &g->items[i]);
	}
}

/* The format in force first, then those that got furthest. */
static void tell_formats(struct text *out, const struct explanations *list, const struct format *in_force)
{
	struct group *groups = memory_new(list->n, sizeof *groups);
	size_t n = 0;
	for (size_t i = 0; i < list->n; i++) {
		const struct explanation *e = &list->items[i];
		if (!i || e->format != e[-1].format)
			groups[n++] = (struct group){.items = e, .in_force = e->format == in_force};
		struct group *g = &groups[n - 1];
		size_t reached = e->how == EXPLAIN_TAKES ? SIZE_MAX : e->how == EXPLAIN_STOPS ? e->at : 0;
		g->furthest = reached > g->furthest ? reached : g->furthest;
		g->n++;
	}
	if (n)
		qsort(groups, n, sizeof *groups, compare_groups);
	for (size_t i = 0; i < n; i++)
		tell_group(out, &groups[i]);
	memory_free(groups);
}

/* Who carries the line, and what is in it. */
static void tell_carried(struct text *out, const struct carried *c)
{
	label(out, "carried");
	text_append_string(out, "by ");
	carrier_chain(c, out);
	text_append_string(out, c->partial ? "; the line goes on in the writer's next one\n" : "\n");
	label(out, "writer");
	size_t from = out->len;
	struct text name = {0};
	carrier_writer(c, &name);
	text_append_printable(out, text_span(&name));
	text_append_string(out, out->len > from ? "\n" : "not said\n");
	text_release(&name);
	label(out, "text");
	text_append_printable(out, span_head(c->text, SHOWN_BYTES));
	text_append_string(out, c->text.len > SHOWN_BYTES ? "...\n" : "\n");
}

static bool explain(const struct library *lib, const char *path, uint64_t number, struct span line, struct text *out,
		    struct diag_list *trouble, struct diag *d)
{
	struct pass p;
	if (!pass_begin(&p, path, d))
		return false;
	const struct library_choice how = library_choose(lib, path, trouble);
	const struct format_set *set = &how.patterns.formats;
	struct reader *reader = reader_new(&p.lines, set, how.stated);
	struct carrier_room *room = carrier_room_new();
	struct carried carried;
	struct explanations list = {.line = line};
	text_append_printable(out, span_of(path));
	text_format(out, ":%llu\n", (unsigned long long)number);
	const struct format *in_force = tell_place(reader, lib, number, line, out);
	carrier_unwrap(line, room, NULL, NULL, &carried);
	if (reader_unwraps(reader) && carried.depth) {
		list.line = carried.text;
		list.carried = &carried;
		tell_carried(out, &carried);
	}
	const char *no_stamp = in_force || list.carried ? NULL : stampfind_reason(line);
	if (no_stamp) {
		label(out, "time");
		text_format(out, "%s\n", no_stamp);
	}
	if (in_force && format_is_own(in_force))
		explain_format(in_force, &list);
	for (size_t i = 0; i < set->n; i++)
		explain_format(set->formats[i], &list);
	tell_formats(out, &list, in_force);
	explanations_release(&list);
	carrier_room_free(room);
	reader_free(reader);
	pass_end(&p);
	return true;
}

enum outcome explain_verb(const struct options *o, const struct library *lib, struct diag_list *trouble)
{
	struct diag d = {0};
	struct text line = {0}, out = {0};
	char *path = span_copy(o->explain);
	bool fine = fetch_line(path, o->explain_line, &line, trouble, &d) &&
		    explain(lib, path, o->explain_line, text_span(&line), &out, trouble, &d) &&
		    output_write(NULL, text_span(&out), OUTPUT_COMMON, &d);
	if (d.set)
		diag_add(trouble, DIAG_ERROR, d.hint[0] ? d.hint : NULL, "%s", d.what);
	memory_free(path);
	text_release(&line);
	text_release(&out);
	return fine ? OUTCOME_COMPLETE : OUTCOME_NOTHING;
}
