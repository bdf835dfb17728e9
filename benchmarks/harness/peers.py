"""Who takes part: ours, the peers and the bare limit. Each is installed on first use, into target folders.

A driver is called as `... VERB REDIS_URL QUEUE ITEMS CONCURRENCY PAYLOAD_BYTES RESULT_BYTES` and prints, last, a JSON
object with the `items` that it handled and the `seconds` that it took once it had started.
"""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
ROOT = HERE.parent
SCRATCH = HERE / "target" / "peers"
JAVA = Path(os.environ.get("JAVA_HOME", "")) / "bin" / "java"


class Missing(Exception):
    """It cannot take part here; the message says why."""


@dataclass(frozen=True)
class Job:
    """What a driver is asked to do."""
    url: str
    items: int
    concurrency: int = 1
    payload: int = 10
    result: int = 0
    queue: str = "bench"
    partitions: int = 1  # of ours


@dataclass
class Peer:
    """One contender that speaks the drivers' contract."""
    name: str
    title: str
    install: object  # () -> the command's first words; raises Missing
    concurrencies: tuple  # what to try; the best is taken
    share: float = 1.0  # of the items: a slow one need not be waited for as long
    steady_only: bool = False  # its whole process does more than drain: only its own figure counts
    keeps_results: bool = False
    cores: object = None
    words: list = None

    def prepare(self):
        if self.words is None:
            self.words = self.install()
        return self

    def argv(self, verb, job):
        return [*self.words, verb, job.url, job.queue, job.items, job.concurrency, job.payload, job.result,
                *([job.partitions] if job.partitions > 1 else [])]


def _quiet(argv, why, **options):
    """Runs an installer; what it says goes to a log."""
    log = HERE / "target" / "install.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "a") as out:
        done = subprocess.run([str(a) for a in argv], stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, **options)
    if done.returncode != 0:
        raise Missing(f"{why}; see {log.relative_to(ROOT)}")


def maven(*modules):
    """Builds these modules, with what they need of ours, and answers with their class paths."""
    _quiet([ROOT / "mvnw", "-B", "-ntp", "-q", "-Dquick", "-Dmaven.test.skip=true", "-Pbenchmarks",
            "-pl", ",".join(modules), "-am", "package"], f"{modules[-1]} could not be built", cwd=ROOT)


def java(module, main, *options):
    def install():
        maven(module)
        target = ROOT / module / "target" / "quick"
        return [str(JAVA), *options, "-cp", f"{target / 'classes'}:{target / 'lib'}/*", main]
    return install


def node(name):
    def install():
        if not shutil.which("npm") or not shutil.which("node"):
            raise Missing("needs node and npm (Debian: nodejs, npm)")
        folder = SCRATCH / name
        folder.mkdir(parents=True, exist_ok=True)
        wanted = (HERE / "peers" / name / "package.json").read_text()
        shutil.copy(HERE / "peers" / name / "peer.js", folder)
        installed = folder / "package.json"
        if not (folder / "node_modules").exists() or installed.read_text() != wanted:
            installed.write_text(wanted)
            _quiet(["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--ignore-scripts"],
                   "npm could not install it", cwd=folder)
        return ["node", str(folder / "peer.js")]
    return install


def rediswq():
    for python in ("/usr/bin/python3", "python3"):
        if _imports_redis(python):
            return [python, str(HERE / "peers" / "rediswq" / "peer.py")]
    debian_package("python3-redis")
    if not _imports_redis("/usr/bin/python3"):
        raise Missing("needs Python's redis (Debian: python3-redis)")
    return ["/usr/bin/python3", str(HERE / "peers" / "rediswq" / "peer.py")]


def _imports_redis(python):
    return shutil.which(python) and subprocess.run([python, "-c", "import redis"], capture_output=True).returncode == 0


def debian_package(package):
    """Installs it as root on Debian; elsewhere, or in vain, raises Missing."""
    if os.getuid() != 0 or not shutil.which("apt-get"):
        raise Missing(f"not installed (Debian: {package})")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    _quiet(["apt-get", "-q", "update"], "apt-get update failed", env=environment)
    _quiet(["apt-get", "-q", "install", "-y", "--no-install-recommends", package],
           f"{package} could not be installed", env=environment)


def command(name, package):
    """A program of the system; answers with its path."""
    if not shutil.which(name):
        debian_package(package)
    return shutil.which(name)


def distribution():
    """Our launcher, built and ready, so that no build falls into a measurement."""
    _quiet([ROOT / "piecework", "--version"], "piecework could not be built")
    return distribution_path()


def distribution_path():
    return str(ROOT / "cli" / "target" / "piecework" / "bin" / "piecework")


BENCHMARKS = "dev.piecework.benchmarks."


def ours(*options):
    return Peer("piecework", "Piecework", java("benchmarks", BENCHMARKS + "Ours", *options), (1,), keeps_results=True)


def starter():
    """No peer: ours and the starter's worker in one process. It takes its own words."""
    return Peer("starter", "Spring Boot", java("benchmarks/starter", BENCHMARKS + "starter.BesidePlain"), (1,))


def browser():
    """No peer: what looks at the page. It takes its own words."""
    def install():
        command("chromium", "chromium")
        command("node", "nodejs")
        return java("benchmarks/browser", BENCHMARKS + "browser.Look")()
    return Peer("browser", "Chromium", install, (1,))


def bare():
    return Peer("bare", "bare LMOVE, LPOP, INCRBY with Jedis", java("benchmarks", BENCHMARKS + "Bare"), (1, 2, 4))


def all_peers():
    return [
        Peer("rediswq", "rediswq.py (the tutorial's)", rediswq, (1, 2), share=0.02),
        Peer("rediswq-pinned", "rediswq.py, pinned on one core with Redis", rediswq, (1,), share=0.05, cores={0}),
        Peer("bullmq", "BullMQ", node("bullmq"), (10, 50, 200), share=0.1, keeps_results=True),
        Peer("beequeue", "Bee-Queue", node("beequeue"), (10, 50, 200), share=0.1, keeps_results=True),
        Peer("jesque", "Jesque", java("benchmarks/peers/jesque", BENCHMARKS + "jesque.Peer"), (4, 10), share=0.05),
        Peer("redisson", "Redisson RPOPLPUSH + LREM",
             java("benchmarks/peers/redisson", BENCHMARKS + "redisson.Peer"), (1, 4, 16), share=0.05),
        Peer("jobrunr", "JobRunr with H2",
             java("benchmarks/peers/jobrunr", BENCHMARKS + "jobrunr.Peer"), (50,), share=0.01, steady_only=True),
    ]


def versions():
    """Of each peer, as pinned."""
    found = {}
    for name in ("bullmq", "beequeue"):
        package = json.loads((HERE / "peers" / name / "package.json").read_text())
        found.update(package["dependencies"])
    for name in ("jesque", "redisson", "jobrunr"):
        text = (HERE / "peers" / name / "pom.xml").read_text()
        found[name] = text.split(f"<artifactId>{name}</artifactId>")[1].split("<version>")[1].split("<")[0]
    return found
