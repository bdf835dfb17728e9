# Parts that the containers of a member share.
set -f # addresses to bind to are no patterns of files
data=${DATA:-/data} bind=${BIND:-"* -::*"} here=${HERE:-127.0.0.1}
first=${MEMBERS%% *} others= count=0
for member in $MEMBERS; do
  count=$((count + 1))
  [ "$member" = "$ME" ] || others="$others $member"
done

say() {
  [ "$*" = "${said:-}" ] || echo "piecework: $*" >&2
  said=$*
}

# Asks HOST PORT. With a time limit: a name may still lead to the address of a pod that is gone.
ask() {
  host=$1 port=$2
  shift 2
  timeout 3 redis-cli -h "$host" -p "$port" "$@" 2>/dev/null | tr -d '\r'
}

# The value of FIELD in TEXT, as INFO writes it.
field() {
  printf '%s\n' "$2" | sed -n "s/^$1://p"
}

# Of the Sentinels of MEMBERS that answer: the master that the one with the newest configuration names.
named_master() {
  master= newest=-1
  for member in "$@"; do
    set -- $(ask "$member" 26379 sentinel master main |
      awk 'NR % 2 { key = $0; next } key == "ip" { ip = $0 } key == "config-epoch" { epoch = $0 }
        END { if (ip != "" && epoch != "") print epoch, ip }')
    if [ $# = 2 ] && [ "$1" -gt "$newest" ]; then newest=$1 master=$2; fi
  done
}
trap 'exit 143' TERM
