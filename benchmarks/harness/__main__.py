"""benchmarks/run SUITE... [--quick] [--rounds N] [--only NAME,...] [-o json]"""

import argparse
import json
import signal
import sys

from . import report
from .contest import Options, say
from .suites import cost, drain, filling, growth, pieces, processes, single, startup

SUITES = {
    "cost": cost.cost,
    "drain": drain.drain,
    "results": drain.results,
    "single": single.single,
    "slots64": single.slots64,
    "fill": filling.fill,
    "commands": processes.commands,
    "batch": processes.batch,
    "child": processes.child,
    "startup": startup.startup,
    "size": filling.size,
    "aof": drain.aof,
    "workers": growth.workers,
    "payload": growth.payload,
    "backlog": growth.backlog,
    "sessions": growth.sessions,
    "pieces": pieces.pieces,
}
GROWTH = ["workers", "payload", "backlog", "sessions"]


def main():
    parser = argparse.ArgumentParser(prog="benchmarks/run", description=__doc__)
    parser.add_argument("suites", nargs="+", metavar="SUITE", choices=["all", "growth", *SUITES],
                        help="all, growth (workers to sessions), or of: " + ", ".join(SUITES))
    parser.add_argument("--quick", action="store_true", help="few items, three rounds: whether it works, not how fast")
    parser.add_argument("--rounds", type=int, help="rounds of each contender (5; quick: 3)")
    parser.add_argument("--only", default="", metavar="NAME,...", help="of the peers, only these")
    parser.add_argument("-o", "--output", choices=["table", "json"], default="table")
    arguments = parser.parse_args()
    rounds = arguments.rounds or (3 if arguments.quick else 5)
    options = Options(arguments.quick, rounds, tuple(filter(None, arguments.only.split(","))))
    chosen = list(SUITES) if "all" in arguments.suites else arguments.suites
    chosen = [name for suite in chosen for name in (GROWTH if suite == "growth" else [suite])]

    facts = report.machine()
    as_table = arguments.output == "table"
    if as_table:
        print(report.header(facts) + "\n", flush=True)
    contests, targets = [], []
    for name in chosen:
        say(f"{name} ...")
        held, judged = SUITES[name](options)
        contests += held
        targets += judged
        if as_table:
            print("\n".join(report.contest(c) for c in held), flush=True)
    if as_table:
        print(report.targets(targets, arguments.quick))
    else:
        json.dump({"machine": facts, "rounds": rounds, "quick": arguments.quick,
                   "contests": [report.contest_json(c) for c in contests],
                   "targets": [vars(t) for t in targets]}, sys.stdout, indent=1)
        print()


# So that what was started is stopped (atexit) also when the harness is told to end.
signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(143))
try:
    main()
except KeyboardInterrupt:
    sys.exit(130)
