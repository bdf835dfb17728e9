-- Puts an item that waits again, at the front, into the list that says how careful to be with it:
-- culprits are leased only by a session that holds nothing else, suspects one at a time.
local function put_back(id, payload, losses)
  redis.call('HSET', parked, id, payload)
  if losses >= 2 then
    redis.call('LPUSH', culprits, id)
  elseif losses == 1 then
    redis.call('LPUSH', suspects, id)
  else
    redis.call('LPUSH', returned, id)
  end
end
