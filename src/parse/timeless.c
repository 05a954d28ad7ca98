#include "parse/timeless.h"

#include "base/memory.h"
#include "line/bare.h"
#include "carry/carried.h"
#include "split/logfmt.h"

struct timeless {
	const struct format_set *set;   /* borrowed */
	struct format_scratch *scratch; /* owned */
	struct carried nothing;         /* with it a format reads a line to its end although the time is missing */
	struct extras pairs;
	struct record read;
};

struct timeless *timeless_new(const struct format_set *set)
{
	struct timeless *t = memory_new(1, sizeof *t);
	t->set = set;
	t->scratch = format_scratch_new();
	carried_init(&t->nothing, SPAN_NONE);
	format_scratch_extras(t->scratch);
	format_scratch_carried(t->scratch, &t->nothing);
	return t;
}

void timeless_free(struct timeless *t)
{
	if (t)
		format_scratch_free(t->scratch);
	memory_free(t);
}

/* Formats whose lines are names and values: they mean the same without a time. */
static bool is_of_names(const struct format *f)
{
	return f->kind == FORMAT_JSON || f->kind == FORMAT_SCANNER;
}

static bool takes_but_time(struct timeless *t, const struct format *f, struct span text)
{
	return (f->kind != FORMAT_JSON || text.at[0] == '{') && format_parse(f, text, t->scratch, &t->read) == PARSE_NOT_TIME &&
	       t->read.has & ~(UINT64_C(1) << FIELD_TIMESTAMP);
}

/* The format that reads most of the text but its time; NULL when none does. */
static const struct format *most_telling(struct timeless *t, struct span text)
{
	const struct format *best = NULL;
	int most = 0;
	for (size_t i = 0; i < t->set->n; i++) {
		const struct format *f = t->set->formats[i];
		if (!is_of_names(f) || !takes_but_time(t, f, text))
			continue;
		int n = __builtin_popcountll(t->read.has);
		if (n > most) {
			most = n;
			best = f;
		}
	}
	return best;
}

/* What the format reads in the text becomes the record's; where and when it stands stays. */
static void take_fields(struct timeless *t, struct record *r)
{
	const struct record *read = &t->read;
	for (uint64_t bits = read->has & ~(UINT64_C(1) << FIELD_TIMESTAMP); bits; bits &= bits - 1) {
		enum field field = (enum field)__builtin_ctzll(bits);
		record_set(r, field, read->field[field]);
	}
	for (uint32_t bits = read->metrics; bits; bits &= bits - 1) {
		enum metric metric = (enum metric)__builtin_ctz(bits);
		record_metric(r, metric, read->metric[metric]);
	}
	r->severity = read->severity;
	r->status = read->status;
	r->duration_us = read->duration_us;
	if (read->extras && read->extras->n)
		r->extras = read->extras;
}

static void add_pairs(struct timeless *t, struct span text, struct record *r)
{
	extras_clear(&t->pairs);
	if (!(r->extras && r->extras->n) && logfmt_extras(text, &t->pairs))
		r->extras = &t->pairs;
}

void timeless_pairs(struct timeless *t, struct record *r)
{
	add_pairs(t, r->raw, r);
}

void timeless_read(struct timeless *t, const struct format *stated, struct record *r)
{
	struct span text = record_get(r, FIELD_MESSAGE);
	if (r->severity != SEVERITY_UNKNOWN || record_has(r, FIELD_STACK) || !text.len)
		return;
	const struct format *format = stated ? stated : most_telling(t, text);
	if (format && takes_but_time(t, format, text)) {
		take_fields(t, r);
		return;
	}
	add_pairs(t, text, r);
	bare_read(r);
}
