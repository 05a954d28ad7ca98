#include "tally/partmove.h"

#include "line/yearof.h"

static uint32_t seconds(uint32_t start_s, int years)
{
	return (uint32_t)(yearof_move(start_s * SECOND_US, years) / SECOND_US);
}
static uint32_t hours(uint32_t hour, int years)
{
	return seconds(hour * 3600u, years) / 3600u;
}
static void instants(int64_t *us, int years)
{
	*us = yearof_move(*us, years);
}

static void move_keyed(struct keyed *keyed, size_t n, int years)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < keyed[i].n; k++)
			keyed[i].cells[k].start_s = seconds(keyed[i].cells[k].start_s, years);
}

static void move_numbers(struct number_cell *cells, size_t n, int years)
{
	for (size_t i = 0; i < n; i++) {
		cells[i].start_s = seconds(cells[i].start_s, years);
		instants(&cells[i].max_at_us, years);
	}
}

static void move_series(struct part *p, int years)
{
	for (size_t i = 0; i < p->series_n; i++)
		for (size_t k = 0; k < p->series[i].n; k++)
			p->series[i].bins[k].start_s = seconds(p->series[i].bins[k].start_s, years);
	for (size_t i = 0; i < p->busy_n; i++)
		p->busy[i].start_s = seconds(p->busy[i].start_s, years);
	for (size_t i = 0; i < p->latency_n; i++)
		p->latency[i].start_s = seconds(p->latency[i].start_s, years);
	move_keyed(p->endpoints, p->endpoints_n, years);
	move_keyed(p->messages, p->messages_n, years);
	for (size_t i = 0; i < p->sessions_n; i++)
		for (size_t k = 0; k < p->sessions[i].n; k++)
			p->sessions[i].cells[k].start_s = seconds(p->sessions[i].cells[k].start_s, years);
	for (size_t i = 0; i < p->gauges_n; i++)
		move_numbers(p->gauges[i].cells, p->gauges[i].n, years);
	for (size_t i = 0; i < p->statements_n; i++)
		move_numbers(p->statements[i].cells, p->statements[i].n, years);
}

static void move_ids(struct sampled_id *ids, size_t n, int years)
{
	for (size_t i = 0; i < n; i++) {
		ids[i].hour = hours(ids[i].hour, years);
		instants(&ids[i].first_us, years);
		instants(&ids[i].last_us, years);
	}
}

static void move_samples(struct part *p, int years)
{
	for (size_t i = 0; i < p->distincts_n; i++)
		p->distincts[i].hour = hours(p->distincts[i].hour, years);
	move_ids(p->ids, p->ids_n, years);
	move_ids(p->failed_ids, p->failed_ids_n, years);
	for (size_t i = 0; i < p->exemplars_n; i++) {
		p->exemplars[i].start_s = seconds(p->exemplars[i].start_s, years);
		instants(&p->exemplars[i].at_us, years);
	}
	for (size_t i = 0; i < p->events_n; i++)
		instants(&p->events[i].at_us, years);
	for (size_t i = 0; i < p->locks_n; i++) {
		instants(&p->locks[i].at_us, years);
		if (p->locks[i].acquired_us >= 0)
			instants(&p->locks[i].acquired_us, years);
	}
}

struct part *part_moved(const struct part *p, int years)
{
	struct text bytes = {0};
	struct diag d = {0};
	part_encode(p, &bytes);
	struct part *copy = part_decode(text_span(&bytes), &d);
	text_release(&bytes);
	if (!copy)
		return NULL;
	instants(&copy->first_us, years);
	instants(&copy->last_us, years);
	for (size_t i = 0; i < copy->segments_n; i++) {
		instants(&copy->segments[i].first_us, years);
		instants(&copy->segments[i].last_us, years);
	}
	instants(&copy->head.at_us, years);
	instants(&copy->tail.at_us, years);
	move_series(copy, years);
	move_samples(copy, years);
	return copy;
}
