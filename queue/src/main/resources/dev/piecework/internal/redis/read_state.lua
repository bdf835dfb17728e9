-- read_state: the state of the whole queue; all parts at the same instant.
-- Promise: drained is said, and written down as the end of the run, only when nothing is waiting,
-- leased or delayed and no producer is open or vanished. A client that works for a run which is
-- neither current nor among the last 100 that ended is told that it is lost. The results of a run
-- that ends expire: a client that gave the keys of another run is told to ask again (OTHER_RUN). A run
-- that was given up before it held anything is nobody's loss: its clients work for the next
-- (FORGOTTEN). What was filled and is nowhere was lost by Redis, or taken by programs that are not ours:
-- where those cannot be, and where an audit missed it, such a run is lost and not drained.
-- KEYS: state @waiting dead producers incomplete runs sessions results history wakeups processing?
-- ARGV: now run
-- Returns: word detail waiting leased delayed done dead external nextdue nextexpiry token sessions run missing withdrawn. The word: READY | WAIT | PAUSED | FULL | UNBEGUN | NEVER | DRAINED | INCOMPLETE | LOST | OTHER_RUN | FORGOTTEN
-- include: clock
-- include: wake
-- include: counts
local s = redis.call('HMGET', state, 'run', 'ended', 'paused', 'done', 'token', 'resbytes',
  'results-max', 'retention', 'entered', 'missed', 'withdrawn')
local waiting, leased, later, gone, external = count_parts(processing)
local missed = tonumber(s[10] or 0)
local missing = math.max(missed,
  tonumber(s[9] or 0) - (waiting + leased + later + gone + tonumber(s[4] or 0)))
local open = redis.call('ZCARD', producers)
local nextdue = later > 0 and redis.call('ZRANGE', delayed, 0, 0, 'WITHSCORES')[2]
local nextexpiry = redis.call('ZRANGE', sessions, 0, 0, 'WITHSCORES')[2]

local function answer(word, detail, of_run, done, dead_then, dropped)
  return {word, detail, waiting, leased, later, done or tonumber(s[4] or 0), dead_then or gone,
    external, nextdue and tonumber(nextdue) - now_ms or -1,
    nextexpiry and tonumber(nextexpiry) - now_ms or -1, s[5] or '0',
    redis.call('ZCARD', sessions), of_run or s[1] or '', of_run and 0 or missing,
    of_run and (dropped or 0) or tonumber(s[11] or 0)}
end

if run ~= '' and run ~= s[1] then
  for _, line in ipairs(redis.call('LRANGE', runs, 0, 99)) do
    local id, how, done, dead_then, dropped = string.match(line, '^(%S+) (%S+) (%d+) (%d+) %d+ ?(%d*)')
    if id == run then
      if how == 'drained' then
        return answer('DRAINED', how, id, tonumber(done), tonumber(dead_then),
          tonumber(dropped) or 0)
      end
      if how == 'empty' then
        return answer('FORGOTTEN', '')
      end
      return answer('LOST', how, id)
    end
  end
  return answer('LOST', 'unknown')
end
if not s[1] then
  if waiting + later + open > 0 then
    return answer('UNBEGUN', '')
  elseif redis.call('LLEN', runs) > 0 then
    return answer('NEVER', 'purged')
  end
  return answer('NEVER', '')
end
if s[2] then
  if run == '' and waiting + leased + later + open > 0 then
    return answer('UNBEGUN', '')
  end
  return answer('DRAINED', 'drained')
end
if waiting + leased + later + open == 0 then
  local vanished = redis.call('HKEYS', incomplete)
  if #vanished > 0 then
    return answer('INCOMPLETE', vanished)
  end
  if missed > 0 or (missing > 0 and not processing) then
    return answer('LOST', 'missing')
  end
  if string.sub(results, -#s[1]) ~= s[1] then
    return answer('OTHER_RUN', s[1])
  end
  redis.call('HDEL', state, '-') -- a first write that is never refused
  redis.call('HSET', state, 'ended', now_ms)
  redis.call('LPUSH', runs, string.format('%s drained %.0f %.0f %.0f %.0f', s[1],
    tonumber(s[4] or 0), gone, now_ms, tonumber(s[11] or 0)))
  redis.call('LTRIM', runs, 0, 99)
  if tonumber(s[8] or 0) > 0 then
    redis.call('PEXPIRE', results, s[8])
    redis.call('PEXPIRE', history, s[8])
  end
  wake_one()
  return answer('DRAINED', 'drained')
end
if s[3] then
  return answer('PAUSED', s[3])
end
if tonumber(s[6] or 0) >= tonumber(s[7] or 1e15) then
  return answer('FULL', {tonumber(s[6]), tonumber(s[7])})
end
if waiting > 0 or (nextdue and tonumber(nextdue) <= now_ms) then
  return answer('READY', '')
end
return answer('WAIT', redis.call('ZRANGE', producers, 0, 9))
