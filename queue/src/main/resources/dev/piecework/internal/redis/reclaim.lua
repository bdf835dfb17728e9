-- reclaim: all that an expired session held goes back to waiting, at the front, with one more loss.
-- Promise: checks the lease timeout again (or is told that the process is gone: force). At most 1,000 items
-- a call; from the first call on the session is over for good. An item whose losses are used up is
-- dead, but only if it was all that the session held: no other item is buried with the one at fault. What
-- another session holds too stays leased by that one: it was not lost.
-- KEYS: state sessions record payloads tries evidence returned lost_once lost_twice dead reports leaving wakeups history journal grouped leases
-- ARGV: now session force who
-- Returns: OK moved buried left | ALIVE | GONE | OTHER_RUN run
-- include: clock
-- include: wake
-- include: tries
-- include: putback
-- include: mark_dead
-- include: workers
-- include: groups
-- include: copies
local score = redis.call('ZSCORE', sessions, session)
if not score then
  return {'GONE'}
end
local s = redis.call('HMGET', state, 'grace', 'losses', 'leased', 'keep', 'run', 'copies')
score = tonumber(score)
if score > 0 and force ~= '1' and (now_ms < tonumber(s[1] or 0) or score > now_ms) then
  return {'ALIVE'}
end
if s[5] and string.sub(journal, -#s[5]) ~= s[5] then
  return {'OTHER_RUN', s[5]} -- the keys of history and journal are those of another run
end
local only = score > 0 and redis.call('HLEN', record) == 2
redis.call('ZREM', sessions, session)
local most, cursor, ids, items = 1000, '0', {}, {}
repeat
  local scan = redis.call('HSCAN', record, cursor, 'COUNT', 1000)
  cursor = scan[1]
  for i = 1, #scan[2], 2 do
    local id = scan[2][i]
    if id ~= '' and not items[id] and #ids < most then
      ids[#ids + 1], items[id] = id, scan[2][i + 1]
    end
  end
until cursor == '0' or #ids >= most
-- Counted ids in their order, then the others by their text; the first goes to the front last.
local function rank(id)
  return string.match(id, '^%d+$') and string.format('%03d', #id) .. id or 'x' .. id
end
read_copies(s[6])
table.sort(ids, function(a, b)
  return rank(a) > rank(b)
end)
local buried, moved = {}, 0
local function lose(id)
  redis.call('HDEL', record, id)
  redis.call('HDEL', leases, id)
  moved = moved + 1
  local failed, losses, notyet = tries_of(id)
  losses = losses + 1
  remember_tries(id, failed, losses, notyet)
  local entry = string.format('%.0f\t%d\t%s\tlost\tthe worker was lost while it held this item',
    now_ms, failed + losses + notyet, who)
  remember_why(id, entry)
  if s[4] == 'history' then
    redis.call('RPUSH', history, id .. '\t' .. entry)
  end
  local why = 'the worker was lost while it held this item'
  local group = count_failure(why, id, who, why)
  if only and losses >= tonumber(s[2]) then
    mark_dead(id, items[id], group)
    buried[#buried + 1] = id
  else
    put_back(id, items[id], losses)
  end
end
for _, id in ipairs(ids) do
  if not leave_to_other(id, leases) then
    lose(id)
  end
end
write_copies()
if moved > 0 then
  redis.call('HSET', state, 'leased', tonumber(s[3] or 0) - moved)
  redis.call('HINCRBY', journal, 'lost', moved)
end
local left = redis.call('HLEN', record) - redis.call('HEXISTS', record, '')
if left > 0 then
  redis.call('ZADD', sessions, 0, session)
else
  redis.call('DEL', record)
  redis.call('HDEL', reports, session)
  redis.call('SREM', leaving, session)
end
wake_one()
return {'OK', moved, buried, left}
