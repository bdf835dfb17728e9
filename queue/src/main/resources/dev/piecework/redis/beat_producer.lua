-- beat_producer: a producer's heartbeat; one that was away comes back.
-- Promise: goes on when Redis is full.
-- KEYS: state producers sources incomplete
-- ARGV: now run source
-- Returns: OK offset token | RUN_CHANGED run | UNKNOWN
-- include: clock
-- include: grace
local s = redis.call('HMGET', state, 'run', 'token')
if s[1] ~= run then
  return {'RUN_CHANGED', s[1] or ''}
end
local known = redis.call('HGET', sources, source)
if not known then
  return {'UNKNOWN'}
end
redis.call('ZREM', producers, source)
local _, lapse = observe_silence(true)
redis.call('ZADD', producers, now_ms + lapse, source)
redis.call('HDEL', incomplete, source)
return {'OK', tonumber(string.match(known, '^%a+\t(%d+)')), s[2] or '0'}
