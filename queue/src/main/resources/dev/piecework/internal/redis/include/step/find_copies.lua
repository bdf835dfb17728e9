-- Which of the leases that end here another session holds too. Its record has to be among the keys, for
-- the lease there is lost in the same step: overtaken, and told as what persons have dropped.
-- Sets: overtake
read_copies(copying)
local beside, others, missing = {}, {}, {}
for i = more, #KEYS do
  beside[KEYS[i]] = true
end
for i = rest, rest + count - 1 do
  local other = other_holder(ARGV[i])
  if other then
    local theirs = string.sub(record, 1, -#session - 1) .. other
    others[#others + 1] = {ARGV[i], other, theirs}
    if not beside[theirs] then
      missing[#missing + 1] = other
    end
  end
end
if #missing > 0 then
  return {'COPIED', prev, missing}
end
overtake = function()
  local stops = KEYS[more + 1]
  for _, one in ipairs(others) do
    local id, other = one[1], one[2]
    redis.call('HDEL', one[3], id)
    local number = redis.call('HINCRBY', state, 'stopped', 1)
    redis.call('HSET', stops, other, (redis.call('HGET', stops, other) or '') .. number .. '\t'
      .. prev .. '\t' .. id .. '\tovertaken\n')
    redis.call('EXPIRE', stops, 604800)
    if copies[id][2] == session then
      redis.call('HINCRBY', state, 'copies-won', 1)
    end
    forget_copy(id)
  end
  write_copies()
end
