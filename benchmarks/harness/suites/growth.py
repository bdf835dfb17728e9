"""What changes when there is more of something: workers, payload, backlog, idle sessions."""

import subprocess
import time

from .. import peers
from ..contest import Contest, drain_once
from ..measure import Failed, Sample, measured, run
from ..redis import Redis
from ..report import number
from ..targets import Target

ROUNDS = 11
BATCH = 1000


def workers(options):
    items = options.items(1_000_000)
    contest = Contest(f"{items:,} items, by number of worker processes, each cold to exit")
    ours = peers.ours().prepare()
    with Redis() as redis:
        for processes in (1, 2, 4, 8, 16):
            job = peers.Job(redis.url, items)
            one = " ".join(f"'{word}'" for word in ours.argv("drain", job))
            all_of_them = ["sh", "-c", f"i=0; while [ $i -lt {processes} ]; do {one} >/dev/null & i=$((i + 1)); done; wait"]

            def once(argv=all_of_them):
                redis.clear()
                run(ours.argv("fill", job))
                return measured(redis, items, argv)
            contest.enter(f"{processes} processes", once, ours=processes == 1)
        contest.run(options.rounds)
    contest.notes.append("with two cores, a process more than one adds its start-up and no core")
    return [contest], []


def payload(options):
    contest = Contest("drain by size of payload")
    ours = peers.ours().prepare()
    with Redis() as redis:
        for size in (10, 100, 1_000, 10_000, 100_000, 1_048_576):
            items = max(10, min(options.items(500_000), options.items(256_000_000) // size))
            contest.enter(f"{size:,} bytes", lambda n=items, s=size: drain_once(redis, ours, n, 1, payload=s), ours=size == 10)
        contest.run(options.rounds)
    for entry in contest.entries:
        size = int(entry.series.name.split()[0].replace(",", ""))
        contest.notes.append(f"{entry.series.name}: {number(entry.series.inner_rate * size / 1e6)} MB/s of payload")
    return [contest], []


def backlog(options):
    """Lots are leased and ended, and as many pushed again, so that a backlog stays as long as it is."""
    items = options.items(200_000)
    most = 5 if options.quick else 7
    contest = Contest(f"{items:,} items by backlog, which stays the same: each batch of {BATCH} that is ended is pushed again")
    ours = peers.ours().prepare()
    traffic = {}
    with Redis() as redis:
        for power in range(3, most + 1):
            # A lapse of an hour, so that no heartbeat falls into the counted calls.
            run(ours.argv("fill-quiet", peers.Job(redis.url, 10 ** power, queue=f"b{power}")))
            # Once without counting: the first call of a script carries its text.
            run(ours.argv("backlog", peers.Job(redis.url, items, BATCH, queue=f"b{power}")))
        for power in range(3, most + 1):

            def once(power=power):
                redis.call("CONFIG", "RESETSTAT")
                sample = measured(redis, items, ours.argv("backlog", peers.Job(redis.url, items, BATCH, queue=f"b{power}")))
                traffic.setdefault(power, []).append(redis.traffic())
                return sample
            contest.enter(f"10^{power} waiting", once, ours=power == 4)
        contest.run(3 if options.quick else ROUNDS)
    return [contest], [_same_traffic(contest, traffic, items), _same_cpu(contest, most)]


def _same_traffic(contest, traffic, items):
    """Calls must be equal, command by command; bytes but for the digits of the backlog. A look for sessions that lapsed
    comes by time, not by item, and only ever adds calls: what is compared is the rounds without one."""
    least = {power: _least(rounds) for power, rounds in traffic.items()}
    base = least[4]
    differing = sorted({f"{name} at 10^{power}" for power, calls in least.items()
                        for name, _ in calls.items() ^ base.items()})
    spreads = [max(abs(read - base_read), abs(written - base_written)) / items
               for rounds in traffic.values()
               for (calls, read, written), (base_calls, base_read, base_written) in zip(rounds, traffic[4])
               if _ours_only(calls) == base == _ours_only(base_calls)]
    quiet = next((r for r in traffic[4] if _ours_only(r[0]) == base), traffic[4][0])
    contest.notes.append("commands at 10^4: " + ", ".join(f"{n} {name}" for name, n in sorted(base.items())))
    if differing:
        contest.notes.append("differ: " + ", ".join(differing))
    return Target("backlog: commands per item equal at 10^3 to 10^7, bytes within 0.05",
                  not differing and max(spreads, default=1) <= 0.05,
                  f"{sum(base.values()) / items:.3f} commands, {quiet[1] / items:.2f} bytes in, "
                  f"{quiet[2] / items:.2f} out; differ by ≤ {max(spreads, default=float('nan')):.3f} bytes")


def _least(rounds):
    always = set.intersection(*(set(_ours_only(calls)) for calls, _, _ in rounds))
    return {name: min(calls[name] for calls, _, _ in rounds) for name in always}


def _ours_only(calls):
    """Without the harness's own looks."""
    return {name: n for name, n in calls.items() if not name.startswith(("info", "config"))}


def _same_cpu(contest, most):
    def cost(sample):
        return sample.server / sample.items * 1e6
    base, far = contest.series("10^4 waiting"), contest.series(f"10^{most} waiting")
    low, high = base.quartiles(cost)
    value = far.median(cost)
    return Target(f"backlog: server CPU per item at 10^{most} within the quartiles of 10^4, or below",
                  value <= high, f"{value:.3f} µs; 10^4: {low:.3f} to {high:.3f} µs")


def sessions(options):
    idle = 50 if options.quick else 1_000
    items = options.items(1_000_000)
    contest = Contest(f"{items:,} items drained beside idle workers")
    ours = peers.ours().prepare()
    with Redis() as alone, Redis() as crowded:
        crowd = subprocess.Popen([str(w) for w in ours.argv("idle", peers.Job(crowded.url, idle, queue="elsewhere"))],
                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            if not crowd.stdout.readline():
                raise Failed("the idle workers did not start")
            time.sleep(3)
            contest.notes.append(_at_rest(crowded, idle))
            contest.notes.append(_wake_up(crowded))

            def beside():
                # Not cleared: the crowd's sessions are in it.
                run(ours.argv("fill", peers.Job(crowded.url, items)))
                return measured(crowded, items, ours.argv("drain", peers.Job(crowded.url, items)))
            contest.enter("alone", lambda: drain_once(alone, ours, items, 1), ours=True)
            contest.enter(f"beside {idle:,} idle workers", beside)
            contest.run(options.rounds)
        finally:
            crowd.kill()
            crowd.wait()
    return [contest], []


def _wake_up(redis):
    """How long an item waits until an idle worker of the crowd has leased it."""
    def token():
        return int(redis.call("HGET", "{elsewhere}:state", "token") or 0)
    took = []
    for number in range(60):
        before = token()
        began = time.perf_counter()
        redis.call("RPUSH", "elsewhere", f"item {number}")
        while token() <= before:
            if time.perf_counter() - began > 30:
                return "idle workers: an item was not leased for 30 s"
        took.append(time.perf_counter() - began)
        time.sleep(0.05)
    took = sorted(took[10:])  # the first ones warm up
    return (f"from RPUSH to leased by an idle worker: median {took[len(took) // 2] * 1e3:.1f} ms, "
            f"worst of {len(took)} {took[-1] * 1e3:.1f} ms")


def _at_rest(redis, idle):
    """What the idle ones cost when nothing happens."""
    seconds = 10
    before, calls = redis.cpu(), int(redis.info("stats")["total_commands_processed"])
    time.sleep(seconds)
    cpu = (redis.cpu() - before) / seconds
    calls = (int(redis.info("stats")["total_commands_processed"]) - calls) / seconds
    clients = redis.info("clients")["connected_clients"]
    return (f"{idle:,} idle workers, {clients} connections, nothing to do: {calls:,.0f} commands/s (those in scripts "
            f"counted), {cpu * 100:.1f} % of a core of Redis")
