-- What is leased now may be backed up: since when, by whom, under which token.
local leases, notes = KEYS[more], {}
for i = 1, n do
  notes[2 * i - 1] = fields[2 * i - 1]
  notes[2 * i] = session .. ' ' .. token .. ' ' .. string.format('%.0f', now_ms)
end
redis.call('HSET', leases, unpack(notes))
