/* nginxconf: pieces of any bytes, ended by NULs; each include gives the next one. What is given is whole: a path, for a file a
 * glob, for an access log a format; every bound holds. */
#include "config/nginxconf.h"
#include "config/nginxformat.h"
#include "promise.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool include(void *self, struct span pattern, struct nginxconf_files *files, struct diag *d)
{
	struct span *rest = self;
	must_be_readable(pattern);
	if (span_equal(pattern, SPAN("fail"))) {
		diag_set(d, "it does");
		return false;
	}
	if (rest->len)
		nginxconf_files_add(files, pattern, span_cut(rest, '\0'));
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = {(const char *)data, size};
	struct span first = span_cut(&rest, '\0');
	struct nginxconf_source source = {include, &rest};
	struct nginxconf conf = {0};
	struct diag_list warnings = {0};
	struct diag d = {0};
	bool ok = nginxconf_read(&conf, "nginx.conf", first, &source, &warnings, &d);
	must(ok != d.set);
	must(conf.n <= NGINXCONF_MOST_LOGS && conf.formats_n <= NGINXCONF_MOST_FORMATS);
	for (size_t i = 0; i < conf.n; i++) {
		const struct nginxconf_log *log = &conf.logs[i];
		must(log->path && log->file && log->line);
		must((log->sink == NGINXCONF_FILE) == (log->glob != NULL));
		must((log->kind == NGINXCONF_ERROR) == (log->format == NULL));
	}
	for (size_t i = 0; i < conf.formats_n; i++) {
		struct nginxformat f = {.n = 0};
		struct diag of_format = {0};
		size_t column = 0;
		struct span text = span_of(conf.formats[i].format);
		if (!nginxformat_compile(&f, text, conf.formats[i].kind == NGINXCONF_STREAM, &of_format, &column))
			must(of_format.set && column <= text.len);
		nginxformat_release(&f);
	}
	nginxconf_release(&conf);
	diag_release(&warnings);
	return 0;
}
