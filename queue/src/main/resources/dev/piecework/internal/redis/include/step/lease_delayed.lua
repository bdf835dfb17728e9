-- What is due. What was lost before waits with its like, unless it may be leased here and now.
-- Sets: finished
if not finished and n < want and room > 0 then
  local due = redis.call('ZRANGEBYSCORE', delayed, '-inf', now_ms, 'LIMIT', 0, want - n)
  for _, id in ipairs(due) do
    local payload = redis.call('HGET', payloads, id)
    local losses = tonumber(string.match(redis.call('HGET', tries, id) or '0 0 0', ' (%d+) '))
    if n > 0 and #payload > room then
      finished = true
      break
    end
    redis.call('ZREM', delayed, id)
    if losses == 0 then
      give_stored(id, payload)
    elseif n == 0 and (losses == 1 or held == count) then
      give_stored(id, payload)
      finished = true
      break
    elseif losses == 1 then
      redis.call('RPUSH', lost_once, id)
    else
      redis.call('RPUSH', lost_twice, id)
    end
  end
end
