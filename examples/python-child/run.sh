#!/bin/sh
# A long-lived child process per slot: it reads items as JSON lines on stdin and answers on stdout.
# Starting Python costs more than most items; here it is paid once per slot.
set -eu
here=$(dirname "$0")
piecework=${PIECEWORK:-"$here/../../piecework"}

seq 1 "${1:-1000}" | "$piecework" run -p 2 --in-order --child -- python3 "$here/child.py"
