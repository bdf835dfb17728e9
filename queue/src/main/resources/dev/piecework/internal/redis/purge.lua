-- purge: removes everything; only that the run was purged is remembered, for its workers.
-- Promise: all at once. The records of all sessions are given, the fingerprints of all sources, and what is
-- kept of the last runs; if a session joined meanwhile nothing is done. A call that is made again, since its
-- reply was lost, is found among the last runs, if there was one, and answers the same.
-- KEYS: state @waiting sessions results history journal points slowest sample grouped payloads tries evidence dead producers incomplete sources ids pace reports leaving stops leases wakeups followup runs ...records
-- ARGV: now run call ...sessions
-- Returns: OK removed | AGAIN
-- include: clock
-- include: counts
for _, line in ipairs(redis.call('LRANGE', runs, 0, 19)) do
  local before = string.match(line, ' (%d+) ' .. call .. '$')
  if before then
    return {'OK', tonumber(before)}
  end
end
local run_now = redis.call('HGET', state, 'run') or ''
if run_now ~= run or redis.call('ZCARD', sessions) ~= #ARGV - rest + 1 then
  return {'AGAIN'}
end
for i = rest, #ARGV do
  if not redis.call('ZSCORE', sessions, ARGV[i]) then
    return {'AGAIN'}
  end
end
local waiting, leased, later, gone = count_parts(nil)
local done = tonumber(redis.call('HGET', state, 'done') or 0)
local removed = waiting + leased + later + gone + done
for i = 1, #KEYS do
  if KEYS[i] ~= runs then
    redis.call('UNLINK', KEYS[i])
  end
end
if run ~= '' then
  redis.call('LPUSH', runs, string.format('%s purged %.0f %.0f %.0f %.0f %s', run, done, gone, now_ms, removed, call))
  redis.call('LTRIM', runs, 0, 99)
  redis.call('EXPIRE', runs, 604800)
end
return {'OK', removed}
