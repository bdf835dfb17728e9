"""A worker of the pattern "a list in Redis holds the items", as people write it, without Piecework's library.

It moves an item from QUEUE to QUEUE:processing, notes a lease beside it, and removes both when the work is done.
"""
import hashlib
import os
import time
import uuid

import redis

QUEUE = os.environ.get("QUEUE", "job2")
LEASE_SECONDS = 10


def connect():
    """Where Kubernetes says that the Service redis is, or REDIS_URL."""
    if "REDIS_SERVICE_HOST" not in os.environ:
        return redis.Redis.from_url(os.environ["REDIS_URL"])
    return redis.Redis(
        host=os.environ["REDIS_SERVICE_HOST"],
        port=int(os.environ["REDIS_SERVICE_PORT"]),
        password=os.environ.get("REDIS_PASSWORD"),
    )


def lease_of(item):
    return f"{QUEUE}:leased_by_session:{hashlib.sha224(item).hexdigest()}"


def main():
    server = connect()
    session = str(uuid.uuid4())
    processing = f"{QUEUE}:processing"
    while server.llen(QUEUE) or server.llen(processing):
        item = server.brpoplpush(QUEUE, processing, timeout=1)
        if item is None:
            continue
        server.setex(lease_of(item), LEASE_SECONDS, session)
        print("Working on", item.decode(), flush=True)
        time.sleep(0.2)  # the work
        server.lrem(processing, 0, item)
        server.delete(lease_of(item))
    print("Queue empty, exiting", flush=True)


main()
