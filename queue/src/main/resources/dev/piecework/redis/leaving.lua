-- leaving: a session will lease nothing more; those who would leave early do not count on it.
-- KEYS: sessions leaving
-- ARGV: session
-- Returns: OK
if redis.call('ZSCORE', sessions, session) then
  redis.call('SADD', leaving, session)
end
return {'OK'}
