# Keeps the Cluster together, each container for the node beside it, again and again: so it may be killed at any time.
set -u
{{ask}}
masters=$((count / 2)) number=0
for member in $MEMBERS; do
  [ "$member" != "$ME" ] || break
  number=$((number + 1))
done
# Shares as those of partitions, which so have a master each.
from=$(((16384 * number + masters - 1) / masters)) to=$(((16384 * (number + 1) + masters - 1) / masters - 1))

redis() { ask "$here" 6379 "$@"; }
say_done() { [ "$2" = OK ] && say "$1"; }

# Of nodes as CLUSTER NODES writes them: ID, ADDRESS, BUS PORT, HOST NAME, FLAGS, MASTER, SLOTS, LINK; none is 0.
nodes() {
  awk 'NF >= 8 { split($2, at, "[@,]"); slots = 0
    for (i = 9; i <= NF; i++) if ($i !~ /^\[/) { split($i, range, "-"); slots += (range[2] == "" ? range[1] : range[2]) - range[1] + 1 }
    print $1, at[1], at[2], (at[3] == "" ? "-" : at[3]), $3, $4, slots, $8 }'
}

# Whether one of these views, of CLUSTER NODES, says who has this slot.
has_slot() {
  awk -v slot="$1" 'NF >= 8 { for (i = 9; i <= NF; i++) if ($i !~ /^\[/) { split($i, range, "-")
    if (slot >= range[1] + 0 && slot <= (range[2] == "" ? range[1] : range[2]) + 0) found = 1 } } END { exit !found }'
}

# Whether there is nothing to do: all members and nobody else, each within reach, with all slots, and a replica for each
# that has some. To ask every member each second takes ten times as much of the processor.
settled() {
  printf '%s\n' "$view" | nodes | awk -v count="$count" -v masters="$masters" '
    $4 == "-" || $5 ~ /fail|handshake|noaddr/ || $8 != "connected" { away = 1 }
    $7 > 0 { owners++; slots += $7 }
    $5 ~ /slave/ && !has[$6]++ { copied++ }
    END { exit !(!away && NR == count && owners == masters && slots == 16384 && copied == masters) }'
}

# Makes the node known to the others, wherever they are now: an address changes with its pod.
meet() {
  answering=0 views=$view gone=
  for member in $others; do
    theirs=$(ask "$member" 6379 cluster nodes)
    set -- $(printf '%s\n' "$theirs" | grep myself | nodes)
    [ $# = 8 ] || continue
    answering=$((answering + 1))
    views=$(printf '%s\n%s' "$views" "$theirs")
    printf '%s\n' "$view" | nodes | grep -q "^$1 $2 .* \(master\|slave\) " ||
      redis cluster meet "${2%:*}" "${2##*:}" "$3" >/dev/null
    # Nodes that the same member was before it lost its volume: they cannot come back.
    for old in $(printf '%s\n' "$view" | nodes | awk -v id="$1" -v host="$member" '$1 != id && $4 == host { print $1 "/" $7 }'); do
      gone="$gone ${old%/*}"
      [ "${old#*/}" != 0 ] || say_done "forgot the node that $member was" "$(redis cluster forget "${old%/*}")"
    done
  done
}

round() {
  view=$(redis cluster nodes)
  set -- $(printf '%s\n' "$view" | grep myself | nodes)
  [ $# = 8 ] || return 0
  id=$1 flags=$5 master=$6 slots=$7
  case $slots$flags in
    0*master*) ;;
    *) redis acl setuser default +psync +sync >/dev/null ;; # it has a part: replicas may copy from it
  esac
  ! settled || return 0
  meet
  if [ "$slots" = 0 ] && [ "$number" -lt "$masters" ] && [ $answering = $((count - 1)) ] &&
    [ "$(redis dbsize)" = 0 ] && ! printf '%s\n' "$views" | has_slot "$from"; then
    # All are there and nobody knows of an owner: this Cluster is new.
    say_done "slots $from to $to are here" "$(redis cluster addslotsrange "$from" "$to")"
    return 0
  fi
  redis cluster info | grep -qx cluster_slots_assigned:16384 || return 0
  case $flags in
    *slave*)
      case " $gone " in
        *" $master "*) say_done "took over from a node that is gone with its volume" "$(redis cluster failover takeover)" ;;
      esac
      # Of two replicas of one master one goes to a master that has none.
      printf '%s\n' "$view" | nodes | awk -v id="$id" -v master="$master" \
        '$6 == master && $5 ~ /slave/ && $5 !~ /fail/ && $1 < id { found = 1 } END { exit !found }' || return 0
      ;;
    *) [ "$slots" = 0 ] || return 0 ;;
  esac
  # A new Cluster pairs its members by their numbers, which takes their names; later it is any master without a replica.
  printf '%s\n' "$view" | nodes | awk '$4 == "-" && $5 !~ /fail/ { found = 1 } END { exit found }' || return 0
  wanted=0
  for member in $MEMBERS; do
    [ "$wanted" != $((number - masters)) ] || partner=$member
    wanted=$((wanted + 1))
  done
  target=$(printf '%s\n' "$view" | nodes | awk -v partner="${partner:-}" \
    '$5 ~ /slave/ && $5 !~ /fail/ { has[$6] = 1 }
     $5 ~ /master/ && $5 !~ /fail/ && $7 > 0 { host[$1] = $4 }
     END { for (one in host) if (!(one in has)) { if (best == "" || one < best) best = one; if (host[one] == partner) print one }
       print best }' | head -n 1)
  [ -z "$target" ] ||
    say_done "is a replica of $target" "$(redis cluster replicate "$target")"
}

while :; do
  round
  : >"$data/round" # is looked at to see whether this goes on
  sleep 1
done
