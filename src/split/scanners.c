#include "split/scanners.h"

#include "split/apacheerror.h"
#include "split/awselb.h"
#include "split/klog.h"
#include "split/logfmt.h"
#include "split/mysqlerror.h"
#include "split/mysqlslow.h"
#include "split/squid.h"
#include "split/stamped.h"

static const struct scanner scanners[] = {
	{.name = "apache-error", .scan = apacheerror_scan, .starts = "["},
	{.name = "aws-elb", .scan = awselb_scan},
	{.name = "hadoop", .scan = hadoop_scan, .starts = "0123456789"},
	{.name = "heroku-router", .scan = heroku_router_scan, .starts = "a"},
	{.name = "klog", .scan = klog_scan, .starts = "IWEF"},
	{.name = "logfmt", .scan = logfmt_scan},
	/* No `starts`: InnoDB's monitor has lines that begin with digits, blocks of the slow log lines that begin with '#'. */
	{.name = "mysql-error", .scan = mysqlerror_scan, .whole = true, .goes_on = mysqlerror_goes_on},
	{.name = "mysql-slow", .scan = mysqlslow_scan, .whole = true, .unfinished = mysqlslow_unfinished, .goes_on = mysqlslow_goes_on},
	{.name = "redis", .scan = redis_scan, .starts = "0123456789["},
	{.name = "squid", .scan = squid_scan, .starts = "0123456789"},
	{.name = "stamped", .scan = stamped_scan},
	{.name = "stamped-american", .scan = stamped_american_scan},
	{.name = "stamped-european", .scan = stamped_european_scan},
};

const struct scanner *scanner_find(struct span name)
{
	for (size_t i = 0; i < sizeof scanners / sizeof *scanners; i++) {
		if (scanners[i].scan && span_equal(name, span_of(scanners[i].name)))
			return &scanners[i];
	}
	return NULL;
}
