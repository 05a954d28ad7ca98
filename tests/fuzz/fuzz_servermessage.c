/* servermessage: each line is a message, and a DETAIL, of PostgreSQL, PgBouncer, nginx's error log and programs of authentication
 * ("sshd: ..."), and one of no known format. */
#include "split/auth.h"
#include "split/nginxerror.h"
#include "split/origin.h"
#include "split/pgbouncer.h"
#include "split/postgresql.h"
#include "split/postgresqlnumber.h"
#include "promise.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_lock(struct span text)
{
	struct postgresql_lock lock;
	if (postgresql_lock(text, &lock)) {
		must(lock.waited_us >= -1 && lock.pid >= -1);
		must_be_readable(lock.mode);
		must_be_readable(lock.object);
	}
	struct postgresql_queue queue;
	if (!postgresql_lock_detail(text, &queue))
		return;
	must(queue.holder >= -1);
	uint32_t n = 0;
	while (postgresql_next_pid(&queue.holder_pids) >= 0)
		n++;
	must(n == queue.holders);
	for (n = 0; postgresql_next_pid(&queue.queue_pids) >= 0; n++)
		;
	must(n == queue.queue);
}

static void read_words(struct span text)
{
	struct postgresql_word word;
	if (postgresql_word_at(text, &word))
		must(word.len <= text.len);
	ptrdiff_t at = postgresql_word_find(text, &word);
	must(at < 0 || (size_t)at + word.len <= text.len);
	struct span said[POSTGRESQL_SAID];
	postgresql_session(text, said);
	for (int i = 0; i < POSTGRESQL_SAID; i++)
		must_be_readable(said[i]);
}

static void read_auth(struct span line)
{
	struct record r;
	struct span message = line, program = span_cut(&message, ':');
	record_clear(&r);
	record_set(&r, FIELD_PROCESS, program);
	record_set(&r, FIELD_MESSAGE, message);
	auth_read(&r);
	must_be_record(&r);
	record_clear(&r);
	record_set(&r, FIELD_MESSAGE, line);
	auth_read_bare(&r);
	must_be_record(&r);
}

static void read_origin(struct span line)
{
	struct extras extras = {0};
	origin_extras(line, &extras);
	must(extras.n <= 7);
	for (size_t i = 0; i < extras.n; i++)
		must_be_readable(extras.items[i].value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = {(const char *)data, size};
	while (rest.len) {
		struct span line = span_cut(&rest, '\n');
		struct record r;
		record_clear(&r);
		record_set(&r, FIELD_MESSAGE, line);
		postgresql_message(&r);
		must_be_record(&r);
		record_clear(&r);
		postgresqlnumber_detail(line, &r);
		must_be_record(&r);
		read_lock(line);
		read_words(line);
		record_clear(&r);
		record_set(&r, FIELD_MESSAGE, line);
		pgbouncer_message(&r);
		must_be_record(&r);
		record_clear(&r);
		must(nginxerror_scan(line, &r) <= line.len);
		must_be_record(&r);
		read_auth(line);
		read_origin(line);
	}
	return 0;
}
