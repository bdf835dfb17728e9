-- What is remembered of an item that came back: "failed losses notyet".
local function tries_of(id)
  local text = redis.call('HGET', tries, id)
  if not text then
    return 0, 0, 0
  end
  local failed, losses, notyet = string.match(text, '^(%d+) (%d+) (%d+)$')
  return tonumber(failed), tonumber(losses), tonumber(notyet)
end

local function remember_tries(id, failed, losses, notyet)
  redis.call('HSET', tries, id, failed .. ' ' .. losses .. ' ' .. notyet)
end

-- Evidence is a list of entries, each ended by RS (0x1e); the oldest go when it grows.
local function remember_why(id, entry)
  local all = (redis.call('HGET', evidence, id) or '') .. entry .. '\30'
  if #all > 65536 then
    all = string.sub(all, -65536)
    all = string.sub(all, (string.find(all, '\30', 1, true) or 0) + 1)
  end
  redis.call('HSET', evidence, id, all)
end
