-- release: given back untried, to the front, in the order in which the ids are given.
-- Promise: only what the session holds is ended; nothing is counted. What another session holds too goes on
-- there, and does not wait. `leases` is given while the queue makes backup attempts.
-- KEYS: state sessions record payloads tries returned lost_once lost_twice wakeups ...leases
-- ARGV: session ...ids
-- Returns: OK prevtoken refused | SESSION_LOST prevtoken
-- include: putback
-- include: wake
-- include: copies
local s = redis.call('HMGET', state, 'token', 'leased', 'copies')
local prev = s[1] or '0'
local score = redis.call('ZSCORE', sessions, session)
if not score or tonumber(score) <= 0 then
  return {'SESSION_LOST', prev}
end
local refused, released, leases = {}, 0, KEYS[more]
read_copies(s[3])
for i = #ARGV, rest, -1 do
  local id = ARGV[i]
  local payload = redis.call('HGET', record, id)
  if not payload then
    refused[#refused + 1] = id
  elseif not leave_to_other(id, leases) then
    redis.call('HDEL', record, id)
    if leases then
      redis.call('HDEL', leases, id)
    end
    local tried = redis.call('HGET', tries, id)
    put_back(id, payload, tonumber(string.match(tried or '0 0 0', ' (%d+) ')))
    released = released + 1
  end
end
write_copies()
if released > 0 then
  redis.call('HSET', state, 'leased', tonumber(s[2] or 0) - released)
  wake_one()
end
return {'OK', prev, refused}
