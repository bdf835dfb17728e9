"""How much sooner a bag ends with backup attempts, when one of four workers is slow, or stopped."""

import os
import random
import signal
import subprocess
import time
from statistics import median

from .. import peers
from ..contest import Contest, say
from ..redis import Redis
from ..report import number

WORKERS, SLOTS, ITEMS, SECONDS, SLOWER = 4, 8, 200, 1.0, 8
HEALTHY, SLOW, STOPPED = "all alike", f"one {SLOWER} times as slow", "one stopped when half is done"
UNEQUAL = f"one {SLOWER} times as slow, exponential times of that mean"


def stragglers(options):
    seconds = SECONDS / 10 if options.quick else SECONDS
    contest = Contest(f"{ITEMS} items of {number(seconds, 1)} s, {WORKERS} workers of {SLOTS} slots: from the first item to drained")
    with Redis() as redis:
        for case in (HEALTHY, SLOW, UNEQUAL, STOPPED):
            took, busy, copies = {False: [], True: []}, {False: [], True: []}, []
            for round in range(options.rounds):
                for backup in (False, True):
                    bag = _bag(redis, case, _times(case, seconds, round), backup)
                    took[backup].append(bag[0])
                    busy[backup].append(bag[1])
                    if backup:
                        copies.append(bag[2:])
                    say(f"  {case}, {'with' if backup else 'without'}: {bag[0]:.1f} s, {bag[2]} copies, {bag[3]} won")
            without, with_it = sorted(took[False]), sorted(took[True])
            # Of 20 rounds the 19th, of fewer the last.
            high = max(0, -(-len(without) * 95 // 100) - 1)
            contest.notes.append(
                f"{case}: without {number(median(without), 1)} s (95 %: {number(without[high], 1)}), with --backup "
                f"{number(median(with_it), 1)} s (95 %: {number(with_it[high], 1)}), {number(without[high] / with_it[high], 2)} "
                f"times sooner at 95 %; {number(median(made for made, _ in copies), 1)} copies, "
                f"{number(median(won for _, won in copies), 1)} ended first; slot time "
                f"{number(100 * (median(busy[True]) / median(busy[False]) - 1), 1)} % more")
    return [contest], []


def _times(case, seconds, seed):
    dice = random.Random(seed)
    return [dice.expovariate(1 / seconds) if case == UNEQUAL else seconds for _ in range(ITEMS)]


def _bag(redis, case, times, backup):
    """One bag: seconds, seconds of slots at an attempt, copies made, copies that won."""
    redis.clear()
    piecework = peers.distribution_path()
    where = {**os.environ, "PIECEWORK_REDIS": redis.url}
    options = ["--backup"] if backup else []
    quiet = dict(env=where, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    workers = []
    try:
        for i in range(WORKERS):
            often = SLOWER if case in (SLOW, UNEQUAL) and i == 0 else 1
            workers.append(subprocess.Popen(
                [piecework, "work", "q", "--name", f"w{i}", "-p", str(SLOTS), *options, "--sh",
                 f"for i in $(seq {often}); do sleep $1; done"], **quiet))
        _until(lambda: redis.call("ZCARD", "{q}:sessions") == WORKERS)
        subprocess.run([piecework, "fill", "q", *options, *(f"{time:.3f}" for time in times)], check=True, **quiet)
        if case == STOPPED:
            _until(lambda: int(redis.call("HGET", "{q}:state", "done") or 0) >= ITEMS / 2)
            os.kill(workers[0].pid, signal.SIGSTOP)
        _until(lambda: redis.call("HGET", "{q}:state", "ended"))
        for worker in workers[1:] if case == STOPPED else workers:
            worker.wait(60)
        state = dict(zip(*[iter(map(bytes.decode, redis.call("HGETALL", "{q}:state")))] * 2))
        busy = int(redis.call("HGET", "{q}:journal:" + state["run"], "busy") or 0) / 1000
        return ((int(state["ended"]) - int(state["begun"])) / 1000, busy,
                int(state.get("copies-made", 0)), int(state.get("copies-won", 0)))
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()


def _until(condition, seconds=300):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise RuntimeError("it did not come to that")
        time.sleep(0.02)
