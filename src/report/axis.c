#include "report/axis.h"

#include "base/instant.h"
#include "fold/sentence.h"
#include "incident/logarithm.h"

int64_t axis_place(const struct axis *a, int64_t at)
{
	at = at < a->from ? a->from : at > a->to ? a->to : at;
	/* Years 1 to 9999 are 3.2e17 us: twice that is no overflow, times the length may be one. */
	uint64_t range = (uint64_t)a->to - (uint64_t)a->from, place = (uint64_t)at - (uint64_t)a->from;
	while (range > UINT64_MAX / 65536) {
		range >>= 1;
		place >>= 1;
	}
	return range ? (int64_t)(place * (uint64_t)a->length_tenths / range) : 0;
}

int64_t axis_place_logarithmic(const struct axis *a, int64_t at)
{
	at = at < a->from ? a->from : at > a->to ? a->to : at;
	int64_t from = logarithm_of((uint64_t)a->from, 0);
	struct axis logarithms = {0, logarithm_micro(logarithm_of((uint64_t)a->to, 0) - from), a->length_tenths};
	return logarithms.to > 0 ? axis_place(&logarithms, logarithm_micro(logarithm_of((uint64_t)at, 0) - from)) : 0;
}

void axis_time_ticks(int64_t from_us, int64_t to_us, size_t most, struct ticks *t)
{
	static const int64_t steps_s[] = {1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400};
	size_t n = sizeof steps_s / sizeof *steps_s, i = 0;
	*t = (struct ticks){0};
	most = most < AXIS_MOST_TICKS ? most : AXIS_MOST_TICKS;
	while (i + 1 < n && (to_us - from_us) / (steps_s[i] * SECOND_US) >= (int64_t)most)
		i++;
	t->step = steps_s[i] * SECOND_US;
	while ((to_us - from_us) / t->step >= (int64_t)most)
		t->step *= 2;
	int64_t first = from_us / t->step * t->step;
	for (int64_t at = first < from_us ? first + t->step : first; at <= to_us && t->n < most; at += t->step)
		t->at[t->n++] = at;
}

void axis_value_ticks(int64_t top_milli, struct ticks *t)
{
	static const int64_t times[] = {1, 2, 5};
	*t = (struct ticks){.step = 1};
	top_milli = top_milli < 1 ? 1 : top_milli > INT64_MAX / 16 ? INT64_MAX / 16 : top_milli;
	/* Not below whole numbers unless what is drawn is: 250 is a quarter of one. */
	int64_t power = 1;
	for (int i = 0; t->step * 3 < top_milli; i = (i + 1) % 3) {
		t->step = power * times[i];
		power = i == 2 ? power * 10 : power;
	}
	for (int64_t at = 0; t->n < AXIS_MOST_TICKS; at += t->step) {
		t->at[t->n++] = at;
		if (at >= top_milli)
			return;
	}
}

void axis_logarithmic_ticks(int64_t least, int64_t top, struct ticks *t)
{
	*t = (struct ticks){.n = 1, .at = {1}};
	top = top < 1 ? 1 : top > INT64_MAX / 16 ? INT64_MAX / 16 : top;
	least = least < 1 ? 1 : least > top ? top : least;
	int64_t lowest = top;
	for (int i = 0; i < AXIS_DECADES; i++)
		lowest /= 10;
	least = least < lowest ? lowest : least;
	int64_t power = 1;
	while (power <= least / 10)
		power *= 10;
	t->at[0] = least >= 5 * power ? 5 * power : least >= 2 * power ? 2 * power : power;
	for (power *= 10; power < top; power *= 10)
		t->at[t->n++] = power;
	/* The last power of ten lies below the top, or nothing does. */
	power /= 10;
	int64_t high = top <= power ? power : top <= 2 * power ? 2 * power : top <= 5 * power ? 5 * power : 10 * power;
	if (high > t->at[t->n - 1])
		t->at[t->n++] = high;
	t->step = 0;
}

void axis_append_time(struct text *out, int64_t at_us, int64_t step_us)
{
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	struct civil c;
	instant_to_civil(at_us, &c);
	if (step_us >= DAY_US)
		text_format(out, "%d %s", c.day, months[c.month - 1]);
	else if (step_us % MINUTE_US)
		text_format(out, "%02d:%02d:%02d", c.hour, c.minute, c.second);
	else
		text_format(out, "%02d:%02d", c.hour, c.minute);
}

void axis_append_duration(struct text *out, int64_t us)
{
	bool seconds = us % SECOND_US == 0, milliseconds = us % 1000 == 0;
	sentence_count(out, (uint64_t)(us > 0 ? us : 0) / (uint64_t)(seconds ? SECOND_US : milliseconds ? 1000 : 1));
	text_append_string(out, us <= 0 ? "" : seconds ? " s" : milliseconds ? " ms" : " us");
}

void axis_append_value(struct text *out, int64_t milli)
{
	static const struct {
		int64_t least_milli, unit_milli;
		const char *letter;
	} units[] = {{INT64_C(10000000000000000), INT64_C(1000000000000000), " T"},
		     {INT64_C(10000000000000), INT64_C(1000000000000), " G"},
		     {INT64_C(10000000000), INT64_C(1000000000), " M"},
		     {INT64_C(100000000), INT64_C(1000000), " k"},
		     {0, 1000, ""}};
	size_t i = 0;
	if (milli < 0) {
		text_append_byte(out, '-');
		milli = milli == INT64_MIN ? INT64_MAX : -milli;
	}
	while (milli < units[i].least_milli)
		i++;
	int64_t whole = milli / units[i].unit_milli, rest = milli % units[i].unit_milli / (units[i].unit_milli / 1000);
	sentence_count(out, (uint64_t)whole);
	/* Two decimals below 10, one below 100. */
	if (rest && whole < 10 && rest >= 10)
		text_format(out, rest % 100 >= 10 ? ".%02d" : ".%01d", (int)(rest % 100 >= 10 ? rest / 10 : rest / 100));
	else if (rest && whole < 10)
		text_format(out, ".%03d", (int)rest);
	else if (rest >= 100 && whole < 100)
		text_format(out, ".%d", (int)(rest / 100));
	text_append_string(out, units[i].letter);
}
