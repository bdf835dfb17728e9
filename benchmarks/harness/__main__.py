"""benchmarks/run SUITE... [--quick] [--rounds N] [--only NAME,...] [-o json]"""

import argparse
import json
import signal
import sys
import time
import traceback

from . import peers, report
from .contest import Options, say
from .targets import Target
from .suites import cost, drain, filling, growth, page, partitions, pieces, processes, single, starter, startup, stragglers

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
    "partitions": partitions.partitions,
    "page": page.page,
    "pieces": pieces.pieces,
    "stragglers": stragglers.stragglers,
    "starter": starter.starter,
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
    kept = peers.HERE / "target" / "results" / time.strftime("%Y%m%d-%H%M%S")
    kept.mkdir(parents=True)
    say(f"each suite's figures are kept in {kept}")
    contests, targets, broken = [], [], []
    for name in chosen:
        say(f"{name} ({chosen.index(name) + 1} of {len(chosen)}) ...")
        try:
            held, judged = SUITES[name](options)
        except Exception as failure:  # the others can still be measured
            traceback.print_exc()
            broken.append(name)
            held, judged = [], [Target(f"{name}: the suite broke: {failure}", None, "-")]
        contests += held
        targets += judged
        whole = as_json(facts, options, held, judged)
        (kept / f"{name}.json").write_text(json.dumps(whole, indent=1) + "\n")
        with open(kept / "tables.md", "a") as tables:
            tables.write("\n".join(report.contest(c) for c in held) + "\n" + report.targets(judged, options.quick) + "\n")
        if as_table:
            print("\n".join(report.contest(c) for c in held), flush=True)
    if as_table:
        print(report.targets(targets, arguments.quick))
    else:
        json.dump(as_json(facts, options, contests, targets), sys.stdout, indent=1)
        print()
    say("done" + (f"; these suites broke: {', '.join(broken)}" if broken else ""))
    return 1 if broken else 0


def as_json(facts, options, contests, targets):
    return {"machine": facts, "rounds": options.rounds, "quick": options.quick,
            "contests": [report.contest_json(c) for c in contests],
            "targets": [vars(t) for t in targets]}


# So that what was started is stopped (atexit) also when the harness is told to end.
signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(143))
try:
    sys.exit(main())
except KeyboardInterrupt:
    sys.exit(130)
