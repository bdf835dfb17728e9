"""What partitions cost: where they gain nothing, on one Redis, and over the masters of a Cluster."""

from statistics import median

from .. import peers
from ..contest import Contest
from ..measure import measured, run
from ..redis import Cluster, Redis
from ..report import number
from ..targets import at_most

PARTITIONS = 16
NONE = "no partitions, one Redis"
SIXTEEN = f"{PARTITIONS} partitions, one Redis"
SPREAD = f"{PARTITIONS} partitions, three masters with a replica each"


def partitions(options):
    items = options.items(400_000)
    contest = Contest(f"drain of {items:,} items of 10 bytes, by partitions, persistence off")
    ours = peers.ours().prepare()
    calls, copying = {}, []
    with Redis() as redis, Cluster() as cluster:
        for name, server, many in ((NONE, redis, 1), (SIXTEEN, redis, PARTITIONS), (SPREAD, cluster, PARTITIONS)):

            def once(name=name, server=server, many=many):
                job = peers.Job(server.url, items, partitions=many)
                server.clear()
                run(ours.argv("fill", job))
                server.call("CONFIG", "RESETSTAT")
                before = sum(replica.cpu() for replica in cluster.replicas)
                sample = measured(server, items, ours.argv("drain", job))
                if server is cluster:
                    copying.append((sum(replica.cpu() for replica in cluster.replicas) - before) / items * 1e6)
                ran = server.traffic()[0]
                calls.setdefault(name, []).append(
                    sum(n for command, n in ran.items() if not command.startswith(("info", "config"))) / items)
                return sample

            contest.enter(name, once, ours=many == 1)
        contest.run(options.rounds)
    for name, rounds in calls.items():
        contest.notes.append(f"{name}: {number(median(rounds), 4)} commands per item")
    if copying:
        contest.notes.append(f"the replicas: {number(median(copying), 2)} µs of CPU per item, all together")
    least = median(calls[NONE])
    return [contest], [
        at_most(f"{name}: commands per item, against none", median(calls[name]) / least, 2, "×")
        for name in (SIXTEEN, SPREAD) if name in calls
    ]
