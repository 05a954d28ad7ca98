#include "line/dating.h"

#include "line/yearof.h"

enum { NEW_YEAR_DAYS = 300, NEW_YEARS = 100 };
static const int64_t BACK_US = 30 * MINUTE_US, PASS_US = 2 * HOUR_US;

/* In the year before, of or after `dated_us`, whichever is nearest to it. */
static int64_t nearest(int64_t time_us, int64_t dated_us)
{
	struct civil stamp, dated;
	int64_t best_us = time_us, least_us = INT64_MAX;
	instant_to_civil(time_us, &stamp);
	instant_to_civil(dated_us, &dated);
	for (int year = dated.year - 1; year <= dated.year + 1; year++) {
		int64_t at = yearof_move(time_us, year - stamp.year), away_us = at < dated_us ? dated_us - at : at - dated_us;
		if (away_us < least_us) {
			best_us = at;
			least_us = away_us;
		}
	}
	return best_us;
}

static bool is_leap_day(int64_t time_us)
{
	struct civil c;
	instant_to_civil(time_us, &c);
	return c.month == 2 && c.day == 29;
}

/* The year-less stamp in its year; New Years are counted. */
static int64_t in_year(struct dating *d, int64_t time_us)
{
	if (!d->begun && !d->year && d->name_until_us)
		d->year = yearof_name(time_us, time_us, is_leap_day(time_us), d->name_from_us, d->name_until_us);
	if (!d->begun && !d->year && d->mtime_us)
		d->year = yearof_container(time_us, is_leap_day(time_us), d->mtime_us);
	if (d->dated && !d->year)
		return nearest(time_us, d->dated_us);
	int known = d->year ? d->year - YEAROF_YEARLESS : 0;
	int64_t at = yearof_move(time_us, known + d->years);
	if (!d->begun)
		return at;
	if (at < d->newest_us - NEW_YEAR_DAYS * DAY_US && d->years < NEW_YEARS)
		return yearof_move(time_us, known + ++d->years);
	if (at > d->newest_us + NEW_YEAR_DAYS * DAY_US && d->years)
		return yearof_move(time_us, known + d->years - 1);
	return at;
}

/* Once the second pass was seen, all that follows is in it. */
static bool in_second_pass(const struct dating *d, const struct dated *twice)
{
	if (!d->begun)
		return false;
	return twice->time_us < d->newest_us - BACK_US || (d->second_us && twice->later_us - d->second_us < PASS_US &&
							   d->second_us - twice->later_us < PASS_US);
}

struct dated dating_of(struct dating *d, const struct record *r)
{
	struct dated out = {r->time_us, r->time_us, r->zone == STAMP_EXPLICIT, !r->yearless};
	if (r->time_us == INSTANT_NONE)
		return out;
	if (r->yearless) {
		/* A year is one of the printed clock, not of UTC. */
		int64_t east_us = r->zone == STAMP_EXPLICIT ? stamp_offset_us(r->zone_text) : 0;
		out.time_us = out.later_us = in_year(d, r->time_us + east_us) - east_us;
		out.year = d->year > 0 || d->dated;
	} else {
		d->dated = true;
		d->dated_us = out.time_us;
	}
	if (!out.utc && d->zone && (out.year || zone_is_fixed(d->zone))) {
		out.utc = true;
		if (zone_to_utc(d->zone, out.time_us, &out.time_us, &out.later_us) == CIVIL_TWICE && in_second_pass(d, &out))
			out.time_us = d->second_us = out.later_us;
	}
	if (!d->begun || out.time_us > d->newest_us)
		d->newest_us = out.time_us;
	d->begun = true;
	return out;
}

void dating_apply(struct dating *d, struct record *r)
{
	struct dated dated = dating_of(d, r);
	r->time_us = dated.time_us;
	r->zone = dated.utc ? STAMP_EXPLICIT : STAMP_NONE;
	r->yearless = !dated.year;
}
