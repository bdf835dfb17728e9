-- requeue: dead items back to waiting, with fresh budgets; a person's doing.
-- Promise: changes only what is dead; an ended run is open again, and its results no longer expire: a
-- client that gave the keys of another run is told to ask again (OTHER_RUN). Evidence is kept.
-- A call that is made again, since its reply was lost, moves nothing more and answers the same: the last
-- 20 calls are known.
-- KEYS: state dead tries returned wakeups results history
-- ARGV: call ...ids
-- Returns: OK moved | OTHER_RUN run
-- include: wake
-- include: calls
local run = redis.call('HGET', state, 'run') or ''
if run ~= '' and string.sub(results, -#run) ~= run then
  return {'OTHER_RUN', run}
end
local before = answer_before()
if before then
  return {'OK', tonumber(before)}
end
local moved = 0
for i = rest, #ARGV do
  if redis.call('ZREM', dead, ARGV[i]) == 1 then
    redis.call('HDEL', tries, ARGV[i])
    redis.call('RPUSH', returned, ARGV[i])
    moved = moved + 1
  end
end
if moved > 0 then
  remember_answer(moved)
  redis.call('HDEL', state, 'ended')
  redis.call('PERSIST', results)
  redis.call('PERSIST', history)
  wake_one()
end
return {'OK', moved}
