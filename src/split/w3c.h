/* w3c: lines of the W3C extended log file format, whose columns a "#Fields:" line names: IIS, HTTP.sys, CloudFront.
 *
 * Takes  the names of the columns ("date time s-ip cs-method ..."); lines.
 * Gives  records out of lines. The time is UTC: the format says so. "-" is no value.
 * Holds  the compiled columns; immutable, shared by threads.
 * Never  takes a line that has other columns, or whose numbers are none; never allocates per line.
 *
 * Columns are parted by one blank or tab, whichever the line has first. IIS writes the blanks of a header as '+', CloudFront as %20:
 * the first are made blanks again. Durations are milliseconds, CloudFront's seconds with decimals. The query stands apart: it is an
 * extra, and not part of url.original.
 * Source: https://www.w3.org/TR/WD-logfile; Microsoft's "W3C Extended Log File Format (IIS 6.0)" and KB820729; AWS, "Access logs
 * (standard logs)" of CloudFront.
 */
#ifndef ONSET_W3C_H
#define ONSET_W3C_H

#include "base/diag.h"
#include "line/extras.h"
#include "line/record.h"
#include "line/stamp.h"

enum { W3C_COLUMNS = 64 };

/* Which program's columns these are, by names that only it has. */
enum w3c_kin { W3C_SERVER, W3C_ERRORS /* HTTP.sys */, W3C_CLOUDFRONT };

struct w3c;

/* NULL with `d`; `*column` is where in `text` (bytes from 0) the error is. */
struct w3c *w3c_new(struct span text, struct diag *d, size_t *column);
void w3c_free(struct w3c *w);
enum w3c_kin w3c_kin(const struct w3c *w);
/* The names of the columns in a "#Fields:" line; empty when it is none. */
struct span w3c_header(struct span line);

struct w3c_scratch {
	struct stamp_cache stamps;
	struct text text;      /* owned: values without '+' */
	struct extras *extras; /* NULL: not asked for */
};
/* False when the line has other columns. r->resolution_us is 0 when no stamp was read. */
bool w3c_scan(const struct w3c *w, struct span line, struct w3c_scratch *s, struct record *r);

#endif
