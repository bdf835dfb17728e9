"""Contenders measured alternately: one round of each, then the next round of each."""

import sys
import time
from dataclasses import dataclass, field

from . import measure, peers
from .measure import Series


BEGAN = time.monotonic()


def say(text):
    """What goes on and since when, for whoever watches; figures go to standard output."""
    minutes, seconds = divmod(int(time.monotonic() - BEGAN), 60)
    print(f"[{minutes:3}:{seconds:02}] {text}", file=sys.stderr, flush=True)


@dataclass
class Options:
    quick: bool = False
    rounds: int = 5
    only: tuple = ()  # names of contenders; none for all

    def items(self, many):
        """So many, or a fiftieth for a quick look."""
        return max(1, many // 50) if self.quick else many


@dataclass
class Entry:
    """A contender of one contest: `once` makes one sample, and has cleaned up before it."""
    series: Series
    once: object


@dataclass
class Contest:
    """What is compared under one heading."""
    title: str
    unit: str = "items"  # what is counted
    entries: list = field(default_factory=list)
    missing: dict = field(default_factory=dict)  # name -> why
    notes: list = field(default_factory=list)

    def enter(self, name, once, ours=False, note=""):
        self.entries.append(Entry(Series(name, ours, note), once))

    def run(self, rounds):
        for number in range(1, rounds + 1):
            for entry in list(self.entries):
                try:
                    sample = entry.once()
                except (measure.Failed, RuntimeError, OSError) as failure:
                    say(f"  {self.title}: {entry.series.name} failed: {failure}")
                    self.missing[entry.series.name] = f"failed in round {number}: {failure}"
                    self.entries.remove(entry)
                    continue
                entry.series.samples.append(sample)
                say(f"  {self.title}, round {number}: {entry.series.name}: {sample.rate:,.0f} {self.unit}/s, "
                    f"{sample.wall:.2f} s")
        return self

    def series(self, name):
        """The contender of this name, or nothing when it is missing."""
        for entry in self.entries:
            if entry.series.name == name and entry.series.samples:
                return entry.series
        return None

    @property
    def ours(self):
        return next((e.series for e in self.entries if e.series.ours and e.series.samples), None)

    def ready(self, peer, options):
        """Whether the peer takes part; if it cannot be installed that is noted."""
        if options.only and peer.name not in options.only:
            self.missing[peer.name] = "left out by --only"
            return False
        try:
            peer.prepare()
            return True
        except peers.Missing as why:
            say(f"  {peer.name} is missing: {why}")
            self.missing[peer.name] = str(why)
            return False


def drain_once(redis, peer, items, concurrency, result=0, verb="drain", filler=None, payload=10, cores=None, server_cores=None):
    """Empties Redis, fills it (not measured), drains it in a cold process."""
    job = peers.Job(redis.url, items, concurrency, payload, result)
    redis.clear()
    if not peer.steady_only:
        measure.run((filler or peer).argv("fill", job))
    cores = cores or peer.cores
    redis.pin(server_cores or cores)
    try:
        sample = measure.measured(redis, items, peer.argv(verb, job), cores=cores)
    finally:
        redis.pin(None)
    if peer.steady_only:
        sample.wall = sample.inner
        sample.client = sample.server = float("nan")
    return sample


def best_concurrency(redis, peer, items, **options):
    """Tries each once, with fewer items, and answers with the quickest."""
    if len(peer.concurrencies) == 1:
        return peer.concurrencies[0]
    rates = {c: drain_once(redis, peer, items, c, **options).inner_rate for c in peer.concurrencies}
    best = max(rates, key=rates.get)
    say(f"  {peer.name}: " + ", ".join(f"{c}: {rate:,.0f}/s" for c, rate in rates.items()) + f"; takes {best}")
    return best
