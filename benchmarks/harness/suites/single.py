"""One item at a time, and many slots that wait."""

from .. import peers
from ..contest import Contest, drain_once
from ..measure import measured
from ..redis import Redis
from ..targets import at_least, ratio

SLOTS = 64


def single(options):
    """Client and server pinned on one core, and each on its own."""
    items = options.items(120_000)
    contests = []
    for title, client, server in (("together on one core", {0}, {0}), ("each on a core of its own", {0}, {1})):
        contest = Contest(f"one item at a time, client and server pinned {title}")
        with Redis() as redis:
            ours = peers.ours().prepare()
            redis_cores = server

            def once(peer, verb, count):
                return drain_once(redis, peer, count, 1, verb=verb, cores=client, server_cores=redis_cores)

            contest.enter("piecework", lambda: once(ours, "session-batches", items), ours=True,
                          note="a session, batches of 1, synchronous")
            contest.enter("piecework worker", lambda: once(ours, "worker-batches", items // 4),
                          note="one slot, batches of at most 1")
            for name in ("rediswq", "bullmq", "beequeue", "redisson"):
                peer = next(p for p in peers.all_peers() if p.name == name)
                if contest.ready(peer, options):
                    contest.enter(name, lambda p=peer: once(p, "drain", items // 10), note="concurrency 1")
            contest.run(options.rounds)
        contests.append(contest)
    targets = []
    for contest, pinned in zip(contests, ("together", "apart")):
        targets.append(at_least(f"one at a time, pinned {pinned}: against rediswq.py", ratio(contest, "rediswq"), 3))
        targets.append(at_least(f"one at a time, pinned {pinned}: against BullMQ", ratio(contest, "bullmq"), 1.5))
    return contests, targets


def slots64(options):
    items = options.items(500_000)
    contest = Contest(f"{SLOTS} slots of a handler that waits 1 ms; ideal {SLOTS * 1000:,} per second")
    with Redis() as redis:
        ours = peers.ours().prepare()
        bare = peers.bare().prepare()
        contest.enter("piecework", lambda: drain_once(redis, ours, items, SLOTS, verb="sleep"), ours=True)
        job = peers.Job(redis.url, items, SLOTS)
        contest.enter(f"{SLOTS} threads that wait", lambda: measured(redis, items, bare.argv("sleep", job)),
                      note="the same waits in Java, no queue: what the cores allow")
        contest.run(options.rounds)
    limit = contest.series(f"{SLOTS} threads that wait")
    ours = contest.ours
    return [contest], [
        at_least("64 slots of 1 ms: against the ideal, or what the cores allow",
                 ours.inner_rate / min(SLOTS * 1000, limit.inner_rate), 0.95),
    ]
