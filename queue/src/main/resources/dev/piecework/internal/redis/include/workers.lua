-- The number of a worker in the run's journal, its field there, and what the field holds beside the
-- number; 0 stands for all workers after the 200th.
local function number_of_worker(worker)
  local field = 'w:' .. worker
  local known = redis.call('HGET', journal, field)
  if not known and worker ~= '' then
    local number = redis.call('HINCRBY', journal, 'workers', 1)
    if number <= 200 then
      known = number .. ' '
      redis.call('HSET', journal, field, known)
    else
      redis.call('HINCRBY', journal, 'workers', -1)
      field = 'w:'
      known = redis.call('HGET', journal, field)
    end
  end
  local number, all = string.match(known or '0 ', '^(%d+) (.*)$')
  return number, field, all
end
