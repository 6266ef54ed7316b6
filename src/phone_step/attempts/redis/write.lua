-- Replaces the entry of a step, and gives a message back that the sender refused.
--
-- KEYS: the step, the messages, the refused calls. ARGV: the entry as it was read, the new one or
-- nothing, its seconds, the message to give back or nothing, the same with the time of the refusal.
-- Returns 0 if the entry has changed, else 1.

local SIZE, KEPT = 20, 7202

if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then
  return 0
end
if ARGV[2] == '' then
  redis.call('DEL', KEYS[1])
else
  redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
end
if ARGV[4] ~= '' then
  local messages = redis.call('GET', KEYS[2]) or ''
  local at = messages:find(ARGV[4], 1, true)
  while at and (at - 1) % SIZE ~= 0 do
    at = messages:find(ARGV[4], at + 1, true)
  end
  if at then
    local others = messages:sub(1, at - 1) .. messages:sub(at + SIZE)
    redis.call('SET', KEYS[2], others, 'KEEPTTL')
  end
  redis.call('APPEND', KEYS[3], ARGV[5])
  redis.call('EXPIRE', KEYS[3], KEPT)
end
return 1
