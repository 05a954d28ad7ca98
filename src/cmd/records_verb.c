#include "cmd/records_verb.h"

#include "parse/reader.h"
#include "parse/timeless.h"
#include "tell/recordline.h"
#include "cmd/attend.h"
#include "cmd/gather.h"
#include "cmd/output.h"
#include "cmd/remarks.h"
#include "cmd/watch.h"

enum {
	FLUSH_BYTES = 256 << 10,
	PATIENCE_US = 2000000, /* for who reads what we write, once we shall stop */
};

struct run {
	const struct options *options;
	const struct library *library;
	const struct input_list *files;
	struct watch watch;
	struct output_stream out;
	struct text lines; /* not written yet */
	struct recordline line;
	struct timeless *timeless; /* for lines that no format takes */
	struct regex_scratch *scratch;
	struct remarks remarks;
	struct diag_list *trouble;
	struct diag failed; /* of the output: nothing more can be written */
};

static void flush(struct run *run)
{
	if (!run->failed.set && run->lines.len)
		output_add(&run->out, text_span(&run->lines), &run->failed);
	text_clear(&run->lines);
}

static void add_record(struct run *run, struct span path, const struct format *stated, const struct reader *reader,
		       struct record *r)
{
	const struct format *format = reader_format(reader);
	if (!format)
		timeless_read(run->timeless, stated, r);
	else if (format->rank == RANK_STAMPED)
		timeless_pairs(run->timeless, r);
	const struct signal_set *signals = run->library->patterns.signals;
	uint16_t kinds[SIGNAL_MAX];
	enum tier tier = format ? format->tier : TIER_UNKNOWN;
	/* What an attachment says is a signal of its record, or none. */
	size_t n = record_is_attachment(r) ? 0 : signal_match(signals, tier, r, run->scratch, kinds);
	struct record_origin from = {path, reader_stream(reader, r->stream).name, format ? format->name : NULL, tier, signals, kinds, n};
	recordline_append(&run->line, &from, r, &run->lines);
	if (run->lines.len >= FLUSH_BYTES)
		flush(run);
}

static void read_log(struct run *run, struct input *in)
{
	const struct library_choice how = library_choose(run->library, in->path, run->trouble);
	struct inflate *inflate = inflate_new(in);
	struct lines lines;
	lines_init(&lines, inflate);
	struct reader *reader = reader_new(&lines, &how.patterns.formats, how.stated);
	reader_give_all(reader);
	struct record r = {0};
	struct dating dating = library_dating(run->library, in->path, inflate_mtime_s(inflate));
	while (!run->watch.stop && !run->failed.set && reader_next(reader, &r)) {
		if (r.time_us != INSTANT_NONE)
			dating_apply(&dating, &r);
		add_record(run, span_of(in->path), how.stated, reader, &r);
	}
	if (!run->watch.stop && !run->failed.set) {
		struct remarks_streams streams = {0};
		for (size_t i = 0; i < reader_streams(reader); i++) {
			struct reader_stream s = reader_stream(reader, i);
			remarks_stream(&streams, s.format, s.format ? s.format->rank : RANK_KNOWN, s.counts->lines, s.counts->records);
		}
		remarks_damage(in->path, inflate_damage(inflate), run->trouble);
		remarks_file(&run->remarks, in->path, &streams);
	}
	reader_free(reader);
	lines_release(&lines);
	inflate_free(inflate);
}

static void add_failure(struct diag_list *trouble, const struct diag *d)
{
	diag_add(trouble, DIAG_ERROR, d->hint[0] ? d->hint : NULL, "%s", d->what);
	trouble->incomplete = true;
}

static void read_file(struct run *run, const char *path)
{
	struct input in;
	struct diag d = {0};
	if (!input_open(&in, path, &d)) {
		add_failure(run->trouble, &d);
		return;
	}
	in.progress = &run->watch.read;
	in.stop = &run->watch.stop;
	if (tally_is(input_peek(&in))) {
		diag_set(&d, "\"%s\" is a tally: it has counts, not records", path);
		diag_hint(&d, "Give the logs that it was made of.");
		add_failure(run->trouble, &d);
	} else if (!packed_is_read(input_peek(&in), path, &d)) {
		add_failure(run->trouble, &d);
	} else {
		read_log(run, &in);
	}
	if (in.failed.set)
		add_failure(run->trouble, &in.failed);
	input_close(&in);
}

static void *work(void *shared)
{
	struct run *run = shared;
	for (size_t i = 0; i < run->files->n && !run->watch.stop && !run->failed.set; i++)
		read_file(run, run->files->files[i].path);
	flush(run);
	watch_leave(&run->watch);
	return NULL;
}

/* One thread reads and writes, this one waits for signals: a write to a pipe that nobody empties can be left only by
 * ending the program, and then the temporary file must go first. False after a signal. */
static bool read_all(struct run *run, struct attend *attend)
{
	pthread_t thread;
	watch_init(&run->watch, 1);
	bool started = !pthread_create(&thread, NULL, work, run);
	if (!started)
		work(run);
	enum watch_end end = watch_wait(&run->watch, input_list_bytes(run->files),
					&(struct watcher){attend_look, attend}, PATIENCE_US);
	if (end == WATCH_STUCK) {
		output_abandon(&run->out);
		interrupt_die(&attend->held, attend->ended_by);
	}
	if (started)
		pthread_join(thread, NULL);
	watch_release(&run->watch);
	return end == WATCH_DONE;
}

/* What became of it, once all is read. */
static enum outcome settle(struct run *run, bool finished, const struct interrupt *held, struct diag *d)
{
	bool kept = run->out.path && run->out.target; /* nothing is seen before it is finished */
	enum outcome outcome = run->trouble->incomplete ? OUTCOME_INCOMPLETE : OUTCOME_COMPLETE;
	if (run->failed.set) {
		*d = run->failed;
		return OUTCOME_NOTHING;
	}
	if (!finished) {
		diag_set(d, kept ? "interrupted; nothing was written" : "interrupted; the records end early");
		return kept ? OUTCOME_NOTHING : OUTCOME_INCOMPLETE;
	}
	remarks_finish(&run->remarks, run->trouble);
	/* Lines of no known format are records, too. */
	if (run->remarks.content != CONTENT_KNOWN && run->remarks.content != CONTENT_UNKNOWN) {
		if (!run->trouble->incomplete)
			diag_set(d, "there is no line to read");
		return OUTCOME_NOTHING;
	}
	return output_finish(&run->out, held, d) ? outcome : OUTCOME_NOTHING;
}

static enum outcome write_records(const struct options *o, const struct library *lib, const struct input_list *files,
				  struct diag_list *trouble, struct diag *d)
{
	struct run run = {.options = o, .library = lib, .files = files, .trouble = trouble};
	run.line.unmasked = o->no_mask;
	struct attend attend;
	enum outcome outcome = OUTCOME_NOTHING;
	attend_begin(&attend);
	if (output_open(&run.out, o->output.text, OUTPUT_PRIVATE, d)) {
		run.scratch = regex_scratch_new();
		run.timeless = timeless_new(&lib->patterns.formats);
		bool finished = read_all(&run, &attend);
		outcome = settle(&run, finished && !interrupt_came(&attend.held), &attend.held, d);
		regex_scratch_free(run.scratch);
		timeless_free(run.timeless);
	}
	output_abandon(&run.out);
	attend_end(&attend);
	recordline_release(&run.line);
	text_release(&run.lines);
	return outcome;
}

enum outcome records_verb(const struct options *o, const struct library *lib, struct diag_list *trouble)
{
	struct diag d = {0};
	struct input_list files = {0};
	enum outcome outcome = OUTCOME_NOTHING;
	if (output_ready(o->output.text, &d)) {
		outcome = gather_list(o, &files, trouble, &d);
		if (outcome == OUTCOME_COMPLETE)
			outcome = write_records(o, lib, &files, trouble, &d);
	}
	if (d.set)
		diag_add(trouble, DIAG_ERROR, d.hint[0] ? d.hint : NULL, "%s", d.what);
	input_list_release(&files);
	return outcome;
}
