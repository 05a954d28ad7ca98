#include "fold/moment.h"

#include "fold/sentence.h"

struct moment moment_of(const struct fold_source *s, int64_t printed_us)
{
	if (printed_us == INSTANT_NONE)
		return (struct moment){INSTANT_NONE, INSTANT_NONE, INSTANT_NONE, NULL};
	int64_t utc = fold_utc(s, printed_us);
	int64_t resolution = s->resolution_us > 0 ? s->resolution_us : 1;
	/* An hour that comes twice: the interval holds both instants, when the file does not tell which. */
	int64_t later = fold_utc_later(s, printed_us);
	int64_t uncertainty = fold_uncertainty(s, printed_us);
	return (struct moment){utc, utc - uncertainty, later + resolution + uncertainty, NULL};
}

struct moment moment_copy(const struct moment *m)
{
	struct moment copy = *m;
	copy.reason = sentence_copy(m->reason);
	return copy;
}

int64_t moment_printed(const struct fold_source *s, int64_t utc_us)
{
	if (utc_us == INSTANT_NONE)
		return INSTANT_NONE;
	/* The offset at a civil time is known, not the one at an instant: a second round settles it except inside the hour
	 * that comes twice. */
	int64_t printed = utc_us;
	for (int round = 0; round < 2; round++)
		printed = utc_us - (fold_utc(s, printed) - printed);
	return printed;
}

bool moment_before(const struct moment *a, const struct moment *b)
{
	return a->upper_us != INSTANT_NONE && b->lower_us != INSTANT_NONE && a->upper_us <= b->lower_us;
}

bool moment_unzoned(const struct fold_source *s)
{
	return !s->zone_printed && !s->zone && !s->zone_estimated;
}

bool moment_vague(const struct fold_source *s)
{
	return moment_unzoned(s) || (s->zone_estimated && s->uncertainty_us > MOMENT_VAGUE_US);
}

int64_t moment_uncertainty(const struct moment *m)
{
	if (m->at_us == INSTANT_NONE)
		return 0;
	int64_t below = m->at_us - m->lower_us, above = m->upper_us - m->at_us;
	return below > above ? below : above;
}
