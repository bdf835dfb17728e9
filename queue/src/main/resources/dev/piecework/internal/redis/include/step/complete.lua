-- Ends `count` leases as done, with their results. Where not all of them are held those that are end
-- too, without a result, and the answer is REFUSED.
-- Sets: leased done seq resbytes resultbytes unlisted
local last = rest + count - 1
local stored = false
local may_skip = hollow == '1' and tonumber(results_dropped or 0) == 0
if may_skip and resultbytes ~= '' and resbytes + tonumber(resultbytes) > results_max then
  resultbytes, unlisted = '', count
end
if resultbytes ~= '' then
  -- The first write: refused when Redis is full. Then only what takes no more room than the
  -- leases that end here is stored, after they are gone.
  local pushed = redis.pcall('RPUSH', results, unpack(ARGV, last + 1, last + count))
  if type(pushed) == 'table' and pushed.err then
    if not string.find(pushed.err, 'OOM', 1, true) then
      return pushed
    end
    local freed = 0
    for i = rest, last do
      freed = freed + redis.call('HSTRLEN', record, ARGV[i]) + 128
    end
    if may_skip then
      resultbytes, unlisted = '', count
    elseif tonumber(resultbytes) > freed then
      return pushed
    end
  else
    stored = true
  end
end
local removed = redis.call('HDEL', record, unpack(ARGV, rest, last))
if overtake then
  overtake()
end
if KEYS[more] then
  redis.call('HDEL', KEYS[more], unpack(ARGV, rest, last))
end
if removed < count then
  if stored then
    redis.call('LTRIM', results, 0, -count - 1)
  end
  if removed > 0 then
    redis.call('HSET', state, 'leased', leased - removed, 'done', done + removed)
  end
  return {'REFUSED', prev, removed}
end
if resultbytes ~= '' then
  if not stored then
    redis.call('RPUSH', results, unpack(ARGV, last + 1, last + count))
  end
  resbytes = resbytes + tonumber(resultbytes)
  seq = seq + count
end
if cameback == '1' then
  redis.call('HDEL', tries, unpack(ARGV, rest, last))
  redis.call('HDEL', evidence, unpack(ARGV, rest, last))
end
leased, done = leased - count, done + count
