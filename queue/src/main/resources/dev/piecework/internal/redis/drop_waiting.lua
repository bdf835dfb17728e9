-- drop_waiting: one item that waits or is delayed out of the queue, with its evidence; a person's doing.
-- Promise: changes only what is not leased, done or dead. By its id where it came back or is delayed; by
-- its whole envelope where it has one; by its payload where it has no id yet, and then the one that
-- would be leased first. What is pushed after that one moves up, among envelopes too. A call that is
-- made again, since its reply was lost, drops nothing more: the last 20 calls are known.
-- KEYS: state @waiting payloads tries evidence wakeups
-- ARGV: id envelope payload call
-- Returns: OK from | GONE
-- include: wake
-- include: calls
local from = answer_before()
if from then
  return {'OK', from}
end
if id ~= '' then
  if redis.call('ZREM', delayed, id) == 1 then
    from = 'delayed'
  elseif redis.call('LREM', returned, 1, id) + redis.call('LREM', lost_once, 1, id)
    + redis.call('LREM', lost_twice, 1, id) > 0 then
    from = 'waiting'
  end
  if from then
    redis.call('HDEL', payloads, id)
    redis.call('HDEL', tries, id)
    redis.call('HDEL', evidence, id)
  end
elseif envelope ~= '' then
  for _, key in ipairs({high, numbered, low}) do
    if not from and redis.call('LREM', key, 1, envelope) == 1 then
      from = 'waiting'
    end
  end
elseif redis.call('LREM', next, 1, payload) == 1 or redis.call('LREM', list, 1, payload) == 1 then
  from = 'waiting'
end
if not from then
  return {'GONE'}
end
remember_answer(from)
redis.call('HINCRBY', state, 'entered', -1)
redis.call('HINCRBY', state, 'withdrawn', 1)
wake_one() -- it may have been the last
return {'OK', from}
