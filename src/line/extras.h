/* extras: what a line says beside the closed list of fields: names and values, only when somebody asks (`onset check --records`).
 *
 * Takes  names and values, in the order of the line.
 * Gives  them back: the first LIMIT_EXTRAS of a record.
 * Holds  borrowed spans, valid as long as the record's fields are; names may be static texts.
 * Never  takes part in a scan: there it is not asked for, and costs one test of a pointer.
 */
#ifndef ONSET_EXTRAS_H
#define ONSET_EXTRAS_H

#include <stddef.h>

#include "base/limits.h"
#include "base/text.h"

struct extra {
	struct span name, value;
};

/* Zeroed is empty. */
struct extras {
	struct extra items[LIMIT_EXTRAS];
	size_t n;
	size_t more; /* that did not fit */
};

static inline void extras_clear(struct extras *e)
{
	if (e)
		e->n = e->more = 0;
}
/* `e` NULL: nobody asked. */
static inline void extras_add(struct extras *e, struct span name, struct span value)
{
	if (!e)
		return;
	if (e->n < LIMIT_EXTRAS)
		e->items[e->n++] = (struct extra){name, value};
	else
		e->more++;
}

#endif
