/* meanwhile: what the database did while the incident went on: facts, not causes.
 *
 * Takes  a fold (sessions and metrics of database logs), draft.incidents with statements and holders.
 * Gives  findings slow_statement, sessions_older, vacuum_overlap, checkpoint_overlap.
 * Holds  nothing.
 * Never  calls a session old that could have opened since: told are names of which no session was seen to open or close since.
 *
 * A checkpoint or an autovacuum is logged when it ends, with how long it took: it overlaps when that time meets the incident, or the
 * MEANWHILE_BEFORE_US before it. Of a second in which several ended only the longest is known.
 */
#ifndef ONSET_MEANWHILE_H
#define ONSET_MEANWHILE_H

#include "fold/fold.h"

#define MEANWHILE_BEFORE_US MINUTE_US
#define MEANWHILE_OLD_US (10 * MINUTE_US)    /* sessions that were open so long before the onset are told */
#define MEANWHILE_STATEMENT_US (2 * SECOND_US) /* all of a statement together; told when it came twice as often as before and two more, too */
#define MEANWHILE_WORK_US SECOND_US          /* shorter checkpoints and autovacuums are not told */
enum { MEANWHILE_STATEMENTS = 3, MEANWHILE_SESSIONS = 3, MEANWHILE_FEW = 3 }; /* FEW: sessions of one name; more are a pool */

void meanwhile_find(const struct fold *f, struct draft *d);

#endif
