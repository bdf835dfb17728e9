"""How long the short verbs take."""

import shutil

from .. import peers
from ..contest import Contest
from ..embedded import Embedded
from ..measure import Sample, run
from ..redis import Redis
from ..targets import at_most


def startup(options):
    contest = Contest("short verbs: wall and CPU of one call", unit="calls")
    rounds = options.rounds if options.quick else max(11, options.rounds)
    with Redis() as redis, Embedded() as embedded:
        java = peers.ours().prepare().words[:-1]
        piecework = peers.distribution_path()
        elsewhere = {"PIECEWORK_REDIS": redis.url}
        run([piecework, "fill", "q", "apple", "banana"], env=elsewhere)

        def enter(name, argv, env=None, ours=False, note=""):
            def once():
                done = run(argv, env=env)
                return Sample(1, done.wall, 0, done.cpu, float("nan"), done.rss)
            contest.enter(name, once, ours=ours, note=note)

        enter("piecework status q", [piecework, "status", "q"], elsewhere, ours=True, note="a Redis that runs")
        enter("piecework --version", [piecework, "--version"])
        enter("piecework fill q x", [piecework, "fill", "q", "x"], elsewhere)
        enter("run of 10 true", ["sh", "-c", f"seq 10 | '{piecework}' run -- true"], embedded.environment,
              note="embedded Redis already up")
        enter("an empty JVM main", [*java, "dev.piecework.benchmarks.Empty"], note="no options")
        enter("an empty JVM main, as the launcher sets it",
              [java[0], "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", *java[1:], "dev.piecework.benchmarks.Empty"])
        if shutil.which("redis-cli"):
            enter("redis-cli ping", ["redis-cli", "-p", redis.port, "ping"])
        contest.run(rounds)
    status = contest.series("piecework status q")
    short = contest.series("run of 10 true")
    return [contest], [
        at_most("startup: piecework status q, wall", status and status.wall, 0.15, "s"),
        at_most("startup: piecework status q, CPU", status and status.client_us / 1e6, 0.2, "s"),
        at_most("startup: run of 10 true, embedded Redis up, wall", short and short.wall, 0.4, "s"),
    ]
