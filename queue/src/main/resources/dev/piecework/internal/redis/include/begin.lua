-- Starts a run unless one is under way. Ids are counted from 1 again only when nothing of the last
-- run is left, its dead included: else from above all its numbers. What the last run knew of sources
-- and given ids is forgotten; its results can still be read (before).
local function begin_run(new_run)
  local s = redis.call('HMGET', state, 'run', 'ended', 'counter', 'highest', 'dropped', 'seq')
  if s[1] and not s[2] then
    return s[1]
  end
  redis.call('HSET', state, 'run', new_run, 'begun', now_ms, 'done', 0, 'seq', 0, 'dropped', 0,
    'resbytes', 0, 'before', (s[1] or '') .. ' ' .. (s[5] or 0) .. ' ' .. (s[6] or 0),
    'entered', redis.call('ZCARD', dead), 'done-before', 0, 'dead-before',
    redis.call('ZCARD', dead)) -- the first write: refused when Redis is full
  redis.call('HDEL', state, 'ended', 'numbers', 'highest', 'missed', 'withdrawn', 'copies', 'copies-made',
    'copies-won')
  redis.call('DEL', incomplete, sources, pace, ids)
  local base = 0
  if redis.call('EXISTS', dead, returned, lost_once, lost_twice, delayed, high, numbered, low) == 1 then
    base = math.max(tonumber(s[3] or 0), tonumber(s[4] or 0))
  end
  redis.call('HSET', state, 'counter', string.format('%.0f', base), 'base',
    string.format('%.0f', base))
  return new_run
end
