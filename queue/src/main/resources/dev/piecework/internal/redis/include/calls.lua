-- A call that is made again, since its reply was lost, changes nothing more and is answered as it was at
-- first: the last calls that changed something are known, some 20 of them.
local function answer_before()
  return string.match(redis.call('HGET', state, 'drops') or '', call .. ':(%w+)')
end

-- Call it after a first write that frees memory.
local function remember_answer(answer)
  local calls = call .. ':' .. answer .. ' ' .. (redis.call('HGET', state, 'drops') or '')
  redis.call('HSET', state, 'drops', string.match(string.sub(calls, 1, 500), '^.* '))
end
