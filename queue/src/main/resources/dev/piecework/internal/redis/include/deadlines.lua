-- In how many ms a session or a producer may have expired, at the earliest: a deadline never comes
-- nearer, and who joins later has a later one.
local function next_deadline(grace, producer_grace)
  local session = redis.call('ZRANGE', sessions, 0, 0, 'WITHSCORES')[2]
  local producer = redis.call('ZRANGE', producers, 0, 0, 'WITHSCORES')[2]
  local at = math.min(tonumber(session or 9e15), tonumber(producer or 9e15) + producer_grace)
  return math.min(math.max(at, grace) - now_ms, 1000000000)
end
