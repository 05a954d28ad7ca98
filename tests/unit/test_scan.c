#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#include "base/memory.h"
#include "tally/scan.h"

#include "builtin.h"
#include "feed.h"
#include "unit.h"

/* An access log, a PostgreSQL log with continuation lines, and noise. */
static struct text log_of(int which)
{
	struct text t = {0};
	for (int i = 0; i < 20000; i++) {
		if (which == 0)
			text_format(&t,
				    "10.0.%d.%d - - [22/Nov/2026:11:%02d:%02d +0000] \"GET /p/%d?x=%d HTTP/1.1\" %d 18 "
				    "\"-\" \"curl\" rt=%d.%03d "
				    "rid=%032x\n",
				    i % 7, i % 250, 10 + i / 1200, i / 20 % 60, i % 500, i, i % 50 ? 200 : 502, i % 3,
				    i % 1000, i * 7919);
		else if (which == 1)
			text_format(&t,
				    "2026-11-22 11:%02d:%02d.%03d UTC [%d] u%d@shop/[unknown] FATAL:  sorry, too many "
				    "clients already\n%s",
				    10 + i / 1200, i / 20 % 60, i % 1000, 100 + i, i % 90,
				    i % 100 ? "" : "\tcontinued\n");
		else
			text_format(&t, "no log line %d at all %c\xFF\n", i, i % 256);
	}
	return t;
}

static struct text gzipped(struct span plain, size_t member)
{
	struct text out = {0};
	for (size_t at = 0; at < plain.len; at += member) {
		size_t n = plain.len - at < member ? plain.len - at : member;
		unsigned char *buffer = malloc(n + 1000);
		z_stream z = {0};
		deflateInit2(&z, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY);
		z.next_in = (unsigned char *)(uintptr_t)(plain.at + at);
		z.avail_in = (unsigned)n;
		z.next_out = buffer;
		z.avail_out = (unsigned)n + 1000;
		deflate(&z, Z_FINISH);
		text_append(&out, (struct span){(char *)buffer, n + 1000 - z.avail_out});
		deflateEnd(&z);
		free(buffer);
	}
	return out;
}

static struct text scanned(const struct patterns *all, struct span bytes, size_t piece, struct location *where)
{
	struct feed f;
	struct text out = {0};
	struct scanned parts;
	feed_open(&f, bytes.at, bytes.len, piece);
	scan_file(&f.in, all, NULL, where, NULL, NULL, &parts);
	feed_close(&f);
	for (size_t i = 0; i < parts.n; i++)
		part_encode(parts.parts[i], &out);
	scanned_release(&parts);
	return out;
}

static void pure(const struct patterns *all)
{
	static const size_t pieces[] = {0, 4093, 65536};
	for (int which = 0; which < 3; which++) {
		struct text plain = log_of(which), once = gzipped(text_span(&plain), SIZE_MAX >> 1),
			    many = gzipped(text_span(&plain), 70001);
		struct location where = {0};
		struct text expected = scanned(all, text_span(&plain), 0, &where);
		FACT(where.container == CONTAINER_PLAIN && where.damage.kind == DAMAGE_NONE, "a plain file is told from a compressed one");
		bool same = true, gzip = true;
		for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
			const struct text *const forms[] = {&plain, &once, &many};
			for (int k = 0; k < 3; k++) {
				struct location w = {0};
				struct text got = scanned(all, text_span(forms[k]), pieces[i], &w);
				same = same && span_equal(text_span(&got), text_span(&expected));
				gzip = gzip && (w.container == CONTAINER_GZIP) == (k > 0);
				text_release(&got);
			}
		}
		FACT(same, "a part is the same for plain, one member, many members, in any pieces");
		FACT(gzip, "and how the file was packed stands beside it");
		struct location cut = {0};
		struct text damaged = scanned(all, span_head(text_span(&once), once.len * 2 / 3), 0, &cut);
		struct text whole_head =
			scanned(all, span_head(text_span(&plain), (size_t)cut.damage.uncompressed_offset), 0, &where);
		FACT(cut.damage.kind == DAMAGE_TRUNCATED && span_equal(text_span(&damaged), text_span(&whole_head)),
		     "what came before a break is the part of those bytes");
		text_release(&damaged);
		text_release(&whole_head);
		text_release(&plain);
		text_release(&once);
		text_release(&many);
		text_release(&expected);
	}
}

static void stops(const struct patterns *all)
{
	struct text plain = log_of(0);
	struct feed f;
	struct location where = {0};
	atomic_bool stop = true;
	feed_open(&f, plain.at, plain.len, 0);
	struct scanned parts;
	FACT(!scan_file(&f.in, all, NULL, &where, &stop, NULL, &parts) && !parts.n, "a scan that is stopped gives nothing");
	feed_close(&f);
	text_release(&plain);
}

static void counted(const struct patterns *all)
{
	struct text plain = log_of(1);
	text_append_string(&plain, "password=hunter2 is no log line\n");
	struct feed f;
	struct location where = {0};
	feed_open(&f, plain.at, plain.len, 0);
	struct scanned parts;
	FACT(scan_file(&f.in, all, NULL, &where, NULL, NULL, &parts) && parts.n == 1, "a plain file of one format is one part");
	feed_close(&f);
	const struct part *p = parts.parts[0];
	const struct ledger_counts *c = &p->counts;
	FACT(!strcmp(p->format, "postgresql") && p->tier == TIER_DB && c->records == 20000,
	     "format, tier and records are noted");
	FACT(c->lines == 20201 && c->lines == c->records + c->joined + c->attached + c->head + c->unparsed + c->blank,
	     "every line is something");
	FACT(p->bytes == plain.len && p->crc == inflate_crc_of(0, plain.at, plain.len),
	     "the fingerprint is that of the bytes");
	bool masked = true;
	for (size_t i = 0; i < p->samples_n; i++)
		masked = masked && !strstr(p->samples[i].excerpt, "hunter2");
	FACT(masked, "samples are masked");
	scan_state(&parts, 42);
	FACT(p->stated == 42 && !*p->stream && p->rank == RANK_KNOWN, "what was stated of a file is noted");
	scanned_release(&parts);
	text_release(&plain);
}

int main(void)
{
	struct patterns all = builtin_load();
	pure(&all);
	stops(&all);
	counted(&all);
	builtin_release(&all);
	return unit_done();
}
