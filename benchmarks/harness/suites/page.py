"""The page and the report: how soon they are seen, what they take of a browser, and what open pages cost Redis."""

import http.client
import json
import os
import random
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from statistics import median

from .. import peers
from ..contest import Contest, say
from ..measure import Failed, measured, run
from ..redis import Redis
from ..report import number
from ..targets import Target, at_least, at_most

PAGES = 10
TOKEN = "a-token-that-nobody-guesses"
SLOW_MICROS = 1_000
KINDS = 12


def page(options):
    items, group = options.items(1_000_000), options.items(50_000)
    contest = Contest(f"the page on {items:,} items, {items // 10:,} of them dead of {KINDS} kinds, 200 sessions")
    ours, browser, targets = peers.ours().prepare(), peers.browser().prepare(), []
    piecework = peers.distribution()
    with Redis() as redis, tempfile.TemporaryDirectory() as folder:
        under_way = _spoken(ours.argv("under-way", peers.Job(redis.url, items, queue="q")))
        run(ours.argv("one-cause", peers.Job(redis.url, group, queue="g")))
        with Ui(piecework, redis, folder) as ui:
            targets += _first_view(contest, browser, ui, items, options)
            targets += _requeue(contest, redis, browser, piecework, ui, group)
            targets += _live(contest, redis, ours, browser, ui, options)
            targets += _at_rest(contest, redis, browser, ui, options)
            targets += _commands(contest, redis, browser, ui)
            _end(under_way)
            targets += _report(contest, redis, browser, piecework, folder, items, options)
            drained = _drain(redis, ours, browser, ui, options)
    beside, without = drained.series(_with_pages(True)), drained.series(_with_pages(False))
    by_pages = beside.rate / without.rate if beside and without else None
    targets.append(at_least(f"drain beside {PAGES} pages on it", by_pages, 0.99))
    return [contest, drained], targets


class Ui:
    """`piecework ui`, and pages on it. On a core of its own where there are two: it is another machine's work."""

    def __init__(self, piecework, redis, folder):
        token = Path(folder, "token")
        token.write_text(TOKEN + "\n")
        self.process = subprocess.Popen([piecework, "ui", "--token-file", token], env={**os.environ, "PIECEWORK_REDIS": redis.url},
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.origin = self.process.stdout.readline().split("#")[0].rstrip("/\n")
        if not self.origin:
            raise Failed("piecework ui did not start")
        self.port = int(self.origin.rsplit(":", 1)[1])

    def url(self, queue):
        return f"{self.origin}/?token={TOKEN}#/q/{queue}"

    def addresses(self):
        """Its ends of its connections, as Redis names them."""
        folder = Path(f"/proc/{self.process.pid}")
        sockets = {os.readlink(file)[len("socket:["):-1] for file in (folder / "fd").iterdir()
                   if os.path.islink(file) and os.readlink(file).startswith("socket:[")}
        tables = [line.split() for name in ("tcp", "tcp6") for line in (folder / "net" / name).read_text().splitlines()[1:]]
        return {f"127.0.0.1:{int(row[1].rsplit(':', 1)[1], 16)}".encode() for row in tables if row[9] in sockets}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


class Open:
    """Pages on one queue, nine that only listen and one in a browser."""

    def __init__(self, ui, browser, queue):
        self.listening = [http.client.HTTPConnection("127.0.0.1", ui.port) for _ in range(PAGES - 1)]
        self.events = 0
        for connection in self.listening:
            connection.request("GET", f"/api/queues/{queue}/events", headers={"Authorization": f"Bearer {TOKEN}"})
            threading.Thread(target=self._read, args=[connection], daemon=True).start()
        self.shown = _spoken([*browser.words, "stay", ui.url(queue)])

    def _read(self, connection):
        try:
            for line in connection.getresponse():
                self.events += line.startswith(b"event:")
        except (OSError, ValueError, AttributeError, http.client.HTTPException):
            pass  # closed

    def close(self):
        """What the one in the browser says of itself."""
        seen = _end(self.shown)
        for connection in self.listening:
            connection.sock.close()
        return seen


def _spoken(argv):
    """A process that says in a line that it has come so far, and ends when it is sent one."""
    process = subprocess.Popen([str(word) for word in argv], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    if not process.stdout.readline():
        raise Failed(f"{argv} did not come so far")
    return process


def _end(process):
    out, _ = process.communicate("\n")
    return json.loads(out.splitlines()[-1])


def _look(browser, *words):
    return run([*browser.words, *words]).report()


def _first_view(contest, browser, ui, items, options):
    cold = _look(browser, "first", ui.url("q"), 1)["millis"]
    seen = _look(browser, "first", ui.url("q"), 2 * options.rounds)
    millis = seen["millis"]
    contest.notes.append(f"first view: {number(cold[0])} ms of a ui just started, then {', '.join(map(str, millis))} ms")
    causes = seen["groups"]
    dead = items // 10
    right = len(causes) == KINDS and sorted(causes.values()) == sorted(dead // KINDS + (k < dead % KINDS) for k in range(KINDS))
    return [at_most("first view", median(millis), 500, "ms"),
            Target(f"its {KINDS} groups are all, with all their dead", right, ", ".join(map(str, sorted(causes.values()))))]


def _requeue(contest, redis, browser, piecework, ui, group):
    seen = _look(browser, "requeue", ui.url("g"))
    waiting = _counts(piecework, redis, "g")["waiting"]
    contest.notes.append(f"requeue of a group of {group:,}: {number(seen['millis'])} ms from the click to the new numbers")
    return [at_most(f"a group of {group:,} is requeued by a click", seen["millis"], 2_000, "ms"),
            Target("all of them wait then", seen["counts"]["waiting"] == waiting == group and seen["counts"]["dead"] == 0, f"{waiting:,}")]


def _live(contest, redis, ours, browser, ui, options):
    """Items that end one by one, at no time in particular, until the page shows that one more is done."""
    ends = 5 if options.quick else 30
    process = _spoken(ours.argv("one-by-one", peers.Job(redis.url, ends, queue="l")))
    shown = _spoken([*browser.words, "live", ui.url("l")])
    chance = random.Random(1)
    for _ in range(ends):
        time.sleep(1.5 + chance.random())
        process.stdin.write("\n")
        process.stdin.flush()
    ended = json.loads(process.communicate()[0].splitlines()[0])
    time.sleep(3)
    seen = _end(shown)["seen"]
    if len(seen) != ends:
        raise Failed(f"of {ends} ends the page showed {len(seen)}")
    late = sorted(at - end for at, end in zip(seen, ended))
    contest.notes.append(f"an item's end is seen by the page after {number(late[0])} to {number(late[-1])} ms, "
                         f"median {number(median(late))} ms, of {ends} ends")
    return [at_most("an item's end is seen by the page after, at most", late[-1], 1_000, "ms")]


def _at_rest(contest, redis, browser, ui, options):
    """Nothing ends: what Redis does is what the heartbeats of the workers cost, and the pages."""
    seconds = 10 if options.quick else 60
    shares, sizes, slow, addresses = {False: [], True: []}, [], [], set()
    for _ in range(2 if options.quick else 3):
        for pages in (False, True):
            opened = Open(ui, browser, "q") if pages else None
            time.sleep(3)
            redis.call("CONFIG", "SET", "slowlog-log-slower-than", SLOW_MICROS)
            redis.call("SLOWLOG", "RESET")
            before, began = redis.cpu(), time.monotonic()
            time.sleep(seconds)
            shares[pages].append(100 * (redis.cpu() - before) / (time.monotonic() - began))
            if pages:
                slow += redis.call("SLOWLOG", "GET", 100)
                addresses |= ui.addresses()
                sizes.append(opened.close())
            say(f"  at rest, {'with' if pages else 'without'} pages: {shares[pages][-1]:.2f} % of a core")
    own = [entry for entry in slow if entry[4] in addresses]
    more = median(shares[True]) - median(shares[False])
    contest.notes.append(f"Redis at rest, {seconds} s each in turn: without pages {_list(shares[False])} % of a core, "
                         f"with {PAGES} {_list(shares[True])} %")
    contest.notes.append(f"the page in the browser after {seconds} s: its process {_list([s['mebibytes'] for s in sizes])} MiB, "
                         f"of which its scripts' objects {_list([s['heapMebibytes'] for s in sizes])} MiB")
    contest.notes += [f"slow{', of the page' * (entry in own)}: {entry[2] / 1000:.1f} ms: {_short(entry[3])}" for entry in slow[:10]]
    return [at_most(f"{PAGES} open pages cost of a core of Redis, by its CPU with and without", more, 0.5, "%"),
            Target(f"no call above {SLOW_MICROS / 1000:.0f} ms while they are open", not slow, f"{len(slow)} of them, {len(own)} the page's"),
            at_most("the page in a browser", median(s["mebibytes"] for s in sizes), 150, "MiB")]


def _commands(contest, redis, browser, ui):
    """The same by the time in each command, which tells theirs from the workers': much else on the machine blurs the other
    figure. A command within a script is counted with its script."""
    seconds = 20
    opened = Open(ui, browser, "q")
    time.sleep(3)
    redis.call("CONFIG", "SET", "slowlog-max-len", 1_000_000)
    redis.call("CONFIG", "SET", "slowlog-log-slower-than", 0)
    redis.call("SLOWLOG", "RESET")
    began = time.monotonic()
    time.sleep(seconds)
    calls = [(entry[2], entry[3][0], entry[4]) for entry in redis.call("SLOWLOG", "GET", 1_000_000)]
    took = time.monotonic() - began
    redis.call("CONFIG", "SET", "slowlog-log-slower-than", SLOW_MICROS)
    redis.call("SLOWLOG", "RESET")
    own = ui.addresses()
    opened.close()
    theirs = sorted(micros for micros, _, who in calls if who in own)
    share = 100 * sum(theirs) / took / 1e6
    contest.notes.append(f"{PAGES} pages: {len(theirs) / took:.1f} calls a second of {median(theirs)} µs, at most {theirs[-1]} µs; "
                         f"with the workers' {sum(micros for micros, _, _ in calls) / took / 1e4:.2f} % of a core")
    return [at_most(f"{PAGES} open pages cost of a core of Redis, by the time in their commands", share, 0.5, "%")]


def _list(values):
    return ", ".join(f"{value:.2f}".rstrip("0").rstrip(".") for value in values)


def _short(words):
    return b" ".join(words).decode(errors="replace")[:160]


def _report(contest, redis, browser, piecework, folder, items, options):
    where = {"PIECEWORK_REDIS": redis.url}
    file = Path(folder, "run.html")
    made = []
    for _ in range(options.rounds):
        file.unlink(missing_ok=True)
        made.append(run([piecework, "report", "q", "--to", file], env=where).wall)
    seen = _look(browser, "first", file.as_uri(), 2 * options.rounds)
    status = _counts(piecework, redis, "q")
    # There is a row for each dead item too.
    results = int(run(["sh", "-c", f"{piecework} results q | grep -c '\"state\":\"done\"'"], env=where).out)
    counts = seen["counts"]
    equal = all(counts[state] == status[state] for state in ("waiting", "leased", "delayed", "done", "dead"))
    contest.notes.append(f"report: made in {_list(made)} s, {file.stat().st_size:,} bytes, opened offline in "
                         f"{', '.join(map(str, seen['millis']))} ms")
    return [at_most("the report is made", median(made), 3, "s"),
            at_most("its size", file.stat().st_size / 1e6, 1, "MB"),
            at_most("it opens offline", median(seen["millis"]), 500, "ms"),
            Target("its numbers are those of status and results",
                   equal and counts["done"] == results == items - items // 10 and counts["dead"] == items // 10,
                   f"{counts['done']:,} done, {results:,} results, {counts['dead']:,} dead")]


def _counts(piecework, redis, queue):
    """As `status` says them."""
    said = subprocess.run([piecework, "status", queue, "-o", "json"], env={**os.environ, "PIECEWORK_REDIS": redis.url},
                          stdout=subprocess.PIPE, check=False).stdout
    return json.loads(said)["counts"]


def _with_pages(pages):
    return f"beside {PAGES} pages" if pages else "without pages"


def _drain(redis, ours, browser, ui, options):
    """Pages and what serves them on one core, as on another machine; Redis and the worker on the other."""
    items = options.items(4_000_000)
    contest = Contest(f"{items:,} items drained, Redis and worker on one core, the pages on another")
    cores = os.cpu_count() > 1
    own, others = ({0}, {1}) if cores else (None, None)
    job = peers.Job(redis.url, items)

    def once(pages):
        redis.call("DEL", *redis.call("KEYS", "*bench*") or ["none"])
        run(ours.argv("fill", job))
        opened = Open(ui, browser, "bench") if pages else None
        try:
            return measured(redis, items, ours.argv("drain", job), cores=own)
        finally:
            if opened:
                opened.close()

    redis.pin(own)
    before = os.sched_getaffinity(0)
    if others:
        for thread in ("0", *os.listdir(f"/proc/{ui.process.pid}/task")):
            os.sched_setaffinity(int(thread), others)
    try:
        for pages in (False, True):
            contest.enter(_with_pages(pages), lambda it=pages: once(it), ours=not pages)
        return contest.run(options.rounds)
    finally:
        redis.pin(None)
        os.sched_setaffinity(0, before)
