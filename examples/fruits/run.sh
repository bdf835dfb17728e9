#!/bin/sh
# The bag of fruits of the Kubernetes tutorial "Fine Parallel Processing Using a Work Queue", on one
# machine: fill it, let two workers empty it, and look at what they did.
set -eu
here=$(dirname "$0")
piecework=${PIECEWORK:-"$here/../../piecework"}
queue=${QUEUE:-fruits-$$}

"$piecework" fill "$queue" apple banana cherry date fig grape lemon melon orange

"$piecework" work "$queue" --slots 1 -- "$here/worker.sh" {} &
first=$!
"$piecework" work "$queue" --slots 1 -- "$here/worker.sh" {} &
second=$!
# A worker exits 0 only when every item has reached a final state.
wait "$first"
wait "$second"

"$piecework" wait "$queue"
"$piecework" results "$queue" -o raw
"$piecework" purge "$queue" --yes
