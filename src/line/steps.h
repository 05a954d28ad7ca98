/* steps: a regex as a program of steps, for walk.
 *
 * Takes  steps as `translate` writes them: what is to be read, in order.
 * Gives  the same with what makes them quick: with which bytes each can go on, which alternatives a byte leaves, which runs need
 *        not give back what they took.
 * Holds  the program: immutable once it is ready, shared by all threads.
 * Never  changes what a program matches: all that is worked out here says only what cannot match.
 */
#ifndef ONSET_STEPS_H
#define ONSET_STEPS_H

#include <stddef.h>

#include "base/text.h"
#include "line/byteset.h"

enum step_kind {
	STEP_PLACES,   /* a byte of each of `n` sets, from place `at` on */
	STEP_LANE,     /* the same of at most STEPS_LANE ranges */
	STEP_BYTE,     /* the byte `stop` */
	STEP_ONE,      /* a byte of a set, by `column` */
	STEP_RUN,      /* bytes of `set`, `min` to `max`, as many as there are; if it does not keep them, fewer when what follows does not match */
	STEP_KEEP,     /* the same, without a `max`, and it keeps them */
	STEP_SKIP,     /* the same of the byte `stop` */
	STEP_REST,     /* the same of any byte */
	STEP_LAZY,     /* bytes of `set`, `min` to `max`, as few as will do */
	STEP_OPEN,     /* group `group` begins */
	STEP_CLOSE,    /* it ends, and has taken part */
	STEP_CHOICE,   /* the first of the alternatives of choice `at` with which all that follows matches */
	STEP_JUMP,     /* go on at `to` */
	STEP_ATOMIC,   /* what stands between this and STEP_ATOMIC_END matches in its first way or not at all */
	STEP_ATOMIC_END,
	STEP_AHEAD,    /* what stands between this and STEP_AHEAD_END matches here; then go on at `to`, at the same place */
	STEP_AHEAD_END,
	STEP_NOT_AHEAD, /* it does not */
	STEP_NOT_AHEAD_END,
	STEP_PEEK,      /* the next byte is of `set` */
	STEP_NOT_PEEK,  /* it is not, or there is none */
	STEP_WORD_EDGE, /* a word begins or ends here */
	STEP_BEGIN,     /* the subject begins here */
	STEP_END,       /* the subject ends here */
	STEP_MATCH,
};

enum {
	STEPS_MAX = 1024,
	STEPS_CHOICES = 96,
	STEPS_ALTERNATIVES = 32, /* of one choice */
	STEPS_SETS = 160,
	STEPS_TABLE_SETS = 64,   /* sets that are looked up by byte */
	STEPS_FENCES = 32,       /* lookaheads and atomic groups */
	STEPS_GROUPS = 64,       /* with group 0 */
	STEPS_LANE = 16,         /* places that are compared at once */
	STEPS_PLACES = 48,       /* of one step */
	STEPS_RANGES = 3,        /* that are compared for a run; by more a table is quicker, for most runs are short */
};

enum { STEP_UNLIMITED = UINT16_MAX /* `max` */ };
struct step {
	uint8_t kind;
	uint8_t group;    /* STEP_OPEN, STEP_CLOSE; of a step that reads bytes: the group that is it and no more, 0: none */
	uint8_t fence;    /* number of a lookahead or atomic group */
	uint8_t set;      /* one of `sets` */
	uint8_t column;   /* the same in `table` */
	uint8_t odd_n;    /* STEP_PLACES: those of `odds` from `odd` on are more than a range */
	bool keeps;       /* STEP_RUN: no shorter run can lead to a match; STEP_LAZY: what follows begins with `stop` */
	char stop;
	uint16_t n, at;   /* STEP_PLACES, STEP_CHOICE; of a run: `n` of `ranges` from `at` on say the set; 0: `table` does */
	uint16_t odd;
	uint16_t turned;  /* 0xFFFF: `ranges` say what is in the set, 0: what is not */
	uint16_t min, max;
	int16_t to;       /* counted from this step */
	uint64_t took;    /* the bit of `group` */
};

/* Where a set is more than a range. */
struct step_odd {
	uint8_t place, column;
};

struct step_choice {
	unsigned n;
	int16_t to[STEPS_ALTERNATIVES]; /* counted from the choice's step */
};
enum { STEPS_BYTES = 256 + 1 /* and the end of the subject */ };

/* With what a step and all that follows can begin. */
struct step_first {
	struct byteset bytes;
	bool end; /* at the end of the subject */
};

struct steps {
	struct step *steps;
	size_t n, cap;
	struct step_first *first; /* of each step */
	struct step_choice *choices;
	size_t choices_n, choices_cap;
	uint32_t *by;             /* STEPS_BYTES of each choice: the alternatives with which the next byte may begin */
	int16_t *only;            /* the same: where to go on, counted from the choice's step, when it is but one; 0: none, or several */
	struct byteset *sets;
	size_t sets_n, sets_cap;
	uint8_t *places;        /* sets */
	uint8_t *low, *width;   /* of each place: its bytes lie in low..low + width */
	size_t places_n, places_cap;
	struct step_odd *odds;
	size_t odds_n, odds_cap;
	uint8_t *ranges;        /* STEPS_LANE times the lowest byte, STEPS_LANE times the width */
	size_t ranges_n, ranges_cap;
	uint64_t table[256];    /* by byte: the columns that have it */
	bool anchored;           /* it matches at the begin of the subject or nowhere */
	struct step skipped;     /* else: a run of bytes with which it cannot begin */
	uint8_t byte_sets[256];  /* 1 + the set that is this byte alone, 0: none yet */
	unsigned groups, fences;
	struct span names[STEPS_GROUPS]; /* by group; empty: none. Of the regex's source */
};

/* Once, when all steps stand. False when the program is too large. */
bool steps_ready(struct steps *p);
void steps_free(struct steps *p);

#endif
