#include "carry/carrierjson.h"

#include "carriers.h"

static const struct carriers_row rows[] = {
	/* docs.docker.com, "JSON File logging driver"; the line end is the program's */
	{"docker",
	 "{\"log\":\"a \\\"b\\\"\\u003c\\n\",\"stream\":\"stderr\",\"time\":\"2026-11-22T11:15:12.836123456Z\"}",
	 "docker stderr at 2026-11-22T11:15:12.836123Z|a \"b\"<"},
	{"docker, a line end of Windows",
	 "{\"log\":\"a\\r\\n\",\"stream\":\"stdout\",\"time\":\"2026-11-22T11:15:12Z\"}",
	 "docker stdout at 2026-11-22T11:15:12.000000Z|a"},
	{"docker with attributes, and a line that it cut",
	 "{\"log\":\"abc\",\"stream\":\"stdout\",\"attrs\":{\"tag\":\"}\"},\"time\":\"2026-11-22T11:15:12Z\"}",
	 "docker stdout at 2026-11-22T11:15:12.000000Z partial|abc"},
	{"docker, sorted keys and blanks between",
	 "{\"time\": \"2026-11-22T11:15:12.836123456Z\", \"stream\": \"stdout\", \"log\": \"\\u00e9 \\ud83d\\ude00\\n\"}",
	 "docker stdout at 2026-11-22T11:15:12.836123Z|\xC3\xA9 \xF0\x9F\x98\x80"},
	{"docker, an empty line",
	 "{\"log\":\"\\n\",\"stream\":\"stdout\",\"time\":\"2026-11-22T11:15:12Z\"}",
	 "docker stdout at 2026-11-22T11:15:12.000000Z|"},
	{"an application that has a log, too",
	 "{\"log\":\"x\\n\",\"stream\":\"stdout\",\"time\":\"2026-11-22T11:15:12Z\",\"level\":\"info\"}",
	 "!|{\"log\":\"x\\n\",\"stream\":\"stdout\",\"time\":\"2026-11-22T11:15:12Z\",\"level\":\"info\"}"},
	{"another stream is none of docker's",
	 "{\"log\":\"x\\n\",\"stream\":\"orders\",\"time\":\"2026-11-22T11:15:12Z\"}",
	 "!|{\"log\":\"x\\n\",\"stream\":\"orders\",\"time\":\"2026-11-22T11:15:12Z\"}"},
	{"something behind the object",
	 "{\"log\":\"x\\n\",\"stream\":\"stdout\",\"time\":\"2026-11-22T11:15:12Z\"} x",
	 "!|{\"log\":\"x\\n\",\"stream\":\"stdout\",\"time\":\"2026-11-22T11:15:12Z\"} x"},
	{"an object that does not end",
	 "{\"log\":\"x\\n\",\"stream\":\"stdout\",\"time\":\"2026-11-22T11:15:12Z\"",
	 "!|{\"log\":\"x\\n\",\"stream\":\"stdout\",\"time\":\"2026-11-22T11:15:12Z\""},
	/* journalctl -o json, of systemd 252; the same entries in its short forms are in test_syslog.c */
	{"journal",
	 "{\"__CURSOR\":\"s=a0;i=3\",\"__REALTIME_TIMESTAMP\":\"1795376766498981\",\"_SOURCE_REALTIME_TIMESTAMP\":\"1795376766498951\",\"MESSAGE\":\"p"
	 "lain text\",\"PRIORITY\":\"3\",\"SYSLOG_FACILITY\":\"16\",\"SYSLOG_IDENTIFIER\":\"shop\",\"_PID\":\"77\",\"_HOSTNAME\":\"vm\",\"_COMM\":\"lo"
	 "gger\",\"_TRANSPORT\":\"syslog\"}",
	 "journal by vm/shop pid 77 at 2026-11-22T19:46:06.498951Z ERROR|plain text"},
	{"journal, of the kernel: no source time, no pid",
	 "{\"__CURSOR\":\"s=a0;i=3\",\"__REALTIME_TIMESTAMP\":\"1795376766498981\",\"MESSAGE\":\"plain text\",\"PRIORITY\":\"6\",\"SYSLOG_FACILITY\":"
	 "\"16\",\"SYSLOG_IDENTIFIER\":\"kernel\",\"_HOSTNAME\":\"vm\",\"_COMM\":\"logger\",\"_TRANSPORT\":\"syslog\"}",
	 "journal by vm/kernel at 2026-11-22T19:46:06.498981Z INFO|plain text"},
	{"journal, no identifier",
	 "{\"__CURSOR\":\"s=a0;i=3\",\"__REALTIME_TIMESTAMP\":\"1795376766498981\",\"_SOURCE_REALTIME_TIMESTAMP\":\"1795376766498951\",\"MESSAGE\":\"p"
	 "lain text\",\"PRIORITY\":\"7\",\"SYSLOG_FACILITY\":\"16\",\"_PID\":\"77\",\"_HOSTNAME\":\"vm\",\"_COMM\":\"logger\",\"_TRANSPORT\":\"syslog"
	 "\"}",
	 "journal by vm/logger pid 77 at 2026-11-22T19:46:06.498951Z DEBUG|plain text"},
	{"journal, bytes",
	 "{\"__CURSOR\":\"s=a0;i=3\",\"__REALTIME_TIMESTAMP\":\"1795376766498981\",\"_SOURCE_REALTIME_TIMESTAMP\":\"1795376766498951\",\"MESSAGE\":[99"
	 ",97,102,233,32,27,91,51,49,109,114,101,100,27,91,48,109],\"PRIORITY\":\"3\",\"SYSLOG_FACILITY\":\"16\",\"SYSLOG_IDENTIFIER\":\"shop\",\"_PID"
	 "\":\"77\",\"_HOSTNAME\":\"vm\",\"_COMM\":\"logger\",\"_TRANSPORT\":\"syslog\"}",
	 "journal>ansi by vm/shop pid 77 at 2026-11-22T19:46:06.498951Z ERROR|caf\xE9 red"},
	{"journal, no bytes",
	 "{\"__CURSOR\":\"s=a0;i=3\",\"__REALTIME_TIMESTAMP\":\"1795376766498981\",\"_SOURCE_REALTIME_TIMESTAMP\":\"1795376766498951\",\"MESSAGE\":[],"
	 "\"PRIORITY\":\"3\",\"SYSLOG_FACILITY\":\"16\",\"SYSLOG_IDENTIFIER\":\"shop\",\"_PID\":\"77\",\"_HOSTNAME\":\"vm\",\"_COMM\":\"logger\",\"_TR"
	 "ANSPORT\":\"syslog\"}",
	 "journal by vm/shop pid 77 at 2026-11-22T19:46:06.498951Z ERROR|"},
	{"journal, numbers that are no bytes",
	 "{\"__CURSOR\":\"s=a0;i=3\",\"__REALTIME_TIMESTAMP\":\"1795376766498981\",\"_SOURCE_REALTIME_TIMESTAMP\":\"1795376766498951\",\"MESSAGE\":[25"
	 "6],\"PRIORITY\":\"3\",\"SYSLOG_FACILITY\":\"16\",\"SYSLOG_IDENTIFIER\":\"shop\",\"_PID\":\"77\",\"_HOSTNAME\":\"vm\",\"_COMM\":\"logger\","
	 "\"_TRANSPORT\":\"syslog\"}",
	 "!|{\"__CURSOR\":\"s=a0;i=3\",\"__REALTIME_TIMESTAMP\":\"1795376766498981\",\"_SOURCE_REALTIME_TIMESTAMP\":\"1795376766498951\",\"MESSAGE\":["
	 "256],\"PRIORITY\":\"3\",\"SYSLOG_FACILITY\":\"16\",\"SYSLOG_IDENTIFIER\":\"shop\",\"_PID\":\"77\",\"_HOSTNAME\":\"vm\",\"_COMM\":\"logger\","
	 "\"_TRANSPORT\":\"syslog\"}"},
	{"journal, a message that is too long is null",
	 "{\"__CURSOR\":\"s=a0;i=3\",\"__REALTIME_TIMESTAMP\":\"1795376766498981\",\"_SOURCE_REALTIME_TIMESTAMP\":\"1795376766498951\",\"MESSAGE\":nul"
	 "l,\"PRIORITY\":\"3\",\"SYSLOG_FACILITY\":\"16\",\"SYSLOG_IDENTIFIER\":\"shop\",\"_PID\":\"77\",\"_HOSTNAME\":\"vm\",\"_COMM\":\"logger\",\"_"
	 "TRANSPORT\":\"syslog\"}",
	 "journal by vm/shop pid 77 at 2026-11-22T19:46:06.498951Z ERROR|"},
	{"journal, several values: the last",
	 "{\"__CURSOR\":\"s=a0;i=3\",\"__REALTIME_TIMESTAMP\":\"1795376766498981\",\"_SOURCE_REALTIME_TIMESTAMP\":\"1795376766498951\",\"MESSAGE\":["
	 "\"a\",\"b\"],\"PRIORITY\":\"3\",\"SYSLOG_FACILITY\":\"16\",\"SYSLOG_IDENTIFIER\":[\"one\",\"two\"],\"_PID\":\"77\",\"_HOSTNAME\":\"vm\",\"_C"
	 "OMM\":\"logger\",\"_TRANSPORT\":\"syslog\"}",
	 "journal by vm/two pid 77 at 2026-11-22T19:46:06.498951Z ERROR|b"},
	{"journal, a container",
	 "{\"__CURSOR\":\"s=a0;i=3\",\"__REALTIME_TIMESTAMP\":\"1795376766498981\",\"_SOURCE_REALTIME_TIMESTAMP\":\"1795376766498951\",\"MESSAGE\":\"p"
	 "lain text\",\"PRIORITY\":\"3\",\"SYSLOG_FACILITY\":\"16\",\"SYSLOG_IDENTIFIER\":\"0a1b\",\"_PID\":\"77\",\"_HOSTNAME\":\"vm\",\"_COMM\":\"lo"
	 "gger\",\"_TRANSPORT\":\"syslog\",\"CONTAINER_NAME\":\"web\",\"CONTAINER_PARTIAL_MESSAGE\":\"true\"}",
	 "journal by vm/web/0a1b pid 77 at 2026-11-22T19:46:06.498951Z ERROR partial|plain text"},
	{"journal, a line that journald cut",
	 "{\"__CURSOR\":\"s=a0;i=3\",\"__REALTIME_TIMESTAMP\":\"1795376766498981\",\"_SOURCE_REALTIME_TIMESTAMP\":\"1795376766498951\",\"MESSAGE\":\"p"
	 "lain text\",\"PRIORITY\":\"3\",\"SYSLOG_FACILITY\":\"16\",\"SYSLOG_IDENTIFIER\":\"shop\",\"_PID\":\"77\",\"_HOSTNAME\":\"vm\",\"_COMM\":\"lo"
	 "gger\",\"_TRANSPORT\":\"syslog\",\"_LINE_BREAK\":\"line-max\"}",
	 "journal by vm/shop pid 77 at 2026-11-22T19:46:06.498951Z ERROR partial|plain text"},
	{"journal, PostgreSQL's parts",
	 "{\"__CURSOR\":\"s=a0;i=3\",\"__REALTIME_TIMESTAMP\":\"1795376766498981\",\"_SOURCE_REALTIME_TIMESTAMP\":\"1795376766498951\",\"MESSAGE\":\"["
	 "3-2] \\twhere x\",\"PRIORITY\":\"3\",\"SYSLOG_FACILITY\":\"16\",\"SYSLOG_IDENTIFIER\":\"postgres\",\"_PID\":\"77\",\"_HOSTNAME\":\"vm\",\"_C"
	 "OMM\":\"logger\",\"_TRANSPORT\":\"syslog\"}",
	 "journal by vm/postgres pid 77 at 2026-11-22T19:46:06.498951Z ERROR continues|\x09where x"},
	{"json-seq (RFC 7464)",
	 "\x1E{\"__CURSOR\": \"s=a0;i=3\", \"__REALTIME_TIMESTAMP\": \"1795376766498981\", \"_SOURCE_REALTIME_TIMESTAMP\": \"1795376766498951\", \"MES"
	 "SAGE\": \"plain text\", \"PRIORITY\": \"3\", \"SYSLOG_FACILITY\": \"16\", \"SYSLOG_IDENTIFIER\": \"shop\", \"_PID\": \"77\", \"_HOSTNAME\": "
	 "\"vm\", \"_COMM\": \"logger\", \"_TRANSPORT\": \"syslog\"}",
	 "journal by vm/shop pid 77 at 2026-11-22T19:46:06.498951Z ERROR|plain text"},
	{"json-sse",
	 "data: {\"__CURSOR\": \"s=a0;i=3\", \"__REALTIME_TIMESTAMP\": \"1795376766498981\", \"_SOURCE_REALTIME_TIMESTAMP\": \"1795376766498951\", \"M"
	 "ESSAGE\": \"plain text\", \"PRIORITY\": \"3\", \"SYSLOG_FACILITY\": \"16\", \"SYSLOG_IDENTIFIER\": \"shop\", \"_PID\": \"77\", \"_HOSTNAME"
	 "\": \"vm\", \"_COMM\": \"logger\", \"_TRANSPORT\": \"syslog\"}",
	 "journal by vm/shop pid 77 at 2026-11-22T19:46:06.498951Z ERROR|plain text"},
	{"an event stream of another kind",
	 "data: {\"a\":1}",
	 "!|data: {\"a\":1}"},
	{"a time that is none",
	 "{\"__CURSOR\":\"s=a0;i=3\",\"__REALTIME_TIMESTAMP\":\"17\",\"MESSAGE\":\"plain text\",\"PRIORITY\":\"3\",\"SYSLOG_FACILITY\":\"16\",\"SYSLOG"
	 "_IDENTIFIER\":\"shop\",\"_PID\":\"77\",\"_HOSTNAME\":\"vm\",\"_COMM\":\"logger\",\"_TRANSPORT\":\"syslog\"}",
	 "!|{\"__CURSOR\":\"s=a0;i=3\",\"__REALTIME_TIMESTAMP\":\"17\",\"MESSAGE\":\"plain text\",\"PRIORITY\":\"3\",\"SYSLOG_FACILITY\":\"16\",\"SYSL"
	 "OG_IDENTIFIER\":\"shop\",\"_PID\":\"77\",\"_HOSTNAME\":\"vm\",\"_COMM\":\"logger\",\"_TRANSPORT\":\"syslog\"}"},
	/* cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry */
	{"Google Cloud Logging, a container",
	 "{\"insertId\":\"1x\",\"labels\":{\"k8s-pod/app\":\"shop\"},\"logName\":\"projects/p/logs/stderr\",\"receiveTimestamp\":\"2026-11-22T11:15:14"
	 "Z\",\"resource\":{\"labels\":{\"cluster_name\":\"c\",\"container_name\":\"app\",\"namespace_name\":\"prod\",\"pod_name\":\"shop-7d9f\"},\"ty"
	 "pe\":\"k8s_container\"},\"severity\":\"ERROR\",\"textPayload\":\"boom \\\"x\\\"\\n\",\"timestamp\":\"2026-11-22T11:15:12.836123456Z\"}",
	 "export by shop-7d9f/app stderr at 2026-11-22T11:15:12.836123Z ERROR|boom \"x\""},
	{"Google Cloud SQL",
	 "{\"textPayload\":\"2026-11-22 11:15:12.836 UTC [12]: [1-1] db=,user= LOG:  x\",\"insertId\":\"s=1\",\"resource\":{\"type\":\"cloudsql_databa"
	 "se\",\"labels\":{\"region\":\"r\",\"project_id\":\"p\",\"database_id\":\"p:shop-db\"}},\"timestamp\":\"2026-11-22T11:15:12.836123Z\",\"sever"
	 "ity\":\"INFO\",\"logName\":\"projects/p/logs/cloudsql.googleapis.com%2Fpostgres.log\"}",
	 "export by p:shop-db at 2026-11-22T11:15:12.836123Z INFO|2026-11-22 11:15:12.836 UTC [12]: [1-1] db=,user= LOG:  x"},
	{"Google, a structured message",
	 "{\"insertId\":\"1x\",\"jsonPayload\":{\"message\":\"slow\",\"ms\":3},\"logName\":\"projects/p/logs/x\",\"timestamp\":\"2026-11-22T11:15:12Z\"}",
	 "export at 2026-11-22T11:15:12.000000Z|slow"},
	{"Google, an object of the application's",
	 "{\"insertId\":\"1x\",\"jsonPayload\":{\"level\":30,\"msg\":\"slow\"},\"logName\":\"projects/p/logs/x\",\"timestamp\":\"2026-11-22T11:15:12Z\"}",
	 "export at 2026-11-22T11:15:12.000000Z|{\"level\":30,\"msg\":\"slow\"}"},
	/* docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference: FilteredLogEvent, OutputLogEvent */
	{"CloudWatch, filter-log-events",
	 "{\"logStreamName\":\"shop-db.0\",\"timestamp\":1795346112836,\"message\":\"2026-11-22 11:15:12 UTC::@:[12]:LOG:  x\",\"ingestionTime\":17953"
	 "46113000,\"eventId\":\"3\"}",
	 "export by shop-db.0 at 2026-11-22T11:15:12.836000Z|2026-11-22 11:15:12 UTC::@:[12]:LOG:  x"},
	{"CloudWatch, get-log-events",
	 "{\"timestamp\":1795346112836,\"message\":\"x\\n\",\"ingestionTime\":1795346113000}",
	 "export at 2026-11-22T11:15:12.836000Z|x"},
	{"CloudWatch Insights",
	 "{\"@timestamp\":\"2026-11-22 11:15:12.836\",\"@message\":\"x\",\"@logStream\":\"ecs/app/1\",\"@ptr\":\"Cn\"}",
	 "export by ecs/app/1 at 2026-11-22T11:15:12.836000Z|x"},
	{"a subscription, one event",
	 "{\"messageType\":\"DATA_MESSAGE\",\"owner\":\"1\",\"logGroup\":\"g\",\"logStream\":\"s1\",\"subscriptionFilters\":[\"f\"],\"logEvents\":[{"
	 "\"id\":\"3\",\"timestamp\":1795346112836,\"message\":\"x\"}]}",
	 "export by s1 at 2026-11-22T11:15:12.836000Z|x"},
	{"a subscription, two events: a line is one text",
	 "{\"messageType\":\"DATA_MESSAGE\",\"owner\":\"1\",\"logGroup\":\"g\",\"logStream\":\"s1\",\"subscriptionFilters\":[\"f\"],\"logEvents\":[{"
	 "\"id\":\"3\",\"timestamp\":1795346112836,\"message\":\"x\"},{\"id\":\"4\",\"timestamp\":1795346112837,\"message\":\"y\"}]}",
	 "!|{\"messageType\":\"DATA_MESSAGE\",\"owner\":\"1\",\"logGroup\":\"g\",\"logStream\":\"s1\",\"subscriptionFilters\":[\"f\"],\"logEvents\":[{"
	 "\"id\":\"3\",\"timestamp\":1795346112836,\"message\":\"x\"},{\"id\":\"4\",\"timestamp\":1795346112837,\"message\":\"y\"}]}"},
	/* docs.fluentbit.io/manual/pipeline/filters/kubernetes */
	{"Fluent Bit",
	 "{\"time\":\"2026-11-22T11:15:12.836123456Z\",\"stream\":\"stderr\",\"_p\":\"F\",\"log\":\"hello\",\"kubernetes\":{\"pod_name\":\"shop-7d9f"
	 "\",\"namespace_name\":\"prod\",\"container_name\":\"app\",\"labels\":{\"app\":\"shop\"}}}",
	 "export by shop-7d9f/app stderr at 2026-11-22T11:15:12.836123Z|hello"},
	{"Fluent Bit, a part",
	 "{\"date\":1795346112.836123,\"stream\":\"stdout\",\"logtag\":\"P\",\"log\":\"hello\",\"kubernetes\":{\"pod_name\":\"shop-7d9f\",\"container_"
	 "name\":\"app\"}}",
	 "export by shop-7d9f/app stdout at 2026-11-22T11:15:12.836123Z partial|hello"},
	{"Fluentd, Docker's driver",
	 "{\"container_id\":\"0a1b\",\"container_name\":\"/web\",\"source\":\"stdout\",\"log\":\"hello\"}",
	 "export by web stdout|hello"},
	{"Fluentd, the message of OpenShift",
	 "{\"@timestamp\":\"2026-11-22T11:15:12.836123Z\",\"message\":\"hello\",\"kubernetes\":{\"pod_name\":\"shop-7d9f\",\"container_name\":\"app\"}"
	 ",\"level\":\"info\",\"hostname\":\"n1\"}",
	 "export by shop-7d9f/app at 2026-11-22T11:15:12.836123Z|hello"},
	/* elastic.co/guide/en/beats/filebeat: exported fields */
	{"Filebeat",
	 "{\"@timestamp\":\"2026-11-22T11:15:12.836Z\",\"@metadata\":{\"beat\":\"filebeat\",\"type\":\"_doc\",\"version\":\"8.11.0\"},\"message\":\"he"
	 "llo\",\"log\":{\"offset\":123,\"file\":{\"path\":\"/var/log/x\"}},\"input\":{\"type\":\"filestream\"},\"host\":{\"name\":\"web1\"},\"agent"
	 "\":{\"type\":\"filebeat\",\"version\":\"8.11.0\",\"ephemeral_id\":\"e\",\"id\":\"i\"},\"ecs\":{\"version\":\"8.0.0\"}}",
	 "export by web1 at 2026-11-22T11:15:12.836000Z|hello"},
	{"Filebeat, a pod",
	 "{\"@timestamp\":\"2026-11-22T11:15:12.836Z\",\"stream\":\"stdout\",\"message\":\"hello\",\"input\":{\"type\":\"container\"},\"kubernetes\":{"
	 "\"pod\":{\"name\":\"shop-7d9f\"},\"container\":{\"name\":\"app\"},\"namespace\":\"prod\"},\"agent\":{\"type\":\"filebeat\",\"ephemeral_id\":"
	 "\"e\"}}",
	 "export by shop-7d9f/app stdout at 2026-11-22T11:15:12.836000Z|hello"},
	{"Filebeat, dotted",
	 "{\"@timestamp\":\"2026-11-22T11:15:12.836Z\",\"message\":\"hello\",\"log.offset\":1,\"log.file.path\":\"/x\",\"host.name\":\"web1\"}",
	 "export by web1 at 2026-11-22T11:15:12.836000Z|hello"},
	/* vector.dev/docs/reference/configuration/sources */
	{"Vector, a file",
	 "{\"file\":\"/var/log/x\",\"host\":\"web1\",\"message\":\"hello\",\"source_type\":\"file\",\"timestamp\":\"2026-11-22T11:15:12.836123456Z\"}",
	 "export by web1 at 2026-11-22T11:15:12.836123Z|hello"},
	{"Vector, a pod",
	 "{\"file\":\"/var/log/pods/x\",\"kubernetes\":{\"container_name\":\"app\",\"pod_name\":\"shop-7d9f\",\"pod_namespace\":\"prod\"},\"message\":"
	 "\"hello\",\"source_type\":\"kubernetes_logs\",\"stream\":\"stderr\",\"timestamp\":\"2026-11-22T11:15:12.836123456Z\"}",
	 "export by shop-7d9f/app stderr at 2026-11-22T11:15:12.836123Z|hello"},
	{"Vector, syslog",
	 "{\"appname\":\"su\",\"facility\":\"auth\",\"host\":\"h\",\"hostname\":\"h\",\"message\":\"hello\",\"procid\":77,\"severity\":\"crit\",\"sour"
	 "ce_type\":\"syslog\",\"timestamp\":\"2026-11-22T11:15:12.003Z\",\"version\":1}",
	 "export by h/su pid 77 at 2026-11-22T11:15:12.003000Z ERROR2|hello"},
	/* grafana/loki: pkg/logcli/output/jsonl.go */
	{"Loki",
	 "{\"labels\":{\"container\":\"app\",\"namespace\":\"prod\",\"pod\":\"shop-7d9f\",\"stream\":\"stderr\"},\"line\":\"hello\",\"timestamp\":\"20"
	 "26-11-22T11:15:12.836123456Z\"}",
	 "export by shop-7d9f/app stderr at 2026-11-22T11:15:12.836123Z|hello"},
	{"Grafana's download",
	 "{\"line\":\"hello\",\"timestamp\":\"1795346112836123456\",\"date\":\"2026-11-22T11:15:12.836Z\",\"fields\":{\"job\":\"shop\",\"hostname\":\"web1\"}}",
	 "export by web1/shop at 2026-11-22T11:15:12.836123Z|hello"},
	{"an application with a line and labels",
	 "{\"labels\":{},\"line\":\"hello\",\"timestamp\":\"2026-11-22T11:15:12Z\",\"level\":\"info\"}",
	 "!|{\"labels\":{},\"line\":\"hello\",\"timestamp\":\"2026-11-22T11:15:12Z\",\"level\":\"info\"}"},
	/* docs.datadoghq.com/logs/log_configuration/archives */
	{"Datadog, an archive",
	 "{\"_id\":\"AY\",\"date\":\"2026-11-22T11:15:12.836Z\",\"host\":\"web1\",\"source\":\"nginx\",\"service\":\"shop\",\"status\":\"error\",\"mes"
	 "sage\":\"hello\",\"tags\":[\"env:prod\"],\"attributes\":{\"a\":1}}",
	 "export by web1/shop at 2026-11-22T11:15:12.836000Z ERROR|hello"},
	{"Datadog, the API",
	 "{\"id\":\"AY\",\"type\":\"log\",\"attributes\":{\"timestamp\":\"2026-11-22T11:15:12.836Z\",\"host\":\"web1\",\"service\":\"shop\",\"status"
	 "\":\"info\",\"tags\":[\"a\"],\"message\":\"hello\",\"attributes\":{}}}",
	 "export by web1/shop at 2026-11-22T11:15:12.836000Z INFO|hello"},
	/* learn.microsoft.com/azure/azure-monitor/reference/tables/containerlogv2 */
	{"Azure",
	 "{\"TimeGenerated\":\"2026-11-22T11:15:12.836Z\",\"PodName\":\"shop-7d9f\",\"ContainerName\":\"app\",\"LogMessage\":\"hello\",\"LogSource\":"
	 "\"stderr\"}",
	 "export by shop-7d9f/app stderr at 2026-11-22T11:15:12.836000Z|hello"},
	{"Splunk",
	 "{\"preview\":false,\"offset\":0,\"result\":{\"_raw\":\"hello\",\"_time\":\"2026-11-22T11:15:12.836+00:00\",\"host\":\"web1\",\"source\":\"/v"
	 "ar/log/x\",\"sourcetype\":\"y\"}}",
	 "export by web1//var/log/x at 2026-11-22T11:15:12.836000Z|hello"},
	{"stern -o json",
	 "{\"message\":\"hello\",\"nodeName\":\"n\",\"namespace\":\"prod\",\"podName\":\"shop-7d9f\",\"containerName\":\"app\"}",
	 "export by shop-7d9f/app|hello"},
	{"a hit of Elasticsearch, and what shipped it",
	 "{\"_index\":\"x\",\"_id\":\"y\",\"_source\":{\"@timestamp\":\"2026-11-22T11:15:12.836Z\",\"message\":\"hello\",\"log\":{\"offset\":1},\"host"
	 "\":{\"name\":\"web1\"}}}",
	 "export>export by web1 at 2026-11-22T11:15:12.836000Z|hello"},
	/* Programs' own lines: getpino.io, pkg.go.dev/go.uber.org/zap, ecs-logging, logstash-logback-encoder, structlog, log/slog, nginx */
	{"pino",
	 "{\"level\":30,\"time\":1795346112836,\"pid\":1,\"hostname\":\"web1\",\"msg\":\"hello\"}",
	 "!|{\"level\":30,\"time\":1795346112836,\"pid\":1,\"hostname\":\"web1\",\"msg\":\"hello\"}"},
	{"zap",
	 "{\"level\":\"info\",\"ts\":1795346112.836,\"caller\":\"a.go:1\",\"msg\":\"hello\"}",
	 "!|{\"level\":\"info\",\"ts\":1795346112.836,\"caller\":\"a.go:1\",\"msg\":\"hello\"}"},
	{"zap, after the clouds",
	 "{\"severity\":\"INFO\",\"timestamp\":\"2026-11-22T11:15:12Z\",\"message\":\"hello\"}",
	 "!|{\"severity\":\"INFO\",\"timestamp\":\"2026-11-22T11:15:12Z\",\"message\":\"hello\"}"},
	{"an ECS logger",
	 "{\"@timestamp\":\"2026-11-22T11:15:12.836Z\",\"log.level\":\"info\",\"message\":\"hello\",\"ecs.version\":\"1.6.0\",\"log.logger\":\"a\",\"p"
	 "rocess.thread.name\":\"main\"}",
	 "!|{\"@timestamp\":\"2026-11-22T11:15:12.836Z\",\"log.level\":\"info\",\"message\":\"hello\",\"ecs.version\":\"1.6.0\",\"log.logger\":\"a\","
	 "\"process.thread.name\":\"main\"}"},
	{"an ECS logger, nested",
	 "{\"@timestamp\":\"2026-11-22T11:15:12.836Z\",\"message\":\"hello\",\"ecs\":{\"version\":\"1.6.0\"},\"log\":{\"level\":\"info\",\"logger\":"
	 "\"a\",\"origin\":{\"file\":{\"name\":\"a.py\",\"line\":1}}}}",
	 "!|{\"@timestamp\":\"2026-11-22T11:15:12.836Z\",\"message\":\"hello\",\"ecs\":{\"version\":\"1.6.0\"},\"log\":{\"level\":\"info\",\"logger\":"
	 "\"a\",\"origin\":{\"file\":{\"name\":\"a.py\",\"line\":1}}}}"},
	{"Elasticsearch itself",
	 "{\"@timestamp\":\"2026-11-22T11:15:12.836Z\",\"log.level\":\"INFO\",\"message\":\"hello\",\"ecs.version\":\"1.2.0\",\"service.name\":\"ES_EC"
	 "S\",\"event.dataset\":\"elasticsearch.server\"}",
	 "!|{\"@timestamp\":\"2026-11-22T11:15:12.836Z\",\"log.level\":\"INFO\",\"message\":\"hello\",\"ecs.version\":\"1.2.0\",\"service.name\":\"ES_"
	 "ECS\",\"event.dataset\":\"elasticsearch.server\"}"},
	{"logstash-logback-encoder",
	 "{\"@timestamp\":\"2026-11-22T11:15:12.836Z\",\"@version\":\"1\",\"message\":\"hello\",\"logger_name\":\"a\",\"thread_name\":\"main\",\"level"
	 "\":\"INFO\",\"level_value\":20000}",
	 "!|{\"@timestamp\":\"2026-11-22T11:15:12.836Z\",\"@version\":\"1\",\"message\":\"hello\",\"logger_name\":\"a\",\"thread_name\":\"main\",\"lev"
	 "el\":\"INFO\",\"level_value\":20000}"},
	{"structlog",
	 "{\"event\":\"hello\",\"timestamp\":\"2026-11-22T11:15:12Z\",\"level\":\"info\"}",
	 "!|{\"event\":\"hello\",\"timestamp\":\"2026-11-22T11:15:12Z\",\"level\":\"info\"}"},
	{"log/slog",
	 "{\"time\":\"2026-11-22T11:15:12Z\",\"level\":\"INFO\",\"msg\":\"hello\"}",
	 "!|{\"time\":\"2026-11-22T11:15:12Z\",\"level\":\"INFO\",\"msg\":\"hello\"}"},
	{"an access log",
	 "{\"time\":\"2026-11-22T11:15:12Z\",\"host\":\"web1\",\"status\":200,\"request\":\"GET / HTTP/1.1\"}",
	 "!|{\"time\":\"2026-11-22T11:15:12Z\",\"host\":\"web1\",\"status\":200,\"request\":\"GET / HTTP/1.1\"}"},
	{"a message with a host, a time and tags",
	 "{\"timestamp\":\"2026-11-22T11:15:12Z\",\"message\":\"hello\",\"host\":\"web1\",\"service\":\"shop\",\"status\":\"ok\",\"tags\":[\"a\"]}",
	 "!|{\"timestamp\":\"2026-11-22T11:15:12Z\",\"message\":\"hello\",\"host\":\"web1\",\"service\":\"shop\",\"status\":\"ok\",\"tags\":[\"a\"]}"},
	{"PostgreSQL's jsonlog",
	 "{\"timestamp\":\"2026-11-22 11:15:12.836 UTC\",\"pid\":12,\"session_id\":\"a.b\",\"line_num\":1,\"error_severity\":\"LOG\",\"message\":\"hel"
	 "lo\",\"backend_type\":\"postmaster\"}",
	 "!|{\"timestamp\":\"2026-11-22 11:15:12.836 UTC\",\"pid\":12,\"session_id\":\"a.b\",\"line_num\":1,\"error_severity\":\"LOG\",\"message\":\"h"
	 "ello\",\"backend_type\":\"postmaster\"}"},
	{"MongoDB",
	 "{\"t\":{\"$date\":\"2026-11-22T11:15:12.836+00:00\"},\"s\":\"I\",\"c\":\"NETWORK\",\"id\":22943,\"ctx\":\"listener\",\"msg\":\"Connection ac"
	 "cepted\"}",
	 "!|{\"t\":{\"$date\":\"2026-11-22T11:15:12.836+00:00\"},\"s\":\"I\",\"c\":\"NETWORK\",\"id\":22943,\"ctx\":\"listener\",\"msg\":\"Connection "
	 "accepted\"}"},
	{"Caddy",
	 "{\"level\":\"info\",\"ts\":1795346112.836,\"logger\":\"http.log.access\",\"msg\":\"handled request\",\"request\":{\"host\":\"a\"},\"status\":200}",
	 "!|{\"level\":\"info\",\"ts\":1795346112.836,\"logger\":\"http.log.access\",\"msg\":\"handled request\",\"request\":{\"host\":\"a\"},\"status\":200}"},
};

int main(void)
{
	carriers_rows(rows, sizeof rows / sizeof *rows);
	return unit_done();
}
