/* signal_file: one signal of patterns/signals: what it is, and its rules.
 *
 * Takes  a parsed pattern file (pattern.h says the syntax).
 * Gives  the signal with compiled rules.
 * Holds  the pattern file: all spans of the rules point into it.
 * Never  keeps a signal whose file has an error.
 */
#ifndef ONSET_SIGNAL_FILE_H
#define ONSET_SIGNAL_FILE_H

#include "parse/rule.h"

enum signal_role {
	ROLE_SYMPTOM,            /* bursts are looked for */
	ROLE_CHANGE,             /* starts, stops, deploys, reloads: each one is an event */
	ROLE_CONTEXT,            /* counted, told when it overlaps an incident */
	ROLE_SESSION_RECEIVED,   /* PostgreSQL "connection received" */
	ROLE_SESSION_AUTHORIZED, /* a connection is open from here */
	ROLE_SESSION_CLOSED,     /* and closed here */
};
/* How often it is seen when nothing is wrong. */
enum signal_health {
	HEALTH_ANY,
	HEALTH_FEW,  /* at most one in twenty of the source's requests */
	HEALTH_ZERO, /* ~0 */
};
enum signal_strength { STRENGTH_STATES, STRENGTH_IMPLIES, STRENGTH_CIRCUMSTANTIAL };

struct signal {
	char *name, *title, *sentence, *measure; /* owned; measure may be empty */
	enum signal_role role;
	enum signal_strength strength;
	enum signal_health health;
	bool visible;     /* users see it */
	struct pattern_file file;
};

struct signal_file {
	struct signal signal;
	struct rule *rules; /* in file order; the first that holds gives the class */
	size_t n, cap;
};

/* NULL with `d`; otherwise `file` is taken over (zeroed), and signal_file_free() gives all back. */
struct signal_file *signal_file_read(struct pattern_file *file, struct diag *d);
void signal_file_free(struct signal_file *l);

#endif
