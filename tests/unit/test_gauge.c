#include <stdio.h>

#include "base/memory.h"
#include "tally/gauge.h"

#include "unit.h"

static const struct gauge *find(const struct gauge *all, size_t n, const char *name, const char *key)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(all[i].name, name) && !strcmp(all[i].key, key))
			return &all[i];
	return NULL;
}

static void release(struct gauge *all, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		memory_free(all[i].name);
		memory_free(all[i].key);
		memory_free(all[i].cells);
	}
	memory_free(all);
}

static void haproxy_line(struct gauges *g, uint32_t second, uint32_t line, const char *backend, int64_t queue)
{
	struct record r;
	struct place p = {second, 0, line, 100, line * 101u};
	record_clear(&r);
	record_set(&r, FIELD_BACKEND, span_of(backend));
	record_metric(&r, METRIC_LB_BACKEND_QUEUE, queue);
	record_metric(&r, METRIC_LB_CONNECTIONS, 200 + queue);
	gauges_add(g, &p, &r);
}

static void facts(void)
{
	struct gauges g;
	gauges_init(&g);
	for (uint32_t i = 0; i < 100; i++)
		haproxy_line(&g, 5000 + i / 10, i, i % 2 ? "be_b" : "be_a", i % 2 ? i : 0);
	haproxy_line(&g, 5000, 200, "be\xff", 1);
	size_t n;
	struct gauge *all = gauges_freeze(&g, 5001, 5008, &n);
	const struct gauge *a = find(all, n, "haproxy.queue.backend", "be_a"), *b = find(all, n, "haproxy.queue.backend", "be_b");
	const struct gauge *process = find(all, n, "haproxy.connections.process", "");
	FACT(n == 3 && a && b && process, "a metric is kept per value of its key field, or as one when it has none");
	FACT(b && b->n == 8 && b->cells[0].start_s == 5001 && b->cells[0].n == 5 && b->cells[0].max == 19 && b->cells[0].sum == 75,
	     "per second: how many, sum and maximum");
	FACT(b && b->cells[0].max_line == 19, "and where the maximum is");
	FACT(process && process->cells[0].n == 10 && process->cells[0].max == 219, "of all backends together where the metric has no key");
	FACT(n == 3 && !strcmp(all[0].name, "haproxy.connections.process") && !strcmp(all[1].key, "be_a"), "sorted by name and key");
	release(all, n);
	gauges_release(&g);
}

static void many_keys(void)
{
	struct gauges g;
	gauges_init(&g);
	char name[16];
	for (uint32_t i = 0; i < 1000; i++) {
		snprintf(name, sizeof name, "be_%u", i % 100);
		haproxy_line(&g, 5000, i, i % 100 == 7 ? "other" : name, 3);
	}
	size_t n;
	struct gauge *all = gauges_freeze(&g, 0, UINT32_MAX, &n);
	const struct gauge *other = find(all, n, "haproxy.queue.backend", "other"), *b = find(all, n, "haproxy.queue.backend", "be_5");
	uint64_t records = 0;
	for (size_t i = 0; i < n; i++)
		if (!strcmp(all[i].name, "haproxy.queue.backend"))
			records += all[i].cells[0].n;
	FACT(n == LIMIT_FACETS + 2 && other && other->cells[0].n == 10 * (100 - LIMIT_FACETS),
	     "keys over the limit are other, a key that is called so too");
	FACT(b && b->cells[0].n == 10 && records == 1000, "and nothing is counted twice");
	release(all, n);
	gauges_release(&g);
}

/* A record that does not say the key: the metric is of nobody. */
static void no_key(void)
{
	struct gauges g;
	struct record r;
	struct place p = {5000, 0, 1, 1, 1};
	gauges_init(&g);
	record_clear(&r);
	record_metric(&r, METRIC_LB_SERVER_QUEUE, 4);
	gauges_add(&g, &p, &r);
	size_t n;
	struct gauge *all = gauges_freeze(&g, 0, UINT32_MAX, &n);
	FACT(n == 1 && !*all[0].key && all[0].cells[0].max == 4, "a record without the key field counts under the empty key");
	release(all, n);
	gauges_release(&g);
}

int main(void)
{
	facts();
	many_keys();
	no_key();
	return unit_done();
}
