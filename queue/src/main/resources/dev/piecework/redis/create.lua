-- create: makes the queue, with its settings, unless it is there.
-- Promise: settings of a queue that is there are not changed. One long field makes the state a real
-- hash at once; a short one would be searched from its start by every script.
-- KEYS: state list
-- ARGV: now format ...settings
-- Returns: OK field value field value ... (all of the state)
-- include: clock
redis.call('LLEN', list) -- a key of another type under the queue's name is refused here
if not redis.call('HGET', state, 'format') then
  redis.call('HSET', state, 'format', format, 'created', now_ms, 'about',
    'The state of a Piecework queue. Its keys, their types and its scripts: docs/protocol.md')
  redis.call('HSET', state, unpack(ARGV, rest))
end
return {'OK', redis.call('HGETALL', state)}
