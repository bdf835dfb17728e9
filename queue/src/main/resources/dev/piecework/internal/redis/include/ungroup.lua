-- The item is dead no more: its failure group has one dead less, if it is of this run.
local function ungroup(id)
  local group, of = string.match(redis.call('HGET', grouped, id) or '', '^(%d+) (.*)$')
  if group then
    redis.call('HDEL', grouped, id)
    if of == string.match(journal, '[^:]*$') then
      redis.call('HINCRBY', journal, 'd:' .. group, -1)
    end
  end
end
