/* verify: a draft and its log, parted by the first NUL: what is claimed is found, read again and compared with itself. */

#include "promise.h"
#include "report/contract.h"
#include "source.h"
#include "verify/around.h"
#include "verify/compare.h"
#include "verify/reread.h"
#include "verify/search.h"

enum { MOST_SHOWN = 16 };

static struct input again(struct span log)
{
	return source_file(log.at, log.len);
}

/* The claims of what was found: each outcome is one of the list, and what is shown can drive no terminal. */
static void read_hit(const struct claims *c, const struct search_hit *hit, struct span log)
{
	const struct claim_line *shown[MOST_SHOWN];
	size_t from = 0, n = 0;
	uint64_t bytes = c->contents[hit->content].bytes;
	must(bytes && hit->start <= log.len && bytes <= log.len - hit->start && hit->more == (hit->start + bytes < log.len));
	must(inflate_crc_of(0, log.at + hit->start, bytes) == c->contents[hit->content].crc);
	while (from < c->lines_n && c->lines[from].content < hit->content)
		from++;
	while (from + n < c->lines_n && c->lines[from + n].content == hit->content)
		n++;
	if (!n)
		return;
	struct reread_outcome *outcomes = calloc(n, sizeof *outcomes);
	struct excerpt e = {0};
	struct input in = again(log);
	must(reread_lines(&in, hit->start, bytes, c->lines + from, n, &e, outcomes));
	for (size_t i = 0; i < n; i++) {
		const struct claim_line *line = &c->lines[from + i];
		must(outcomes[i].word <= REREAD_EXCERPT);
		must(outcomes[i].word != REREAD_HOLDS || (line->offset < bytes && outcomes[i].line == line->line));
	}
	input_close(&in);
	excerpt_release(&e);
	free(outcomes);
	struct text out = {0};
	for (size_t i = 0; i < n && i < MOST_SHOWN; i++)
		shown[i] = &c->lines[from + i];
	in = again(log);
	around_append(&in, hit->start, bytes, shown, n < MOST_SHOWN ? n : MOST_SHOWN, &out);
	must(span_is_utf8(text_span(&out)) && span_find_byte(text_span(&out), '\x1B') < 0);
	input_close(&in);
	text_release(&out);
}

static void verify(const struct json_t *root, struct span log)
{
	struct result r = {0};
	struct claims c;
	struct search_hits hits = {0};
	struct text out = {0};
	claims_read(&c, root, &r);
	bool *wanted = malloc(c.contents_n + 1);
	memset(wanted, true, c.contents_n + 1);
	struct input in = again(log);
	must(search_file(&in, &c, wanted, &hits));
	input_close(&in);
	bool packed = log.len > 1 && ((unsigned char)log.at[0] == 0x1F || (unsigned char)log.at[0] == 0x28);
	for (size_t i = 0; i < hits.n && !packed; i++)
		read_hit(&c, &hits.items[i], log);
	/* Every draft is itself. */
	struct result same = {0};
	compare_drafts(root, root, &same);
	result_append(&r, &out);
	result_append(&same, &out);
	must(span_is_utf8(text_span(&out)) && span_find_byte(text_span(&out), '\x1B') < 0);
	text_release(&out);
	result_release(&same);
	result_release(&r);
	free(hits.items);
	free(wanted);
	claims_release(&c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span log = {(const char *)data, size}, json = span_cut(&log, '\0');
	struct diag d = {0};
	struct json_t *root = value_read(json, "fuzz", &d);
	if (root && contract_is_draft(root, "fuzz", &d))
		verify(root, log);
	value_free(root);
	return 0;
}
