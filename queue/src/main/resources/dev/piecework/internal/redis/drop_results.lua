-- drop_results: results up to a sequence number are safe elsewhere.
-- Promise: never drops what comes after it. Those of the run before are dropped as well.
-- KEYS: state results wakeups
-- ARGV: run upto
-- Returns: OK dropped | RUN_CHANGED run
-- include: wake
local s = redis.call('HMGET', state, 'run', 'dropped', 'resbytes', 'before')
if (s[1] or '') ~= run then
  local earlier, its_dropped, its_seq = string.match(s[4] or '', '^(%S+) (%d+) (%d+)$')
  if earlier ~= run then
    return {'RUN_CHANGED', s[1] or ''}
  end
  local gone = math.min(tonumber(upto) - tonumber(its_dropped), redis.call('LLEN', results))
  if gone > 0 then
    redis.call('LTRIM', results, gone, -1)
    redis.call('HSET', state, 'before', string.format('%s %.0f %s', run, its_dropped + gone, its_seq))
  end
  return {'OK', math.max(gone, 0)}
end
local n = math.min(tonumber(upto) - tonumber(s[2] or 0), redis.call('LLEN', results))
if n <= 0 then
  return {'OK', 0}
end
local size = 0
for from = 0, n - 1, 100 do
  for _, entry in ipairs(redis.call('LRANGE', results, from, math.min(from + 99, n - 1))) do
    size = size + #entry
  end
end
redis.call('LTRIM', results, n, -1)
local left = math.max(tonumber(s[3] or 0) - size, 0)
if redis.call('EXISTS', results) == 0 then
  left = 0
end
redis.call('HSET', state, 'dropped', tonumber(s[2] or 0) + n, 'resbytes', left)
wake_one()
return {'OK', n}
