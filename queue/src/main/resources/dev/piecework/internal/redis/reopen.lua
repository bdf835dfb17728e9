-- reopen: a run that has ended in this partition is open again, since it goes on in others.
-- Promise: only that run; it ends again when it is drained here and looked at.
-- KEYS: state results history journal points slowest sample
-- ARGV: run
-- Returns: OK | RUN_CHANGED run
local s = redis.call('HMGET', state, 'run', 'ended')
if (s[1] or '') ~= run then
  return {'RUN_CHANGED', s[1] or ''}
end
redis.call('HDEL', state, 'ended')
for _, key in ipairs({results, history, journal, points, slowest, sample}) do
  redis.call('PERSIST', key)
end
return {'OK'}
