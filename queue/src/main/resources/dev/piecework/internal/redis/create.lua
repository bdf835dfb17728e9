-- create: makes the queue, with its settings, unless it is there.
-- Promise: settings of a queue that is there are not changed. Those of one that never held an item, that
-- nobody works on or fills and no person has set, are written anew: a fill or a run that was refused
-- leaves none behind. Of a queue in partitions the client says whether it never held any (unheld). One
-- long field makes the state a real hash at once; a short one would be searched from its start by every
-- script. A queue that makes backup attempts has format 3, so that a client which does not know of two
-- holders leaves it alone.
-- KEYS: state @waiting dead sessions producers
-- ARGV: now format unheld ...settings
-- Returns: OK state
-- include: clock
redis.call('LLEN', list) -- a key of another type under the queue's name is refused here
local s = redis.call('HMGET', state, 'format', 'token', 'changes', 'entered', 'backup')
local anew = not s[1]
if s[1] and not s[2] and not s[3] and tonumber(s[4] or 0) <= 0 then
  anew = unheld == '1' or (s[1] ~= '2' and redis.call('EXISTS', list, next, returned, lost_once,
    lost_twice, delayed, high, numbered, low, dead, sessions, producers) == 0)
end
if anew then
  redis.call('HSET', state, 'format', format, 'created', now_ms, 'about',
    'The state of a Piecework queue. Its keys, their types and its scripts: docs/protocol.md')
  redis.call('HDEL', state, 'partition', 'partitions')
  redis.call('HSET', state, unpack(ARGV, rest))
elseif s[1] == '1' and s[5] == 'on' then
  redis.call('HDEL', state, '-') -- a first write that is never refused
  redis.call('HSET', state, 'format', 3)
end
return {'OK', redis.call('HGETALL', state)}
