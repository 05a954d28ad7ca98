#include "tally/lockwait.h"

#include "base/memory.h"
#include "split/postgresql.h"
#include "tally/statement.h"

static char *name_copy(struct lockwaits *l, struct span value)
{
	if (!value.len || span_equal(value, SPAN("[unknown]")))
		return span_copy(SPAN(""));
	text_clear(&l->scratch);
	text_append_printable(&l->scratch, span_head(value, LOCKWAIT_NAME_BYTES));
	struct span clean = span_head(text_span(&l->scratch), LOCKWAIT_NAME_BYTES);
	while (clean.len && clean.len < l->scratch.len && ((unsigned char)clean.at[clean.len] & 0xC0) == 0x80)
		clean.len--;
	return span_copy(clean);
}

/* What the record says, else what the session's own lines said. */
static char *who(struct lockwaits *l, struct span said, struct span session)
{
	return name_copy(l, said.len && !span_equal(said, SPAN("[unknown]")) ? said : session);
}

static void note_detail(struct lockwaits *l, const struct sessions *s, struct lock_wait *w, struct span detail)
{
	struct postgresql_queue d;
	struct span holder[HOLDER_COUNT];
	if (w->holders || w->holder >= 0 || !postgresql_lock_detail(detail, &d))
		return;
	w->holder = d.holder;
	w->holders = d.holders;
	w->queue = d.queue;
	char **const names[HOLDER_COUNT] = {
		[HOLDER_USER] = &w->holder_user,
		[HOLDER_DATABASE] = &w->holder_database,
		[HOLDER_APPLICATION] = &w->holder_application,
		[HOLDER_HOST] = &w->holder_host,
	};
	if (d.holder < 0 || !sessions_who(s, d.holder, holder))
		return;
	for (int i = 0; i < HOLDER_COUNT; i++) {
		memory_free(*names[i]);
		*names[i] = name_copy(l, holder[i]);
	}
}

static void note_statement(struct lockwaits *l, struct lock_wait *w, struct span sql)
{
	if (!sql.len || *w->statement)
		return;
	statement_mask(sql, &l->scratch, &l->masked);
	memory_free(w->statement);
	w->statement = span_copy(text_span(&l->masked));
}

/* The newest wait of this process for this lock that was not acquired; NULL. */
static struct lock_wait *waiting(struct lockwaits *l, const struct postgresql_lock *lock)
{
	for (size_t i = l->n; i-- > 0;) {
		struct lock_wait *w = &l->items[i];
		if (w->pid == lock->pid)
			return w->acquired_us < 0 && span_equal(span_of(w->mode), lock->mode) &&
					       span_equal(span_of(w->object), lock->object)
				       ? w
				       : NULL;
	}
	return NULL;
}

static struct lock_wait *begin(struct lockwaits *l, const struct sessions *s, const struct place *p, int64_t at_us,
			       const struct record *r, const struct postgresql_lock *lock)
{
	struct span session[HOLDER_COUNT] = {SPAN_NONE};
	sessions_who(s, lock->pid, session);
	l->items = memory_grow(l->items, &l->cap, l->n + 1, sizeof *l->items);
	struct lock_wait *w = &l->items[l->n++];
	*w = (struct lock_wait){
		.at_us = at_us,
		.line = p->line,
		.length = p->length,
		.offset = p->offset,
		.pid = lock->pid,
		.mode = name_copy(l, lock->mode),
		.object = name_copy(l, lock->object),
		.acquired_us = -1,
		.holder = -1,
		.user = who(l, record_get(r, FIELD_USER), session[HOLDER_USER]),
		.database = who(l, record_get(r, FIELD_DATABASE), session[HOLDER_DATABASE]),
		.application = who(l, record_get(r, FIELD_APPLICATION), session[HOLDER_APPLICATION]),
		.statement = span_copy(SPAN("")),
		.holder_user = span_copy(SPAN("")),
		.holder_database = span_copy(SPAN("")),
		.holder_application = span_copy(SPAN("")),
		.holder_host = span_copy(SPAN("")),
	};
	return w;
}

/* The wait that the record tells of; NULL: it is not kept. */
static struct lock_wait *step(struct lockwaits *l, const struct sessions *s, const struct place *p, int64_t at_us,
			      const struct record *r, const struct postgresql_lock *lock)
{
	struct lock_wait *w = lock->event == POSTGRESQL_LOCK_WAITING ? NULL : waiting(l, lock);
	if (!w && lock->event == POSTGRESQL_LOCK_FAILED)
		return NULL; /* NOWAIT: nobody waited */
	if (!w && l->n >= (size_t)LIMIT_LOCKS >> l->share) {
		/* What follows of a wait that is not kept is no wait of its own. */
		l->more += lock->event == POSTGRESQL_LOCK_WAITING;
		return NULL;
	}
	if (!w)
		w = begin(l, s, p, at_us, r, lock);
	if (lock->waited_us > w->waited_us)
		w->waited_us = lock->waited_us;
	if (lock->event == POSTGRESQL_LOCK_ACQUIRED)
		w->acquired_us = at_us;
	return w;
}

/* Where the process's last record stands; open_n when it was no lock's. */
static size_t open_find(const struct lockwaits *l, int64_t pid)
{
	size_t i = 0;
	while (i < l->open_n && (!l->open[i].wait || l->open[i].pid != pid))
		i++;
	return i;
}

static void open_put(struct lockwaits *l, int64_t pid, size_t wait)
{
	size_t i = open_find(l, pid);
	if (i == l->open_n) {
		i = l->next;
		l->next = (l->next + 1) % LOCKWAIT_OPEN;
		if (l->open_n <= i)
			l->open_n = i + 1;
	}
	l->open[i].pid = pid;
	l->open[i].wait = (uint32_t)wait + 1;
}

void lockwaits_add(struct lockwaits *l, const struct sessions *s, const struct place *p, int64_t at_us,
		   const struct record *r, int64_t pid)
{
	struct postgresql_lock lock;
	struct span message = record_get(r, FIELD_MESSAGE);
	struct lock_wait *w = NULL;
	if (postgresql_lock(message, &lock))
		w = step(l, s, p, at_us, r, &lock);
	if (!w) {
		size_t i = l->open_n ? open_find(l, pid) : 0;
		if (i < l->open_n)
			l->open[i].wait = 0;
		return;
	}
	note_detail(l, s, w, record_get(r, FIELD_DETAIL));
	note_statement(l, w, record_get(r, FIELD_STATEMENT));
	open_put(l, pid, (size_t)(w - l->items));
}

void lockwaits_attach(struct lockwaits *l, const struct sessions *s, const struct record *attachment, int64_t pid)
{
	size_t i = open_find(l, pid);
	if (i == l->open_n)
		return;
	struct lock_wait *w = &l->items[l->open[i].wait - 1];
	note_detail(l, s, w, record_get(attachment, FIELD_DETAIL));
	note_statement(l, w, record_get(attachment, FIELD_STATEMENT));
}

void lockwaits_keep(struct lockwaits *l, uint32_t from_s, uint32_t to_s)
{
	size_t to = 0;
	for (size_t i = 0; i < l->n; i++) {
		int64_t second = l->items[i].at_us / SECOND_US;
		if (second < from_s || second > to_s)
			lock_wait_release(&l->items[i]);
		else
			l->items[to++] = l->items[i];
	}
	l->n = to;
	/* As with events: writers that share a part take turns. */
	for (size_t i = 1; i < l->n; i++) {
		struct lock_wait moved = l->items[i];
		size_t at = i;
		for (; at && l->items[at - 1].offset > moved.offset; at--)
			l->items[at] = l->items[at - 1];
		l->items[at] = moved;
	}
}

void lockwaits_release(struct lockwaits *l)
{
	for (size_t i = 0; i < l->n; i++)
		lock_wait_release(&l->items[i]);
	memory_free(l->items);
	text_release(&l->scratch);
	text_release(&l->masked);
	*l = (struct lockwaits){0};
}
