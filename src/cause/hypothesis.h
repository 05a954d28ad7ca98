/* hypothesis: one cause that may have done it, while it is being judged.
 *
 * Takes  what the tests of the mechanisms find: sentences, times, counts.
 * Gives  a list of hypotheses; the tables of what a test is worth.
 * Holds  owned sentences, evidence and tracks until hypothesis_release().
 * Never  judges: the score does (cause/score.h).
 *
 * The strengths are thousandths of the term "mechanism". Above 900: a message states it. 300 to 600: what it must look like, seen.
 * 100 to 200: circumstances. Negative: what it should not look like. They were first set by facts/algorithms.md 3.3 (1.0 stated, 0.5
 * implied, 0.2 circumstantial), then calibrated on generated outages and real runs of the lab.
 */
#ifndef ONSET_HYPOTHESIS_H
#define ONSET_HYPOTHESIS_H

#include "cause/load.h"
#include "cause/topology.h"
#include "cause/track.h"

/* Which test: X(name, strength). */
#define CAUSE_TESTS(X) \
	X(STATED, 1000)              /* a message states it in so many words */ \
	X(CALLERS_SAY, 500)          /* those who use it say that it is not there */ \
	X(OWN_POOL, 600)             /* the application's own pool had nothing left, and nothing deeper refused */ \
	X(OWN_POOL_ALONE, 300)       /* and the log of what is deeper covers it */ \
	X(GAVE_UP_WAITING, 250)      /* requests gave up waiting, it is not said for what */ \
	X(POOLER_WAIT, 600)          /* clients waited too long in the pooler, which says so */ \
	X(DEEPER_WELL, 200)          /* what is deeper refused nothing, and its log covers it */ \
	X(LOAD_BEFORE, 500)          /* requests rose, and that is certain before the onset */ \
	X(LOAD_AROUND, 350)          /* requests rose about the onset: the order is not certain */ \
	X(LOAD_DOUBLED, 150)         /* at least twice as many */ \
	X(LOAD_EXPLAINS, 150)        /* of the growth of requests in flight more requests explain 70 % or more */ \
	X(LOAD_EXPLAINS_ALL, 300)    /* all of it: none took longer, as what is asked again would */ \
	X(LOAD_SLOWNESS, -150)       /* slower answers do */ \
	X(LOAD_AT_ONCE, 150)         /* all of them came at once, which repeated requests seldom do, and no durations tell more */ \
	X(LOAD_BUILDS_UP, -150)      /* they became more and more */ \
	X(LOAD_LATE, -200)           /* requests were as usual in the seconds before the onset */ \
	X(LOAD_SLIGHT, -300)         /* it rose by less than half */ \
	X(LOCKS_BEFORE, 450)         /* sessions waited for locks before the onset */ \
	X(LOCKS_AROUND, 300)         /* about the onset */ \
	X(LOCKS_ONE_OBJECT, 100)     /* most of them for one object */ \
	X(LOCKS_QUEUE, 150)          /* a queue of many */ \
	X(LOCKS_RELEASED, 450)       /* statements that had taken long ended all at once, as when what they wait for is let go */ \
	X(LOCKS_KINDS, 100)          /* statements of several kinds did */ \
	X(SLOWER_FIRST, 150)         /* slower answers explain the growth of what is in flight */ \
	X(SLOW_STATEMENTS, 450)      /* more slow statements than before, and before the onset */ \
	X(SLOW_AFTER, 200)           /* more than before, but behind the onset: they may follow from it */ \
	X(SLOW_ANSWERS, 300)         /* no statement is logged as slow, but requests in flight grew as each took longer */ \
	X(SLOW_LOAD, -300)           /* more requests explain the growth */ \
	X(HELD_BY_ONE, 400)          /* one role or application took most of the connections that were opened */ \
	X(HELD_UNUSUAL, 200)         /* and had next to none before */ \
	X(HELD_ONE_BY_ONE, -300)     /* but one by one: as who forgets to give them back */ \
	X(REFUSED_ITSELF, 450)       /* only one role, database or application was refused: its own limit */ \
	X(REFUSED_ONE, 450)          /* nearly all that were refused are of one role, which is not the usual one */ \
	X(REFUSED_ONE_UNMET, 200)    /* of one role, of which it is not known that it is another than the usual; no user met one of them */ \
	X(REFUSED_OTHERS_MET, 450)   /* of one role, and the refusals that users met are those of the others: it serves none */ \
	X(REFUSED_NOBODY, 250)       /* no role is logged, but users met few of the refusals: most were of what serves none, or asked again and again */ \
	X(CRON_PHASE, 150)           /* it began at a full minute */ \
	X(SERVES_NOBODY, 100)        /* no user's request failed */ \
	X(GREW_STEADILY, 450)        /* open connections grew over a minute or more, most of the time */ \
	X(WITHOUT_LOAD, 150)         /* and requests did not rise */ \
	X(WITHOUT_FLIGHT, 250)       /* refusals, while requests in flight did not grow */ \
	X(SINCE_START, 100)          /* since a start of the process that holds them */ \
	X(MENDED_BY_RESTART, 200)    /* over when the application was restarted */ \
	X(STEP_AT_START, 450)        /* connections rose in one step when an instance started */ \
	X(REFUSED_AT_START, 300)     /* the first refusal came when an instance started */ \
	X(NEW_INSTANCE, 200)         /* an instance that had not been there */ \
	X(ONLY_NEW_REFUSED, 200)     /* and only new ones were refused */ \
	X(LOAD_ROSE, -400)           /* requests rose: they explain it too */ \
	X(SLOWER, -450)              /* answers were slow before: they explain it too */ \
	X(SLOWER_AROUND, -100)       /* slow in the seconds around the onset only: who waits for a connection is slow, too */ \
	X(STATEMENTS_WAIT, -250)     /* statements waited for locks, or took longer than before: they keep connections too */ \
	X(UNSEEN, -50)               /* the log that would show who held them has a hole there */ \
	X(LASTS, 150)                /* refusals for minutes, while requests are as many as usual */ \
	X(HALT_ELSEWHEN, 550)        /* the database's log states a halt, by a clock that nothing ties to the incident's */ \
	X(HALT_AS_LONG, 100)         /* that took about as long as the incident */ \
	X(CALLERS_SAY_EITHER, 300)   /* those who use it say that it is not there: a crash or a restart */ \
	X(SLOW_NOT_THERE, -300)      /* the database's log prints durations, and none of a second */ \
	X(LOAD_FOLLOWS, 350)         /* requests rose behind the first failures */ \
	X(LOAD_FOLLOWS_PERHAPS, 200) /* in the seconds before the first failure that is known, and the order is not proved */ \
	X(STORM_BUILDS_UP, 150)      /* they became more and more, as what fails is asked again */ \
	X(STORM_AT_ONCE, -200)       /* all of them came at once, and no durations tell more */ \
	X(AS_USUAL_BEFORE, 200)      /* and in the seconds before they were as usual */ \
	X(ERRORS_ONLY, 350)          /* requests failed, and nobody was refused a connection */ \
	X(ERRORS_OWN, 200)           /* the application logged failures of its own, or crashed */ \
	X(DATABASE_WELL, 150)        /* the database's log covers it and shows nothing */ \
	X(BACKEND_LOST, 150)         /* the application could not be reached */ \
	X(CHANGE_SUPPORTED, 150)     /* a change whose verdict is "supported" */

enum cause_test {
#define X(name, strength) TEST_##name,
	CAUSE_TESTS(X)
#undef X
	TEST_COUNT
};

/* A row of the table of mechanisms (cause/mechanism.h). */
struct mechanism;

enum cause_part { PART_MECHANISM, PART_SEVERITY, PART_ORDER, PART_COVERAGE, PART_DOSE, PART_EXPLAINED, PART_COUNT };

struct part_points {
	int64_t points;
	char *text; /* owned; NULL: not judged */
};

/* Events of it in the incident and before, and what its own input explains of them. */
struct excess {
	const char *what;  /* "refusals of the database"; static */
	uint64_t count, before;
	int64_t during_us, before_us;       /* how long was counted */
	uint64_t input, input_before;       /* of the own input in the same times */
	const char *input_what;             /* static; NULL: none is known, the time takes its place */
};

struct hypothesis {
	const char *cause; /* of the closed list; static */
	enum tier tier;
	size_t source;     /* SIZE_MAX: no one source shows it */
	struct moment at;  /* when it began */
	struct moment phase; /* the first symptom of the phase that it is the cause of, when that is not the first of the incident; at_us INSTANT_NONE: it is */
	size_t later;      /* that phase, counted from the first that wants a cause: 0 is that */
	bool told;         /* enough speaks for it to be told as a cause */
	int64_t until_us;  /* when it was over; INT64_MAX: not known, as long as the incident */
	bool far;          /* minutes away by a clock that nothing ties to the incident's: it takes nothing away from others */
	bool waits_first;  /* who meets it has waited before: slow answers before it are its own, and no symptom that it should come before */
	bool is_symptom;   /* its own messages are what the incident is known by: nothing needs to come before them */
	int64_t strength;  /* sum of the tests, thousandths */
	char **for_text, **against_text; /* owned */
	size_t for_n, against_n, for_cap, against_cap;
	struct evidence_list evidence;
	struct excess excess;
	struct track rate;  /* its events in steps of ten seconds; n 0: none to count */
	char *ruled_out;    /* owned; NULL: it is scored */
	struct part_points parts[PART_COUNT];
	bool in_order;      /* proved to come before what it should come before, or it is the first symptom itself */
	int64_t before_explaining, score;
};
struct hypothesis_list {
	struct hypothesis *items;
	size_t n, cap;
};

/* What all mechanisms look at. */
struct scene {
	const struct fold *f;
	const struct front *front;
	const struct draft *d;
	const struct incident *in;
	const struct topology *topology;
	const struct load_view *load;
	const struct track *impact;  /* what users met, in steps of ten seconds, from five minutes before the onset to five behind the end */
	const char *impact_what;     /* static; NULL: nothing is known of it */
	size_t database;             /* index of the database's source: that which refused, else the first; SIZE_MAX */
	int64_t before_from_us;      /* the time before, to the onset */
};

/* A new hypothesis. Valid until the next call. */
struct hypothesis *hypothesis_add(struct hypothesis_list *list, const char *cause, enum tier tier, size_t source, const struct moment *at);
/* The test holds: its strength is added, the sentence (taken over) speaks for or against by its sign. */
void hypothesis_test(struct hypothesis *h, enum cause_test test, char *sentence);
/* A new hypothesis that was ruled out; takes the sentence. */
void hypothesis_rule_out(struct hypothesis_list *list, const char *cause, char *why);
void hypothesis_release(struct hypothesis_list *list);
int64_t hypothesis_strength(enum cause_test test);

/* The first symptom of the incident in this source (SIZE_MAX, or none: in any): what happens in one log is in order by that log's own
 * clock, whatever is known of it; and a database's refusals are not foretold by those who were refused. */
struct moment hypothesis_onset(const struct scene *s, size_t source);
/* The first burst of the incident that is no slow answer and no client that left: of this source, else of any; NULL: none. Borrowed. */
const struct burst *hypothesis_failed(const struct scene *s, size_t source);

/* Counts a signal's class (NULL: all of it) of its source from its beginning (the onset, when that is earlier) to the end of the incident, and before, as severity and rate of the hypothesis. */
void hypothesis_count(struct hypothesis *h, const struct scene *s, const char *signal, const char *class, const char *what);
/* The own input of the hypothesis' tier: connections that reached the database, requests that reached the others. */
void hypothesis_input(struct hypothesis *h, const struct scene *s);

#endif
