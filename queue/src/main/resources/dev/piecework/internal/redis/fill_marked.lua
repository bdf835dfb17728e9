-- fill_marked: a producer's next chunk of items with an id, a priority or a delay.
-- Promise: as fill; an id is used once in a run. With unique an id that the run has seen, in any
-- state, is skipped and counted; without, the whole chunk is refused. An item without an id is
-- counted here. A marked item of normal priority remembers how many plain ones came before it.
-- KEYS: state list next producers sources incomplete fingerprints ids payloads delayed high numbered low wakeups
-- ARGV: now run source offset digest new_fingerprints unique ...id_priority_delay_payload
-- Returns: OK offset token skipped | RUN_CHANGED run | UNKNOWN | OFFSET offset digest | TAKEN index id
-- include: clock
-- include: chunk
-- include: wake
local refusal, added, skipped, owner = source_at(run, offset)
if refusal then
  return refusal
end
local s = redis.call('HMGET', state, 'counter', 'taken', 'token', 'numbers', 'base', 'highest')
local counter, numbers = tonumber(s[1] or 0), s[4]
local base, highest = tonumber(s[5] or 0), tonumber(s[6] or 0)

local function is_number(id)
  return #id <= 15 and string.match(id, '^[1-9]%d*$')
end

local skip, seen = {}, {}
for i = rest, #ARGV, 4 do
  local id = ARGV[i]
  if id ~= '' then
    if seen[id] or (is_number(id) and tonumber(id) > base and tonumber(id) <= counter)
      or redis.call('SISMEMBER', ids, id) == 1 or redis.call('HEXISTS', payloads, id) == 1 then
      if unique ~= '1' then
        return {'TAKEN', (i - rest) / 4, id}
      end
      skip[i] = true
    end
    seen[id] = true
  end
end
local n, left = 0, 0
redis.call('HSET', state, 'filled', now_ms) -- the first write: refused when Redis is full
for i = rest, #ARGV, 4 do
  local id, priority, delay, payload = ARGV[i], ARGV[i + 1], tonumber(ARGV[i + 2]), ARGV[i + 3]
  n = n + 1
  if skip[i] then
    left = left + 1
  else
    if id == '' then
      repeat
        counter = counter + 1
        id = string.format('%.0f', counter)
      until not (seen[id] or (numbers and redis.call('SISMEMBER', ids, id) == 1))
    else
      redis.call('SADD', ids, id)
      if is_number(id) then
        numbers = '1'
        highest = math.max(highest, tonumber(id))
      end
    end
    if delay > 0 then
      redis.call('HSET', payloads, id, payload)
      redis.call('ZADD', delayed, now_ms + delay, id)
    elseif priority == 'high' then
      redis.call('RPUSH', high, '\t' .. id .. '\n' .. payload)
    elseif priority == 'low' then
      redis.call('RPUSH', low, '\t' .. id .. '\n' .. payload)
    else
      redis.call('RPUSH', numbered, string.format('%.0f', tonumber(s[2] or 0)
        + redis.call('LLEN', list) + redis.call('LLEN', next)) .. '\t' .. id .. '\n' .. payload)
    end
  end
end
redis.call('HSET', state, 'counter', string.format('%.0f', counter))
redis.call('HINCRBY', state, 'entered', n - left)
if numbers then
  redis.call('HSET', state, 'numbers', '1', 'highest', string.format('%.0f', highest))
end
source_moves(tonumber(offset) + n, digest, added + n - left, skipped + left, owner)
wake_one() -- nobody is blocked on these lists
return {'OK', tonumber(offset) + n, s[3] or '0', left}
