/* carrierexport: objects that clouds and log shippers write, one a line, with the program's line inside.
 *
 * Takes  the members of a JSON object.
 * Gives  true, and one carrier more, where the object is of one of these shapes; else false and nothing changed.
 * Holds  nothing.
 * Never  takes an application's own JSON (pino, zap, logstash-encoder, structlog, ECS loggers) for one: "message" and a time
 *        are not enough, each shape asks for keys that only the shipper writes. Objects with several events are left alone:
 *        a line is one text.
 *
 *   Google Cloud Logging   LogEntry: "insertId" or "logName"; "textPayload", or "jsonPayload" (its "message", else the
 *                          object itself); resource.labels
 *   CloudWatch Logs        filter-log-events and get-log-events: "message", "timestamp" in ms, and "ingestionTime" or
 *                          "logStreamName"; Insights: "@message", "@timestamp" (UTC), "@ptr" or "@logStream"; a
 *                          subscription's record with one event in "logEvents"
 *   Fluent Bit, Fluentd    "log" or "message" beside "kubernetes" (pod_name, container_name), the Docker driver's
 *                          "container_id" and "container_name", or the CRI parser's "_p" or "logtag" (P: partial)
 *   Filebeat, Elastic Agent   "@timestamp", "message", and a Beat's "agent", "input" or "log" (offset, file.path), nested or
 *                             dotted
 *   Vector                 "source_type", "message", "timestamp"
 *   Loki                   "line", "timestamp", "labels" and nothing else (logcli -o jsonl); Grafana's download: "fields",
 *                          "date" too
 *   Datadog                archives: "_id", "date", "message", "attributes" or "tags", "status"; intake: "ddsource",
 *                          "ddtags", "message"; API: "attributes" in which those are
 *   Azure                  ContainerLogV2 "LogMessage", "PodName", "ContainerName"; ContainerLog "LogEntry",
 *                          "LogEntrySource"
 *   Splunk                 "result" with "_raw"
 *   stern -o json          "message", "nodeName", "namespace", "podName", "containerName"
 *   Elasticsearch          a hit: "_index", "_source" (an object, carried as it stands: what shipped it is looked for in it)
 */
#ifndef ONSET_CARRIEREXPORT_H
#define ONSET_CARRIEREXPORT_H

#include "carry/carrierjson.h"

bool carrierexport_unwrap(struct carried *c, const struct carrier_object *o, struct carrier_room *room,
			  struct stamp_cache *cache, struct extras *extras);

#endif
