-- Of the run before this one: how many of its results are gone, and the number of the last. Nil of any
-- other run.
local function left_of(of_run)
  local earlier, gone, last = string.match(redis.call('HGET', state, 'before') or '', '^(%S+) (%d+) (%d+)$')
  if earlier == of_run then
    return tonumber(gone), tonumber(last)
  end
end
