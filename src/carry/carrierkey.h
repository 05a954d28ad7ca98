/* carrierkey: the keys of JSON objects that carriers write.
 *
 * Takes  a key as printed.
 * Gives  which one it is.
 * Holds  nothing.
 * Never  compares with more than the few of the same length.
 */
#ifndef ONSET_CARRIERKEY_H
#define ONSET_CARRIERKEY_H

#include "base/text.h"

/* X(enum suffix, key), by length: the search counts on it. Some say nothing, but may stand before those that do. */
#define CARRIER_KEYS(X) \
	X(P, "_p") X(ID, "id") X(UNDERSCORE_ID, "_id") X(APP, "app") X(ECS, "ecs") X(ENV, "env") X(JOB, "job") \
	X(LOG, "log") X(POD, "pod") X(AT_LOG, "@log") X(AT_PTR, "@ptr") X(PID, "_PID") X(RAW, "_raw") \
	X(BEAT, "beat") X(DATE, "date") X(FILE, "file") X(HOST, "host") X(LINE, "line") X(NAME, "name") \
	X(NODE, "node") X(PATH, "path") X(TAGS, "tags") X(TIME, "time") X(TYPE, "type") \
	X(COMM, "_COMM") X(SPLUNK_TIME, "_time") X(AGENT, "agent") X(ATTRS, "attrs") X(CLOUD, "cloud") \
	X(EVENT, "event") X(INPUT, "input") X(OWNER, "owner") X(INDEX, "_index") \
	X(DDTAGS, "ddtags") X(DOCKER, "docker") X(FIELDS, "fields") X(LABELS, "labels") X(LOGTAG, "logtag") \
	X(OFFSET, "offset") X(PROCID, "procid") X(RESULT, "result") X(SOURCE, "source") \
	X(STATUS, "status") X(STREAM, "stream") X(JOURNAL_MESSAGE, "MESSAGE") X(AZURE_POD, "PodName") \
	X(UNDERSCORE_SOURCE, "_source") X(APPNAME, "appname") X(CLUSTER, "cluster") X(EVENT_ID, "eventId") \
	X(FILESET, "fileset") X(LOGNAME, "logName") X(MESSAGE, "message") X(POD_NAME_2, "podName") \
	X(PREVIEW, "preview") X(PROCESS, "process") X(SERVICE, "service") X(AT_MESSAGE, "@message") \
	X(VERSION, "@version") X(LOG_ENTRY, "LogEntry") X(PRIORITY, "PRIORITY") X(CURSOR, "__CURSOR") \
	X(DDSOURCE, "ddsource") X(FACILITY, "facility") X(HOSTNAME, "hostname") X(INSERT_ID, "insertId") \
	X(INSTANCE, "instance") X(LOG_GROUP, "logGroup") X(NODE_NAME, "nodeName") X(POD_NAME, "pod_name") \
	X(RESOURCE, "resource") X(SEVERITY, "severity") X(METADATA, "@metadata") X(LOG_SOURCE, "LogSource") \
	X(JOURNAL_HOST, "_HOSTNAME") X(CONTAINER, "container") X(HOST_NAME, "host.name") \
	X(LOG_EVENTS, "logEvents") X(LOG_STREAM, "logStream") X(NAMESPACE, "namespace") X(TIMESTAMP, "timestamp") \
	X(AT_LOG_STREAM, "@logStream") X(AT_TIMESTAMP, "@timestamp") X(LOG_MESSAGE, "LogMessage") \
	X(SYSLOG_PID, "SYSLOG_PID") X(TRANSPORT, "_TRANSPORT") X(AGENT_TYPE, "agent.type") \
	X(ATTRIBUTES, "attributes") X(INPUT_TYPE, "input.type") X(KUBERNETES, "kubernetes") \
	X(LOG_OFFSET, "log.offset") X(SOURCETYPE, "sourcetype") X(LINE_BREAK, "_LINE_BREAK") \
	X(DATABASE_ID, "database_id") X(HTTP_REQUEST, "httpRequest") X(INSTANCE_ID, "instance_id") \
	X(JSON_PAYLOAD, "jsonPayload") X(MESSAGE_TYPE, "messageType") X(SOURCE_TYPE, "source_type") \
	X(TEXT_PAYLOAD, "textPayload") X(DOTTED_CONTAINER_ID, "container.id") X(CONTAINER_ID, "container_id") \
	X(EPHEMERAL_ID, "ephemeral_id") X(ORCHESTRATOR, "orchestrator") X(SERVICE_NAME, "service_name") \
	X(AZURE_CONTAINER, "ContainerName") X(TIME_GENERATED, "TimeGenerated") \
	X(SYSTEMD_UNIT, "_SYSTEMD_UNIT") X(CONTAINER_NAME_2, "containerName") X(INGESTION_TIME, "ingestionTime") \
	X(LOG_FILE_PATH, "log.file.path") X(LOG_STREAM_NAME, "logStreamName") X(JOURNAL_CONTAINER, "CONTAINER_NAME") \
	X(LOG_ENTRY_SOURCE, "LogEntrySource") X(DOTTED_CONTAINER_NAME, "container.name") \
	X(CONTAINER_NAME, "container_name") X(NAMESPACE_NAME, "namespace_name") \
	X(SYSLOG_FACILITY, "SYSLOG_FACILITY") X(COMPOSE_SERVICE, "compose_service") \
	X(RECEIVE_TIMESTAMP, "receiveTimestamp") X(SYSLOG_IDENTIFIER, "SYSLOG_IDENTIFIER") \
	X(DOTTED_POD_NAME, "kubernetes.pod.name") X(SUBSCRIPTION_FILTERS, "subscriptionFilters") \
	X(REALTIME, "__REALTIME_TIMESTAMP") X(MONOTONIC, "__MONOTONIC_TIMESTAMP") \
	X(CONTAINER_PARTIAL, "CONTAINER_PARTIAL_MESSAGE") X(DOTTED_CONTAINER, "kubernetes.container.name") \
	X(SOURCE_REALTIME, "_SOURCE_REALTIME_TIMESTAMP")

enum carrier_key {
	CARRIER_KEY_UNKNOWN,
#define X(suffix, key) CARRIER_KEY_##suffix,
	CARRIER_KEYS(X)
#undef X
	CARRIER_KEY_COUNT
};

/* CARRIER_KEY_UNKNOWN for any other. */
enum carrier_key carrier_key_of(struct span key);

#endif
