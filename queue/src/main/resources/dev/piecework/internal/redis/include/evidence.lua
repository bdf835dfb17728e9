-- What stop-early=auto goes by: as long as nothing was done since the run began, or was resumed, its failed
-- attempts by cause, and of which items they were; the first 20 of either. Costs who has not set it nothing.
local function remember_failures(causes, ids, resumes)
  local head, counts, order, items = resumes .. ' ', {}, {}, {}
  local attempts, known = 0, redis.call('HGET', journal, 'failures') or ''
  if string.sub(known, 1, #head) == head then
    attempts = tonumber(string.match(known, '^%d+ (%d+)'))
    for kind, text in string.gmatch(known, '\n([ci])([^\n]*)') do
      if kind == 'i' then
        items[#items + 1], items[text] = text, true
      else
        local count, cause = string.match(text, '^(%d+) (.*)$')
        order[#order + 1], counts[cause] = cause, tonumber(count)
      end
    end
  end
  for i, cause in ipairs(causes) do
    if not counts[cause] and #order < 20 then
      order[#order + 1], counts[cause] = cause, 0
    end
    if counts[cause] then
      counts[cause] = counts[cause] + 1
    end
    if not items[ids[i]] and #items < 20 then
      items[#items + 1], items[ids[i]] = ids[i], true
    end
  end
  local lines = {head .. attempts + #causes}
  for _, cause in ipairs(order) do
    lines[#lines + 1] = 'c' .. counts[cause] .. ' ' .. cause
  end
  for _, id in ipairs(items) do
    lines[#lines + 1] = 'i' .. id
  end
  redis.call('HSET', journal, 'failures', table.concat(lines, '\n'))
end
