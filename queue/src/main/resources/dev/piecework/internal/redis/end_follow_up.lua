-- end_follow_up: says how it ended: how=done, failed with a code, or free for the next who asks.
-- Promise: of its holder alone; made again, since its reply was lost, it answers the same.
-- KEYS: followup
-- ARGV: token how code
-- Returns: OK | LEASE_LOST
local f = redis.call('HMGET', followup, 'how', 'token')
if f[2] ~= token or (f[1] ~= 'taken' and f[1] ~= how) then
  return {'LEASE_LOST'}
end
redis.call('HSET', followup, 'how', how, 'code', code)
return {'OK'}
