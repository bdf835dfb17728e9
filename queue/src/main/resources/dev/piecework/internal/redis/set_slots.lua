-- set_slots: a worker is to work in another number of slots.
-- Promise: only of a session that lives; it finds the number in its registration, of which nothing else
-- changes, as the next heartbeat tells that something was changed.
-- KEYS: state sessions record
-- ARGV: session slots
-- Returns: OK | UNKNOWN
local score = redis.call('ZSCORE', sessions, session)
local registration = redis.call('HGET', record, '')
if not registration or not score or tonumber(score) <= 0 then
  return {'UNKNOWN'}
end
redis.call('HSET', record, '', (string.gsub(registration, '^([^\t]*\t)%d+', '%1' .. slots, 1)))
redis.call('HINCRBY', state, 'changes', 1)
return {'OK'}
