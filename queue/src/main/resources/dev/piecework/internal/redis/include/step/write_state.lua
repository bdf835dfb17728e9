-- Writes only what has changed: in a batch of one most stays as it is.
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
