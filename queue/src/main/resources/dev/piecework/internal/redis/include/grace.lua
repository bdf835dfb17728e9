-- Time in which nobody could heartbeat does not count: whoever finds that nobody was heard for two thirds
-- of the lease timeout, in which the one who was heard last has missed a heartbeat, grants a grace, once for
-- each silence. Sessions and producers go by the lease timeout of their last heartbeat: after a change the
-- longest that may be in force is granted, and until the shortest is over a silence of two thirds of that is
-- enough. Answers the end of the grace, the lease timeout, all that was read, and the longest lease timeout.
local function observe_silence(heard_now)
  local s = redis.call('HMGET', state, 'beat', 'graced', 'grace', 'lapse', 'producer-grace', 'token',
    'done', 'changes', 'longest', 'shortest', 'changed', 'promised', 'stopped', 'run', 'begun', 'ended',
    'retention')
  local beat, timeout = tonumber(s[1] or now_ms), tonumber(s[4] or 15000)
  local longest, shortest = tonumber(s[9] or timeout), tonumber(s[10] or timeout)
  local grace, silence = tonumber(s[3] or 0), now_ms - beat
  if grace > now_ms + longest then
    grace = now_ms + longest -- the clock was set back
    redis.call('HSET', state, 'grace', grace)
  end
  local found
  if silence > tonumber(s[12] or timeout) * 2 / 3 or beat > now_ms + longest then
    found = s[1]
  elseif s[11] and beat <= tonumber(s[11]) + shortest and silence > shortest * 2 / 3 then
    found = s[1] .. '-' -- perhaps only for those of a longer lease timeout: should it go on, it is found again
  end
  if found and s[2] ~= found and s[2] ~= s[1] then
    grace = now_ms + longest
    redis.call('HSET', state, 'grace', grace, 'graced', found)
  end
  if s[11] and grace <= now_ms and now_ms > tonumber(s[11]) + longest then
    redis.call('HDEL', state, 'longest', 'shortest', 'changed')
  end
  if heard_now then
    redis.call('HSET', state, 'beat', now_ms, 'promised', timeout)
  end
  return grace, timeout, s, longest
end
