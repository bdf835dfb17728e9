"""How quickly a bag of items that need no work is drained: drain, results, aof."""

from .. import peers
from ..contest import Contest, best_concurrency, drain_once, say
from ..measure import measured, run
from ..redis import Redis
from ..targets import at_least, at_most, ratio

REDISWQ = ("rediswq", "rediswq-pinned")
BATCH = 1000  # the most that our worker leases at once, and what it leases of items that take no time


def drain(options):
    items = options.items(1_000_000)
    contest = Contest(f"drain of {items:,} items of 10 bytes, a handler that does nothing, no result, persistence off")
    with Redis() as redis:
        ours = peers.ours().prepare()
        contest.enter("piecework", lambda: drain_once(redis, ours, items, 1), ours=True, note="defaults")
        _enter_bare(contest, redis, ours, items)
        _enter_redis_benchmark(contest, redis, ours, items)
        _enter_peers(contest, redis, options, items, result=0)
        contest.run(options.rounds)
    contest.notes.append("ours is ×: our whole process, cold JVM to exit, against the better of the peer's two figures")
    return [contest], [
        at_least("drain: against BullMQ", ratio(contest, "bullmq"), 15),
        at_least("drain: against Bee-Queue", ratio(contest, "beequeue"), 12),
        at_least("drain: against Jesque", ratio(contest, "jesque"), 30),
        at_least("drain: against Redisson", ratio(contest, "redisson"), 30),
        at_least("drain: against rediswq.py", ratio(contest, *REDISWQ), 50),
        at_least(f"drain: against the bare commands, cold JVM too, batches of {BATCH}", _against_bare(contest), 0.6),
        at_most("drain: server CPU per item", contest.ours.server_us, 1.5, "µs"),
        at_most("drain: client CPU per item", contest.ours.client_us, 2, "µs"),
    ]


def results(options):
    items = options.items(1_000_000)
    contest = Contest(f"drain of {items:,} items, a result of 16 bytes stored for each, persistence off")
    with Redis() as redis:
        ours = peers.ours().prepare()
        contest.enter("piecework", lambda: drain_once(redis, ours, items, 1, result=16), ours=True, note="--keep results")
        _enter_peers(contest, redis, options, items, result=16)
        contest.run(options.rounds)
    return [contest], [at_least("results of 16 bytes: against BullMQ", ratio(contest, "bullmq"), 8)]


def aof(options):
    items = options.items(1_000_000)
    contest = Contest(f"drain of {items:,} items, by persistence")
    ours = peers.ours().prepare()
    bullmq = next(p for p in peers.all_peers() if p.name == "bullmq")
    with Redis("off") as off, Redis("everysec") as everysec, Redis("always") as always:
        for redis in (off, everysec, always):
            contest.enter(f"piecework, {redis.persistence}", lambda r=redis: drain_once(r, ours, items, 1),
                          ours=redis is off)
        if contest.ready(bullmq, options):
            share = int(items * bullmq.share * 0.3)
            for redis in (off, everysec, always):
                contest.enter(f"bullmq, {redis.persistence}", lambda r=redis: drain_once(r, bullmq, share, 50))
        contest.run(options.rounds)
    walls = [contest.series(f"piecework, {p}").wall for p in ("off", "everysec", "always")]
    return [contest], [
        at_most("aof: everysec costs", (walls[1] / walls[0] - 1) * 100, 25, "%"),
        at_most("aof: always costs (stated only)", (walls[2] / walls[0] - 1) * 100, float("inf"), "%"),
    ]


def _against_bare(contest):
    """Like with like: both whole, both cold."""
    bare = contest.series("bare commands")
    return contest.ours.rate / bare.rate if bare else None


def _enter_bare(contest, redis, ours, items):
    bare = peers.bare().prepare()
    connections = best_concurrency(redis, bare, items // 2, result=BATCH, filler=ours)
    contest.enter("bare commands", lambda: drain_once(redis, bare, items, connections, result=BATCH, filler=ours),
                  note=f"LMOVE, LPOP, INCRBY with Jedis, batches of {BATCH}, {connections} connections")


def _enter_redis_benchmark(contest, redis, ours, items):
    """What the server can do at all: it takes items, holds none, and counts none."""
    try:
        program = peers.command("redis-benchmark", "redis-tools")
    except peers.Missing as why:
        contest.missing["redis-benchmark"] = str(why)
        return

    def once():
        redis.clear()
        run(ours.argv("fill", peers.Job(redis.url, items)))
        return measured(redis, items, [program, "-p", redis.port, "-n", items, "-c", 1, "-P", BATCH, "-q", "LPOP", "bench"])
    contest.enter("redis-benchmark", once, note=f"LPOP only, {BATCH} in a pipeline")


def _enter_peers(contest, redis, options, items, result):
    for peer in peers.all_peers():
        if result and not peer.keeps_results or not contest.ready(peer, options):
            continue
        share = max(200, int(items * peer.share))
        try:
            concurrency = best_concurrency(redis, peer, max(100, share // 4), result=result)
        except Exception as failure:
            say(f"  {peer.name} failed: {failure}")
            contest.missing[peer.name] = str(failure)
            continue
        contest.enter(peer.name, lambda p=peer, n=share, c=concurrency: drain_once(redis, p, n, c, result=result),
                      note=f"concurrency {concurrency}")
