/* mysqlerror: the error log of MySQL, MariaDB and Percona Server.
 *
 * Takes  an entry: a line with a stamp, and what follows it down to the next one.
 * Gives  time, level, number of the thread, code (MY-010116), message; of messages that name them user, database and host.
 * Holds  nothing.
 * Never  takes another program's line: behind the stamp stands what these servers write there, or it is none.
 *
 * Lines (sql/log.cc, sql/server_component/log_builtins.cc, scripts/mysqld_safe.sh, storage/innobase/ut/ut0ut.cc):
 *   161209 14:18:50 [Note] text                                          5.1 to 5.5, MariaDB to 10.0
 *   161209 14:18:50  InnoDB: text                                        5.1 to 5.5; more lines "InnoDB: text" without a stamp
 *   161209 13:08:33 mysqld_safe text                                     the script that starts the server; 5.7: with its stamp
 *   2016-12-09 13:08:33 4711 [Note] text                                 5.6 (process), MariaDB since 10.1 (thread)
 *   2016-12-09 13:08:33 7f3ac1ffb700 InnoDB: text                        5.6, MariaDB 10.0
 *   2016-12-09T12:08:33.335060Z 0 [Note] text                            5.7
 *   2016-12-09T12:08:33.335060Z 0 [System] [MY-010116] [Server] text     8.0; the message begins with the code
 *   2016-12-09 13:08:33 0x7f3ac1ffb700 INNODB MONITOR OUTPUT             innodb_status_output, behind a line of "="
 *   161209 14:18:50 - mysqld got signal 11 ;                             to 5.5; 8.0: 2016-12-09T12:08:33Z UTC - mysqld got ...
 *   2026-03-18 23:00:37+00:00 [Note] [Entrypoint]: text                  the script that starts the server in a container
 * 5.6 and 5.7 write "12:08:33 UTC - mysqld got signal 11 ;": no date, so it goes on with the record before it.
 * Extra: mysql.subsystem (Server, InnoDB, Repl, ...).
 */
#ifndef ONSET_MYSQLERROR_H
#define ONSET_MYSQLERROR_H

#include "split/scanner.h"

bool mysqlerror_scan(struct span entry, struct scanner_room *room, struct record *r);
/* The line has no stamp: neither this server's, which begins with a digit, nor another program's. */
bool mysqlerror_goes_on(struct span line);
/* What messages of the error log say: also of the JSON one. */
void mysqlerror_message(struct span message, struct record *r);

#endif
