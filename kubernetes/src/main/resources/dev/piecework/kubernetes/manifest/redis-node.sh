# Starts a node of the Cluster. Which slots it has, or whose replica it is, is in a file on its volume; the container
# beside it makes a Cluster of them.
set -u
{{ask}}
case $(redis-server --version) in
  *v=[1-6].*) say "this Redis is too old for shards, which take 7.0 or a Valkey"; exit 1 ;;
esac
# Nobody copies from it before it is known to have a part: a replica would take an empty node at its master's address for
# its master.
exec redis-server --bind $bind --protected-mode no --dir "$data" --masterauth "$REDIS_PASSWORD" \
  --user default on ">$REDIS_PASSWORD" '~*' '&*' +@all -psync -sync \
  --appendonly yes --appendfsync everysec --save '' --maxmemory "$MAX_MEMORY" --maxmemory-policy noeviction \
  --cluster-enabled yes --cluster-config-file nodes.conf --cluster-node-timeout "${DOWN_AFTER:-5000}" \
  --cluster-announce-ip "$POD_IP" --cluster-announce-hostname "$ME" --cluster-preferred-endpoint-type hostname \
  --cluster-require-full-coverage no --cluster-allow-replica-migration no --repl-diskless-sync-delay 1
