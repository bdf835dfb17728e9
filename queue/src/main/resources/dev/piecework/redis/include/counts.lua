-- All parts at once. What a rediswq worker holds is leased, elsewhere.
local function count_parts(foreign)
  local waiting = redis.call('LLEN', list) + redis.call('LLEN', next)
    + redis.call('LLEN', returned) + redis.call('LLEN', suspects) + redis.call('LLEN', culprits)
    + redis.call('LLEN', high) + redis.call('LLEN', numbered) + redis.call('LLEN', low)
  local elsewhere = 0
  if foreign then
    elsewhere = redis.call('LLEN', foreign)
  end
  local leased = tonumber(redis.call('HGET', state, 'leased') or 0)
  return waiting, leased + elsewhere, redis.call('ZCARD', delayed), redis.call('ZCARD', dead),
    elsewhere
end
