#!/bin/sh
# A producer that is still filling while workers work. They do not leave before it has closed, even
# when there is nothing to do in between.
set -eu
piecework=${PIECEWORK:-"$(dirname "$0")/../../piecework"}
queue=${QUEUE:-stream-$$}

{
  for page in 1 2 3; do
    seq -f "page $page, line %g" 1 10
    sleep 1 # the next page is still being fetched
  done
} | "$piecework" fill "$queue" --as crawler &
producer=$!

"$piecework" work "$queue" --slots 2 -- echo done: {}
wait "$producer"
"$piecework" wait "$queue"
"$piecework" results "$queue" -o raw
"$piecework" purge "$queue" --yes
