/* mysqlstamp: the time stamps of MySQL's and MariaDB's error and slow logs.
 *
 * Takes  the bytes of a line.
 * Gives  how many of them are a stamp, and its time.
 * Holds  nothing; the cache is the caller's.
 * Never  takes a date that does not exist.
 *
 * Shapes (sql/log.cc of the servers): MySQL 5.7 and later "2016-12-09T12:08:33.335060Z" or with an offset (log_timestamps);
 * MySQL 5.6 and MariaDB since 10.1 "2016-12-09 13:08:33", the hour padded with a blank in MariaDB: "2016-12-09  3:08:33"; all before,
 * and MariaDB's slow log, "161209 13:08:33" (year, month, day), the hour padded likewise; Percona and MariaDB may add decimals.
 */
#ifndef ONSET_MYSQLSTAMP_H
#define ONSET_MYSQLSTAMP_H

#include "line/stamp.h"

/* 0 when the line does not begin with a stamp. */
size_t mysqlstamp_scan(struct span line, struct stamp_cache *cache, struct stamp *out);

#endif
