-- pause: no more leasing; what is leased goes on.
-- Promise: the first reason stays.
-- KEYS: state
-- ARGV: reason
-- Returns: OK
redis.call('HDEL', state, '-') -- a first write that is never refused
redis.call('HSETNX', state, 'paused', reason)
return {'OK'}
