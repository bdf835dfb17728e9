#!/bin/sh
# Integers on which a lengthy computation is done. The results are printed in the order of the input.
set -eu
piecework=${PIECEWORK:-"$(dirname "$0")/../../piecework"}

seq "${1:-1000000000000}" "${2:-1000000000200}" | "$piecework" run -p 2 --in-order -- factor {}
