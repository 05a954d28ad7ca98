/* nginxerror: what an entry of nginx's error log says behind its message: whom it served, and the number of the error.
 *
 * Takes  the text behind "PID#TID: *CONNECTION ", which may have several lines (PHP's errors are logged with theirs).
 * Gives  client, server, user (mail's login), request with method and path, upstream, host, referrer, errno as record
 *        fields; where the message ends.
 * Holds  nothing.
 * Never  allocates; never fails: what is not there stays unset.
 *
 * nginx appends ", client: ADDRESS" and then, in this order and each only when it is known
 * (ngx_http_log_error_handler(), ngx_stream_log_error(), ngx_mail_log_error()): using starttls, server, login,
 * request, subrequest, upstream, host, referrer, or bytes. Nothing in it is escaped: a value in quotes ends at the
 * first quote behind which a later name or the end of the text stands. Debug messages have no such tail. An errno is
 * "(NUMBER: text)", whatever the C library's text is.
 */
#ifndef ONSET_NGINXERROR_H
#define ONSET_NGINXERROR_H

#include "line/record.h"

/* Sets fields of `r` and returns how many bytes of `text` are the message. r->severity says whether there can be a
 * tail. */
size_t nginxerror_scan(struct span text, struct record *r);

#endif
