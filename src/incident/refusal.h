/* refusal: who was turned away, counted once.
 *
 * Takes  a fold, draft.incidents and draft.bursts.
 * Gives  incident.refusals (per tier, source and class; scope when it is one user or database) and incident.refused.
 * Holds  nothing.
 * Never  adds the counts of two tiers: a refusal is logged by the database, again by the pooler and again by the application;
 *        the deepest tier whose log covers the interval counts, the others are echoes.
 */
#ifndef ONSET_REFUSAL_H
#define ONSET_REFUSAL_H

#include "fold/fold.h"

void refusal_count(const struct fold *f, struct draft *d);
/* The tier that counts for the incident; TIER_UNKNOWN when nothing was refused. */
enum tier refusal_tier(const struct incident *in);

#endif
