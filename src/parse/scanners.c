#include "parse/scanners.h"

#include "parse/apacheerror.h"
#include "parse/klog.h"
#include "parse/logfmt.h"
#include "parse/mysqlerror.h"
#include "parse/stamped.h"

static const struct scanner scanners[] = {
	{"apache-error", apacheerror_scan, "[", false},
	{"hadoop", hadoop_scan, "0123456789", false},
	{"klog", klog_scan, "IWEF", false},
	{"logfmt", logfmt_scan, NULL, false},
	{"mysql-error", mysqlerror_scan, NULL, true}, /* InnoDB's monitor has lines that begin with digits */
	{"redis", redis_scan, "0123456789[", false},
	{"stamped", stamped_scan, NULL, false},
	{"stamped-american", stamped_american_scan, NULL, false},
	{"stamped-european", stamped_european_scan, NULL, false},
};

const struct scanner *scanner_find(struct span name)
{
	for (size_t i = 0; i < sizeof scanners / sizeof *scanners; i++) {
		if (scanners[i].scan && span_equal(name, span_of(scanners[i].name)))
			return &scanners[i];
	}
	return NULL;
}
