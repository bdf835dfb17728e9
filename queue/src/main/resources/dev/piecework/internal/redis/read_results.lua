-- read_results: stored results after a sequence number, some 4 MiB at most.
-- Promise: those of the run before are read as well, so that who reads them while the next run begins has all.
-- KEYS: state results
-- ARGV: run after most
-- Returns: OK first entries last | RUN_CHANGED run
-- include: before
local s = redis.call('HMGET', state, 'run', 'dropped', 'seq')
if (s[1] or '') ~= run then
  s[2], s[3] = left_of(run)
  if not s[2] then
    return {'RUN_CHANGED', s[1] or ''}
  end
end
local dropped = tonumber(s[2] or 0)
local from = math.max(tonumber(after) - dropped, 0)
local entries, size, at = {}, 0, from
while #entries < tonumber(most) and size < 4194304 do
  local part = redis.call('LRANGE', results, at, at + math.min(31, tonumber(most) - #entries - 1))
  if #part == 0 then
    break
  end
  for _, entry in ipairs(part) do
    entries[#entries + 1] = entry
    size = size + #entry
  end
  at = at + #part
end
return {'OK', dropped + from + 1, entries, tonumber(s[3] or 0)}
