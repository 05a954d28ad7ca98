"""outage: two logs of one outage, written into the folder argv[1]: a request a second for 20 minutes; in the 16th the database refuses."""
import sys
import time

BEGIN = 1710237600  # 2024-03-12 10:00:00 UTC
access = open(f"{sys.argv[1]}/access.log", "w")
database = open(f"{sys.argv[1]}/pg.log", "w")
for i in range(1200):
    now = time.gmtime(BEGIN + i)
    failed = 900 <= i < 960
    access.write(f"192.0.2.{i % 50 + 1} - - [{time.strftime('%d/%b/%Y:%H:%M:%S', now)} +0000] "
                 f'"GET /orders/{i} HTTP/1.1" {500 if failed else 200} {i % 900} "-" "curl/8.5.0"\n')
    if failed:
        database.write(f"{time.strftime('%Y-%m-%d %H:%M:%S', now)}.{i % 1000:03} UTC [{i}] shop@orders FATAL:  sorry, too many clients already\n")
    elif i % 30 == 0:
        database.write(f"{time.strftime('%Y-%m-%d %H:%M:%S', now)}.{i % 1000:03} UTC [{i}] LOG:  checkpoint starting: time\n")
