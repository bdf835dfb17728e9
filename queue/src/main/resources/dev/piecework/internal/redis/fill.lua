-- fill: a producer's next chunk of plain items: normal priority, no id, at once.
-- Promise: items, offset and digest change together. Refused as a whole when Redis is full.
-- KEYS: state list producers sources incomplete fingerprints
-- ARGV: now run source offset digest new_fingerprints ...payloads
-- Returns: OK offset token | RUN_CHANGED run | UNKNOWN | OFFSET offset digest
-- include: clock
-- include: chunk
local refusal, added, skipped, owner = source_at(run, offset)
if refusal then
  return refusal
end
for i = rest, #ARGV, 4000 do
  redis.call('RPUSH', list, unpack(ARGV, i, math.min(i + 3999, #ARGV)))
end
local n = #ARGV - rest + 1
redis.call('HINCRBY', state, 'entered', n)
source_moves(tonumber(offset) + n, digest, added + n, skipped, owner)
return {'OK', tonumber(offset) + n, redis.call('HGET', state, 'token') or '0'}
