-- Leases items that have an id already, from wherever they are.
-- Sets: n room
local function give(id, payload, tried)
  n, room = n + 1, room - #payload
  fields[2 * n - 1], fields[2 * n] = id, payload
  local at = #aside
  aside[at + 1], aside[at + 2], aside[at + 3] = id, payload, tried
end

local function give_stored(id, payload)
  redis.call('HDEL', payloads, id)
  give(id, payload, redis.call('HGET', tries, id) or '')
end

-- One envelope: "after TAB id LF payload".
local function give_marked(source, envelope)
  redis.call('LPOP', source)
  local id, payload = string.match(envelope, '^%d*\t([^\n]*)\n(.*)$')
  give(id, payload, '')
end

local function give_all_marked(source)
  while n < want and room > 0 do
    local envelope = redis.call('LINDEX', source, 0)
    if not envelope or (n > 0 and #envelope > room) then
      break
    end
    give_marked(source, envelope)
  end
end
