-- adopt: puts back one item that a rediswq worker holds, if its lease key is gone.
-- KEYS: list processing foreign
-- ARGV: item
-- Returns: OK | HELD | GONE
if redis.call('EXISTS', foreign) == 1 then
  return {'HELD'}
end
if redis.call('LREM', processing, -1, item) == 0 then
  return {'GONE'}
end
redis.call('LPUSH', list, item)
return {'OK'}
