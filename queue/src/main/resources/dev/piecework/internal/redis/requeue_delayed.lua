-- requeue_delayed: one delayed item may be leased now; a person's doing.
-- Promise: changes only what is delayed. To the front; attempts and losses stay counted, so that one
-- which has killed workers is still leased alone. A call that is made again, since its reply was lost,
-- answers the same: the last 20 calls are known.
-- KEYS: state delayed payloads tries returned lost_once lost_twice wakeups
-- ARGV: id call
-- Returns: OK | GONE
-- include: putback
-- include: wake
-- include: calls
if answer_before() then
  return {'OK'}
end
if redis.call('ZREM', delayed, id) == 0 then
  return {'GONE'}
end
remember_answer('delayed')
local tried = redis.call('HGET', tries, id)
put_back(id, redis.call('HGET', payloads, id), tonumber(string.match(tried or '0 0 0', ' (%d+) ')))
wake_one()
return {'OK'}
