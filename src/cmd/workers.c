#include "cmd/workers.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/memory.h"

/* A tally is at most 21 MiB a stream of a file, 110 MiB a file (part.h, part_share); more than this is rubbish that begins like one. */
static const size_t MOST_TALLY_BYTES = (size_t)16 << 30;

/* What the workers share. */
struct job {
	const struct options *options;
	const struct library *library;
	const struct input_list *files;
	const struct worker_instead *instead; /* NULL: none */
	struct worker_result *results;
	size_t *order;           /* indices into files, largest first */
	atomic_size_t next;      /* into order */
	atomic_size_t idle;      /* threads that have no file */
	struct watch watch;
};

static void add_failure(struct diag_list *trouble, const struct diag *d)
{
	diag_add(trouble, DIAG_ERROR, d->hint[0] ? d->hint : NULL, "%s", d->what);
	trouble->incomplete = true;
}

static void read_tally(struct job *job, struct input *in, struct worker_result *r)
{
	struct text bytes = {0};
	struct diag d = {0};
	char *buffer = memory_new(LIMIT_CHUNK_BYTES, 1);
	size_t n;
	while (!job->watch.stop && bytes.len < MOST_TALLY_BYTES && (n = input_read(in, buffer, LIMIT_CHUNK_BYTES)))
		text_append(&bytes, (struct span){buffer, n});
	memory_free(buffer);
	tally_init(&r->tally, job->library->patterns.hash);
	r->is_tally = true;
	if (!job->watch.stop && !in->failed.set && !tally_decode(&r->tally, text_span(&bytes), &d)) {
		diag_add(&r->trouble, DIAG_ERROR, d.hint[0] ? d.hint : "Scan its logs again.", "\"%s\": %s", in->path,
			 d.what);
		r->trouble.incomplete = true;
	} else if (r->tally.n && r->tally.patterns != job->library->patterns.hash) {
		diag_add(&r->trouble, DIAG_WARNING, "Scan its logs again with the patterns in force here.",
			 "\"%s\" was scanned with other patterns: %016llx, here %016llx", in->path,
			 (unsigned long long)r->tally.patterns, (unsigned long long)job->library->patterns.hash);
		r->trouble.incomplete = true;
	}
	text_release(&bytes);
}

/* What a configuration told is stated, in whichever way it was found: the hash of all layouts of the file that it told; 0: none. */
static uint64_t told_hash(const struct serverconf *servers, const struct scanned *scanned)
{
	uint64_t all = 0;
	for (size_t i = 0; i < scanned->n; i++) {
		uint64_t one = serverconf_layout_hash(servers, scanned->parts[i]->layout);
		all = all && one ? hash_pair(all, one) : all | one;
	}
	return all;
}

static void read_log(struct job *job, struct input *in, const struct worker_instead *instead, struct worker_result *r)
{
	const struct library_choice how = library_choose(job->library, in->path, &r->trouble);
	const struct glob_rule *rule = options_rule_for(job->options, GLOB_SOURCE, in->path);
	char *source = rule ? span_copy(rule->value) : NULL;
	r->where.path = span_copy(span_of(in->path));
	if (instead->path)
		r->where.key = span_copy(span_of(instead->key));
	else if (!strcmp(in->path, "-"))
		r->where.key = span_copy(span_of(source ? source : "-"));
	else
		r->where.key = tally_source_key(source, in->path);
	memory_free(source);
	uint64_t start = instead->path ? instead->start : 0, bytes = instead->path ? instead->bytes : UINT64_MAX;
	if (!scan_stretch(in, start, bytes, &how.patterns, how.stated, &r->where, &job->watch.stop, &job->idle, &r->scanned))
		return;
	if (instead->path)
		r->where.mtime_s = instead->mtime_s;
	scan_state(&r->scanned, how.stated ? how.hash : told_hash(&job->library->servers, &r->scanned));
	for (size_t i = 0; i < r->scanned.n && !how.stated; i++) {
		const struct part *p = r->scanned.parts[i];
		serverconf_compare(&job->library->servers, in->path, p->format, p->layout, &r->trouble);
	}
}

static void read_file(struct job *job, size_t index)
{
	static const struct worker_instead itself = {0};
	struct worker_result *r = &job->results[index];
	const struct worker_instead *instead = job->instead ? &job->instead[index] : &itself;
	const char *path = job->files->files[index].path;
	struct input in;
	struct diag d = {0};
	if (!input_open(&in, instead->path ? instead->path : path, &d)) {
		add_failure(&r->trouble, &d);
		return;
	}
	in.path = path; /* what is said of it, and what options mean, goes by this name */
	in.progress = &job->watch.read;
	in.stop = &job->watch.stop;
	if (tally_is(input_peek(&in)))
		read_tally(job, &in, r);
	else if (!packed_is_read(input_peek(&in), in.path, &d))
		add_failure(&r->trouble, &d);
	else
		read_log(job, &in, instead, r);
	if (in.failed.set)
		add_failure(&r->trouble, &in.failed);
	input_close(&in);
}

static void *work(void *shared)
{
	struct job *job = shared;
	for (;;) {
		size_t turn = atomic_fetch_add(&job->next, 1);
		if (turn >= job->files->n || job->watch.stop)
			break;
		read_file(job, job->order[turn]);
	}
	atomic_fetch_add(&job->idle, 1);
	watch_leave(&job->watch);
	return NULL;
}

/* Files, and the size by which they are ordered; a pipe comes first: it may be the longest. */
struct weight {
	int64_t size;
	size_t index;
};

static int compare_weights(const void *a, const void *b)
{
	const struct weight *x = a, *y = b;
	int64_t p = x->size < 0 ? INT64_MAX : x->size, q = y->size < 0 ? INT64_MAX : y->size;
	if (p != q)
		return p > q ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

static size_t *order_by_size(const struct input_list *files)
{
	struct weight *weights = memory_new(files->n, sizeof *weights);
	size_t *order = memory_new(files->n, sizeof *order);
	for (size_t i = 0; i < files->n; i++)
		weights[i] = (struct weight){files->files[i].size, i};
	if (files->n)
		qsort(weights, files->n, sizeof *weights, compare_weights);
	for (size_t i = 0; i < files->n; i++)
		order[i] = weights[i].index;
	memory_free(weights);
	return order;
}

static size_t threads_for(const struct options *o)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	size_t n = o->jobs ? o->jobs : processors < 1 ? 1 : (size_t)processors;
	return n < OPTIONS_MOST_JOBS ? n : OPTIONS_MOST_JOBS;
}

/* Signals are for the threads of who called us. */
static size_t start(struct job *job, pthread_t *threads, size_t wanted)
{
	sigset_t all, before;
	size_t started = 0;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	while (started < wanted && !pthread_create(&threads[started], NULL, work, job))
		started++;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return started;
}

bool workers_run(const struct options *o, const struct library *lib, const struct input_list *files,
		 const struct watcher *who, struct worker_result *results)
{
	return workers_run_instead(o, lib, files, NULL, who, results);
}

bool workers_run_instead(const struct options *o, const struct library *lib, const struct input_list *files,
			 const struct worker_instead *instead, const struct watcher *who, struct worker_result *results)
{
	struct job job = {.options = o, .library = lib, .files = files, .instead = instead, .results = results};
	size_t wanted = threads_for(o);
	/* Those that have no file help with one: the file is read by one thread and inflated by the other. */
	if (wanted > files->n) {
		job.idle = wanted - files->n;
		wanted = files->n;
	}
	pthread_t *threads = memory_new(wanted, sizeof *threads);
	job.order = order_by_size(files);
	watch_init(&job.watch, wanted);
	size_t started = start(&job, threads, wanted);
	/* The system gives no more threads: the others do the work, or this one when there are none. */
	if (started < wanted)
		watch_drop(&job.watch, wanted - (started ? started : 1));
	if (!started && wanted)
		work(&job);
	bool finished = watch_wait(&job.watch, input_list_bytes(files), who, -1) == WATCH_DONE;
	for (size_t i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
	watch_release(&job.watch);
	memory_free(threads);
	memory_free(job.order);
	return finished;
}

void worker_result_release(struct worker_result *r)
{
	scanned_release(&r->scanned);
	memory_free(r->where.key);
	memory_free(r->where.path);
	tally_release(&r->tally);
	diag_release(&r->trouble);
	*r = (struct worker_result){0};
}
