-- beat: a session's heartbeat.
-- Promise: never brings a reaped session back. Goes on when Redis is full. Says what the session is
-- working on, writes what it tells into the journal, and takes a sample of the pace. Answers in how many ms somebody may have
-- expired, so that nobody need ask before; the lease timeout that holds from now on; how often settings
-- were changed; and which of its leases persons have dropped, a line "number TAB token TAB id" for each,
-- until it says that it was told of that number.
-- KEYS: state sessions reports pace dead producers stops journal points slowest sample
-- ARGV: now session report told name busy slots useful retried ended times slow dice ...sampled
-- Returns: OK token nextexpiry timeout changes dropped | SESSION_LOST token
-- include: clock
-- include: grace
-- include: deadlines
-- include: workers
-- include: journal
local score = redis.call('ZSCORE', sessions, session)
if not score or tonumber(score) <= 0 then
  return {'SESSION_LOST', redis.call('HGET', state, 'token') or '0'}
end
redis.call('ZREM', sessions, session)
local grace, timeout, s = observe_silence(true)
redis.call('ZADD', sessions, now_ms + timeout, session)
redis.call('HSET', reports, session, report)
write_journal(s[14], s[15], s[7], s[16], s[17], false)
local latest = redis.call('LINDEX', pace, -1)
if not latest or now_ms - tonumber(string.match(latest, '^%d+')) >= 2000 then
  local finished = tonumber(s[7] or 0) + redis.call('ZCARD', dead)
  redis.call('RPUSH', pace, string.format('%.0f %.0f', now_ms, finished))
  redis.call('LTRIM', pace, -31, -1)
end
local dropped = s[13] and redis.call('HGET', stops, session) or ''
if dropped ~= '' and tonumber(string.match(dropped, '(%d+)\t%d+\t[^\n]*\n$')) <= tonumber(told) then
  redis.call('HDEL', stops, session)
  dropped = ''
end
return {'OK', s[6] or '0', next_deadline(grace, tonumber(s[5] or 300000)), timeout,
  tonumber(s[8] or 0), dropped}
