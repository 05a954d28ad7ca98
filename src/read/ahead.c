#include "read/ahead.h"

#include <pthread.h>

#include "base/memory.h"

struct block {
	char *at;
	size_t n;
};

struct ahead {
	struct inflate *from; /* borrowed */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t filled, freed;
	char *all[AHEAD_BLOCKS];        /* owned */
	char *room[AHEAD_BLOCKS];       /* blocks that are free */
	size_t room_n;
	struct block full[AHEAD_BLOCKS]; /* a ring of those that wait for the reader */
	size_t first, full_n;
	bool ended, unwanted;
};

/* Up to a whole block: each is handed over once. */
static size_t fill(struct inflate *from, char *at)
{
	size_t n = 0, more;
	while (n < LIMIT_CHUNK_BYTES && (more = inflate_read(from, at + n, LIMIT_CHUNK_BYTES - n)))
		n += more;
	return n;
}

static void *work(void *shared)
{
	struct ahead *a = shared;
	pthread_mutex_lock(&a->lock);
	while (!a->ended) {
		while (!a->room_n && !a->unwanted)
			pthread_cond_wait(&a->freed, &a->lock);
		if (a->unwanted)
			break;
		struct block b = {a->room[--a->room_n], 0};
		pthread_mutex_unlock(&a->lock);
		b.n = fill(a->from, b.at + AHEAD_ROOM);
		pthread_mutex_lock(&a->lock);
		a->ended = !b.n;
		if (b.n)
			a->full[(a->first + a->full_n++) % AHEAD_BLOCKS] = b;
		pthread_cond_signal(&a->filled);
	}
	pthread_mutex_unlock(&a->lock);
	return NULL;
}

static void release(struct ahead *a)
{
	pthread_mutex_destroy(&a->lock);
	pthread_cond_destroy(&a->filled);
	pthread_cond_destroy(&a->freed);
	for (size_t i = 0; i < AHEAD_BLOCKS; i++)
		memory_free(a->all[i]);
	memory_free(a);
}

struct ahead *ahead_new(struct inflate *from)
{
	struct ahead *a = memory_new(1, sizeof *a);
	a->from = from;
	pthread_mutex_init(&a->lock, NULL);
	pthread_cond_init(&a->filled, NULL);
	pthread_cond_init(&a->freed, NULL);
	for (size_t i = 0; i < AHEAD_BLOCKS; i++)
		a->room[a->room_n++] = a->all[i] = memory_unset(AHEAD_ROOM + LIMIT_CHUNK_BYTES + AHEAD_PADDING);
	if (!pthread_create(&a->thread, NULL, work, a))
		return a;
	release(a);
	return NULL;
}

char *ahead_next(struct ahead *a, size_t *n)
{
	struct block b = {NULL, 0};
	pthread_mutex_lock(&a->lock);
	while (!a->full_n && !a->ended)
		pthread_cond_wait(&a->filled, &a->lock);
	if (a->full_n) {
		b = a->full[a->first];
		a->first = (a->first + 1) % AHEAD_BLOCKS;
		a->full_n--;
	}
	pthread_mutex_unlock(&a->lock);
	*n = b.n;
	return b.at;
}

void ahead_give_back(struct ahead *a, char *block)
{
	if (!block)
		return;
	pthread_mutex_lock(&a->lock);
	a->room[a->room_n++] = block;
	pthread_cond_signal(&a->freed);
	pthread_mutex_unlock(&a->lock);
}

void ahead_free(struct ahead *a)
{
	if (!a)
		return;
	pthread_mutex_lock(&a->lock);
	a->unwanted = true;
	pthread_cond_signal(&a->freed);
	pthread_mutex_unlock(&a->lock);
	pthread_join(a->thread, NULL);
	release(a);
}
