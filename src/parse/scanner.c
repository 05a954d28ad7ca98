#include "parse/scanner.h"

static const struct scanner scanners[] = {
	{"", NULL, NULL}, /* no format is of this name */
};

const struct scanner *scanner_find(struct span name)
{
	for (size_t i = 0; i < sizeof scanners / sizeof *scanners; i++) {
		if (scanners[i].scan && span_equal(name, span_of(scanners[i].name)))
			return &scanners[i];
	}
	return NULL;
}
