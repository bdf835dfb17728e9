-- Items that two sessions hold, of which the first to complete wins: a line each in the state's field
-- copies, "original copy token ms id", the milliseconds being when the copy was made.
local copies, copies_changed = {}, false

local function read_copies(text)
  for original, copy, token, made, id in string.gmatch(text or '',
      '(%S+) (%S+) (%d+) (%d+) ([^\n]*)\n') do
    copies[id] = {original, copy, token, made}
  end
end

local function other_holder(id)
  local copy = copies[id]
  return copy and (copy[1] == session and copy[2] or copy[2] == session and copy[1]) or nil
end

local function forget_copy(id)
  copies[id], copies_changed = nil, true
end

local function write_copies()
  if copies_changed then
    local lines = {}
    for id, copy in pairs(copies) do
      lines[#lines + 1] = table.concat(copy, ' ') .. ' ' .. id .. '\n'
    end
    redis.call('HSET', state, 'copies', table.concat(lines))
  end
end

-- Ends what the session holds of an item that another holds too: nothing is counted, for the other goes on.
local function leave_to_other(id, leases)
  local other = other_holder(id)
  if not other then
    return false
  end
  redis.call('HDEL', record, id)
  if leases and other == copies[id][2] then
    redis.call('HSET', leases, id, other .. ' ' .. copies[id][3] .. ' ' .. copies[id][4])
  end
  forget_copy(id)
  return true
end
