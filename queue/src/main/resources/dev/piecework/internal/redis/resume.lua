-- resume: leasing goes on.
-- Promise: what stop-early goes by begins anew: what was done, dead and failed before does not count.
-- KEYS: state dead wakeups
-- ARGV:
-- Returns: OK was
-- include: wake
local was = redis.call('HDEL', state, 'paused')
if redis.call('HEXISTS', state, 'format') == 1 then
  redis.call('HINCRBY', state, 'resumes', 1)
  redis.call('HSET', state, 'done-before', redis.call('HGET', state, 'done') or 0, 'dead-before',
    redis.call('ZCARD', dead))
end
wake_one()
return {'OK', was}
