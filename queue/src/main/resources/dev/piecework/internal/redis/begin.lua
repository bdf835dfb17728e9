-- begin: starts a run, if there is something to run and no run is under way.
-- Promise: a run id is set once, by the first script that sees an item or a producer.
-- KEYS: state @waiting dead producers incomplete sources ids pace durations
-- ARGV: now run
-- Returns: OK run | NOTHING
-- include: clock
-- include: begin
redis.call('HDEL', state, '-') -- a first write that is never refused: what is there is worked on
if redis.call('EXISTS', list, next, returned, lost_once, lost_twice, delayed, high, numbered, low,
    producers) == 0 then
  return {'NOTHING'}
end
return {'OK', begin_run(run)}
