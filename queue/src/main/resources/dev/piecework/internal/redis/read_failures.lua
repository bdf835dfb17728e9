-- read_failures: what stop-early goes by, at one instant.
-- Promise: whoever looks later than somebody requeued or dropped dead items counts from those that are left.
-- KEYS: state @waiting dead producers journal
-- ARGV:
-- Returns: OTHER_RUN run | OK resumes paused done dead total open left failures
-- include: counts
local s = redis.call('HMGET', state, 'resumes', 'paused', 'done', 'done-before', 'dead-before', 'run')
if s[6] and string.sub(journal, -#s[6]) ~= s[6] then
  return {'OTHER_RUN', s[6]}
end
local waiting, leased, later, gone = count_parts(nil)
local done, before = tonumber(s[3] or 0), tonumber(s[5] or 0)
if gone < before then
  redis.call('HDEL', state, '-') -- a first write that is never refused
  redis.call('HSET', state, 'dead-before', gone)
  before = gone
end
return {'OK', s[1] or '0', s[2] or '', done - tonumber(s[4] or 0), gone - before,
  waiting + leased + later + done + gone, redis.call('ZCARD', producers), waiting + leased + later,
  redis.call('HGET', journal, 'failures') or ''}
