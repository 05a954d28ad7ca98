#include "parse/ledger.h"

#include "base/memory.h"

void ledger_joined(struct ledger *l, const struct line *line, uint64_t lines)
{
	l->counts.lines += lines;
	l->counts.joined += lines;
	l->counts.cut += line->cut;
}

void ledger_blank(struct ledger *l, const struct line *line, uint64_t lines)
{
	l->counts.lines += lines;
	l->counts.blank += lines;
	l->counts.cut += line->cut;
	l->head_blank += lines;
}

void ledger_head(struct ledger *l, const struct line *line, uint64_t lines)
{
	struct ledger_head *head = &l->head;
	l->counts.lines += lines;
	l->counts.head += lines;
	l->counts.cut += line->cut;
	if (l->head_over)
		return;
	if (!head->line) {
		head->line = line->number;
		head->offset = line->offset;
	} else {
		for (uint64_t i = 0; i <= l->head_blank && l->head_text.len < LIMIT_EDGE_BYTES; i++)
			text_append_byte(&l->head_text, '\n');
	}
	l->head_blank = 0;
	head->length = line->offset + line->length - head->offset;
	text_append(&l->head_text, span_head(line->text, LIMIT_EDGE_BYTES - l->head_text.len));
	head->text = text_span(&l->head_text);
}

void ledger_unparsed(struct ledger *l, const struct line *line, uint64_t lines)
{
	l->counts.lines += lines;
	l->counts.unparsed += lines;
	l->counts.cut += line->cut;
	l->head_over = true;
	if (l->ask && l->asked < LIMIT_UNPARSED_ASKED) {
		l->asked++;
		l->counts.refusals += l->ask->refuses(l->ask->who, line->text);
	}
	if (l->samples_n < LIMIT_UNPARSED_SAMPLES)
		l->samples[l->samples_n++] = (struct ledger_sample){line->number, line->offset, line->length,
								    span_copy(span_head(line->text, LIMIT_EXCERPT_BYTES))};
}

void ledger_add(struct ledger_counts *to, const struct ledger_counts *counts)
{
	to->lines += counts->lines;
	to->records += counts->records;
	to->joined += counts->joined;
	to->attached += counts->attached;
	to->head += counts->head;
	to->unparsed += counts->unparsed;
	to->blank += counts->blank;
	to->cut += counts->cut;
}

void ledger_release(struct ledger *l)
{
	for (size_t i = 0; i < l->samples_n; i++)
		memory_free(l->samples[i].excerpt);
	text_release(&l->head_text);
}
