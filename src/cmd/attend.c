#include "cmd/attend.h"

void attend_begin(struct attend *a)
{
	*a = (struct attend){0};
	interrupt_hold(&a->held);
}

int attend_look(void *context, int64_t done, int64_t total)
{
	struct attend *a = context;
	if (!a->begun)
		progress_begin(&a->progress, total);
	a->begun = true;
	if (!a->ended_by)
		a->ended_by = interrupt_came(&a->held);
	if (!a->ended_by)
		progress_show(&a->progress, done);
	return a->ended_by;
}

bool attend_end(struct attend *a)
{
	if (a->begun)
		progress_end(&a->progress);
	if (!a->ended_by)
		a->ended_by = interrupt_came(&a->held);
	interrupt_release(&a->held);
	return a->ended_by;
}
