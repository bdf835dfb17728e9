-- lapsed: which sessions have lapsed; the first of two steps of a reclaim.
-- Promise: names none while a grace lasts. A producer that stayed silent for its own grace too makes
-- the run incomplete here. A deadline holds as it was promised; but those from before the
-- clock was set back are brought near. Answers in how many ms the next may have lapsed, when those named
-- are reaped.
-- KEYS: state sessions producers incomplete wakeups
-- ARGV: now
-- Returns: OK sessions vanished nextlapse
-- include: clock
-- include: wake
-- include: grace
-- include: deadlines
if redis.call('EXISTS', sessions, producers) == 0 then
  return {'OK', {}, {}, 1000000000}
end
redis.call('HDEL', state, '-') -- a first write that is never refused
local grace, _, s, longest = observe_silence(false)
local producer_grace = tonumber(s[5] or 300000)
for _, key in ipairs({sessions, producers}) do
  local far = redis.call('ZRANGEBYSCORE', key, '(' .. string.format('%.0f', now_ms + 2 * longest),
    '(9000000000000000', 'LIMIT', 0, 1000)
  for _, member in ipairs(far) do
    redis.call('ZADD', key, now_ms + longest, member)
  end
end
if now_ms < grace then
  return {'OK', {}, {}, next_deadline(grace, producer_grace)}
end
local vanished = redis.call('ZRANGEBYSCORE', producers, '-inf',
  now_ms - producer_grace, 'LIMIT', 0, 1000)
for _, source in ipairs(vanished) do
  redis.call('ZREM', producers, source)
  redis.call('HSET', incomplete, source, now_ms)
end
if #vanished > 0 then
  wake_one()
end
return {'OK', redis.call('ZRANGEBYSCORE', sessions, '-inf', now_ms, 'LIMIT', 0, 100), vanished,
  next_deadline(grace, producer_grace)}
