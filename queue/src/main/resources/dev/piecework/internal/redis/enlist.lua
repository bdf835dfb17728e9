-- enlist: a session joins.
-- Promise: it is alive from now until its lease timeout. Goes on when Redis is full. The id is new with each
-- life of a session; joining twice under one is a reply that was lost.
-- KEYS: state sessions record
-- ARGV: now session registration
-- Returns: OK run token timeout changes
-- include: clock
-- include: grace
redis.call('ZREM', sessions, session) -- a first write that is never refused
local _, timeout = observe_silence(true)
redis.call('ZADD', sessions, now_ms + timeout, session)
redis.call('HSET', record, '', registration)
local s = redis.call('HMGET', state, 'run', 'token', 'changes')
return {'OK', s[1] or '', s[2] or '0', timeout, tonumber(s[3] or 0)}
