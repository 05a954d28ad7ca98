#include "config/postgresqlconf.h"

#include "base/memory.h"
#include "unit.h"

/* A disk in a table. */
struct disk {
	const char *const *files; /* path, text, ..., NULL */
	unsigned reads;
};

static bool disk_read(void *context, const char *path, struct text *bytes, struct diag *d)
{
	struct disk *disk = context;
	disk->reads++;
	for (const char *const *f = disk->files; *f; f += 2) {
		if (!strcmp(f[0], path)) {
			text_append_string(bytes, f[1]);
			return true;
		}
	}
	diag_set(d, "could not open \"%s\"", path);
	return false;
}

static bool disk_list(void *context, const char *folder, struct text *names, struct diag *d)
{
	struct disk *disk = context;
	size_t len = strlen(folder), n = 0;
	for (const char *const *f = disk->files; *f; f += 2) {
		if (strncmp(f[0], folder, len) || f[0][len] != '/')
			continue;
		text_append_string(names, f[0] + len + 1);
		text_append_byte(names, '\0');
		n++;
	}
	if (!n)
		diag_set(d, "no such folder \"%s\"", folder);
	return n > 0;
}

static bool reads(struct postgresqlconf *conf, const char *const *files, struct diag *d)
{
	struct disk disk = {files, 0};
	const struct postgresqlconf_files with = {&disk, disk_read, disk_list};
	return postgresqlconf_read(conf, files[0], &with, d);
}

/* The text of a file, a setting, and what it then is: as `postgres -C` of PostgreSQL 15 prints it (ms without unit). */
struct fact {
	const char *text;
	enum postgresqlconf_setting setting;
	const char *is; /* NULL: an error */
};

#define PREFIX POSTGRESQLCONF_LOG_LINE_PREFIX
#define SLOW POSTGRESQLCONF_LOG_MIN_DURATION_STATEMENT
#define MOST POSTGRESQLCONF_MAX_CONNECTIONS
#define LOCKS POSTGRESQLCONF_LOG_LOCK_WAITS
#define ZONE POSTGRESQLCONF_LOG_TIMEZONE

static const struct fact facts[] = {
	{"", PREFIX, "%m [%p] "},
	{"log_line_prefix = '%t '\n", PREFIX, "%t "},
	{"log_line_prefix '%t '", PREFIX, "%t "},
	{"LOG_Line_Prefix='%t '", PREFIX, "%t "},
	{"  log_line_prefix\t=\t'%t '  # why\r\n", PREFIX, "%t "},
	{"#log_line_prefix = '%t '\n", PREFIX, "%m [%p] "},
	{"log_line_prefix = '# %t '", PREFIX, "# %t "},
	{"log_line_prefix = 'it''s %t '", PREFIX, "it's %t "},
	{"log_line_prefix = 'it\\'s\\t\\101%t '", PREFIX, "it's\tA%t "},
	{"log_line_prefix = ''", PREFIX, ""},
	{"log_line_prefix = '%t '\nlog_line_prefix = '%m '\n", PREFIX, "%m "},
	{"log_line_prefix = '%t", PREFIX, NULL},
	{"log_line_prefix = %t", PREFIX, NULL},
	{"log_line_prefix =", PREFIX, NULL},
	{"log_line_prefix", PREFIX, NULL},
	{"= '%t'", PREFIX, NULL},
	{"log_line_prefix = '%t' '%m'", PREFIX, NULL},
	{"log_line_prefix == '%t'", PREFIX, NULL},
	{"what is this", PREFIX, NULL},
	{"my.own = 5\npg_stat_statements.max = 100\n", PREFIX, "%m [%p] "},
	{"my.own.thing = 5\n", PREFIX, NULL},
	{"unknown_thing = on\n", PREFIX, "%m [%p] "},
	{"log_timezone = Europe/Berlin", ZONE, "Europe/Berlin"},
	{"log_timezone = 'Etc/UTC'", ZONE, "Etc/UTC"},
	{"log_min_duration_statement = 250", SLOW, "250"},
	{"log_min_duration_statement = 250ms", SLOW, "250"},
	{"log_min_duration_statement = 2s", SLOW, "2000"},
	{"log_min_duration_statement = '1.5 s'", SLOW, "1500"},
	{"log_min_duration_statement = 1min", SLOW, "60000"},
	{"log_min_duration_statement = '1.5h'", SLOW, "5400000"},
	{"log_min_duration_statement = 1d", SLOW, "86400000"},
	{"log_min_duration_statement = '1700us'", SLOW, "2"},
	{"log_min_duration_statement = -1", SLOW, "-1"},
	{"log_min_duration_statement = '-1'", SLOW, "-1"},
	{"log_min_duration_statement = -2", SLOW, NULL},
	{"log_min_duration_statement = 30d", SLOW, NULL},
	{"log_min_duration_statement = 1.5s", SLOW, NULL},
	{"log_min_duration_statement = 5S", SLOW, NULL},
	{"log_min_duration_statement = 5kB", SLOW, NULL},
	{"log_min_duration_statement = fast", SLOW, NULL},
	{"max_connections = 300", MOST, "300"},
	{"max_connections = 0x64", MOST, "100"},
	{"max_connections = 0100", MOST, "64"},
	{"max_connections = 1.5e2", MOST, "150"},
	{"max_connections = '12.5'", MOST, "12"},
	{"max_connections = 0", MOST, NULL},
	{"max_connections = 300000", MOST, NULL},
	{"max_connections = 99999999999999999999999", MOST, NULL},
	{"max_connections = 100ms", MOST, NULL},
	{"max_connections = ''", MOST, NULL},
	{"log_lock_waits = on", LOCKS, "1"},
	{"log_lock_waits = TRUE", LOCKS, "1"},
	{"log_lock_waits = 'ye'", LOCKS, "1"},
	{"log_lock_waits = of", LOCKS, "0"},
	{"log_lock_waits = o", LOCKS, NULL},
	{"log_lock_waits = 1", LOCKS, "1"},
	{"log_lock_waits = 2", LOCKS, NULL},
};

static void test_values(void)
{
	for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
		const char *const files[] = {"/etc/postgresql.conf", facts[i].text, NULL};
		struct postgresqlconf conf = {0};
		struct diag d = {0};
		bool fine = reads(&conf, files, &d);
		if (!facts[i].is) {
			FACT(!fine && !strncmp(d.what, "/etc/postgresql.conf:1: ", 24) && d.hint[0], facts[i].text);
		} else if (facts[i].setting == PREFIX || facts[i].setting == ZONE) {
			struct span is = postgresqlconf_text(&conf, facts[i].setting);
			FACT(fine && span_equal(is, span_of(facts[i].is)), facts[i].text);
		} else {
			int64_t is = 0;
			const struct postgresqlconf_value *value = &conf.values[facts[i].setting];
			FACT(fine && value->stated && span_to_int(span_of(facts[i].is), &is) && value->number == is, facts[i].text);
		}
		postgresqlconf_release(&conf);
	}
}

static bool includes(const char *const *files, enum postgresqlconf_setting setting, const char *is, const char *file,
		     unsigned line)
{
	struct postgresqlconf conf = {0};
	struct diag d = {0};
	bool fine = reads(&conf, files, &d) && span_equal(postgresqlconf_text(&conf, setting), span_of(is)) &&
		    span_equal(text_span(&conf.values[setting].file), span_of(file)) && conf.values[setting].line == line;
	postgresqlconf_release(&conf);
	return fine;
}

static bool refuses(const char *const *files, const char *what)
{
	struct postgresqlconf conf = {0};
	struct diag d = {0};
	bool refused = !reads(&conf, files, &d) && !strncmp(d.what, what, strlen(what));
	if (!refused)
		printf("got \"%s\"\n", d.what);
	postgresqlconf_release(&conf);
	return refused;
}

static void test_includes(void)
{
	static const char *const one[] = {"/pg/main.conf", "max_connections = 1\ninclude 'sub/a.conf'\n", "/pg/sub/a.conf",
					  "\nmax_connections = 2", NULL};
	FACT(includes(one, MOST, "2", "/pg/sub/a.conf", 2), "a relative include stands beside the file that includes");
	static const char *const last[] = {"/pg/main.conf", "include 'a.conf'\nmax_connections = 1\n", "/pg/a.conf",
					   "max_connections = 2", NULL};
	FACT(includes(last, MOST, "1", "/pg/main.conf", 2), "the last setting wins, wherever it stands");
	static const char *const nested[] = {"main.conf", "include = '/x/a.conf'", "/x/a.conf", "include b-1.conf", "/x/b-1.conf",
					     "max_connections = 3", NULL};
	FACT(includes(nested, MOST, "3", "/x/b-1.conf", 1), "an include of an include, without quotes");
	static const char *const folder[] = {"/pg/main.conf", "include_dir 'conf.d'\nlog_lock_waits = on", "/pg/conf.d/20.conf",
					     "max_connections = 20", "/pg/conf.d/100.conf", "max_connections = 100",
					     "/pg/conf.d/.30.conf", "max_connections = 30", "/pg/conf.d/40.conf~",
					     "max_connections = 40", "/pg/conf.d/.conf", "max_connections = 50", NULL};
	FACT(includes(folder, MOST, "20", "/pg/conf.d/20.conf", 1), "a folder in byte order, hidden and other names passed over");
	FACT(includes(folder, LOCKS, "on", "/pg/main.conf", 2), "and the file goes on behind it");
	static const char *const missing[] = {"/pg/main.conf", "include_if_exists 'no.conf'\nmax_connections = 5", NULL};
	FACT(includes(missing, MOST, "5", "/pg/main.conf", 2), "include_if_exists of nothing");
	static const char *const must[] = {"/pg/main.conf", "\ninclude 'no.conf'\n", NULL};
	FACT(refuses(must, "/pg/main.conf:2: could not open \"/pg/no.conf\""), "include of nothing, with its place");
	static const char *const itself[] = {"/pg/main.conf", "include 'main.conf'", NULL};
	FACT(refuses(itself, "/pg/main.conf:1: the file includes itself"), "a file that includes itself");
	static const char *const loop[] = {"/pg/a", "include 'b'", "/pg/b", "include 'a'", NULL};
	FACT(refuses(loop, "/pg/a:1: files include one another too deeply"), "a loop of two ends after ten");
	static const char *const wide[] = {"/pg/a", "include 'b'\ninclude 'b'\ninclude 'b'\ninclude 'b'\n", "/pg/b",
					   "include 'c'\ninclude 'c'\ninclude 'c'\ninclude 'c'\n", "/pg/c",
					   "include 'd'\ninclude 'd'\ninclude 'd'\ninclude 'd'\n", "/pg/d",
					   "include 'e'\ninclude 'e'\ninclude 'e'\ninclude 'e'\n", "/pg/e",
					   "include 'f'\ninclude 'f'\ninclude 'f'\ninclude 'f'\n", "/pg/f", "", NULL};
	FACT(refuses(wide, "/pg/e:2: too many files are included, at \"/pg/f\""), "a thousand files are enough");
	static const char *const bad[] = {"/pg/main.conf", "include 'a'", "/pg/a", "\n\n???", NULL};
	FACT(refuses(bad, "/pg/a:3: syntax error near \"?\""), "an error names the file that has it");
	static const char *const nowhere[] = {"/pg/main.conf", "include_dir '/none'", NULL};
	FACT(refuses(nowhere, "no such folder \"/none\""), "a folder that is not there");
	static const char *const nothing[] = {"/pg/main.conf", "include ''", NULL};
	FACT(refuses(nothing, "/pg/main.conf:1: there is no name behind \"include\""), "an include of no name");
	static const char *const none[] = {NULL, NULL};
	struct disk disk = {none, 0};
	const struct postgresqlconf_files with = {&disk, disk_read, disk_list};
	struct postgresqlconf conf = {0};
	struct diag d = {0};
	FACT(!postgresqlconf_read(&conf, "/x", &with, &d) && !strcmp(d.what, "could not open \"/x\""), "no file at all");
	postgresqlconf_release(&conf);
}

static void test_on_top(void)
{
	static const char *const main_conf[] = {"/pg/postgresql.conf", "max_connections = 100\nlog_lock_waits = on", NULL};
	static const char *const automatic[] = {"/pg/postgresql.auto.conf", "max_connections = '200'", NULL};
	struct postgresqlconf conf = {0};
	struct diag d = {0};
	bool fine = reads(&conf, main_conf, &d) && reads(&conf, automatic, &d);
	FACT(fine && conf.values[MOST].number == 200 && conf.values[LOCKS].number == 1, "postgresql.auto.conf on top");
	FACT(!conf.values[SLOW].stated && conf.values[MOST].stated, "what nothing states is not stated");
	FACT(!strcmp(postgresqlconf_name(MOST), "max_connections") && !strcmp(postgresqlconf_default(MOST), "100"),
	     "names and defaults are the server's");
	postgresqlconf_release(&conf);
	postgresqlconf_release(&conf);
}

int main(void)
{
	test_values();
	test_includes();
	test_on_top();
	return unit_done();
}
