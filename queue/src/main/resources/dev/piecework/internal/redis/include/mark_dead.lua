-- The item is dead: kept with its payload, its tries and its evidence.
local function mark_dead(id, payload)
  redis.call('HSET', payloads, id, payload)
  redis.call('ZADD', dead, now_ms, id)
end
