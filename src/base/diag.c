#include "base/diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

/* Formats into `out`; when it does not fit the head is cut and marked, so that the tail stays. */
static void format_tail(char *out, size_t cap, const char *format, va_list args)
{
	char whole[8192]; /* a path of PATH_MAX bytes, quoted, and the reason behind it */
	int len = vsnprintf(whole, sizeof whole, format, args);
	size_t n = len < 0 ? 0 : (size_t)len < sizeof whole ? (size_t)len : sizeof whole - 1;
	if (n < cap) {
		memcpy(out, whole, n + 1);
		return;
	}
	memcpy(out, "...", 3);
	memcpy(out + 3, whole + n - (cap - 4), cap - 3);
}

void diag_set(struct diag *d, const char *format, ...)
{
	if (d->set)
		return;
	d->set = true;
	va_list args;
	va_start(args, format);
	format_tail(d->what, sizeof d->what, format, args);
	va_end(args);
}

void diag_hint(struct diag *d, const char *format, ...)
{
	if (d->hint[0])
		return;
	va_list args;
	va_start(args, format);
	format_tail(d->hint, sizeof d->hint, format, args);
	va_end(args);
}

void diag_add(struct diag_list *list, enum diag_level level, const char *hint, const char *format, ...)
{
	char what[1024];
	va_list args;
	va_start(args, format);
	format_tail(what, sizeof what, format, args);
	va_end(args);
	list->items = memory_grow(list->items, &list->cap, list->n + 1, sizeof *list->items);
	list->items[list->n++] =
		(struct diag_item){level, span_copy(span_of(what)), hint ? span_copy(span_of(hint)) : NULL};
}

void diag_merge(struct diag_list *to, struct diag_list *from)
{
	to->items = memory_grow(to->items, &to->cap, to->n + from->n, sizeof *to->items);
	if (from->n)
		memcpy(to->items + to->n, from->items, from->n * sizeof *from->items);
	to->n += from->n;
	to->incomplete |= from->incomplete;
	memory_free(from->items);
	*from = (struct diag_list){0};
}

static int compare_items(const void *a, const void *b)
{
	const struct diag_item *x = a, *y = b;
	if (x->level != y->level)
		return x->level > y->level ? -1 : 1;
	int order = strcmp(x->what, y->what);
	return order ? order : strcmp(x->hint ? x->hint : "", y->hint ? y->hint : "");
}

void diag_sort(struct diag_list *list)
{
	if (!list->n)
		return;
	qsort(list->items, list->n, sizeof *list->items, compare_items);
	size_t kept = 1;
	for (size_t i = 1; i < list->n; i++) {
		if (compare_items(&list->items[i], &list->items[kept - 1])) {
			list->items[kept++] = list->items[i];
			continue;
		}
		memory_free(list->items[i].what);
		memory_free(list->items[i].hint);
	}
	list->n = kept;
}

void diag_release(struct diag_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		memory_free(list->items[i].what);
		memory_free(list->items[i].hint);
	}
	memory_free(list->items);
	*list = (struct diag_list){0};
}
