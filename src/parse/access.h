/* access: what the parts of an access log line mean, and how each becomes a record field.
 *
 * Takes  names of nginx variables, keys of key=value pairs behind the combined format; their values.
 * Gives  the meaning of a name; record fields, time, status and duration from a value.
 * Holds  per thread, the text of the last stamp: the lines of one second share it.
 * Never  allocates; never fails on a value that it does not understand: the field stays as printed.
 */
#ifndef ONSET_ACCESS_H
#define ONSET_ACCESS_H

#include "parse/record.h"
#include "parse/stamp.h"

enum access_what {
	ACCESS_IGNORED,
	ACCESS_FIELD,     /* "-" is no value; the first name of a field that has a value wins */
	ACCESS_REQUEST,   /* "METHOD PATH PROTOCOL", or whatever the client sent */
	ACCESS_STATUS,
	ACCESS_STAMP,     /* the finest of several wins */
	ACCESS_DURATION,  /* seconds with decimals */
	ACCESS_TAIL,      /* tail.h: whatever follows */
};

struct access_meaning {
	unsigned char what;  /* enum access_what */
	unsigned char field; /* enum field */
};

/* Of a variable without its '$'. Unknown ones are ACCESS_IGNORED: nginx has hundreds, and users make their own. */
struct access_meaning access_variable(struct span name);
/* Of a key in the tail: a variable's name, or one of the usual short forms (rt, urt, uct, uht, ua, us, rid, ...). */
struct access_meaning access_key(struct span name);

struct access_scratch {
	struct stamp_cache cache;
	struct stamp stamp; /* of `text` */
	char text[40];
	size_t len; /* of `text`, 0 when there is none */
};

/* Sets METHOD and PATH when `request` is an HTTP request line; else only REQUEST, because a port scan is no path. */
void access_request(struct span request, struct record *r);
void access_stamp(struct span value, struct access_scratch *s, struct record *r);
void access_duration(struct span value, struct record *r);

static inline bool access_is_absent(struct span value)
{
	return !value.len || (value.len == 1 && value.at[0] == '-');
}

static inline void access_set(struct access_meaning m, struct span value, struct access_scratch *s, struct record *r)
{
	switch ((enum access_what)m.what) {
	case ACCESS_FIELD:
		if (!access_is_absent(value) && !record_has(r, (enum field)m.field))
			record_set(r, (enum field)m.field, value);
		break;
	case ACCESS_REQUEST:
		access_request(value, r);
		break;
	case ACCESS_STATUS:
		if (value.len == 3) {
			unsigned a = (unsigned char)(value.at[0] - '0'), b = (unsigned char)(value.at[1] - '0'),
				 c = (unsigned char)(value.at[2] - '0');
			if (a >= 1 && a < 10 && b < 10 && c < 10)
				r->status = (int)(a * 100 + b * 10 + c);
		}
		record_set(r, FIELD_STATUS, value);
		break;
	case ACCESS_STAMP:
		access_stamp(value, s, r);
		break;
	case ACCESS_DURATION:
		access_duration(value, r);
		break;
	case ACCESS_IGNORED:
	case ACCESS_TAIL:
		break;
	}
}

#endif
