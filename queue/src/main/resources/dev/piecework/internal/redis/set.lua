-- set: changes the settings that are given, and nothing else of what is stored with the queue.
-- Promise: only of a queue that is there; all or nothing. A lapse that is changed holds from each
-- heartbeat on that comes after: until every session and producer has had one, what was promised before
-- is remembered (longest, shortest, changed), so that it is kept.
-- KEYS: state wakeups
-- ARGV: now ...field_value
-- Returns: OK | ABSENT
-- include: clock
-- include: wake
local s = redis.call('HMGET', state, 'format', 'lapse', 'longest', 'shortest')
if not s[1] then
  return {'ABSENT'}
end
redis.call('HDEL', state, '-') -- a first write that is never refused
redis.call('HSET', state, unpack(ARGV, rest))
redis.call('HINCRBY', state, 'changes', 1)
local was, is = tonumber(s[2] or 15000), tonumber(redis.call('HGET', state, 'lapse') or 15000)
if was ~= is then
  redis.call('HSET', state, 'changed', now_ms,
    'longest', string.format('%.0f', math.max(was, is, tonumber(s[3] or 0))),
    'shortest', string.format('%.0f', math.min(was, is, tonumber(s[4] or was))))
end
wake_one()
return {'OK'}
