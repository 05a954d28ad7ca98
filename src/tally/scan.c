#include "tally/scan.h"

#include "base/memory.h"
#include "parse/reader.h"
#include "read/lines.h"
#include "tally/mask.h"

/* All records of the file. False when `stop` became true. */
static bool read_records(struct reader *rd, const struct patterns *patterns, struct part_builder *b,
			 uint32_t *format_changes, const atomic_bool *stop)
{
	struct regex_scratch *scratch = regex_scratch_new();
	const struct format *format = NULL;
	struct record r = {0};
	uint16_t kinds[SIGNAL_MAX];
	bool stopped = false;
	for (uint64_t n = 0; reader_next(rd, &r); n++) {
		if (!(n & 1023) && stop && *stop) { /* about a chunk of lines */
			stopped = true;
			break;
		}
		if (record_is_attachment(&r)) {
			part_builder_attach(b, &r);
			continue;
		}
		const struct format *now = reader_format(rd);
		*format_changes += format && now != format;
		format = now;
		enum tier tier = now ? now->tier : TIER_UNKNOWN;
		part_builder_add(b, tier, &r, kinds, signal_match(patterns->signals, tier, &r, scratch, kinds));
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

static void note_format(struct part *p, const struct reader *rd, const struct format *stated)
{
	const struct detection *detection = reader_detection(rd);
	const struct format *format = detection->format; /* the stated one, or made from it */
	memory_free(p->format);
	memory_free(p->layout);
	memory_free(p->also);
	p->format = name_of(format ? format->name : "");
	p->layout = name_of(format && format->layout ? format->layout : "");
	p->also = name_of(!stated && detection->also ? detection->also->name : "");
	p->tier = format ? format->tier : TIER_UNKNOWN;
	p->detect_taken = detection->taken;
	p->detect_lines = detection->lines;
}

/* What the reader counted; its samples, masked. */
static void note_lines(struct part *p, const struct reader *rd)
{
	p->counts = *reader_counts(rd);
	const struct ledger_sample *samples;
	p->samples_n = reader_samples(rd, &samples);
	p->samples = memory_new(p->samples_n, sizeof *p->samples);
	struct text masked = {0};
	for (size_t i = 0; i < p->samples_n; i++) {
		p->samples[i] = samples[i];
		mask_excerpt(span_of(samples[i].excerpt), &masked);
		p->samples[i].excerpt = span_copy(text_span(&masked));
	}
	text_release(&masked);
}

static void note_head(struct part_builder *b, const struct reader *rd)
{
	struct ledger_head head = reader_head(rd);
	if (!head.line)
		return;
	struct file_edge edge = {.line = cut32(head.line), .length = cut32(head.length), .offset = head.offset,
				 .text = span_copy(head.text)};
	part_builder_head(b, &edge);
	memory_free(edge.text);
}

struct part *scan_file(struct input *in, const struct patterns *patterns, const struct format *stated,
		       uint64_t stated_hash, struct location *where, const atomic_bool *stop)
{
	struct inflate *inflate = inflate_new(in);
	struct lines lines;
	lines_init(&lines, inflate);
	struct reader *rd = reader_new(&lines, &patterns->formats, stated);
	struct part_builder *b = part_builder_new(patterns->signals);
	uint32_t format_changes = 0;
	bool whole = read_records(rd, patterns, b, &format_changes, stop);
	note_head(b, rd);
	struct part *p = part_builder_finish(b);
	if (whole) {
		p->bytes = inflate_bytes(inflate);
		p->crc = inflate_crc(inflate);
		p->stated = stated ? stated_hash : 0;
		p->format_changes = format_changes;
		note_format(p, rd, stated);
		note_lines(p, rd);
		where->gzip = inflate_is_gzip(inflate);
		where->damage = *inflate_damage(inflate);
	} else {
		part_free(p);
		p = NULL;
	}
	reader_free(rd);
	lines_release(&lines);
	inflate_free(inflate);
	return p;
}
