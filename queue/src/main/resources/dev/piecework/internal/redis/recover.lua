-- recover: what a session holds, after a reply was lost.
-- Promise: changes nothing but the token, which is fresh for what the session did not know of. What persons
-- have dropped of it (as in beat) is no longer held, and yet was not ended. What another session holds too
-- keeps the token that both have: id and token, one after the other, in `shared`.
-- KEYS: state sessions record tries stops
-- ARGV: now session
-- Returns: OK prevtoken token items dropped shared | SESSION_LOST prevtoken
-- include: clock
-- include: copies
local s = redis.call('HMGET', state, 'token', 'copies')
local prev = s[1] or '0'
local score = redis.call('ZSCORE', sessions, session)
local all = redis.call('HGETALL', record)
if not score or tonumber(score) <= 0 or #all == 0 then -- or Redis has lost its record
  return {'SESSION_LOST', prev}
end
local token = string.format('%.0f', math.max(tonumber(prev) + 1, now_us))
redis.call('HDEL', state, '-') -- a first write that is never refused
redis.call('HSET', state, 'token', token)
local items, shared = {}, {}
read_copies(s[2])
for i = 1, #all, 2 do
  if all[i] ~= '' then
    local at = #items
    items[at + 1], items[at + 2] = all[i], all[i + 1]
    items[at + 3] = redis.call('HGET', tries, all[i]) or ''
    if other_holder(all[i]) then
      shared[#shared + 1], shared[#shared + 2] = all[i], copies[all[i]][3]
    end
  end
end
return {'OK', prev, token, items, redis.call('HGET', stops, session) or '', shared}
