"""A Redis of the harness's own, and the few words of its protocol that are needed to read its figures."""

import atexit
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections import Counter

PERSISTENCE = {
    "off": ["--appendonly", "no"],
    "everysec": ["--appendonly", "yes", "--appendfsync", "everysec"],
    "always": ["--appendonly", "yes", "--appendfsync", "always"],
}


def binary():
    """As the product looks for one: PIECEWORK_REDIS_SERVER, then valkey-server or redis-server on the PATH."""
    for name in (os.environ.get("PIECEWORK_REDIS_SERVER"), "valkey-server", "redis-server"):
        found = name and shutil.which(name)
        if found:
            return found
    raise SystemExit("benchmarks: no redis-server on the PATH (Debian: redis-server)")


class Redis:
    """A server on a free loopback port, with a folder of its own; stopped and removed at the end."""

    def __init__(self, persistence="off", options=()):
        self.persistence = persistence
        self.folder = tempfile.mkdtemp(prefix="piecework-bench-")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        while self.port > 55_535:  # a node of a Cluster takes the port 10,000 above it too
            self.port -= 10_000
        self.url = f"redis://127.0.0.1:{self.port}"
        self.process = subprocess.Popen(
            [binary(), "--port", str(self.port), "--bind", "127.0.0.1", "--dir", self.folder, "--save", "",
             *PERSISTENCE[persistence], *options],
            stdout=open(os.path.join(self.folder, "log"), "wb"), stderr=subprocess.STDOUT)
        self.pid = self.process.pid
        atexit.register(self.stop)
        self._connection = None
        for _ in range(500):
            try:
                self._connection = socket.create_connection(("127.0.0.1", self.port))
                break
            except OSError:
                time.sleep(0.01)
        else:
            raise SystemExit("benchmarks: redis-server did not start; see " + self.folder)
        self._reader = self._connection.makefile("rb")
        self.version = self.info("server")["redis_version"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
            self._connection.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    def call(self, *words):
        """One command; its reply as int, bytes, list or None."""
        self._connection.sendall(resp(words))
        return self._reply()

    def pipeline(self, commands):
        """Sends commands as one write and throws their replies away; for filling quickly."""
        commands = list(commands)
        self._connection.sendall(b"".join(resp(words) for words in commands))
        for _ in commands:
            self._reply()

    def _reply(self):
        line = self._reader.readline()
        kind, rest = line[:1], line[1:-2]
        if kind == b"+":
            return rest
        if kind == b":":
            return int(rest)
        if kind == b"-":
            raise RuntimeError("Redis answered: " + rest.decode())
        size = int(rest)
        if size < 0:
            return None
        if kind == b"$":
            return self._reader.read(size + 2)[:-2]
        return [self._reply() for _ in range(size)]

    def info(self, section):
        lines = self.call("INFO", section).decode().splitlines()
        return dict(line.split(":", 1) for line in lines if ":" in line)

    def cpu(self):
        """Seconds of CPU that the server has used, all its threads, children that rewrite files included."""
        figures = self.info("cpu")
        return sum(float(figures["used_cpu_" + part])
                   for part in ("user", "sys", "user_children", "sys_children"))

    def traffic(self):
        """Calls per command since the last reset, and the bytes that came in and went out."""
        calls = {name[len("cmdstat_"):]: int(value.split("calls=")[1].split(",")[0])
                 for name, value in self.info("commandstats").items()}
        stats = self.info("stats")
        return calls, int(stats["total_net_input_bytes"]), int(stats["total_net_output_bytes"])

    def pin(self, cores):
        """All of the server's threads on these cores; None for any."""
        cores = cores or range(os.cpu_count())
        for thread in os.listdir(f"/proc/{self.pid}/task"):
            os.sched_setaffinity(int(thread), cores)

    def memory(self):
        return int(self.info("memory")["used_memory"])

    def clear(self):
        self.call("FLUSHALL", "SYNC")

    def settle(self):
        """Waits until a rewrite of the append-only file has ended, so that it is not charged to the next."""
        while self.info("persistence")["aof_rewrite_in_progress"] == "1":
            time.sleep(0.05)


class Cluster:
    """Three masters with a replica each. It has the figures of a server: those of the masters together."""

    MASTERS = 3

    def __init__(self):
        self.nodes = [Redis(options=("--cluster-enabled", "yes")) for _ in range(2 * self.MASTERS)]
        self.masters, self.replicas = self.nodes[:self.MASTERS], self.nodes[self.MASTERS:]
        self.url = ",".join(node.url for node in self.nodes)
        for number, node in enumerate(self.nodes):
            node.call("CLUSTER", "SET-CONFIG-EPOCH", number + 1)
            if node is not self.nodes[0]:
                self.nodes[0].call("CLUSTER", "MEET", "127.0.0.1", node.port)
        bounds = [16_384 * i // self.MASTERS for i in range(self.MASTERS + 1)]
        for master, first, end in zip(self.masters, bounds, bounds[1:]):
            master.call("CLUSTER", "ADDSLOTS", *range(first, end))
        self._await("all know each other", lambda node: node.call("CLUSTER", "INFO"), b"cluster_known_nodes:%d" % len(self.nodes))
        for master, replica in zip(self.masters, self.replicas):
            replica.call("CLUSTER", "REPLICATE", master.call("CLUSTER", "MYID").decode())
        self._await("the slots are served", lambda node: node.call("CLUSTER", "INFO"), b"cluster_state:ok")
        for replica in self.replicas:
            self._await("it is copied", lambda _, it=replica: it.call("INFO", "replication"), b"master_link_status:up")

    def _await(self, what, ask, word):
        for _ in range(3_000):
            if all(word in ask(node) for node in self.nodes):
                return
            time.sleep(0.01)
        raise SystemExit(f"benchmarks: in the Cluster it did not come to that {what}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for node in self.nodes:
            node.stop()

    def cpu(self):
        return sum(node.cpu() for node in self.masters)

    def traffic(self):
        """Calls per command since the last reset, of all masters; their bytes cannot be told from the replication's."""
        calls = Counter()
        for node in self.masters:
            calls.update(node.traffic()[0])
        return calls, 0, 0

    def call(self, *words):
        """The same command to each master; the last reply."""
        return [node.call(*words) for node in self.masters][-1]

    def clear(self):
        self.call("FLUSHALL", "SYNC")

    def pin(self, cores):
        for node in self.nodes:
            node.pin(cores)

    def settle(self):
        for node in self.nodes:
            node.settle()


def resp(words):
    """A command as Redis reads it."""
    parts = [b"*%d\r\n" % len(words)]
    for word in words:
        word = word if isinstance(word, bytes) else str(word).encode()
        parts.append(b"$%d\r\n%s\r\n" % (len(word), word))
    return b"".join(parts)
