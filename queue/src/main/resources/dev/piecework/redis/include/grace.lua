-- Time in which nobody could heartbeat does not count: whoever finds the last heartbeat older than
-- two intervals grants one lapse of grace, once for each silence.
local function observe_silence(heard_now)
  local s = redis.call('HMGET', state, 'beat', 'graced', 'grace', 'lapse', 'producer-grace', 'token',
    'done')
  local beat, lapse = tonumber(s[1] or now_ms), tonumber(s[4] or 15000)
  local grace = tonumber(s[3] or 0)
  if grace > now_ms + lapse then
    grace = now_ms + lapse -- the clock was set back
    redis.call('HSET', state, 'grace', grace)
  end
  if (now_ms - beat > lapse * 2 / 3 or beat > now_ms + lapse) and s[2] ~= s[1] then
    grace = now_ms + lapse
    redis.call('HSET', state, 'grace', grace, 'graced', s[1] or '')
  end
  if heard_now then
    redis.call('HSET', state, 'beat', now_ms)
  end
  return grace, lapse, s
end
