-- High, normal, low: what never was leased.
-- Sets: finished taken
if not finished then
  give_all_marked(high)
  finished = redis.call('EXISTS', high) == 1
end
if not finished then
  -- Raw and marked items of normal priority, in the order in which they were pushed: a marked
  -- one knows how many raw ones had been pushed before it.
  while n < want and room > 0 do
    local envelope = redis.call('LINDEX', numbered, 0)
    local most = want - n
    if envelope then
      if n > 0 and #envelope > room then
        break
      end
      most = math.min(most, tonumber(string.match(envelope, '^(%d*)\t')) - taken)
    end
    local got = 0
    if most > 0 then
      got = take_raw(next, most, true)
      got = got + take_raw(list, most - got, true)
      taken = taken + got
    end
    if got < most or most <= 0 then
      if envelope and n < want and (room > #envelope or n == 0) then
        give_marked(numbered, envelope)
      else
        break
      end
    end
  end
  if redis.call('EXISTS', list, next, numbered) == 0 then
    give_all_marked(low)
  end
end
