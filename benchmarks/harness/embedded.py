"""The Redis that the product keeps by itself, in a state folder of the harness's own, already running."""

import glob
import os
import re
import shutil
import tempfile
import time

from . import peers
from .measure import run

TICKS = os.sysconf("SC_CLK_TCK")


class Embedded:
    def __enter__(self):
        peers.distribution()
        self.folder = tempfile.mkdtemp(prefix="piecework-bench-")
        self.environment = {"XDG_STATE_HOME": self.folder, "REDIS_URL": "", "PIECEWORK_REDIS": "",
                            "PIECEWORK_REDIS_IDLE": "5m"}
        run([peers.distribution_path(), "fill", "warm", "1"], env=self.environment)
        self.pid = self._find()
        return self

    def _find(self):
        """The server that runs in our folder."""
        for cwd in glob.glob("/proc/[0-9]*/cwd"):
            pid = int(re.search(r"\d+", cwd)[0])
            try:
                command = open(f"/proc/{pid}/cmdline").read().split("\0")[0]
                if os.readlink(cwd).startswith(self.folder) and re.search(r"(redis|valkey)-server", command):
                    return pid
            except OSError:
                continue
        raise SystemExit("benchmarks: the embedded Redis was not found in " + self.folder)

    def cpu(self):
        """Seconds of CPU it has used; to the kernel's tick."""
        fields = open(f"/proc/{self.pid}/stat").read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def __exit__(self, *_):
        os.kill(self.pid, 15)
        for _ in range(200):
            if not os.path.exists(f"/proc/{self.pid}"):
                break
            time.sleep(0.02)
        shutil.rmtree(self.folder, ignore_errors=True)
