/* apacheformat: Apache's LogFormat as steps: a directive and the text behind it, and again.
 *
 * Takes  the text of a LogFormat: bare (%h %l %u %t "%r" %>s %b), as httpd.conf has it (in quotes, \" inside; all of
 *        LogFormat "..." NAME), or one of the names common, combined, combinedio, vhost_combined.
 * Gives  steps for template.h; which pieces make the time; whether the time is the request's begin.
 * Holds  a copy of the text; immutable once compiled.
 * Never  looks at a line.
 *
 * All directives of mod_log_config, mod_logio and mod_ssl are known. A directive with a list of statuses may be "-" in any line. Of
 * several that say the same the one that says most counts: %>s before %s before %<s, %D before %{ms}T before %T, %a before %h. %t
 * is when the request began; template.h moves it to the end by the duration, when there is one. %{FIELD}n, a note named like a field of
 * ours ("%{error.code}n"), is that field, so that other servers' layouts can be written down; so are %{client}n (with its port),
 * %{upstream}n (an URL), and %{number}n and %{word}n for what is passed over. Whether %{timestamp}n is begin or end the pattern says.
 * A format without %t is one: syslog and containers print their own time.
 * Source: httpd 2.4, modules/loggers/mod_log_config.c (parse_log_item, process_item) and its documentation.
 */
#ifndef ONSET_APACHEFORMAT_H
#define ONSET_APACHEFORMAT_H

#include "config/nginxformat.h"
#include "split/apachetime.h"

struct apacheformat {
	struct nginxformat steps;
	struct apachetime time; /* no pieces: the stamp is one value, %t */
	bool starts;            /* the time is when the request began */
};

/* False with `d`; `*column` is where in `text` (bytes from 0) the error is. `f` is released either way. */
bool apacheformat_compile(struct apacheformat *f, struct span text, struct diag *d, size_t *column);
void apacheformat_release(struct apacheformat *f);

#endif
