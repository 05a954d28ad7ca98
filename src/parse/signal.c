#include "parse/signal.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "line/literals.h"

enum {
	MAX_RULES = 1024,  /* one byte array of them stands on the stack of a match */
	MAX_SIGNALS = 256,
	STATUS_END = 1000,
};

/* A rule in the order of all rules: signals by name, rules by file order. Its place is its number. */
struct entry {
	const struct rule *rule;
	uint16_t signal, kind;
};

/* A text that the first line of a message starts or ends with, and the rule that asks for it. */
struct edge {
	uint64_t bytes, mask; /* the first (or last) up to eight bytes, to be compared at once */
	struct span text;
	uint16_t rule, bucket; /* edges are sorted by their bucket */
};

/* A bucket for each first (or last) byte of texts shorter than four bytes, and as many for the hash of the first (or last) four
 * of all others: many texts begin as most lines do ("connection "), few begin as this line does. */
enum { EDGE_BYTES = 4, EDGE_BUCKETS = 512 };

struct edges {
	struct edge *items;
	size_t n, cap;
	uint16_t first[EDGE_BUCKETS + 1]; /* by bucket: where its edges begin */
};

struct rule_list {
	uint16_t *items;
	size_t n, cap;
};

struct signal_set {
	struct signal_file **files; /* sorted by name */
	size_t n, cap;
	struct signal_kind *kinds; /* sorted by (signal name, class) */
	size_t kinds_n, kinds_cap;
	struct entry *rules;
	size_t rules_n, rules_cap;
	struct rule_list by_status[STATUS_END];
	/* The least duration with which a rule of that status can hold; -1: at any. Most requests end at this compare. */
	int64_t status_floor_us[STATUS_END];
	struct rule_list by_duration, by_code;
	int64_t duration_floor_us;
	bool codes_quiet, code_starts[256]; /* some rule by code looks at records that do not fail; first bytes of all codes */
	struct edges starts, ends;
	struct literals *failing; /* of all rules by literal */
	struct literals *quiet;   /* of those that also look at records that do not fail: none of ours */
};

struct signal_set *signal_set_new(void)
{
	return memory_new(1, sizeof(struct signal_set));
}

static void rule_list_add(struct rule_list *list, size_t rule)
{
	list->items = memory_grow(list->items, &list->cap, list->n + 1, sizeof *list->items);
	list->items[list->n++] = (uint16_t)rule;
}

static size_t place_of(const struct signal_set *set, struct span name)
{
	size_t low = 0, high = set->n;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (span_compare(span_of(set->files[middle]->signal.name), name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool signal_set_add(struct signal_set *set, struct pattern_file *file, struct diag *d)
{
	struct signal_file *l = signal_file_read(file, d);
	if (!l)
		return false;
	struct span name = span_of(l->signal.name);
	size_t at = place_of(set, name);
	if (at < set->n && span_equal(span_of(set->files[at]->signal.name), name)) {
		signal_file_free(set->files[at]);
		set->files[at] = l;
		return true;
	}
	set->files = memory_grow(set->files, &set->cap, set->n + 1, sizeof *set->files);
	memmove(set->files + at + 1, set->files + at, (set->n - at) * sizeof *set->files);
	set->files[at] = l;
	set->n++;
	return true;
}

/* ---- tables ---- */

static int compare_kinds(const void *a, const void *b)
{
	const struct signal_kind *x = a, *y = b;
	int by_name = strcmp(x->signal->name, y->signal->name);
	return by_name ? by_name : strcmp(x->class, y->class);
}

static void collect_kinds(struct signal_set *set)
{
	for (size_t i = 0; i < set->n; i++) {
		const struct signal_file *l = set->files[i];
		for (size_t j = 0; j < l->n; j++) {
			bool known = false;
			for (size_t k = 0; k < j && !known; k++)
				known = span_equal(l->rules[k].class, l->rules[j].class);
			if (known)
				continue;
			set->kinds = memory_grow(set->kinds, &set->kinds_cap, set->kinds_n + 1, sizeof *set->kinds);
			set->kinds[set->kinds_n++] = (struct signal_kind){&l->signal, span_copy(l->rules[j].class)};
		}
	}
	if (set->kinds_n)
		qsort(set->kinds, set->kinds_n, sizeof *set->kinds, compare_kinds);
}

static size_t kind_number(const struct signal_set *set, const struct signal *signal, struct span class)
{
	for (size_t i = 0; i < set->kinds_n; i++) {
		if (set->kinds[i].signal == signal && span_equal(span_of(set->kinds[i].class), class))
			return i;
	}
	return 0;
}

/* Up to eight bytes of `s`, from its start or up to its end, and the mask of those that count. */
static uint64_t edge_bytes(struct span s, bool at_end, uint64_t *mask)
{
	size_t n = s.len < 8 ? s.len : 8;
	uint64_t bytes = 0;
	*mask = 0;
	if (n) {
		/* Ends fill the word from its last byte, so that a shorter literal lines up with a longer text. */
		size_t offset = at_end ? 8 - n : 0;
		memcpy((char *)&bytes + offset, at_end ? s.at + s.len - n : s.at, n);
		memset((char *)mask + offset, 0xFF, n);
	}
	return bytes;
}

static inline unsigned byte_bucket(struct span s, bool at_end)
{
	return (unsigned char)(at_end ? s.at[s.len - 1] : s.at[0]);
}

/* Of a text of EDGE_BYTES or more. */
static inline unsigned bytes_bucket(struct span s, bool at_end)
{
	uint32_t bytes;
	memcpy(&bytes, at_end ? s.at + s.len - EDGE_BYTES : s.at, EDGE_BYTES);
	return 256 + (bytes * UINT32_C(0x9E3779B1) >> 24);
}

static void edges_add(struct edges *edges, struct span text, size_t rule, bool at_end)
{
	edges->items = memory_grow(edges->items, &edges->cap, edges->n + 1, sizeof *edges->items);
	struct edge *e = &edges->items[edges->n++];
	e->text = text;
	e->rule = (uint16_t)rule;
	e->bucket = (uint16_t)(text.len < EDGE_BYTES ? byte_bucket(text, at_end) : bytes_bucket(text, at_end));
	e->bytes = edge_bytes(text, at_end, &e->mask);
}

static int compare_edges(const void *a, const void *b)
{
	const struct edge *x = a, *y = b;
	if (x->bucket != y->bucket)
		return x->bucket < y->bucket ? -1 : 1;
	return x->rule < y->rule ? -1 : x->rule > y->rule;
}

static void edges_finish(struct edges *edges)
{
	if (edges->n)
		qsort(edges->items, edges->n, sizeof *edges->items, compare_edges);
	size_t at = 0;
	for (unsigned bucket = 0; bucket <= EDGE_BUCKETS; bucket++) {
		while (at < edges->n && edges->items[at].bucket < bucket)
			at++;
		edges->first[bucket] = (uint16_t)at;
	}
}

static bool is_quiet(const struct rule *rule)
{
	return rule->gate == GATE_ANY || (rule->gate == GATE_LEVEL && rule->least < SEVERITY_WARN);
}

static void index_statuses(struct signal_set *set, const struct rule *rule, size_t number)
{
	for (int status = 100; status < STATUS_END; status++) {
		bool held = false;
		for (size_t i = 0; i < rule->status_n; i++)
			held |= status >= rule->status_low[i] && status <= rule->status_high[i];
		if (!held)
			continue;
		struct rule_list *list = &set->by_status[status];
		int64_t *floor_us = &set->status_floor_us[status];
		*floor_us = !list->n || rule->duration_us < *floor_us ? rule->duration_us : *floor_us;
		rule_list_add(list, number);
	}
}

static void index_rule(struct signal_set *set, const struct rule *rule, size_t number)
{
	switch (rule_trigger(rule)) {
	case TRIGGER_STATUS:
		index_statuses(set, rule, number);
		break;
	case TRIGGER_DURATION:
		if (!set->by_duration.n || rule->duration_us < set->duration_floor_us)
			set->duration_floor_us = rule->duration_us;
		rule_list_add(&set->by_duration, number);
		break;
	case TRIGGER_CODE:
		set->codes_quiet |= is_quiet(rule);
		for (size_t i = 0; i < rule->codes.n; i++)
			set->code_starts[(unsigned char)rule->codes.items[i].at[0]] = true;
		rule_list_add(&set->by_code, number);
		break;
	case TRIGGER_EDGE:
		for (size_t i = 0; i < rule->starts.n; i++)
			edges_add(&set->starts, rule->starts.items[i], number, false);
		for (size_t i = 0; i < rule->ends.n; i++)
			edges_add(&set->ends, rule->ends.items[i], number, true);
		break;
	case TRIGGER_CONTAINS:
		for (size_t i = 0; i < rule->contains.n; i++) {
			literals_add(set->failing, rule->contains.items[i], (unsigned)number);
			if (is_quiet(rule))
				literals_add(set->quiet, rule->contains.items[i], (unsigned)number);
		}
		if (!rule->contains.n) {
			literals_add(set->failing, text_span(&rule->literal), (unsigned)number);
			if (is_quiet(rule))
				literals_add(set->quiet, text_span(&rule->literal), (unsigned)number);
		}
		break;
	}
}

bool signal_set_finish(struct signal_set *set, struct diag *d)
{
	if (set->n > MAX_SIGNALS) {
		diag_set(d, "%zu signals, more than %d", set->n, MAX_SIGNALS);
		return false;
	}
	collect_kinds(set);
	for (size_t i = 0; i < set->n; i++) {
		const struct signal_file *l = set->files[i];
		for (size_t j = 0; j < l->n; j++) {
			set->rules = memory_grow(set->rules, &set->rules_cap, set->rules_n + 1, sizeof *set->rules);
			set->rules[set->rules_n++] = (struct entry){
				&l->rules[j], (uint16_t)i, (uint16_t)kind_number(set, &l->signal, l->rules[j].class)};
		}
	}
	if (set->rules_n > MAX_RULES) {
		diag_set(d, "%zu rules in all signals, more than %d", set->rules_n, MAX_RULES);
		diag_hint(d, "Rules of one class can often be one rule with several `contains` lines.");
		return false;
	}
	set->failing = literals_new();
	set->quiet = literals_new();
	for (size_t i = 0; i < set->rules_n; i++)
		index_rule(set, set->rules[i].rule, i);
	literals_finish(set->failing);
	literals_finish(set->quiet);
	edges_finish(&set->starts);
	edges_finish(&set->ends);
	return true;
}

void signal_set_free(struct signal_set *set)
{
	if (!set)
		return;
	for (size_t i = 0; i < set->n; i++)
		signal_file_free(set->files[i]);
	for (size_t i = 0; i < set->kinds_n; i++)
		memory_free(set->kinds[i].class);
	for (size_t i = 0; i < STATUS_END; i++)
		memory_free(set->by_status[i].items);
	memory_free(set->files);
	memory_free(set->kinds);
	memory_free(set->rules);
	memory_free(set->by_duration.items);
	memory_free(set->by_code.items);
	memory_free(set->starts.items);
	memory_free(set->ends.items);
	literals_free(set->failing);
	literals_free(set->quiet);
	memory_free(set);
}

size_t signal_kinds(const struct signal_set *set)
{
	return set->kinds_n;
}

const struct signal_kind *signal_kind(const struct signal_set *set, size_t kind)
{
	return &set->kinds[kind];
}

size_t signal_count(const struct signal_set *set)
{
	return set->n;
}

const struct signal *signal_at(const struct signal_set *set, size_t i)
{
	return &set->files[i]->signal;
}

const struct signal *signal_find(const struct signal_set *set, struct span name)
{
	size_t at = place_of(set, name);
	return at < set->n && span_equal(span_of(set->files[at]->signal.name), name) ? &set->files[at]->signal : NULL;
}

const struct rule *signal_rule(const struct signal_set *set, size_t i, size_t *kind)
{
	if (i >= set->rules_n)
		return NULL;
	*kind = set->rules[i].kind;
	return set->rules[i].rule;
}

/* ---- matching ---- */

struct match {
	const struct signal_set *set;
	enum tier tier;
	const struct record *r;
	struct regex_scratch *scratch;
	uint16_t found[SIGNAL_MAX]; /* rules: of each signal the first that holds; and all those with a duration */
	size_t n;
	/* the text that is scanned, and the line of it that was hit last */
	struct span text, line;
	size_t next_line; /* where the line after `line` begins */
	uint32_t number;  /* of `line`, over all texts of the record, from 1 */
	uint32_t *tried;  /* by rule: the number of the line on which it was tried last; NULL before the first hit */
	uint32_t *room;   /* for `tried`: MAX_RULES */
};

static bool is_nested(const struct match *m, size_t rule)
{
	return m->set->rules[rule].rule->duration_us >= 0;
}

/* The place in `found` of the rule that `rule` would replace, m->n when it would come in addition. */
static size_t rival(const struct match *m, size_t rule)
{
	for (size_t i = 0; i < m->n; i++) {
		bool same = m->found[i] == rule || (!is_nested(m, rule) && !is_nested(m, m->found[i]) &&
						     m->set->rules[m->found[i]].signal == m->set->rules[rule].signal);
		if (same)
			return i;
	}
	return m->n;
}

/* False when a rule before it already holds for its signal, or when there is no room. */
static bool is_wanted(const struct match *m, size_t rule)
{
	size_t at = rival(m, rule);
	return at < m->n ? rule < m->found[at] : m->n < SIGNAL_MAX;
}

static void take(struct match *m, size_t rule)
{
	size_t at = rival(m, rule);
	m->found[at] = (uint16_t)rule;
	m->n += at == m->n;
}

static void try_listed(struct match *m, const struct rule_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct rule *rule = m->set->rules[list->items[i]].rule;
		if (is_wanted(m, list->items[i]) && rule_holds(rule, m->tier, m->r) && rule_not_excepted(rule, m->r))
			take(m, list->items[i]);
	}
}

/* `from`: where in the line what the rule contains may stand. */
static void try_on(struct match *m, size_t number, struct span line, size_t from)
{
	const struct rule *rule = m->set->rules[number].rule;
	if (is_wanted(m, number) && rule_holds(rule, m->tier, m->r) && rule_holds_on(rule, line, from, m->scratch) &&
	    rule_not_excepted(rule, m->r))
		take(m, number);
}

static void try_bucket(struct match *m, const struct edges *edges, unsigned bucket, struct span line, bool at_end)
{
	uint64_t unused, bytes;
	if (line.len >= sizeof bytes)
		memcpy(&bytes, at_end ? line.at + line.len - sizeof bytes : line.at, sizeof bytes);
	else
		bytes = edge_bytes(line, at_end, &unused);
	for (size_t i = edges->first[bucket]; i < edges->first[bucket + 1]; i++) {
		const struct edge *e = &edges->items[i];
		if ((bytes ^ e->bytes) & e->mask)
			continue;
		if (at_end ? span_ends(line, e->text) : span_starts(line, e->text))
			try_on(m, e->rule, line, 0);
	}
}

static inline void try_edges(struct match *m, const struct edges *edges, struct span line, bool at_end)
{
	if (!line.len)
		return;
	unsigned bucket = byte_bucket(line, at_end);
	if (edges->first[bucket] != edges->first[bucket + 1])
		try_bucket(m, edges, bucket, line, at_end);
	if (line.len < EDGE_BYTES)
		return;
	bucket = bytes_bucket(line, at_end);
	if (edges->first[bucket] != edges->first[bucket + 1])
		try_bucket(m, edges, bucket, line, at_end);
}

static void found_literal(void *context, unsigned rule, size_t at)
{
	struct match *m = context;
	if (!m->tried) {
		m->tried = m->room;
		memset(m->tried, 0, m->set->rules_n * sizeof *m->tried);
	}
	while (at >= m->next_line) {
		struct span rest = span_from(m->text, m->next_line);
		size_t before = rest.len;
		m->line = subject_cut(&rest);
		m->next_line += before - rest.len;
		m->number++;
	}
	/* One try on one line, however often its literals are in it: hostile lines cost no more than others. */
	if (m->tried[rule] == m->number)
		return;
	m->tried[rule] = m->number;
	try_on(m, rule, m->line, at - (size_t)(m->line.at - m->text.at));
}

static inline void try_literals(struct match *m, const struct literals *literals, struct span text)
{
	if (text.len < LITERALS_MIN)
		return;
	m->text = text;
	m->next_line = 0;
	literals_scan(literals, text, found_literal, m);
}

static inline bool may_be_code(const struct signal_set *set, const struct record *r, enum field field)
{
	return record_get(r, field).len && (set->code_starts[(unsigned char)r->field[field].at[0]] || set->code_starts['*']);
}

static void try_text(struct match *m)
{
	const struct signal_set *set = m->set;
	struct span message = record_get(m->r, FIELD_MESSAGE), error = record_get(m->r, FIELD_ERROR_MESSAGE);
	struct span rest = message;
	struct span line = subject_cut(&rest);
	try_edges(m, &set->starts, line, false);
	try_edges(m, &set->ends, line, true);
	if (error.len) {
		rest = error;
		try_edges(m, &set->starts, subject_cut(&rest), false);
	}
	bool failing = severity_is_failing(m->r->severity);
	const struct literals *literals = failing ? set->failing : set->quiet;
	if (literals_count(literals)) {
		try_literals(m, literals, message);
		try_literals(m, literals, error);
		try_literals(m, literals, record_get(m->r, FIELD_ERROR_TYPE));
		try_literals(m, literals, record_get(m->r, FIELD_STACK));
	}
	if ((failing || set->codes_quiet) &&
	    (may_be_code(set, m->r, FIELD_SQLSTATE) || may_be_code(set, m->r, FIELD_ERROR_CODE)))
		try_listed(m, &set->by_code);
}

static size_t collect(const struct match *m, uint16_t kinds[SIGNAL_MAX])
{
	size_t n = 0;
	for (size_t i = 0; i < m->n; i++) {
		uint16_t kind = m->set->rules[m->found[i]].kind;
		size_t at = n;
		while (at > 0 && kinds[at - 1] > kind)
			at--;
		if (at > 0 && kinds[at - 1] == kind)
			continue;
		if (at < n)
			memmove(kinds + at + 1, kinds + at, (n - at) * sizeof *kinds);
		kinds[at] = kind;
		n++;
	}
	return n;
}

bool signal_refuses(const char *name)
{
	return !strcmp(name, "db.connections.exhausted") || !strcmp(name, "pool.connections.exhausted") ||
	       !strcmp(name, "app.pool.exhausted");
}

size_t signal_match(const struct signal_set *set, enum tier tier, const struct record *r, struct regex_scratch *scratch,
		    uint16_t kinds[SIGNAL_MAX])
{
	const uint64_t text = UINT64_C(1) << FIELD_MESSAGE | UINT64_C(1) << FIELD_ERROR_MESSAGE |
			      UINT64_C(1) << FIELD_ERROR_TYPE | UINT64_C(1) << FIELD_STACK | UINT64_C(1) << FIELD_SQLSTATE;
	bool by_status = r->status >= 100 && r->status < STATUS_END && set->by_status[r->status].n &&
			 r->duration_us >= set->status_floor_us[r->status];
	bool by_duration = set->by_duration.n && r->duration_us >= set->duration_floor_us;
	bool by_text = (r->has & text) || may_be_code(set, r, FIELD_ERROR_CODE);
	if (!by_status && !by_duration && !by_text)
		return 0;

	uint32_t room[MAX_RULES];
	struct match m;
	m.set = set;
	m.tier = tier;
	m.r = r;
	m.scratch = scratch;
	m.n = 0;
	m.number = 0;
	m.tried = NULL;
	m.room = room;
	if (by_status)
		try_listed(&m, &set->by_status[r->status]);
	if (by_duration)
		try_listed(&m, &set->by_duration);
	if (by_text)
		try_text(&m);
	return m.n ? collect(&m, kinds) : 0;
}

size_t signal_match_plainly(const struct signal_set *set, enum tier tier, const struct record *r,
			    struct regex_scratch *scratch, uint16_t kinds[SIGNAL_MAX])
{
	struct match m = {.set = set, .tier = tier, .r = r, .scratch = scratch};
	for (size_t i = 0; i < set->rules_n; i++) {
		if (is_wanted(&m, i) && rule_matches(set->rules[i].rule, tier, r, scratch))
			take(&m, i);
	}
	return collect(&m, kinds);
}
