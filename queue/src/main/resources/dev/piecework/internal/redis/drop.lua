-- drop: dead items out of the queue, with their evidence; a person's doing.
-- Promise: changes only what is dead. A call that is made again, since its reply was lost, drops nothing
-- more and answers the same: the last 20 calls are known.
-- KEYS: state dead payloads tries evidence
-- ARGV: call ...ids
-- Returns: OK dropped
-- include: calls
local before = answer_before()
if before then
  return {'OK', tonumber(before)}
end
local dropped = 0
for i = rest, #ARGV do
  if redis.call('ZREM', dead, ARGV[i]) == 1 then
    redis.call('HDEL', payloads, ARGV[i])
    redis.call('HDEL', tries, ARGV[i])
    redis.call('HDEL', evidence, ARGV[i])
    dropped = dropped + 1
  end
end
if dropped > 0 then
  remember_answer(dropped)
  redis.call('HINCRBY', state, 'entered', -dropped)
  redis.call('HINCRBY', state, 'withdrawn', dropped)
end
return {'OK', dropped}
