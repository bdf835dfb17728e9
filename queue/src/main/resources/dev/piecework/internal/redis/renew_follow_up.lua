-- renew_follow_up: who does what follows the end of a run goes on doing it.
-- Promise: never takes it back from another, nor once it was said how it ended.
-- KEYS: followup
-- ARGV: now token millis
-- Returns: OK | LEASE_LOST
-- include: clock
local f = redis.call('HMGET', followup, 'how', 'token')
if f[1] ~= 'taken' or f[2] ~= token then
  return {'LEASE_LOST'}
end
redis.call('HSET', followup, 'until', now_ms + tonumber(millis))
return {'OK'}
