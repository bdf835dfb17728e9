-- recover: what a session holds, after a reply was lost.
-- Promise: changes nothing but the token, which is fresh for what the session did not know of. What persons
-- have dropped of it (as in beat) is no longer held, and yet was not ended. In a queue
-- that makes backup attempts all has the token under which it was leased: id and token, one after the other,
-- in `known`; another may hold it too, or have held it.
-- KEYS: state sessions record tries stops leases
-- ARGV: now session
-- Returns: OK prevtoken token items dropped known | SESSION_LOST prevtoken
-- include: clock
-- include: copies
local s = redis.call('HMGET', state, 'token', 'copies', 'backup')
local prev = s[1] or '0'
local score = redis.call('ZSCORE', sessions, session)
local all = redis.call('HGETALL', record)
if not score or tonumber(score) <= 0 or #all == 0 then -- or Redis has lost its record
  return {'SESSION_LOST', prev}
end
local token = string.format('%.0f', math.max(tonumber(prev) + 1, now_us))
redis.call('HDEL', state, '-') -- a first write that is never refused
redis.call('HSET', state, 'token', token)
local items, known = {}, {}
read_copies(s[2])
for i = 1, #all, 2 do
  if all[i] ~= '' then
    local at = #items
    items[at + 1], items[at + 2] = all[i], all[i + 1]
    items[at + 3] = redis.call('HGET', tries, all[i]) or ''
    local under = other_holder(all[i]) and copies[all[i]][3]
    if not under and s[3] == 'on' then
      local holder, noted = string.match(redis.call('HGET', leases, all[i]) or '', '^(%S+) (%d+) ')
      under = holder == session and noted
    end
    if under then
      known[#known + 1], known[#known + 2] = all[i], under
    end
  end
end
return {'OK', prev, token, items, redis.call('HGET', stops, session) or '', known}
