/* stated: what the user says: about logs (zones, tiers, settings of servers), about events, and which time is to be told.
 *
 * Takes  the words of --since, --until, --around and --margin; the rest is plain data that cmd fills.
 * Gives  structs that the fold, the clocks and the story read.
 * Holds  owned globs; borrowed zones and files of events.
 * Never  contains an option that changes no result; never asks what time it is now.
 */
#ifndef ONSET_STATED_H
#define ONSET_STATED_H

#include "base/zone.h"
#include "config/eventfile.h"
#include "fold/draft.h"

struct story_zone {
	char *glob;
	struct zone *zone; /* borrowed */
};
/* The year of the first year-less stamp of each file. */
struct story_year {
	char *glob;
	int year; /* 1 to 9999 */
};
struct story_tier {
	char *glob;
	enum tier tier;
};

/* What a postgresql.conf says of the server whose logs have paths that match. */
struct story_postgresql {
	char *glob;                         /* matched against paths like that of a zone */
	char *path;                         /* of the configuration, as given: for sentences; owned */
	int64_t max_connections;            /* -1: not set there */
	int64_t superuser_reserved, reserved; /* superuser_reserved_connections, reserved_connections; -1: not set there */
	struct zone *log_timezone;          /* borrowed; NULL: not set there, or unknown */
};

/* The time that is to be told: [since_us, until_us), UTC. It selects what is told, never what is counted. */
struct story_window {
	bool asked;                 /* false: all of it; the others are then undefined */
	int64_t since_us, until_us; /* INSTANT_NONE: open on that side; never both */
};

struct story_options {
	struct story_zone *zones; /* the last match wins; matched against paths */
	size_t zones_n;
	struct story_year *years; /* the last match wins; matched against paths */
	size_t years_n;
	struct story_tier *tiers;
	size_t tiers_n;
	struct story_postgresql *postgresql; /* the last match wins */
	size_t postgresql_n;
	struct event_file *events; /* in the order given */
	size_t events_n;
	struct story_window window;
	char *topology;        /* who calls whom, in words that cause/topology.h reads; owned; NULL: as usual */
	struct option_text *options; /* for draft.options; copied */
	size_t options_n;
};

/* 12 hex digits: what stands for a file of events where sources have their id. */
void stated_id(const struct event_file *file, char id[13]);
/* The event's place in its file, with what is written there, masked. */
void stated_evidence(const struct event_file *file, const struct stated_event *event, struct evidence_list *out);
/* A text that people wrote, on one line, secrets masked. Owned; NULL for "". */
char *stated_text(const char *text);

#define STATED_MARGIN_US HOUR_US /* of --around without --margin */

/* The words as given; NULL: not given. */
struct stated_words {
	const char *since, *until, *around, *margin;
};
/* --since T, --until T: [since, until); --around T --margin D: [T - D, T + D). T as instant_parse_stated() reads it, D as
 * instant_parse_length(). False with `d`: a word that is none, --around beside one of the others, --margin alone, until not
 * after since. */
bool stated_window(const struct stated_words *words, struct story_window *window, struct diag *d);

#endif
