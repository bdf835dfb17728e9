-- note: keeps a short text with the run, beside its journal and as long as that.
-- Promise: of the run that is there, over or not; the last text under a name stays, 16 names at most.
-- KEYS: state journal
-- ARGV: name text
-- Returns: OK | NO_RUN | OTHER_RUN run | FULL
local s = redis.call('HMGET', state, 'run', 'ended', 'retention')
local run = s[1]
if not run then
  return {'NO_RUN'}
end
if string.sub(journal, -#run) ~= run then
  return {'OTHER_RUN', run}
end
local names = redis.call('HGET', journal, 'notes') or ''
if not string.find(names, ' ' .. name .. ' ', 1, true) then
  local _, many = string.gsub(names, '%S+', '')
  if many >= 16 then
    return {'FULL'}
  end
  redis.call('HSET', journal, 'notes', names .. ' ' .. name .. ' ')
end
redis.call('HSET', journal, 'n:' .. name, text)
if s[2] and tonumber(s[3] or 0) > 0 then
  redis.call('PEXPIRE', journal, s[3])
end
return {'OK'}
