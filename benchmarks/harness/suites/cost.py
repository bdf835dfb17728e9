"""The cost model, counted: commands and bytes that one batch costs Redis. Exact, whatever else the machine does."""

from statistics import median

from .. import peers
from ..contest import Contest
from ..measure import run
from ..redis import Redis
from ..report import number

PAYLOAD = 10

# What a queue may be set to, beside its defaults; the first is those.
SETTINGS = {"": (), "stop-early=auto": ("stop-early", "auto"), "backup=on": ("backup", "on", "format", "3")}


def cost(options):
    contest = Contest(f"what a batch costs Redis, payload of {PAYLOAD} bytes: ended, and the next leased, in one call")
    ours = peers.ours().prepare()
    with Redis() as redis:
        for batch, setting in [(batch, "") for batch in (1, 10, 100, 1000)] + [
                (batch, setting) for setting in list(SETTINGS)[1:] for batch in (1, 100)]:
            # So many that what a run keeps once of its own (its journal's first counts and attempts) is none of an item's cost.
            batches = max(20, min(5_000, 100_000 // batch))
            queue = f"{setting[:4] or 'many'}{batch}"
            run(ours.argv("fill-quiet", peers.Job(redis.url, 3 * batch, queue=queue, payload=PAYLOAD)))

            if setting:
                redis.call("HSET", f"{{{queue}}}:state", *SETTINGS[setting])

            def traffic(n):
                job = peers.Job(redis.url, n * batch, batch, queue=queue)
                redis.call("CONFIG", "RESETSTAT")
                run(ours.argv("backlog", job))
                return redis.traffic()

            traffic(batches)  # the first call of a script carries its text
            # What only the start and the end cost is in both, and so is not in the difference. A look at the other
            # sessions, which comes by time, may fall into one of them: the median of three leaves it out.
            pairs = [(traffic(batches), traffic(2 * batches)) for _ in range(3)]
            names = {name for _, many in pairs for name in many[0]}
            calls = {name: median((many[0].get(name, 0) - few[0].get(name, 0)) / batches for few, many in pairs)
                     for name in names}
            # The driver pushes each batch again: one RPUSH that is not ours.
            calls["rpush"] -= 1
            pushed = len(f"*{batch + 2}\r\n$5\r\nRPUSH\r\n$6\r\n{queue}\r\n") + batch * (PAYLOAD + 7)
            commands = {name: n for name, n in calls.items() if n > 0 and not name.startswith(("info", "config"))}
            inward = median((many[1] - few[1]) / batches for few, many in pairs) - pushed
            outward = median((many[2] - few[2]) / batches for few, many in pairs)
            contest.notes.append(
                f"batch of {batch}{setting and ', ' + setting}: {number(sum(commands.values()), 2)} commands ("
                + ", ".join(f"{number(n, 2).rstrip('0').rstrip('.')} {name}" for name, n in sorted(commands.items()))
                + f"); {number(inward / batch, 1)} bytes in and {number(outward / batch, 1)} out per item")
    return [contest], []
