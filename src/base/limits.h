/* limits: every bound on untrusted input and on memory, each with its reason. One struct, constant, passed nowhere: these
 * are compile-time facts of a version, because a part must be a pure function of bytes and patterns.
 *
 * Takes  nothing.
 * Gives  constants.
 * Holds  nothing.
 * Never  depends on the machine.
 */
#ifndef ONSET_LIMITS_H
#define ONSET_LIMITS_H

enum {
	LIMIT_LINE_BYTES = 1 << 20,       /* a longer line is no log line; its rest is skipped and counted */
	LIMIT_CHUNK_BYTES = 256 << 10,    /* inflate and parse in pieces that stay in L2 (facts/performance.md) */
	LIMIT_DETECT_BYTES = 256 << 10,   /* what a format is detected on */
	LIMIT_DETECT_AGAIN = 50,          /* lines in a row that do not parse before detection runs again */
	LIMIT_JOIN_BYTES = 256 << 10,     /* text of one joined record; further lines are counted, not kept */
	LIMIT_OPEN_RECORDS = 64,          /* PostgreSQL records that may still get a DETAIL (they interleave by pid) */
	LIMIT_REGEX_MATCH = 100000,       /* PCRE2 match limit: a hostile line ends in bounded time */
	LIMIT_REGEX_HEAP_KIB = 1024,      /* PCRE2 heap limit */
	LIMIT_JSON_DEPTH = 64,            /* nesting of a JSON line */
	LIMIT_BINS = 262144,              /* bins of 48 bytes in a part = 12 MiB */
	LIMIT_FACETS = 64,                /* distinct users (or databases, applications, hosts) of a series, then "other" */
	LIMIT_ADDRESSES = 32,             /* network addresses that a file's records call, or are of its writer, each; then counted together */
	LIMIT_ENDPOINTS = 4096,           /* masked paths in a part, then "other" */
	LIMIT_MESSAGES = 4096,            /* masked message signatures in a part, then "other" */
	LIMIT_CELLS = 131072,             /* (key, minute) or (interval, bucket) cells of one table of a part, then coarser */
	LIMIT_TOP = 1024,                 /* SpaceSaving counters */
	LIMIT_IDS_PER_HOUR = 128,         /* sampled request ids per printed hour */
	LIMIT_ID_HOURS = 168,             /* hours with sampled ids: a week */
	LIMIT_DISTINCT = 256,             /* KMV hashes per hour: relative error 1/sqrt(254) = 6.3 % */
	LIMIT_EXEMPLARS = 2048,           /* (signal, minute) cells with kept text, then coarser */
	LIMIT_EXCERPT_BYTES = 256,        /* kept text of one line */
	LIMIT_EVENTS = 1024,              /* discrete change events (starts, stops, deploys) kept of one file */
	LIMIT_STATED_EVENTS = 65536,      /* lines of an --events file: people do not do more; a log given by mistake ends here */
	LIMIT_SEGMENTS = 256,             /* stretches of stamps that go forward, of one file */
	LIMIT_UNPARSED_ASKED = 65536,     /* unparsed lines of a stream that are asked what they mean */
	LIMIT_UNPARSED_SAMPLES = 8,       /* samples of lines that did not parse */
	LIMIT_SESSION_PIDS = 4096,        /* PostgreSQL backends looked back for what "authorized" said */
	LIMIT_GAUGE_CELLS = 65536,        /* (metric and key, or statement; interval) cells of 48 bytes of a table, then coarser */
	LIMIT_LOCKS = 1024,               /* lock waits kept of one file */
	LIMIT_STATEMENTS = 512,           /* masked SQL statements in a part, then "other" */
	LIMIT_EDGE_BYTES = 4096,          /* text kept of a record that a rotation cut */
	LIMIT_EXTRAS = 64,                /* names and values of one record beside its fields (check --records) */
	LIMIT_WRITERS = 256,              /* writers told apart in one file that carries other programs' lines; then all are one */
	LIMIT_STREAMS = 32,               /* parts that one file gives: writers of a known format; the rest is one more. The limits of
	                                     tables are those of a part; of a file's later parts a share (tally/part.h, part_share) */
	LIMIT_PLAUSIBLE_DAYS = 400,       /* stamps further than this from the median are implausible */
};

#endif
