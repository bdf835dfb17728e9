#!/bin/sh
# The tutorial's Job on this machine: fruits pushed by redis-cli, two pods of Python that know nothing of Piecework.
set -eu
cd "$(dirname "$0")"
piecework=${PIECEWORK:-../../piecework}
export QUEUE="${QUEUE:-job2-$$}"

# Debian's python3-redis is for /usr/bin/python3, which may not be the first on the PATH.
python3 -c 'import redis' 2>/dev/null || export PATH="/usr/bin:$PATH"
python3 -c 'import redis' 2>/dev/null || {
  echo "python3 has no module redis (on Debian: apt install python3-redis)" >&2
  exit 1
}

# The Redis that the pods will be given; it says its URL, with its password.
scratch=$(mktemp -d)
mkfifo "$scratch/url"
"$piecework" redis >"$scratch/url" 2>/dev/null &
redis=$!
trap 'kill "$redis" 2>/dev/null; rm -rf "$scratch"' EXIT
read -r url <"$scratch/url"
redis-cli --no-auth-warning -u "$url" rpush "$QUEUE" apple banana cherry date fig grape lemon melon orange >&2

"$piecework" run -f job.yaml
