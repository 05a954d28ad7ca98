#include "config/nginxformat.h"

#include "split/template.h"
#include "patterns.h"
#include "unit.h"

/* A line that nginx 1.22 wrote, and what the same request's values were: those of a second access_log of the same server with
 * escape=json, read by Python's json; of several upstreams the last. NULL: not in the format, or "-". */
struct written {
	const char *line;
	int status;
	const char *request, *agent, *upstream, *upstream_status;
};
struct format_lines {
	const char *format;
	struct written lines[3];
};

static const struct format_lines formats[] = {
	{"combined",
	 {
		 {"127.0.0.1 - - [22/Nov/2026:16:53:31 +0000] \"GET /a?b=c&d=%20e HTTP/1.1\" 200 5 \"https://x/ y\""
		  " \"Mozilla/5.0 (X11; Linux x86_64) \\x22quoted\\x22 \\x5Cback\\x5Cslash\"",
		  200, "GET /a?b=c&d=%20e HTTP/1.1",
		  "Mozilla/5.0 (X11; Linux x86_64) \"quoted\" \\back\\slash",
		  NULL, NULL},
		 {"127.0.0.1 - - [22/Nov/2026:16:53:31 +0000] \"GET /caf\\xC3\\xA9/\\xFF\\xFE HTTP/1.1\" 200 5 \"\\"
		  "xC3\" \"\\xE2\\x9C\\x93 caf\\xC3\\xA9 \\xFF bad\"",
		  200, "GET /caf\303\251/\377\376 HTTP/1.1",
		  "\342\234\223 caf\303\251 \377 bad",
		  NULL, NULL},
		 {"127.0.0.1 - - [22/Nov/2026:16:53:31 +0000] \"GET /x\\x22y\\x5Cz|w HTTP/1.1\" 200 5 \"a>b\" \"it'"
		  "s; a, b - c | d\\x09tab <x> (y) [z]\"",
		  200, "GET /x\"y\\z|w HTTP/1.1",
		  "it's; a, b - c | d\011tab <x> (y) [z]",
		  NULL, NULL},
	 }},
	{"$remote_addr $request $status $http_user_agent | $time_local",
	 {
		 {"127.0.0.1 GET /a?b=c&d=%20e HTTP/1.1 200 Mozilla/5.0 (X11; Linux x86_64) \\x22quoted\\x22 \\x5Cb"
		  "ack\\x5Cslash | 22/Nov/2026:16:53:31 +0000",
		  200, "GET /a?b=c&d=%20e HTTP/1.1",
		  "Mozilla/5.0 (X11; Linux x86_64) \"quoted\" \\back\\slash",
		  NULL, NULL},
		 {"127.0.0.1 GET /caf\\xC3\\xA9/\\xFF\\xFE HTTP/1.1 200 \\xE2\\x9C\\x93 caf\\xC3\\xA9 \\xFF bad | 2"
		  "2/Nov/2026:16:53:31 +0000",
		  200, "GET /caf\303\251/\377\376 HTTP/1.1",
		  "\342\234\223 caf\303\251 \377 bad",
		  NULL, NULL},
		 {"127.0.0.1 GET /x\\x22y\\x5Cz|w HTTP/1.1 200 it's; a, b - c | d\\x09tab <x> (y) [z] | 22/Nov/2026"
		  ":16:53:31 +0000",
		  200, "GET /x\"y\\z|w HTTP/1.1",
		  "it's; a, b - c | d\011tab <x> (y) [z]",
		  NULL, NULL},
	 }},
	{"[$time_local] $status $request_method $scheme://$host$request_uri $request_time",
	 {
		 {"[22/Nov/2026:16:53:31 +0000] 200 GET http://shop.example.test/a?b=c&d=%20e 0.000",
		  200, NULL,
		  NULL,
		  NULL, NULL},
		 {"[22/Nov/2026:16:53:31 +0000] 200 GET http://shop.example.test/caf\\xC3\\xA9/\\xFF\\xFE 0.000",
		  200, NULL,
		  NULL,
		  NULL, NULL},
		 {"[22/Nov/2026:16:53:31 +0000] 200 GET http://shop.example.test/x\\x22y\\x5Cz|w 0.000",
		  200, NULL,
		  NULL,
		  NULL, NULL},
	 }},
	{"$time_iso8601,$remote_addr,$status,$upstream_addr,$upstream_status,$request_time,\"$http_user_ag"
	 "ent\"",
	 {
		 {"2026-11-22T16:53:31+00:00,127.0.0.1,200,127.0.0.1:18941, 127.0.0.1:18942, 127.0.0.1:18943 : 127."
		  "0.0.1:18943,503, 502, 404 : 200,0.000,\"200 502 GET / HTTP/1.1 \\x22 404\"",
		  200, NULL,
		  "200 502 GET / HTTP/1.1 \" 404",
		  "127.0.0.1:18943", "200"},
		 {"2026-11-22T16:53:31+00:00,127.0.0.1,502,127.0.0.1:18942, 127.0.0.1:18944,502, 502,0.000,\"curl/7"
		  "\"",
		  502, NULL,
		  "curl/7",
		  "127.0.0.1:18944", "502"},
		 {"2026-11-22T16:53:31+00:00,127.0.0.1,502,dead,502,0.000,\"curl/7\"",
		  502, NULL,
		  "curl/7",
		  "dead", "502"},
	 }},
	{"$remote_addr:$remote_port [$time_local] \"$request\" $status",
	 {
		 {"127.0.0.1:56316 [22/Nov/2026:16:53:31 +0000] \"GET /a?b=c&d=%20e HTTP/1.1\" 200",
		  200, "GET /a?b=c&d=%20e HTTP/1.1",
		  NULL,
		  NULL, NULL},
		 {"127.0.0.1:56328 [22/Nov/2026:16:53:31 +0000] \"GET /caf\\xC3\\xA9/\\xFF\\xFE HTTP/1.1\" 200",
		  200, "GET /caf\303\251/\377\376 HTTP/1.1",
		  NULL,
		  NULL, NULL},
		 {"127.0.0.1:56330 [22/Nov/2026:16:53:31 +0000] \"GET /x\\x22y\\x5Cz|w HTTP/1.1\" 200",
		  200, "GET /x\"y\\z|w HTTP/1.1",
		  NULL,
		  NULL, NULL},
	 }},
	{"escape=none $remote_addr [$time_local] \"$request\" $status \"$http_user_agent\" \"$http_referer"
	 "\" $request_time",
	 {
		 {"127.0.0.1 [22/Nov/2026:16:53:31 +0000] \"GET /a?b=c&d=%20e HTTP/1.1\" 200 \"Mozilla/5.0 (X11; Li"
		  "nux x86_64) \"quoted\" \\back\\slash\" \"https://x/ y\" 0.000",
		  200, "GET /a?b=c&d=%20e HTTP/1.1",
		  "Mozilla/5.0 (X11; Linux x86_64) \"quoted\" \\back\\slash",
		  NULL, NULL},
		 {"127.0.0.1 [22/Nov/2026:16:53:31 +0000] \"GET /caf\303\251/\377\376 HTTP/1.1\" 200 \"\342\234\223"
		  " caf\303\251 \377 bad\" \"\303\" 0.000",
		  200, "GET /caf\303\251/\377\376 HTTP/1.1",
		  "\342\234\223 caf\303\251 \377 bad",
		  NULL, NULL},
		 {"127.0.0.1 [22/Nov/2026:16:53:31 +0000] \"GET /x\"y\\z|w HTTP/1.1\" 200 \"it's; a, b - c | d\011t"
		  "ab <x> (y) [z]\" \"a>b\" 0.000",
		  200, "GET /x\"y\\z|w HTTP/1.1",
		  "it's; a, b - c | d\011tab <x> (y) [z]",
		  NULL, NULL},
	 }},
	{"escape=json {\"t\":\"$time_iso8601\",\"r\":\"$request\",\"s\":$status,\"ua\":\"$http_user_agent\""
	 ",\"ref\":\"$http_referer\",\"up\":\"$upstream_addr\",\"us\":\"$upstream_status\",\"rt\":$request"
	 "_time}",
	 {
		 {"{\"t\":\"2026-11-22T16:53:31+00:00\",\"r\":\"GET /r2 HTTP/1.1\",\"s\":200,\"ua\":\"200 502 GET /"
		  " HTTP/1.1 \\\" 404\",\"ref\":\"\",\"up\":\"127.0.0.1:18941, 127.0.0.1:18942, 127.0.0.1:18943 : 1"
		  "27.0.0.1:18943\",\"us\":\"503, 502, 404 : 200\",\"rt\":0.000}",
		  200, "GET /r2 HTTP/1.1",
		  "200 502 GET / HTTP/1.1 \" 404",
		  "127.0.0.1:18943", "200"},
		 {"{\"t\":\"2026-11-22T16:53:31+00:00\",\"r\":\"GET /dead1 HTTP/1.1\",\"s\":502,\"ua\":\"curl/7\",\""
		  "ref\":\"\",\"up\":\"127.0.0.1:18942, 127.0.0.1:18944\",\"us\":\"502, 502\",\"rt\":0.000}",
		  502, "GET /dead1 HTTP/1.1",
		  "curl/7",
		  "127.0.0.1:18944", "502"},
		 {"{\"t\":\"2026-11-22T16:53:31+00:00\",\"r\":\"GET /dead2 HTTP/1.1\",\"s\":502,\"ua\":\"curl/7\",\""
		  "ref\":\"\",\"up\":\"dead\",\"us\":\"502\",\"rt\":0.000}",
		  502, "GET /dead2 HTTP/1.1",
		  "curl/7",
		  "dead", "502"},
	 }},
	{"{\"t\":\"$time_iso8601\",\"r\":\"$request\",\"s\":\"$status\",\"ua\":\"$http_user_agent\",\"up\""
	 ":\"$upstream_addr\",\"urt\":\"$upstream_response_time\"}",
	 {
		 {"{\"t\":\"2026-11-22T16:53:31+00:00\",\"r\":\"GET /r2 HTTP/1.1\",\"s\":\"200\",\"ua\":\"200 502 G"
		  "ET / HTTP/1.1 \\x22 404\",\"up\":\"127.0.0.1:18941, 127.0.0.1:18942, 127.0.0.1:18943 : 127.0.0.1"
		  ":18943\",\"urt\":\"0.000, 0.000, 0.000 : 0.000\"}",
		  200, "GET /r2 HTTP/1.1",
		  "200 502 GET / HTTP/1.1 \" 404",
		  "127.0.0.1:18943", NULL},
		 {"{\"t\":\"2026-11-22T16:53:31+00:00\",\"r\":\"GET /dead1 HTTP/1.1\",\"s\":\"502\",\"ua\":\"curl/7"
		  "\",\"up\":\"127.0.0.1:18942, 127.0.0.1:18944\",\"urt\":\"0.000, 0.000\"}",
		  502, "GET /dead1 HTTP/1.1",
		  "curl/7",
		  "127.0.0.1:18944", NULL},
		 {"{\"t\":\"2026-11-22T16:53:31+00:00\",\"r\":\"GET /dead2 HTTP/1.1\",\"s\":\"502\",\"ua\":\"curl/7"
		  "\",\"up\":\"dead\",\"urt\":\"0.000\"}",
		  502, "GET /dead2 HTTP/1.1",
		  "curl/7",
		  "dead", NULL},
	 }},
	{"$msec|$remote_addr|$request|$status|$upstream_addr|$upstream_response_time|$http_referer",
	 {
		 {"1795366411.449|127.0.0.1|GET /r2 HTTP/1.1|200|127.0.0.1:18941, 127.0.0.1:18942, 127.0.0.1:18943 "
		  ": 127.0.0.1:18943|0.000, 0.000, 0.000 : 0.000|-",
		  200, "GET /r2 HTTP/1.1",
		  NULL,
		  "127.0.0.1:18943", NULL},
		 {"1795366411.449|127.0.0.1|GET /dead1 HTTP/1.1|502|127.0.0.1:18942, 127.0.0.1:18944|0.000, 0.000|-",
		  502, "GET /dead1 HTTP/1.1",
		  NULL,
		  "127.0.0.1:18944", NULL},
		 {"1795366411.449|127.0.0.1|GET /dead2 HTTP/1.1|502|dead|0.000|-",
		  502, "GET /dead2 HTTP/1.1",
		  NULL,
		  "dead", NULL},
	 }},
	{"$time_iso8601\011$status\011$request_uri\011$upstream_addr\011$http_user_agent",
	 {
		 {"2026-11-22T16:53:31+00:00\011200\011/r2\011127.0.0.1:18941, 127.0.0.1:18942, 127.0.0.1:18943 : 1"
		  "27.0.0.1:18943\011200 502 GET / HTTP/1.1 \\x22 404",
		  200, NULL,
		  "200 502 GET / HTTP/1.1 \" 404",
		  "127.0.0.1:18943", NULL},
		 {"2026-11-22T16:53:31+00:00\011502\011/dead1\011127.0.0.1:18942, 127.0.0.1:18944\011curl/7",
		  502, NULL,
		  "curl/7",
		  "127.0.0.1:18944", NULL},
		 {"2026-11-22T16:53:31+00:00\011502\011/dead2\011dead\011curl/7",
		  502, NULL,
		  "curl/7",
		  "dead", NULL},
	 }},
	{"time=$time_iso8601 status=$status uri=$request_uri ua=\"$http_user_agent\" upstream=$upstream_ad"
	 "dr us=$upstream_status urt=$upstream_response_time",
	 {
		 {"time=2026-11-22T16:53:31+00:00 status=200 uri=/r2 ua=\"200 502 GET / HTTP/1.1 \\x22 404\" upstre"
		  "am=127.0.0.1:18941, 127.0.0.1:18942, 127.0.0.1:18943 : 127.0.0.1:18943 us=503, 502, 404 : 200 ur"
		  "t=0.000, 0.000, 0.000 : 0.000",
		  200, NULL,
		  "200 502 GET / HTTP/1.1 \" 404",
		  "127.0.0.1:18943", "200"},
		 {"time=2026-11-22T16:53:31+00:00 status=502 uri=/dead1 ua=\"curl/7\" upstream=127.0.0.1:18942, 127"
		  ".0.0.1:18944 us=502, 502 urt=0.000, 0.000",
		  502, NULL,
		  "curl/7",
		  "127.0.0.1:18944", "502"},
		 {"time=2026-11-22T16:53:31+00:00 status=502 uri=/dead2 ua=\"curl/7\" upstream=dead us=502 urt=0.00"
		  "0",
		  502, NULL,
		  "curl/7",
		  "dead", "502"},
	 }},
	{"$status$body_bytes_sent $time_iso8601 \"$request\"",
	 {
		 {"2005 2026-11-22T16:53:31+00:00 \"GET /a?b=c&d=%20e HTTP/1.1\"",
		  200, "GET /a?b=c&d=%20e HTTP/1.1",
		  NULL,
		  NULL, NULL},
		 {"2005 2026-11-22T16:53:31+00:00 \"GET /caf\\xC3\\xA9/\\xFF\\xFE HTTP/1.1\"",
		  200, "GET /caf\303\251/\377\376 HTTP/1.1",
		  NULL,
		  NULL, NULL},
		 {"2005 2026-11-22T16:53:31+00:00 \"GET /x\\x22y\\x5Cz|w HTTP/1.1\"",
		  200, "GET /x\"y\\z|w HTTP/1.1",
		  NULL,
		  NULL, NULL},
	 }},
	{"$http_user_agent $time_local $status $request_time",
	 {
		 {"Mozilla/5.0 (X11; Linux x86_64) \\x22quoted\\x22 \\x5Cback\\x5Cslash 22/Nov/2026:16:53:31 +0000 "
		  "200 0.000",
		  200, NULL,
		  "Mozilla/5.0 (X11; Linux x86_64) \"quoted\" \\back\\slash",
		  NULL, NULL},
		 {"\\xE2\\x9C\\x93 caf\\xC3\\xA9 \\xFF bad 22/Nov/2026:16:53:31 +0000 200 0.000",
		  200, NULL,
		  "\342\234\223 caf\303\251 \377 bad",
		  NULL, NULL},
		 {"it's; a, b - c | d\\x09tab <x> (y) [z] 22/Nov/2026:16:53:31 +0000 200 0.000",
		  200, NULL,
		  "it's; a, b - c | d\011tab <x> (y) [z]",
		  NULL, NULL},
	 }},
	{"$remote_user [$time_local] \"$request\" $status \"$upstream_addr\" \"$upstream_status\" $upstrea"
	 "m_connect_time $upstream_header_time $upstream_response_time",
	 {
		 {"- [22/Nov/2026:16:53:31 +0000] \"GET /r2 HTTP/1.1\" 200 \"127.0.0.1:18941, 127.0.0.1:18942, 127."
		  "0.0.1:18943 : 127.0.0.1:18943\" \"503, 502, 404 : 200\" 0.000, -, 0.000 : 0.000 0.000, -, 0.000 "
		  ": 0.000 0.000, 0.000, 0.000 : 0.000",
		  200, "GET /r2 HTTP/1.1",
		  NULL,
		  "127.0.0.1:18943", "200"},
		 {"- [22/Nov/2026:16:53:31 +0000] \"GET /dead1 HTTP/1.1\" 502 \"127.0.0.1:18942, 127.0.0.1:18944\" "
		  "\"502, 502\" -, - -, - 0.000, 0.000",
		  502, "GET /dead1 HTTP/1.1",
		  NULL,
		  "127.0.0.1:18944", "502"},
		 {"- [22/Nov/2026:16:53:31 +0000] \"GET /dead2 HTTP/1.1\" 502 \"dead\" \"502\" - - 0.000",
		  502, "GET /dead2 HTTP/1.1",
		  NULL,
		  "dead", "502"},
	 }},
	{"$time_local;$status;$request;$http_user_agent;$upstream_status;$request_time",
	 {
		 {"22/Nov/2026:16:53:31 +0000;200;GET /r2 HTTP/1.1;200 502 GET / HTTP/1.1 \\x22 404;503, 502, 404 :"
		  " 200;0.000",
		  200, "GET /r2 HTTP/1.1",
		  "200 502 GET / HTTP/1.1 \" 404",
		  NULL, "200"},
		 {"22/Nov/2026:16:53:31 +0000;502;GET /dead1 HTTP/1.1;curl/7;502, 502;0.000",
		  502, "GET /dead1 HTTP/1.1",
		  "curl/7",
		  NULL, "502"},
		 {"22/Nov/2026:16:53:31 +0000;502;GET /dead2 HTTP/1.1;curl/7;502;0.000",
		  502, "GET /dead2 HTTP/1.1",
		  "curl/7",
		  NULL, "502"},
	 }},
	{"$time_local - $host - $request - $status - $request_time",
	 {
		 {"22/Nov/2026:16:53:31 +0000 - shop.example.test - GET /a?b=c&d=%20e HTTP/1.1 - 200 - 0.000",
		  200, "GET /a?b=c&d=%20e HTTP/1.1",
		  NULL,
		  NULL, NULL},
		 {"22/Nov/2026:16:53:31 +0000 - shop.example.test - GET /caf\\xC3\\xA9/\\xFF\\xFE HTTP/1.1 - 200 - "
		  "0.000",
		  200, "GET /caf\303\251/\377\376 HTTP/1.1",
		  NULL,
		  NULL, NULL},
		 {"22/Nov/2026:16:53:31 +0000 - shop.example.test - GET /x\\x22y\\x5Cz|w HTTP/1.1 - 200 - 0.000",
		  200, "GET /x\"y\\z|w HTTP/1.1",
		  NULL,
		  NULL, NULL},
	 }},
	{"time:$time_iso8601\011host:$remote_addr\011req:$request\011status:$status\011ua:$http_user_agent",
	 {
		 {"time:2026-11-22T16:53:31+00:00\011host:127.0.0.1\011req:GET /a?b=c&d=%20e HTTP/1.1\011status:200"
		  "\011ua:Mozilla/5.0 (X11; Linux x86_64) \\x22quoted\\x22 \\x5Cback\\x5Cslash",
		  200, "GET /a?b=c&d=%20e HTTP/1.1",
		  "Mozilla/5.0 (X11; Linux x86_64) \"quoted\" \\back\\slash",
		  NULL, NULL},
		 {"time:2026-11-22T16:53:31+00:00\011host:127.0.0.1\011req:GET /caf\\xC3\\xA9/\\xFF\\xFE HTTP/1.1\011"
		  "status:200\011ua:\\xE2\\x9C\\x93 caf\\xC3\\xA9 \\xFF bad",
		  200, "GET /caf\303\251/\377\376 HTTP/1.1",
		  "\342\234\223 caf\303\251 \377 bad",
		  NULL, NULL},
		 {"time:2026-11-22T16:53:31+00:00\011host:127.0.0.1\011req:GET /x\\x22y\\x5Cz|w HTTP/1.1\011status:"
		  "200\011ua:it's; a, b - c | d\\x09tab <x> (y) [z]",
		  200, "GET /x\"y\\z|w HTTP/1.1",
		  "it's; a, b - c | d\011tab <x> (y) [z]",
		  NULL, NULL},
	 }},
	{"<$status> <$request> <$http_referer> <$time_iso8601> <$upstream_addr>",
	 {
		 {"<200> <GET /r2 HTTP/1.1> <-> <2026-11-22T16:53:31+00:00> <127.0.0.1:18941, 127.0.0.1:18942, 127."
		  "0.0.1:18943 : 127.0.0.1:18943>",
		  200, "GET /r2 HTTP/1.1",
		  NULL,
		  "127.0.0.1:18943", NULL},
		 {"<502> <GET /dead1 HTTP/1.1> <-> <2026-11-22T16:53:31+00:00> <127.0.0.1:18942, 127.0.0.1:18944>",
		  502, "GET /dead1 HTTP/1.1",
		  NULL,
		  "127.0.0.1:18944", NULL},
		 {"<502> <GET /dead2 HTTP/1.1> <-> <2026-11-22T16:53:31+00:00> <dead>",
		  502, "GET /dead2 HTTP/1.1",
		  NULL,
		  "dead", NULL},
	 }},
	{"$time_iso8601 $upstream_addr $upstream_status $upstream_response_time $status $request",
	 {
		 {"2026-11-22T16:53:31+00:00 127.0.0.1:18941, 127.0.0.1:18942, 127.0.0.1:18943 : 127.0.0.1:18943 50"
		  "3, 502, 404 : 200 0.000, 0.000, 0.000 : 0.000 200 GET /r2 HTTP/1.1",
		  200, "GET /r2 HTTP/1.1",
		  NULL,
		  "127.0.0.1:18943", "200"},
		 {"2026-11-22T16:53:31+00:00 127.0.0.1:18942, 127.0.0.1:18944 502, 502 0.000, 0.000 502 GET /dead1 "
		  "HTTP/1.1",
		  502, "GET /dead1 HTTP/1.1",
		  NULL,
		  "127.0.0.1:18944", "502"},
		 {"2026-11-22T16:53:31+00:00 dead 502 0.000 502 GET /dead2 HTTP/1.1",
		  502, "GET /dead2 HTTP/1.1",
		  NULL,
		  "dead", "502"},
	 }},
	{"($request) ($time_local) $status $bytes_sent $connection $pid",
	 {
		 {"(GET /a?b=c&d=%20e HTTP/1.1) (22/Nov/2026:16:53:31 +0000) 200 147 2 25887",
		  200, "GET /a?b=c&d=%20e HTTP/1.1",
		  NULL,
		  NULL, NULL},
		 {"(GET /caf\\xC3\\xA9/\\xFF\\xFE HTTP/1.1) (22/Nov/2026:16:53:31 +0000) 200 147 3 25887",
		  200, "GET /caf\303\251/\377\376 HTTP/1.1",
		  NULL,
		  NULL, NULL},
		 {"(GET /x\\x22y\\x5Cz|w HTTP/1.1) (22/Nov/2026:16:53:31 +0000) 200 147 4 25887",
		  200, "GET /x\"y\\z|w HTTP/1.1",
		  NULL,
		  NULL, NULL},
	 }},
	{"escape=none {\"t\":\"$time_iso8601\",\"r\":\"$request\",\"s\":$status,\"ua\":\"$http_user_agent\""
	 "}",
	 {
		 {"{\"t\":\"2026-11-22T16:53:31+00:00\",\"r\":\"GET /a?b=c&d=%20e HTTP/1.1\",\"s\":200,\"ua\":\"Moz"
		  "illa/5.0 (X11; Linux x86_64) \"quoted\" \\back\\slash\"}",
		  200, "GET /a?b=c&d=%20e HTTP/1.1",
		  "Mozilla/5.0 (X11; Linux x86_64) \"quoted\" \\back\\slash",
		  NULL, NULL},
		 {"{\"t\":\"2026-11-22T16:53:31+00:00\",\"r\":\"GET /caf\303\251/\377\376 HTTP/1.1\",\"s\":200,\"ua"
		  "\":\"\342\234\223 caf\303\251 \377 bad\"}",
		  200, "GET /caf\303\251/\377\376 HTTP/1.1",
		  "\342\234\223 caf\303\251 \377 bad",
		  NULL, NULL},
		 {"{\"t\":\"2026-11-22T16:53:31+00:00\",\"r\":\"GET /x\"y\\z|w HTTP/1.1\",\"s\":200,\"ua\":\"it's; "
		  "a, b - c | d\011tab <x> (y) [z]\"}",
		  200, "GET /x\"y\\z|w HTTP/1.1",
		  "it's; a, b - c | d\011tab <x> (y) [z]",
		  NULL, NULL},
	 }},
};

static bool is(const struct record *r, enum field field, const char *value)
{
	struct span got = record_get(r, field);
	return record_has(r, field) == (value != NULL) && span_equal(got, span_of(value));
}

static void test_written(void)
{
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		struct diag d = {0};
		size_t column;
		struct template_scratch s = {0};
		struct template *t = template_new(span_of(formats[i].format), false, &d, &column);
		TEXT_IS(d.what, "", formats[i].format);
		for (size_t k = 0; t && k < 3 && formats[i].lines[k].line; k++) {
			const struct written *w = &formats[i].lines[k];
			struct span line = patterns_exact(span_of(w->line));
			struct record r;
			record_clear(&r);
			FACT(template_scan(t, line, &s, &r) && r.resolution_us && r.status == w->status && is(&r, FIELD_REQUEST, w->request) &&
				     is(&r, FIELD_USER_AGENT, w->agent) && is(&r, FIELD_UPSTREAM_ADDRESS, w->upstream) &&
				     is(&r, FIELD_UPSTREAM_STATUS, w->upstream_status),
			     w->line);
			/* Heads of the line stay within their bounds. */
			for (size_t n = 0; n < line.len; n += 7) {
				struct span head = patterns_exact(span_head(line, n));
				record_clear(&r);
				template_scan(t, head, &s, &r);
				memory_free((void *)head.at);
			}
			memory_free((void *)line.at);
		}
		template_free(t);
		template_scratch_release(&s);
	}
}

/* How a format may be written, and the text of its steps; NULL: refused at that column. */
struct spelling {
	const char *written, *text;
	bool escaped, stream, loose;
	size_t column;
};

static const struct spelling spellings[] = {
	{"$msec $status", "$msec $status", true, false, false, 0},
	{"escape=json {\"a\":\"$msec\",\"s\":\"$status\"}", "{\"a\":\"$msec\",\"s\":\"$status\"}", true, false, false, 0},
	{"escape=default $msec $status", "$msec $status", true, false, false, 0},
	{"escape=none $msec $status", "$msec $status", false, false, false, 0},
	{"'$msec ' '$status'", "$msec $status", true, false, false, 0},
	{"'$msec '\n    '$status';", "$msec $status", true, false, false, 0},
	{"escape=none '$msec ' '$status'", "$msec $status", false, false, false, 0},
	{"log_format main escape=none '$msec '\n\t\"$status\";", "$msec $status", false, false, false, 0},
	{"log_format main '$msec' 'a$status'", "${msec}a$status", true, false, false, 0},
	/* somebody's format may write quotes itself */
	{"\"$msec\" \"$status\"", "\"$msec\" \"$status\"", true, false, false, 0},
	{"'$msec' $status", "'$msec' $status", true, false, false, 0},
	{"$msec $request $status", "$msec $request $status", true, false, true, 0},
	{"$msec \"$request\" $status", "$msec \"$request\" $status", true, false, false, 0},
	{"escape=none $msec \"$request\" $status", "$msec \"$request\" $status", false, false, true, 0},
	{"$msec $host$request_uri $status", "$msec $host$request_uri $status", true, false, true, 0},
	{"$msec $protocol $status", "$msec $protocol $status", true, true, true, 0},
	{"$msec $status $session_time", "$msec $status $session_time", true, true, true, 0},
	{"$msec $status $http_x$http_y", "$msec $status $http_x$http_y", true, false, true, 0},
	{"$msec $status $http_referer$http_user_agent", NULL, false, false, false, 27},
	{"escape=json $msec $ $status", NULL, false, false, false, 18},
	{"$msec $status\n", NULL, false, false, false, 13},
	{"'$msec ' '$status", "'$msec ' '$status", true, false, false, 0},
	{"$time_local $status", "$time_local $status", true, false, true, 0},
	{"log_format main", NULL, false, false, false, 0},
	{"$msec ${status", NULL, false, false, false, 6},
	{"$status", NULL, false, false, false, 0},
	{"$msec", NULL, false, false, false, 0},
};

static void test_spellings(void)
{
	for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
		const struct spelling *s = &spellings[i];
		struct nginxformat f;
		struct diag d = {0};
		size_t column;
		struct span text = patterns_exact(span_of(s->written));
		bool fine = nginxformat_compile(&f, text, false, &d, &column);
		memory_free((void *)text.at);
		FACT(fine == (s->text != NULL) && fine == !d.set, s->written);
		if (fine && s->text) {
			TEXT_IS(f.text, s->text, s->written);
			FACT(f.escaped == s->escaped && f.stream == s->stream && f.loose == s->loose, s->written);
		} else {
			FACT(column == s->column && d.hint[0], s->written);
		}
		nginxformat_release(&f);
	}
	struct text many = {0};
	struct nginxformat f;
	struct diag d = {0};
	size_t column;
	text_append_string(&many, "$msec");
	for (int i = 0; i < NGINXFORMAT_STEPS; i++)
		text_append_string(&many, " $status");
	FACT(!nginxformat_compile(&f, text_span(&many), false, &d, &column), "variables are bounded");
	nginxformat_release(&f);
	text_release(&many);
}

/* Lines whose values only their shapes tell apart. */
static void test_shapes(void)
{
	static const struct {
		const char *format, *line, *client, *host, *path, *upstream;
		int status;
	} cases[] = {
		{"$remote_addr:$remote_port [$time_local] $status", "2001:db8::7:443 [22/Nov/2026:11:15:10 +0000] 200", "2001:db8::7", NULL, NULL,
		 NULL, 200},
		{"$msec $scheme://$host$request_uri $status", "1795346110.250 https://a.test/b?c=/d 200", NULL, "a.test", "/b?c=/d", NULL, 200},
		{"$msec $upstream_addr $status", "1795346110.250 a:80, b:80 : c:80 502", NULL, NULL, NULL, "c:80", 502},
		{"$msec,$upstream_addr,$upstream_status,$status", "1795346110.250,a:80, b:80,502, 200,200", NULL, NULL, NULL, "b:80", 200},
		{"$msec $upstream_addr [$status]", "1795346110.250 a:80, shop [502]", NULL, NULL, NULL, "shop", 502},
		{"$msec $upstream_addr $status", "1795346110.250 a:80 :  502", NULL, NULL, NULL, NULL, 502},
		{"$msec $status $uri", "1795346110.250 200 /a b c", NULL, NULL, "/a b c", NULL, 200},
		{"$remote_user [$time_local] \"$request\" $status", "a [b] [22/Nov/2026:11:15:10 +0000] \"GET /x HTTP/1.1\" 401", NULL, NULL, "/x",
		 NULL, 401},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct diag d = {0};
		size_t column;
		struct template_scratch s = {0};
		struct record r;
		struct template *t = template_new(span_of(cases[i].format), false, &d, &column);
		record_clear(&r);
		FACT(t && template_scan(t, patterns_kept(span_of(cases[i].line)), &s, &r) && r.resolution_us &&
			     is(&r, FIELD_CLIENT, cases[i].client) && is(&r, FIELD_SERVER, cases[i].host) && is(&r, FIELD_PATH, cases[i].path) &&
			     is(&r, FIELD_UPSTREAM_ADDRESS, cases[i].upstream) && r.status == cases[i].status,
		     cases[i].line);
		template_free(t);
		template_scratch_release(&s);
	}
}

/* A line that makes the shapes try every way ends soon. */
static void test_work(void)
{
	struct diag d = {0};
	size_t column;
	struct template_scratch s = {0};
	struct record r;
	struct template *t = template_new(SPAN("$http_a $http_b $http_c $http_d $http_e $http_f $msec $status"), false, &d, &column);
	struct text line = {0};
	for (int i = 0; i < 20000; i++)
		text_append_string(&line, "1 ");
	record_clear(&r);
	FACT(t && !template_scan(t, text_span(&line), &s, &r), "a hostile line is given up");
	text_release(&line);
	template_free(t);
	template_scratch_release(&s);
}

int main(void)
{
	test_written();
	test_spellings();
	test_shapes();
	test_work();
	return unit_done();
}
