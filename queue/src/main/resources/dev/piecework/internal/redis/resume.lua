-- resume: leasing goes on.
-- KEYS: state bell
-- ARGV:
-- Returns: OK was
-- include: ring
local was = redis.call('HDEL', state, 'paused')
ring()
return {'OK', was}
