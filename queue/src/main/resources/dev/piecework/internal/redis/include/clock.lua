-- The time: Redis's own, or the one a test gives.
local now_us
if now == '' then
  local time = redis.call('TIME')
  now_us = time[1] * 1000000 + time[2]
else
  now_us = tonumber(now)
end
local now_ms = math.floor(now_us / 1000)
