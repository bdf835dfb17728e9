-- complete and lease next: ends leases as done, with their results, and leases a batch.
-- Promise: state, results and counters change together, and only for a session that was not
-- reaped. First in, first out: returned items, delayed ones that are due, high, normal, low. An
-- item that was lost once comes alone in its batch, one that was lost twice only to a session that
-- holds nothing. At most `want` items and `room` bytes, but at least one item. A session that holds
-- another number of items than it knows of (a lost reply, a Redis that went back in time) changes
-- nothing before it has read what it holds. Where Redis is full or the results are at their bound, and
-- nobody takes them, completions without a result are counted but not listed (unlisted).
-- KEYS: list next state sessions record results returned lost_once lost_twice payloads tries evidence delayed high numbered low ids
-- ARGV: now session run holds want room count cameback resultbytes hollow ...ids_then_results
-- Returns: OK prevtoken token first raw aside left alone seq unlisted | SESSION_LOST prevtoken | ASTRAY prevtoken | REFUSED prevtoken removed | RUN_CHANGED prevtoken run | UNBEGUN prevtoken | ENDED prevtoken | PAUSED prevtoken reason | RESULTS_FULL prevtoken bytes max
-- include: clock
local score = redis.call('ZSCORE', sessions, session)
local s = redis.call('HMGET', state, 'run', 'paused', 'counter', 'taken', 'token', 'leased',
  'done', 'seq', 'resbytes', 'results-max', 'ended', 'numbers', 'dropped')
local prev = s[5] or '0'
local held = redis.call('HLEN', record) - 1
if not score or tonumber(score) <= 0 or held < 0 then -- or Redis has lost its record
  return {'SESSION_LOST', prev}
end
if held ~= tonumber(holds) then
  return {'ASTRAY', prev}
end
if not s[1] then
  return {'UNBEGUN', prev}
end
if s[1] ~= run then
  return {'RUN_CHANGED', prev, s[1]}
end
local counter, taken = tonumber(s[3] or 0), tonumber(s[4] or 0)
local leased, done = tonumber(s[6] or 0), tonumber(s[7] or 0)
local seq, resbytes = tonumber(s[8] or 0), tonumber(s[9] or 0)
count = tonumber(count)
local unlisted = 0

if count > 0 then
  local last = rest + count - 1
  local stored = false
  local may_skip = hollow == '1' and tonumber(s[13] or 0) == 0
  if may_skip and resultbytes ~= '' and resbytes + tonumber(resultbytes) > tonumber(s[10] or 1e15) then
    resultbytes, unlisted = '', count
  end
  if resultbytes ~= '' then
    -- The first write: refused when Redis is full. Then only what takes no more room than the
    -- leases that end here is stored, after they are gone.
    local pushed = redis.pcall('RPUSH', results, unpack(ARGV, last + 1, last + count))
    if type(pushed) == 'table' and pushed.err then
      if not string.find(pushed.err, 'OOM', 1, true) then
        return pushed
      end
      local freed = 0
      for i = rest, last do
        freed = freed + redis.call('HSTRLEN', record, ARGV[i]) + 128
      end
      if may_skip then
        resultbytes, unlisted = '', count
      elseif tonumber(resultbytes) > freed then
        return pushed
      end
    else
      stored = true
    end
  end
  local removed = redis.call('HDEL', record, unpack(ARGV, rest, last))
  if removed < count then
    if stored then
      redis.call('LTRIM', results, 0, -count - 1)
    end
    if removed > 0 then
      redis.call('HSET', state, 'leased', leased - removed, 'done', done + removed)
    end
    return {'REFUSED', prev, removed}
  end
  if resultbytes ~= '' then
    if not stored then
      redis.call('RPUSH', results, unpack(ARGV, last + 1, last + count))
    end
    resbytes = resbytes + tonumber(resultbytes)
    seq = seq + count
  end
  if cameback == '1' then
    redis.call('HDEL', tries, unpack(ARGV, rest, last))
    redis.call('HDEL', evidence, unpack(ARGV, rest, last))
  end
  leased, done = leased - count, done + count
end

want, room = tonumber(want), tonumber(room)
local full = resbytes >= tonumber(s[10] or 1e15)
local n, first, raw, aside, fields, alone, left = 0, counter + 1, {}, {}, {}, 0, 0
local token = prev

if want > 0 and not s[2] and not s[11] and not full then
  -- Takes raw payloads, in slices so that large ones are not all read to be put back.
  local function take_raw(source, most, mixed)
    local slice, got = 8, 0
    while got < most and room > 0 do
      local asked = math.min(slice, most - got)
      local part = redis.call('LPOP', source, asked)
      if not part then
        break
      end
      for i = 1, #part do
        local payload = part[i]
        room = room - #payload
        if room < 0 and n > 0 then
          local back = {}
          for j = #part, i, -1 do
            back[#back + 1] = part[j]
          end
          redis.call('LPUSH', source, unpack(back))
          return got
        end
        n, got, counter = n + 1, got + 1, counter + 1
        while s[12] and redis.call('SISMEMBER', ids, counter) == 1 do
          counter = counter + 1 -- a producer gave this number as an id
        end
        -- Redis would write the number with 17 digits of precision, which takes three times as long.
        fields[2 * n - 1], fields[2 * n] = string.format('%d', counter), payload
        if mixed then
          local at = #aside
          aside[at + 1], aside[at + 2], aside[at + 3] = counter, payload, ''
        else
          raw[n] = payload
        end
      end
      if #part < asked then
        break
      end
      slice = 128
    end
    return got
  end

  local others = s[12] and 1
    or redis.call('EXISTS', next, returned, lost_once, lost_twice, delayed, high, numbered, low)
  if others == 0 and want == 1 then
    local payload = redis.call('LPOP', list)
    if payload then
      n, counter, taken = 1, counter + 1, taken + 1
      fields[1], fields[2], raw[1] = string.format('%d', counter), payload, payload
    end
  elseif others == 0 then
    taken = taken + take_raw(list, want)
  elseif not s[12] and others == redis.call('EXISTS', next) then
    taken = taken + take_raw(next, want)
    taken = taken + take_raw(list, want - n)
  else
    local function give(id, payload, tried)
      n, room = n + 1, room - #payload
      fields[2 * n - 1], fields[2 * n] = id, payload
      local at = #aside
      aside[at + 1], aside[at + 2], aside[at + 3] = id, payload, tried
    end

    local function give_stored(id, payload)
      redis.call('HDEL', payloads, id)
      give(id, payload, redis.call('HGET', tries, id) or '')
    end

    -- One envelope: "after TAB id LF payload".
    local function give_marked(source, envelope)
      redis.call('LPOP', source)
      local id, payload = string.match(envelope, '^%d*\t([^\n]*)\n(.*)$')
      give(id, payload, '')
    end

    local function give_all_marked(source)
      while n < want and room > 0 do
        local envelope = redis.call('LINDEX', source, 0)
        if not envelope or (n > 0 and #envelope > room) then
          break
        end
        give_marked(source, envelope)
      end
    end

    local finished = false
    if redis.call('EXISTS', lost_twice) == 1 then
      if held == count then
        local id = redis.call('LPOP', lost_twice)
        give_stored(id, redis.call('HGET', payloads, id))
        finished = true
      else
        alone = 1
      end
    end
    if not finished then
      local id = redis.call('LPOP', lost_once)
      if id then
        give_stored(id, redis.call('HGET', payloads, id))
        finished = true
      end
    end
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
    if not finished and n < want and room > 0 then
      local due = redis.call('ZRANGEBYSCORE', delayed, '-inf', now_ms, 'LIMIT', 0, want - n)
      for _, id in ipairs(due) do
        local payload = redis.call('HGET', payloads, id)
        local losses = tonumber(string.match(redis.call('HGET', tries, id) or '0 0 0', ' (%d+) '))
        if n > 0 and #payload > room then
          finished = true
          break
        end
        redis.call('ZREM', delayed, id)
        if losses == 0 then
          give_stored(id, payload)
        elseif n == 0 and (losses == 1 or held == count) then
          give_stored(id, payload)
          finished = true
          break
        elseif losses == 1 then
          redis.call('RPUSH', lost_once, id)
        else
          redis.call('RPUSH', lost_twice, id)
        end
      end
    end
    if not finished then
      give_all_marked(high)
      finished = redis.call('EXISTS', high) == 1
    end
    if not finished then
      -- Raw and marked items of normal priority, in the order in which they were pushed: a marked
      -- one knows how many raw ones had been pushed before it.
      while n < want and room > 0 do
        local envelope = redis.call('LINDEX', numbered, 0)
        local most = want - n
        if envelope then
          if n > 0 and #envelope > room then
            break
          end
          most = math.min(most, tonumber(string.match(envelope, '^(%d*)\t')) - taken)
        end
        local got = 0
        if most > 0 then
          got = take_raw(next, most, true)
          got = got + take_raw(list, most - got, true)
          taken = taken + got
        end
        if got < most or most <= 0 then
          if envelope and n < want and (room > #envelope or n == 0) then
            give_marked(numbered, envelope)
          else
            break
          end
        end
      end
      if redis.call('EXISTS', list, next, numbered) == 0 then
        give_all_marked(low)
      end
    end
    left = redis.call('LLEN', returned) + redis.call('LLEN', high) + redis.call('LLEN', numbered)
      + redis.call('LLEN', low)
  end

  if n > 0 then
    redis.call('HSET', record, unpack(fields))
    leased = leased + n
    token = string.format('%.0f', math.max(tonumber(prev) + 1, now_us))
  end
end

-- Only what has changed: in a batch of one most stays as it is.
if n + count > 0 then
  local f, changed = string.format, {}
  if n > 0 then
    changed = {'token', token, 'counter', f('%d', counter), 'taken', f('%d', taken)}
  end
  if n ~= count then
    changed[#changed + 1], changed[#changed + 2] = 'leased', f('%d', leased)
  end
  if count > 0 then
    changed[#changed + 1], changed[#changed + 2] = 'done', f('%d', done)
  end
  if resultbytes ~= '' then
    local at = #changed
    changed[at + 1], changed[at + 2] = 'seq', f('%d', seq)
    changed[at + 3], changed[at + 4] = 'resbytes', f('%d', resbytes)
  end
  if #changed > 0 then
    redis.call('HSET', state, unpack(changed))
  end
end
if n == 0 and want > 0 then
  if s[11] then
    return {'ENDED', prev}
  elseif s[2] then
    return {'PAUSED', prev, s[2]}
  elseif full then
    return {'RESULTS_FULL', prev, resbytes, tonumber(s[10])}
  end
end
return {'OK', prev, token, first, raw, aside, left + redis.call('LLEN', list), alone, seq, unlisted}
