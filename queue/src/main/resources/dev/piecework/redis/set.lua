-- set: changes what is stored with the queue.
-- Promise: only of a queue that is there.
-- KEYS: state bell
-- ARGV: ...field_value
-- Returns: OK | ABSENT
-- include: ring
if not redis.call('HGET', state, 'format') then
  return {'ABSENT'}
end
redis.call('HDEL', state, '-') -- a first write that is never refused
redis.call('HSET', state, unpack(ARGV, rest))
ring()
return {'OK'}
