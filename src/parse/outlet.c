#include "parse/outlet.h"

#include "base/memory.h"

static struct outlet *add(struct outlets *o)
{
	struct outlet *new = memory_new(1, sizeof *new);
	new->ledger.ask = o->ask;
	o->all[o->n++] = new;
	return new;
}

void outlets_init(struct outlets *o)
{
	*o = (struct outlets){0};
	add(o);
}

void outlets_ask(struct outlets *o, const struct ledger_ask *ask)
{
	o->ask = ask;
	for (size_t i = 0; i < o->n; i++)
		o->all[i]->ledger.ask = ask;
}

size_t outlet_for(struct outlets *o, struct span writer, struct span carriers, enum tier tier, bool first)
{
	if (first && !writer.len) /* nobody's: stream 0 is of the first tier that comes */
		return 0;
	struct text name = {0};
	size_t i = 1;
	text_append(&name, writer);
	while (first && i < o->n && !span_equal(text_span(&o->all[i]->name), text_span(&name)))
		i++;
	/* Of one name, but another tier: a second one of the same writer, or of another one who is called alike. */
	while (!first || (i < o->n && o->all[i]->tier != tier)) {
		text_format(&name, "/%s", tier_name(tier));
		first = true;
		for (i = 1; i < o->n && !span_equal(text_span(&o->all[i]->name), text_span(&name)); i++)
			;
	}
	if (i == o->n && o->n <= LIMIT_STREAMS) {
		struct outlet *new = add(o);
		new->name = name;
		text_append(&new->carriers, carriers);
		new->tier = tier;
		return i;
	}
	text_release(&name);
	return i < o->n ? i : 0;
}

void outlets_release(struct outlets *o)
{
	for (size_t i = 0; i < o->n; i++) {
		ledger_release(&o->all[i]->ledger);
		text_release(&o->all[i]->name);
		text_release(&o->all[i]->carriers);
		memory_free(o->all[i]);
	}
	*o = (struct outlets){0};
}
