/* logfmt: lines that are key=value pairs and nothing else: go-kit, logrus, slog, Grafana, Prometheus, Heroku's router.
 *
 * Takes  an entry, or a text that may be one.
 * Gives  fields by the names that these loggers use; all pairs as extras, in their order.
 * Holds  unescaped values in the room.
 * Never  takes prose with some pairs in it (pairs.h reads those), or a value whose quote does not end where a blank or the line does.
 *
 * A pair is KEY=VALUE or KEY alone (true); blanks stand between pairs. A key is any run of bytes without blanks and '='. A value runs
 * to the next blank, or stands in double quotes, in which \" \\ \n \t \r are escapes; it may be empty. A word that begins with '=' is
 * a key alone. Extras are as printed, but for \", which is a quote.
 * A record must have a level, or a message, or Heroku's at=. Without a time it is one only where a carrier says the time.
 */
#ifndef ONSET_LOGFMT_H
#define ONSET_LOGFMT_H

#include "split/scanner.h"

bool logfmt_scan(struct span entry, struct scanner_room *room, struct record *r);
/* Heroku's router alone (devcenter.heroku.com/articles/http-routing): at=, dyno=, connect=; logfmt_scan() leaves those to it: it
 * stands before the apps, and the same requests are not counted twice. */
bool heroku_router_scan(struct span entry, struct scanner_room *room, struct record *r);
/* The text is pairs from its start to its end, two or more, or one that has a value; they are added to `extras` (may be NULL): values
 * as printed, without their quotes. False: it is not, and nothing is added. */
bool logfmt_extras(struct span text, struct extras *extras);

#endif
