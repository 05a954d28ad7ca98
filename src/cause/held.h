/* held: the connections that were open around an onset, and what else may have taken them.
 *
 * Takes  a scene: open connections by role, application and host, second by second; starts of applications; the load.
 * Gives  how all and each grew (struct held); the tests and words that the mechanisms which hold connections share.
 * Holds  levels (owned) until held_release().
 * Never  counts sessions over a hole in the database's log: who came and went in it is not known.
 */
#ifndef ONSET_HELD_H
#define ONSET_HELD_H

#include "cause/growth.h"
#include "cause/hypothesis.h"

#define HELD_BEFORE_US (30 * MINUTE_US) /* how far back growth is looked for */
#define HELD_SILENCE_US MINUTE_US       /* the least that may be a hole */
#define HELD_KNOWN_US (10 * SECOND_US)  /* of sessions before the onset: with less nothing is known */
#define HELD_STEADY_US (30 * SECOND_US) /* growth that takes longer is one after the other: less is a rush */
#define HELD_SINCE_US (10 * SECOND_US) /* growth since a start of the application may be so short, when it is one after the other */
#define HELD_START_US (30 * SECOND_US) /* between a start and the growth that it explains */
#define HELD_AFTER_HOLE_US (5 * MINUTE_US) /* of the database's log before the onset, behind a hole: less tells not what is usual */
enum {
	HELD_LEAST = 3,           /* connections more than usual: the least that is growth */
	HELD_SHARE = 25,          /* and per cent of all that are open at the onset */
	HELD_STEADY_MILLI = 800,  /* rank correlation of level and time */
	HELD_ONE_SHARE = 50,      /* per cent of the growth that one second may have of what grows one after the other */
};

/* What is known of the connections around one onset. */
struct held {
	bool known;            /* the database's log shows sessions, without a hole */
	struct fold_gap hole;  /* of the database's log, in the time that is looked at; start_us INSTANT_NONE: none */
	struct fold_gap silence; /* the longest of that log in that time, when no other is half as long: it may be a hole; INSTANT_NONE: none */
	int64_t from_us, onset_us; /* as printed by the database */
	struct growth all;
	struct growth *names;  /* of roles and applications; owned */
	size_t n;
};

void held_fill(const struct scene *s, struct held *h);
void held_release(struct held *h);

/* More than usual by enough to speak of growth. */
bool held_grew(const struct growth *g, const struct growth *all);
/* Growth that took HELD_STEADY_US or more, most of the time upwards. */
bool held_steady(const struct growth *g);
/* True for a name that stands for none. */
bool held_unnamed(const char *key);
/* The server's connection slots were gone: what was refused was no one's own limit. */
bool held_server_full(const struct scene *s);
/* Requests rose by half or more, and it is not proved that they did so only behind the onset. */
bool held_load_rose(const struct scene *s);
/* The start of an application since which connections grew, by an instant (UTC) at which they began to; NULL: none. When the logs have only
 * begun, everything is started; and what was refuted as a cause of the incident dates nothing. Borrowed. */
const struct change *held_since(const struct scene *s, int64_t begin_us);
/* Growth that is one after the other since such a start, in the application's own role: less than HELD_STEADY_US tells it, for who has just
 * been started with nothing and asks for one more now and then gives none back. */
bool held_since_start(const struct scene *s, const struct held *h, const struct growth *g);
/* Whether a name is the one that usually holds most of its kind. */
bool held_is_main(const struct held *h, const struct growth *g);
/* Tests: more requests, slower answers and statements that wait take connections, too. `found`: what was found so far. */
void held_other_takers(const struct scene *s, const struct hypothesis_list *found, struct hypothesis *h);
/* Requests did not rise: the test and its sentence. */
void held_without_load(const struct scene *s, struct hypothesis *h);
/* The last start of an application between two instants; NULL: none. Borrowed. */
const struct change *held_start_between(const struct scene *s, int64_t from_us, int64_t to_us);
/* Adds the test of a change whose verdict is "supported". */
void held_change_support(const struct change *c, struct hypothesis *h);
/* Levels as counts of steps: what the failures are compared with. */
void held_rate(const struct scene *s, const struct growth *g, struct hypothesis *h);

/* "application", "role". Static. */
const char *held_noun(const struct growth *g);
/* "from 4 to 17 open connections between 13:39:00 and 13:40:04" */
void held_append(const struct scene *s, struct text *t, const struct growth *g);
/* A change has a name here only when the tests of its own speak for it: else it is a start at a time. */
void held_append_start(struct text *t, const struct change *c);

#endif
