/* postgresqlconf: pieces of any bytes, ended by NULs; each file that is read gives the next one, each folder has two files. A
 * value that is stated has a place; numbers are what the server allows. */
#include "config/postgresqlconf.h"
#include "split/prefix.h"
#include "promise.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool read_next(void *context, const char *path, struct text *bytes, struct diag *d)
{
	struct span *rest = context;
	if (!rest->len) {
		diag_set(d, "no such file: %s", path);
		return false;
	}
	text_append(bytes, span_cut(rest, '\0'));
	return true;
}

static bool list(void *context, const char *folder, struct text *names, struct diag *d)
{
	(void)context;
	(void)d;
	text_append(names, (struct span){"b.conf\0a.conf\0.conf\0c.txt\0", 26});
	return folder[0] != '\0';
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = {(const char *)data, size};
	const struct postgresqlconf_files files = {&rest, read_next, list};
	struct postgresqlconf conf = {.files = 0};
	struct diag d = {0};
	must(postgresqlconf_read(&conf, "etc/postgresql.conf", &files, &d) != d.set);
	must(conf.files <= POSTGRESQLCONF_FILES_MOST);
	for (int i = 0; i < POSTGRESQLCONF_COUNT; i++) {
		const struct postgresqlconf_value *v = &conf.values[i];
		must_be_readable(postgresqlconf_text(&conf, (enum postgresqlconf_setting)i));
		must(!v->stated || (v->line && v->file.len && v->number >= -1));
	}
	struct diag of_prefix = {0};
	size_t column = 0;
	prefix_free(prefix_new(postgresqlconf_text(&conf, POSTGRESQLCONF_LOG_LINE_PREFIX), &of_prefix, &column));
	postgresqlconf_release(&conf);
	return 0;
}
