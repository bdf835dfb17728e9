-- leave: a session ends. With early: only if the rest is in good hands.
-- Promise: a session that holds something does not leave (release first). Early, in this one read:
-- nothing waiting or delayed, no producer, and what is leased is held by live sessions of ours that
-- are not leaving themselves.
-- KEYS: state sessions record reports leaving @waiting dead producers wakeups processing?
-- ARGV: now session early
-- Returns: OK | STAY
-- include: clock
-- include: wake
-- include: counts
if redis.call('HLEN', record) > 1 then
  return {'STAY'}
end
if early == '1' then
  local waiting, leased, later, _, external = count_parts(processing)
  if waiting + later + external > 0 or leased == 0
    or redis.call('ZCARD', producers) > 0
    or redis.call('SCARD', leaving) > 0
    or redis.call('ZCOUNT', sessions, '-inf', now_ms) > 0 then
    return {'STAY'}
  end
end
redis.call('ZREM', sessions, session)
redis.call('DEL', record)
redis.call('HDEL', reports, session)
redis.call('SREM', leaving, session)
wake_one()
return {'OK'}
