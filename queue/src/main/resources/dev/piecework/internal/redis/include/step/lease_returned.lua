-- What came back and was never lost.
-- Sets: finished
while not finished and n < want and room > 0 do
  local id = redis.call('LINDEX', returned, 0)
  if not id then
    break
  end
  local payload = redis.call('HGET', payloads, id)
  if n > 0 and #payload > room then
    finished = true
    break
  end
  redis.call('LPOP', returned)
  give_stored(id, payload)
end
