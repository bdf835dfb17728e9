-- produce: a producer opens its source, for the first time or again.
-- Promise: starts the run if none is under way. A source has one live producer. A source that broke
-- off is continued where it stopped; one that was closed is only compared (it adds nothing), or with
-- onlybroken set aside: the fill goes on under the next free name SOURCE#2, #3, ... Without a run's
-- id no run is started: what is filled belongs to the one that is there, also if it has ended. Its results no
-- longer expire: a client that gave the keys of another run is told to ask again (OTHER_RUN).
-- KEYS: state producers sources incomplete returned lost_once lost_twice delayed high numbered low dead ids pace results history
-- ARGV: now source run who onlybroken takeover ...alive
-- Returns: OK run source offset digest added skipped token before timeout changes | BUSY source who | OTHER_RUN run | NO_RUN
-- include: clock
-- include: grace
-- include: begin
local current
if run ~= '' then
  current = begin_run(run)
else
  current = redis.call('HGET', state, 'run')
  if not current then
    return {'NO_RUN'}
  end
  if string.sub(results, -#current) ~= current then
    return {'OTHER_RUN', current}
  end
  redis.call('HDEL', state, 'ended')
  redis.call('PERSIST', results)
  redis.call('PERSIST', history)
end
local alive = {}
for i = rest, #ARGV do
  alive[ARGV[i]] = true
end
local name, number = source, 1
local offset, digest, added, skipped
local before = 'new' -- how the source was found: new, open, held or closed
while not offset do
  local known = redis.call('HGET', sources, name)
  if not known then
    offset, digest, added, skipped = 0, '', 0, 0
  else
    local how, at, hash, new, left, owner =
      string.match(known, '^(%a+)\t(%d+)\t(%x*)\t(%d+)\t(%d+)\t(.*)$')
    before = how
    local deadline = tonumber(redis.call('ZSCORE', producers, name) or 0)
    if how == 'open' and deadline > now_ms and name ~= takeover and not alive[name] then
      return {'BUSY', name, owner}
    elseif how == 'held' then
      offset, digest, added, skipped = 0, '', new, left
    elseif onlybroken == '1' and (how == 'closed' or alive[name]) then
      number = number + 1
      name = source .. '#' .. number
      before = 'new'
    else
      offset, digest, added, skipped = tonumber(at), hash, new, left
    end
  end
end
local _, timeout, s = observe_silence(true)
redis.call('HSET', sources, name,
  string.format('open\t%.0f\t%s\t%s\t%s\t%s', offset, digest, added, skipped, who))
redis.call('ZADD', producers, now_ms + timeout, name)
redis.call('HDEL', incomplete, name)
return {'OK', current, name, offset, digest, added, skipped,
  redis.call('HGET', state, 'token') or '0', before, timeout, tonumber(s[8] or 0)}
