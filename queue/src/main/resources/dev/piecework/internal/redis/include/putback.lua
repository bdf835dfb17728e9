-- Puts an item that waits again, at the front, into the list that says how careful to be with it:
-- what was lost twice is leased only by a session that holds nothing else, what was lost once is
-- leased one at a time.
local function put_back(id, payload, losses)
  redis.call('HSET', payloads, id, payload)
  if losses >= 2 then
    redis.call('LPUSH', lost_twice, id)
  elseif losses == 1 then
    redis.call('LPUSH', lost_once, id)
  else
    redis.call('LPUSH', returned, id)
  end
end
