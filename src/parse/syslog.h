/* syslog: the header that a syslog server, a journal or HAProxy itself puts before a message.
 *
 * Takes  a line.
 * Gives  priority, stamp, host, process and pid as far as they are there, and where the message begins.
 * Holds  nothing; all spans lie in the line.
 * Never  takes a header apart that it does not know to its end: then the message is the whole line and nothing is set.
 *
 * Known, each with or without "<PRI>":
 *   Nov 22 11:52:43 [host] tag[pid]: ...                 RFC 3164; the host is left out by HAProxy's "format local"
 *   2026-11-22T11:52:43.803+01:00 host tag[pid]: ...     rsyslog's file format
 *   1 2026-11-22T11:52:43.803+01:00 host tag pid msgid [sd]... ...   RFC 5424, "-" for what is not there
 *   2026-11-22T11:52:43.803+00:00 ...                    HAProxy's "format iso" and "timed"
 *   <134>...                                             HAProxy's "format short" and "priority"
 */
#ifndef ONSET_SYSLOG_H
#define ONSET_SYSLOG_H

#include "parse/stamp.h"

struct syslog_header {
	int level;            /* 0 (emerg) to 7 (debug), RFC 5424 section 6.2.1; -1: no priority printed */
	bool has_stamp;
	struct stamp stamp;
	struct span stamp_text, host, process, pid; /* empty when not printed */
	struct span message;  /* the rest of the line; the whole line when there is no header */
};

/* `cache` may be NULL. */
void syslog_scan(struct span line, struct stamp_cache *cache, struct syslog_header *h);
/* SEVERITY_UNKNOWN for -1. */
enum severity syslog_severity(int level);

#endif
