-- close_source: the input was read to its end; or a person says so. With hold the source stays open
-- without heartbeats, until somebody closes it.
-- KEYS: producers sources incomplete wakeups
-- ARGV: source hold
-- Returns: OK added skipped | UNKNOWN
-- include: wake
local known = redis.call('HGET', sources, source)
if not known then
  return {'UNKNOWN'}
end
redis.call('ZREM', producers, source)
local rest_of, new, left = string.match(known, '^%a+(\t%d+\t%x*\t(%d+)\t(%d+)\t.*)$')
if hold == '1' then
  redis.call('HSET', sources, source, 'held' .. rest_of)
  redis.call('ZADD', producers, 9000000000000000, source)
else
  redis.call('HSET', sources, source, 'closed' .. rest_of)
  wake_one()
end
redis.call('HDEL', incomplete, source)
return {'OK', tonumber(new), tonumber(left)}
