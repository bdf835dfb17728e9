-- back_up: a second lease of one item, under the same token, for a session whose slots are idle.
-- Promise: one copy of an item, and `most` of all at a time. Only while nothing waits or is delayed, in a
-- queue that makes backup attempts and is not paused; only of an item that is held as was said, by
-- another session, and was never lost. Nothing is counted: the item is leased once. As in step a session
-- that holds another number of items than it knows of is told so. While a session is there that may not know
-- of two holders (its id says so, by not ending in _ and 12 digits of hex) there are no copies: it would put
-- back for others what one of two has lost, and the item would be done twice.
-- KEYS: state sessions record leases tries @waiting ...record_of_holder
-- ARGV: now session run holds holder id token most
-- Returns: OK prevtoken payload tried | SESSION_LOST prevtoken | ASTRAY prevtoken | NOTHING prevtoken
-- include: clock
-- include: copies
local s = redis.call('HMGET', state, 'token', 'run', 'paused', 'ended', 'backup', 'copies')
local prev = s[1] or '0'
local score, held = redis.call('ZSCORE', sessions, session), redis.call('HLEN', record) - 1
if not score or tonumber(score) <= 0 or held < 0 then
  return {'SESSION_LOST', prev}
end
if held ~= tonumber(holds) then
  return {'ASTRAY', prev}
end
read_copies(s[6])
local known = 0
for _ in pairs(copies) do
  known = known + 1
end
for _, other in ipairs(redis.call('ZRANGE', sessions, 0, -1)) do
  if not string.match(other, '_' .. string.rep('%x', 12) .. '$') then
    return {'NOTHING', prev}
  end
end
local theirs = redis.call('ZSCORE', sessions, holder)
local since = string.match(redis.call('HGET', leases, id) or '', '^(%S+ %d+) %d+$')
local tried = redis.call('HGET', tries, id) or ''
if s[2] ~= run or s[3] or s[4] or s[5] ~= 'on' or known >= tonumber(most) or copies[id] or id == ''
  or holder == session or not theirs or tonumber(theirs) <= 0 or since ~= holder .. ' ' .. token
  or string.match(tried, ' [1-9]%d* ')
  or redis.call('EXISTS', list, next, returned, lost_once, lost_twice, delayed, high, numbered, low) > 0
  or redis.call('HEXISTS', record, id) == 1 then
  return {'NOTHING', prev}
end
local payload = redis.call('HGET', KEYS[more], id)
if not payload then
  redis.call('HDEL', leases, id) -- it ended where nobody knew of the note
  return {'NOTHING', prev}
end
redis.call('HSET', record, id, payload)
copies[id], copies_changed = {holder, session, token, string.format('%.0f', now_ms)}, true
write_copies()
redis.call('HINCRBY', state, 'copies-made', 1)
return {'OK', prev, payload, tried}
