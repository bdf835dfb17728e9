-- What was lost twice goes only to a session that holds nothing, what was lost once alone in its batch.
-- Sets: finished alone
if redis.call('EXISTS', lost_twice) == 1 then
  if held == count then
    local id = redis.call('LPOP', lost_twice)
    give_stored(id, redis.call('HGET', payloads, id))
    finished = true
  else
    alone = 1
  end
end
if not finished then
  local id = redis.call('LPOP', lost_once)
  if id then
    give_stored(id, redis.call('HGET', payloads, id))
    finished = true
  end
end
