/* oddity: marks of a line that the program which a format is of does not write.
 *
 * Takes  a record that a format has read.
 * Gives  whether its line speaks against that program: only where two formats take the same lines does that count.
 * Holds  nothing.
 * Never  says which program it was.
 *
 * nginx writes quotes, backslashes, control bytes and what is not ASCII as \xHH with upper-case digits (ngx_http_log_escape()), and no
 * bytes as 0. Apache writes \" and \\, \n and the like, the rest as \xhh with lower-case digits (ap_escape_logitem()).
 */
#ifndef ONSET_ODDITY_H
#define ONSET_ODDITY_H

#include "parse/format.h"

bool oddity_is(enum format_kind kind, const struct record *r);

#endif
