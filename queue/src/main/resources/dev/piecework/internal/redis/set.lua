-- set: changes the settings that are given, and nothing else of what is stored with the queue.
-- Promise: only of a queue that is there; all or nothing. A lease timeout that is changed holds from each
-- heartbeat on that comes after: until every session and producer has had one, what was promised before
-- is remembered (longest, shortest, changed), so that it is kept. As long as the queue makes backup attempts,
-- or two sessions hold an item, its format is 3: clients that do not know of that leave it alone.
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
if s[1] ~= '2' then
  local backup = redis.call('HMGET', state, 'backup', 'copies')
  redis.call('HSET', state, 'format', (backup[1] == 'on' or (backup[2] or '') ~= '') and 3 or 1)
end
local was, is = tonumber(s[2] or 15000), tonumber(redis.call('HGET', state, 'lapse') or 15000)
if was ~= is then
  redis.call('HSET', state, 'changed', now_ms,
    'longest', string.format('%.0f', math.max(was, is, tonumber(s[3] or 0))),
    'shortest', string.format('%.0f', math.min(was, is, tonumber(s[4] or was))))
end
wake_one()
return {'OK'}
