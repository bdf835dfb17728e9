"""The cost model, counted: commands and bytes that one lot costs Redis. Exact, whatever else the machine does."""

from statistics import median

from .. import peers
from ..contest import Contest
from ..measure import run
from ..redis import Redis
from ..report import number

PAYLOAD = 10


def cost(options):
    contest = Contest(f"what a lot costs Redis, payload of {PAYLOAD} bytes: ended, and the next leased, in one call")
    ours = peers.ours().prepare()
    with Redis() as redis:
        for lot in (1, 10, 100, 1000):
            lots = 100 if lot < 1000 else 20
            queue = f"lots{lot}"
            run(ours.argv("fill-quiet", peers.Job(redis.url, 3 * lot, queue=queue, payload=PAYLOAD)))

            def traffic(n):
                job = peers.Job(redis.url, n * lot, lot, queue=queue)
                redis.call("CONFIG", "RESETSTAT")
                run(ours.argv("backlog", job))
                return redis.traffic()

            traffic(lots)  # the first call of a script carries its text
            # What only the start and the end cost is in both, and so is not in the difference. A look at the other
            # sessions, which comes by time, may fall into one of them: the median of three leaves it out.
            pairs = [(traffic(lots), traffic(2 * lots)) for _ in range(3)]
            names = {name for _, many in pairs for name in many[0]}
            calls = {name: median((many[0].get(name, 0) - few[0].get(name, 0)) / lots for few, many in pairs)
                     for name in names}
            # The driver pushes each lot again: one RPUSH that is not ours.
            calls["rpush"] -= 1
            pushed = len(f"*{lot + 2}\r\n$5\r\nRPUSH\r\n$6\r\n{queue}\r\n") + lot * (PAYLOAD + 7)
            commands = {name: n for name, n in calls.items() if n > 0 and not name.startswith(("info", "config"))}
            inward = median((many[1] - few[1]) / lots for few, many in pairs) - pushed
            outward = median((many[2] - few[2]) / lots for few, many in pairs)
            contest.notes.append(
                f"lot of {lot}: {number(sum(commands.values()), 2)} commands ("
                + ", ".join(f"{number(n, 2).rstrip('0').rstrip('.')} {name}" for name, n in sorted(commands.items()))
                + f"); {number(inward / lot, 1)} bytes in and {number(outward / lot, 1)} out per item")
    return [contest], []
