"""traffic: the users of the lab, and what they saw by their own clock: a witness that no server's log can contradict.

Takes  the port they call, a seed, requests per second (set at any time).
Gives  requests at random times, whatever the answers take (an open loop, so that slowness does not hide the demand), bounded by
       WORKERS at a time; the tap: (begin, end, status or 0, path) of each request, microseconds UTC.
Holds  WORKERS threads until stop().
Never  retries, or calls anything but 127.0.0.1.
"""
import http.client
import random
import threading
import time

WORKERS = 64
AGENTS = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/604.1",
    "okhttp/4.12.0",
]


class Traffic:
    def __init__(self, port, seed):
        self.port = port
        self.rate = 0.0
        self.reports = 0.0  # share of /billing/report
        self.running = True
        self.tap = []
        self.threads = [threading.Thread(target=self.user, args=(f"{seed}-{n}",), daemon=True) for n in range(WORKERS)]
        for thread in self.threads:
            thread.start()

    def path(self, rng):
        if rng.random() < self.reports:
            return "/billing/report"
        pick = rng.random()
        if pick < 0.45:
            return f"/api/orders?page={rng.randrange(40)}"
        if pick < 0.70:
            return f"/api/products/{rng.randrange(200)}"
        if pick < 0.80:
            return "/api/checkout"
        if pick < 0.95:
            return f"/billing/invoices?c={rng.randrange(90)}"
        return "/" if pick < 0.998 else "/favicon.ico"

    def user(self, name):
        rng = random.Random(name)
        connection = None
        used = 0.0
        while self.running:
            rate = self.rate / WORKERS
            if rate <= 0:
                time.sleep(0.2)
                continue
            # at most 2 s at a time, so that a change of rate is soon felt; exponential waits have no memory
            wait = rng.expovariate(rate)
            time.sleep(min(wait, 2.0))
            if wait > 2.0 or not self.running:
                continue
            path = self.path(rng)
            headers = {"User-Agent": rng.choice(AGENTS), "X-Client": f"203.0.113.{rng.randrange(1, 250)}"}
            begin = time.time_ns() // 1000
            status = 0
            # the other side may close an idle one at the very moment it is used
            if connection and time.monotonic() - used > 10:
                connection.close()
                connection = None
            used = time.monotonic()
            try:
                connection = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=25)
                connection.request("POST" if path == "/api/checkout" else "GET", path, headers=headers)
                answer = connection.getresponse()
                answer.read()
                status = answer.status
                if answer.will_close:
                    connection.close()
            except (OSError, http.client.HTTPException):
                connection.close()
                connection = None
            self.tap.append((begin, time.time_ns() // 1000, status, path.split("?")[0]))

    def stop(self):
        """Lets the users finish, or the end of the run looks like an outage of its own."""
        self.running = False
        for thread in self.threads:
            thread.join(30)
