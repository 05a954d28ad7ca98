/* retried: bursts of a front's failed connects that no user met: it asked another instance.
 *
 * Takes  a fold, who has access records, draft.bursts.
 * Gives  which bursts are such.
 * Holds  nothing.
 * Never  says so of a burst when nobody counted the requests of its time; nor of one that was still on when anything else began.
 *
 * nginx's proxy_next_upstream and HAProxy's redispatch pass a request on when its instance refuses the connection: instances that restart
 * one by one leave such lines, and answers as good as ever. A burst of backend.down of a load balancer or a web server is retried when users
 * saw fewer failures in its time than one in RETRIED_FAILED of its events, and no burst but of that kind lies within RETRIED_APART_US of it:
 * an instance that is lost just before the others break down is how it began. Where the burst's log prints no zone and none was found, its
 * time is all of the capture.
 */
#ifndef ONSET_RETRIED_H
#define ONSET_RETRIED_H

#include "incident/front.h"

#define RETRIED_APART_US (30 * SECOND_US)
enum { RETRIED_FAILED = 5 }; /* of those in flight when the instance went some are lost: a POST is not asked twice */

/* For each burst of the draft; the caller frees. */
bool *retried_find(const struct fold *f, const struct front *a, const struct draft *d);

#endif
