"""A worker as the Kubernetes tutorial has it, with no library: python3 rediswq_worker.py PORT QUEUE LOG.

BRPOPLPUSH to QUEUE:processing, SETEX QUEUE:leased_by_session:SHA224, then LREM and DEL; ends when both lists are empty.
"""
import hashlib
import socket
import sys
import time
import uuid

port, queue, log = int(sys.argv[1]), sys.argv[2], sys.argv[3]
connection = socket.create_connection(("127.0.0.1", port))
replies = connection.makefile("rb")
session = str(uuid.uuid4())


def call(*words):
    words = [w if isinstance(w, bytes) else str(w).encode() for w in words]
    parts = [b"*%d\r\n" % len(words)]
    for word in words:
        parts.append(b"$%d\r\n%s\r\n" % (len(word), word))
    connection.sendall(b"".join(parts))
    return reply()


def reply():
    line = replies.readline()[:-2]
    kind, rest = line[:1], line[1:]
    if kind == b"-":
        sys.exit(rest.decode())
    if kind == b"$":
        size = int(rest)
        return None if size < 0 else replies.read(size + 2)[:-2]
    if kind == b"*":
        return None if int(rest) < 0 else [reply() for _ in range(int(rest))]
    return int(rest) if kind == b":" else rest


while call("LLEN", queue) or call("LLEN", queue + ":processing"):
    item = call("BRPOPLPUSH", queue, queue + ":processing", 1)
    if item is None:
        continue
    lease = "%s:leased_by_session:%s" % (queue, hashlib.sha224(item).hexdigest())
    call("SETEX", lease, 10, session)
    with open(log, "ab") as file:
        file.write(item + b"\n")
    time.sleep(0.003)  # the work
    call("LREM", queue + ":processing", 0, item)
    call("DEL", lease)
