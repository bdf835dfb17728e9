"""The starter for Spring Boot beside the plain worker, in one process: what it adds to an item."""

from statistics import median

from .. import peers
from ..contest import Contest, say
from ..measure import run
from ..redis import Redis
from ..report import number
from ..targets import at_most


def starter(options):
    items = options.items(300_000)
    contest = Contest(f"{items:,} items, 8 slots, a handler that does nothing: by turns by a plain worker and by the starter's")
    words = peers.starter().prepare().words
    with Redis() as redis:
        say(f"  {options.rounds + 1} rounds of three bags in one JVM")
        said = run([*words, redis.url, items, options.rounds]).report()
    for name, what in (("plain", "the plain worker"), ("starter", "the starter's"), ("observed", "that with metrics and observations")):
        contest.notes.append(f"{what}: {number(median(said[name]), 2)} µs of CPU of the client for an item "
                             f"({', '.join(number(micros, 2) for micros in said[name])})")
    added = {name: median(theirs - plain for theirs, plain in zip(said[name], said["plain"])) for name in ("starter", "observed")}
    return [contest], [
        at_most("the starter, over the plain worker, of an item", added["starter"], 5, "µs"),
        at_most("with metrics and observations", added["observed"], 5, "µs"),
    ]
