# Starts a Redis that is the replica of whoever is master now, by what the Sentinels say. It is master itself only where
# no other member can have more than it has: it was so named, and all went down together; or the set is new.
set -u
{{ask}}
case $(redis-server --version) in
  *v=[1-6].*) say "this Redis is too old for a set with replicas, which takes 7.0 or a Valkey"; exit 1 ;;
esac

start() {
  : >"$data/member" # from now on this volume is one that has been a member's
  exec redis-server --bind $bind --protected-mode no --dir "$data" \
    --requirepass "$REDIS_PASSWORD" --masterauth "$REDIS_PASSWORD" --replica-announce-ip "$ME" \
    --appendonly yes --appendfsync everysec --save '' --maxmemory "$MAX_MEMORY" --maxmemory-policy noeviction \
    --min-replicas-to-write 1 --min-replicas-max-lag 5 --repl-diskless-sync-delay 1 "$@"
}

# How many others answer, how many of them have been in step with a master since they started, how many have no data.
look_at_others() {
  seen=0 ahead=0 empty=0
  for member in $others; do
    info=$(ask "$member" 6379 info replication)
    offset=$(field slave_repl_offset "$info")
    [ -n "$(field role "$info")" ] || continue
    seen=$((seen + 1))
    [ "${offset:-2}" -le 1 ] || ahead=$((ahead + 1)) # a master is ahead, too
    [ "$(ask "$member" 6379 dbsize)" != 0 ] || empty=$((empty + 1))
  done
}

waited=0
while :; do
  named_master $MEMBERS
  [ -z "$master" ] || [ "$master" = "$ME" ] || start --replicaof "$master" 6379
  look_at_others
  all=$((count - 1))
  if [ $ahead = 0 ] && [ $seen = $all ] && [ "${master:-$first}" = "$ME" ]; then
    # None has been in step since all went down, or none ever was.
    if [ -e "$data/member" ] || [ $empty = $all ]; then start; fi
  fi
  if [ -z "$master" ] && [ "$ME" != "$first" ] && [ $waited -ge 2 ]; then
    start --replicaof "$first" 6379 # a new set; whatever else it is, the Sentinels will tell
  fi
  if [ -e "$data/member" ] && [ "${master:-$first}" = "$ME" ]; then
    if [ $ahead = 0 ] && [ $waited -ge 20 ]; then start; fi
    if [ $waited -ge 120 ]; then
      say "nobody has taken over for two minutes: this one is master again, with what it has"
      start
    fi
    say "was master: waiting until another is, which has at least as much"
  elif [ "${master:-$first}" = "$ME" ]; then
    say "the volume is empty, and $seen of $all others answer: waiting until all do, or another is master"
  fi
  sleep 1
  waited=$((waited + 1))
done
