-- Failure groups: how many attempts failed of one cause, on which workers, and one example. The journal
-- knows 200 causes; all others are counted as cause 0. An example is at most 1 KiB, after the 10th 80 bytes.
local function count_failure(cause, id, who, text)
  local field = 'g:' .. cause
  local known = redis.call('HGET', journal, field)
  if not known and redis.call('HINCRBY', journal, 'groups', 1) > 200 then
    redis.call('HINCRBY', journal, 'groups', -1)
    field = 'g:'
    known = redis.call('HGET', journal, field)
  end
  local number, count, first, workers = string.match(known or '', '^(%d+) (%d+) (%d+) %d+ ?(.*)$')
  if not number then
    number = field == 'g:' and 0 or tonumber(redis.call('HGET', journal, 'groups'))
    count, first, workers = 0, string.format('%.0f', now_ms), ''
    redis.call('HSET', journal, 'e:' .. number, id .. '\t' .. string.sub(text, number <= 10 and -1024 or -80))
  end
  -- The five on which most failed, by their numbers; one that is new takes the place of the last.
  who = number_of_worker(who)
  local names, counts, at = {}, {}, nil
  for name, n in string.gmatch(workers, '(%d+):(%d+)') do
    names[#names + 1], counts[#names + 1] = name, tonumber(n)
    if name == who then
      at = #names
    end
  end
  if not at and #names < 5 then
    at = #names + 1
    names[at], counts[at] = who, 0
  elseif not at then
    at = 5
    names[at], counts[at] = who, 0
  end
  counts[at] = counts[at] + 1
  while at > 1 and counts[at] > counts[at - 1] do
    names[at], names[at - 1] = names[at - 1], names[at]
    counts[at], counts[at - 1] = counts[at - 1], counts[at]
    at = at - 1
  end
  for i, name in ipairs(names) do
    names[i] = name .. ':' .. counts[i]
  end
  redis.call('HSET', journal, field, string.format('%d %d %s %.0f %s', number, count + 1, first, now_ms,
    table.concat(names, ',')))
  redis.call('HINCRBY', journal, 'failed', 1)
  return number
end
