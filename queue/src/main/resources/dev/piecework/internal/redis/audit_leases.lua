-- audit_leases: compares what all sessions hold with the count of the leased: what is held by none, Redis has lost.
-- Promise: changes nothing unless all sessions were given, with their records, nor when all is there.
-- What is missed is leased no longer, and the run does not end drained.
-- KEYS: state sessions wakeups ...records
-- ARGV: ...sessions
-- Returns: OK missed | AGAIN
-- include: wake
local first = #KEYS - #ARGV
if redis.call('ZCARD', sessions) ~= #ARGV then
  return {'AGAIN'}
end
local held = 0
for i = rest, #ARGV do
  local record = KEYS[first + i]
  if not redis.call('ZSCORE', sessions, ARGV[i]) then
    return {'AGAIN'}
  end
  held = held + math.max(redis.call('HLEN', record) - 1, 0) -- but for its registration
end
local missed = tonumber(redis.call('HGET', state, 'leased') or 0) - held
if missed <= 0 then
  return {'OK', 0}
end
redis.call('HDEL', state, '-') -- a first write that is never refused
redis.call('HSET', state, 'leased', held)
redis.call('HINCRBY', state, 'missed', missed)
wake_one()
return {'OK', missed}
