#!/usr/bin/python3
"""syslog: receives RFC 3164 datagrams and writes them as rsyslog's traditional file format does, for the lab.

Takes  PORT FILE.
Gives  one line a datagram: stamp, host, tag, message, without the priority. A TCP connection to PORT is taken and closed, so
       that a starter sees that it is there. SIGHUP: the file is opened anew, as after logrotate.
Holds  a receive buffer as large as the system allows, in a process of its own, so that a busy lab loses no line.
Never  listens on anything but loopback.
"""
import re
import signal
import socket
import sys
import threading

port, path = int(sys.argv[1]), sys.argv[2]
reopen = threading.Event()
signal.signal(signal.SIGHUP, lambda *_: reopen.set())
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
datagrams.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
datagrams.bind(("127.0.0.1", port))
datagrams.settimeout(0.2)
knock = socket.create_server(("127.0.0.1", port))


def answer():
    while True:
        knock.accept()[0].close()


threading.Thread(target=answer, daemon=True).start()
out = open(path, "ab", buffering=0)
while True:
    if reopen.is_set():
        reopen.clear()
        out = open(path, "ab", buffering=0)
    try:
        data = datagrams.recv(65536)
    except TimeoutError:
        continue
    out.write(re.sub(rb"^<\d{1,3}>", b"", data).rstrip(b"\n\0") + b"\n")
