# Starts the Sentinel of this member. What it knows is kept on the volume; the first time it is what the other Sentinels
# know, or, where none answers, what the Redis beside it was started as.
set -u
{{ask}}
file=$data/sentinel.conf
password=$(printf '%s' "$REDIS_PASSWORD" | sed 's/[\\"]/\\&/g')
umask 077

configure() {
  printf '%s\n' \
    "port 26379" "bind $bind" "protected-mode no" "dir $data" \
    "requirepass \"$password\"" \
    "sentinel resolve-hostnames yes" "sentinel announce-hostnames yes" "sentinel announce-ip $ME" \
    "sentinel monitor main $1 6379 $((count / 2 + 1))" \
    "sentinel down-after-milliseconds main ${DOWN_AFTER:-5000}" \
    "sentinel failover-timeout main ${FAILOVER_TIMEOUT:-15000}" \
    "sentinel parallel-syncs main 2" >"$file.new"
  # It would hear of them from the master, ten seconds later: so long nobody could take over.
  for member in $MEMBERS; do
    [ "$member" = "$1" ] || printf '%s\n' "sentinel known-replica main $member 6379" >>"$file.new"
  done
}

waited=0 master=
until [ -s "$file" ] || [ -n "$master" ]; do
  named_master $others
  if [ -z "$master" ] && [ $waited -ge 2 ]; then
    info=$(ask "$here" 6379 info replication)
    case $(field role "$info") in
      master) master=$ME ;;
      slave) master=$(field master_host "$info") ;;
    esac
  fi
  [ -n "$master" ] || sleep 1
  waited=$((waited + 1))
done
# What a Sentinel has written is without the quotes that some passwords need, and would not be read again.
if [ -s "$file" ]; then grep -v auth-pass "$file" >"$file.new"; else configure "$master"; fi
printf '%s\n' "sentinel auth-pass main \"$password\"" >>"$file.new"
mv "$file.new" "$file"
exec redis-server "$file" --sentinel
