-- release: given back untried, to the front, in the order in which the ids are given.
-- Promise: only what the session holds is ended; nothing is counted.
-- KEYS: state sessions record payloads tries returned lost_once lost_twice wakeups
-- ARGV: session ...ids
-- Returns: OK prevtoken refused | SESSION_LOST prevtoken
-- include: putback
-- include: wake
local s = redis.call('HMGET', state, 'token', 'leased')
local prev = s[1] or '0'
local score = redis.call('ZSCORE', sessions, session)
if not score or tonumber(score) <= 0 then
  return {'SESSION_LOST', prev}
end
local refused, released = {}, 0
for i = #ARGV, rest, -1 do
  local id = ARGV[i]
  local payload = redis.call('HGET', record, id)
  if not payload then
    refused[#refused + 1] = id
  else
    redis.call('HDEL', record, id)
    local tried = redis.call('HGET', tries, id)
    put_back(id, payload, tonumber(string.match(tried or '0 0 0', ' (%d+) ')))
    released = released + 1
  end
end
if released > 0 then
  redis.call('HSET', state, 'leased', tonumber(s[2] or 0) - released)
  wake_one()
end
return {'OK', prev, refused}
