-- Wakes one idle worker; who then finds something wakes the next.
-- Call it after a first write that frees memory: LPUSH alone is refused when Redis is full.
local function wake_one()
  if redis.call('LLEN', wakeups) == 0 then
    redis.call('LPUSH', wakeups, '1')
    redis.call('EXPIRE', wakeups, 60)
  end
end
