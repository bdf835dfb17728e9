-- bury: no attempt will ever help: dead now.
-- Promise: only what the session holds is ended; payload and evidence are kept. What another session holds
-- too goes on there: nothing is counted. `leases` is given while the queue makes backup attempts. `done` is as
-- retry answers it.
-- KEYS: state sessions record payloads tries evidence dead history journal grouped ...leases
-- ARGV: now session ...id_entry_cause
-- Returns: OK prevtoken refused buried done | SESSION_LOST prevtoken
-- include: clock
-- include: tries
-- include: mark_dead
-- include: workers
-- include: groups
-- include: evidence
-- include: copies
local s = redis.call('HMGET', state, 'token', 'leased', 'keep', 'stop-early', 'done', 'done-before', 'resumes',
  'copies')
local prev = s[1] or '0'
local score = redis.call('ZSCORE', sessions, session)
if not score or tonumber(score) <= 0 then
  return {'SESSION_LOST', prev}
end
local refused, buried, causes, leases = {}, {}, {}, KEYS[more]
local done = math.max(tonumber(s[5] or 0) - tonumber(s[6] or 0), 0)
read_copies(s[8])
for i = rest, #ARGV, 3 do
  local id, entry = ARGV[i], ARGV[i + 1]
  local payload = redis.call('HGET', record, id)
  if not payload then
    refused[#refused + 1] = id
  elseif not leave_to_other(id, leases) then
    redis.call('HDEL', record, id)
    if leases then
      redis.call('HDEL', leases, id)
    end
    local failed, losses, notyet = tries_of(id)
    remember_tries(id, failed + 1, losses, notyet)
    remember_why(id, entry)
    local who, why = string.match(entry, '^%d+\t%d+\t([^\t]*)\t%a+\t(.*)$')
    if s[3] == 'history' then
      redis.call('RPUSH', history, id .. '\t' .. entry)
    end
    mark_dead(id, payload, count_failure(ARGV[i + 2], id, who, why))
    buried[#buried + 1], causes[#causes + 1] = id, ARGV[i + 2]
  end
end
write_copies()
if #buried > 0 and s[4] == 'auto' and done == 0 then
  remember_failures(causes, buried, s[7] or '0')
end
if #buried > 0 then
  redis.call('HSET', state, 'leased', tonumber(s[2] or 0) - #buried)
end
return {'OK', prev, refused, buried, done}
