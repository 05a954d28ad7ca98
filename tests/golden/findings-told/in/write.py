import datetime, json
begin = datetime.datetime(2026, 11, 22, 12, 0, 0)


def at(second, ms=0):
    return begin + datetime.timedelta(seconds=second, milliseconds=ms)


with open("pg.log", "w") as pg, open("app.log", "w") as app:
    for s in range(3600):
        stamp = at(s).strftime("%Y-%m-%d %H:%M:%S")
        if s % 10 == 0:
            pg.write("%s.100 UTC [%d] web@shop LOG:  connection authorized: user=web database=shop\n" % (stamp, 5000 + s))
            pg.write("%s.200 UTC [%d] web@shop LOG:  disconnection: session time: 0:00:00.100 user=web database=shop host=10.0.0.1\n" % (stamp, 5000 + s))
        if 1800 <= s < 1860:  # the batch's limit, for a minute
            for k in range(2):
                pg.write("%s.%d00 UTC [%d] batch@shop FATAL:  too many connections for role \"batch\"\n" % (stamp, 5 + k, 20000 + 2 * s + k))
        if s in (300, 900, 3000):  # a trickle
            pg.write("%s.700 UTC [%d] etl@shop FATAL:  too many connections for role \"etl\"\n" % (stamp, 9000 + s))
        for k in range(5):
            app.write(json.dumps({"time": at(s, 200 * k + 10).isoformat(timespec="milliseconds") + "Z", "level": "info", "msg": "request completed",
                                  "req": {"id": "%032x" % (s * 5 + k), "method": "GET", "url": "/x"}, "res": {"statusCode": 200}, "responseTime": 12}) + "\n")
        if s % 60 == 30 or (1800 <= s < 1860 and s % 2):
            app.write(json.dumps({"time": at(s, 990).isoformat(timespec="milliseconds") + "Z", "level": "warn", "msg": "retrying export of page %d" % s}) + "\n")
        if 1805 <= s < 1825 and s % 5 == 0:
            app.write(json.dumps({"time": at(s, 995).isoformat(timespec="milliseconds") + "Z", "level": "error", "msg": "ledger %d \x1b[31m is out of balance" % s}) + "\n")
