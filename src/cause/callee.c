#include "cause/callee.h"

#include <stdlib.h>

#include "base/memory.h"

/* Where a source listens, and at which hosts it is. */
struct own {
	struct hostport *at;
	size_t n, cap;
	bool listens; /* some of them have a port or are sockets */
};

bool callee_is_node(const struct fold_source *s)
{
	return source_counts(s) && s->tier >= TIER_LB && s->tier <= TIER_DB;
}

static void add_own(struct own *o, struct hostport e)
{
	for (size_t i = 0; i < o->n; i++)
		if (o->at[i].kind == e.kind && o->at[i].port == e.port && span_equal(o->at[i].host, e.host))
			return;
	o->at = memory_grow(o->at, &o->cap, o->n + 1, sizeof *o->at);
	o->at[o->n++] = e;
	o->listens |= e.port || e.kind == HOSTPORT_SOCKET;
}

/* What a source and its twins say of themselves. */
static struct own *own_of(const struct fold *f)
{
	struct own *own = memory_new(f->n, sizeof *own);
	for (size_t i = 0; i < f->n; i++) {
		const struct fold_source *s = &f->sources[i];
		size_t of = s->twin_of >= 0 ? (size_t)s->twin_of : i;
		for (size_t e = 0; e < s->entries_n; e++) {
			const struct part *p = f->tally->entries[s->entries[e]].part;
			for (size_t a = 0; a < p->addresses_n; a++)
				if (p->addresses[a].side == ADDRESS_LOCAL)
					add_own(&own[of], hostport_of(span_of(p->addresses[a].address)));
		}
	}
	return own;
}

static bool has_host(const struct own *o, struct span host)
{
	for (size_t i = 0; i < o->n; i++)
		if (o->at[i].kind == HOSTPORT_ADDRESS && span_equal(o->at[i].host, host))
			return true;
	return false;
}

/* A component of the path, or the container's name, is the host's, beside a domain or a container's number: "db1/postgresql.log", "compose.log#db1-1". */
static bool is_named(const struct fold_source *s, struct span host)
{
	struct span key = span_of(s->key);
	for (size_t at = 0; host.len && at + host.len <= key.len; at++) {
		bool begins = !at || strchr("/#:@", key.at[at - 1]);
		if (!begins || memcmp(key.at + at, host.at, host.len))
			continue;
		struct span rest = span_from(key, at + host.len);
		if (!rest.len || strchr("/#:@", rest.at[0]) || (rest.at[0] == '-' && rest.len > 1 && is_digit(rest.at[1]) && (rest.len == 2 || strchr("/#:@", rest.at[2]))))
			return true;
	}
	return false;
}

/* Calls go deeper, or from one application to another. */
static bool may_call(const struct fold *f, size_t caller, size_t called)
{
	enum tier from = f->sources[caller].tier, to = f->sources[called].tier;
	return caller != called && callee_is_node(&f->sources[called]) && (to > from || (to == from && to == TIER_APP));
}

static bool listens_at(const struct own *o, const struct hostport *called)
{
	for (size_t i = 0; i < o->n; i++)
		if (hostport_serves(&o->at[i], called))
			return true;
	return false;
}

/* At this very host and port, or this socket: a port alone, on all addresses or beside a name, may be on any host. */
static bool listens_exactly(const struct own *o, const struct hostport *called)
{
	for (size_t i = 0; i < o->n; i++)
		if (o->at[i].kind == called->kind && called->kind != HOSTPORT_ANY && hostport_serves(&o->at[i], called))
			return true;
	return false;
}

enum test { EXACTLY, EXACTLY_THERE, LISTENS, LISTENS_THERE, NAMED, POSSIBLE, TESTS };

/* Could `called` be what the link calls? By ever weaker evidence. */
static bool passes(const struct fold *f, const struct own *own, const struct callee *l, const struct hostport *e, size_t called, enum test test)
{
	const struct own *o = &own[called];
	const struct fold_source *s = &f->sources[called];
	enum tier usual = hostport_usual(e);
	if (!may_call(f, l->caller, called))
		return false;
	switch (test) {
	case EXACTLY:
		return listens_exactly(o, e);
	case EXACTLY_THERE:
		return listens_exactly(o, e) && (has_host(o, e->host) || is_named(s, e->host));
	case LISTENS:
		return listens_at(o, e);
	case LISTENS_THERE:
		return listens_at(o, e) && (has_host(o, e->host) || is_named(s, e->host));
	case NAMED:
		return !o->listens && (has_host(o, e->host) || is_named(s, e->host)) && (usual == TIER_UNKNOWN || s->tier == usual);
	case POSSIBLE:
		return !o->listens && s->tier > f->sources[l->caller].tier;
	case TESTS:
		break;
	}
	return false;
}

/* How many pass, and the first of them; their tier, TIER_UNKNOWN when they differ. */
static size_t count(const struct fold *f, const struct own *own, const struct callee *l, const struct hostport *e, enum test test, size_t *first, enum tier *tier)
{
	size_t n = 0;
	for (size_t i = 0; i < f->n; i++) {
		if (!passes(f, own, l, e, i, test))
			continue;
		*tier = !n || *tier == f->sources[i].tier ? f->sources[i].tier : TIER_UNKNOWN;
		if (!n++)
			*first = i;
	}
	return n;
}

/* How many logs could be that of the called by a weak test: they listen on its port, wherever, or do not say where and are of a tier that
 * has it. `first` of them; `listens`: this one does say. */
static size_t count_rivals(const struct fold *f, const struct own *own, const struct callee *l, const struct hostport *e, size_t *first, bool *listens,
			   enum tier *tier)
{
	bool tiers[TIER_COUNT] = {false};
	size_t n = 0;
	tiers[hostport_usual(e)] = hostport_usual(e) != TIER_UNKNOWN;
	*listens = false;
	for (size_t i = 0; i < f->n; i++)
		if (passes(f, own, l, e, i, LISTENS)) {
			tiers[f->sources[i].tier] = true;
			*listens = true;
		}
	for (size_t i = 0; i < f->n; i++) {
		if (!passes(f, own, l, e, i, LISTENS) && (own[i].listens || !may_call(f, l->caller, i) || !tiers[f->sources[i].tier]))
			continue;
		*tier = !n || *tier == f->sources[i].tier ? f->sources[i].tier : TIER_UNKNOWN;
		if (!n++)
			*first = i;
	}
	return n;
}

static void resolve(const struct fold *f, const struct own *own, struct callee *l)
{
	/* Of these who listens exactly there is called; those that listen on the port, or are named as the host, are where the host parts them. */
	static const struct {
		enum test test;
		const char *how;
	} steps[] = {{EXACTLY, "listens"}, {EXACTLY_THERE, "listens"}, {LISTENS_THERE, "listens"}, {NAMED, "name"}};
	struct hostport e = hostport_of(span_of(l->address));
	size_t first = 0;
	enum tier tier = TIER_UNKNOWN;
	bool several = false;
	l->label = e.kind == HOSTPORT_LABEL;
	l->absent = false;
	l->tier = hostport_usual(&e);
	for (size_t i = 0; i < sizeof steps / sizeof *steps && !l->label; i++) {
		size_t n = count(f, own, l, &e, steps[i].test, &first, &tier);
		if (n == 1) {
			l->called = (ptrdiff_t)first;
			l->tier = f->sources[first].tier;
			l->how = steps[i].how;
			return;
		}
		if (n && steps[i].test == EXACTLY) {
			several = true;
			l->tier = tier;
		} else if (several) {
			return;
		}
	}
	if (l->label)
		return;
	bool listens;
	size_t n = count_rivals(f, own, l, &e, &first, &listens, &tier);
	if (n)
		l->tier = tier;
	if (n == 1) {
		l->called = (ptrdiff_t)first;
		l->how = listens ? "listens" : "port";
	}
	l->absent = !n && (l->tier != TIER_UNKNOWN || !count(f, own, l, &e, POSSIBLE, &first, &tier));
}

static int by_address(const void *left, const void *right)
{
	const struct callee *a = left, *b = right;
	int order = strcmp(a->address, b->address);
	if (order || a->entry != b->entry)
		return order ? order : a->entry < b->entry ? -1 : 1;
	return a->first->first_offset < b->first->first_offset ? -1 : a->first->first_offset > b->first->first_offset;
}

/* HAProxy's "be/<NOSRV>", "fe/<STATS>": no server was called. */
static bool is_nobody(const char *address)
{
	return strstr(address, "/<") != NULL;
}

/* `place`: of the entry among the source's files, until they are sorted. */
static void add_upstream(struct callee_list *out, size_t source, const struct address *a, size_t place)
{
	if (a->side != ADDRESS_UPSTREAM || is_nobody(a->address))
		return;
	if (out->n >= CALLEE_MOST) {
		out->more += a->n;
		return;
	}
	out->items = memory_grow(out->items, &out->cap, out->n + 1, sizeof *out->items);
	out->items[out->n++] = (struct callee){source, a->address, a->n, a->failed, a, (uint32_t)place, -1, TIER_UNKNOWN, NULL, false, false};
}

/* The upstreams of one source, each once; entries are in the order of time, so that the first stays the first. */
static void upstreams(const struct fold *f, size_t source, struct callee_list *out)
{
	const struct fold_source *s = &f->sources[source];
	size_t start = out->n, to = start;
	for (size_t e = 0; e < s->entries_n; e++) {
		const struct part *p = f->tally->entries[s->entries[e]].part;
		out->more += p->addresses_more[ADDRESS_UPSTREAM];
		for (size_t a = 0; a < p->addresses_n; a++)
			add_upstream(out, source, &p->addresses[a], e);
		for (size_t a = 0; a < s->calls_n; a++)
			if (s->calls[a].entry == s->entries[e])
				add_upstream(out, source, &s->calls[a].address, e);
	}
	if (out->n > start)
		qsort(out->items + start, out->n - start, sizeof *out->items, by_address);
	for (size_t i = start; i < out->n; i++) {
		struct callee *last = to > start ? &out->items[to - 1] : NULL;
		if (last && !strcmp(last->address, out->items[i].address)) {
			last->records += out->items[i].records;
			last->failed += out->items[i].failed;
		} else {
			out->items[to] = out->items[i];
			out->items[to++].entry = s->entries[out->items[i].entry];
		}
	}
	out->n = to;
}

/* What a link says of where the called is. */
static void learn_hosts(const struct callee_list *list, struct own *own)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct callee *l = &list->items[i];
		struct hostport e = hostport_of(span_of(l->address));
		if (l->called >= 0 && strcmp(l->how, "port") && e.kind == HOSTPORT_ADDRESS)
			add_own(&own[l->called], (struct hostport){HOSTPORT_ADDRESS, e.host, 0});
	}
}

/* "10.0.0.7", "10.0.0.7:5432", "10.0.0.7(5432)". */
static struct span host_of_client(const char *client)
{
	struct span text = span_of(client);
	ptrdiff_t paren = span_find_byte(text, '(');
	struct hostport e = hostport_of(paren > 0 ? span_head(text, (size_t)paren) : text);
	return e.kind == HOSTPORT_ADDRESS ? e.host : SPAN_NONE;
}

/* A host, and a source that is there. */
struct place_of {
	struct span host;
	size_t source;
};

static int by_host(const void *left, const void *right)
{
	const struct place_of *a = left, *b = right;
	int order = span_compare(a->host, b->host);
	return order ? order : a->source < b->source ? -1 : a->source > b->source;
}

static struct place_of *places_of(const struct fold *f, const struct own *own, size_t *n)
{
	struct place_of *all = NULL;
	size_t cap = 0;
	*n = 0;
	for (size_t i = 0; i < f->n; i++)
		for (size_t k = 0; k < own[i].n && callee_is_node(&f->sources[i]); k++) {
			/* One that listens at an address is there, too. */
			bool again = own[i].at[k].kind != HOSTPORT_ADDRESS;
			for (size_t j = 0; j < k && !again; j++)
				again = own[i].at[j].kind == HOSTPORT_ADDRESS && span_equal(own[i].at[j].host, own[i].at[k].host);
			if (again)
				continue;
			all = memory_grow(all, &cap, *n + 1, sizeof *all);
			all[(*n)++] = (struct place_of){own[i].at[k].host, i};
		}
	if (*n)
		qsort(all, *n, sizeof *all, by_host);
	return all;
}

/* The one source at that host whose tier lies before that of the called; SIZE_MAX: none, or several. */
static size_t caller_at(const struct fold *f, const struct place_of *places, size_t n, struct span host, size_t called)
{
	size_t low = 0, high = n, found = SIZE_MAX;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (span_compare(places[middle].host, host) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < n && span_equal(places[low].host, host); low++) {
		if (f->sources[places[low].source].tier >= f->sources[called].tier)
			continue;
		if (found != SIZE_MAX)
			return SIZE_MAX;
		found = places[low].source;
	}
	return found;
}

/* The clients that one source's part names. `known`: the number of the link from each source to this one, + 1. */
static void clients_of(const struct fold *f, const struct place_of *places, size_t places_n, size_t called, uint32_t entry, size_t *known,
		       struct callee_list *out)
{
	const struct part *p = f->tally->entries[entry].part;
	for (size_t k = 0; k < p->clients_n; k++) {
		struct span host = host_of_client(p->clients[k].key);
		size_t caller = host.len ? caller_at(f, places, places_n, host, called) : SIZE_MAX;
		if (caller == SIZE_MAX)
			continue;
		uint64_t records = p->clients[k].n - p->clients[k].error;
		if (known[caller]) {
			struct callee *l = &out->items[known[caller] - 1];
			l->records += !strcmp(l->how, "client") ? records : 0;
		} else if (out->n < CALLEE_MOST) {
			out->items = memory_grow(out->items, &out->cap, out->n + 1, sizeof *out->items);
			out->items[out->n++] = (struct callee){caller, p->clients[k].key, records, 0, NULL, entry, (ptrdiff_t)called,
							     f->sources[called].tier, "client", false, false};
			known[caller] = out->n;
		}
	}
}

static void clients(const struct fold *f, const struct own *own, struct callee_list *out)
{
	size_t places_n;
	struct place_of *places = places_of(f, own, &places_n);
	size_t *known = memory_new(f->n, sizeof *known);
	for (size_t i = 0; i < f->n && places_n; i++) {
		const struct fold_source *s = &f->sources[i];
		memset(known, 0, f->n * sizeof *known);
		for (size_t k = 0; k < out->n; k++)
			if (out->items[k].called == (ptrdiff_t)i)
				known[out->items[k].caller] = k + 1;
		for (size_t e = 0; e < s->entries_n && callee_is_node(s); e++)
			clients_of(f, places, places_n, i, s->entries[e], known, out);
	}
	memory_free(known);
	memory_free(places);
}

void callee_find(const struct fold *f, struct callee_list *out)
{
	struct own *own = own_of(f);
	*out = (struct callee_list){0};
	for (size_t i = 0; i < f->n; i++)
		if (callee_is_node(&f->sources[i]))
			upstreams(f, i, out);
	/* Twice: the first round tells hosts, which part those that listen alike. */
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < out->n; i++)
			if (out->items[i].called < 0)
				resolve(f, own, &out->items[i]);
		learn_hosts(out, own);
	}
	clients(f, own, out);
	for (size_t i = 0; i < f->n; i++)
		memory_free(own[i].at);
	memory_free(own);
}

void callee_release(struct callee_list *list)
{
	memory_free(list->items);
	*list = (struct callee_list){0};
}
