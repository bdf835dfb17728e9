-- Leases raw payloads, which get their ids now, in slices so that large ones are not all read to be put
-- back. Where they come among items with ids (mixed) they keep their place among them.
-- Sets: n room counter
local function take_raw(source, most, mixed)
  local slice, got = 8, 0
  while got < most and room > 0 do
    local asked = math.min(slice, most - got)
    local part = redis.call('LPOP', source, asked)
    if not part then
      break
    end
    for i = 1, #part do
      local payload = part[i]
      room = room - #payload
      if room < 0 and n > 0 then
        local back = {}
        for j = #part, i, -1 do
          back[#back + 1] = part[j]
        end
        redis.call('LPUSH', source, unpack(back))
        return got
      end
      n, got, counter = n + 1, got + 1, counter + 1
      while numbers and redis.call('SISMEMBER', ids, counter) == 1 do
        counter = counter + 1 -- a producer gave this number as an id
      end
      -- Redis would write the number with 17 digits of precision, which takes three times as long.
      fields[2 * n - 1], fields[2 * n] = string.format('%d', counter), payload
      if mixed then
        local at = #aside
        aside[at + 1], aside[at + 2], aside[at + 3] = counter, payload, ''
      else
        raw[n] = payload
      end
    end
    if #part < asked then
      break
    end
    slice = 128
  end
  return got
end
