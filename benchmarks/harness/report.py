"""Tables for people and JSON for programs, from what was measured."""

import math
import os
import platform
import subprocess

from . import peers, redis


def machine():
    """Where it was measured."""
    cpu = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    memory = int(next(line.split()[1] for line in open("/proc/meminfo") if line.startswith("MemTotal")))
    return {
        "cpu": cpu,
        "cores": os.cpu_count(),
        "memory_gib": round(memory / 2**20),
        "kernel": platform.release(),
        "load_at_start": os.getloadavg()[0],
        "java": _first_line([str(peers.JAVA), "-version"]),
        "node": _first_line(["node", "--version"]),
        "python": platform.python_version(),
        "redis": _first_line([redis.binary(), "--version"]),
        "commit": _first_line(["git", "-C", str(peers.ROOT), "describe", "--always", "--dirty"]),
        "peers": peers.versions(),
    }


def _first_line(argv):
    try:
        done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        return done.stdout.splitlines()[0] if done.stdout else "?"
    except OSError:
        return "not installed"


def header(facts):
    pairs = " · ".join(f"{name} {version}" for name, version in facts["peers"].items())
    return (f"{facts['cpu']}, {facts['cores']} cores, {facts['memory_gib']} GiB, Linux {facts['kernel']}, "
            f"load {facts['load_at_start']:.1f}\n"
            f"{facts['java']} · {facts['redis']} · Node {facts['node']} · Python {facts['python']} · {pairs} · "
            f"this is {facts['commit']}")


def number(value, digits=0):
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "-"
    return f"{value:,.{digits}f}"


def table(headings, rows):
    """Aligned, first column left; as Markdown, so that it can be pasted."""
    rows = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in [headings, *rows]) for i in range(len(headings))]
    lines = []
    for row in [headings, *rows]:
        cells = [cell.ljust(w) if i == 0 else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths))]
        lines.append("| " + " | ".join(cells) + " |")
    rule = "|" + "|".join(("-" * (w + 2)) if i == 0 else ("-" * (w + 1) + ":") for i, w in enumerate(widths)) + "|"
    return "\n".join([lines[0], rule, *lines[1:]])


def contest(result):
    lines = [f"## {result.title}", ""]
    if result.entries:
        lines.append(_calls(result) if result.unit == "calls" else _rates(result))
    lines += [f"missing: {name}: {why}" for name, why in result.missing.items()]
    lines += result.notes
    return "\n".join(lines) + "\n"


def _named(series):
    return f"{series.name} ({series.note})" if series.note else series.name


def _calls(result):
    rows = [[_named(s), number(s.wall * 1e3), number(s.client_us / 1e3), number(s.samples[0].rss / 2**20)]
            for s in (e.series for e in result.entries) if s.samples]
    return table(["", "wall ms", "CPU ms", "MiB"], rows)


def _rates(result):
    ours = result.ours
    rows = []
    for entry in result.entries:
        s = entry.series
        if not s.samples:
            continue
        ratio = number(ours.rate / s.best_rate, 2) if ours else "-"
        by_cpu = number(s.cpu_us / ours.cpu_us, 2) if ours else "-"
        rows.append([_named(s), s.samples[0].items, number(s.rate),
                     number(s.inner_rate), "1" if s is ours else ratio, by_cpu, number(s.client_us, 2),
                     number(s.server_us, 2), number(s.wall, 3), number(s.samples[0].rss / 2**20)])
    headings = ["", result.unit, f"{result.unit}/s", "without start", "ours is ×", "by CPU ×", "client µs", "server µs", "wall s", "MiB"]
    return table(headings, rows)


def contest_json(result):
    return {
        "title": result.title,
        "unit": result.unit,
        "contenders": [
            {
                "name": e.series.name, "ours": e.series.ours, "note": e.series.note,
                "rate": e.series.rate, "rate_without_start": e.series.inner_rate,
                "client_us_per_item": _finite(e.series.client_us), "server_us_per_item": _finite(e.series.server_us),
                "rounds": [{key: _finite(value) for key, value in vars(s).items()} for s in e.series.samples],
            }
            for e in result.entries if e.series.samples
        ],
        "missing": result.missing,
        "notes": result.notes,
    }


def _finite(value):
    return value if math.isfinite(value) else None


def targets(results, quick):
    if not results:
        return ""
    words = {True: "met", False: "NOT met", None: "not measured"}
    rows = [[t.text, words[t.met], t.figure] for t in results]
    note = "\nA quick look: with so few items most of a figure is start-up. Judge without --quick.\n" if quick else ""
    return "## Targets\n\n" + table(["target", "", "figure"], rows) + "\n" + note
