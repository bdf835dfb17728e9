-- take_follow_up: a worker asks to do what follows the end of a run.
-- Promise: one at a time has it, under a token that only grows, until it says how that ended or has not
-- renewed it in time; then the next who asks gets it. What is done is done for this end of this run: a run
-- that was opened again has another end when more of it is done. One that failed is had again only by who
-- knew of that failure (its token) when it came; whoever waited for it is told. A call that is made again,
-- since its reply was lost, has what it had.
-- KEYS: state followup
-- ARGV: now ended call who millis failed
-- Returns: OK fence tries | HELD who left | DONE | FAILED fence code | NOT_ENDED
-- include: clock
local s = redis.call('HMGET', state, 'run', 'ended', 'done', 'partitions')
if not s[4] and (not s[2] or s[1] .. ' ' .. (s[3] or '0') ~= ended) then
  return {'NOT_ENDED'} -- of a queue in partitions who asks has looked at all of them
end
local f = redis.call('HMGET', followup, 'ended', 'how', 'token', 'tries', 'who', 'until', 'code', 'call')
local same = f[1] == ended
local token, tries = tonumber(f[3] or 0), same and tonumber(f[4]) or 0
if same and f[2] == 'done' then
  return {'DONE'}
end
if same and f[2] == 'failed' and f[3] ~= failed then
  return {'FAILED', f[3], f[7]}
end
if same and f[2] == 'taken' and f[8] == call then
  tries = tries - 1
elseif same and f[2] == 'taken' and tonumber(f[6]) > now_ms then
  return {'HELD', f[5], tonumber(f[6]) - now_ms}
else
  token = math.max(token + 1, now_us)
end
redis.call('HSET', followup, 'ended', ended, 'how', 'taken', 'token', string.format('%.0f', token),
  'tries', tries + 1, 'who', who, 'until', now_ms + tonumber(millis), 'call', call)
return {'OK', string.format('%.0f', token), tries + 1}
