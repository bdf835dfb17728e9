-- break_off: a producer that knows it cannot go on says so, instead of falling silent.
-- Promise: how=gone forgets a source that gave nothing, and the run if it is empty for it (who works
-- for that run is told to work for the next instead); how=closed closes again one that was only
-- compared; how=vanished makes the run incomplete at once, for nobody need wait for it to come back.
-- KEYS: state producers sources incomplete @waiting dead runs wakeups
-- ARGV: now source how
-- Returns: OK | UNKNOWN
-- include: clock
-- include: wake
local known = redis.call('HGET', sources, source)
if not known then
  return {'UNKNOWN'}
end
redis.call('ZREM', producers, source)
if how == 'gone' then
  redis.call('HDEL', sources, source)
  if redis.call('EXISTS', producers, sources, incomplete, list, next, returned, lost_once, lost_twice,
      delayed, high, numbered, low, dead) == 0
    and tonumber(redis.call('HGET', state, 'done') or 0) == 0
    and tonumber(redis.call('HGET', state, 'leased') or 0) == 0 then
    local run = redis.call('HGET', state, 'run')
    if run and redis.call('HDEL', state, 'run', 'begun', 'ended') > 0 then
      redis.call('LPUSH', runs, string.format('%s empty 0 0 %.0f', run, now_ms))
      redis.call('LTRIM', runs, 0, 99)
    end
  end
elseif how == 'closed' then
  redis.call('HSET', sources, source, 'closed' .. string.match(known, '^%a+(\t.*)$'))
  redis.call('HDEL', incomplete, source)
else
  redis.call('HSET', incomplete, source, now_ms)
end
wake_one()
return {'OK'}
