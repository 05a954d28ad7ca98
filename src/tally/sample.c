#include "tally/sample.h"

#include "base/memory.h"

static uint32_t hour_of(const void *sample)
{
	return *(const uint32_t *)sample; /* the first member of both structs */
}

/* The sample of the hour of `second`, made when there is none; NULL when it is older than all that are kept. */
static void *hour_at(struct sample_hours *s, uint32_t second, size_t size)
{
	uint32_t hour = second / 3600;
	size_t low = 0, high = s->n;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (hour_of(s->hours[middle]) < hour)
			low = middle + 1;
		else
			high = middle;
	}
	void *found = low < s->n ? s->hours[low] : NULL;
	if (!found || hour_of(found) != hour) {
		if (s->n >= (size_t)LIMIT_ID_HOURS >> s->share) {
			if (!low)
				return NULL;
			memory_free(
				s->hours[0]); /* the latest hours matter most: a report is written after an outage */
			memmove(s->hours, s->hours + 1, (low - 1) * sizeof *s->hours);
			low--;
		} else {
			memmove(s->hours + low + 1, s->hours + low, (s->n - low) * sizeof *s->hours);
			s->n++;
		}
		found = s->hours[low] = memory_new(1, size);
		*(uint32_t *)found = hour;
	}
	s->at = found;
	s->at_s = hour * 3600;
	return found;
}

void sample_id(struct sample_hours *s, uint32_t second, uint64_t hash, int64_t time_us, int64_t duration_us)
{
	struct sample_ids *hour = s->at;
	if (!hour || second - s->at_s >= 3600)
		hour = hour_at(s, second, sizeof *hour);
	if (!hour || (hour->n == LIMIT_IDS_PER_HOUR && hash > hour->ids[LIMIT_IDS_PER_HOUR - 1].hash))
		return;
	uint32_t low = 0, high = hour->n;
	while (low < high) {
		uint32_t middle = (low + high) / 2;
		if (hour->ids[middle].hash < hash)
			low = middle + 1;
		else
			high = middle;
	}
	struct sampled_id *id = &hour->ids[low];
	if (low < hour->n && id->hash == hash) {
		if (time_us < id->first_us)
			id->first_us = time_us;
		if (time_us > id->last_us)
			id->last_us = time_us;
		if (duration_us > id->duration_us)
			id->duration_us = duration_us;
		return;
	}
	if (hour->n < LIMIT_IDS_PER_HOUR)
		hour->n++;
	memmove(id + 1, id, (hour->n - 1 - low) * sizeof *id);
	*id = (struct sampled_id){hour->hour, hash, time_us, time_us, duration_us};
}

void sample_client(struct sample_hours *s, uint32_t second, uint64_t hash, bool failed)
{
	struct sample_hashes *hour = s->at;
	if (!hour || second - s->at_s >= 3600)
		hour = hour_at(s, second, sizeof *hour);
	if (!hour)
		return;
	uint64_t *hashes = hour->hashes[failed];
	uint32_t *n = &hour->n[failed];
	if (*n == LIMIT_DISTINCT && hash >= hashes[LIMIT_DISTINCT - 1])
		return;
	uint32_t low = 0, high = *n;
	while (low < high) {
		uint32_t middle = (low + high) / 2;
		if (hashes[middle] < hash)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < *n && hashes[low] == hash)
		return;
	if (*n < LIMIT_DISTINCT)
		++*n;
	memmove(hashes + low + 1, hashes + low, (*n - 1 - low) * sizeof *hashes);
	hashes[low] = hash;
}

struct sampled_id *sample_freeze_ids(const struct sample_hours *s, size_t *n)
{
	*n = 0;
	for (size_t i = 0; i < s->n; i++)
		*n += ((struct sample_ids *)s->hours[i])->n;
	struct sampled_id *out = memory_new(*n, sizeof *out);
	size_t to = 0;
	for (size_t i = 0; i < s->n; i++) {
		const struct sample_ids *hour = s->hours[i];
		memcpy(out + to, hour->ids, hour->n * sizeof *out);
		to += hour->n;
	}
	return out;
}

struct distinct *sample_freeze_clients(const struct sample_hours *s, size_t *n)
{
	*n = 0;
	for (size_t i = 0; i < s->n; i++) {
		const struct sample_hashes *hour = s->hours[i];
		*n += (hour->n[0] > 0) + (hour->n[1] > 0);
	}
	struct distinct *out = memory_new(*n, sizeof *out);
	size_t to = 0;
	for (size_t i = 0; i < s->n; i++) {
		const struct sample_hashes *hour = s->hours[i];
		for (int failed = 0; failed < 2; failed++) {
			if (!hour->n[failed])
				continue;
			struct distinct *d = &out[to++];
			*d = (struct distinct){hour->hour, failed, memory_new(hour->n[failed], sizeof *d->hashes),
					       hour->n[failed]};
			memcpy(d->hashes, hour->hashes[failed], d->n * sizeof *d->hashes);
		}
	}
	return out;
}

size_t sample_hour(const struct sampled_id *ids, size_t n, uint64_t *complete)
{
	size_t end = 1;
	while (end < n && ids[end].hour == ids[0].hour)
		end++;
	*complete = end < LIMIT_IDS_PER_HOUR ? UINT64_MAX : ids[end - 1].hash;
	return end;
}

void sample_release(struct sample_hours *s)
{
	for (size_t i = 0; i < s->n; i++)
		memory_free(s->hours[i]);
	*s = (struct sample_hours){0};
}
