"""Squares numbers: one JSON object per line in, one out. See docs/protocol.md, The child protocol."""

import json
import sys

for line in sys.stdin:
    item = json.loads(line)
    try:
        answer = {"id": item["id"], "result": str(int(item["payload"]) ** 2)}
    except ValueError as error:
        # No attempt will ever make a number of it: bury, do not retry.
        answer = {"id": item["id"], "bury": str(error)}
    print(json.dumps(answer), flush=True)
