-- pause: no more leasing; what is leased goes on.
-- Promise: the first reason stays. Who decided by what had failed says how often the queue had been
-- resumed by then: once it was resumed again that says nothing any more, and it is LATE.
-- KEYS: state
-- ARGV: reason resumes
-- Returns: OK | LATE
redis.call('HDEL', state, '-') -- a first write that is never refused
if resumes ~= '' and resumes ~= (redis.call('HGET', state, 'resumes') or '0') then
  return {'LATE'}
end
if redis.call('HSETNX', state, 'paused', reason) == 0 and resumes ~= '' then
  return {'LATE'}
end
return {'OK'}
