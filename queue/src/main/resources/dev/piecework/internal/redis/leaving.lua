-- leaving: a session will lease nothing more; those who would leave early do not count on it.
-- Promise: goes on when Redis is full.
-- KEYS: sessions leaving
-- ARGV: session
-- Returns: OK
redis.call('SREM', leaving, session) -- a first write that is never refused
if redis.call('ZSCORE', sessions, session) then
  redis.call('SADD', leaving, session)
end
return {'OK'}
