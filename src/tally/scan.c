#include "tally/scan.h"

#include "base/memory.h"
#include "read/lines.h"
#include "line/bare.h"
#include "parse/reader.h"
#include "tally/mask.h"

/* The builders of the streams; each is made when its first record comes. */
struct builders {
	struct part_builder *of[LIMIT_STREAMS + 1];
	const struct signal_set *signals;
};

static struct part_builder *builder_of(struct builders *b, size_t stream)
{
	if (!b->of[stream]) {
		b->of[stream] = part_builder_new(b->signals);
		part_builder_share(b->of[stream], part_share(stream));
	}
	return b->of[stream];
}

/* Lines that are no record, for their words. */
struct asked {
	const struct signal_set *signals;
	struct regex_scratch *scratch;
	struct record line;
};

/* A refusal that nobody can place in time must not be lost without a word. */
static bool refuses(void *who, struct span line)
{
	struct asked *a = who;
	uint16_t kinds[SIGNAL_MAX];
	record_clear(&a->line);
	record_set(&a->line, FIELD_MESSAGE, line);
	bare_read(&a->line);
	size_t n = signal_match(a->signals, TIER_UNKNOWN, &a->line, a->scratch, kinds);
	for (size_t i = 0; i < n; i++)
		if (signal_refuses(signal_kind(a->signals, kinds[i])->signal->name))
			return true;
	return false;
}

/* All records of the file. False when `stop` became true. */
static bool read_records(struct reader *rd, struct builders *b, const atomic_bool *stop)
{
	struct regex_scratch *scratch = regex_scratch_new();
	struct record r = {0};
	uint16_t kinds[SIGNAL_MAX];
	bool stopped = false;
	for (uint64_t n = 0; reader_next(rd, &r); n++) {
		if (!(n & 1023) && stop && *stop) { /* about a chunk of lines */
			stopped = true;
			break;
		}
		struct part_builder *builder = builder_of(b, r.stream);
		if (record_is_attachment(&r)) {
			part_builder_attach(builder, &r);
			continue;
		}
		const struct format *format = reader_format(rd);
		enum tier tier = format ? format->tier : TIER_UNKNOWN;
		part_builder_add(builder, tier, &r, kinds, signal_match(b->signals, tier, &r, scratch, kinds));
	}
	regex_scratch_free(scratch);
	return !stopped && !(stop && *stop);
}

static uint32_t cut32(uint64_t n)
{
	return n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
}

static char *name_of(const char *string)
{
	struct text clean = {0};
	text_append_utf8(&clean, span_of(string));
	char *copy = span_copy(text_span(&clean));
	text_release(&clean);
	return copy;
}

static void replace(char **text, const char *with)
{
	memory_free(*text);
	*text = name_of(with);
}

static void note_format(struct part *p, const struct reader_stream *s, const struct format *stated)
{
	const struct detection *detection = s->detection;
	const struct format *format = s->format; /* the stated one, or made from it */
	replace(&p->stream, s->name);
	replace(&p->carriers, s->carriers);
	replace(&p->format, format ? format->name : "");
	replace(&p->layout, format && format->layout ? format->layout : "");
	replace(&p->also, !stated && detection->also ? detection->also->name : "");
	p->rank = format ? format->rank : RANK_KNOWN;
	p->tier = s->tier;
	p->detect_taken = detection->taken;
	p->detect_lines = detection->lines;
	p->format_changes = s->format_changes;
}

/* What the reader counted; its samples, masked. */
static void note_lines(struct part *p, const struct reader_stream *s)
{
	p->counts = *s->counts;
	p->samples_n = s->samples_n;
	p->samples = memory_new(p->samples_n, sizeof *p->samples);
	struct text masked = {0};
	for (size_t i = 0; i < p->samples_n; i++) {
		p->samples[i] = s->samples[i];
		mask_excerpt(span_of(s->samples[i].excerpt), &masked);
		p->samples[i].excerpt = span_copy(text_span(&masked));
	}
	text_release(&masked);
}

static void note_head(struct part_builder *b, const struct ledger_head *head)
{
	if (!head->line)
		return;
	struct file_edge edge = {.line = cut32(head->line), .length = cut32(head->length), .offset = head->offset,
				 .text = span_copy(head->text)};
	part_builder_head(b, &edge);
	memory_free(edge.text);
}

/* The parts of all streams but of the rest when nothing is left for it. */
static void finish(struct builders *b, const struct reader *rd, const struct format *stated, struct scanned *out)
{
	size_t streams = reader_streams(rd);
	out->parts = memory_new(streams, sizeof *out->parts);
	for (size_t i = 0; i < streams; i++) {
		struct reader_stream s = reader_stream(rd, i);
		if (!i && streams > 1 && !s.counts->lines)
			continue;
		struct part_builder *builder = builder_of(b, i);
		note_head(builder, &s.head);
		struct part *p = part_builder_finish(builder);
		b->of[i] = NULL;
		note_format(p, &s, stated);
		note_lines(p, &s);
		out->parts[out->n++] = p;
	}
}

static bool scan_with(struct inflate *inflate, const struct patterns *patterns, const struct format *stated, struct location *where,
		      const atomic_bool *stop, atomic_size_t *idle, struct scanned *out)
{
	struct lines lines;
	struct builders b = {.signals = patterns->signals};
	*out = (struct scanned){0};
	lines_init(&lines, inflate);
	lines_share(&lines, idle);
	struct reader *rd = reader_new(&lines, &patterns->formats, stated);
	struct asked asked = {.signals = patterns->signals, .scratch = regex_scratch_new()};
	struct ledger_ask ask = {refuses, &asked};
	reader_ask(rd, &ask);
	bool whole = read_records(rd, &b, stop);
	regex_scratch_free(asked.scratch);
	if (whole) {
		finish(&b, rd, stated, out);
		where->container = inflate_container(inflate);
		where->mtime_s = inflate_mtime_s(inflate);
		where->damage = *inflate_damage(inflate);
	}
	for (size_t i = 0; i < out->n; i++) {
		out->parts[i]->bytes = inflate_bytes(inflate);
		out->parts[i]->crc = inflate_crc(inflate);
	}
	for (size_t i = 0; i <= LIMIT_STREAMS; i++)
		if (b.of[i])
			part_free(part_builder_finish(b.of[i]));
	reader_free(rd);
	lines_release(&lines);
	return whole;
}

bool scan_stretch(struct input *in, uint64_t start, uint64_t bytes, const struct patterns *patterns, const struct format *stated,
		  struct location *where, const atomic_bool *stop, atomic_size_t *idle, struct scanned *out)
{
	struct inflate *inflate = inflate_new_fast(in);
	if (start || bytes != UINT64_MAX)
		inflate_confine(inflate, start, bytes);
	bool whole = scan_with(inflate, patterns, stated, where, stop, idle, out);
	if (whole && inflate_doubts(inflate) && input_rewind(in, 0)) {
		scanned_release(out);
		inflate_free(inflate);
		inflate = inflate_new(in);
		if (start || bytes != UINT64_MAX)
			inflate_confine(inflate, start, bytes);
		whole = scan_with(inflate, patterns, stated, where, stop, idle, out);
	}
	inflate_free(inflate);
	return whole;
}

bool scan_file(struct input *in, const struct patterns *patterns, const struct format *stated, struct location *where,
	       const atomic_bool *stop, atomic_size_t *idle, struct scanned *out)
{
	return scan_stretch(in, 0, UINT64_MAX, patterns, stated, where, stop, idle, out);
}

void scan_state(struct scanned *s, uint64_t stated)
{
	for (size_t i = 0; i < s->n; i++)
		s->parts[i]->stated = stated;
}

void scanned_release(struct scanned *s)
{
	for (size_t i = 0; i < s->n; i++)
		part_free(s->parts[i]);
	memory_free(s->parts);
	*s = (struct scanned){0};
}
