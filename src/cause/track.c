#include "cause/track.h"

#include "base/memory.h"

/* The largest multiple of `step` that is not above `us`. */
static int64_t step_below(int64_t us, int64_t step)
{
	int64_t rest = us % step;
	return us - (rest < 0 ? rest + step : rest);
}

void track_init(struct track *t, int64_t from_us, int64_t to_us, int64_t step_us)
{
	to_us = to_us > from_us ? to_us : from_us;
	while ((to_us - from_us) / step_us >= TRACK_STEPS - 1)
		step_us *= 2;
	*t = (struct track){.from_us = step_below(from_us, step_us), .step_us = step_us, .widest_us = step_us};
	t->n = (size_t)((to_us - t->from_us + step_us - 1) / step_us);
	t->counts = memory_new(t->n, sizeof *t->counts);
}

static void add_at(struct track *t, int64_t us, uint64_t count)
{
	if (us >= t->from_us && (uint64_t)((us - t->from_us) / t->step_us) < t->n)
		t->counts[(us - t->from_us) / t->step_us] += count;
}

void track_add(struct track *t, int64_t start_us, int64_t width_us, uint64_t count)
{
	if (width_us <= t->step_us) {
		add_at(t, start_us, count);
		return;
	}
	t->widest_us = width_us > t->widest_us ? width_us : t->widest_us;
	uint64_t steps = (uint64_t)(width_us / t->step_us), given = 0;
	for (uint64_t i = 0; i < steps; i++) {
		uint64_t until = count / steps * (i + 1) + count % steps * (i + 1) / steps;
		add_at(t, start_us + (int64_t)i * t->step_us, until - given);
		given = until;
	}
}

void track_series(struct track *t, const struct fold_source *s, const struct fold_series *series)
{
	int64_t width_us = (int64_t)series->width_s * SECOND_US, to_us = t->from_us + (int64_t)t->n * t->step_us;
	for (size_t i = 0; i < series->n; i++) {
		int64_t start_us = fold_utc(s, (int64_t)series->bins[i].bin.start_s * SECOND_US);
		if (start_us + width_us > t->from_us && start_us < to_us)
			track_add(t, start_us, width_us, series->bins[i].bin.n);
	}
}

uint64_t track_sum(const struct track *t, int64_t from_us, int64_t to_us)
{
	uint64_t sum = 0;
	int64_t first = from_us <= t->from_us ? 0 : (from_us - t->from_us + t->step_us - 1) / t->step_us;
	for (size_t i = (size_t)first; i < t->n && t->from_us + (int64_t)i * t->step_us < to_us; i++)
		sum += t->counts[i];
	return sum;
}

void track_release(struct track *t)
{
	memory_free(t->counts);
	*t = (struct track){0};
}
