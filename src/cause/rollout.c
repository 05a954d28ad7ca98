#include "cause/rollout.h"

#include <string.h>

#include "base/memory.h"
#include "cause/clockroot.h"
#include "cause/roll.h"
#include "fold/moment.h"

int64_t rollout_root_us(const struct fold_source *s, int64_t printed_us, int64_t *uncertainty_us)
{
	*uncertainty_us = (s->clock.method ? s->clock.total_uncertainty_us : 0) + (s->resolution_us > 0 ? s->resolution_us : 1);
	return fold_uncorrected(s, printed_us) - (s->clock.method ? s->clock.total_us : 0);
}

static bool same_text(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

/* Two changes to one version: one roll, unless compared clocks prove them further apart than a roll lasts. */
static bool is_together(const struct fold *f, const struct change *a, const struct change *b)
{
	if (a == b)
		return true;
	if (a->stated || b->stated || strcmp(a->kind, b->kind) != 0 || !same_text(a->service, b->service) || !same_text(a->version, b->version))
		return false;
	if (!clockroot_shared(f, a->source_index, b->source_index))
		return true;
	const struct fold_source *s = &f->sources[a->source_index], *t = &f->sources[b->source_index];
	int64_t u, v, apart_us = rollout_root_us(s, moment_printed(s, a->at.at_us), &u) - rollout_root_us(t, moment_printed(t, b->at.at_us), &v);
	return (apart_us < 0 ? -apart_us : apart_us) <= ROLL_US + u + v;
}

struct change_instance *rollout_instances(const struct fold *f, const struct change_list *all, const struct change *c, size_t *n)
{
	struct change_instance *list = NULL;
	size_t cap = 0;
	*n = 0;
	for (size_t i = 0; i < all->n; i++) {
		const struct change *x = &all->items[i];
		for (size_t k = 0; is_together(f, x, c) && k < x->instances_n; k++) {
			const struct change_instance *y = &x->instances[k];
			size_t at = 0;
			while (at < *n && list[at].source != y->source)
				at++;
			if (at == *n) {
				list = memory_grow(list, &cap, *n + 1, sizeof *list);
				list[(*n)++] = *y;
			} else if (y->at_us < list[at].at_us) {
				list[at] = *y;
			}
		}
	}
	return list;
}
