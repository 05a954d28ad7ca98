/* carrier: any bytes, each line of the input a line. All that is given can be read; the chain is no deeper than it may be;
 * whether extras are asked for, whether the stamps are cached and whether the room was used before changes nothing; the
 * writer's name is short and printable. */
#include <stddef.h>

#include "carry/carrier.h"
#include "promise.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must_be_same(const struct carried *a, const struct carried *b)
{
	must(a->depth == b->depth && !memcmp(a->chain, b->chain, a->depth * sizeof(a->chain[0])));
	must(span_equal(a->text, b->text) && span_equal(a->host, b->host) && span_equal(a->process, b->process));
	must(span_equal(a->pid, b->pid) && span_equal(a->container, b->container) && span_equal(a->iostream, b->iostream));
	must(span_equal(a->unit, b->unit) && a->partial == b->partial && a->continues == b->continues);
	must(a->continues_word == b->continues_word && a->cut == b->cut && a->has_stamp == b->has_stamp && a->severity == b->severity && a->priority == b->priority);
	must(!a->has_stamp || (a->stamp.time_us == b->stamp.time_us && a->stamp.resolution_us == b->stamp.resolution_us &&
			       a->stamp.zone == b->stamp.zone && span_equal(a->stamp_text, b->stamp_text)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct carrier_room *used = carrier_room_new();
	struct stamp_cache cache = {.len = 0};
	struct span rest = {(const char *)data, size};
	struct text writer = {0};
	while (rest.len) {
		struct span line = span_cut(&rest, '\n');
		struct carrier_room *fresh = carrier_room_new();
		struct extras extras = {.n = 0};
		struct carried with, plain;
		bool carried = carrier_unwrap(line, used, &cache, &extras, &with);
		must(carried == carrier_unwrap(line, fresh, NULL, NULL, &plain));
		must_be_same(&with, &plain);
		must(carrier_may(line) || !with.depth);
		must(with.depth <= CARRIER_DEPTH && with.text.len <= line.len && with.headed.len <= line.len);
		must(with.priority >= -1 && with.priority <= 191 && (!with.continues_word || with.continues));
		must_be_readable(with.text);
		must_be_readable(with.headed);
		must_be_readable(with.severity_text);
		must_be_readable(with.version);
		must_be_readable(with.msgid);
		must_be_readable(with.structured);
		for (size_t i = 0; i < extras.n; i++) {
			must_be_readable(extras.items[i].name);
			must_be_readable(extras.items[i].value);
		}
		text_clear(&writer);
		carrier_writer(&with, &writer);
		must(writer.len <= CARRIER_WRITER_BYTES);
		for (size_t i = 0; i < writer.len; i++)
			must((unsigned char)writer.at[i] >= ' ' && writer.at[i] != 0x7F);
		carrier_room_free(fresh);
	}
	text_release(&writer);
	carrier_room_free(used);
	return 0;
}
