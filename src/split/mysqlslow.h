/* mysqlslow: the slow query log of MySQL, MariaDB and Percona Server: a block of lines for each statement.
 *
 * Takes  an entry: the block's lines so far, or all of them.
 * Gives  time, duration, the line of its times as message, thread, user, client, database, the statement; all columns as extras, named mysql.slowlog.COLUMN in small
 *        letters (innodb_trx_id is transaction_id, QC_hit is query_cache_hit).
 * Holds  names of columns in the room.
 * Never  takes a line of a statement for a column: only behind "# Query_time:" and the like, and before the statement, stand columns.
 *
 * A block (sql/log.cc of the servers; all but the last line may be missing):
 *   # Time: 2026-11-22T11:15:12.123456Z          5.6, MariaDB: "261122 11:15:12", and only when the second is another one
 *   # User@Host: app[app] @ web1 [10.0.0.7]  Id:    14
 *   # Thread_id: 5  Schema: shop  QC_hit: No     MariaDB and Percona
 *   # Query_time: 4.071491  Lock_time: 0.000212 Rows_sent: 1000  Rows_examined: 1489615     and more, on more lines
 *   use shop;                                    when it is another one than before
 *   SET timestamp=1493370459;
 *   SELECT ...;                                  or "# administrator command: Quit;"
 * What the server writes when it opens the file ("..., Version: ... started with:" and two lines more) is passed over.
 *
 * Times. "# Time" of 5.7 and later is when the statement was logged: at its end. SET timestamp was that, too, down to 8.0.13 (manual,
 * "The Slow Query Log"); since then it is the start, but there is a "# Time" then. MariaDB prints the start in both (10.11, tried);
 * "QC_hit" tells it. So: "# Time" with a zone; else SET timestamp, of MariaDB plus the duration; else "# Time" without a zone.
 */
#ifndef ONSET_MYSQLSLOW_H
#define ONSET_MYSQLSLOW_H

#include "split/scanner.h"

/* False: no block, or one whose time and duration stand in lines to come (mysqlslow_unfinished()). */
bool mysqlslow_scan(struct span entry, struct scanner_room *room, struct record *r);
/* One line of a block's head that stands alone: its fields and columns. False: it is none, and nothing is set. */
bool mysqlslow_columns(struct span line, struct scanner_room *room, struct record *r);
/* These lines begin a block and are none yet. */
bool mysqlslow_unfinished(struct span entry);
/* The line begins a block; or does not. */
bool mysqlslow_begins(struct span line);
bool mysqlslow_goes_on(struct span line);

#endif
