/* library: what there is to read logs with: the patterns in force; the formats, zones and tiers that the user stated.
 *
 * Takes  the options; the built-in pattern files; folders of pattern files; the system's zone files (TZif); files of
 *        events and configurations of servers that the options name.
 * Gives  `struct library`: immutable once loaded, shared by all threads.
 * Holds  compiled formats and signals, zones. Pointers into the options: they must outlive it.
 * Never  looks at a log, the environment or TZ.
 *
 * A folder's *.pattern files are formats and its *.signal files are signals, at any depth; each adds to the built-in
 * ones or replaces the one of its name; of two folders the later one wins.
 */
#ifndef ONSET_LIBRARY_H
#define ONSET_LIBRARY_H

#include "line/dating.h"
#include "tally/scan.h"
#include "story/story.h"
#include "cmd/serverconf.h"

/* A format that --format stated. */
struct library_format {
	struct span glob;
	struct format *format;
	uint64_t hash; /* of its text; never 0 */
	bool own;      /* made for this option, not one of the set */
};

struct library {
	struct patterns patterns;
	struct library_format *formats;
	size_t formats_n, formats_cap;
	struct serverconf servers;
	struct story_options story;
	size_t zones_cap, years_cap, tiers_cap, texts_cap, postgresql_cap, events_cap;
};

/* False when a pattern file is wrong: `trouble` has a message for each. The library can be checked and released either
 * way. Notes the files in the options: they are no logs. */
bool library_load(struct library *lib, struct options *o, struct diag_list *trouble);
/* Compiles what the options stated, after library_load(). False with `d`: an option makes no sense (exit 64). */
bool library_state(struct library *lib, const struct options *o, struct diag *d);
/* Reads the files that the options name, after library_state(). False with `d`: one of them is wrong (exit 2). Notes
 * them in the options: they are no logs. */
bool library_read(struct library *lib, struct options *o, struct diag_list *trouble, struct diag *d);

/* How a log is to be read. */
struct library_choice {
	struct patterns patterns;    /* borrowed: what it is looked for in */
	const struct format *stated; /* NULL: detect */
	uint64_t hash;               /* of `stated` */
};
/* By --format, else by its server's configuration. `trouble`: where that is in doubt. */
struct library_choice library_choose(const struct library *lib, const char *path, struct diag_list *trouble);
/* What the options, and its name and gzip header (inflate_mtime_s()), say of the times in this file: for `check`. Each stream of the file
 * takes a copy. */
struct dating library_dating(const struct library *lib, const char *path, int64_t mtime_s);
void library_release(struct library *lib);

#endif
