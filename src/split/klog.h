/* klog: the lines of glog (C++), of Abseil, and of klog (Kubernetes).
 *
 * Takes  an entry.
 * Gives  time, level, number of the thread or process, the place in the source, message; of klog's structured messages the pairs.
 * Holds  nothing.
 * Never  takes a date that does not exist, or a number of more than 19 digits.
 *
 * Lines (glog's logging.cc, klog's klog.go formatHeader): a letter I, W, E or F, month and day (with the year since glog 0.5),
 * time with six decimals, the thread, the place, the message:
 *   I1122 11:15:12.123456   28133 controller.go:70] sync done
 *   I20210131 14:48:54.411655 15520 main.c++:9] Hello world!
 *   E1122 11:15:12.123456       1 server.go:70] "Failed to list" err="timeout" pod="kube-system/dns"
 * No zone is printed, and by klog no year. Extras: code.file.path, code.line.number, and the pairs.
 */
#ifndef ONSET_KLOG_H
#define ONSET_KLOG_H

#include "split/scanner.h"

bool klog_scan(struct span entry, struct scanner_room *room, struct record *r);

#endif
