/* postgresqlnumber: numbers that PostgreSQL's messages state about the server itself.
 *
 * Takes  a message or a DETAIL of the server (lines joined), in English, of PostgreSQL 9.4 to 18.
 * Gives  metrics DB_CHECKPOINT_TIME, DB_AUTOVACUUM_TIME, DB_TEMP_FILE and DB_LIMIT (record.h).
 * Holds  nothing.
 * Never  allocates; takes a number from a translated text, whose words it does not know.
 */
#ifndef ONSET_POSTGRESQLNUMBER_H
#define ONSET_POSTGRESQLNUMBER_H

#include "line/record.h"

/* A checkpoint's or restartpoint's total, a vacuum's or analyze's elapsed time, a temporary file's size. */
void postgresqlnumber_message(struct span message, struct record *r);
/* The limit of a standby that cannot start: "max_connections = 100 is a lower setting than on the primary server". */
void postgresqlnumber_detail(struct span detail, struct record *r);

#endif
