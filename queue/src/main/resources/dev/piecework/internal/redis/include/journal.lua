-- The journal of the run: what a session tells of its attempts since it last told, and now and then
-- where the run stands. All of it is bounded: 200 workers, the 100 slowest, 2,000 attempts of which each
-- is about equally likely, 512 points, of which each second one goes when they are full.
local function add_times(field, head, all, factor)
  local sums, order, parts = {}, {}, {}
  local function add(text)
    for bucket, count in string.gmatch(text, '(%d+):(%d+)') do
      bucket = math.floor(bucket / factor) * factor
      if not sums[bucket] then
        order[#order + 1], sums[bucket] = bucket, 0
      end
      sums[bucket] = sums[bucket] + count
    end
  end
  add(all)
  add(times)
  for i, bucket in ipairs(order) do
    parts[i] = string.format('%d:%.0f', bucket, sums[bucket])
  end
  redis.call('HSET', journal, field, head .. ' ' .. table.concat(parts, ','))
end

local function keep_slowest(number)
  for ms, what in string.gmatch(slow, '(%d+)(\t%d+\t[^\n]+)') do
    redis.call('ZADD', slowest, ms, number .. what)
  end
  local many = redis.call('ZCARD', slowest)
  if many > 100 then
    redis.call('ZREMRANGEBYRANK', slowest, 0, many - 101)
  end
end

local function keep_sample(number, began)
  local total = redis.call('HINCRBY', journal, 'attempts', ended)
  local have, lines = redis.call('LLEN', sample), {}
  math.randomseed(tonumber(dice))
  -- So many of the sample are from these attempts, if it is a fair one; a part of one by chance.
  local fair = math.min(math.floor(2000 * ended / total + math.random()), 100)
  for i = rest, #ARGV do
    local started, what = string.match(ARGV[i], '^(%d+)(.*)$')
    local line = string.format('%d %.0f', number, started - began) .. what
    if have + #lines < 2000 then
      lines[#lines + 1] = line
    elseif fair > 0 then
      fair = fair - 1
      redis.call('LSET', sample, math.random(0, have - 1), line)
    end
  end
  if #lines > 0 then
    redis.call('RPUSH', sample, unpack(lines))
  end
end

-- Not nearer to the last point than they are apart now, but for the last one of all.
local function keep_point(done, final)
  local j = redis.call('HMGET', journal, 'width', 'failed', 'lost', 'busy', 'slots')
  local width, last = tonumber(j[1] or 1000), redis.call('LINDEX', points, -1)
  if last and now_ms - tonumber(string.match(last, '^%d+')) < width then
    if not final then
      return
    end
    redis.call('LTRIM', points, 0, -2) -- the last worker to leave has the last word
  end
  redis.call('RPUSH', points, string.format('%.0f %s %d %s %s %s %s', now_ms, done or '0',
    redis.call('ZCARD', dead), j[2] or '0', j[3] or '0', j[4] or '0', j[5] or '0'))
  if redis.call('LLEN', points) > 512 then
    local all, half = redis.call('LRANGE', points, 0, -1), {}
    for i = #all % 2 == 0 and 2 or 1, #all, 2 do
      half[#half + 1] = all[i]
    end
    redis.call('DEL', points)
    redis.call('RPUSH', points, unpack(half))
    redis.call('HSET', journal, 'width', width * 2)
  end
end

local function write_journal(run, begun, done, over, retention, final)
  local own = run and string.sub(journal, -#run) == run
  local silent = busy == '0' and ended == '0'
  if silent and (over or not own) or not own and redis.call('EXISTS', journal) == 0 then
    return -- nothing to tell of a run that goes on; or of none, or of one that is forgotten
  end
  redis.call('HINCRBY', journal, 'slots', slots)
  redis.call('HINCRBY', journal, 'busy', busy)
  if ended ~= '0' then
    redis.call('HINCRBY', journal, 'useful', useful)
    redis.call('HINCRBY', journal, 'retried', retried)
    for bucket, count in string.gmatch(times, '(%d+):(%d+)') do
      redis.call('HINCRBY', journal, 't:' .. bucket, count)
    end
    local number, field, all = number_of_worker(name)
    add_times(field, number, all, 4)
    keep_slowest(number)
    if own then
      redis.call('HSETNX', journal, 'begun', begun)
    end
    keep_sample(number, tonumber(redis.call('HGET', journal, 'begun') or now_ms))
  end
  if own and (final or not over) then
    keep_point(done, final)
  end
  -- What comes after the end of the run goes with the rest of it.
  if (over or not own) and tonumber(retention or 0) > 0 then
    for _, key in ipairs({journal, points, slowest, sample}) do
      redis.call('PEXPIRE', key, retention)
    end
  end
end
