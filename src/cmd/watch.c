#include "cmd/watch.h"

#include <time.h>

#include "base/instant.h"

enum { LOOK_EVERY_US = 100000 };

void watch_init(struct watch *w, size_t running)
{
	pthread_condattr_t attributes;
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&w->left, &attributes);
	pthread_condattr_destroy(&attributes);
	pthread_mutex_init(&w->lock, NULL);
	w->stop = false;
	w->running = running;
	atomic_store(&w->read, 0);
}

void watch_drop(struct watch *w, size_t missing)
{
	pthread_mutex_lock(&w->lock);
	w->running -= missing;
	pthread_mutex_unlock(&w->lock);
}

void watch_leave(struct watch *w)
{
	pthread_mutex_lock(&w->lock);
	w->running--;
	pthread_cond_signal(&w->left);
	pthread_mutex_unlock(&w->lock);
}

static int64_t now_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * SECOND_US + now.tv_nsec / 1000;
}

/* With the lock: until somebody leaves or it is time to look again. */
static void sleep_until(struct watch *w, int64_t us)
{
	struct timespec when = {.tv_sec = (time_t)(us / SECOND_US), .tv_nsec = (long)(us % SECOND_US * 1000)};
	pthread_cond_timedwait(&w->left, &w->lock, &when);
}

enum watch_end watch_wait(struct watch *w, int64_t total, const struct watcher *who, int64_t patience_us)
{
	int64_t look_us = now_us(), give_up_us = INT64_MAX;
	enum watch_end end = WATCH_DONE;
	pthread_mutex_lock(&w->lock);
	while (w->running && end != WATCH_STUCK) {
		int64_t now = now_us();
		if (now >= look_us) {
			/* Without the lock: who looks may take its time. */
			pthread_mutex_unlock(&w->lock);
			if (!w->stop && who->look && who->look(who->context, atomic_load(&w->read), total)) {
				w->stop = true;
				end = WATCH_STOPPED;
				give_up_us = patience_us < 0 ? INT64_MAX : now + patience_us;
			}
			look_us = now + LOOK_EVERY_US;
			pthread_mutex_lock(&w->lock);
		}
		if (now >= give_up_us)
			end = WATCH_STUCK;
		else if (w->running)
			sleep_until(w, look_us);
	}
	pthread_mutex_unlock(&w->lock);
	return end;
}

void watch_release(struct watch *w)
{
	pthread_cond_destroy(&w->left);
	pthread_mutex_destroy(&w->lock);
}
