-- Starts a run unless one is under way. Ids are counted from 1 again only when nothing of the last
-- run is left, its dead included; what the last run knew of sources and given ids is forgotten.
local function begin_run(new_run)
  local s = redis.call('HMGET', state, 'run', 'ended')
  if s[1] and not s[2] then
    return s[1]
  end
  redis.call('HSET', state, 'run', new_run, 'begun', now_ms, 'done', 0, 'seq', 0, 'dropped', 0,
    'resbytes', 0) -- the first write: refused when Redis is full
  redis.call('HDEL', state, 'ended', 'numbers')
  redis.call('DEL', incomplete, sources, pace, durations, ids)
  if redis.call('EXISTS', dead, returned, suspects, culprits, delayed, high, numbered, low) == 0 then
    redis.call('HSET', state, 'counter', 0)
  end
  return new_run
end
