#include "parse/explain.h"

#include "base/memory.h"
#include "line/jsonline.h"
#include "split/haproxy.h"
#include "split/prefix.h"
#include "split/template.h"

static struct explanation *add(struct explanations *to, const struct format *f, const char *layout)
{
	to->items = memory_grow(to->items, &to->cap, to->n + 1, sizeof *to->items);
	struct explanation *e = &to->items[to->n++];
	bool headed = f->headed && to->carried && to->carried->headed.len;
	*e = (struct explanation){.format = f, .line = headed ? to->carried->headed : to->line, .layout = layout, .how = EXPLAIN_STOPS};
	return e;
}

void explanations_release(struct explanations *list)
{
	for (size_t i = 0; i < list->n; i++)
		text_release(&list->items[i].wanted);
	memory_free(list->items);
	*list = (struct explanations){0};
}

/* ---- it splits, and still is no record ---- */

/* What the fields that were read lack. */
static void explain_fields(const struct format *f, enum parse_result result, const struct record *r, struct span line,
			   struct explanation *e)
{
	struct span stamp = record_get(r, FIELD_TIMESTAMP);
	if (result == PARSE_NOT_TIME) {
		if (stamp.at >= line.at && stamp.at < line.at + line.len)
			e->at = (size_t)(stamp.at - line.at);
		text_append_string(&e->wanted, stamp.len || f->layouts_n ? "a whole time stamp, with its date" :
									   "a field that holds the time stamp");
		return;
	}
	e->how = EXPLAIN_UNKNOWN;
	if (f->kind == FORMAT_JSON && record_has(r, FIELD_IGNORED)) {
		text_append_string(&e->wanted, "it has a key that this format must not have (json-without)");
		return;
	}
	text_append_string(&e->wanted, f->meaning.requires_any ? "none of the fields that it requires was read:" :
							 "it splits, but is no record of this format");
	for (uint64_t bits = f->meaning.requires_any; bits; bits &= bits - 1) {
		text_append_byte(&e->wanted, ' ');
		text_append_string(&e->wanted, field_name((enum field)__builtin_ctzll(bits)));
	}
}

/* ---- the kinds: false when `e` says where the line stops to fit ---- */

/* RFC 4180 once more, with the places. */
static bool reach_csv(const struct format *f, struct span line, struct explanation *e)
{
	struct stamp stamp;
	size_t at = 0, columns = 0;
	if (f->csv_field[0] == FIELD_TIMESTAMP && !stamp_scan(line, NULL, &stamp)) {
		text_append_string(&e->wanted, "a time stamp in the first column");
		return false;
	}
	for (;; at++) {
		columns++;
		e->at = at;
		if (at < line.len && line.at[at] == '"') {
			for (at++; at < line.len && (line.at[at] != '"' || (at + 1 < line.len && line.at[at + 1] == '"')); at++)
				at += line.at[at] == '"';
			if (at >= line.len) {
				text_append_string(&e->wanted, "a quote that closes this one; lines are joined until it comes");
				return false;
			}
			e->at = ++at;
			if (at < line.len && line.at[at] != ',') {
				text_append_string(&e->wanted, "a comma behind the closing quote");
				return false;
			}
		} else {
			while (at < line.len && line.at[at] != ',')
				at++;
		}
		if (at >= line.len)
			break;
		if (columns == f->csv_columns) {
			e->at = at;
			text_format(&e->wanted, "the end of the line: the format has %u columns", f->csv_columns);
			return false;
		}
	}
	if (columns >= f->csv_at_least)
		return true;
	e->at = line.len;
	text_format(&e->wanted, "more columns: here are %zu, at least %u make a record", columns, f->csv_at_least);
	return false;
}

static bool reach_regex(const struct format *f, struct span line, struct format_scratch *scratch, struct explanation *e)
{
	struct record r;
	struct regex_reach reach;
	struct span source = SPAN_NONE;
	for (size_t i = 0; i < f->file.n; i++)
		if (span_equal(f->file.entries[i].key, SPAN("regex")))
			source = f->file.entries[i].value;
	/* A regex that matches sets a field: then it is the fields that are wrong. */
	if (format_parse(f, line, scratch, &r) == PARSE_NOT_TIME || r.has)
		return true;
	regex_reach(source, line, &reach);
	e->at = reach.at;
	e->how = reach.known ? EXPLAIN_STOPS : EXPLAIN_UNKNOWN;
	if (!reach.known) {
		text_append_string(&e->wanted, reach.limit ? "its regex tried too often and gave up (endless backtracking)" :
							     "its regex may begin anywhere in the line");
		return false;
	}
	for (size_t i = 0; i < reach.wanted_n; i++) {
		text_append_string(&e->wanted, i ? " or " : "");
		text_append(&e->wanted, reach.wanted[i]);
	}
	text_append_string(&e->wanted, reach.wanted_n ? " of its regex" : "something else for its regex");
	return false;
}

static bool reach_haproxy(const struct format *f, struct span line, struct explanation *e)
{
	struct syslog_header header;
	syslog_scan(line, NULL, &header);
	bool fits = haproxy_reach(f->layouts[0].logformat, &header, &e->at, &e->wanted);
	e->at += (size_t)(header.message.at - line.at);
	return fits;
}

static bool reach(const struct format *f, struct span line, struct format_scratch *scratch, struct explanation *e)
{
	switch (f->kind) {
	case FORMAT_NGINX:
	case FORMAT_APACHE:
		return template_reach(f->layouts[0].template, line, &e->at, &e->wanted);
	case FORMAT_POSTGRESQL:
		return prefix_reach(f->layouts[0].prefix, line, &e->at, &e->wanted);
	case FORMAT_HAPROXY:
		return reach_haproxy(f, line, e);
	case FORMAT_JSON:
		return jsonline_reach(f->keys, line, &e->at, &e->wanted) == JSON_OK;
	case FORMAT_CSV:
		return reach_csv(f, line, e);
	case FORMAT_REGEX:
		return reach_regex(f, line, scratch, e);
	case FORMAT_SCANNER:
	case FORMAT_W3C:
	case FORMAT_CARRIED:
		break;
	}
	return true;
}

/* `f` has at most one layout. */
static void explain_one(const struct format *f, struct span line, struct format_scratch *scratch, struct explanation *e)
{
	struct record r;
	enum parse_result result = format_parse(f, line, scratch, &r);
	if (result == PARSE_OK) {
		e->how = EXPLAIN_TAKES;
		return;
	}
	if (!reach(f, line, scratch, e))
		return;
	result = format_parse(f, line, scratch, &r); /* its spans lie in the scratch, which was used since */
	explain_fields(f, result, &r, line, e);
}

void explain_format(const struct format *f, struct explanations *to)
{
	struct format_scratch *scratch = format_scratch_new();
	format_scratch_carried(scratch, to->carried);
	for (size_t i = 0; i < f->layouts_n; i++) {
		/* The format seen through one of its layouts only: borrowed, never freed. */
		struct format one = *f;
		one.layouts = &f->layouts[i];
		one.layouts_n = 1;
		struct explanation *e = add(to, f, f->layouts[i].text);
		explain_one(&one, e->line, scratch, e);
	}
	if (!f->layouts_n) {
		struct explanation *e = add(to, f, NULL);
		explain_one(f, e->line, scratch, e);
	}
	format_scratch_free(scratch);
}

/* ---- signals ---- */

unsigned explain_near(const struct rule *rule, enum tier tier, const struct record *r, struct regex_scratch *scratch)
{
	/* The rule without all that is not about texts. */
	struct rule text = *rule;
	text.tiers = 0;
	text.gate = GATE_ANY;
	text.status_n = 0;
	text.duration_us = -1;
	text.codes.n = 0;
	text.servers.n = 0;
	text.except.n = 0;
	if (rule_trigger(rule) < TRIGGER_EDGE || !rule_matches(&text, tier, r, scratch))
		return 0;
	unsigned why = 0;
	if (rule->tiers && tier != TIER_UNKNOWN && !(rule->tiers >> tier & 1))
		why |= NEAR_TIER;
	if (!rule_admits(rule, r->severity))
		why |= NEAR_SEVERITY;
	if (!rule_not_excepted(rule, r))
		why |= NEAR_EXCEPT;
	struct rule one = text;
	one.status_n = rule->status_n;
	why |= rule_holds(&one, tier, r) ? 0 : NEAR_STATUS;
	one = text;
	one.duration_us = rule->duration_us;
	why |= rule_holds(&one, tier, r) ? 0 : NEAR_DURATION;
	one = text;
	one.codes = rule->codes;
	one.servers = rule->servers;
	why |= rule_holds(&one, tier, r) ? 0 : NEAR_CODE;
	return why;
}
