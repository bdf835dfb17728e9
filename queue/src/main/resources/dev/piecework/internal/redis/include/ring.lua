-- Rings the bell for one idle worker; who finds something rings it for the next.
-- Call it after a first write that frees memory: LPUSH alone is refused when Redis is full.
local function ring()
  if redis.call('LLEN', bell) == 0 then
    redis.call('LPUSH', bell, '1')
    redis.call('EXPIRE', bell, 60)
  end
end
