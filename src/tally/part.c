#include "tally/part.h"

#include "base/memory.h"

int series_name_order(struct series_name a, struct series_name b)
{
	int order = strcmp(a.signal, b.signal);
	if (!order)
		order = strcmp(a.class, b.class);
	if (!order)
		order = a.facet < b.facet ? -1 : a.facet > b.facet;
	return order ? order : strcmp(a.facet_value, b.facet_value);
}

int part_compare_files(const struct part *a, const struct part *b)
{
	if (a->bytes != b->bytes)
		return a->bytes < b->bytes ? -1 : 1;
	if (a->crc != b->crc)
		return a->crc < b->crc ? -1 : 1;
	return a->stated < b->stated ? -1 : a->stated > b->stated;
}

int part_compare(const struct part *a, const struct part *b)
{
	int order = part_compare_files(a, b);
	return order ? order : strcmp(a->stream, b->stream);
}

static void free_keyed(struct keyed *keyed, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		memory_free(keyed[i].key);
		memory_free(keyed[i].cells);
	}
	memory_free(keyed);
}

static void free_tops(struct top *tops, size_t n)
{
	for (size_t i = 0; i < n; i++)
		memory_free(tops[i].key);
	memory_free(tops);
}

void lock_wait_release(struct lock_wait *w)
{
	memory_free(w->mode);
	memory_free(w->object);
	memory_free(w->user);
	memory_free(w->database);
	memory_free(w->application);
	memory_free(w->statement);
	memory_free(w->holder_user);
	memory_free(w->holder_database);
	memory_free(w->holder_application);
	memory_free(w->holder_host);
}

static void free_texts(struct part *p)
{
	for (size_t i = 0; i < p->samples_n; i++)
		memory_free(p->samples[i].excerpt);
	memory_free(p->samples);
	for (size_t i = 0; i < p->exemplars_n; i++) {
		memory_free(p->exemplars[i].signal);
		memory_free(p->exemplars[i].class);
		memory_free(p->exemplars[i].text);
	}
	memory_free(p->exemplars);
	for (size_t i = 0; i < p->events_n; i++) {
		memory_free(p->events[i].signal);
		memory_free(p->events[i].class);
		memory_free(p->events[i].service);
		memory_free(p->events[i].version);
		memory_free(p->events[i].host);
		memory_free(p->events[i].text);
	}
	memory_free(p->events);
}

static void free_locks(struct lock_wait *locks, size_t n)
{
	for (size_t i = 0; i < n; i++)
		lock_wait_release(&locks[i]);
	memory_free(locks);
}

static void free_numbers(struct part *p)
{
	for (size_t i = 0; i < p->gauges_n; i++) {
		memory_free(p->gauges[i].name);
		memory_free(p->gauges[i].key);
		memory_free(p->gauges[i].cells);
	}
	memory_free(p->gauges);
	for (size_t i = 0; i < p->statements_n; i++) {
		memory_free(p->statements[i].sql);
		memory_free(p->statements[i].cells);
	}
	memory_free(p->statements);
	for (size_t i = 0; i < p->addresses_n; i++)
		memory_free(p->addresses[i].address);
	memory_free(p->addresses);
}

void part_free(struct part *p)
{
	if (!p)
		return;
	free_texts(p);
	for (size_t i = 0; i < p->series_n; i++) {
		memory_free(p->series[i].signal);
		memory_free(p->series[i].class);
		memory_free(p->series[i].facet_value);
		memory_free(p->series[i].bins);
	}
	memory_free(p->series);
	for (size_t i = 0; i < p->distincts_n; i++)
		memory_free(p->distincts[i].hashes);
	memory_free(p->distincts);
	for (size_t i = 0; i < p->sessions_n; i++) {
		memory_free(p->sessions[i].key);
		memory_free(p->sessions[i].cells);
	}
	memory_free(p->sessions);
	free_numbers(p);
	free_locks(p->locks, p->locks_n);
	memory_free(p->head.message);
	memory_free(p->head.text);
	memory_free(p->tail.message);
	memory_free(p->tail.text);
	free_keyed(p->endpoints, p->endpoints_n);
	free_keyed(p->messages, p->messages_n);
	free_tops(p->clients, p->clients_n);
	free_tops(p->users, p->users_n);
	memory_free(p->stream);
	memory_free(p->carriers);
	memory_free(p->format);
	memory_free(p->layout);
	memory_free(p->also);
	memory_free(p->zone_text);
	memory_free(p->segments);
	memory_free(p->busy);
	memory_free(p->latency);
	memory_free(p->ids);
	memory_free(p->failed_ids);
	memory_free(p);
}
