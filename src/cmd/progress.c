#include "cmd/progress.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "fold/sentence.h"

static int64_t now_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * SECOND_US + now.tv_nsec / 1000;
}

/* "512 B", "3.4 MB", "120 MB", "1.2 GB": powers of ten, as disks and networks are sold. */
static void append_bytes(struct text *out, int64_t bytes)
{
	static const char *const units[] = {"kB", "MB", "GB", "TB", "PB", "EB"};
	if (bytes < 1000) {
		text_format(out, "%lld B", (long long)bytes);
		return;
	}
	size_t unit = 0;
	int64_t scale = 1000;
	for (; unit < 5 && bytes / scale >= 1000; unit++)
		scale *= 1000;
	int64_t whole = bytes / scale, tenth = bytes % scale / (scale / 10);
	if (whole < 10)
		text_format(out, "%lld.%lld %s", (long long)whole, (long long)tenth, units[unit]);
	else
		text_format(out, "%lld %s", (long long)whole, units[unit]);
}

/* a * b / c in 128 bits, held at the largest integer. */
static int64_t scaled(int64_t a, int64_t b, int64_t c)
{
	__extension__ typedef __int128 wide;
	wide n = (wide)a * b / c;
	return n > INT64_MAX ? INT64_MAX : (int64_t)n;
}

void progress_line(struct text *out, int64_t done, int64_t total, int64_t elapsed_us)
{
	text_append_string(out, "onset: ");
	bool known = total > 0;
	if (known && done > total)
		done = total;
	if (known) {
		text_format(out, "%lld %% of ", (long long)scaled(done, 100, total));
		append_bytes(out, total);
	} else {
		append_bytes(out, done);
	}
	if (elapsed_us <= 0 || done <= 0)
		return;
	text_append_string(out, ", ");
	append_bytes(out, scaled(done, SECOND_US, elapsed_us));
	text_append_string(out, "/s");
	if (!known || done == total)
		return;
	text_append_string(out, ", ");
	/* Whole seconds, rounded up: a run is never late by what it said. */
	int64_t left_us = scaled(elapsed_us, total - done, done);
	int64_t left_s = left_us / SECOND_US + (left_us % SECOND_US > 0);
	if (left_s < 60)
		text_format(out, "%lld s", (long long)left_s);
	else
		sentence_duration(out, left_s * SECOND_US);
	text_append_string(out, " left");
}

void progress_begin(struct progress *p, int64_t total)
{
	*p = (struct progress){.terminal = isatty(STDERR_FILENO), .started_us = now_us(), .total = total};
}

/* Blanks instead of an erase sequence: they work on every terminal. */
static void draw(struct progress *p, struct span line)
{
	int blanks = p->drawn > line.len ? (int)(p->drawn - line.len) : 0;
	fprintf(stderr, "\r%.*s%*s", (int)line.len, line.at ? line.at : "", blanks, "");
	if (!line.len)
		fputc('\r', stderr);
	fflush(stderr);
	p->drawn = line.len;
}

void progress_show(struct progress *p, int64_t done)
{
	int64_t elapsed_us = now_us() - p->started_us;
	if (!p->terminal || elapsed_us < PROGRESS_QUIET_US)
		return;
	struct text line = {0};
	progress_line(&line, done, p->total, elapsed_us);
	draw(p, text_span(&line));
	text_release(&line);
}

void progress_end(struct progress *p)
{
	if (p->drawn)
		draw(p, SPAN_NONE);
}

size_t progress_columns(void)
{
	struct winsize size = {0};
	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) || size.ws_col < 2)
		return 79;
	return size.ws_col - 1u;
}
