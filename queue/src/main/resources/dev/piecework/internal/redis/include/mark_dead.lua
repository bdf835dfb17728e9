-- The item is dead: kept with its payload, its tries, its evidence, and the group of its last failure.
local function mark_dead(id, payload, group)
  redis.call('HSET', payloads, id, payload)
  redis.call('ZADD', dead, now_ms, id)
  redis.call('HSET', grouped, id, group .. ' ' .. string.match(journal, '[^:]*$'))
  redis.call('HINCRBY', journal, 'd:' .. group, 1)
end
