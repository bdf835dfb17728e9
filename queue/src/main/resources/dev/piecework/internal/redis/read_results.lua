-- read_results: stored results after a sequence number, some 4 MiB at most.
-- Promise: those of the run before are read as well, so that who reads them while the next run begins has all.
-- KEYS: state results
-- ARGV: run after most
-- Returns: OK first entries last | RUN_CHANGED run
local s = redis.call('HMGET', state, 'run', 'dropped', 'seq', 'before')
if (s[1] or '') ~= run then
  local earlier, its_dropped, its_seq = string.match(s[4] or '', '^(%S+) (%d+) (%d+)$')
  if earlier ~= run then
    return {'RUN_CHANGED', s[1] or ''}
  end
  s[2], s[3] = its_dropped, its_seq
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
