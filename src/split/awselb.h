/* awselb: access logs of AWS load balancers: Application and Classic.
 *
 * Takes  one line.
 * Gives  its fields. The time is when the request was complete: an Application Load Balancer's is; a Classic one prints when it received
 *        the request, which is moved by the duration. The duration is the sum of the three that are printed: waiting for a target, the
 *        target's answer, sending it on; none when the first is -1 (no target was reached). error.code is why it failed.
 * Holds  nothing.
 * Never  allocates; never takes a line whose numbers are none.
 *
 * Fields are parted by blanks; the request, the agent and later ones are quoted. AWS adds fields at the end and says to ignore them.
 * Source: AWS, "Access logs for your Application Load Balancer" and "... Classic Load Balancer".
 */
#ifndef ONSET_AWSELB_H
#define ONSET_AWSELB_H

#include "split/scanner.h"

bool awselb_scan(struct span entry, struct scanner_room *room, struct record *r);

#endif
