-- complete and lease next: ends leases as done, with their results, and leases a batch.
-- Promise: state, results and counters change together, and only for a session that was not
-- reaped. First in, first out: returned items, delayed ones that are due, high, normal, low. An
-- item that was lost once comes alone in its batch, one that was lost twice only to a session that
-- holds nothing. At most `want` items and `room` bytes, but at least one item. A session that holds
-- another number of items than it knows of (a lost reply, a Redis that went back in time) changes
-- nothing before it has read what it holds. Where Redis is full or the results are at their bound, and
-- nobody takes them, completions without a result are counted but not listed (unlisted). Of an item that
-- two sessions hold the first to complete wins: the other's lease is lost in the same step; where its
-- record is not among the keys nothing is done (COPIED). The first of the further keys is `leases`, given
-- while the queue makes backup attempts, then, for COPIED, `stops` and the records.
-- KEYS: @waiting state sessions record results payloads tries evidence ids ...leases_stops_records
-- ARGV: now session run holds want room count cameback resultbytes hollow ...ids_then_results
-- Returns: OK prevtoken token first raw aside left alone seq unlisted | SESSION_LOST prevtoken | ASTRAY prevtoken | COPIED prevtoken others | REFUSED prevtoken removed | RUN_CHANGED prevtoken run | UNBEGUN prevtoken | ENDED prevtoken | PAUSED prevtoken reason | RESULTS_FULL prevtoken bytes max
-- include: clock
local score = redis.call('ZSCORE', sessions, session)
local run_now, paused, ended, counter, taken, numbers, prev, leased, done, seq, resbytes, results_max,
  results_dropped, copying = unpack(redis.call('HMGET', state, 'run', 'paused', 'ended', 'counter', 'taken',
    'numbers', 'token', 'leased', 'done', 'seq', 'resbytes', 'results-max', 'dropped', 'copies'))
prev = prev or '0'
local held = redis.call('HLEN', record) - 1
if not score or tonumber(score) <= 0 or held < 0 then -- or Redis has lost its record
  return {'SESSION_LOST', prev}
end
if held ~= tonumber(holds) then
  return {'ASTRAY', prev}
end
if not run_now then
  return {'UNBEGUN', prev}
end
if run_now ~= run then
  return {'RUN_CHANGED', prev, run_now}
end
counter, taken = tonumber(counter or 0), tonumber(taken or 0)
leased, done = tonumber(leased or 0), tonumber(done or 0)
seq, resbytes = tonumber(seq or 0), tonumber(resbytes or 0)
results_max = tonumber(results_max or 1e15)
count, want, room = tonumber(count), tonumber(want), tonumber(room)

local unlisted, overtake = 0, nil
if count > 0 then
  if copying and copying ~= '' then
    -- include: copies
    -- include: step/find_copies
  end
  -- include: step/complete
end

local full = resbytes >= results_max
local n, first, raw, aside, fields, alone, left = 0, counter + 1, {}, {}, {}, 0, 0
local token = prev
if want > 0 and not paused and not ended and not full then
  local others = numbers and 1
    or redis.call('EXISTS', next, returned, lost_once, lost_twice, delayed, high, numbered, low)
  if others == 0 and want == 1 then
    local payload = redis.call('LPOP', list)
    if payload then
      n, counter, taken = 1, counter + 1, taken + 1
      fields[1], fields[2], raw[1] = string.format('%d', counter), payload, payload
    end
  else
    -- include: step/take_raw
    if others == 0 then
      taken = taken + take_raw(list, want)
    elseif not numbers and others == redis.call('EXISTS', next) then
      taken = taken + take_raw(next, want)
      taken = taken + take_raw(list, want - n)
    else
      local finished = false
      -- include: step/give
      -- include: step/lease_lost
      -- include: step/lease_returned
      -- include: step/lease_delayed
      -- include: step/lease_by_priority
      left = redis.call('LLEN', returned) + redis.call('LLEN', high)
        + redis.call('LLEN', numbered) + redis.call('LLEN', low)
    end
  end

  if n > 0 then
    redis.call('HSET', record, unpack(fields))
    leased = leased + n
    token = string.format('%.0f', math.max(tonumber(prev) + 1, now_us))
    if KEYS[more] then
      -- include: step/note_leases
    end
  end
end
-- include: step/write_state

if n == 0 and want > 0 then
  if ended then
    return {'ENDED', prev}
  elseif paused then
    return {'PAUSED', prev, paused}
  elseif full then
    return {'RESULTS_FULL', prev, resbytes, results_max}
  end
end
return {'OK', prev, token, first, raw, aside, left + redis.call('LLEN', list), alone, seq, unlisted}
