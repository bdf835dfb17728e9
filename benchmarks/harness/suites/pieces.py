"""JMH: the pieces that a whole process is made of."""

import json
import os
import tempfile

from .. import peers
from ..contest import Contest, say
from ..measure import run
from ..redis import Redis
from ..report import number


def pieces(options):
    contest = Contest("the pieces, by JMH", unit="calls")
    words = peers.ours().prepare().words[:-1]
    length = ["-f", "1", "-wi", "1", "-i", "1", "-w", "200ms", "-r", "200ms"] if options.quick else \
        ["-f", "1", "-wi", "3", "-i", str(max(5, options.rounds)), "-w", "1s", "-r", "1s"]
    with Redis() as redis:
        handle, path = tempfile.mkstemp(suffix=".json")
        os.close(handle)
        try:
            say("  JMH runs; it takes a minute or two")
            run([words[0], f"-Dredis={redis.url}", *words[1:], "org.openjdk.jmh.Main", *length,
                 "-rf", "json", "-rff", path, "-jvmArgs", f"-Dredis={redis.url}"])
            with open(path) as file:
                measured = json.load(file)
        finally:
            os.unlink(path)
    for result in measured:
        name = ".".join(result["benchmark"].split(".")[-2:])
        params = ", ".join(f"{k} {v}" for k, v in result.get("params", {}).items())
        score = result["primaryMetric"]
        contest.notes.append(f"{name} ({params}): {number(score['score'], 2)} ± "
                             f"{number(_error(score), 2)} {score['scoreUnit']}")
    return [contest], []


def _error(score):
    return float("nan") if score["scoreError"] == "NaN" else score["scoreError"]
