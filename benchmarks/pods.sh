#!/bin/sh
# What a pod costs over starting its process: a Job of N pods of `true`, 8 at a time, beside `xargs -P8 true`.
# The JVM's start and end are in it; a Job of one pod is measured too, so that they can be taken off.
set -eu
pods=${1:-200}
cd "$(dirname "$0")/.."
./piecework --version >/dev/null
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export XDG_STATE_HOME="$scratch"

manifest() {
  cat <<YAML
apiVersion: batch/v1
kind: Job
metadata: {name: pods-$1}
spec:
  completions: $1
  parallelism: 8
  template:
    spec:
      restartPolicy: Never
      containers: [{name: c, image: x, command: ["true"], env: [{name: REDIS_URL, value: none}]}]
YAML
}

now() { date +%s%N; }

# The best of five: what else the machine does only ever adds.
best() {
  least=
  for _ in 1 2 3 4 5; do
    begin=$(now)
    "$@" >/dev/null 2>&1
    took=$(($(now) - begin))
    if [ -z "$least" ] || [ "$took" -lt "$least" ]; then least=$took; fi
  done
  echo $((least / 1000))
}

bare() { seq "$pods" | xargs -P8 -I{} true; }

manifest "$pods" >"$scratch/many.yaml"
manifest 1 >"$scratch/one.yaml"
many=$(best ./piecework run -f "$scratch/many.yaml")
one=$(best ./piecework run -f "$scratch/one.yaml")
processes=$(best bare)
echo "$pods pods: $((many / 1000)) ms; one pod: $((one / 1000)) ms; $pods processes by xargs: $((processes / 1000)) ms"
echo "per pod: $((many / pods)) us in all, $(((many - one) / (pods - 1))) us without the start of the JVM," \
  "$(((many - processes) / pods)) us over the bare process"
