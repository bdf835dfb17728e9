-- The item is dead: kept with its payload, its tries and its evidence.
local function entomb(id, payload)
  redis.call('HSET', parked, id, payload)
  redis.call('ZADD', dead, now_ms, id)
end
