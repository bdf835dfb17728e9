"""Whole commands of ours beside those of the system: commands, batch, child."""

import os
import tempfile

from .. import peers
from ..contest import Contest
from ..embedded import Embedded
from ..measure import Sample, run
from ..targets import at_least, ratio

SLOW = 5  # GNU parallel gets a fifth of the items: nobody wants to wait for it

CHILD = peers.ROOT / "benchmarks" / "peers" / "echo_child.py"


class Numbers:
    """A file with this many lines, gone at the end."""

    def __init__(self, lines):
        self.lines = lines

    def __enter__(self):
        with tempfile.NamedTemporaryFile("w", suffix=".txt", delete=False) as file:
            file.writelines(f"{i}\n" for i in range(1, self.lines + 1))
        self.path = file.name
        return self

    def __exit__(self, *_):
        os.unlink(self.path)


def _enter_command(contest, numbers, name, argv, note=""):
    """A system's command that reads items from standard input."""

    def once():
        done = run(argv, stdin=numbers.path)
        return Sample(numbers.lines, done.wall, 0, done.cpu, float("nan"), done.rss)

    contest.enter(name, once, note=note or " ".join(map(str, argv)))


def _enter_ours(contest, embedded, numbers, *words, name="piecework", ours=True):
    def once():
        before = embedded.cpu()
        done = run([peers.distribution_path(), "run", *words], stdin=numbers.path, env=embedded.environment)
        return Sample(numbers.lines, done.wall, 0, done.cpu, embedded.cpu() - before, done.rss)

    contest.enter(name, once, ours=ours, note="run " + " ".join(words))


def _enter_parallel(contest, numbers, *words):
    try:
        peers.command("parallel", "parallel")
    except peers.Missing as why:
        contest.missing["parallel"] = str(why)
        return
    _enter_command(contest, numbers, "parallel", ["parallel", *words])


def commands(options):
    items = 500 if options.quick else 5_000
    contest = Contest(f"a process per item: {items:,} items, whole command, embedded Redis already up")
    with Embedded() as embedded, Numbers(items) as numbers, Numbers(items // SLOW) as fewer:
        _enter_ours(contest, embedded, numbers, "-p", "2", "--", "true")
        _enter_command(contest, numbers, "xargs", ["xargs", "-P2", "-n1", "true"])
        _enter_parallel(contest, fewer, "-j2", "true")
        contest.run(options.rounds)
    return [contest], [
        at_least("commands: against xargs -P2 -n1 true", ratio(contest, "xargs"), 1),
        at_least("commands: against GNU parallel -j2", ratio(contest, "parallel"), 4),
    ]


def batch(options):
    items = options.items(500_000)
    contest = Contest(f"a process per 100 items: {items:,} items, whole command, embedded Redis already up")
    with Embedded() as embedded, Numbers(items) as numbers, Numbers(items // SLOW) as fewer:
        _enter_ours(contest, embedded, numbers, "-p", "2", "--batch", "100", "--", "true")
        _enter_command(contest, numbers, "xargs", ["xargs", "-P2", "-n100", "true"])
        _enter_parallel(contest, fewer, "-j2", "-N100", "true")
        contest.run(options.rounds)
    return [contest], [at_least("batch: against xargs -P2 -n100 true", ratio(contest, "xargs"), 0.5)]


def child(options):
    items = options.items(1_000_000)
    contest = Contest(f"a long-lived Python child that echoes: {items:,} items, whole command")
    with Embedded() as embedded, Numbers(items) as numbers:
        for slots in ("1", "2"):
            _enter_ours(contest, embedded, numbers, "-p", slots, "--child", "--", "/usr/bin/python3", str(CHILD),
                        name=f"piecework -p {slots}", ours=slots == "2")
        contest.run(options.rounds)
    best = max(contest.series(f"piecework -p {slots}").rate for slots in ("1", "2"))
    return [contest], [at_least("child: a Python child that echoes", best, 100_000, "items/s")]
