-- leave: a session ends. With early: only if the rest is in good hands.
-- Promise: a session that holds something does not leave (release first). Early, in this one read:
-- nothing waiting or delayed, no producer, and what is leased is held by live sessions of ours that
-- are not leaving themselves.
-- KEYS: state sessions record reports leaving @waiting dead producers wakeups journal points slowest sample processing?
-- ARGV: now session early name busy slots useful retried ended times slow dice ...sampled
-- Returns: OK | STAY
-- include: clock
-- include: wake
-- include: counts
-- include: workers
-- include: journal
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
local s = redis.call('HMGET', state, 'run', 'begun', 'done', 'ended', 'retention')
write_journal(s[1], s[2], s[3], s[4], s[5], true)
return {'OK'}
