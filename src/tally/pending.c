#include "tally/pending.h"

#include "base/memory.h"

static void copy_span(struct span *s, char *bytes, size_t *len)
{
	if (s->len)
		memcpy(bytes + *len, s->at, s->len);
	s->at = bytes + *len;
	*len += s->len;
}

bool pending_keep(struct pending *p, enum tier tier, const struct record *r, const uint16_t *kinds, size_t kinds_n)
{
	size_t len = r->raw.len + r->zone_text.len;
	for (int f = 0; f < FIELD_COUNT; f++)
		len += record_get(r, (enum field)f).len;
	if (p->n == PENDING_RECORDS || len > PENDING_BYTES || kinds_n > SIGNAL_MAX)
		return false;
	if (!p->records)
		p->records = memory_new(PENDING_RECORDS, sizeof *p->records);
	struct pending_record *kept = &p->records[p->n++];
	kept->record = *r;
	kept->bytes = memory_new(len, 1);
	kept->tier = tier;
	kept->kinds_n = kinds_n;
	if (kinds_n)
		memcpy(kept->kinds, kinds, kinds_n * sizeof *kinds);
	len = 0;
	copy_span(&kept->record.raw, kept->bytes, &len);
	copy_span(&kept->record.zone_text, kept->bytes, &len);
	for (int f = 0; f < FIELD_COUNT; f++)
		if (record_has(r, (enum field)f))
			copy_span(&kept->record.field[f], kept->bytes, &len);
	return true;
}

void pending_release(struct pending *p)
{
	for (size_t i = 0; i < p->n; i++)
		memory_free(p->records[i].bytes);
	memory_free(p->records);
	*p = (struct pending){0};
}
