"""Runs a command and measures it from outside: wall time, CPU of all its processes, peak memory."""

import ctypes
import json
import math
import os
import pickle
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field

PR_SET_CHILD_SUBREAPER = 36


@dataclass
class Run:
    """One command, from its start to its exit."""
    wall: float
    cpu: float  # seconds, user and system, of the process and of all descendants that ended
    rss: int  # bytes, of the largest of these processes
    code: int
    out: str
    err: str

    def report(self):
        """What a driver printed as its last line: a JSON object, or nothing."""
        for line in reversed(self.out.splitlines()):
            if line.startswith("{"):
                return json.loads(line)
        return {}


class Failed(Exception):
    """A measured command did not do what it should have."""


LIMIT = 300  # seconds: what takes longer hangs, and is stopped
HUNG = 124  # its exit code then, as of timeout(1)


def run(argv, stdin=None, env=None, cores=None, cwd=None, keep_output=True):
    """Runs it to its end. `stdin` is a file's path; `cores` pins it. Raises Failed if it exits otherwise than 0."""
    out = tempfile.TemporaryFile()
    err = tempfile.TemporaryFile()
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read)
        # What cleans up at the end is the harness's, not this process's.
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        try:
            answer = _in_fork(argv, stdin, env, cores, cwd, out if keep_output else subprocess.DEVNULL, err)
        except OSError as e:
            answer = (0.0, 0.0, 0, 127)
            err.write(str(e).encode())
        with os.fdopen(write, "wb") as pipe:
            pickle.dump(answer, pipe)
        os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        wall, cpu, rss, code = pickle.load(pipe)
    os.waitpid(pid, 0)
    texts = []
    for file in (out, err):
        file.seek(0)
        texts.append(file.read().decode(errors="replace"))
        file.close()
    result = Run(wall, cpu, rss, code, texts[0], texts[1])
    if code == HUNG:
        raise Failed(f"{' '.join(map(str, argv))[:300]} was stopped: it had not ended after {LIMIT} s")
    if code != 0:
        last = (result.err.strip() or result.out.strip()).splitlines()[-5:]
        raise Failed(f"{' '.join(map(str, argv))[:300]} exited {code}: " + " | ".join(last))
    return result


def _in_fork(argv, stdin, env, cores, cwd, out, err):
    # Orphans of the measured process become ours, so that what they used is not lost.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    if cores:
        os.sched_setaffinity(0, cores)
    with open(stdin or os.devnull, "rb") as source:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        began = time.perf_counter()
        process = subprocess.Popen([str(a) for a in argv], stdin=source, stdout=out, stderr=err, cwd=cwd,
                                   env={**os.environ, **(env or {})})
        try:
            code = process.wait(LIMIT)
        except subprocess.TimeoutExpired:
            code = HUNG
            for pid in _descendants(os.getpid()):
                _kill(pid)
            process.wait()
        wall = time.perf_counter() - began
    time.sleep(0.02)
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu, after.ru_maxrss * 1024, code


def _descendants(pid):
    """Its children, theirs, and so on."""
    found = []
    try:
        for thread in os.listdir(f"/proc/{pid}/task"):
            for child in open(f"/proc/{pid}/task/{thread}/children").read().split():
                found += [int(child), *_descendants(int(child))]
    except OSError:
        pass  # it has ended meanwhile
    return found


def _kill(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


@dataclass
class Sample:
    """One round of one contender."""
    items: int
    wall: float  # from the start of the process to its exit
    inner: float  # what the driver measured of itself, without its start; 0 if it does not tell
    client: float  # seconds of CPU
    server: float
    rss: int = 0

    @property
    def rate(self):
        return self.items / self.wall

    @property
    def inner_rate(self):
        return self.items / self.inner if self.inner else self.rate


@dataclass
class Series:
    """All rounds of one contender."""
    name: str
    ours: bool = False
    note: str = ""
    samples: list = field(default_factory=list)

    def median(self, figure):
        return statistics.median(figure(sample) for sample in self.samples)

    def quartiles(self, figure):
        values = sorted(figure(sample) for sample in self.samples)
        if len(values) < 3:
            return values[0], values[-1]
        low, _, high = statistics.quantiles(values, n=4, method="inclusive")
        return low, high

    @property
    def rate(self):
        """Whole process, cold start to exit."""
        return self.median(lambda s: s.rate)

    @property
    def inner_rate(self):
        return self.median(lambda s: s.inner_rate)

    @property
    def best_rate(self):
        """What a peer is held to be able to do: its start-up is not held against it."""
        return max(self.rate, self.inner_rate)

    @property
    def client_us(self):
        return self.median(lambda s: s.client / s.items * 1e6)

    @property
    def server_us(self):
        return self.median(lambda s: s.server / s.items * 1e6)

    @property
    def cpu_us(self):
        """Client and server together; the client alone where there is no server."""
        return self.median(lambda s: (s.client + (0 if math.isnan(s.server) else s.server)) / s.items * 1e6)

    @property
    def wall(self):
        return self.median(lambda s: s.wall)


def measured(redis, items, argv, **options):
    """A sample of one command that handles these items on this Redis."""
    redis.settle()
    before = redis.cpu()
    result = run(argv, **options)
    server = redis.cpu() - before
    report = result.report()
    if report.get("items", items) != items:
        raise Failed(f"{argv[0]} says that it handled {report['items']} items of {items}")
    return Sample(items, result.wall, report.get("seconds", 0.0), result.cpu, server, result.rss)
