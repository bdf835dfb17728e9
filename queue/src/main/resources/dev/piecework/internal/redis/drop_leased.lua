-- drop_leased: one item that a session holds out of the queue; a person's doing.
-- Promise: the lease is lost at once: whatever its holder says of it is refused. The holder is told with
-- its next heartbeat (stops), so that it need not go on. What another session holds too is still in the
-- queue (HELD), until it is dropped there too. A call that is made again, since its reply was lost,
-- answers the same: the last 20 calls are known.
-- KEYS: state sessions record stops tries evidence wakeups leases
-- ARGV: session id call
-- Returns: OK | HELD | GONE
-- include: wake
-- include: calls
-- include: copies
if answer_before() then
  return {'OK'}
end
-- The record's empty field says that the session is there.
if id == '' or not redis.call('ZSCORE', sessions, session) or redis.call('HEXISTS', record, id) == 0 then
  return {'GONE'}
end
local function stop()
  local number = redis.call('HINCRBY', state, 'stopped', 1)
  redis.call('HSET', stops, session,
    (redis.call('HGET', stops, session) or '') .. number .. '\t'
    .. (redis.call('HGET', state, 'token') or '0') .. '\t' .. id .. '\n')
  redis.call('EXPIRE', stops, 604800)
end
read_copies(redis.call('HGET', state, 'copies'))
if leave_to_other(id, leases) then
  write_copies()
  stop()
  return {'HELD'}
end
redis.call('HDEL', record, id)
redis.call('HDEL', leases, id)
remember_answer('leased')
redis.call('HDEL', tries, id)
redis.call('HDEL', evidence, id)
redis.call('HINCRBY', state, 'leased', -1)
redis.call('HINCRBY', state, 'entered', -1)
redis.call('HINCRBY', state, 'withdrawn', 1)
stop()
wake_one() -- it may have been the last
return {'OK'}
