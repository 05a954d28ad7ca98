#include "carry/carriertext.h"

#include "carriers.h"

static const struct carriers_row rows[] = {
	/* kubernetes: design-proposals-archive/node/kubelet-cri-logging.md */
	{"cri", "2016-10-06T00:17:09.669794202Z stdout F The content of the log entry 1",
	 "cri stdout at 2016-10-06T00:17:09.669794Z|The content of the log entry 1"},
	{"cri, partial", "2016-10-06T00:17:09.669794202+02:00 stderr P abc ", "cri stderr at 2016-10-05T22:17:09.669794Z partial|abc "},
	{"cri with more tags", "2016-10-06T00:17:09.6Z stdout F:x:y abc", "cri stdout at 2016-10-06T00:17:09.600000Z|abc"},
	{"cri, partial with more tags", "2016-10-06T00:17:09.6Z stdout P:x abc", "cri stdout at 2016-10-06T00:17:09.600000Z partial|abc"},
	{"cri, an empty line", "2016-10-06T00:17:09.669794202Z stdout F ", "cri stdout at 2016-10-06T00:17:09.669794Z|"},
	{"cri, an empty line whose end was trimmed", "2016-10-06T00:17:09.669794202Z stdout F", "cri stdout at 2016-10-06T00:17:09.669794Z|"},
	{"no tag of cri", "2016-10-06T00:17:09.669Z stdout Full disk", "!|2016-10-06T00:17:09.669Z stdout Full disk"},
	{"no stream of cri", "2016-10-06T00:17:09.669Z stdlog F disk", "!|2016-10-06T00:17:09.669Z stdlog F disk"},
	/* docker/compose: cmd/formatter/logs.go: the name, filled to the longest and one more, " | "; v1: compose/cli/log_printer.py */
	{"compose", "web-1  | hello", "compose by web-1|hello"},
	{"compose, a name filled to the longest", "db-1       | hello", "compose by db-1|hello"},
	{"compose v1", "shop_web_1 | hello", "compose by shop_web_1|hello"},
	{"compose in colours", "\x1B[36mweb-1  | \x1B[0mhello \x1B[1mx\x1B[m", "ansi>compose by web-1|hello x"},
	{"compose with --timestamps", "db  | 2026-11-22T11:15:12.836123456Z hello", "compose by db at 2026-11-22T11:15:12.836123Z|hello"},
	{"compose, an empty line", "db-1  | ", "compose by db-1|"},
	{"compose, the text has a bar", "db-1  |  id | name", "compose by db-1| id | name"},
	{"a service of a swarm", "shop_web.1.ltwz8ykk4gx0@node7    | hello", "compose by node7/shop_web.1.ltwz8ykk4gx0|hello"},
	{"a row of a table", "id | name", "!|id | name"},
	{"a row of numbers", "12  | name", "!|12  | name"},
	{"a level and a bar", "INFO   | started", "!|INFO   | started"},
	/* kubernetes/kubectl: pkg/cmd/logs/logs.go */
	{"kubectl --prefix", "[pod/shop-7d9f/app] hello", "cri by shop-7d9f/app|hello"},
	{"kubectl --prefix --timestamps", "[pod/shop-7d9f/app] 2026-11-22T11:15:12.836123456Z hello",
	 "cri>cri by shop-7d9f/app at 2026-11-22T11:15:12.836123Z|hello"},
	{"no pod in brackets", "[pod/shop 7/app] hello", "!|[pod/shop 7/app] hello"},
	{"another bracket", "[main] hello", "!|[main] hello"},
	{"docker logs -t", "2026-11-22T11:15:12.836123456Z hello", "cri at 2026-11-22T11:15:12.836123Z|hello"},
	{"docker logs -t, an indented line", "2026-11-22T11:15:12.836123456Z \tat a.b", "cri at 2026-11-22T11:15:12.836123Z|\tat a.b"},
	{"a program that prints nine decimals and its level", "2026-11-22T11:15:12.836123456Z  INFO main: x",
	 "!|2026-11-22T11:15:12.836123456Z  INFO main: x"},
	{"fewer decimals are a program's", "2026-11-22T11:15:12.836123Z hello", "!|2026-11-22T11:15:12.836123Z hello"},
	/* devcenter.heroku.com/articles/logging */
	{"heroku", "2010-09-16T15:13:46.677020+00:00 app[web.1]: Processing PostController#list", "export by web.1/app at 2010-09-16T15:13:46.677020Z|Processing PostController#list"},
	{"heroku's router", "2010-09-16T15:13:46.677902+00:00 heroku[router]: at=info method=GET", "export by router/heroku at 2010-09-16T15:13:46.677902Z|at=info method=GET"},
	/* devcenter.heroku.com/articles/postgres-logs-errors */
	{"heroku's PostgreSQL", "2022-10-26T22:11:53.000000+00:00 app[postgres.26792]: [DATABASE] [7-1]  sql_error_code = 28000 LOG:  x",
	 "export by DATABASE/app pid 26792 at 2022-10-26T22:11:53.000000Z| sql_error_code = 28000 LOG:  x"},
	{"heroku's PostgreSQL, the second part", "2022-10-26T22:11:53.000000+00:00 app[postgres.26792]: [DATABASE] [7-2]  sql_error_code = 28000 DETAIL:  x",
	 "export by DATABASE/app pid 26792 at 2022-10-26T22:11:53.000000Z continues| sql_error_code = 28000 DETAIL:  x"},
	/* aws-cli v2: awscli/customizations/logs/tail.py: isoformat() of a stamp in ms, the stream, the message */
	{"aws logs tail", "2026-11-22T11:15:12.836000+00:00 ecs/app/0123 hello", "export by ecs/app/0123 at 2026-11-22T11:15:12.836000Z|hello"},
	{"aws logs tail of a whole second", "2026-11-22T11:15:12+00:00 2026/11/22/[$LATEST]0123 hello",
	 "export by 2026/11/22/[$LATEST]0123 at 2026-11-22T11:15:12.000000Z|hello"},
	{"aws logs tail of RDS", "2026-11-22T11:15:12.836000+00:00 shop-db.0 2026-11-22 11:15:12 UTC::@:[12]:LOG:  x",
	 "export by shop-db.0 at 2026-11-22T11:15:12.836000Z|2026-11-22 11:15:12 UTC::@:[12]:LOG:  x"},
	{"CloudWatch's export to S3", "2026-11-22T11:15:12.836Z 2026-11-22 11:15:12 UTC::@:[12]:LOG:  x",
	 "export at 2026-11-22T11:15:12.836000Z|2026-11-22 11:15:12 UTC::@:[12]:LOG:  x"},
	{"a program that prints milliseconds", "2026-11-22T11:15:12.836Z hello", "!|2026-11-22T11:15:12.836Z hello"},
	/* stern: cmd/cmd.go: "{{.PodName}} {{.ContainerName}} {{.Message}}" */
	{"stern", "shop-7d9f8b6c5d-x2x4z app hello", "export by shop-7d9f8b6c5d-x2x4z/app|hello"},
	{"a name that Kubernetes does not make", "shop-7d9f8a6c5d-x2x4z app hello", "!|shop-7d9f8a6c5d-x2x4z app hello"},
	{"kubectl get pods", "shop-7d9f8b6c5d-x2x4z   1/1     Running", "!|shop-7d9f8b6c5d-x2x4z   1/1     Running"},
	/* ECMA-48, 5.4 and 5.6 */
	{"colours alone carry nothing", "\x1B[32mINFO\x1B[0m x", "!ansi|INFO x"},
	{"256 colours", "\x1B[38;5;12mINFO\x1B[39;49m x", "!ansi|INFO x"},
	{"a link in a terminal", "\x1B]8;;http://a/\x1B\\x\x1B]8;;\x1B\\ y", "!ansi|x y"},
	{"a window's title", "\x1B]0;title\ax", "!ansi|x"},
	{"a character set", "\x1B(Bx", "!ansi|x"},
	{"a sequence that is cut", "x\x1B[38;5", "!ansi|x"},
	{"a lonely escape", "x\x1B", "!ansi|x"},
	{"UTF-8 behind an escape stays", "\x1B\xC3\xA9", "!ansi|\xC3\xA9"},
};

int main(void)
{
	carriers_rows(rows, sizeof rows / sizeof *rows);
	return unit_done();
}
