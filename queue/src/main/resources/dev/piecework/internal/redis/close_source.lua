-- close_source: the input was read to its end; or a person says so, without run and given. With hold
-- the source stays open without heartbeats, until somebody closes it.
-- Promise: never closes before all that was given (an offset) is there: a failover may undo the last of it.
-- KEYS: state producers sources incomplete wakeups
-- ARGV: run source hold given
-- Returns: OK added skipped | RUN_CHANGED run | UNKNOWN | OFFSET offset
-- include: wake
if run ~= '' and redis.call('HGET', state, 'run') ~= run then
  return {'RUN_CHANGED', redis.call('HGET', state, 'run') or ''}
end
local known = redis.call('HGET', sources, source)
if not known then
  return {'UNKNOWN'}
end
local rest_of, at, new, left = string.match(known, '^%a+(\t(%d+)\t%x*\t(%d+)\t(%d+)\t.*)$')
if given ~= '' and tonumber(at) < tonumber(given) then
  return {'OFFSET', tonumber(at)}
end
redis.call('ZREM', producers, source)
if hold == '1' then
  redis.call('HSET', sources, source, 'held' .. rest_of)
  redis.call('ZADD', producers, 9000000000000000, source)
else
  redis.call('HSET', sources, source, 'closed' .. rest_of)
  wake_one()
end
redis.call('HDEL', incomplete, source)
return {'OK', tonumber(new), tonumber(left)}
