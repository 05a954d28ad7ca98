/* syslog: the header that a syslog server, a journal or HAProxy itself puts before a message.
 *
 * Takes  a line.
 * Gives  priority, stamp, host, process and pid as far as they are there, and where the message begins.
 * Holds  nothing; all spans lie in the line.
 * Never  takes a header apart that it does not know to its end: then the message is the whole line and nothing is set. Never
 *        takes a line of a program's own for a server's (syslog_unwrap): a level where the host should be, or no tag and no
 *        host, is none.
 *
 * Known, each with or without "<PRI>":
 *   Nov 22 11:52:43 [host] tag[pid]: ...                 RFC 3164; the host is left out by HAProxy's "format local";
 *                                                        journald's short and short-precise; "Nov  2", "Nov 2", "Nov 02"; a
 *                                                                                                  year behind the day
 *                                                                                                  (Cisco)
 *   2026-11-22T11:52:43.803+01:00 host tag[pid]: ...     rsyslog's file format; journald's short-iso and short-iso-precise
 *   2026-11-22T11:52:43.803Z In(14) tag[pid]: ...        ESXi 8: a level and the priority where the host should be
 *   Sun 2026-11-22 11:52:43 UTC host tag[pid]: ...       journald's short-full and with-unit
 *   1795348363.803123 host tag[pid]: ...                 journald's short-unix
 *   1 2026-11-22T11:52:43.803+01:00 host tag pid msgid [sd]... ...   RFC 5424, see syslog5424.h
 *   2026-11-22T11:52:43.803+00:00 ...                    HAProxy's "format iso" and "timed" (syslog_scan only)
 *   <134>...                                             HAProxy's "format short" and "priority" (syslog_scan only)
 * A tag may hold blanks only as macOS writes them: "Google Chrome[85294]:", "com.apple.xpc.launchd[1]
 * (com.apple.quicklook[22292]):"; and one before a pid: "my worker[17]:".
 */
#ifndef ONSET_SYSLOG_H
#define ONSET_SYSLOG_H

#include "line/stamp.h"

struct syslog_header {
	int level;            /* 0 (emerg) to 7 (debug), RFC 5424 section 6.2.1; -1: no priority printed */
	int priority;         /* facility * 8 + level, 0 to 191; -1 */
	bool has_stamp;
	struct stamp stamp;
	struct span stamp_text, host, process, pid; /* empty when not printed */
	struct span version, msgid, structured;     /* RFC 5424; empty when nil */
	struct span message;  /* the rest of the line; the whole line when there is no header */
};

/* What can be read of a header, HAProxy's own shorter ones too. `cache` may be NULL. */
void syslog_scan(struct span line, struct stamp_cache *cache, struct syslog_header *h);
/* True when a syslog server or a journal put a header before the line, beyond doubt; else `h` is undefined. `cache` may be
 * NULL. */
bool syslog_unwrap(struct span line, struct stamp_cache *cache, struct syslog_header *h);
/* SEVERITY_UNKNOWN for -1. */
enum severity syslog_severity(int level);

#endif
