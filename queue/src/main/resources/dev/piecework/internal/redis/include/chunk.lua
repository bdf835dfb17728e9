-- A chunk is accepted only where the source stopped, so it is never added twice.
local function source_at(expected_run, expected_offset)
  if redis.call('HGET', state, 'run') ~= expected_run then
    return {'RUN_CHANGED', redis.call('HGET', state, 'run') or ''}
  end
  local known = redis.call('HGET', sources, source)
  if not known then
    return {'UNKNOWN'}
  end
  local at, hash, new, left, owner =
    string.match(known, '^%a+\t(%d+)\t(%x*)\t(%d+)\t(%d+)\t(.*)$')
  if at ~= expected_offset then
    return {'OFFSET', tonumber(at), hash}
  end
  return nil, tonumber(new), tonumber(left), owner
end

local function source_moves(to, hash, new, left, owner)
  redis.call('HSET', sources, source,
    string.format('open\t%.0f\t%s\t%.0f\t%.0f\t%s', to, hash, new, left, owner))
  if offset == '0' then
    redis.call('DEL', fingerprints) -- a held source begins anew with each input
  end
  if new_fingerprints ~= '' then -- a source that cannot be named again has none
    redis.call('APPEND', fingerprints, new_fingerprints)
    redis.call('EXPIRE', fingerprints, 604800)
  end
  -- Never nearer than its last heartbeat was told: it knows of no other lapse before the next.
  redis.call('ZADD', producers, 'GT',
    now_ms + tonumber(redis.call('HGET', state, 'lapse') or 15000), source)
  redis.call('HDEL', incomplete, source)
end
