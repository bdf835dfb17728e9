"""How quickly a million lines get in, and what ten million cost in memory: fill, size."""

import os
import shutil
import tempfile

from .. import measure, peers
from ..contest import Contest
from ..measure import Sample, measured
from ..redis import Redis, resp
from ..report import number
from ..targets import at_least, at_most, ratio


class Lines:
    """A file of lines of this width, and the RPUSHes of the same lines as `redis-cli --pipe` reads them."""

    def __init__(self, count, width):
        self.count, self.width = count, width

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="piecework-bench-")
        self.plain = os.path.join(self.folder, "lines")
        with open(self.plain, "wb") as file:
            for first in range(0, self.count, 1000):
                file.write(b"".join(line + b"\n" for line in self._lines(first)))
        return self

    def _lines(self, first):
        return [str(i).rjust(self.width, "0").encode() for i in range(first, min(self.count, first + 1000))]

    def pushes(self, at_once):
        path = os.path.join(self.folder, f"rpush-{at_once}")
        with open(path, "wb") as file:
            for first in range(0, self.count, 1000):
                lines = self._lines(first)
                for i in range(0, len(lines), at_once):
                    file.write(resp([b"RPUSH", b"bench", *lines[i:i + at_once]]))
        return path

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)


def fill(options):
    items = options.items(1_000_000)
    contest = Contest(f"fill with {items:,} lines of 10 bytes, wall time of the whole command, persistence off")
    piecework = peers.distribution()
    with Redis() as redis, Lines(items, 10) as lines:

        def enter(name, argv, stdin=None, count=items, **more):
            def once():
                redis.clear()
                return measured(redis, count, argv, stdin=stdin, env={"PIECEWORK_REDIS": redis.url})
            contest.enter(name, once, **more)

        enter("piecework", [piecework, "fill", "bench"], lines.plain, ours=True, note="fill")
        pipe = [peers.command("redis-cli", "redis-tools"), "-p", redis.port, "--pipe"]
        for at_once in (1000, 1):
            enter(f"redis-cli --pipe, {at_once}", pipe, lines.pushes(at_once), note=f"RPUSH of {at_once} values")
        for peer in peers.all_peers():
            if peer.name in ("bullmq", "beequeue", "jesque") and contest.ready(peer, options):
                count = int(items * 0.1)
                enter(peer.name, peer.argv("fill", peers.Job(redis.url, count)), count=count, note="in bulks of 1,000")
        contest.run(options.rounds)
    return [contest], [
        at_least("fill: against BullMQ's addBulk", ratio(contest, "bullmq"), 5),
        at_least("fill: against redis-cli --pipe of the same RPUSHes (1,000 values each)",
                 ratio(contest, "redis-cli --pipe, 1000"), 0.5),
    ]


def size(options):
    items = options.items(10_000_000)
    contest = Contest(f"{items:,} items of 20 bytes with -Xmx256m, persistence off")
    piecework = peers.distribution()
    small = {"PIECEWORK_JAVA_OPTS": "-Xmx256m"}
    drainer = peers.ours("-Xmx256m").prepare()
    per_item = {}
    with Redis() as redis, Lines(items, 20) as lines:

        def fill_and_weigh(name, argv, stdin, env=None):
            redis.clear()
            empty = redis.memory()
            sample = measured(redis, items, argv, stdin=stdin, env=env)
            per_item[name] = (redis.memory() - empty) / items
            return sample

        def bare_list():
            argv = [peers.command("redis-cli", "redis-tools"), "-p", redis.port, "--pipe"]
            return fill_and_weigh("bare list", argv, pushes)

        def filled():
            env = {"PIECEWORK_REDIS": redis.url, **small}
            return fill_and_weigh("piecework", [piecework, "fill", "bench"], lines.plain, env)

        def drained():
            return measured(redis, items, drainer.argv("drain", peers.Job(redis.url, items)))

        pushes = lines.pushes(1000)
        contest.enter("bare list by redis-cli --pipe", bare_list)
        contest.enter("piecework fill", filled)
        contest.enter("piecework drain", drained, ours=True)  # what the fill before it put in
        contest.run(1 if options.quick else min(options.rounds, 3))
    weights = {name: number(value, 2) for name, value in per_item.items()}
    contest.notes.append(f"Redis memory per waiting item: {weights}; the client's peak is in the column MiB")
    ratio_of_memory = per_item["piecework"] / per_item["bare list"] if len(per_item) == 2 else None
    return [contest], [
        at_most(f"size: Redis memory per waiting item of {items:,}, against a bare list", ratio_of_memory, 1.3, "×"),
    ]
