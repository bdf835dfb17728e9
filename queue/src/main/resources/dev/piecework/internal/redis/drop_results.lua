-- drop_results: results up to a sequence number are safe elsewhere.
-- Promise: never drops what comes after it. Those of the run before are dropped as well.
-- KEYS: state results wakeups
-- ARGV: run upto
-- Returns: OK dropped | RUN_CHANGED run
-- include: wake
-- include: before
local s = redis.call('HMGET', state, 'run', 'dropped', 'resbytes')
if (s[1] or '') ~= run then
  local gone, last = left_of(run)
  if not gone then
    return {'RUN_CHANGED', s[1] or ''}
  end
  local more = math.min(tonumber(upto) - gone, redis.call('LLEN', results))
  if more > 0 then
    redis.call('LTRIM', results, more, -1)
    redis.call('HSET', state, 'before', string.format('%s %.0f %.0f', run, gone + more, last))
  end
  return {'OK', math.max(more, 0)}
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
