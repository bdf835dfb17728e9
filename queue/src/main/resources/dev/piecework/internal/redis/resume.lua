-- resume: leasing goes on.
-- KEYS: state wakeups
-- ARGV:
-- Returns: OK was
-- include: wake
local was = redis.call('HDEL', state, 'paused')
wake_one()
return {'OK', was}
