"""The pattern of the Kubernetes tutorial "Fine Parallel Processing Using a Work Queue", as a peer.

Written anew; the commands per item are the tutorial's: LLEN (is it empty?), BRPOPLPUSH, SETEX of a lease, LREM, DEL.
usage: peer.py fill|drain REDIS_URL QUEUE ITEMS CONCURRENCY PAYLOAD_BYTES RESULT_BYTES; concurrency is processes.
"""

import hashlib
import json
import os
import sys
import time
import uuid

import redis


class Queue:
    def __init__(self, url, name):
        self.db = redis.Redis.from_url(url)
        self.session = str(uuid.uuid4())
        self.main = name
        self.processing = name + ":processing"
        self.lease_prefix = name + ":leased_by_session:"

    def empty(self):
        return self.db.llen(self.main) == 0 and self.db.llen(self.processing) == 0

    def lease(self, seconds, timeout):
        item = self.db.brpoplpush(self.main, self.processing, timeout=timeout)
        if item is not None:
            self.db.setex(self.lease_key(item), seconds, self.session)
        return item

    def complete(self, item):
        self.db.lrem(self.processing, 0, item)
        self.db.delete(self.lease_key(item))

    def lease_key(self, item):
        return self.lease_prefix + hashlib.sha224(item).hexdigest()


def work(url, name):
    queue = Queue(url, name)
    done = 0
    while not queue.empty():
        item = queue.lease(seconds=10, timeout=1)
        if item is not None:
            queue.complete(item)
            done += 1
    return done


def drain(url, name, processes):
    if processes == 1:
        return work(url, name)
    pipes = []
    for _ in range(processes):
        read, write = os.pipe()
        if os.fork() == 0:
            os.write(write, str(work(url, name)).encode())
            os._exit(0)
        os.close(write)
        pipes.append(read)
    counts = [int(os.read(pipe, 20)) for pipe in pipes]
    for _ in pipes:
        os.wait()
    return sum(counts)


def main():
    verb, url, name, items, concurrency, size, _ = sys.argv[1:]
    items = int(items)
    began = time.perf_counter()
    if verb == "fill":
        db = redis.Redis.from_url(url)
        for first in range(0, items, 1000):
            db.rpush(name, *(str(i).rjust(int(size), "0") for i in range(first, min(items, first + 1000))))
    else:
        items = drain(url, name, int(concurrency))
    print(json.dumps({"items": items, "seconds": time.perf_counter() - began}))


main()
