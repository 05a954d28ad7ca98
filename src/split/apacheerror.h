/* apacheerror: Apache httpd's error log, 2.2 and 2.4.
 *
 * Takes  the first line of an entry.
 * Gives  time, level, module (log.logger), process, thread, client or backend with port, APR's error number, the AH code
 *        (error.code), the message and the referer that may stand at its end.
 * Holds  nothing; a text made of the stamp lies in the room.
 * Never  allocates; never takes an entry without "[stamp] [level]" at its start.
 *
 * [Fri Sep 09 10:42:29.902022 2011] [core:error] [pid 8:tid 9] mod_x.c(12): (13)Permission denied: [client 192.0.2.1:80] AH00001: text
 * The stamp may be any of ErrorLogFormat's ("%{cu}t", "%{cuz}t", a strftime's); what is not known is left out by Apache itself. The text
 * of APR's error is part of the message only when nothing stands between: its number is a field.
 * Source: httpd server/log.c (do_errorlog_default), its documentation of ErrorLogFormat; 2.2's ap_log_error.
 */
#ifndef ONSET_APACHEERROR_H
#define ONSET_APACHEERROR_H

#include "split/scanner.h"

bool apacheerror_scan(struct span entry, struct scanner_room *room, struct record *r);

#endif
