-- beat_producer: a producer's heartbeat; one that was away comes back.
-- Promise: goes on when Redis is full. Never opens again a source that was closed, or ends the hold
-- of one that is held: a beat may be on its way when its producer finishes.
-- KEYS: state producers sources incomplete
-- ARGV: now run source
-- Returns: OK offset token timeout changes | RUN_CHANGED run | UNKNOWN
-- include: clock
-- include: grace
local s = redis.call('HMGET', state, 'run', 'token', 'lapse', 'changes')
if s[1] ~= run then
  return {'RUN_CHANGED', s[1] or ''}
end
local known = redis.call('HGET', sources, source)
if not known then
  return {'UNKNOWN'}
end
local how, at = string.match(known, '^(%a+)\t(%d+)')
if how == 'open' then
  redis.call('ZREM', producers, source)
  local _, timeout = observe_silence(true)
  redis.call('ZADD', producers, now_ms + timeout, source)
  redis.call('HDEL', incomplete, source)
end
return {'OK', tonumber(at), s[2] or '0', tonumber(s[3] or 15000), tonumber(s[4] or 0)}
