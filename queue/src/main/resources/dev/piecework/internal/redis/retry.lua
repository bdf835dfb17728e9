-- retry: attempts failed (kind retry), or something was not ready (kind notyet): again later.
-- Promise: only what the session holds is ended. An item whose attempts are used up is dead, with
-- its evidence. The back-off doubles with each failure and is spread over the whole of its step. An idle
-- worker is told, for it waits until what it knows to be due. What another session holds too goes on there:
-- nothing is counted. `leases` is given while the queue makes backup attempts. `done` is how many were done since
-- the run began, or was resumed: as long as there are any, stop-early=auto need not be asked for.
-- KEYS: state sessions record payloads tries evidence delayed dead history wakeups journal grouped ...leases
-- ARGV: now session kind ...id_after_jitter_entry_cause
-- Returns: OK prevtoken refused buried done | SESSION_LOST prevtoken
-- include: clock
-- include: tries
-- include: mark_dead
-- include: workers
-- include: groups
-- include: evidence
-- include: wake
-- include: copies
local s = redis.call('HMGET', state, 'token', 'attempts', 'backoff-min', 'backoff-max', 'leased',
  'keep', 'stop-early', 'done', 'done-before', 'resumes', 'copies')
local prev = s[1] or '0'
local score = redis.call('ZSCORE', sessions, session)
if not score or tonumber(score) <= 0 then
  return {'SESSION_LOST', prev}
end
local attempts, low, cap = tonumber(s[2]), tonumber(s[3]), tonumber(s[4])
local refused, buried, ended, leases = {}, {}, 0, KEYS[more]
local causes, failures = {}, {}
local done = math.max(tonumber(s[8] or 0) - tonumber(s[9] or 0), 0)
read_copies(s[11])
for i = rest, #ARGV, 5 do
  local id, after, jitter, entry = ARGV[i], ARGV[i + 1], tonumber(ARGV[i + 2]), ARGV[i + 3]
  local payload = redis.call('HGET', record, id)
  if not payload then
    refused[#refused + 1] = id
  elseif not leave_to_other(id, leases) then
    redis.call('HDEL', record, id)
    if leases then
      redis.call('HDEL', leases, id)
    end
    ended = ended + 1
    local failed, losses, notyet = tries_of(id)
    local step
    if kind == 'notyet' and notyet < 99 then
      notyet = notyet + 1
      step = notyet
    else
      failed = failed + 1
      step = failed
      causes[#causes + 1], failures[#failures + 1] = ARGV[i + 4], id
    end
    remember_tries(id, failed, losses, notyet)
    remember_why(id, entry)
    local who, why = string.match(entry, '^%d+\t%d+\t([^\t]*)\t%a+\t(.*)$')
    local group = count_failure(ARGV[i + 4], id, who, why)
    if s[6] == 'history' then
      redis.call('RPUSH', history, id .. '\t' .. entry)
    end
    if failed >= attempts then
      mark_dead(id, payload, group)
      buried[#buried + 1] = id
    else
      local wait
      if after ~= '' then
        wait = tonumber(after)
      else
        local top = math.min(cap, low * 2 ^ math.min(step - 1, 40))
        local bottom = step == 1 and 0 or math.min(top / 2, low * 2 ^ math.min(step - 2, 40))
        wait = math.floor(bottom + jitter * (top - bottom))
      end
      redis.call('HSET', payloads, id, payload)
      redis.call('ZADD', delayed, now_ms + wait, id)
    end
  end
end
write_copies()
if #causes > 0 and s[7] == 'auto' and done == 0 then
  remember_failures(causes, failures, s[10] or '0')
end
if ended > 0 then
  redis.call('HSET', state, 'leased', tonumber(s[5] or 0) - ended)
  wake_one()
end
return {'OK', prev, refused, buried, done}
