-- audit_leases: compares what all sessions hold with the count of the leased: what is held by none, Redis has lost.
-- Promise: changes nothing unless all sessions were given, with their records, nor when all is there.
-- What is missed is leased no longer, and the run does not end drained. What two sessions hold is one item.
-- KEYS: state sessions wakeups ...records
-- ARGV: ...sessions
-- Returns: OK missed | AGAIN
-- include: wake
local first = #KEYS - #ARGV
local there, open = redis.call('ZRANGE', sessions, 0, -1), {}
if #there ~= #ARGV then
  return {'AGAIN'}
end
for _, session in ipairs(there) do
  open[session] = true
end
local held = 0
for i = rest, #ARGV do
  if not open[ARGV[i]] then
    return {'AGAIN'}
  end
  held = held + math.max(redis.call('HLEN', KEYS[first + i]) - 1, 0) -- but for its registration
end
-- A copy of which Redis has lost a record is none any more.
local held_by = {}
for i = rest, #ARGV do
  held_by[ARGV[i]] = KEYS[first + i]
end
local text, kept = redis.call('HGET', state, 'copies') or '', {}
for line, original, copy, id in string.gmatch(text, '((%S+) (%S+) %d+ %d+ ([^\n]*)\n)') do
  if held_by[original] and held_by[copy] and redis.call('HEXISTS', held_by[original], id) == 1
    and redis.call('HEXISTS', held_by[copy], id) == 1 then
    kept[#kept + 1], held = line, held - 1
  end
end
if #table.concat(kept) < #text then
  redis.call('HDEL', state, '-') -- a first write that is never refused
  redis.call('HSET', state, 'copies', table.concat(kept))
end
local missed = tonumber(redis.call('HGET', state, 'leased') or 0) - held
if missed <= 0 then
  return {'OK', 0}
end
redis.call('HDEL', state, '-') -- a first write that is never refused
redis.call('HSET', state, 'leased', held)
redis.call('HINCRBY', state, 'missed', missed)
wake_one()
return {'OK', missed}
