-- requeue_delayed: one delayed item may be leased now; a person's doing.
-- Promise: changes only what is delayed. To the front; attempts and losses stay counted, so that one
-- which has killed workers is still leased alone.
-- KEYS: delayed payloads tries returned lost_once lost_twice wakeups
-- ARGV: id
-- Returns: OK | GONE
-- include: putback
-- include: wake
if redis.call('ZREM', delayed, id) == 0 then
  return {'GONE'}
end
local tried = redis.call('HGET', tries, id)
put_back(id, redis.call('HGET', payloads, id), tonumber(string.match(tried or '0 0 0', ' (%d+) ')))
wake_one()
return {'OK'}
