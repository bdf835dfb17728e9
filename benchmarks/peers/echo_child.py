"""A child of `--child` that answers each item with its payload; answers leave when no further item is at hand."""

import json
import sys

answers = sys.stdout.buffer
source = sys.stdin.buffer
decode = json.JSONDecoder().decode
encode = json.JSONEncoder().encode

while True:
    chunk = source.read1(1 << 16)
    if not chunk:
        break
    if not chunk.endswith(b"\n"):
        chunk += source.readline()
    lines = []
    for line in chunk.splitlines():
        item = decode(line.decode())
        lines.append(encode({"id": item["id"], "result": item["payload"]}))
    answers.write(("\n".join(lines) + "\n").encode())
    answers.flush()
