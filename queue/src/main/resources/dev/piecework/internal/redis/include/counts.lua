-- All parts at once. What a rediswq worker holds is leased (external). Mostly all but the list is
-- empty, and one look at them is enough.
local function count_parts(foreign)
  local waiting, external = redis.call('LLEN', list), 0
  local leased = tonumber(redis.call('HGET', state, 'leased') or 0)
  if redis.call('EXISTS', next, returned, lost_once, lost_twice, high, numbered, low, delayed, dead,
    foreign or list) == (not foreign and waiting > 0 and 1 or 0) then
    return waiting, leased, 0, 0, 0
  end
  waiting = waiting + redis.call('LLEN', next)
    + redis.call('LLEN', returned) + redis.call('LLEN', lost_once) + redis.call('LLEN', lost_twice)
    + redis.call('LLEN', high) + redis.call('LLEN', numbered) + redis.call('LLEN', low)
  if foreign then
    external = redis.call('LLEN', foreign)
  end
  return waiting, leased + external, redis.call('ZCARD', delayed), redis.call('ZCARD', dead),
    external
end
