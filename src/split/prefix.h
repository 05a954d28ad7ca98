/* prefix: PostgreSQL's log_line_prefix, compiled to a scanner.
 *
 * Takes  the text of a log_line_prefix with the escapes of the manual (section 20.8.3, "log_line_prefix"), padding included
 *        ("%-5p"; "%0i", padded to nothing, is a value that is passed over); lines of the server's stderr log.
 * Gives  records: what the prefix holds, severity, and the text behind it as message or attachment.
 * Holds  the compiled list of steps, immutable, shared by threads.
 * Never  uses a regex or allocates on a line; never tries more than a fixed number of splits of one line.
 *
 * A prefix without a time ("%q%u@%d ", or none at all) is one: syslog and containers print their own. Its lines are
 * PREFIX_NOT_TIME, with all fields set. When nothing of it is sure to be PostgreSQL's, exactly two blanks must stand behind
 * the severity's colon, as elog.c writes them.
 *
 * Names of users, databases and applications may hold blanks and separators. A name first runs to the text that follows
 * its escape; when no severity word stands where the prefix then ends, the last name is made longer, then the one
 * before it.
 */
#ifndef ONSET_PREFIX_H
#define ONSET_PREFIX_H

#include "base/diag.h"
#include "line/stamp.h"
#include "split/postgresql.h"

struct prefix;

/* NULL with `d`; `*column` is where in `text` (bytes from 0) the error is. */
struct prefix *prefix_new(struct span text, struct diag *d, size_t *column);
void prefix_free(struct prefix *p);

/* Records can only start with bytes that are true here. */
void prefix_starts(const struct prefix *p, bool starts[256]);

/* False when the prefix has no %m, %t or %n. */
bool prefix_is_timed(const struct prefix *p);

enum prefix_result { PREFIX_OK, PREFIX_NO, PREFIX_NOT_TIME };
/* Sets time, severity, FIELD_SEVERITY, the fields of the prefix and FIELD_MESSAGE, or the attachment's field without a
 * message. `entry` may be several lines joined: those that begin with the prefix and an attachment's word become fields of the
 * same record. */
enum prefix_result prefix_scan(const struct prefix *p, struct span entry, struct stamp_cache *cache, struct record *r);

/* The same for people: false when the line does not have the prefix; `*at` is the furthest byte at which a split of
 * it stopped, and `wanted` (appended) says what had to be there. */
bool prefix_reach(const struct prefix *p, struct span line, size_t *at, struct text *wanted);

#endif
